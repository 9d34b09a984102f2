"""What a page says of itself in its front matter, and whether it is true.

`covers` (topic of the curriculum → heading that teaches it) · `errata` (numbers shown live) · `shows` (public
objects) · `level` · `colab` · `needs_data` · `extra` (of
pyproject.toml, what the page's code needs besides). A wrong entry stops the build.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util import logging

from .blocks import PageError, front_matter
from .directives import installed_file
from .expand import expand

LOGGER = logging.getLogger(__name__)
LEVELS = ("core", "stretch")
COLAB = ("cpu", "gpu")
OWN = {"covers", "errata", "shows", "level", "colab", "needs_data", "extra"}


@lru_cache
def curriculum() -> dict:
    """`topics`: id → title, in teaching order; `errata`: number → title."""
    return yaml.safe_load(Path(__file__).with_name("curriculum.yml").read_text("utf8"))


def problems(front: dict) -> list[str]:
    """Everything that is wrong with the course's own entries, as sentences (headings are checked later)."""
    known, found = curriculum(), []
    covers, errata = front.get("covers") or {}, front.get("errata") or []
    if not isinstance(covers, dict):
        return [f"'covers' maps topic ids to headings. Received: covers={covers!r}."]
    for topic in covers:
        if topic not in known["topics"]:
            found.append(f"Unknown topic in 'covers'. Received: {topic!r}. Allowed: {', '.join(known['topics'])}.")
    for number in errata:
        if number not in known["errata"]:
            found.append(f"Unknown number in 'errata'. Received: {number!r}. Allowed: 1 to {len(known['errata'])}.")
    for key, allowed in (("level", LEVELS), ("colab", COLAB)):
        if key in front and front[key] not in allowed:
            found.append(f"Received: {key}={front[key]!r}. Allowed: {', '.join(allowed)}.")
    missing = [name for name in front.get("shows") or [] if not exists(name)]
    return found + [f"'shows' names what does not exist. Received: {name!r}." for name in missing]


def exists(name: str) -> bool:
    """Whether a dotted name leads to a module or to something that a module defines; imports nothing heavy."""
    path, rest = installed_file(name)
    if path is None or len(rest) > 2:
        return False
    body = ast.parse(path.read_text("utf8")).body
    for part in rest:
        body = next((inner for names, inner in map(_defines, body) if part in names), None)
        if body is None:
            return False
    return True


def _defines(statement) -> tuple[set[str], list]:
    """The names that a statement defines, and the statements inside of it."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        return {statement.name}, statement.body
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in statement.names}, []
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    names = {node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)}
    if "__all__" in names:  # a package that imports its names when they are asked for
        names |= {node.value for node in ast.walk(statement.value) if isinstance(node, ast.Constant)}
    return names, []


def read(app, docname: str, source: list[str]) -> None:
    """On `source-read`: check and remember the front matter, then write out the exercises."""
    path = app.env.doc2path(docname)
    if not str(path).endswith(".md"):
        return
    try:
        front, _ = front_matter(source[0])
        app.env.mm_pages[docname] = {"front": {k: v for k, v in front.items() if k in OWN}, "headings": {}}
        for problem in problems(front):
            LOGGER.error(problem, location=(docname, 1))
        source[0] = expand(source[0], app.config.mm_exercises, app.config.mm_needs_data)
    except PageError as error:
        LOGGER.error(str(error), location=(docname, error.line))


def headings(app, doctree) -> None:
    """On `doctree-read`: the headings named by `covers` must be on the page."""
    docname = app.env.docname
    page = app.env.mm_pages.get(docname)
    if page is None:
        return
    found = {title.astext(): title.parent["ids"][0] for title in doctree.findall(nodes.title) if _heads(title)}
    page["headings"] = found
    for topic, heading in (page["front"].get("covers") or {}).items():
        for one in [heading] if isinstance(heading, str) else heading:
            if one not in found:
                LOGGER.error(
                    f"'covers' says that {topic} is taught under {one!r}; there is no such heading. "
                    f"Allowed: {', '.join(map(repr, found))}.",
                    location=(docname, 1),
                )


def _heads(title) -> bool:
    return isinstance(title.parent, nodes.section) and bool(title.parent["ids"])


def begin(app) -> None:
    if not hasattr(app.env, "mm_pages"):
        app.env.mm_pages = {}


def purge(app, env, docname: str) -> None:
    getattr(env, "mm_pages", {}).pop(docname, None)


def merge(app, env, docnames, other) -> None:
    env.mm_pages.update({name: other.mm_pages[name] for name in docnames if name in other.mm_pages})


def setup(app):
    app.connect("builder-inited", begin)
    app.connect("source-read", read, priority=400)
    app.connect("doctree-read", headings)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
