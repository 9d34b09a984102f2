"""What Sphinx reads: the outputs of pages that were executed before it began, and the pages that it must read again.

Sphinx looks at the dates of the pages' files. Here it also reads a page again whose outputs, exercises or quizzes
changed, and all of them after a change of the toolchain or a build that was cut short.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from myst_nb import sphinx_ as myst_nb_sphinx
from myst_nb.core.execute import NotebookClientBase
from myst_nb.ext.glue.utils import PendingGlueReference

from . import expand, files, outputs, single, workers
from .blocks import PageError
from .directives import module_path
from .frontmatter import problems
from .measure import TIMINGS
from .outputs import Outputs
from .pages import Page, pages
from .project import Project

RECORDS = TIMINGS, Project.REAL_PAGES, "book/results/stability.json"
TOOLCHAIN = "book/_ext/**/*.py", "book/_ext/**/*.yml", *RECORDS, "pyproject.toml"
MODULE = re.compile(r"\{module\}`([^`]+)`")
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
PLACEHOLDER = {"output_type": "display_data", "data": {"image/png": DOT}, "metadata": {}}


class Reading:
    """One build: the outputs of its pages, and what must be read again."""

    def __init__(self, app, config):
        self.root, self.alone = Path(app.srcdir), config.mm_page
        self.module, self.needs_data = config.mm_exercises, config.mm_needs_data
        self.pages = {page.docname: page for page in pages(self.root) if page.path.is_file()}
        with_code = [page for page in self.pages.values() if _is_notebook(page)]
        chosen = [page for page in with_code if self.alone in ("", page.docname)]
        timeout = config.nb_execution_timeout
        self.outputs, whole = workers.execute(self.root, chosen, self.module, self.needs_data, timeout)
        outputs.forget_others(self.root, with_code)
        self.clean = whole
        self.read: list[str] = []
        # What may be believed of the last build's doctrees. It is gone while Sphinx works: whoever finds no stamp
        # knows that a build was cut short.
        self.stamp = Path(app.doctreedir) / "toolchain.key"
        self.before = self.stamp.read_text("utf8") if self.stamp.is_file() else ""
        self.stamp.unlink(missing_ok=True)

    @cached_property
    def toolchain(self) -> str:
        """A hash of everything that a page may depend on beside its text and its outputs."""
        found = {path for pattern in TOOLCHAIN for path in self.root.glob(pattern) if path.is_file()}
        return files.sha256("".join(f"{path.relative_to(self.root)} {files.hash_of(path)}\n" for path in sorted(found)))

    def of(self, docname: str) -> Outputs | None:
        """The outputs of a page; for the others of a page that is built alone, those that were kept, if any."""
        if docname not in self.outputs and self.alone and docname in self.pages:
            self.outputs[docname] = outputs.load(self.pages[docname])
        return self.outputs.get(docname)

    def key(self, docname: str) -> str:
        """A hash of all that Sphinx makes a page of: text with exercises, quizzes, what it names, outputs."""
        if docname not in self.pages:
            return ""
        page, made = self.pages[docname], self.of(docname)
        try:
            parts = [expand.expand(page.text, self.module, self.needs_data), *problems(page.front)]
            quizzes = [block.argument for block in page.blocks if block.name == "quiz"]
            # With an id of its own: without one, a quiz counts how often it was shown, and the pages need that count.
            parts += [expand.engine(self.module).quiz(name).to_html("key") for name in quizzes]
        except (PageError, LookupError, ValueError) as error:
            parts = [page.path.read_text("utf8"), str(error)]
        parts += [str(module_path(name)) for name in MODULE.findall(page.text)]
        return files.sha256("\0".join([*parts, made.key if made else ""]))

    def outdated(self, app, env, added, changed, removed) -> list[str]:
        if not self.before or (not self.alone and self.before != self.toolchain):
            return sorted(env.found_docs)
        if self.alone:
            return [self.alone]
        return [docname for docname in env.found_docs if env.mm_read.get(docname) != self.key(docname)]

    def before_reading(self, app, env, docnames) -> None:
        self.read = list(docnames)
        if docnames:
            print(f"  reading {len(docnames)} of {len(env.found_docs)} pages", flush=True)

    def after_reading(self, app, doctree) -> None:
        """Note of what a page was made. A page that is built alone, and what is read with it, is read again."""
        env = app.env
        env.mm_read.pop(env.docname, None)
        if not self.alone:
            env.mm_read[env.docname] = self.key(env.docname)
        quotes = next(doctree.findall(PendingGlueReference), None) is not None
        env.mm_pages.setdefault(env.docname, {"front": {}, "headings": {}})["quotes"] = quotes

    def rewrite(self, app, env) -> list[str]:
        """Pages to write though they were not read: they quote others, or were read by a build of notebooks."""
        if app.builder.format != "html" or self.alone:
            return []
        unwritten = [docname for docname in env.found_docs if _older(app, docname)]
        quoting = [docname for docname, page in env.mm_pages.items() if page.get("quotes")]
        return unwritten + quoting if unwritten or self.read else []

    def writing(self, app, builder) -> None:
        print("  writing", flush=True)

    def finish(self, app, exception) -> None:
        """Believe the doctrees, if nothing went wrong; a warning must come again in the next build."""
        if exception is None:
            whole = self.toolchain if self.clean and not app._warncount else "a build with warnings"
            files.write(self.stamp, (self.before or "a page alone") if self.alone else whole)


def _is_notebook(page: Page) -> bool:
    try:
        return page.is_notebook
    except PageError:
        return False  # Sphinx says what is wrong with it


def _older(app, docname: str) -> bool:
    written, read = Path(app.builder.get_outfilename(docname)), Path(app.doctreedir, f"{docname}.doctree")
    return written.is_file() and read.is_file() and written.stat().st_mtime < read.stat().st_mtime


def client(reading: Reading):
    """What stands in the place of `myst_nb.core.execute.create_client`: a client that executes nothing."""

    class Prepared(NotebookClientBase):
        def start_client(self):
            docname = self.path.relative_to(reading.root).with_suffix("").as_posix()
            made = reading.of(docname)
            self.notebook.metadata["language_info"] = outputs.LANGUAGE
            if made and made.fits(self.notebook):
                made.fill(self.notebook)
                if made.trouble:
                    reason = made.trouble.splitlines()[-1]
                    self.logger.warning(f"Executing the page failed: {reason}", subtype="exec")
            elif reading.alone not in ("", docname):
                _stand_in(self.notebook)
            elif made:
                self.logger.warning("The page changed while the book was built. Build it again.", subtype="exec")

    return lambda notebook, source, config, logger, read_fmt=None: Prepared(notebook, Path(source), config, logger)


def _stand_in(notebook) -> None:
    """Give a page that did not run its figures, or those of other pages would have other numbers."""
    import nbformat

    for cell in notebook.cells:
        if cell.cell_type == "code" and "figure" in cell.metadata.get("mystnb", {}):
            cell.outputs = [nbformat.from_dict(PLACEHOLDER)]


def execute(app, config) -> None:
    """On `config-inited`: execute what must be executed, and from then on answer what Sphinx asks."""
    config.nb_execution_mode = "off"
    if config.mm_page:
        single.listen_only(app, config.mm_page)
    reading = Reading(app, config)
    myst_nb_sphinx.create_client = client(reading)
    app.connect("env-get-outdated", reading.outdated)
    app.connect("env-before-read-docs", reading.before_reading)
    app.connect("doctree-read", reading.after_reading, priority=900)
    app.connect("env-updated", reading.rewrite)
    app.connect("write-started", reading.writing)
    app.connect("build-finished", reading.finish, priority=900)


def begin(app) -> None:
    if not hasattr(app.env, "mm_read"):
        app.env.mm_read = {}
    if app.config.mm_page:
        app.builder.search = False  # an index needs all pages; what Sphinx writes without one is else no JavaScript
        app.config.html_context = {**app.config.html_context, "search_language_stop_words": "[]"}


def purge(app, env, docname: str) -> None:
    getattr(env, "mm_read", {}).pop(docname, None)


def setup(app):
    app.add_config_value("mm_page", "", "")
    app.connect("config-inited", execute, priority=900)
    app.connect("builder-inited", begin)
    app.connect("env-purge-doc", purge)
