"""Evidence that readers can open: what a page claims, in a fold at the end of the section, and marks that lead there.

A removed cell that states claims (`mmcourse.book.holds`) is kept by `expand` under the tag `evidence`. Here such cells
become one closed fold a section: each claim's sentence, its values, its control, in how many of the recorded stability
runs it held, and the code. A page writes {claim}`words` behind a sentence; the words are a part of one claim of that
page, as this run words it. So does a quiz of the page, behind the explanation of an option (`data-claim`).
"""

from __future__ import annotations

import ast
import html
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_id

from mmcourse.book import CLAIM

from . import stability_record
from .expand import EVIDENCE
from .pages import Page
from .stability_record import Recorded

LOGGER = logging.getLogger(__name__)
NUMBER = re.compile(r"\{glue:text\}`([^`]+)`")
TICK = '<svg aria-hidden="true" viewBox="0 0 16 16"><path d="M2.5 8.5l4 4 7-9"/></svg>'
IN_QUIZ = re.compile(r'<span data-claim="([^"]*)"></span>')
SHORT = 6  # words of a claim in its address


def glued(env, docname: str) -> dict[str, str]:
    """All that the run of a page handed to it, name → text: bound numbers, and claims under `CLAIM` and their words."""
    path = Path(env.mystnb_config.output_folder, f"{docname}.glue.json")
    found = json.loads(path.read_text("utf8")) if path.is_file() else {}
    texts = {name: one["data"]["text/plain"] for name, one in found.items()}
    return {name: ast.literal_eval(text) if text[:1] in "'\"" else text for name, text in texts.items()}


def bound(env, docname: str) -> dict[str, str]:
    """The bound numbers of a page, name → text."""
    return {name: text for name, text in glued(env, docname).items() if not name.startswith(CLAIM)}


@dataclass
class Claim:
    """One claim as the run stated it: its clause, what it rests on, its control, the checksum of its cell's code."""

    words: str
    values: str
    control: str
    cell: int
    place: str = ""

    def facts(self, held: str) -> str:
        """What stands below the sentence; "" where there is nothing to say."""
        parts = self.values, self.control and f"control: {self.control}", held
        return ". ".join(sentence(part.rstrip(".")) for part in parts if part)


def claims(env, docname: str) -> list[Claim]:
    """The claims of a page, in the order in which the run stated them."""
    found = glued(env, docname).items()
    return [Claim(name.removeprefix(CLAIM), **json.loads(text)) for name, text in found if name.startswith(CLAIM)]


class claim_mark(nodes.Inline, nodes.Element):
    """Stands where a mark will be, once all claims of the page are known; `words` are what the page wrote."""


class ClaimRole(SphinxRole):
    """{claim}`words`: a mark behind a sentence that leads to its evidence."""

    def run(self):
        return [claim_mark(words=" ".join(self.text.split()))], []


def show(app, doctree) -> None:
    """On `doctree-read`: fold the evidence of each section, and set the marks."""
    docname = app.env.docname
    recorded = stability_record.of(Page(Path(app.srcdir), docname), app.config.mm_exercises)
    stated, sections = claims(app.env, docname), {}
    for cell in [one for one in doctree.findall(nodes.container) if f"tag_{EVIDENCE}" in one["classes"]]:
        code = zlib.crc32(cell.astext().strip().encode())
        found = [claim for claim in stated if claim.cell == code]
        section = _section(cell)
        cell.parent.remove(cell)
        cell["classes"] = ["cell"]
        if found:
            sections.setdefault(id(section), (section, []))[1].append((cell, found))
    for section, cells in sections.values():
        end = next((i for i, part in enumerate(section.children) if isinstance(part, nodes.section)), len(section))
        section[end:end] = fold(app.env, doctree, cells, recorded)
    shown = [claim for claim in stated if claim.place]

    def link(words: str) -> str:
        try:
            return _link(which(words, shown))
        except LookupError as error:
            LOGGER.error(str(error.args[0]), location=(docname, _line(app.env, docname, words)))
            return ""

    for mark in list(doctree.findall(claim_mark)):
        _hang(mark)
        mark.parent.replace(mark, nodes.raw("", link(mark["words"]), format="html"))
    for box in [one for one in doctree.findall(nodes.container) if "quiz" in one["classes"]]:
        (quiz,) = box.children
        made = IN_QUIZ.sub(lambda found: link(html.unescape(found[1])), quiz.astext())
        box.replace(quiz, nodes.raw("", made, format="html"))


