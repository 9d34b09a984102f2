"""What becomes of a page's bookkeeping in a student notebook: one short check, or nothing."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "book" / "_ext"))

from mmbook.notebooks import cells, claims

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
