"""The book's toolchain: a Sphinx extension and the commands of `book/_ext/build.py`.

- `blocks` `pages` `project`: a page cut into blocks, the pages as files, the project's addresses
- `expand`: exercises written out before Sphinx reads a page
- `directives` `coverage` `frontmatter` `figures`: what pages may say, and whether it is true
- `evidence`: what a page claims, for readers to open
- `execution` `workers`: how pages are executed, side by side, and when outputs are forgotten
- `html`: buttons and repairs of the site
- `notebooks`: the student notebooks, a Sphinx builder
- `measure` `stability`: what a page costs, and whether it says the same on another machine
"""

from . import coverage, directives, evidence, execution, figures, frontmatter, html, workers
from .notebooks import builder


def setup(app):
    """Connect everything. `mm_exercises`: the module of the exercise engine; `mm_needs_data`: run those cells too."""
    app.add_config_value("mm_exercises", "mmcourse.exercises", "env")
    app.add_config_value("mm_needs_data", False, "env")
    app.connect("config-inited", execution.forget_stale)
    app.connect("env-get-outdated", execution.reread)
    app.connect("source-read", execution.started, priority=100)
    app.connect("doctree-read", execution.finished, priority=900)
    for part in (workers, frontmatter, directives, coverage, figures, evidence, html, builder):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
