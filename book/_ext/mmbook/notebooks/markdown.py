"""A page as the cells of a notebook: the author's Markdown kept, directives rewritten, solutions left out."""

from __future__ import annotations

import html
import re

from .. import real
from ..blocks import Block, PageError, blocks
from ..directives import facts
from ..expand import NEEDS_DATA, effort, error_help_source, find, label
from . import cells
from .inline import Inline
from .lookup import Missing

MARKS = {
    "note": "📝 Note",
    "tip": "💡 Tip",
    "hint": "💡 Hint",
    "important": "❗ Important",
    "seealso": "👀 See also",
    "warning": "⚠️ Warning",
    "caution": "⚠️ Caution",
    "attention": "⚠️ Attention",
    "danger": "⛔ Danger",
    "error": "⛔ Error",
    "admonition": "💡 ",
}
TRANSPARENT = ("tab-set", "grid", "grid-item", "div", "container", "margin", "sidebar")
DISPLAY = re.compile(r"^\$\$(?P<tex>.+?)\$\$[ \t]*(?:\((?P<label>[\w:.-]+)\))?[ \t]*$", re.S | re.M)
AMSMATH = re.compile(
    r"^\\begin\{(?P<name>align|gather|equation|multline)(?P<star>\*?)\}(?P<tex>.*?)^\\end\{(?P=name)\*?\}[ \t]*$",
    re.S | re.M,
)


