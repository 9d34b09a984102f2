"""The HTML site: buttons that lead to the student notebooks, and repairs of what the theme leaves unnamed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from . import single
from .policy import with_policy
from .project import COLAB, MAIN, Project

# What sphinx-thebe leaves on every page even where it is switched off.
THEBE = re.compile(r'\s*<script type="text/x-thebe-config">.*?</script>(\s*<script>kernelName = .*?</script>)?', re.S)
REPAIRS = [
    # (what the theme writes, what a screen reader needs)
    ('<button class="btn search-button-field', '<button aria-label="Search" class="btn search-button-field'),
]


def theme_options(app, config) -> None:
    """Set what depends on the repository's address. Pages hold it, too: with another one all are read again."""
    project = Project.published(Path(app.srcdir))
    config.mm_publisher = f"{project.repository} {project.commit}"
    options = config.html_theme_options
    options.update(
        repository_url=project.repository,
        repository_branch=MAIN,
        path_to_docs="",
        use_repository_button=True,
        use_issues_button=True,
        use_edit_page_button=True,
        use_source_button=False,
        navbar_persistent=[],  # or a second search bar appears above the theme's own
    )
    options["launch_buttons"] = {"colab_url": COLAB, "thebe": False}
    config.html_scaled_image_link = False
    config.html_baseurl = config.html_baseurl or project.site + "/"


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Colab and download open the student notebook; a page without one offers neither."""
    project = Project.published(Path(app.srcdir))
    name = pagename.rsplit("/", 1)[-1]
    notebook = project.notebooks / f"{name}.ipynb"
    has_cells = "kernelspec" in app.env.metadata.get(pagename, {})

    def keep(button):
        if button.get("type") == "group":
            button["buttons"] = [b for b in button["buttons"] if keep(b)]
            return bool(button["buttons"])
        if COLAB in (button.get("url") or ""):
            button["url"] = project.colab(name)
            return has_cells
        return button.get("label") != "download-notebook-button" or notebook.is_file()

    context["header_buttons"] = [button for button in context.get("header_buttons", []) if keep(button)]
    if has_cells and context.get("ipynb_source") and notebook.is_file():
        copy = Path(app.outdir, "_sources", context["ipynb_source"])
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(notebook, copy)
    for key in ("script_files", "css_files"):
        context[key] = [file for file in context.get(key, []) if not _thebe(file)]


def _thebe(file) -> bool:
    """sphinx-thebe adds its loader, from the network, even where it is switched off."""
    body = getattr(file, "attributes", {}).get("body") or ""
    return "THEBE_JS_URL" in body or "thebe" in str(getattr(file, "filename", None) or file)


def repair(app, exception) -> None:
    """Name the buttons that the theme leaves without a name, and say what a page may load and run."""
    if exception is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text("utf8")
        repaired = THEBE.sub("", text)
        for before, after in REPAIRS:
            repaired = repaired.replace(before, after)
        if app.config.mm_page:
            repaired = single.plain_links(path, repaired)
        repaired = with_policy(repaired)
        if repaired != text:
            path.write_text(repaired, "utf8")


def setup(app):
    app.add_config_value("mm_publisher", "", "env")
    app.connect("config-inited", theme_options)
    app.connect("html-page-context", page_context, priority=900)
    app.connect("build-finished", repair)
