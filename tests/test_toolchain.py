"""The book's toolchain, tried on a tiny book that the same extension builds in a temporary folder."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import html_checks
import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "toolchain"
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mmbook import blocks, coverage, directives, expand, frontmatter, measure, real  # noqa: E402
from mmbook.notebooks import cells, markdown  # noqa: E402
from mmbook.notebooks import setup as notebook_setup  # noqa: E402
from mmbook.pages import Page, pages  # noqa: E402
from mmbook.project import Project  # noqa: E402

# ── the tiny book ───────────────────────────────────────────────────────────────────────────────────


def lay_out(folder, chapters):
    """A tiny book in `folder`, with the configuration and the extension of the real one."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("bad"))
    shutil.copytree(ROOT / "book" / "_ext", folder / "book" / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "book" / "_static").mkdir()
    (folder / "book" / "_static" / "mmcourse.css").touch()
    config = (ROOT / "_config.yml").read_text("utf8")
    assert "\n    nitpicky: true" in config
    own = "\n    mm_exercises: demo_exercises\n    html_css_files: []\n    html_js_files: []\n    html_logo: ''\n"
    config = re.sub(r"^(logo|    html_(css|js)_files|    html_(logo|favicon)):.*\n", "", config, flags=re.M)
    config = re.sub(r"^  favicon:.*\n", "", config, flags=re.M)
    (folder / "_config.yml").write_text(config.replace("\n    nitpicky: true", own + "    nitpicky: true"), "utf8")
    if chapters:
        toc = (folder / "_toc.yml").read_text("utf8")
        toc = re.sub(r"(?<=chapters:\n).*?(?=  - caption: Back)", "", toc, count=1, flags=re.S)
        lines = "".join(f"      - file: book/{name}\n" for name in chapters)
        (folder / "_toc.yml").write_text(toc.replace("chapters:\n", "chapters:\n" + lines, 1), "utf8")
    return folder


FRONT = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3, language: python}
---
"""  # what a page with cells begins with


def build(folder, *arguments, **variables):
    """Run the build command with some variables; its exit status and everything it printed."""
    others = ("MMCOURSE_DATA", "MMCOURSE_REPOSITORY", "MMCOURSE_COMMIT")
    environment = {name: value for name, value in os.environ.items() if name not in others}
    environment |= {"PYTHONPATH": str(folder), **variables}
    command = [sys.executable, str(folder / "book" / "_ext" / "build.py"), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=540)
    return SimpleNamespace(status=done.returncode, said=done.stdout + done.stderr)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The tiny book after `notebooks` and `html`, in this order: the download button needs the notebooks."""
    folder = lay_out(tmp_path_factory.mktemp("tiny") / "book-of-two", [])
    given = {
        "cell": real.checksum('raise RuntimeError("real data were asked for")'),
        "text": "4 of 5 right\nby chance 1",
    }
    data = {"Flickr8k": "1,200 photographs", "GloVe": ""}
    real.keep(folder, "book/demo", {"date": "2026-11-09", "data": data, "cells": [given]})
    first = build(folder, "notebooks")
    assert first.status == 0, first.said
    second = build(folder, "html")
    assert second.status == 0, second.said
    return SimpleNamespace(folder=folder, first=first.said, second=second.said)


@pytest.fixture(scope="module")
def demo(tiny):
    return BeautifulSoup((tiny.folder / "_build/html/book/demo.html").read_text("utf8"), "html.parser")


@pytest.fixture(scope="module")
def notebook(tiny):
    return nbformat.read(tiny.folder / "notebooks/demo.ipynb", 4)


def text(tag):
    return re.sub(r"\s+", " ", tag.get_text()).strip()


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


# ── the site ────────────────────────────────────────────────────────────────────────────────────────


def test_pages_are_executed_once_and_then_come_from_the_cache(tiny):
    assert re.search(r"  2 pages to execute, .* at a time: about .*\n    demo, second: no outputs yet\n", tiny.first)
    assert re.search(r"  demo: executed in \d+ s \(\d of 2, ", tiny.first)
    assert "to execute" not in tiny.second and "  writing\n" in tiny.second
    assert "Done in" in tiny.second and (tiny.folder / "_build/html/index.html").as_uri() in tiny.second


