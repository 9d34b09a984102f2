"""Roles, links and images inside a paragraph, rewritten for a notebook. Code and mathematics stay as they are."""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from pathlib import Path

from ..blocks import PageError
from ..directives import module_path
from ..evidence import NUMBER
from .lookup import Lookup, Missing

SMALL = 150_000  # bytes; a larger image is linked, not embedded
PIECE = re.compile(
    r"""
      (?P<blank>(?<=\S)[ \t]*\n?[ \t]*)?\{claim\}(?P<mark>`+)(?P<claim>.+?)(?P=mark)(?!`)
    | \{(?P<role>[A-Za-z][\w:+-]*)\}(?P<tick>`+)(?P<body>.+?)(?P=tick)(?!`)
    | (?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))
    | (?P<math>(?<![\\$])\$\$?(?!\s)(?:[^$\\]|\\.)+?(?<!\s)\$\$?)
    | (?P<bang>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<target>[^()\s]+)(?P<title>[ ]"[^"]*")?\)(?:\{[^}\n]*\})?
    | \[(?P<span>[^\[\]]+)\]\{[.\#][^}\n]*\}
    | (?P<footnote>\[\^[^\]]+\])
    """,
    re.S | re.X,
)
TITLED = re.compile(r"^(?P<title>.*?)\s*<(?P<target>[^<>]+)>$", re.S)


class Inline:
    """Rewrites the text of one page, whose file is `path`."""

    def __init__(self, lookup: Lookup, path: Path):
        self.lookup, self.path, self.root = lookup, path, lookup.project.root

    def __call__(self, text: str, line: int = 0) -> str:
        """The text for a notebook. Raises PageError with the line for what is unknown or cannot be shown."""

        def replace(match):
            try:
                return self._piece(match, line)
            except Missing as missing:
                raise PageError(str(missing), line + text[: match.start()].count("\n")) from missing
            except PageError as error:
                raise PageError(str(error), line + text[: match.start()].count("\n")) from error

        return PIECE.sub(replace, text)

    def _piece(self, match, line: int) -> str:
        if match["claim"]:
            if match["blank"] is None:
                raise PageError(f"A mark stands behind its sentence. Received: {match[0]!r} at the head of a line.")
            return ""  # a check in a cell of the notebook says it
        if match["role"]:
            return self.role(match["role"], match["body"])
        if match["code"] or match["math"]:
            return match[0]
        if match["target"]:
            if match["bang"]:
                return self.image(match["target"], match["text"])
            return f"[{self(match['text'], line)}]({self.link(match['target'])}{match['title'] or ''})"
        if match["span"]:
            return self(match["span"], line)
        raise PageError("Footnotes do not render in notebooks; use a parenthesis.")

    # ── roles ───────────────────────────────────────────────────────────────────────────────────────

    def role(self, role: str, body: str) -> str:
        look = self.lookup
        titled = TITLED.match(body)
        title, target = (titled["title"], titled["target"]) if titled else (None, body)
        if role in ("glue:text", "glue"):
            return look.value(body)
        if role in ("eq", "math:numref"):
            number, docname, anchor = look.equation(target)
            return f"({number})" if docname == look.docname else f"[({number})]({look.project.page(docname, anchor)})"
        if role in ("cite", "cite:p", "cite:t"):
            works = [look.citation(key.strip()) for key in body.split(",")]
            if role == "cite:t":
                return ", ".join(f"{who} [[{year}]({url})]" for who, year, url in works)
            return "[" + ", ".join(f"[{who}, {year}]({url})" for who, year, url in works) + "]"
        if role == "term":
            return f"[{title or target}]({look.term(target)})"
        if role == "doc":
            name, url = look.page(target)
            return f"[{title or name}]({url})"
        if role == "numref" or (role == "ref" and look.exercise(target)):
            text, docname, anchor = look.numbered(target, title if role == "numref" else None)
            text = title if title and role == "ref" else text
            return text if docname == look.docname else f"[{text}]({look.project.page(docname, anchor)})"
        if role == "ref":
            docname, anchor, name = look.label(target)
            return f"[{title or name}]({look.project.page(docname, anchor)})"
        if role == "module":
            path = module_path(body)
            if path is None:
                raise PageError(f"There is no module of this name. Received: {body!r}.")
            return f"[`{body}`]({look.project.blob(path)})"
        if role in ("sub", "sup", "kbd", "abbr"):
            return f"<{role.replace('abbr', 'span')}>{html.escape(body)}</{role.replace('abbr', 'span')}>"
        if role == "math":
            return f"${body}$"
        if role in ("code", "literal"):
            return f"`{body}`"
        raise PageError(f"The notebooks do not know this role. Received: {role!r}.")

    # ── links and images ────────────────────────────────────────────────────────────────────────────

    def link(self, target: str) -> str:
        if re.match(r"^(https?:|mailto:|data:)", target):
            return target
        path, _, anchor = target.partition("#")
        if not path:
            return self.lookup.project.page(self.lookup.docname, anchor)
        if path.endswith(".md"):
            docname = self.lookup.resolve(path.removesuffix(".md"))
            self.lookup.page("/" + docname)
            return self.lookup.url(docname, anchor)
        return self.lookup.project.blob(self._inside(path))

    def image(self, target: str, alt: str, width: str = "") -> str:
        """An HTML image; a small file lies inside the notebook, a larger one is read from the repository."""
        alt = self.alt(alt)
        if not alt.strip():
            raise PageError(f"An image has no alt text. Received: {target!r}.")
        inside = self._inside(target)
        data = (self.root / inside).read_bytes()
        source = self.lookup.project.raw(inside)
        if len(data) <= SMALL:
            kind = mimetypes.guess_type(inside)[0]
            source = f"data:{kind};base64,{base64.b64encode(data).decode()}"
        size = f' width="{width}"' if width else ""
        return f'<img src="{source}" alt="{html.escape(alt)}"{size}>'

    def alt(self, text: str) -> str:
        """The text for those who cannot see a picture, with its bound numbers."""
        return NUMBER.sub(lambda found: self.lookup.value(found[1]), text)

    def _inside(self, target: str) -> str:
        path = (self.root / target[1:] if target.startswith("/") else self.path.parent / target).resolve()
        if not path.is_file() or self.root.resolve() not in path.parents:
            raise PageError(f"There is no such file in the project. Received: {target!r}.")
        return path.relative_to(self.root.resolve()).as_posix()
