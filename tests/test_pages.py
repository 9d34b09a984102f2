"""The page contract, over all pages of the book; and proof that each check can fail."""

import importlib
import re

import page_contract as contract
import pytest
from mmbook import coverage  # page_contract puts book/_ext on the path
from mmbook.pages import Page, pages
from mmbook.project import Project

from mmcourse import exercises

ROOT = contract.ROOT
PAGES = pages(ROOT)
WITH_CODE = [page for page in PAGES if page.path.is_file() and page.is_notebook]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
every_notebook = pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.name)


def test_the_contents_hold_every_page_and_only_what_exists():
    there = {f"book/{path.stem}" for path in (ROOT / "book").glob("*.md")}
    assert {page.docname for page in PAGES} == there


def test_the_status_is_that_of_the_pages():
    written = (ROOT / coverage.STATUS).read_text("utf8")
    assert written == coverage.status(PAGES), "write it again with: make status"


@every_page
def test_front_matter_is_true(page):
    assert list(contract.front(page)) == []


@every_page
def test_what_a_page_shows_can_be_imported(page):
    for name in page.front.get("shows") or []:
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            try:
                found = importlib.import_module(".".join(parts[:length]))
                break
            except ModuleNotFoundError:
                continue
        for part in parts[length:]:
            found = getattr(found, part)


@every_page
def test_every_picture_has_alt_text_and_every_figure_a_caption(page):
    assert list(contract.pictures(page)) == []


@every_page
def test_no_result_is_typed_by_hand(page):
    assert list(contract.typed_results(page)) == []


@every_page
def test_every_exercise_shown_is_proven_and_every_one_is_shown(page):
    assert list(contract.exercises(page, exercises)) == []


@every_page
def test_every_symbol_is_on_the_notation_page(page):
    rows = contract.notation_rows(Page(ROOT, "book/notation").text)
    explained = set().union(*map(contract.symbols, rows))
    assert list(contract.unexplained(page, explained)) == []


def test_every_symbol_is_explained_once():
    rows = contract.notation_rows(Page(ROOT, "book/notation").text)
    assert len(rows) > 10
    rows = [re.sub(r"\\mathbb\{(\w)\}", r"\\bb\1", contract.WORD_COMMANDS.sub("", row)) for row in rows]  # 𝔼 is not E
    leading = [re.search(r"\\[A-Za-z]+|[A-Za-z]", row)[0] for row in rows]
    assert len(leading) == len(set(leading)), sorted(leading)


@every_notebook
def test_a_page_with_code_has_all_its_parts(page, capsys):
    with capsys.disabled():
        print(f"\n{contract.report(page)}")
    assert list(contract.parts(page)) == []


@every_notebook
def test_no_page_is_too_long(page):
    assert list(contract.too_long(page)) == []


@every_notebook
def test_cells_for_real_data_are_recorded_and_the_data_can_be_had(page):
    assert list(contract.real_data(page, Project(ROOT).real_pages["pages"])) == []


@every_notebook
def test_quizzes_of_a_page_exist(page):
    for block in page.blocks:
        if block.name == "quiz":
            assert exercises.quiz(block.argument).questions


@every_notebook
def test_a_page_with_exercises_helps_with_its_errors_before_its_quiz(page):
    named = [block.name for block in page.blocks if block.name in ("exercise-cell", "error-help", "quiz")]
    if named:
        assert named == ["exercise-cell"] * (len(named) - 2) + ["error-help", "quiz"]
    assert all(block.argument == page.name for block in page.blocks if block.name == "error-help")


def test_every_term_of_the_glossary_has_a_chinese_equivalent():
    (glossary,) = [block for block in Page(ROOT, "book/glossary").blocks if block.name == "glossary"]
    terms = [line for line in glossary.body if line and not line.startswith(" ")]
    explained = [line for line in glossary.body if line.startswith("  ")]
    assert len(terms) == len(explained) == len(set(terms)) and terms == sorted(terms, key=str.lower)
    assert all(re.match(r"  \*\*[^*]*[\u4e00-\u9fff][^*]*\*\* · .*\.$", line) for line in explained)


# ── each check can fail ─────────────────────────────────────────────────────────────────────────────

CELL = '```{{code-cell}}\n---\nmystnb:\n  figure: {{name: "{}", caption: "{}"}}\n  image: {{alt: "{}"}}\n---\nx\n```'


