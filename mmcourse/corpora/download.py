"""Fetch real data: ``python -m mmcourse.corpora.download flickr8k`` (or ``fsdd``, ``mnist``).

Only what may be fetched without asking: Flickr8k, for research and teaching, from a release on GitHub that holds the
two archives which the corpus's authors once offered (their own server is gone); the Free Spoken Digit Dataset
(CC BY-SA 4.0), version 1.0.10, from its authors' repository; and MNIST (CC BY-SA 3.0), from the mirror that PyTorch
uses. What comes is written down in ``downloaded.json`` beside it: address, size, SHA-256; where no checksum was
published, that of the first time is the one to compare with. For Flickr30k and CMU-MOSI one has to ask, and this
program says where.
"""

import argparse
import http.client
import json
import os
import queue
import shutil
import sys
import threading
import urllib.error
import urllib.request
import warnings
from pathlib import Path

from mmcourse._machinery.archives import CHUNK, UNPACKED_AT_MOST, unpack
from mmcourse._machinery.files import sha256_of, write_json
from mmcourse._machinery.locks import locked
from mmcourse._machinery.progress_bar import progress_bar
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
SECONDS_AT_MOST = 4 * 3600  # of one file, from the first word to the last byte; a second call goes on


def fetch(url, file, sha256=None, size_at_most=UNPACKED_AT_MOST, timeout=60, seconds_at_most=SECONDS_AT_MOST):
    """Download ``url`` to ``file``; return the SHA-256 of what came.

    Bytes are collected in ``file.part``, so that a second call goes on where the first was cut off; ``file`` exists
    only when it is whole. No answer is waited for longer than ``timeout`` seconds, and all together take at most
    ``seconds_at_most``. Raises ValueError when the SHA-256 is not the one given (the part is then deleted) or more than
    ``size_at_most`` bytes come; OSError, with the address and the file, when the network fails, the time is up, or
    the file cannot be written.
    """
    file = Path(file)
    part = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            digest = sha256_of(file)
            if sha256 in (None, digest):
                return digest
            file.unlink()
        _in_time(seconds_at_most, _collect, url, part, size_at_most, timeout)
        digest = sha256_of(part)
        if sha256 is not None and digest != sha256:
            part.unlink()
            raise ValueError(f"{url} is not what was expected. Received: SHA-256 {digest}. Expected: {sha256}.")
        os.replace(part, file)
    except (OSError, http.client.HTTPException) as error:
        again = "" if isinstance(error, urllib.error.HTTPError) else " Run the command again to go on."
        why = error.strerror if getattr(error, "errno", None) and error.strerror else error or type(error).__name__
        raise OSError(f"Could not download {url} to {file}: {why}.{again}") from error
    return digest


def _in_time(seconds, function, *arguments):
    """Call ``function(stopped, *arguments)``; raise TimeoutError where it takes longer, whatever it waits for.

    It runs on a thread, as a server may send each byte in time and yet never end, in the head of its answer as well.
    Where the time is up the thread is left to itself: it asks ``stopped`` before it writes.
    """
    stopped, came = threading.Event(), queue.SimpleQueue()

    def work():
        try:
            came.put(function(stopped, *arguments))
        except BaseException as error:
            came.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        error = came.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"it was not there after {seconds:g} seconds") from None
    finally:
        stopped.set()
    if error is not None:
        raise error


def _collect(stopped, url, part, size_at_most, timeout):
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "mmcourse"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        opened = urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != 416 or not have:
            raise
        if error.headers.get("Content-Range", f"bytes */{have}").strip() != f"bytes */{have}":
            part.unlink()  # longer than the file: a part of something else
            return _collect(stopped, url, part, size_at_most, timeout)
        return None  # the part is already whole: nothing is left to ask for
    with opened as answer:
        resumed = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if not resumed:  # this server begins anew
            have = 0
        length = answer.headers.get("Content-Length", "")
        total = have + int(length) if length.isascii() and length.isdigit() else None
        with (
            open(part, "ab" if have else "wb") as out,
            progress_bar(total=total, initial=have, unit="B", unit_scale=True, desc=part.stem) as bar,
        ):
            while data := answer.read1(CHUNK):
                have += len(data)
                if have > size_at_most:
                    raise ValueError(f"{url} is larger than allowed. Received: more than {size_at_most} bytes.")
                if stopped.is_set():
                    return None
                out.write(data)
                out.flush()
                bar.update(len(data))
    if total is not None and have < total:
        raise ConnectionError(f"the connection ended after {have} of {total} bytes")
    return None


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


def _fetch_all(root, corpus, release, files, into, check=lambda folder: None):
    """Fetch ``files`` (name -> SHA-256 or None), unpack each into its folder of ``root/corpus`` that ``into`` names
    (None: it stays as it is), write down what came, and look at it: what ``check`` raises ValueError for is not kept.
    Return ``root/corpus``. Of several processes one fetches, and the others wait for it."""
    folder = (places.cache() if root is None else Path(root).expanduser()) / corpus
    kept = {name: folder / (into[name] or name) for name in files}
    if not all(place.exists() for place in kept.values()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            wait = f"Another process ({{process}}) is fetching {corpus}; this one waits until it has ended."
            with locked(folder.parent / f".{corpus}.lock", wait):
                _fetch_missing(folder, release, files, into)
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


def _fetch_missing(folder, release, files, into):
    record = folder / "downloaded.json"
    got = _record(record)
    for name, sha256 in files.items():
        archive = folder / name
        place = None if into[name] is None else folder / into[name]
        if (place or archive).exists():
            continue
        digest = fetch(release + name, archive, sha256)
        before = got.get(name, {})
        first = before.get("sha256", digest)
        if sha256 is None and first != digest:
            warnings.warn(
                f"{release}{name} is another file than the first time: SHA-256 {digest}, then {first}, says {record}. "
                "No checksum was published, so nobody can say which is right. Figures may differ.",
                UserWarning,
                stacklevel=4,
            )
        got[name] = {
            "address": release + name,
            "bytes": archive.stat().st_size,
            "sha256": first if sha256 is None else digest,
            "compared": sha256 is not None,
        }
        if first != digest:
            got[name]["last_sha256"] = digest
        write_json(record, got)  # before it is unpacked: the first is the first that came
        if place is not None:
            try:
                unpack(archive, place)
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
    fetchers = {"flickr8k": flickr8k, "fsdd": fsdd, "mnist": mnist}
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
