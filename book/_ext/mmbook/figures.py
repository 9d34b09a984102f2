"""Every figure has a number, a caption that states the finding, a text for those who cannot see it, and a size."""

from __future__ import annotations

import struct
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
CSS_DPI = 100  # a picture that states its resolution is shown at so many of its pixels' inches


def check(app, doctree) -> None:
    """On `doctree-read`: images without alt text, and figures of cells without name or caption, stop the build."""
    docname = app.env.docname
    for image in doctree.findall(nodes.image):
        drawn = _from_cell(image)
        place = (docname, _line(image))
        alt = (image.get("alt") or "").strip()
        if not alt or (drawn and Path(image["uri"]).name in alt):
            LOGGER.error(f"An image has no alt text: {Path(image['uri']).name}.", location=place)
        figure = _parent(image, nodes.figure)
        if drawn and (figure is None or not any(isinstance(c, nodes.caption) and c.astext() for c in figure.children)):
            LOGGER.error("The figure of a cell has no caption (mystnb: figure: caption).", location=place)
        if drawn and figure is not None and not figure["names"]:
            LOGGER.error("The figure of a cell has no name (mystnb: figure: name).", location=place)
        if drawn and "width" not in image and (width := displayed_width(image["uri"], app.srcdir)):
            image["width"] = f"{width}px"


def displayed_width(uri: str, root) -> int | None:
    """Width in CSS pixels of a PNG that states a resolution above that of the screen (Matplotlib's "retina")."""
    path = Path(uri) if Path(uri).is_absolute() else Path(root) / uri.lstrip("/")
    if path.suffix != ".png" or not path.is_file():
        return None
    data = path.read_bytes()
    width = struct.unpack(">I", data[16:20])[0]
    at = data.find(b"pHYs")
    if at < 0:
        return None
    per_metre = struct.unpack(">I", data[at + 4 : at + 8])[0]
    dpi = per_metre * 0.0254
    return round(width * CSS_DPI / dpi) if dpi > 1.4 * CSS_DPI else None


def _from_cell(node) -> bool:
    while node is not None:
        if node.get("nb_element") in ("cell_code_output", "mime_bundle"):
            return True
        node = node.parent
    return False


def _parent(node, kind):
    while node is not None and not isinstance(node, kind):
        node = node.parent
    return node


def _line(node):
    while node is not None and node.line is None:
        node = node.parent
    return node.line if node is not None else 0


def setup(app):
    app.connect("doctree-read", check)
