"""One file fetched from the network: whole or not at all, gone on with where it was cut off, and compared."""

import hashlib
import http.client
import os
import queue
import threading
import urllib.error
import urllib.request
from pathlib import Path

from mmcourse._machinery.archives import CHUNK, UNPACKED_AT_MOST
from mmcourse._machinery.files import sha256_of
from mmcourse._machinery.progress_bar import progress_bar

SECONDS_AT_MOST = 4 * 3600  # of one file, from the first word to the last byte; a second call goes on


def fetch(url, file, checksum=None, size_at_most=UNPACKED_AT_MOST, timeout=60, seconds_at_most=SECONDS_AT_MOST):
    """Download ``url`` to ``file``; return the SHA-256 of what came.

    Bytes are collected in ``file.part``, so that a second call goes on where the first was cut off; ``file`` exists
    only when it is whole. No answer is waited for longer than ``timeout`` seconds, and all together take at most
    ``seconds_at_most``. ``checksum``: the SHA-256 (64 digits), or, where only that was published, the MD5 (32), which
    tells of damage but not of malice. Raises ValueError when it is another (the part is then deleted) or more than
    ``size_at_most`` bytes come; OSError, with the address and the file, when the network fails, the time is up, or
    the file cannot be written.
    """
    file = Path(file)
    part = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            if checksum in (None, _digest(file, checksum)):
                return sha256_of(file)
            file.unlink()
        _in_time(seconds_at_most, _collect, url, part, size_at_most, timeout)
        came = _digest(part, checksum)
        if checksum not in (None, came):
            part.unlink()
            kind = "MD5" if len(came) == 32 else "SHA-256"
            raise ValueError(f"{url} is not what was expected. Received: {kind} {came}. Expected: {checksum}.")
        digest = sha256_of(part) if len(came) == 32 else came
        os.replace(part, file)
    except (OSError, http.client.HTTPException) as error:
        again = "" if isinstance(error, urllib.error.HTTPError) else " Run the command again to go on."
        why = error.strerror if getattr(error, "errno", None) and error.strerror else error or type(error).__name__
        raise OSError(f"Could not download {url} to {file}: {why}.{again}") from error
    return digest


def _digest(file, like):
    """A file's MD5 where ``like`` is one, else its SHA-256."""
    if like is None or len(like) != 32:
        return sha256_of(file)
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


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