def test_the_site_is_whole(tiny):
    assert html_checks.problems(tiny.folder / "_build" / "html") == []


def test_an_exercise_is_written_out_and_its_solution_executed(demo):
    exercise = demo.find(id="exercise-demo-double")
    assert text(exercise.find(class_="admonition-title")) == "Exercise 1.1 (Twice as much)"
    assert text(exercise.find(class_="exercise-kind")) == "implement"
    assert text(exercise.find(class_="exercise-level")) == "core"
    effort = "about 3 minutes, difficulty 1 of 3, importance 2 of 3 (estimates)"
    assert text(exercise.find(class_="exercise-effort")) == effort
    plan = exercise.find(class_="exercise-plan").find_all("li")
    assert [text(one) for one in plan] == ["Take the number.", "Double it."]
    assert "return ... * ..." in text(exercise.find(class_="exercise-skeleton"))
    assert "raise NotImplementedError" in text(exercise) and not exercise.find(class_="cell_output")
    assert [text(h.find("summary")) for h in demo.find_all(class_="exercise-hint")] == ["Hint 1", "Hint 2"]
    solution = demo.find(id="solution-demo-double")
    assert "dropdown" in solution["class"]
    assert "Correct: well done." in text(solution.find(class_="cell_output"))


def test_cells_for_real_data_are_shown_and_not_run(demo):
    cell = demo.find(class_="tag_needs-data")
    assert "real data were asked for" in text(cell) and not cell.find(class_="cell_output")
    recorded = cell.find(class_="mm-recorded")
    assert text(recorded.p) == "Recorded on 9 November 2026 with Flickr8k (1,200 photographs), GloVe:"
    assert recorded.pre.get_text() == "4 of 5 right\nby chance 1\n"


def test_a_notebook_has_the_record_of_a_cell_for_real_data(notebook):
    (place,) = [i for i, cell in enumerate(notebook.cells) if cell.source.startswith("%%needs_data")]
    words = "Recorded on 9 November 2026 with Flickr8k (1,200 photographs), GloVe:"
    assert notebook.cells[place + 1].source == f"{words}\n\n```text\n4 of 5 right\nby chance 1\n```"


def test_quiz_box_and_bound_numbers_are_on_the_page(demo):
    assert text(demo.find(class_="demo-quiz")) == "Quiz demo"
    box = demo.find(class_="page-box")
    facts = {text(d.dt): text(d.dd) for d in box.select(".page-box-facts div")}
    assert facts["On a CPU"] == facts["On a Colab GPU"] == facts["Memory"] == "not measured yet"
    assert {text(t) for t in demo.find_all(class_="pasted-text")} == {"97%", "4"}


def test_a_figure_of_a_cell_has_number_caption_alt_and_keeps_its_shape(demo):
    figure = demo.find(id="fig-line")
    assert text(figure.figcaption).startswith("Fig. 1.1 The double of")
    assert figure.img["alt"] == "A straight line through the origin with slope two."
    assert "width" in figure.img["style"] and "height" not in figure.img["style"]


def test_buttons_lead_to_the_student_notebook(tiny, demo):
    links = {a["href"] for a in demo.select(".article-header-buttons a")}
    assert "https://colab.research.google.com/github/demo-owner/demo-book/blob/published/notebooks/demo.ipynb" in links
    assert "https://github.com/demo-owner/demo-book/edit/main/book/demo.md" in links
    assert not any("binder" in link for link in links)
    copy = tiny.folder / "_build/html/_sources/book/demo.ipynb"
    assert copy.read_bytes() == (tiny.folder / "notebooks/demo.ipynb").read_bytes()
    glossary = BeautifulSoup((tiny.folder / "_build/html/book/glossary.html").read_text("utf8"), "html.parser")
    assert not any("colab" in a["href"] for a in glossary.find_all("a", href=True))
    assert "thebe" not in "".join(str(s) for s in demo.find_all("script")).lower()


