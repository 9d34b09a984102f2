"""Every figure has a number, a caption that states the finding, a text for those who cannot see it, and a size."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from .evidence import NUMBER, bound

LOGGER = logging.getLogger(__name__)


def check(app, doctree) -> None:
    """On `doctree-read`: images without alt text, and figures of cells without name or caption, stop the build."""
    docname = app.env.docname
    values = bound(app.env, docname)
    for image in doctree.findall(nodes.image):
        drawn = _from_cell(image)
        place = (docname, _line(image))
        for name in NUMBER.findall(image.get("alt") or ""):
            if name not in values:
                allowed = ", ".join(values) or "none"
                LOGGER.error(f"No cell binds this value. Received: {name!r}. Allowed: {allowed}.", location=place)
        if "alt" in image:
            image["alt"] = NUMBER.sub(lambda found: values.get(found[1], found[0]), image["alt"])
        alt = (image.get("alt") or "").strip()
        if not alt or (drawn and Path(image["uri"]).name in alt):
            LOGGER.error(f"An image has no alt text: {Path(image['uri']).name}.", location=place)
        figure = _parent(image, nodes.figure)
        if drawn and (figure is None or not any(isinstance(c, nodes.caption) and c.astext() for c in figure.children)):
            LOGGER.error("The figure of a cell has no caption (mystnb: figure: caption).", location=place)
        if drawn and figure is not None and not figure["names"]:
            LOGGER.error("The figure of a cell has no name (mystnb: figure: name).", location=place)
        if drawn:
            image.attributes.pop("height", None)  # the width is enough, and both together distort on a phone


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
