"""What the curriculum asks for, and the pages that teach it: `book/_ext/status.md`, which `make status` writes.

It is for maintainers, so it is no page of the book. It is made of the front matter of the pages of the contents; what
none of them claims is planned.
"""

from __future__ import annotations

import re
from pathlib import Path

from .frontmatter import curriculum
from .pages import Page, pages

STATUS = "book/_ext/status.md"
INTRODUCTION = """\
# Status

What the pages of the book say of themselves in their front matter; `make status` writes this file. A topic is taught
where a page names the heading that teaches it, a mistake is shown where a page runs it and lets it fail.
"""


def places(found: list[Page]) -> tuple[dict, dict]:
    """Topic → [(page, heading)] and number of a mistake → [page], from the front matter of pages."""
    topics, errata = {}, {}
    for page in found:
        for topic, headings in (page.front.get("covers") or {}).items():
            for one in [headings] if isinstance(headings, str) else headings:
                topics.setdefault(topic, []).append((page, one))
        for number in page.front.get("errata") or []:
            errata.setdefault(number, []).append(page)
    return topics, errata


def title(page: Page) -> str:
    """The first heading of a page."""
    found = re.search(r"^# +(.+?) *$", page.text, re.M)
    return found[1] if found else page.name


def status(found: list[Page]) -> str:
    """The text of the file, for these pages."""
    topics, errata = places(found)

    def link(page: Page, text: str) -> str:
        return f"[{text}](../{page.docname.removeprefix('book/')}.md)"

    taught = {topic: [link(page, f"{title(page)}: {head}") for page, head in on] for topic, on in topics.items()}
    shown = {number: [link(page, title(page)) for page in on] for number, on in errata.items()}
    wanted = curriculum()
    parts = [
        INTRODUCTION,
        table("Topics", "Taught in", wanted["topics"], taught),
        table("Mistakes of published tutorials", "Shown failing in", wanted["errata"], shown),
    ]
    return "\n".join(parts)


def table(head: str, where: str, wanted: dict, links: dict) -> str:
    """One section: how many there are, and a row for each."""
    done = sum(mark in links for mark in wanted)
    rows = [f"| {mark} | {words} | {', '.join(links.get(mark, ['*planned*']))} |" for mark, words in wanted.items()]
    count = f"{done} of {len(wanted)} so far; the others are planned."
    return "\n".join([f"## {head}", "", count, "", f"| | | {where} |", "|---|---|---|", *rows, ""])


def write(root: Path) -> None:
    """Write the file of the project in `root`."""
    (root / STATUS).write_text(status(pages(root)), "utf8")
