"""How an answer is judged on several inputs: what is right passes in any dress, what is wrong is told only what is true
of all inputs."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.exercises import Exercise, anew, case, check, expect, relations
from mmcourse.exercises.comparing import alike, plain

pytest_plugins = ["sample_exercise"]


@pytest.fixture
def centred(registered):
    """Centre the columns of a table, and say its largest number."""
    exercise = Exercise(
        "sample.centred",
        kind="implement",
        task="Write `centre(x, keep)`.",
        hints=("Subtract.", "`x - x.mean(0)`"),
        returns=("centred", "largest"),
        otherwise="Not the centred columns.",
    )

    @exercise.solved_by
    def centre(x, keep):
        """Table (n, d), bool (n,) -> the rows that are kept, less their mean (m, d), and the largest number."""
        x = np.asarray(x)[np.asarray(keep, bool)]
        return x - (x.mean(0) if len(x) else 0), x.max() if len(x) else 0.0

    @exercise.cases
    def _(rng):
        for n, d in ((4, 3), (5, 2), (3, 3)):
            keep = np.ones(n, bool)
            keep[int(rng.integers(n))] = False
            yield case(rng.normal(size=(n, d)), keep)
        yield case(rng.normal(size=(3, 2)), np.zeros(3, bool), when="where no row is kept")

    @exercise.oracle
    def _(x, keep):
        rows = [row for row, kept in zip(x, keep, strict=True) if kept]
        mean = sum(rows) / max(len(rows), 1)
        return np.array([row - mean for row in rows]).reshape(len(rows), x.shape[1]), float(
            max(map(max, rows), default=0)
        )

    @exercise.mistake("You centred by the mean of all rows.")
    def by_all(x, keep):
        return (x - x.mean(0))[keep], x[keep].max(initial=0) if keep.any() else 0.0

    return exercise


def say(answer, seed=0):
    return check("sample.centred", answer, seed=seed)


def right(x, keep):
    x = x[keep]
    return x - (x.mean(0) if len(x) else 0), x.max() if len(x) else 0.0


@pytest.mark.parametrize(
    "dress",
    [
        list, tuple, lambda r: (r[0].astype("float32"), np.float32(r[1])), lambda r: (r[0].tolist(), np.array([r[1]])),
        lambda r: [tuple(map(tuple, r[0])) if len(r[0]) else r[0], r[1]],
        lambda r: (np.asfortranarray(r[0]), float(r[1])),
    ],
)  # fmt: skip
def test_right_in_any_dress(centred, dress):
    for seed in range(10):
        assert say(lambda x, keep: dress(right(x, keep)), seed).status == "correct"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x, k: ((x - x.mean(0))[k], right(x, k)[1]), "You centred by the mean of all rows."),
        (lambda x, k: ((x - x.mean(0))[k], 7.0), "of all rows. (This is seen in `centred`. Something else is wrong"),
        (lambda x, k: (3 * (x - x.mean(0))[k], 7.0), "Not the centred columns."),  # neither part is the mistake's
        (lambda x, k: ((x.mean(0) - x)[k], right(x, k)[1]), "Not the centred columns."),  # of two parts only as it is
        (lambda x, k: right(x, k)[::-1], "The parts are right, but in another order. Return `centred, largest`"),
        (lambda x, k: (-right(x, k)[0], right(x, k)[1]), "The sign is wrong everywhere"),
        (lambda x, k: (right(x, k)[0].T, right(x, k)[1]), "rows and columns are exchanged"),
        (lambda x, k: (right(x, k)[0], 2 * right(x, k)[1]), "2 times what was expected"),
        (lambda x, k: (x[k] - x[k].mean(0), x[k].max()), "Your function raised ValueError"),
        (lambda x, k: (right(x, k)[0], right(x, k)[1] if k.any() else 1.0), "the other inputs, but not where no row"),
        (lambda x, k: (right(x, k)[0] if k.any() else None, right(x, k)[1]), "where no row is kept"),
        (lambda x, k: right(x, k)[0], "Expected 2 results"),
        (lambda x, k: (right(x, k)[0], "7"), "got the text"),
        (lambda x, k: (right(x, k)[0], None), "got None"),
        (lambda x, k: None, "Is there a `return`"),
        (lambda x, k: (x[k] * np.nan, 0.0), "contains NaN"),
        (lambda x, k: (x[k] ** 3, 0.0), "Not the centred columns."),
        (lambda x, k: (np.zeros_like(right(x, k)[0]), right(x, k)[1]), "Your result is 0 everywhere"),
        (lambda x, k: (right(x, k)[0][::-1], right(x, k)[1]), "in the reverse order"),
    ],
)  # fmt: skip
def test_what_is_said(centred, answer, said):
    for seed in range(5):
        result = say(answer, seed)
        assert result.status in ("incorrect", "error") and said in result.message, result


def test_the_condition_of_an_exception_is_said(centred):
    result = say(lambda x, k: (x[k] - x[k].mean(0), x[k].max()))
    assert result.status == "error" and "where no row is kept" in result.message


def test_no_mistake_is_named_that_explains_only_some_inputs(centred):
    def sometimes(x, keep):
        return ((x - x.mean(0))[keep], right(x, keep)[1]) if len(x) > 3 else (x[keep], right(x, keep)[1])

    result = say(sometimes)
    assert result.status == "incorrect" and "mean of all rows" not in result.message


def test_two_mistakes_at_once_are_both_said(registered):
    exercise = Exercise("sample.means", kind="implement", task="Write `means(x)`.", hints=("a", "b"))

    @exercise.solved_by
    def means(x):
        """Table (n, d) -> the mean of each row (n,)."""
        return np.asarray(x).mean(1)

    @exercise.cases
    def _(rng):
        yield from (case(rng.normal(size=shape)) for shape in ((4, 3), (3, 5), (2, 2)))
        yield case(np.ones((2, 3)), when="where all are equal")
        yield case(np.zeros((2, 3)), when="where all are 0")

    @exercise.mistake("You take the median.")
    def median(x):
        return np.median(x, 1)

    def says(answer):
        return check("sample.means", answer, seed=1).message

    assert says(lambda x: np.median(x, 1)) == "You take the median."
    assert says(lambda x: -np.median(x, 1)).endswith(
        "median. And not only that: your result is what this gives, with its sign turned."
    )
    assert "median" not in says(lambda x: x.shape[1] * np.median(x, 1))
    assert "not where all are equal or where all are 0." in says(lambda x: x.mean(1) + 0.5 * (np.ptp(x) == 0))


def test_each_call_has_its_own_state(registered):
    exercise = Exercise("sample.drawn", kind="implement", task="Write `draw(rng)`.", hints=("a", "b"))

    @exercise.solved_by
    def draw(rng):
        """A generator -> its first number."""
        return rng.random()

    @exercise.cases
    def _(rng):
        for seed in rng.integers(1000, size=3):
            yield case(anew(lambda seed=seed: np.random.default_rng(seed)))

    @exercise.also
    def _(result, rng):
        expect.true(0 <= result < 1, "Not a share.")

    assert check("sample.drawn", draw).status == "correct"
    assert check("sample.drawn", lambda rng: rng.random() ** 2).status == "incorrect"


def test_a_value_never_tells_what_is_right(registered):
    exercise = Exercise(
        "sample.value", kind="experiment and explain", task="How large?", hints=("a", "b"), within=0.01,
        returns="a number", otherwise="Look again.",
    )  # fmt: skip

    @exercise.solved_by
    def found():
        return 0.4128

    @exercise.mistake("That is its square.")
    def squared():
        return 0.4128**2

    assert check("sample.value", 0.4144).status == check("sample.value", np.float32(0.4128)).status == "correct"
    assert check("sample.value", 0.4128**2).message == "That is its square."
    assert "in percent?" in check("sample.value", 41.3).message
    for wrong in (0.42, 0, -0.4128, 1e9, [0.4], "0.4128", None, np.nan):
        result = check("sample.value", wrong)
        assert result.status == "incorrect" or wrong == [0.4], result
        assert "0.4128" not in result.message or wrong == "0.4128"


# ── relations ───────────────────────────────────────────────────────────────────────────────────────

CHANGES = {
    "minus what was expected": lambda w: -w,
    "in percent": lambda w: 100 * w,
    "1 / ln 2": lambda w: w / np.log(2),
    "1 / ln 10": lambda w: w / np.log(10),
    "1 minus": lambda w: 1 - w,
    "reciprocal": lambda w: 1 / w,
    "the square of": lambda w: w**2,
    "the exponential": np.exp,
    "absolute value": np.abs,
    "became 0": lambda w: np.maximum(w, 0),
    "rounded to": np.round,
    "same amount": lambda w: w + 3.5,
    "n being": lambda w: w * len(w) / (len(w) - 1),
    "times n. Is it a sum": lambda w: w * len(w),
    "shifted by one": lambda w: np.roll(w, 1, 0),
    "reverse order": lambda w: w[::-1],
    "at other places": lambda w: np.sort(w, axis=0),
}


@pytest.mark.parametrize("words", CHANGES)
@given(seed=st.integers(0, 10**6))
def test_relations_are_found(words, seed):
    rng = np.random.default_rng(seed)
    pairs = [
        (CHANGES[words](w), w, {"n": len(w)})
        for w in (np.round(rng.normal(size=(n, 3)), 3) + 0.0003 for n in (5, 4, 7))
    ]
    assert words in relations.explained(pairs)


@pytest.mark.parametrize(("change", "words"), relations.STEPS)
def test_a_second_step_is_found(change, words):
    rng = np.random.default_rng(5)
    given = [np.round(rng.uniform(0.1, 3, (n, 3)), 3) + 0.0003 for n in (5, 4, 7)]
    assert relations.second([(change(w), w) for w in given]) == words
    if words != relations.NOTHING_MORE:  # not where it explains some inputs only, or where nothing varies
        assert relations.second([(change(w) if k else w + 0.1, w) for k, w in enumerate(given)]) == ""
    one = np.ones((4, 3))
    assert relations.second([(change(one), one)] * 3) == ""


@given(seed=st.integers(0, 10**6), noise=st.sampled_from([0.01, 0.1, 1.0]))
def test_no_relation_is_made_up(seed, noise):
    rng = np.random.default_rng(seed)
    wanted = [rng.normal(size=(n, 3)) for n in (5, 4, 7)]
    pairs = [(w + noise * rng.normal(size=w.shape), w, {"n": len(w)}) for w in wanted]
    assert relations.explained(pairs) == ""
    assert relations.explained([(w, w, {}) for w in wanted]) == ""
    one_of_three = [(-w if k == 0 else w + rng.normal(size=w.shape), w, {}) for k, w in enumerate(wanted)]
    assert relations.explained(one_of_three) == ""
    assert relations.second([one[:2] for one in pairs]) == relations.second([one[:2] for one in one_of_three]) == ""


@pytest.mark.parametrize("kind", ["e", "f", "d"])
def test_tolerance_follows_the_dtype(kind):
    rng = np.random.default_rng(0)
    exact = 1000 * rng.normal(size=(50, 4))
    came = exact.astype(kind)
    assert alike(plain(came), exact)
    assert not alike(plain(came * 1.05), exact)


def test_nothing_heavy_is_loaded():
    assert "mmcourse.exercises.judging" in sys.modules
    for name in ("judging", "cases", "relations"):
        text = Path(sys.modules[f"mmcourse.exercises.{name}"].__file__).read_text("utf8")
        assert not any(word in text for word in ("keras", "scipy", "sklearn"))
