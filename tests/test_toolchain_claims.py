"""What becomes of a page's claims: in the book evidence that readers open, in a student notebook one short check."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import html_checks
import nbformat
import pytest
from bs4 import BeautifulSoup
from test_toolchain import FRONT, build, lay_out, text

from mmcourse._machinery.files import seal

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "book" / "_ext"))

from mmbook import evidence
from mmbook.blocks import PageError
from mmbook.notebooks import cells, claims
from mmbook.notebooks.inline import Inline

PAGE = "import numpy as np\nfrom mmcourse.book import recorded\nx = np.arange(3)\nrecord = recorded('a')['figures']"


def checked(removed, said=None, before=PAGE, after="later = 0\nlater", tags=()):
    """The sources of a notebook of three cells whose middle one the book removes."""
    made = [cells.code(before), cells.code(removed, ["remove-cell", *tags]), cells.code(after)]
    return [cell.source for cell in claims.check_cells(made, said or {})][1:-1]


def test_numbers_are_compared_and_claims_are_stated():
    (source,) = checked(
        "from mmcourse.book import bind, holds\n\n# how large\nlargest = bind('largest', x.max(), '{:.0f}')\n"
        "bind('unquoted', x.min())\nholds('it is small', largest < 4, largest=largest)",
        {"largest": "2", "of another cell": "3"},
    )
    assert source == (
        "# Does this run say what the text says?\nfrom mmcourse.book import compare, holds\n\nrun = {}\n# how large\n"
        "largest = run['largest'] = x.max()\nholds('it is small', largest < 4, largest=largest)\n"
        'compare(run, {\n    "largest": "2",\n})'
    )


def test_names_made_of_variables_find_their_words():
    said = {"all-a": "1", "all-b": "2", "part": "3"}
    source = "for n in 'ab':\n    bind(f'all-{n}', x.max())\nfor n in ['part', 'other']:\n    bind(n, x.max())"
    (made,) = checked(source, said)
    assert "run[f'all-{n}'] = x.max()" in made and "run[n] = x.max()" in made
    assert made.endswith('compare(run, {\n    "all-a": "1", "all-b": "2", "part": "3",\n})')


@pytest.mark.parametrize(
    "source",
    [
        "bind('few', record['few'])",
        "few = bind('few', record['few'])\nholds('few', few < 3)",
        "from mmcourse.book import bind\nfor n in record:\n    bind(f'few{n}', record[n])",
        "def of(name):\n    return record[name]\n\nholds('few', of('few') < 3)",
        "best = max(record.values())\nholds('few', best < 3)",
        "best = max(later for later in record.values())\nholds('few', best < 3)",
        "best = [np.max(one) for one in record.values()]\nholds('few', max(best) < 3)",
        "for x in record:\n    bind(f'few{x}', record[x])",
    ],
)
def test_what_rests_on_a_record_alone_needs_no_check(source):
    assert checked(source, {"few": "1", "fewer": "2"}) == []


def test_a_record_beside_this_run_is_checked():
    (made,) = checked("few = bind('few', record['few'])\nholds('more', x.max() > few)", {"few": "1"})
    assert made.endswith("few = record['few']\nholds('more', x.max() > few)") and "compare" not in made


def test_imports_come_first():
    source = "from mmcourse.book import about, bind\nbind('largest', about(x.max(), 1), '{:.0f}')"
    (made,) = checked(source, {"largest": "2"})
    assert made.startswith(f"{claims.HEAD}\nfrom mmcourse.book import about, compare\n\nrun = {{}}")


def test_a_name_that_was_of_the_record_may_become_one_of_the_run():
    (made,) = checked("few = record['few']\nfew = x.max()\nholds('few', few < 3)")
    assert "few = x.max()" in made and "holds('few'" in made


def test_names_that_later_cells_use_stay_without_a_heading():
    source = "from math import pi\nunused = 3\nlater = 2 * pi"
    assert checked(source, after="later + 1") == ["from math import pi\nlater = 2 * pi"]


def test_statements_that_may_do_something_stay():
    (made,) = checked("rng = np.random.default_rng(0)\nnoise = rng.normal(size=3)", after="rng.normal()")
    assert made == "rng = np.random.default_rng(0)\nnoise = rng.normal(size=3)"


def test_a_call_over_several_lines_and_with_letters_of_two_bytes():
    source = "große = bind(\n    'größe',\n    x.max(),\n    '{:.0%}',\n)\nlater = große"
    (made,) = checked(source, {"größe": "2%"}, after="later")
    assert "große = run['größe'] = x.max()\nlater = große" in made and '"größe": "2%"' in made


def test_a_cell_that_needs_a_package_says_so():
    (made,) = checked("holds('small', x.max() < 3)", tags=["needs-faiss"])
    assert made.startswith("%%needs faiss\n# Does this run")
    assert cells.code("import faiss", ["needs-faiss"]).source == "%%needs faiss\nimport faiss"


@pytest.mark.parametrize(
    ("source", "folded"),
    [("x = 1", False), ("x", True), ("for i in x:\n    print(i)", True), ("'words'", False), ("def f(): x", False)],
)
def test_only_what_shows_something_is_folded(source, folded):
    assert ("cellView" in cells.code(source, ["hide-input"]).metadata) == folded
    assert "cellView" not in cells.code(source, ["remove-cell"]).metadata


# ── evidence in the book ────────────────────────────────────────────────────────────────────────────

TOLD = (
    FRONT
    + """
