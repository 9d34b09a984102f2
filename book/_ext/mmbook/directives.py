"""Directives and roles of the course: `page-box`, `quiz`, `module`.

`exercise-cell` is no directive here: it is written out before Sphinx reads the page (`expand`).
"""

from __future__ import annotations

import html
import importlib.util
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from . import expand
from .project import Project

LOGGER = logging.getLogger(__name__)
NOT_MEASURED = "not measured yet"


def duration(seconds: float | None) -> str:
    """Seconds in words: `20 seconds`, `1 minute`, `2.5 minutes`."""
    if seconds is None:
        return NOT_MEASURED
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} seconds"
    minutes = round(2 * seconds / 60) / 2
    return "1 minute" if minutes == 1 else f"{minutes:g} minutes"


def facts(project: Project, docname: str, front: dict) -> dict[str, str]:
    """What a page costs, from the recorded measurement: name of the fact → its words."""
    measured = project.timings["pages"].get(docname, {})
    memory, download = measured.get("memory_mb"), measured.get("download_mb")
    row = {
        "On a CPU": duration(measured.get("seconds")),
        "On a Colab GPU": duration(measured.get("colab_seconds")),
        "Memory": NOT_MEASURED if memory is None else f"{memory / 1000:.1f} GB",
        "Download": NOT_MEASURED if download is None else "nothing" if download == 0 else f"{download:g} MB",
    }
    if front.get("needs_data"):
        row["Real data"] = "only for the last section"
    return row


class PageBox(SphinxDirective):
    """What the reader will be able to do and needs to know (the body), and what the page costs (measured)."""

    has_content = True

    def run(self):
        project = Project(Path(self.env.srcdir))
        front = self.env.mm_pages.get(self.env.docname, {}).get("front", {})
        row = facts(project, self.env.docname, front)
        box = nodes.admonition(classes=["page-box"])
        box += nodes.title("", "About this page")
        self.set_source_info(box)
        self.state.nested_parse(self.content, self.content_offset, box)
        entries = "".join(f"<div><dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd></div>" for k, v in row.items())
        machine = project.timings.get("machine")
        source = f'<p class="page-box-source">Measured on {html.escape(machine)}.</p>' if machine else ""
        box += nodes.raw("", f'<dl class="page-box-facts">{entries}</dl>{source}', format="html")
        return [box]


class QuizDirective(SphinxDirective):
    """The quiz of that name, as the HTML that it makes of itself."""

    required_arguments = 1

    def run(self):
        module = self.config.mm_exercises
        try:
            made = expand.engine(module).quiz(self.arguments[0]).to_html()
        except (LookupError, ValueError) as error:
            raise self.error(f"{error}") from error
        return [nodes.container("", nodes.raw("", made, format="html"), classes=["quiz"])]


class ModuleRole(SphinxRole):
    """A module of the package, linked to its source in the repository."""

    def run(self):
        project = Project.published(Path(self.env.srcdir))
        path = module_path(self.text)
        if path is None:
            message = self.inliner.reporter.error(f"There is no module of this name. Received: {self.text!r}.")
            return [], [message]
        reference = nodes.reference("", "", refuri=project.blob(path), internal=False)
        reference += nodes.literal("", self.text)
        return [reference], []


def module_path(name: str) -> str | None:
    """The file of a module inside the repository: `mmcourse.text` → `mmcourse/text.py`; None where there is none."""
    path, rest = installed_file(name)
    if path is None or rest:
        return None
    return name.replace(".", "/") + ("/__init__.py" if path.name == "__init__.py" else ".py")


def installed_file(name: str) -> tuple[Path | None, list[str]]:
    """The source file that a dotted name leads to, found without importing it, and the parts of the name beyond it."""
    first, *rest = name.split(".")
    spec = importlib.util.find_spec(first)
    if spec is None or not spec.origin:
        return None, rest
    path = Path(spec.origin)
    while rest:
        if path.name != "__init__.py":
            break
        inside = path.parent / rest[0]
        found = next((p for p in (inside.with_suffix(".py"), inside / "__init__.py") if p.is_file()), None)
        if found is None:
            break
        path, rest = found, rest[1:]
    return path, rest


def setup(app):
    app.add_directive("page-box", PageBox)
    app.add_directive("quiz", QuizDirective)
    app.add_role("module", ModuleRole())
