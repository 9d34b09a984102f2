"""The book's toolchain: a Sphinx extension and the commands of `book/_ext/build.py`.

- `blocks` `pages` `project`: a page cut into blocks, the pages as files, the project's addresses
- `expand`: exercises written out before Sphinx reads a page
- `directives` `frontmatter` `figures`: what pages may say, and whether it is true
- `evidence`: what a page claims, for readers to open
- `kernels` `outputs` `workers`: how pages are executed, side by side, and how long what they gave stands
- `reading` `single`: what Sphinx reads and writes again; one page built alone
- `html` `policy`: buttons and repairs of the site; what its pages may load and run
- `notebooks`: the student notebooks, a Sphinx builder
- `measure` `stability` `stability_record`: what a page costs, and whether it says the same with other seeds, threads,
  backends
- `real`: what the cells for real data gave, recorded and shown
- `coverage`: what of the curriculum is taught, for maintainers
- `files`: files that several runs share
"""


def setup(app):
    """Connect everything. `mm_exercises`: the module of the exercise engine; `mm_needs_data`: run those cells too."""
    from . import directives, evidence, figures, frontmatter, html, reading, real
    from .notebooks import builder

    app.add_config_value("mm_exercises", "mmcourse.exercises", "env")
    app.add_config_value("mm_needs_data", False, "env")
    for part in (frontmatter, reading, directives, figures, evidence, real, html, builder):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