def test_status_links_to_the_page_and_calls_the_rest_planned():
    found = coverage.status(pages(TINY))
    topics, errata = found.split("## Mistakes")
    assert topics.count("\n| ") == 1 + 37 and errata.count("\n| ") == 1 + 57
    taught = ["[Demo page: The double](../demo.md)", "[Second page: More](../second.md)"]
    assert f"| {', '.join([*taught, '[Second page: Even more](../second.md)'])} |" in topics
    assert "\n1 of 37 so far" in topics and "\n1 of 57 so far" in errata and "| [Demo page](../demo.md) |" in errata
    assert topics.count("*planned*") == 36 and errata.count("*planned*") == 56


# ── the notebooks ───────────────────────────────────────────────────────────────────────────────────


def test_numbers_and_citations_are_those_of_the_book(demo, notebook):
    plain = re.sub(r"\]\([^()]*\)|[\[\]]", "", prose(notebook))
    for place in ("#fig-line", "#equation-eq-double", "#exercise-demo-double"):
        assert text(demo.find("a", class_="internal", href=place)) in plain
    for citation in demo.find_all(class_="bibtex-citation"):
        assert re.sub(r"[\[\] ]", "", text(citation)) in re.sub(r"\s", "", plain)
    assert "\\tag{1.1}" in plain and "\\tag{1.2}" in plain and "**Table 1.1** Doubles" in plain


def test_a_notebook_holds_no_solution_and_no_output(tiny, notebook):
    for path in (tiny.folder / "notebooks").glob("*.ipynb"):
        assert "the secret of the demo" not in path.read_text("utf8")
    assert not any(cell.get("outputs") for cell in notebook.cells)


def test_no_myst_is_left_in_a_notebook(notebook):
    assert "`{code}`" in prose(notebook)
    text = re.sub(r"`\{code\}`|\$[^$\n]+\$", "", prose(notebook))
    left = re.findall(r"\{[a-z:]+\}`|^:::|^```\{|\{\.mark\}|^\([\w-]+\)=$", text, re.M)
    assert left == []
    assert "$\\mathbf{x}_{i}`$" in prose(notebook)


def test_links_lead_to_the_sibling_notebook_or_to_the_site(notebook):
    addresses = re.findall(r"\]\(([^()]+)\)", prose(notebook))
    assert "second.ipynb" in addresses
    assert "https://github.com/demo-owner/demo-book/blob/main/mmcourse/book.py" in addresses
    assert all(a.endswith(".ipynb") or a.startswith("https://") for a in addresses)


def test_metadata_names_page_values_and_gpu(tiny, notebook):
    own = notebook.metadata["mmcourse"]
    assert own == {"page": "book/demo", "values": {"share": "97%", "largest": "4"}, "version": "9.8.7"}
    assert notebook.metadata["accelerator"] == "GPU"
    second = nbformat.read(tiny.folder / "notebooks/second.ipynb", 4)
    assert "accelerator" not in second.metadata and second.metadata["mmcourse"]["values"] == {"demo.md::share": "97%"}
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_hidden_cells_stay_where_their_names_are_needed(notebook):
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert any("used_later = y + 1" in source for source in code)


def test_a_page_says_which_extra_its_code_needs():
    project = Project(ROOT)
    assert "extra" not in notebook_setup.first(project, "a", "book/a")[1].source
    setup = notebook_setup.first(project, "a", "book/a", "search")[1].source
    assert setup.endswith('", extra=["faiss-cpu", "lightgbm"])')
    with pytest.raises(ValueError, match="extra='all'"):
        project.packages("all")


def test_a_notebook_runs_to_its_end_unsolved_and_without_data(tiny, notebook, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(tiny.folder))
    monkeypatch.delenv("MMCOURSE_DATA", raising=False)
    monkeypatch.delenv("MMCOURSE_BOOK", raising=False)
    ran = nbformat.reads(nbformat.writes(notebook), 4)
    place = {"metadata": {"path": str(tiny.folder)}}
    NotebookClient(ran, timeout=120, kernel_name="python3", resources=place).execute()
    outputs = json.dumps([cell.outputs for cell in ran.cells if cell.cell_type == "code"])
    assert "Not attempted." in outputs and "Left out: needs real data" in outputs and "is ready; a GPU is" in outputs


