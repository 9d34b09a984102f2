"""What a page of the site may load and run: a Content-Security-Policy, in its head.

Everything comes from the site itself. Scripts that stand in a page (the theme's, quizzes, players) and what the theme's
buttons do when they are pressed are allowed by their hashes, so nothing else that gets into a page runs. Styles may
stand anywhere: MathJax writes its own, and so do tables and players. `file:` is for a book that is opened from a disk,
where 'self' is nothing in some browsers; a page from the web may not load files anyway.

A policy in a page cannot say who may frame it; that takes a header, which GitHub Pages does not let us send.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

META = '<meta http-equiv="Content-Security-Policy" content="{}">'
PLACE = re.compile(r"<head[^>]*>(\s*<meta charset[^>]*>)?")
OLD = re.compile(r'\n?<meta http-equiv="Content-Security-Policy" content="[^"]*">')
OWN = "'self' file:"
BUTTONS = ("toggleFullScreen()", "window.print()")  # the theme's; the search page parses those of the pages it finds
CODE = ("", "module", "text/javascript", "application/javascript")  # other types are data, which no browser runs


class _Scripts(HTMLParser):
    """The scripts of a page that stand in it, and what its elements do on events."""

    def __init__(self):
        super().__init__()
        self.scripts, self.events, self.open = [], [], False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.events += [value or "" for name, value in attributes if name.startswith("on")]
        self.open = tag == "script" and "src" not in given and (given.get("type") or "").lower() in CODE
        if self.open:
            self.scripts.append("")

    def handle_data(self, data):
        if self.open:
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        self.open = False


def _hashes(texts) -> str:
    return "".join(f" 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in sorted(set(texts)))


def policy(page: str) -> str:
    """The policy that lets this page do what stands in it."""
    found = _Scripts()
    found.feed(page)
    found.close()
    rules = {
        "default-src": OWN,
        "script-src": f"{OWN}{_hashes(found.scripts)} 'unsafe-hashes'{_hashes([*BUTTONS, *found.events])}",
        "style-src": f"{OWN} 'unsafe-inline'",
        "img-src": f"{OWN} data:",
        "media-src": f"{OWN} data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": OWN,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def with_policy(page: str) -> str:
    """The page with its policy at the beginning of its head, in the place of an older one; without a head as it is.
    Only the encoding stands before it: browsers look for that in the first 1,024 bytes."""
    page = OLD.sub("", page)
    return PLACE.sub(lambda head: f"{head[0]}\n{META.format(policy(page))}", page, count=1)
