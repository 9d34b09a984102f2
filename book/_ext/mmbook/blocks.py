"""A page cut into its top-level blocks: plain text and fences, each with the line it begins at.

Everything that rewrites a page (the expansion of exercises, the student notebooks, the page contract) starts here, so
that all of them agree on what a directive is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

# Behind backquotes there may stand no other one; behind colons there may: a title with `code` in it.
FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}(?=[^`]*$)|:{3,}|~{3,})(?P<info>.*)$")
DIRECTIVE = re.compile(r"^\{(?P<name>[\w:+-]+)\}[ \t]*(?P<argument>.*)$")
OPTION = re.compile(r"^:(?P<key>[\w-]+):[ \t]*(?P<value>.*)$")


class PageError(Exception):
    """A page cannot be read. Says the line of the page, counted from 1."""

    def __init__(self, message: str, line: int = 0):
        super().__init__(message)
        self.line = line


@dataclass
class Block:
    """Plain text (`name` is None and `fence` empty), a code block, or a directive."""

    lines: list[str]
    line: int
    name: str | None = None
    argument: str = ""
    fence: str = ""
    info: str = ""
    options: dict = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    body_line: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def tags(self) -> list[str]:
        """Tags of a code cell, however they are written."""
        tags = self.options.get("tags") or []
        return [tag.strip() for tag in tags.strip("[]").split(",")] if isinstance(tags, str) else list(tags)


def front_matter(text: str) -> tuple[dict, int]:
    """The YAML at the head of a page and the number of lines it takes (0: there is none)."""
    lines = text.split("\n")
    if not lines or lines[0].strip() != "---":
        return {}, 0
    for end in range(1, len(lines)):
        if lines[end].strip() in ("---", "..."):
            return yaml.safe_load("\n".join(lines[1:end])) or {}, end + 1
    raise PageError("The front matter has no end: no second '---' was found.", 1)


def blocks(lines: list[str], first_line: int = 1) -> list[Block]:
    """Cut lines into blocks. A fence ends at the first line of at least as many of its characters."""
    found, plain, start, i = [], [], first_line, 0

    def flush():
        if plain:
            found.append(Block(list(plain), start))
            plain.clear()

    while i < len(lines):
        opening = FENCE.match(lines[i])
        if not opening:
            if not plain:
                start = first_line + i
            plain.append(lines[i])
            i += 1
            continue
        flush()
        mark = opening["fence"]
        closing = re.compile(rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
        end = next((j for j in range(i + 1, len(lines)) if closing.match(lines[j])), None)
        if end is None:
            raise PageError(f"The fence {lines[i].strip()!r} is never closed.", first_line + i)
        block = Block(lines[i : end + 1], first_line + i, fence=mark, info=opening["info"].strip())
        body = lines[i + 1 : end]
        directive = DIRECTIVE.match(block.info)
        skipped = 0
        if directive:
            block.name, block.argument = directive["name"], directive["argument"].strip()
            block.options, skipped = _options(body, first_line + i + 1)
        block.body, block.body_line = body[skipped:], first_line + i + 1 + skipped
        found.append(block)
        i = end + 1
    flush()
    return found


def page_blocks(text: str) -> tuple[dict, list[Block]]:
    """Front matter and blocks of a whole page."""
    front, skipped = front_matter(text)
    return front, blocks(text.split("\n")[skipped:], skipped + 1)


def _options(body: list[str], line: int) -> tuple[dict, int]:
    """Options at the head of a directive's body, in either of MyST's two forms, and the lines they take."""
    end = 0
    if body and body[0].strip() == "---":
        end = next((j for j in range(1, len(body)) if body[j].strip() == "---"), None)
        if end is None:
            raise PageError("The options of a directive have no end: no second '---'.", line)
        options, end = yaml.safe_load("\n".join(body[1:end])) or {}, end + 1
    else:
        options = {}
        while end < len(body) and (option := OPTION.match(body[end])):
            options[option["key"]] = option["value"]
            end += 1
    while end < len(body) and not body[end].strip():
        end += 1
    return options, end
