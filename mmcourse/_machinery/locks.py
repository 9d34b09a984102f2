"""One process at a time: a lock that has a name in the file system, and that ends with whoever holds it."""

import contextlib
import errno
import os
from pathlib import Path

# What a file system says that knows no locks.
UNKNOWN_HERE = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP)


@contextlib.contextmanager
def locked(path, wait=""):
    """``with locked(path)``: no other process, and no other thread, is in such a block of the same path.

    Where another one is, print ``wait`` (with {process}, its number), and wait until it has left. A process that ended,
    however it ended, holds nothing. Inside such a block the same path must not be locked once more.

    Where there is no filelock (a browser), or where the file system knows no locks, the block runs without a lock.

    Args: path: the lock's own file, beside what it guards, not that file itself; wait: what is told, "" for nothing.
    Raises OSError where the lock's file cannot be written.
    """
    path = Path(path)
    try:
        from filelock import FileLock, Timeout
    except ImportError:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    holder = path.with_suffix(".process")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if wait:
            with contextlib.suppress(OSError):
                number = holder.read_text("utf8").strip()
                print(wait.format(process=number), flush=True)
        lock.acquire()
    except (NotImplementedError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in UNKNOWN_HERE:
            raise
        lock = None
    try:
        if wait:
            with contextlib.suppress(OSError):  # a courtesy to who waits
                holder.write_text(f"{os.getpid()}\n", "utf8")
        yield
    finally:
        if lock:
            lock.release()
