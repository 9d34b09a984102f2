"""Fetch real data: ``python -m mmcourse.corpora.download flickr8k`` (or ``fsdd``, ``mnist``).

Only what may be fetched without asking: Flickr8k, for research and teaching, from a release on GitHub that holds the
two archives which the corpus's authors once offered (their own server is gone); the Free Spoken Digit Dataset
(CC BY-SA 4.0), version 1.0.10, from its authors' repository; and MNIST (CC BY-SA 3.0), from the mirror that PyTorch
uses. What comes is written down in ``downloaded.json`` beside it: address, size, SHA-256. For Flickr30k and CMU-MOSI
one has to ask, and this program says where.
"""

import argparse
import json
import os
import shutil
import stat
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path, PurePosixPath

from mmcourse._machinery.files import sha256_of, write_json
from mmcourse._machinery.progress_bar import progress_bar
from mmcourse.corpora import places

RELEASE = "https://github.com/jbrownlee/Datasets/releases/download/Flickr8k/"

# file -> SHA-256. None: not known to us, so what arrives is recorded and not compared.
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
UNPACKED_AT_MOST = 4 * 2**30  # bytes of one archive: Flickr8k needs 1.2 GB
MEMBERS_AT_MOST = 100_000
CHUNK = 2**20


def fetch(url, file, sha256=None, size_at_most=UNPACKED_AT_MOST, timeout=60):
    """Download ``url`` to ``file``; return the SHA-256 of what came.

    Bytes are collected in ``file.part``, so that a second call goes on where the first was cut off; ``file`` exists
    only when it is whole. Raises ValueError when the SHA-256 is not the one given (the part is then deleted) or more
    than ``size_at_most`` bytes come; OSError with the address when the network fails.
    """
    file = Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        digest = sha256_of(file)
        if sha256 in (None, digest):
            return digest
        file.unlink()
    part = file.with_name(file.name + ".part")
    try:
        _collect(url, part, size_at_most, timeout)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # the part is already whole: nothing is left to ask for
            raise OSError(f"Could not download {url}: {error}.") from error
    except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
        raise OSError(f"Could not download {url}: {error}. Run the command again to go on.") from error
    digest = sha256_of(part)
    if sha256 is not None and digest != sha256:
        part.unlink()
        raise ValueError(f"{url} is not what was expected. Received: SHA-256 {digest}. Expected: {sha256}.")
    os.replace(part, file)
    return digest


def _collect(url, part, size_at_most, timeout):
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "mmcourse"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        resumed = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if not resumed:  # this server begins anew
            have = 0
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length else None
        with (
            open(part, "ab" if have else "wb") as out,
            progress_bar(total=total, initial=have, unit="B", unit_scale=True, desc=part.stem) as bar,
        ):
            while data := answer.read(CHUNK):
                have += len(data)
                if have > size_at_most:
                    raise ValueError(f"{url} is larger than allowed. Received: more than {size_at_most} bytes.")
                out.write(data)
                bar.update(len(data))
    if total is not None and have < total:
        raise ConnectionError(f"the connection ended after {have} of {total} bytes")


def unpack(archive, folder, size_at_most=UNPACKED_AT_MOST, members_at_most=MEMBERS_AT_MOST):
    """Unpack a zip archive into ``folder``, which appears only when all is there.

    Raises ValueError for an archive that is damaged, that holds a path out of the folder, a link or another special
    file, or more than the given number of members or bytes. What a Macintosh adds (``__MACOSX``) is left out.
    """
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = [m for m in zipped.infolist() if not _of_a_macintosh(m.filename)]
            if len(members) > members_at_most:
                raise ValueError(f"{archive} holds {len(members)} members. Allowed: at most {members_at_most}.")
            left = size_at_most
            for member in members:
                target = new / _checked(archive, member)
                if member.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                # What is counted is what comes out, not what the archive says of itself.
                with zipped.open(member) as source, open(target, "wb") as out:
                    while data := source.read(min(CHUNK, left + 1)):
                        left -= len(data)
                        if left < 0:
                            raise ValueError(f"{archive} unpacks to more than allowed: {size_at_most} bytes.")
                        out.write(data)
        if folder.exists():
            raise FileExistsError(f"There is something at {folder} already.")
        new.chmod(0o755)
        os.replace(new, folder)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{archive} is damaged: {error}.") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder


def _of_a_macintosh(name):
    return name.startswith("__MACOSX/") or PurePosixPath(name).name in (".DS_Store",)


def _checked(archive, member):
    name = member.filename
    path = PurePosixPath(name)
    mode = member.external_attr >> 16
    kind = stat.S_IFMT(mode)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or not path.parts:
        raise ValueError(f"{archive} holds a path out of its folder. Received: {name!r}.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ValueError(f"{archive} holds a link or a special file. Received: {name!r}.")
    return Path(*path.parts)


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
    folder = _fetch_all(root, "fsdd", release, {name: None}, {name: unpacked})
    try:
        found = sorted((folder / unpacked).glob("*/recordings/*.wav"))
        if len(found) != recordings:
            raise ValueError(f"{release}{name} holds {len(found)} recordings. Expected: {recordings}.")
        for path in found:
            read_name(path)
            read_wav(path)
    except ValueError:
        shutil.rmtree(folder / unpacked)
        raise
    return folder


def mnist(root=None, release=MNIST, files=None, counts=None):
    """Fetch MNIST's four files into ``root/mnist`` (``root`` None: the download cache); return that folder. They stay
    packed.

    Afterwards they are read: raises ValueError, and keeps nothing, unless both splits are whole and have as many
    pictures as ``counts`` says. ``release``, ``files``: see `flickr8k`.
    """
    from mmcourse.corpora.mnist import Mnist

    files, counts = MNIST_FILES if files is None else files, MNIST_COUNTS if counts is None else counts
    folder = _fetch_all(root, "mnist", release, files, dict.fromkeys(files))
    try:
        for split, n in counts.items():
            if len(Mnist(folder, split)) != n:
                raise ValueError(f"{release}: {split} holds {len(Mnist(folder, split))} pictures. Expected: {n}.")
    except ValueError:
        for name in files:
            (folder / name).unlink()
        raise
    return folder


def _fetch_all(root, corpus, release, files, into):
    """Fetch ``files`` (name -> SHA-256 or None), unpack each into its folder of ``root/corpus`` that ``into`` names
    (None: it stays as it is), and write down what came; return ``root/corpus``."""
    folder = (places.cache() if root is None else Path(root).expanduser()) / corpus
    folder.mkdir(parents=True, exist_ok=True)
    record, got = folder / "downloaded.json", {}
    if record.exists():
        got = json.loads(record.read_text("utf-8"))
    for name, sha256 in files.items():
        archive = folder / name
        place = None if into[name] is None else folder / into[name]
        if (place or archive).exists():
            continue
        digest = fetch(release + name, archive, sha256)
        got[name] = {
            "address": release + name,
            "bytes": archive.stat().st_size,
            "sha256": digest,
            "compared": sha256 is not None,
        }
        if place is not None:
            try:
                unpack(archive, place)
            finally:
                archive.unlink()  # a damaged one too: the next call fetches it anew
        write_json(record, got)
    return folder


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m mmcourse.corpora.download", description=__doc__.split("\n")[0])
    parser.add_argument("corpus", choices=sorted(places.HOW_TO_GET))
    parser.add_argument("--root", type=Path, help="folder for the corpora (default: the cache of this user)")
    options = parser.parse_args(arguments)
    fetchers = {"flickr8k": flickr8k, "fsdd": fsdd, "mnist": mnist}
    if options.corpus not in fetchers:
        print(places.HOW_TO_GET[options.corpus])
        return 1
    folder = fetchers[options.corpus](options.root)
    print(f"{options.corpus} is in {folder}. What was fetched, with its SHA-256: {folder / 'downloaded.json'}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
