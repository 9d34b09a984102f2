"""What pages need of the book: claims, numbers in the digits that they deserve, records that are never missing."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse import book
from mmcourse._machinery.files import write_sealed


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    """Neither in the book's build nor in a stability run, whoever runs the tests."""
    monkeypatch.delenv("MMCOURSE_BOOK", raising=False)
    monkeypatch.delenv("MMCOURSE_STABILITY", raising=False)


# ── claims ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_claim_that_does_not_hold_stops_the_book_with_its_words_and_values(monkeypatch):
    monkeypatch.setenv("MMCOURSE_BOOK", "1")
    monkeypatch.setattr(book, "_publish", lambda name, text: None)  # to the page, of which there is none here
    book.holds("soft beats mean", True, soft=0.92)
    with pytest.raises(book.ClaimError, match=r"soft beats mean\. Values: soft 0\.712, best of mean 0\.92\.$"):
        book.holds("soft beats mean", False, soft=0.7123, best_of_mean=0.92)


def test_a_claim_in_a_notebook_says_one_line_and_never_raises(capsys):
    book.holds("soft beats mean", np.bool_(True), soft=0.92, mean=np.float32(0.7123))
    book.holds("soft beats mean", np.array([True, False]), soft=[0.5, 0.25])
    held, other = capsys.readouterr().out.strip().split("\n")
    assert held == "holds: soft beats mean (soft 0.92, mean 0.712)"
    assert other.startswith("The text says that soft beats mean; here it does not hold (soft [0.5, 0.25]). Trained")


def test_a_notebook_says_which_control_was_run(capsys):
    book.holds("soft beats mean", True, control="untrained: 36 %", soft=0.92)
    book.holds("soft beats mean", False, control="untrained: 36 %")
    held, other = capsys.readouterr().out.strip().split("\n")
    assert held == "holds: soft beats mean (soft 0.92; control: untrained: 36 %)"
    assert "here it does not hold (control: untrained: 36 %). Trained" in other
    with pytest.raises(TypeError, match=r"control=0\.36 for 'soft beats mean'\. Allowed: str"):
        book.holds("soft beats mean", True, control=0.36)


def test_the_books_build_gets_the_words_of_a_claim(monkeypatch):
    monkeypatch.setenv("MMCOURSE_BOOK", "1")
    told = {}
    monkeypatch.setattr(book, "_publish", told.__setitem__)
    for name in ("soft", "hard"):
        book.holds(f"{name} beats mean", True, control="three seeds", of=0.5)
    assert list(told) == ["claim: soft beats mean", "claim: hard beats mean"]
    assert json.loads(told["claim: hard beats mean"]) == {"values": "of 0.5", "control": "three seeds", "cell": 0}


@pytest.mark.parametrize("condition", [1, 0.0, np.nan, None, "yes", [], np.array([])])
def test_a_claim_is_true_or_false(condition):
    with pytest.raises(TypeError, match=r"holds or does not.*'soft beats mean'.*Allowed: bool"):
        book.holds("soft beats mean", condition)


def test_a_stability_run_writes_down_and_goes_on(monkeypatch, tmp_path):
    monkeypatch.setenv("MMCOURSE_STABILITY", str(tmp_path / "events"))
    book.holds("soft beats mean", False, soft=0.5)
    assert book.bind("soft", 0.5, "{:.0%}") == 0.5
    claim, number = map(json.loads, (tmp_path / "events").read_text("utf8").splitlines())
    assert claim == {"claim": "soft beats mean", "held": False, "values": "soft 0.5"}
    assert number == {"bound": "soft", "text": "50%", "value": 0.5}


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "spread", "fmt", "text"),
    [
        (0.823, 0.03, "{:.0%}", "80%"),
        (0.823, 0.012, "{:.0%}", "82%"),
        (0.823, 0.05, "{:.0%}", "80%"),
        (0.876, 0.06, "{:.0%}", "90%"),
        (131.2, 4, "{:.0f}", "130"),
        (-1.26, 0.2, "{:.1f}", "-1.2"),
    ],
)
def test_a_number_has_the_digits_that_its_spread_allows(value, spread, fmt, text):
    assert fmt.format(book.about(value, spread)) == text
    assert book.about(value, spread) == value


@given(st.floats(1e-3, 1e3), st.floats(1e-4, 1e2))
def test_a_rounded_number_is_within_half_a_step_and_a_step_covers_the_spread(value, spread):
    made = book.about(value, spread)
    assert abs(made.rounded - value) <= made.step / 2 * (1 + 1e-9)
    assert spread * (1 - 1e-6) <= made.step <= 2.5 * spread * (1 + 1e-6)


@pytest.mark.parametrize("spread", [0, -1, float("nan"), float("inf")])
def test_a_spread_is_above_zero(spread):
    with pytest.raises(ValueError, match=r"spread=.*Allowed: a number above 0"):
        book.about(0.5, spread)


@pytest.mark.parametrize(
    ("value", "said", "came"),
    [
        (0.6249, "62%", None),
        (0.626, "62%", "63%"),
        (0.5, "62 %", "50 %"),
        (1234.4, "1,234", None),
        (1235.6, "1,234", "1,236"),
        (-0.05, "-5%", None),
        (0.05, "-5%", "5%"),
        (3, "+3.0", None),
        (1.3e-5, "1.2e-05", "1.3e-05"),
        (float("nan"), "3%", "nan"),
        ("red", "red", None),
        ("red", "blue", "red"),
        (book.about(0.84, 0.03), "80%", None),
        (book.about(0.87, 0.03), "80%", "87%"),
    ],
)
def test_this_run_is_compared_in_the_digits_of_the_text(value, said, came, capsys):
    book.compare({"it": value, "unquoted": 1}, {"it": said, "elsewhere": "2"})
    out = capsys.readouterr().out
    if came is None:
        assert out == "This run gives the number that the text quotes.\n"
    else:
        assert out.startswith(f"This run gives other numbers than the text: it {came} (text: {said}). Trained")


@given(st.floats(-1e6, 1e6), st.sampled_from(["{:.0%}", "{:.1%}", "{:.2f}", "{:,.0f}", "{:+.1f}", "{:.3f}"]))
def test_what_a_format_wrote_is_what_compare_reads(value, fmt):
    assert book._otherwise(value, fmt.format(value)) == ""


# ── records ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_comes_from_the_checkout_or_from_inside_the_package(monkeypatch, tmp_path):
    there = book.recorded("image-scenes")
    assert there["topic"] == "image"
    monkeypatch.setattr(book, "_RESULTS", tmp_path / "none")
    package = tmp_path / "installed"
    (package / "results").mkdir(parents=True)
    write_sealed(package / "results" / "image-scenes.json", there)
    monkeypatch.setattr(book.importlib.resources, "files", lambda name: package)
    assert book.recorded("image-scenes") == there
    (package / "results" / "image-scenes.json").write_text(json.dumps(there), "utf8")
    with pytest.raises(ValueError, match=r"damaged: .*image-scenes\.json \(its checksum"):
        book.recorded("image-scenes")


def test_an_unknown_record_names_what_there_is():
    with pytest.raises(LookupError, match=r"name='image-film'.*Allowed: audio-spoken-digits, "):
        book.recorded("image-film")
