"""Weights that come with the course, and the command that makes them: ``python -m mmcourse.weights.make NAME``."""

from pathlib import Path

FOLDER = Path(__file__).parent


def path(name):
    """The file of weights ``name`` (for example "scene_vgg"). Raises ValueError for one that is not shipped."""
    found = FOLDER / f"{name}.weights.h5"
    if not found.is_file():
        known = sorted(file.name.removesuffix(".weights.h5") for file in FOLDER.glob("*.weights.h5"))
        raise ValueError(f"No such weights. Received: name={name!r}. Allowed: {', '.join(known) or 'none yet'}.")
    return found
