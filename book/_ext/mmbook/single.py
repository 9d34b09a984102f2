"""One page built alone (`make page PAGE=name`), also where no other page ever was.

Sphinx reads every page, for their numbers and titles, and writes this one. Of the others nothing is said, and links to
those that are not built are plain text.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

from docutils.nodes import Node
from sphinx.util.logging import NAMESPACE, WarningStreamHandler, get_node_location

LINK = re.compile(r' href="(?P<file>[^":#?]+\.html)[^"]*"')


class OnlyOf(logging.Filter):
    """Lets pass what is said of one page, or of none. A number of a page that did not run is no fault."""

    def __init__(self, app, docname: str):
        super().__init__()
        self.places = docname, str(Path(app.srcdir, docname)) + "."

    def filter(self, record) -> bool:
        place = getattr(record, "location", None)
        if isinstance(place, tuple):
            place = place[0]
        elif isinstance(place, Node):
            place = get_node_location(place)
        if getattr(record, "subtype", None) == "glue_ref":
            return False
        return not place or place == self.places[0] or str(place).startswith(self.places[1])


def listen_only(app, docname: str) -> None:
    """Drop the warnings of all other pages, before they are counted."""
    for handler in logging.getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.filters.insert(0, OnlyOf(app, docname))


def plain_links(path: Path, text: str) -> str:
    """The page of that path with those links removed that lead to pages which are not there."""

    def keep(link):
        return link[0] if (path.parent / link["file"]).is_file() else ""

    return LINK.sub(keep, text)