def page_of(tmp_path, text, front="covers: {A1: Here}\n"):
    (tmp_path / "page.md").write_text(f"---\nkernelspec: {{name: python3}}\n{front}---\n\n# Page\n\n{text}\n", "utf8")
    return Page(tmp_path, "page")


@pytest.mark.parametrize("text", ["It reached 93 %.", "a loss of 0.25", "```{note}\nabout 12.5%\n```", "| a | 0.4 |"])
def test_a_typed_result_is_found(tmp_path, text):
    (problem,) = contract.typed_results(page_of(tmp_path, text))
    assert "typed by hand" in problem


@pytest.mark.parametrize(
    "text",
    [
        "With $x=0.5$ and `0.5`.",
        "Python 3.11 to 3.13",
        "a 95 % interval",
        "```{code-cell}\n0.5\n```",
        "| {cite:t}`a` | 0.4 |",
        "{glue:text}`x.5`",
        "$$\nx = 0.5\n$$ (eq-x)",
    ],
)
def test_what_is_no_typed_result_passes(tmp_path, text):
    assert list(contract.typed_results(page_of(tmp_path, text))) == []


@pytest.mark.parametrize("empty", range(3))
def test_an_incomplete_figure_is_found(tmp_path, empty):
    values = ["fig-a", "It grows.", "A line."]
    assert list(contract.pictures(page_of(tmp_path, CELL.format(*values)))) == []
    values[empty] = ""
    assert len(list(contract.pictures(page_of(tmp_path, CELL.format(*values))))) == 1


def test_a_picture_without_alt_text_is_found(tmp_path):
    text = "![](a.png)\n\n```{figure} b.png\nB.\n```\n\n![C.](c.png) `![](d.png)`"
    assert len(list(contract.pictures(page_of(tmp_path, text)))) == 2


def test_wrong_front_matter_is_found(tmp_path):
    assert list(contract.front(page_of(tmp_path, "## Here"))) == []
    assert len(list(contract.front(page_of(tmp_path, "## There")))) == 1
    assert len(list(contract.front(page_of(tmp_path, "", "covers: {X: Page}\nerrata: [0]\nlevel: odd\n")))) == 3


def test_an_unproven_exercise_is_found(tmp_path):
    problems = list(contract.exercises(page_of(tmp_path, "```{exercise-cell} page.none\n```"), exercises))
    assert problems == ["there is no exercise 'page.none'"]


def test_an_unexplained_symbol_is_found(tmp_path):
    page = page_of(tmp_path, r"$\alpha q$ and $\operatorname{score}(\mathbb{R})$ cost 5 dollars")
    assert contract.symbols(r"\alpha q \frac{1}{2}\log x_{i}") == {"alpha", "q", "x", "i"}
    assert len(list(contract.unexplained(page, {"q"}))) == 2
    assert list(contract.unexplained(page, {"q", "alpha", "bbR"})) == []


def test_real_data_that_nobody_can_get_and_outputs_that_are_not_recorded_are_found(tmp_path):
    cell = "```{code-cell}\n:tags: [needs-data]\nx\n```"
    how = "`python -m mmcourse.corpora.download fsdd` fetches them."
    record = {"page": {"cells": [{"cell": 0, "text": "4"}]}}
    assert list(contract.real_data(page_of(tmp_path, f"{how}\n\n{cell}"), record)) == []
    assert len(list(contract.real_data(page_of(tmp_path, f"{how}\n\n{cell}"), {"other": {}}))) == 1
    assert len(list(contract.real_data(page_of(tmp_path, f"{how}\n\n{cell}\n\nMore.\n\n{cell}"), record))) == 2
    assert list(contract.real_data(page_of(tmp_path, "Text."), {})) == []


def test_a_page_that_is_too_long_is_found(tmp_path):
    tags, code = ("", ":tags: [hide-input]\n"), "x = 1\n\n" * 101 + "```\n\n"
    shown, hidden = ("```{code-cell}\n" + tag + code for tag in tags)
    assert list(contract.too_long(page_of(tmp_path, "word " * 2190 + "\n\n" + shown + hidden))) == []
    (problem,) = contract.too_long(page_of(tmp_path, shown * 2))
    assert problem.startswith("202 lines")
    (problem,) = contract.too_long(page_of(tmp_path, "word " * 2210))
    assert problem.endswith("words. Allowed: 2200")


def test_missing_parts_are_found(tmp_path):
    assert len(list(contract.parts(page_of(tmp_path, "Text.\n\n```{code-cell}\nx\n```", "errata: [1]\n")))) == 7
