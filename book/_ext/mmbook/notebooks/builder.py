"""The Sphinx builder `student-notebooks`.

It reads the pages' sources and takes numbers, citations and bound values from Sphinx's environment. With
`mm_check_notebooks` it writes nothing and fails where a committed notebook is out of date. Trained numbers may differ in
their last digit from machine to machine; the committed notebook stores the values that its text quotes, the comparison
uses those, and only their names must be the same as in this run.

With `mm_published` it writes the notebooks of whoever publishes the book, at the commit that is published, with a README,
into `_build/published`: the content of the branch that Colab opens.
"""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_notebook
from sphinx.builders import Builder
from sphinx.util import logging

from ..blocks import PageError
from ..pages import Page
from ..project import Project
from . import cells, claims
from .inline import Inline
from .lookup import Lookup
from .markdown import Writer
from .setup import first

LOGGER = logging.getLogger(__name__)
README = """\
# Student notebooks

Written from [{commit}]({repository}/tree/{commit}) for [the book]({site}). This branch is replaced whole whenever the book is
published: change the pages, not these files.
"""


class NotebookBuilder(Builder):
    name = "student-notebooks"
    format = "ipynb"
    epilog = ""
    allow_parallel = False

    def get_outdated_docs(self):
        return "all pages with code"

    def get_target_uri(self, docname, typ=None):
        return docname

    def write(self, build_docnames, updated_docnames, method="update"):
        project = (Project.published if self.config.mm_published else Project)(Path(self.srcdir))
        folder = project.notebooks
        made = set()
        for docname in sorted(self.env.found_docs):
            page = Page(project.root, docname)
            if not page.path.is_file() or not page.is_notebook:
                continue
            made.add(page.name)
            target = folder / f"{page.name}.ipynb"
            try:
                if self.config.mm_check_notebooks:
                    self.compare(project, page, target)
                else:
                    folder.mkdir(parents=True, exist_ok=True)
                    text = notebook(self.env, project, page, self.config.mm_exercises)
                    target.write_text(text, "utf8")
                    print(f"  notebooks/{target.name}: {len(json.loads(text)['cells'])} cells", flush=True)
            except PageError as error:
                LOGGER.error(str(error), location=(docname, error.line))
        for stale in sorted(p for p in folder.glob("*.ipynb") if p.stem not in made):
            if self.config.mm_check_notebooks:
                LOGGER.error(f"notebooks/{stale.name} has no page.")
            else:
                stale.unlink()
        if project.commit:
            words = README.format(commit=project.commit, repository=project.repository, site=project.site)
            (folder.parent / "README.md").write_text(words, "utf8")

    def compare(self, project, page, target):
        again = "write it again with: make notebooks"
        if not target.is_file():
            LOGGER.error(f"notebooks/{target.name} is missing; {again}")
            return
        committed = target.read_text("utf8")
        values = json.loads(committed)["metadata"].get(project.name, {}).get("values", {})
        fresh = json.loads(notebook(self.env, project, page, self.config.mm_exercises))["metadata"][project.name]["values"]
        if fresh.keys() != values.keys():
            LOGGER.error(f"notebooks/{target.name} quotes {sorted(values)}, the page {sorted(fresh)}; {again}")
        elif notebook(self.env, project, page, self.config.mm_exercises, values) != committed:
            LOGGER.error(f"notebooks/{target.name} is out of date; {again}")
        else:
            changed = sum(fresh[key] != values[key] for key in values)
            note = f" ({changed} of {len(values)} numbers differ on this machine)" if changed else ""
            print(f"  notebooks/{target.name}: up to date{note}", flush=True)

    def finish(self):
        pass


def notebook(env, project: Project, page: Page, module: str, values: dict[str, str] | None = None) -> str:
    """The text of one page's notebook. Raises PageError, with the line, for what cannot be rewritten."""
    lookup = Lookup(env, project, page.docname, values)
    body = Writer(Inline(lookup, page.path), page.front, module).page(page.blocks)
    body = claims.check_cells(body, lookup.used)
    badge, setup = first(project, page.name, page.docname, page.front.get("extra"))
    made = [badge, *body[:1], setup, *body[1:]]
    if lookup.cited:
        made.append(cells.markdown("## References\n\n" + "\n".join(f"- {work}" for work in lookup.references())))
    cells.identify(made)
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "colab": {"provenance": [], "toc_visible": True},
        project.name: {"page": page.docname, "version": project.version, "values": dict(sorted(lookup.used.items()))},
    }
    if page.front.get("colab") == "gpu":
        metadata["accelerator"] = "GPU"
        metadata["colab"]["gpuType"] = "T4"
    made = new_notebook(cells=made, metadata=metadata)
    made.nbformat_minor = 5
    nbformat.validate(made)
    return nbformat.writes(made) + "\n"


def setup(app):
    app.add_config_value("mm_check_notebooks", False, "")
    app.add_config_value("mm_published", False, "")
    app.add_builder(NotebookBuilder)
