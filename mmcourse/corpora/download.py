"""Fetch real data: ``python -m mmcourse.corpora.download flickr8k`` (or another: ``--help``).

Only what may be fetched without asking: Flickr8k, for research and teaching, from a release on GitHub that holds the
two archives which the corpus's authors once offered (their own server is gone); the Free Spoken Digit Dataset (CC BY-SA
4.0), version 1.0.10, from its authors' repository; and MNIST (CC BY-SA 3.0), from the mirror that PyTorch uses; DAQUAR
from its authors' server; MS-COCO (annotations CC BY 4.0) and VQA v2 (CC BY 4.0) from theirs. What comes is written down
in ``downloaded.json`` beside it: address, size, SHA-256; where no checksum was published, that of the first time is the
one to compare with. For Flickr30k, CMU-MOSI and AI Challenger one has to ask, and this program says where.
"""

import argparse
import json
import shutil
import sys
import warnings
from pathlib import Path

from mmcourse._machinery.archives import UNPACKED_AT_MOST, unpack
from mmcourse._machinery.downloads import fetch
from mmcourse._machinery.files import write_json
from mmcourse._machinery.locks import locked
from mmcourse._machinery.tables import apple_double
from mmcourse.corpora import places

RELEASE = "https://github.com/jbrownlee/Datasets/releases/download/Flickr8k/"

# file -> SHA-256. None: not known to us, so what arrives is recorded, and compared with what came the first time.
FLICKR8K = {"Flickr8k_text.zip": None, "Flickr8k_Dataset.zip": None}

# GitHub packs such an archive when it is asked for and does not promise the same bytes for ever, so it is no checksum
# that is compared here: the recordings are counted, and each is opened.
FSDD = "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/"
FSDD_FILE, FSDD_RECORDINGS = "v1.0.10.zip", 3000

