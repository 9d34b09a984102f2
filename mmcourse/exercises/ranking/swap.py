"""Exercise `ranking.swap`: what an exchange of two places is worth."""

import numpy as np

from mmcourse.exercises import Exercise, expect

swap = Exercise(
    "ranking.swap",
    kind="implement",
    title="What is an exchange worth?",
    task=(
        "Write `swap_gain(grades, i, j)`. `grades` `(n,)` are the grades of a ranked list, the first place first; `i` "
        "and `j` are two of its indices, from 0. Return $\\lvert\\Delta\\text{nDCG}\\rvert$, by how much the nDCG of "
        "the whole list changes when the two exchange their places, as a number of 0 or more. A list without any grade "
        "above 0 gets 0."
    ),
    hints=(
        "You need not compute two nDCGs. All other items stay where they are, so what changes of the sum?",
        "`discount = 1 / np.log2(np.arange(len(grades)) + 2)`; the change of DCG is |difference of the grades| · "
        "|difference of the discounts|; divide by the DCG of the *sorted* list.",
    ),
)  # fmt: skip


@swap.solved_by
def swap_gain(grades, i, j):
    """The grades of a list (n,), two indices -> a number."""
    discount = 1 / np.log2(np.arange(len(grades)) + 2)
    ideal = np.sort(grades)[::-1] @ discount
    change = (grades[i] - grades[j]) * (discount[i] - discount[j])
    return abs(change) / ideal if ideal > 0 else 0.0


def _dcg(grades, shift=2):
    return float(sum(g / np.log2(p + shift) for p, g in enumerate(grades)))


def _change(grades, i, j, shift=2):
    other = list(grades)
    other[i], other[j] = other[j], other[i]
    return _dcg(other, shift) - _dcg(grades, shift)


def _exponential(grades, i, j):
    return swap_gain(2.0 ** np.asarray(grades) - 1, i, j)


def _values(grades, i, j):
    ideal, given = _dcg(sorted(grades, reverse=True)), _dcg(grades)
    change = abs(_change(grades, i, j))
    return {
        "right": change / ideal,
        "DCG": change,
        "given": change / given,
        "grades": abs(grades[i] - grades[j]) / ideal,
        "discounts": abs(_dcg([1.0 * (p == i) - (p == j) for p in range(len(grades))])) / ideal,
        "exponential": _exponential(grades, i, j),
        "linear": abs(float(grades[i] - grades[j])) * abs(1 / (i + 1) - 1 / (j + 1)) / ideal,
        "own ideal": change / _dcg(sorted(grades)),
        "late": abs(_change(np.asarray(grades, float), i, j, 3)) / sum(
            g / np.log2(p + 3) for p, g in enumerate(sorted(grades, reverse=True))),
    }  # fmt: skip


@swap.check
def _(answer, rng):
    while True:  # inputs for which no two of the well-known answers are close
        grades = rng.integers(0, 4, 7).astype("float64")
        i, j = (int(p) for p in np.sort(rng.choice(7, 2, replace=False)))
        if grades[i] >= grades[j]:
            continue  # the better one stands lower: a signed answer would be positive for a gain
        values = _values(grades, i, j)
        if expect.apart(list(values.values())):
            break
    got = expect.number(expect.pure(answer, grades, i, j), "a number")
    for key, message in (
        ("DCG", "This is the change of DCG. nDCG is divided by the DCG of the best order."),
        ("given", "You divide by the DCG of the list as it is. The best order is the measure: sort the grades first."),
        ("own ideal", "You divide by the DCG of the *worst* order: `np.sort` begins with the smallest."),
        ("grades", "Where are the places? An exchange of first and second is worth more than one of sixth and last."),
        ("discounts", "Where are the grades? Two equal items may change places for nothing."),
        ("exponential", "These are gains of 2^grade - 1. Here the gain of grade 3 is 3."),
        ("linear", "The discount is 1 / log₂(place + 1), not 1 / place."),
        ("late", "The discounts begin too late: the first place counts 1 / log₂ 2 = 1. Indices begin at 0."),
    ):  # fmt: skip
        expect.true(not np.isclose(got, values[key], rtol=1e-4), message)
    expect.close(got, values["right"], "|change of grades| · |change of discounts| / DCG of the best order.")
    got = expect.number(answer(grades, j, i), "a number")
    expect.close(got, values["right"], "The two indices the other way round: the exchange is the same.")
    worse = grades.copy()
    worse[[i, j]] = grades[[j, i]]
    got = expect.number(answer(worse, i, j), finite=False)
    expect.true(got >= 0, "Here the exchange makes the list worse, and the answer is negative. Asked for is the size.")
    expect.close(got, values["right"], "The list with the better item on top: the exchange is worth the same.")
    got = expect.number(answer(np.zeros(4), 0, 2), finite=False)
    expect.true(got == 0, "Nothing is relevant in this list, so the best DCG is 0. Do not divide by it: return 0.")


@swap.mistake("This is the change of DCG")
def not_normalised(grades, i, j):
    return abs(_change(grades, i, j))


@swap.mistake("as it is")
def by_the_given(grades, i, j):
    return abs(_change(grades, i, j)) / max(_dcg(grades), 1e-12)


@swap.mistake("*worst* order")
def by_the_worst(grades, i, j):
    return abs(_change(grades, i, j)) / max(_dcg(np.sort(grades)), 1e-12)


@swap.mistake("Where are the places?")
def without_places(grades, i, j):
    return abs(grades[i] - grades[j]) / max(_dcg(np.sort(grades)[::-1]), 1e-12)


@swap.mistake("Where are the grades?")
def without_grades(grades, i, j):
    discount = 1 / np.log2(np.arange(len(grades)) + 2)
    return abs(discount[i] - discount[j]) / max(_dcg(np.sort(grades)[::-1]), 1e-12)


@swap.mistake("2^grade - 1")
def exponential(grades, i, j):
    return _exponential(grades, i, j)


@swap.mistake("not 1 / place")
def reciprocal(grades, i, j):
    change = (grades[i] - grades[j]) * (1 / (i + 1) - 1 / (j + 1))
    return abs(change) / max(_dcg(np.sort(grades)[::-1]), 1e-12)


@swap.mistake("begin too late")
def late(grades, i, j):
    return _values(list(grades), i, j)["late"] if np.any(grades) else 0.0


@swap.mistake("the answer is negative")
def signed(grades, i, j):
    discount = 1 / np.log2(np.arange(len(grades)) + 2)
    change = (grades[i] - grades[j]) * (discount[i] - discount[j])
    return -change / max(np.sort(grades)[::-1] @ discount, 1e-12)


@swap.mistake("Nothing is relevant")
def zero_by_zero(grades, i, j):
    with np.errstate(all="ignore"):
        discount = 1 / np.log2(np.arange(len(grades)) + 2)
        change = (grades[i] - grades[j]) * (discount[i] - discount[j])
        return abs(change) / (np.sort(grades)[::-1] @ discount)