def test_check_accepts_other_numbers_and_refuses_everything_else(tiny):
    folder = tiny.folder / "notebooks"
    before = {path: path.read_text("utf8") for path in folder.glob("*.ipynb")}
    try:
        demo, second = folder / "demo.ipynb", folder / "second.ipynb"
        elsewhere = nbformat.reads(before[demo].replace("97%", "96%"), 4)  # trained elsewhere: one digit differs
        cells.identify(elsewhere.cells)
        demo.write_text(nbformat.writes(elsewhere) + "\n", "utf8")
        second.write_text(before[second].replace('"demo.md::share"', '"demo.md::other"'), "utf8")
        (folder / "ghost.ipynb").write_text(before[second], "utf8")
        done = build(tiny.folder, "notebooks", "--check")
        assert done.status != 0
        assert "demo.ipynb: up to date (1 of 2 numbers differ on this machine)" in done.said
        assert "second.ipynb quotes ['demo.md::other']" in done.said and "ghost.ipynb has no page" in done.said

        (folder / "ghost.ipynb").unlink()
        demo.write_text(before[demo].replace("import numpy as np", "import numpy"), "utf8")
        second.unlink()
        done = build(tiny.folder, "notebooks", "--check")
        assert done.status != 0
        assert "demo.ipynb is out of date" in done.said and "second.ipynb is missing" in done.said
    finally:
        for path, content in before.items():
            path.write_text(content, "utf8")


# ── wrong pages stop the build, and say where ───────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    names = sorted(path.stem for path in (TINY / "bad").glob("*.md"))
    folder = lay_out(tmp_path_factory.mktemp("bad") / "book", ["demo", "second", *names])
    for path in (TINY / "bad").glob("*.md"):
        shutil.copy(path, folder / "book")
    done = build(folder, "notebooks")
    assert done.status != 0
    return done.said


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("claims", "Unknown topic in 'covers'. Received: 'Z9'"),
        ("claims", "A1 is taught under 'Nowhere'; there is no such heading"),
        ("claims", "Unknown number in 'errata'. Received: 58"),
        ("claims", "'shows' names what does not exist. Received: 'mmcourse.book.no_such'"),
        ("claims", "level='hard'"),
        ("claims", "colab='tpu'"),
        ("claims", "There is no exercise of this name. Received: 'demo.absent'. Allowed: demo.double"),
        ("figures", "The figure of a cell has no caption"),
        ("figures", "An image has no alt text"),
        ("figures", "stderr was found in the cell outputs"),
        ("figures", "Executing the page failed: ValueError: this cell fails"),
        ("notebook", "The notebooks do not know this directive. Received: 'hlist'"),
        ("footnote", "Footnotes do not render in notebooks"),
    ],
)
def test_a_wrong_page_stops_the_build(bad, page, message):
    assert any(f"{page}.md" in line and message in line for line in bad.splitlines()), bad


def test_errors_of_notebooks_name_the_line(bad):
    assert re.search(r"notebook\.md:9: .*hlist", bad) and re.search(r"footnote\.md:9: .*Footnotes", bad), bad


# ── the parts ───────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["x", "", "```{note}", "```", ":::{tip} A", ":::", "````", "# H", "  x"]), max_size=9))
def test_blocks_lose_no_line(lines):
    try:
        found = blocks.blocks(lines)
    except blocks.PageError as error:
        assert 1 <= error.line <= len(lines)
        return
    assert [line for block in found for line in block.lines] == lines
    assert all(lines[block.line - 1] == block.lines[0] for block in found)


