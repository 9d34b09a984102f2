"""What a student has done, in one JSON file.

The file's place is the variable ``MMCOURSE_PROGRESS`` (a file; "off" stores nothing), else the user's data directory.
It is replaced atomically, so that a reader never sees half of it, and read and written again under a lock, so that of
two notebooks neither takes away what the other stored; a link stays a link. A damaged file is moved aside, and one of a
newer version is left alone. Where nothing can be written the course goes on without storing. Each of these is said.
"""

import contextlib
import datetime
import itertools
import json
import os
from pathlib import Path

from mmcourse._machinery.files import write_json
from mmcourse._machinery.locks import locked

VERSION = 1
_ORDER = ("not attempted", "error", "incorrect", "correct")
_said = False


class _Damaged(Exception):
    """The file does not hold what `record` writes."""


def place():
    """The file's path, or None where nothing is to be stored."""
    told = os.environ.get("MMCOURSE_PROGRESS")
    if told == "off":
        return None
    if told:
        path = Path(told).expanduser()
        return path / "progress.json" if path.is_dir() else path
    import platformdirs

    return Path(platformdirs.user_data_dir("mmcourse", appauthor=False)) / "progress.json"


def read():
    """What is stored, and a note about it, "" for nothing to say.

    Stored is: exercise name -> {"status", "attempts", "hints", "solution", "changed"}, and "seed" of the last check
    that drew inputs; empty where there is no file. A damaged one is moved aside, to a name beside it that ends in
    ``.damaged``, and the note says so. Raises OSError where the file cannot be read, or is damaged and cannot be moved;
    ValueError where a newer version of the course wrote it.
    """
    path = place()
    if path is None:
        return {}, ""
    path = _target(path)
    with contextlib.suppress(_Damaged):
        return _stored(path), ""  # without the lock: where nothing can be written, this can be read
    with _alone(path):
        return _sound_or_moved(path)


def record(name, status=None, hints=0, solution=False, seed=None):
    """Stores one event; ``seed`` is that of a check that drew inputs. Returns a note, "" for nothing to say: that the
    file was damaged, or, the first time that storing fails, that it does."""
    global _said
    path = "MMCOURSE_PROGRESS"
    try:
        path = place()
        if path is None:
            return ""
        path.parent.mkdir(parents=True, exist_ok=True)
        path = _target(path)
        with _alone(path):
            exercises, note = _sound_or_moved(path)
            entry = exercises.setdefault(
                name, {"status": "not attempted", "attempts": 0, "hints": 0, "solution": False, "changed": ""}
            )
            if status is not None:
                entry["attempts"] += status != "not attempted"
                entry["status"] = max(entry["status"], status, key=_ORDER.index)
            entry["hints"] = max(entry["hints"], hints)
            entry["solution"] = bool(entry["solution"] or solution)
            if seed is not None:
                entry["seed"] = seed
            entry["changed"] = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            write_json(path, {"version": VERSION, "exercises": exercises})
        return note
    except (OSError, ValueError, RuntimeError) as error:
        if _said:
            return ""
        _said = True
        why = f"{path} cannot be written ({error.strerror})." if getattr(error, "strerror", None) else str(error)
        return f'Your progress is not stored: {why} MMCOURSE_PROGRESS may name another file, or be "off".'


def _target(path):
    """The file itself where the path is a link, such as one to a file on Drive: what replaces the link would cut it."""
    return Path(os.path.realpath(path))


def _alone(path):
    """``with _alone(path)``: nobody else reads the file to write it again."""
    if not path.parent.is_dir():  # a link into a Drive that is not mounted: its folders must not be made here
        raise FileNotFoundError(2, "its folder is not there", str(path))
    return locked(path.with_name(f".{path.name}.lock"))


def _stored(path):
    """What the file holds. Raises _Damaged, and what `read` raises."""
    try:
        data = json.loads(path.read_bytes())
        version = data["version"]
        if not isinstance(version, int):
            raise TypeError
        if version <= VERSION:
            exercises = data["exercises"]
            if not isinstance(exercises, dict) or not all(map(_sound, exercises.values())):
                raise TypeError
            json.dumps(exercises, ensure_ascii=False).encode()  # else it could not be written again
            return exercises
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _Damaged from error
    raise ValueError(f"{path} was written by a newer version of the course (its version is {version}, ours {VERSION}).")


def _sound_or_moved(path):
    """What the file holds and a note, as `read`; by whoever holds the lock."""
    try:
        return _stored(path), ""
    except _Damaged:
        names = (f"{path.name}.{datetime.datetime.now():%Y%m%d-%H%M%S}{i or ''}.damaged" for i in itertools.count())
        aside = next(one for one in map(path.with_name, names) if not one.exists())
        os.replace(path, aside)
        return {}, f"Your progress file was damaged; it is kept as {aside}, and a new one is begun."


def _sound(entry):
    return (
        isinstance(entry, dict)
        and entry.get("status") in _ORDER
        and all(isinstance(entry.get(k), int) for k in ("attempts", "hints", "solution"))
        and isinstance(entry.get("changed"), str)
        and isinstance(entry.get("seed", 0), int)
    )
