"""What a student has done, in one JSON file.

The file's place is the variable ``MMCOURSE_PROGRESS`` (a file; "off" stores nothing), else the user's data directory.
It is replaced atomically, so that a reader never sees half of it. A damaged file is moved aside, one of a newer version
is left alone, and where nothing can be written the course goes on without storing, and says so once.
"""

import contextlib
import datetime
import json
import os
from pathlib import Path

from mmcourse._machinery.files import write_json

VERSION = 1
_ORDER = ("not attempted", "error", "incorrect", "correct")
_said = False


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
    """Exercise name -> {"status", "attempts", "hints", "solution", "changed"}, and "seed" of the last check that drew
    inputs; empty where there is no (readable) file.

    A damaged file is moved aside, to a name beside it that ends in ``.damaged``. Raises OSError where the file cannot
    be read, and ValueError where a newer version of the course wrote it.
    """
    path = place()
    if path is None or not path.exists():
        return {}
    text = path.read_bytes()
    try:
        data = json.loads(text)
        version, exercises = data["version"], data["exercises"]
        if not isinstance(version, int) or not isinstance(exercises, dict) or not all(map(_sound, exercises.values())):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError):
        aside = path.with_name(f"{path.name}.{datetime.datetime.now():%Y%m%d-%H%M%S}.damaged")
        with contextlib.suppress(OSError):
            os.replace(path, aside)
        return {}
    if version > VERSION:
        raise ValueError(
            f"{path} was written by a newer version of the course (its version is {version}, ours {VERSION})."
        )
    return exercises


def _sound(entry):
    return (
        isinstance(entry, dict)
        and entry.get("status") in _ORDER
        and all(isinstance(entry.get(k), int) for k in ("attempts", "hints", "solution"))
        and isinstance(entry.get("changed"), str)
        and isinstance(entry.get("seed", 0), int)
    )


def record(name, status=None, hints=0, solution=False, seed=None):
    """Stores one event; ``seed`` is that of a check that drew inputs. Returns "", or, the first time that storing
    fails, a sentence that says so."""
    global _said
    try:
        path = place()
        if path is None:
            return ""
        exercises = read()
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
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, {"version": VERSION, "exercises": exercises})
        return ""
    except (OSError, ValueError, RuntimeError) as error:
        if _said:
            return ""
        _said = True
        return f"Your progress is not stored: {error}"
