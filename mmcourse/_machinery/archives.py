"""Archives that others sent: unpacked all or not at all, and nowhere else than asked."""

import lzma
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mmcourse._machinery.tables import apple_double

# What reading an archive raises where it is damaged, encrypted, or packed in a way that Python does not know. (OSError:
# of a damaged bz2; RuntimeError: of a password; ValueError: of an impossible place or name.)
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, struct.error, ValueError, RuntimeError),
    *(OverflowError, IndexError, KeyError, MemoryError, tarfile.TarError),
)
UNPACKED_AT_MOST = 4 * 2**30  # bytes of one archive: Flickr8k needs 1.2 GB
MEMBERS_AT_MOST = 100_000
CHUNK = 2**20


def unpack(archive, folder, size_at_most=UNPACKED_AT_MOST, members_at_most=MEMBERS_AT_MOST):
    """Unpack a zip archive, or a tar archive that is not compressed, into ``folder``, which appears only when all is
    there.

    Raises ValueError for an archive that is damaged, encrypted or packed in an unknown way, that holds another number
    of members than its end says, a path out of the folder, a name twice, a link or another special file, or more than
    the given number of members or bytes; OSError where the archive cannot be opened, or the folder is there already or
    cannot be written. Each names the archive. What a Macintosh adds (``__MACOSX``) is left out.
    """
    archive, folder = Path(archive), Path(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(archive, folder, error) from error
    try:
        with open(archive, "rb") as file, _opened(archive, file, members_at_most) as zipped:
            left = size_at_most
            for member, target in _targets(archive, zipped, new):
                left = _write_out(archive, folder, zipped, member, target, left)
                if left < 0:
                    raise ValueError(f"{archive} unpacks to more than allowed: {size_at_most} bytes.")
        if folder.exists():
            raise FileExistsError(f"{archive} is not unpacked: there is something at {folder} already.")
        new.chmod(0o755)
        try:
            new.rename(folder)
        except OSError as error:
            raise _unwritable(archive, folder, error) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder


def _damaged(archive, error):
    return ValueError(f"{archive} is damaged, or no archive that can be read here: {error or type(error).__name__}.")


def _unwritable(archive, folder, error):
    return OSError(
        f"{archive} cannot be unpacked to {folder}: {error.strerror or error}. Make room, or choose another."
    )


def _opened(archive, file, members_at_most):
    """The archive, read as far as its list of members, which of a zip is as long as its last lines say."""
    if archive.suffix == ".tar":
        return _Tar(archive, file, members_at_most)
    try:
        zipped = zipfile.ZipFile(file)
        promised, found = _promised(file), len(zipped.infolist())
    except UNREADABLE as error:
        raise _damaged(archive, error) from error
    if found > members_at_most:
        raise ValueError(f"{archive} holds {found} members. Allowed: at most {members_at_most}.")
    if found != promised:
        raise ValueError(f"{archive} is damaged: it holds {found} members, and its end says {promised}.")
    return zipped


class _Member(NamedTuple):
    """A member of a tar archive with the words of `zipfile.ZipInfo`, as far as they are needed here."""

    filename: str
    external_attr: int
    told: tarfile.TarInfo

    def is_dir(self):
        return self.told.isdir()


class _Tar:
    """A tar archive with the words of `zipfile.ZipFile`, as far as they are needed here."""

    def __init__(self, archive, file, members_at_most):
        self._members = []
        try:
            self._tar = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115 -- closed by __exit__
            for told in self._tar:
                kind = stat.S_IFREG if told.isreg() else stat.S_IFDIR if told.isdir() else stat.S_IFLNK
                self._members.append(_Member(told.name, kind << 16, told))
                if len(self._members) > members_at_most:
                    raise ValueError(f"{archive} holds more than {members_at_most} members.")
            file.seek(self._tar.offset)
            if file.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):  # `tarfile` takes a bad header for the end
                raise tarfile.ReadError("no end where its members end")
        except UNREADABLE as error:
            raise (error if len(self._members) > members_at_most else _damaged(archive, error)) from error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._tar.close()

    def infolist(self):
        return self._members

    def open(self, member):
        return self._tar.extractfile(member.told)


def _promised(file):
    """How many members the end record of a zip archive counts; in archives of more than 65,534 the longer one."""
    length = file.seek(0, 2)
    start = max(0, length - 22 - 65_535)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place >= 20 and tail[place - 20 : place - 16] == b"PK\6\7":
        file.seek(struct.unpack("<Q", tail[place - 12 : place - 4])[0])
        long = file.read(40)
        if long[:4] != b"PK\6\6":
            raise zipfile.BadZipFile("its end record is not where it should be")
        return struct.unpack("<Q", long[32:40])[0]
    return struct.unpack("<H", tail[place + 10 : place + 12])[0]


def _targets(archive, zipped, new):
    """(member, path in the folder ``new``) of each member to unpack."""
    seen = set()
    for member in zipped.infolist():
        name = member.filename
        last = PurePosixPath(name).name
        if name.startswith("__MACOSX/") or last == ".DS_Store" or apple_double(last):
            continue
        path = _checked(archive, member)
        if path in seen and not member.is_dir():
            raise ValueError(f"{archive} is damaged: it holds {name!r} twice.")
        seen.add(path)
        yield member, new / path


def _checked(archive, member):
    name = member.filename
    path = PurePosixPath(name)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or not path.parts:
        raise ValueError(f"{archive} holds a path out of its folder. Received: {name!r}.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ValueError(f"{archive} holds a link or a special file. Received: {name!r}.")
    return Path(*path.parts)


def _write_out(archive, folder, zipped, member, target, left):
    """Write one member; return how many of the ``left`` bytes are left, below 0 where it is larger."""

    def read(count):
        try:
            return source.read(count)
        except UNREADABLE as error:
            raise _damaged(archive, error) from error

    try:
        (target if member.is_dir() else target.parent).mkdir(parents=True, exist_ok=True)
        if member.is_dir():
            return left
        out = open(target, "wb")  # noqa: SIM115 -- closed below; what it raises is the disk's, and what the next, its
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise ValueError(f"{archive} is damaged: {member.filename!r} is a file and a folder in it.") from error
    except OSError as error:
        raise _unwritable(archive, folder, error) from error
    with out:
        try:
            source = zipped.open(member)
        except UNREADABLE as error:
            raise _damaged(archive, error) from error
        with source:
            # What is counted is what comes out, not what the archive says of itself.
            while left >= 0 and (data := read(min(CHUNK, left + 1))):
                left -= len(data)
                try:
                    out.write(data)
                    out.flush()
                except OSError as error:
                    raise _unwritable(archive, folder, error) from error
    return left