def fold(env, doctree, cells: list[tuple[nodes.Element, list[Claim]]], recorded: Recorded) -> list[nodes.Node]:
    """The fold of one section: for each cell its claims, in how many runs each held, what numbers moved, its code."""
    count = sum(len(found) for _, found in cells)
    title = "Evidence: the claim above" if count == 1 else f"Evidence: the {count} claims above"
    parts: list[nodes.Node] = [nodes.raw("", f'<details class="mm-evidence"><summary>{title}</summary>', format="html")]
    for cell, found in cells:
        items = nodes.bullet_list(classes=["mm-claims"])
        for claim in found:
            claim.place = make_id(env, doctree, "claim", " ".join(claim.words.split()[:SHORT]))
            item = nodes.list_item("", nodes.paragraph("", f"{sentence(claim.words)}."))
            if facts := claim.facts(recorded.held(claim.words)):
                item += nodes.paragraph("", f"{facts}.", classes=["mm-facts-of-claim"])
            item["ids"].append(claim.place)
            doctree.ids[claim.place] = item
            items += item
        parts.append(items)
        if moved := recorded.moved(cell.astext()):
            parts.append(nodes.paragraph("", f"Over these runs: {moved}.", classes=["mm-facts-of-claim"]))
        parts.append(cell)
    return [*parts, nodes.raw("", "</details>", format="html")]


def sentence(clause: str) -> str:
    """A clause that can begin a sentence; letters and names with a hyphen stay as they are."""
    return re.sub(r"^(a|[a-z]{2,})\b(?!-)", lambda found: found[0][0].upper() + found[0][1:], clause)


def which(words: str, stated: list[Claim]) -> Claim:
    """The one claim that the words are a part of, or the whole of. Raises LookupError, with the claims there are."""
    found = [claim for claim in stated if words in " ".join(claim.words.split())]
    found = [claim for claim in found if words == claim.words] or found
    if len(found) != 1:
        allowed = "; ".join(repr(claim.words) for claim in found or stated) or "none"
        what = f"part of {len(found)} claims" if found else "part of no claim"
        raise LookupError(f"These words are {what} of this page. Received: {words!r}. Allowed: {allowed}.")
    return found[0]


def _link(claim: Claim) -> str:
    title = html.escape(f"Evidence: {claim.words}")
    # U+2060: no line begins with a mark.
    return f'&#8288;<a class="mm-claim" href="#{claim.place}" title="{title}" aria-label="evidence">{TICK}</a>'


def _hang(mark) -> None:
    """Take out the blank before a mark, that it hangs on its sentence."""
    index = mark.parent.index(mark)
    before = mark.parent[index - 1] if index else None
    if isinstance(before, nodes.Text):
        mark.parent.replace(before, nodes.Text(before.rstrip()))


def _section(node):
    """The section of the second level that a node stands in, or the page's own."""
    found = []
    while node is not None:
        found += [node] if isinstance(node, nodes.section) else []
        node = node.parent
    return found[-2] if len(found) > 1 else found[0]


def _line(env, docname: str, words: str) -> int:
    """The line of a mark in the page's source: those that Sphinx counts move with each exercise written out."""
    text = Path(env.doc2path(docname)).read_text("utf8")
    found = re.search(r"\{claim\}`+\s*" + r"\s+".join(map(re.escape, words.split())), text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def setup(app):
    app.add_role("claim", ClaimRole())
    app.connect("doctree-read", show)