# Told

```{code-cell} ipython3
---
mystnb:
  figure: {name: fig-told, caption: "It grows to {glue:text}`most`.{claim}`four is more`"}
  image: {alt: "A line that ends at {glue:text}`most`."}
---
import matplotlib.pyplot as plt

plt.plot([0, 4]);
```

## Two cells

```{code-cell} ipython3
:tags: [remove-cell]
from mmcourse.book import bind, holds

most = bind("most", 4)
holds("four is more than three", most > 3, control="two tried: less", most=most)
```

It is **more**.{claim}`more than three` So.

```{code-cell} ipython3
:tags: [remove-cell]
for name in ["x", "y"]:
    holds(f"{name} is a letter, and {name}-words begin with it", True)
```

A letter. {claim}`y is a
letter` And on.

```{quiz} told
```

## No claims

```{code-cell} ipython3
:tags: [remove-cell]
hidden = bind("hidden", 1)
```

It is {glue:text}`hidden`.

## Summary

- Four is more. {claim}`four is more than three`
- Done: `{claim}` is a role.
"""
)
UNTOLD = TOLD.replace("more than three` So", "nothing of the kind` So").replace("y is a\nletter", "is a letter")
UNTOLD = UNTOLD.replace("ends at {glue:text}`most`", "ends at {glue:text}`least`").replace("fig-told", "fig-untold")
RECORD = {
    "varied": "three seeds",
    "pages": {
        "book/told": {
            "cells": "of another page",
            "claims": {
                "four is more than three": {
                    "runs": 6,
                    "held": 5,
                    "jax": True,
                    "failed": {"seed 1, 2 threads": "most 3"},
                },
                "x is a letter, and x-words begin with it": {"runs": 6, "held": 6, "jax": False},
            },
            "numbers": {"most": {"least": "3", "most": "4"}, "hidden": {"least": "1", "most": "2"}},
        }
    },
}


def book_of(folder, name, page):
    lay_out(folder, ["demo", "second", name])
    (folder / "book" / f"{name}.md").write_text(page, "utf8")
    (folder / "book" / "results").mkdir()
    (folder / "book" / "results" / "stability.json").write_text(json.dumps(seal(RECORD)), "utf8")
    return folder


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A book with a page of claims, after `notebooks` and, from the cache, `html`."""
    folder = book_of(tmp_path_factory.mktemp("told") / "book", "told", TOLD)
    for what in ("notebooks", "html"):
        done = build(folder, what)
        assert done.status == 0, done.said
    return folder


@pytest.fixture(scope="module")
def page(told):
    return BeautifulSoup((told / "_build/html/book/told.html").read_text("utf8"), "html.parser")