class Writer:
    """Turns blocks into Markdown, or, at the top of the page, into cells."""

    def __init__(self, inline: Inline, front: dict, module: str):
        self.inline, self.lookup, self.front, self.module = inline, inline.lookup, front, module
        self.cells: list = []
        self.with_data = 0  # cells for real data so far

    # ── the page ────────────────────────────────────────────────────────────────────────────────────

    def page(self, found: list[Block]) -> list:
        """The cells of the page, without those that every notebook begins and ends with."""
        waiting: list[str] = []

        def flush():
            text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(part.strip("\n") for part in waiting if part.strip()))
            self.cells += [cells.markdown(part) for part in cells.at_headings(text)]
            waiting.clear()

        solution = False
        for block in found:
            try:
                if block.name == "solution-start":
                    solution = True
                elif block.name == "solution-end":
                    solution = False
                elif solution:
                    continue
                elif block.name in ("code-cell", "exercise-cell", "quiz", "error-help"):
                    flush()
                    self.cells += getattr(self, block.name.replace("-", "_"))(block)
                else:
                    waiting.append(self.block(block))
            except Missing as missing:
                raise PageError(str(missing), block.line) from missing
        flush()
        return self.cells

    def code_cell(self, block: Block) -> list:
        source = "\n".join(block.body)
        made = [cells.code(source, block.tags)]
        if NEEDS_DATA in block.tags:
            words, text = real.recorded(self.lookup.project, self.lookup.docname, self.with_data, source)
            self.with_data += 1
            made.append(cells.markdown(f"{words}\n\n```text\n{text}\n```" if text else words))
        options = block.options.get("mystnb") or {}
        figure, alt = options.get("figure") or {}, self.inline.alt(str((options.get("image") or {}).get("alt", "")))
        if figure:
            caption = f"**{self.lookup.figure(figure['name'])}** {self.inline(str(figure['caption']), block.line)}"
            words = f"<details><summary>The figure in words</summary>\n\n{alt}\n\n</details>"
            made.append(cells.markdown(f"{caption}\n\n{words}" if alt else caption))
        return made

    def exercise_cell(self, block: Block) -> list:
        exercise = find(self.module, block.argument, block.line)
        mark = label(exercise.name)
        number = self.lookup.numbered(mark)[0]
        task = self.markdown(str(exercise.task).strip().split("\n"), block.line)
        book = self.lookup.project.page(self.lookup.docname, f"solution{mark.removeprefix('exercise')}")
        about = f"*{exercise.kind} · {exercise.level} · {effort(exercise)}*"
        return [
            cells.markdown(
                f"### ✏️ {number}: {exercise.title}\n\n{about}\n\n{task}\n\nStuck? `hint` helps twice. "
                f'`solution("{exercise.name}")` shows a plan, then a skeleton, then the whole. Tried it? Compare with '
                f"[the solution in the book]({book})."
            ),
            cells.code(exercise.stub, ["exercise"]),
            cells.code(f"from {self.module} import check, hint, solution\n\n{exercise.check_source}"),
            cells.code(f'hint("{exercise.name}")'),
        ]

    def quiz(self, block: Block) -> list:
        return [cells.code(f'from {self.module} import quiz\n\nquiz("{block.argument}")')]

    def error_help(self, block: Block) -> list:
        inside = self.markdown(error_help_source(self.module, block.argument, block.line).split("\n"), block.line)
        return [cells.markdown(f"### Help: I see an error\n\n{inside}")]

    # ── blocks inside the page and inside each other ────────────────────────────────────────────────

    def markdown(self, lines: list[str], line: int) -> str:
        parts = [self.block(block) for block in blocks(lines, line)]
        return "\n\n".join(part.strip("\n") for part in parts if part.strip())

    def block(self, block: Block) -> str:
        if block.name:
            return self.directive(block)
        return block.text if block.fence else self.text(block.lines, block.line)

    def text(self, lines: list[str], line: int) -> str:
        """Lines outside every fence: labels, comments and block attributes go; mathematics gets its numbers."""
        kept, before = [], ""
        for offset, one in enumerate(lines):
            if re.match(r"^\([\w:.+ -]+\)=\s*$|^%( |$)|^\{[.#][^}]*\}\s*$|^\+\+\+", one):
                one = ""
            if re.match(r"^:\s+\S", one) and before.strip():
                raise PageError("Definition lists do not render in notebooks; use a table.", line + offset)
            if re.match(r"^\s{4,}(`{3,}|:{3,})\{", one):
                raise PageError("A directive inside a list item cannot be rewritten; move it out.", line + offset)
            kept.append(one)
            before = one
        text = "\n".join(kept)
        text = DISPLAY.sub(lambda m: self.display(m["tex"].strip(), m["label"]), text)
        for found in AMSMATH.finditer(text):
            if not found["star"]:
                message = (
                    f"The book numbers this environment, a notebook cannot: write {found['name']}*, or $$ … $$ (label)."
                )
                raise PageError(message, line + text[: found.start()].count("\n"))
        text = AMSMATH.sub(lambda m: self.display(aligned(m["name"], m["tex"])), text)
        return self.inline(text, line)

    def display(self, tex: str, mark: str | None = None) -> str:
        tag = f" \\tag{{{self.lookup.equation(mark)[0]}}}" if mark else ""
        return f"$$\n{tex}{tag}\n$$"

    def directive(self, block: Block) -> str:
        name, options, line = block.name, block.options, block.body_line
        title = self.inline(block.argument, block.line) if block.argument else ""

        def inside():
            return self.markdown(block.body, line)

        if name in MARKS and "dropdown" in options.get("class", ""):
            return folded(title or MARKS[name], inside())
        if name == "admonition":
            mark = MARKS.get(options.get("class", "").split(" ")[0], MARKS["admonition"]).split(" ")[0]
            return quoted(f"**{mark} {title}**", inside())
        if name in MARKS:
            return quoted(f"**{MARKS[name]}**", "\n\n".join(filter(None, [title, inside()])))
        if name == "page-box":
            row = facts(self.lookup.project, self.lookup.docname, self.front)
            return quoted("**About this page**", inside() + "\n\n" + " · ".join(f"{k}: {v}" for k, v in row.items()))
        if name == "dropdown":
            return folded(title, inside())
        if name == "math":
            return self.display("\n".join(block.body).strip(), options.get("label"))
        if name in ("figure", "image"):
            image = self.inline.image(block.argument, options.get("alt", ""), options.get("width", ""))
            if name == "image":
                return image
            number = f"**{self.lookup.figure(options['name'])}** " if "name" in options else ""
            return f"{image}\n\n{number}{inside()}"
        if name in ("table", "list-table"):
            number = f"**{self.lookup.figure(options['name'])}** " if "name" in options else ""
            body = inside() if name == "table" else self.list_table(block)
            return "\n\n".join(filter(None, [(number + title).strip(), body]))
        if name in TRANSPARENT:
            return inside()
        if name in ("tab-item", "card", "grid-item-card"):
            return f"**{title}**\n\n{inside()}"
        if name in ("code-block", "code", "sourcecode"):
            return f"```{block.argument}\n" + "\n".join(block.body) + "\n```"
        raise PageError(f"The notebooks do not know this directive. Received: {name!r}.", block.line)

    def list_table(self, block: Block) -> str:
        """A table written as a list of lists, as a Markdown table."""
        rows: list[list[str]] = []
        for one in block.body:
            if first := re.match(r"^[*-] [*-] (.*)$", one):
                rows.append([first[1]])
            elif further := re.match(r"^  [*-] (.*)$", one):
                rows[-1].append(further[1])
            elif one.strip() and rows:
                rows[-1][-1] += " " + one.strip()
        rows = [[self.inline(cell, block.body_line).replace("|", "\\|") for cell in row] for row in rows]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def aligned(name: str, tex: str) -> str:
    """What a numbered environment of amsmath holds, for use inside dollars."""
    inner = {"align": "aligned", "gather": "gathered"}.get(name)
    return f"\\begin{{{inner}}}{tex}\\end{{{inner}}}" if inner else tex.strip()


def quoted(title: str, body: str) -> str:
    """A box. JupyterLab breaks mathematics over several lines of a quotation, so each display stands on one."""
    body = re.sub(r"\$\$\n(.*?)\n\$\$", lambda m: "$$" + " ".join(m[1].split("\n")) + "$$", body, flags=re.S)
    return "\n".join(f"> {line}".rstrip() for line in [title, "", *body.strip().split("\n")])


def folded(title: str, body: str) -> str:
    marked = re.search(r"[$<*\[]", re.sub(r"`[^`]*`", "", title))
    shown = title if marked else re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(title, quote=False))
    return f"<details>\n<summary>{shown}</summary>\n\n{body}\n\n</details>"
