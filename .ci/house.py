"""The plan of the package: which rooms there are, and which way arrows point.

    python .ci/house.py        draw it into CONTRIBUTING.md

tests/test_house.py holds the package to it, and the drawing to the plan.
"""

import ast
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRAWING = ROOT / "CONTRIBUTING.md"
WIDTH = 118
BEGIN, END = "<!-- the house: written by .ci/house.py -->", "<!-- end of the house -->"

# From the ground up. A room imports rooms of the floors that its own floor names, and those before it on its own.
FLOORS = {
    "machinery": ("what nobody types", (), ("_machinery", "backend")),
    "data": ("items, made or real; NumPy only", ("machinery",), ("items", "scenes", "corpora")),
    "words and scores": ("pure functions", ("machinery",), ("text", "metrics", "decoding")),
    "features": (
        "from items to arrays",
        ("machinery", "data", "words and scores"),
        ("image", "audio", "video", "batches", "modalities", "preparation"),
    ),
    "layers": (
        "they know no data",
        ("machinery",),
        ("attention", "fusion", "missing", "autoencoder", "contrastive", "graphical"),
    ),
    "tasks": (
        "layers composed; they know no data either",
        ("machinery", "words and scores", "features", "layers"),
        ("captioning", "cross_attention", "retrieval", "ranking", "product_search", "vqa", "fusion_choice"),
    ),
    "course": (
        "what is read, run and done; nothing below imports it",
        ("machinery", "data", "words and scores", "features", "layers", "tasks"),
        ("weights", "experiments", "plots", "book", "exercises", "doctor"),
    ),
}


def allowed(room):
    """The rooms that a room may import. Raises KeyError for a room that is on no floor."""
    if room in (ground := FLOORS["machinery"][2]):  # `backend` is the one door of that room
        return set(ground)
    for _, floors, rooms in FLOORS.values():
        if room in rooms:
            return {below for floor in floors for below in FLOORS[floor][2]} | set(rooms[: rooms.index(room)])
    raise KeyError(room)


def purpose(room):
    """The first sentence of a room's docstring."""
    path = ROOT / "mmcourse" / room / "__init__.py"
    path = path if path.is_file() else path.parent.with_suffix(".py")
    words = " ".join((ast.get_docstring(ast.parse(path.read_text("utf8"))) or "").split("\n\n")[0].split())
    return words.split(". ")[0].removesuffix(".").replace("``", "`")


def drawing():
    """The floors as Markdown, the uppermost first."""
    lines = []
    for name, (what, floors, rooms) in reversed(FLOORS.items()):
        below = f"imports {', '.join(floors)}" if floors else "imports nothing of the house"
        lines += [*textwrap.wrap(f"**{name.capitalize()}**: {what} ({below})", WIDTH), ""]
        for room in rooms:
            lines += textwrap.wrap(f"- `{room}`: {purpose(room)}", WIDTH, subsequent_indent="  ")
        lines.append("")
    return "\n".join(lines)


def drawn(text):
    """CONTRIBUTING.md with the drawing as it should be."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n\n{drawing()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    DRAWING.write_text(drawn(DRAWING.read_text("utf8")), "utf8")
