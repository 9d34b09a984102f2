"""What is shown: results, hints, progress, and the one way in which our short texts become HTML.

Colours come from the book's CSS variables, with fall-backs that are readable on light and on dark ground: text always
has the surrounding colour, and colour alone says nothing.
"""

import html
import re
from dataclasses import dataclass

MARKS = {"correct": "✓", "incorrect": "✗", "not attempted": "○", "error": "!"}
COLOURS = {
    "correct": "var(--mm-good, #2e9d5b)",
    "incorrect": "var(--mm-bad, #d0533f)",
    "not attempted": "var(--mm-muted, #808890)",
    "error": "var(--mm-warn, #c98a1b)",
}

_PARTS = re.compile(r"(`[^`\n]+`|\$[^$\n]+\$|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*)")


def escape(text):
    """Text as HTML that is text: quotation marks too, so that it may stand in an attribute."""
    return html.escape(str(text), quote=True)


def inline(text):
    """Our short texts as HTML: `code`, $mathematics$, **strong** and *emphasis*; everything else is escaped."""
    done = []
    for part in _PARTS.split(str(text)):
        body = escape(part[1:-1])
        if len(part) > 2 and part[0] == part[-1] == "`":
            done.append(f"<code>{body}</code>")
        elif len(part) > 2 and part[0] == part[-1] == "$":
            # Sphinx's own classes: MathJax reads them in the book, and JupyterLab reads \( \) everywhere.
            done.append(f'<span class="math notranslate nohighlight">\\({body}\\)</span>')
        elif len(part) > 4 and part.startswith("**") and part.endswith("**"):
            done.append(f"<strong>{escape(part[2:-2])}</strong>")
        elif len(part) > 2 and part[0] == part[-1] == "*":
            done.append(f"<em>{body}</em>")
        else:
            done.append(escape(part).replace("\n", "<br>"))
    return "".join(done)


def _message(text):
    """A result's message: only `code` is marked up, as it may quote what a student's code says."""
    pieces = re.split(r"(`[^`\n]+`)", str(text))
    return "".join(
        f"<code>{escape(p[1:-1])}</code>" if len(p) > 2 and p[0] == p[-1] == "`" else escape(p).replace("\n", "<br>")
        for p in pieces
    )


def _result(status, message, tail=""):
    """The box that a check shows."""
    small = f'<div style="font-size:0.85em;margin-top:0.3em">{_message(tail)}</div>' if tail else ""
    return (
        f'<div class="mm-result mm-result-{status.replace(" ", "-")}" role="status" style="border-left:4px solid '
        f'{COLOURS[status]};padding:0.4em 0.8em;margin:0.4em 0;max-width:50em;overflow-wrap:anywhere">'
        f'<strong><span aria-hidden="true">{MARKS[status]}</span> {status.capitalize()}.</strong> '
        f"{_message(message)}{small}</div>"
    )


def _progress(table):
    """The progress table."""
    head = "".join(
        f'<th scope="col" style="text-align:left">{h}</th>' for h in ("Exercise", "Level", "Status", "Help used")
    )
    bodies = []
    for page, (done, count) in table.pages.items():
        rows = [
            f'<tr><th scope="rowgroup" colspan="4" style="text-align:left;padding-top:0.6em">{escape(page)}: {done} of '
            f"{count}</th></tr>"
        ]
        for name, title, level, status, hints, seen in table.rows:
            if name.partition(".")[0] != page:
                continue
            extra = [f"{hints} hint{'s' * (hints != 1)}"] * bool(hints) + ["solution seen"] * seen
            rows.append(
                f'<tr><th scope="row" style="text-align:left;font-weight:normal">{escape(title)} '
                f"<code>{escape(name)}</code></th>"
                f'<td style="text-align:left">{level}</td><td style="text-align:left;white-space:nowrap">'
                f'<span aria-hidden="true" style="border-left:4px solid '
                f'{COLOURS[status]};padding-left:0.4em">{MARKS[status]}</span> '
                f'{status}</td><td style="text-align:left">{", ".join(extra) or "none"}</td></tr>'
            )
        bodies.append(f"<tbody>{''.join(rows)}</tbody>")
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    following = f"<p>{_message(table.said_next)}</p>" if table.next else ""
    return (
        f'<table class="mm-progress"><caption>{table.done} of {len(table.rows)} exercises solved</caption>'
        f"<thead><tr>{head}</tr></thead>{''.join(bodies)}</table>{following}{note}"
    )


@dataclass(frozen=True)
class Result:
    """What a check says.

    ``status`` is "correct", "incorrect", "not attempted" or "error"; ``message`` is for the student; ``seed`` repeats
    the same random inputs, ``check(name, answer, seed=…)`` (None where none were drawn); ``note`` is about the stored
    progress.
    """

    name: str
    status: str
    message: str
    seed: int | None = None
    note: str = ""

    @property
    def _again(self):
        wanted = self.status in ("incorrect", "error") and self.seed is not None
        return f"The same inputs again: `seed={self.seed}`." if wanted else ""

    def __repr__(self):
        tail = " ".join(filter(None, [self._again, self.note]))
        return f"{MARKS[self.status]} {self.status.capitalize()}: {self.message}" + (f"\n  {tail}" if tail else "")

    __str__ = __repr__

    def _repr_html_(self):
        return _result(self.status, self.message, " ".join(filter(None, [self._again, self.note])))


class Shown:
    """A text that notebooks render as Markdown and interpreters print as it is."""

    def __init__(self, text, markdown=None):
        self.text, self._markdown = text, text if markdown is None else markdown

    def __repr__(self):
        return self.text

    __str__ = __repr__

    def _repr_markdown_(self):
        return self._markdown


class Progress:
    """The table of what is done, page by page. ``rows`` holds (name, title, level, status, hints, solution seen) for
    every exercise, ``pages`` page -> (solved, all), ``next`` the name of the exercise that comes next ("" after the
    last): the first core one that is not solved, else the first."""

    def __init__(self, rows, note=""):
        self.rows, self.note = rows, note
        self.pages = {}
        for name, *_, status, _hints, _seen in rows:
            done, count = self.pages.get(name.partition(".")[0], (0, 0))
            self.pages[name.partition(".")[0]] = done + (status == "correct"), count + 1
        left = [row for row in rows if row[3] != "correct"]
        self.next = next((row[0] for row in left if row[2] == "core"), left[0][0] if left else "")

    @property
    def done(self):
        """How many exercises are solved."""
        return sum(row[3] == "correct" for row in self.rows)

    @property
    def said_next(self):
        title = next(row[1] for row in self.rows if row[0] == self.next)
        return f"Next: {title} (`{self.next}`)."

    def __repr__(self):
        width = max([len(row[0]) for row in self.rows], default=0)
        lines = [f"{self.done} of {len(self.rows)} exercises solved"]
        for page, (done, count) in self.pages.items():
            lines.append(f"{page}: {done} of {count}")
            for name, _, level, status, hints, seen in self.rows:
                if name.partition(".")[0] == page:
                    extra = [f"{hints} hint{'s' * (hints != 1)}"] * bool(hints) + ["solution seen"] * seen
                    lines.append(f"  {name:{width}}  {level:7}  {status:13}  {', '.join(extra)}".rstrip())
        return "\n".join(lines + [self.said_next] * bool(self.next) + [self.note] * bool(self.note))

    def _repr_html_(self):
        return _progress(self)