# SHA-256 of the test files that we read and measured on; the train files are checked by their headers and counts.
MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
MNIST_FILES = {
    "train-images-idx3-ubyte.gz": None,
    "train-labels-idx1-ubyte.gz": None,
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
MNIST_COUNTS = {"train": 60_000, "test": 10_000}

# MD5 sums, which is what several libraries that fetch COCO give. Those of the pictures are large: 13.5 and 6.6 GB.
COCO = "https://s3.amazonaws.com/images.cocodataset.org/"
COCO_FILES = {
    "annotations/annotations_trainval2014.zip": "0a379cfc70b0e71301e0f377548639bd",
    "zips/train2014.zip": "0da8c0bd3d6becc4dcb32757491aca88",
    "zips/val2014.zip": "a3d79f5ed8d289b7a7554ce06a5782b3",
}
COCO_AT_MOST = 20 * 2**30  # bytes of an archive, packed and unpacked

VQA = "https://s3.amazonaws.com/cvmlp/vqa/mscoco/vqa/"
VQA_FILES = dict.fromkeys(
    f"v2_{what}_{part}_mscoco.zip"
    for part, has in (("Train", 3), ("Val", 3), ("Test", 1))
    for what in ("Questions", "Annotations", "Complementary_Pairs")[:has]
)

DAQUAR = "https://datasets.d2.mpi-inf.mpg.de/mateusz14visual-turing/"
DAQUAR_FILES = dict.fromkeys(("qa.894.raw.train.txt", "qa.894.raw.test.txt", "nyu_depth_images.tar"))


def flickr8k(root=None, release=RELEASE, files=None):
    """Fetch and unpack Flickr8k into ``root/flickr8k`` (``root`` None: the download cache); return that folder.

    What is there already is not fetched again. ``release`` is the address before the files' names, ``files`` a dict
    from name to SHA-256 or None (for tests).
    """
    files = FLICKR8K if files is None else files
    into = {name: "text" if "text" in name.lower() else "Flickr8k_Dataset" for name in files}
    return _fetch_all(root, "flickr8k", release, files, into)


def fsdd(root=None, release=FSDD, name=FSDD_FILE, recordings=FSDD_RECORDINGS):
    """Fetch and unpack the Free Spoken Digit Dataset into ``root/fsdd`` (``root`` None: the download cache); return
    that folder.

    Afterwards every recording is opened: raises ValueError, and keeps nothing, unless there are as many as
    ``recordings`` says, each with a name and a form that `mmcourse.corpora.spoken_digits` reads. ``release`` is the
    address before the archive's name (for tests).
    """
    from mmcourse.corpora.spoken_digits import read_name, read_wav

    unpacked = "free-spoken-digit-dataset"

    def check(folder):
        found = sorted((folder / unpacked).glob("*/recordings/*.wav"))
        found = [path for path in found if not apple_double(path.name)]
        if len(found) != recordings:
            raise ValueError(f"{release}{name} holds {len(found)} recordings. Expected: {recordings}.")
        for path in found:
            read_name(path)
            read_wav(path)

    return _fetch_all(root, "fsdd", release, {name: None}, {name: unpacked}, check)


def mnist(root=None, release=MNIST, files=None, counts=None):
    """Fetch MNIST's four files into ``root/mnist`` (``root`` None: the download cache); return that folder. They stay
    packed.

    Afterwards they are read: raises ValueError, and keeps nothing, unless both splits are whole and have as many
    pictures as ``counts`` says. ``release``, ``files``: see `flickr8k`.
    """
    from mmcourse.corpora.mnist import Mnist

    files, counts = MNIST_FILES if files is None else files, MNIST_COUNTS if counts is None else counts

    def check(folder):
        for split, n in counts.items():
            if len(Mnist(folder, split)) != n:
                raise ValueError(f"{release}: {split} holds {len(Mnist(folder, split))} pictures. Expected: {n}.")

    return _fetch_all(root, "mnist", release, files, dict.fromkeys(files), check)


def coco(root=None, release=COCO, files=None):
    """Fetch and unpack MS-COCO of 2014, annotations and photographs of train and validation, into ``root/coco``
    (``root`` None: the download cache); return that folder. ``release``, ``files``: see `flickr8k`."""
    files = COCO_FILES if files is None else files
    into = {name: Path(name).stem for name in files}
    return _fetch_all(root, "coco", release, files, into, size_at_most=COCO_AT_MOST)


def vqa(root=None, release=VQA, files=None):
    """Fetch and unpack the questions and answers of VQA v2 into ``root/vqa`` (``root`` None: the download cache);
    return that folder. The photographs are COCO's: see `coco`. ``release``, ``files``: see `flickr8k`."""
    files = VQA_FILES if files is None else files
    return _fetch_all(root, "vqa", release, files, {name: Path(name).stem for name in files})


def daquar(root=None, release=DAQUAR, files=None):
    """Fetch DAQUAR's questions and photographs into ``root/daquar`` (``root`` None: the download cache); return that
    folder. ``release``, ``files``: see `flickr8k`."""
    files = DAQUAR_FILES if files is None else files
    into = {name: "nyu_depth_images" if name.endswith(".tar") else None for name in files}
    return _fetch_all(root, "daquar", release, files, into)


def _fetch_all(
    root, corpus, release, files, into, check=lambda folder: None, size_at_most=UNPACKED_AT_MOST
):  # fmt: skip
    """Fetch ``files`` (name -> checksum or None), unpack each into its folder of ``root/corpus`` that ``into`` names
    (None: it stays as it is), write down what came, and look at it: what ``check`` raises ValueError for is not kept.
    Return ``root/corpus``. Of several processes one fetches, and the others wait for it."""
    folder = (places.cache() if root is None else Path(root).expanduser()) / corpus
    kept = {name: folder / (into[name] or Path(name).name) for name in files}
    if not all(place.exists() for place in kept.values()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            wait = f"Another process ({{process}}) is fetching {corpus}; this one waits until it has ended."
            with locked(folder.parent / f".{corpus}.lock", wait):
                _fetch_missing(folder, release, files, into, size_at_most)
        except OSError as error:
            if not error.strerror:  # it is a sentence of ours
                raise
            raise OSError(f"{folder} cannot be written: {error.strerror}. Give another folder: --root DIR.") from error
    try:
        check(folder)
    except ValueError:
        for name, place in kept.items():
            shutil.rmtree(place) if into[name] else place.unlink(missing_ok=True)
        record = folder / "downloaded.json"
        write_json(record, {name: told for name, told in _record(record).items() if name not in kept})
        raise
    return folder


def _record(path):
    """What was written down of earlier downloads: file -> what came. Raises ValueError where it cannot be read."""
    try:
        got = json.loads(path.read_bytes()) if path.exists() else {}
        if not all(isinstance(told, dict) for told in got.values()):
            raise TypeError("it holds something else")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        why = f"{path} is damaged ({error}): it says which files came the first time."
        raise ValueError(f"{why} Delete it, and run the command again.") from error
    return got


def _fetch_missing(folder, release, files, into, size_at_most):
    record = folder / "downloaded.json"
    got = _record(record)
    for name, checksum in files.items():
        archive = folder / Path(name).name
        place = None if into[name] is None else folder / into[name]
        if (place or archive).exists():
            continue
        digest = fetch(release + name, archive, checksum, size_at_most)
        before = got.get(name, {})
        first = before.get("sha256", digest)
        if checksum is None and first != digest:
            warnings.warn(
                f"{release}{name} is another file than the first time: SHA-256 {digest}, then {first}, says {record}. "
                "No checksum was published, so nobody can say which is right. Figures may differ.",
                UserWarning,
                stacklevel=4,
            )
        got[name] = {
            "address": release + name,
            "bytes": archive.stat().st_size,
            "sha256": first if checksum is None else digest,
            "compared": checksum is not None,
        }
        if first != digest:
            got[name]["last_sha256"] = digest
        write_json(record, got)  # before it is unpacked: the first is the first that came
        if place is not None:
            try:
                unpack(archive, place, size_at_most)
            except ValueError:
                archive.unlink()  # damaged: the next call fetches it anew
                write_json(
                    record, {**got, name: before} if before else {n: told for n, told in got.items() if n != name}
                )
                raise
            archive.unlink()


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m mmcourse.corpora.download", description=__doc__.split("\n")[0])
    parser.add_argument("corpus", choices=sorted(places.HOW_TO_GET))
    parser.add_argument("--root", type=Path, help="folder for the corpora (default: the cache of this user)")
    options = parser.parse_args(arguments)
    fetchers = {one.__name__: one for one in (flickr8k, fsdd, mnist, daquar, coco, vqa)}
    if options.corpus not in fetchers:
        print(places.HOW_TO_GET[options.corpus])
        return 1
    try:
        folder = fetchers[options.corpus](options.root)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.corpus} is in {folder}. What was fetched, with its SHA-256: {folder / 'downloaded.json'}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