def test_options_of_a_directive_in_both_forms():
    short = ["```{code-cell} ipython3", ":tags: [a, b]", "", "x", "```"]
    long = ["```{code-cell}", "---", "tags: [c]", "---", "y", "```"]
    one, two = blocks.blocks(short + long)
    assert one.tags == ["a", "b"] and one.body == ["x"] and one.body_line == 4
    assert two.tags == ["c"] and two.body == ["y"] and two.line == 6


def test_a_title_between_colons_may_hold_code():
    text = expand.error_help_source("mmcourse.exercises", "captioning")
    found = [block for block in blocks.blocks(text.split("\n")) if block.name]
    assert len(found) >= 3 and {block.name for block in found} == {"dropdown"}
    assert all(re.fullmatch(r"I see `\w+: .+`", block.argument) for block in found)
    assert not [block for block in blocks.blocks(["``` a ` b", "x"]) if block.fence]
    with pytest.raises(blocks.PageError, match=r"no page of that name. Received: name='captoning'"):
        expand.error_help_source("mmcourse.exercises", "captoning")


def test_a_page_without_an_end_says_its_line():
    with pytest.raises(blocks.PageError, match="never closed") as error:
        blocks.page_blocks("---\na: 1\n---\n\n```{note}\n")
    assert error.value.line == 5


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "not measured yet"), (1, "5 seconds"), (28, "30 seconds"), (58, "1 minute"), (100, "1.5 minutes")],
)
def test_durations_in_words(seconds, words):
    assert directives.duration(seconds) == words


def test_recorded_costs_are_shown():
    record = {"pages": {"book/a": {"seconds": 31.0, "memory_mb": 812, "colab_seconds": None, "download_mb": 0}}}
    row = directives.facts(SimpleNamespace(timings=record), "book/a", {"needs_data": True})
    assert row["On a CPU"] == "30 seconds" and row["On a Colab GPU"] == "not measured yet"
    assert row["Memory"] == "0.8 GB" and row["Download"] == "nothing" and "Real data" in row


def test_names_are_found_without_importing_them():
    before = set(sys.modules)
    assert frontmatter.exists("mmcourse.book") and frontmatter.exists("mmcourse.book.bind")
    assert frontmatter.exists("mmcourse.exercises.engine.Exercise.mistake")
    assert not frontmatter.exists("mmcourse.book.binds") and not frontmatter.exists("mmcourses")
    assert "mmcourse.exercises" not in set(sys.modules) - before


def test_mathematics_in_a_box_stands_on_one_line():
    assert markdown.quoted("**A**", "b\n\n$$\nx\n= 1\n$$") == "> **A**\n>\n> b\n>\n> $$x = 1$$"


def test_real_data_cells_lose_their_skip_when_asked_for():
    page = "```{code-cell} ipython3\n:tags: [needs-data]\n\nx\n```"
    assert "skip-execution" in expand.expand(page, "demo_exercises")
    assert expand.expand(page, "demo_exercises", needs_data=True) == page


def test_addresses_come_from_pyproject(tmp_path):
    urls = '[project.urls]\nRepository = "https://github.com/Some/thing/"\n'
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "p"\nversion = "1"\n{urls}')
    project = Project(tmp_path)
    assert project.slug == "Some/thing" and project.site == "https://some.github.io/thing"
    address = Project(ROOT).slug
    holders = [
        path.relative_to(ROOT).as_posix()
        for folder in ("book", "mmcourse", ".ci", ".github")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md", ".yml", ".toml") and address in path.read_text("utf8")
    ]
    assert holders == [], "the repository's address stands in pyproject.toml only"


def test_a_measured_page_has_seconds_and_memory(tiny):
    run = measure.execute(Page(tiny.folder, "book/second"), module="demo_exercises")
    assert not run.trouble and 0 < run.seconds < 120 and 20e6 < run.peak < 2000e6
    everything = ["index", "demo", "second", "glossary", "bibliography"]
    assert [page.name for page in pages(tiny.folder)] == everything
    assert [page.name for page in measure.select(tiny.folder, [])] == ["demo", "second"]
    with pytest.raises(SystemExit, match=r"Received: nothing\. Allowed: demo, second"):
        measure.select(tiny.folder, ["nothing"])