def test_the_claims_of_a_section_stand_in_one_fold_at_its_end(page):
    (fold,) = page.select("details.mm-evidence")
    assert not fold.has_attr("open") and text(fold.summary) == "Evidence: the 3 claims above"
    assert fold.find_parent("section")["id"] == "two-cells" and fold.find_next_sibling() is None
    four, x, y = fold.select("li")
    assert [text(p) for p in four.find_all("p")] == [
        "Four is more than three.",
        "Most 4. Control: two tried: less. Held in 5 of 6 runs (three seeds); not with seed 1, 2 threads (most 3); "
        "on JAX it held; the page has changed since.",
    ]
    told = "Held in 6 of 6 runs (three seeds); on JAX it did not hold; the page has changed since."
    assert text(x) == f"x is a letter, and x-words begin with it. {told}"
    assert text(y) == "y is a letter, and y-words begin with it. Not yet run with other seeds and threads."
    assert [text(p) for p in fold.find_all("p", recursive=False)] == ["Over these runs: most 3–4."]
    code = [text(cell) for cell in fold.select("div.cell")]
    assert "most > 3" in code[0] and "is a letter" in code[1] and len(code) == 2
    assert fold.select(".highlight .k") and not fold.select(".cell_output")
    assert "hidden = bind" not in text(page.article)


def test_a_mark_leads_to_its_claim_and_hangs_on_its_sentence(page):
    places = {text(li.p).split(" ")[0]: li["id"] for li in page.select("li[id]")}
    marks = page.select("a.mm-claim")
    assert [mark["href"] for mark in marks] == [f"#{places[k]}" for k in ("Four", "Four", "y", "Four", "Four")]
    assert marks[3].find_parent(class_="demo-quiz")
    assert {mark["aria-label"] for mark in marks} == {"evidence"} and "four is more" in marks[0]["title"]
    assert "A letter.\u2060 And on." in " ".join(text(p) for p in page.select("#two-cells > p"))


def test_a_site_with_evidence_is_whole(told):
    assert html_checks.problems(told / "_build" / "html") == []


def test_numbers_of_captions_and_alt_texts_are_bound(page, told):
    figure = page.find(id="fig-told")
    assert figure.img["alt"] == "A line that ends at 4." and "It grows to 4." in text(figure.figcaption)
    words = "\n".join(cell.source for cell in nbformat.read(told / "notebooks/told.ipynb", 4).cells)
    assert "It grows to 4.\n" in words and "A line that ends at 4.\n" in words


def test_a_notebook_has_no_trace_of_a_mark(told):
    notebook = nbformat.read(told / "notebooks/told.ipynb", 4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "It is **more**. So." in prose and "A letter. And on." in prose and "- Four is more.\n- Done" in prose
    assert prose.count("{claim}") == 1 and "  " not in prose and " ." not in prose
    assert any('holds(f"{name} is a letter' in cell.source for cell in notebook.cells)


def test_words_of_no_claim_or_of_several_stop_the_build_and_name_the_claims(tmp_path):
    done = build(book_of(tmp_path / "book", "untold", UNTOLD), "notebooks")
    assert done.status != 0
    said = {line for line in done.said.splitlines() if "untold.md:" in line}
    lines = UNTOLD.split("\n")
    for words, what in (("nothing of the kind", "part of no claim"), ("is a letter", "part of 2 claims")):
        number = next(i for i, line in enumerate(lines, 1) if f"{{claim}}`{words}" in line)
        (error,) = [line for line in said if what in line]
        assert f"untold.md:{number}: " in error and f"Received: {words!r}. Allowed: " in error
        assert "'y is a letter, and y-words begin with it'" in error
    assert any("No cell binds this value. Received: 'least'. Allowed: most, hidden" in line for line in said)


def test_words_that_are_a_whole_claim_are_of_no_other():
    stated = [evidence.Claim(words, "", "", 1) for words in ("a beats b", "a beats b by far")]
    assert evidence.which("a beats b", stated) is stated[0] and evidence.which("by far", stated) is stated[1]


def test_a_mark_stands_behind_its_sentence():
    inline = Inline(SimpleNamespace(project=SimpleNamespace(root=Path())), Path())
    assert inline("So.{claim}`a` And {claim}``b`c``. On\n{claim}`d` and on") == "So. And. On and on"
    assert inline("``{claim}`a` ``") == "``{claim}`a` ``"
    with pytest.raises(PageError, match="at the head of a line"):
        inline("First.\n\n{claim}`a` Second.")
