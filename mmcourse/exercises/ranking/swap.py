"""Exercise `ranking.swap`: what an exchange of two places is worth."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

swap = Exercise(
    "ranking.swap",
    kind="implement",
    title="What is an exchange worth?",
    returns="one number",
    otherwise="Asked for is |change of the grades| · |change of the discounts| / DCG of the best order.",
    minutes=12,
    difficulty=2,
    importance=2,
    task=(
        "Write `swap_gain(grades, i, j)`. `grades` `(n,)` are the grades of a ranked list, numbers from 0, the first "
        "place first; `i` and `j` are two of its indices, from 0, in any order. Return $\\lvert\\Delta\\text{nDCG}"
        "\\rvert$, by how much the nDCG of the whole list changes when the two exchange their places, as a number of 0 "
        "or more. The gain of an item is its grade. A list without any grade above 0 gets 0."
    ),
    hints=(
        "You need not compute two nDCGs. All other items stay where they are, so what changes of the sum?",
        "`discount = 1 / np.log2(np.arange(len(grades)) + 2)`; the change of DCG is |difference of the grades| · "
        "|difference of the discounts|; divide by the DCG of the *sorted* list.",
    ),
    plan=(
        "Compute the discount of each place.",
        "Multiply the difference of the two grades by the difference of the two discounts.",
        "Divide by the DCG of the best order, unless that is 0, and take the size.",
    ),
)  # fmt: skip


@swap.solved_by
def swap_gain(grades, i, j):
    """The grades of a list (n,), two indices -> a number."""
    discount = 1 / np.log2(np.arange(len(grades)) + 2)
    ideal = np.sort(grades)[::-1] @ discount
    change = (grades[i] - grades[j]) * (discount[i] - discount[j])
    return abs(change) / ideal if ideal > 0 else 0.0


def dcg(grades, shift=2, gain=float):
    return sum(gain(g) / math.log2(place + shift) for place, g in enumerate(grades))


def best(grades):
    return sorted(grades, reverse=True)


def exchanged(grades, i, j):
    other = list(grades)
    other[i], other[j] = other[j], other[i]
    return other


def change_of(grades, i, j, **options):
    """DCG after the exchange minus DCG before it."""
    return dcg(exchanged(grades, i, j), **options) - dcg(grades, **options)


def share(part, whole):
    return part / whole if whole > 0 else 0.0


@swap.cases
def _(rng):
    def drawn(n):
        return rng.permutation(np.arange(n)) * 0.75 + rng.uniform(0, 0.5, n)

    # The better of the two stands lower, but where a case says otherwise.
    for n, i, j in ((7, 1, 4), (5, 0, 3), (12, 5, 10)):
        grades = drawn(n)
        grades[[i, j]] = grades[j] % 1, grades[i] + n
        yield case(grades, i, j)
    few = rng.permutation([0, 0, 1, 1, 2, 3, 3, 3])
    few[[2, 6]] = 1, 3
    yield case(few, 2, 6)  # whole numbers, with equal ones
    grades = drawn(6)
    grades[[0, 3]] = grades[3] + 6, grades[0] % 1
    yield case(grades, 0, 3, when="where the exchange makes the list worse")
    grades = drawn(8)
    grades[[2, 7]] = grades[2] % 1, grades[7] + 8
    yield case(grades, 7, 2, when="where `i` is larger than `j`")
    grades = drawn(5)
    grades[4] = grades[1]
    yield case(grades, 1, 4, when="where both have the same grade")
    yield case(drawn(4), 2, 2, when="where `i` and `j` are the same")
    yield case(np.array([0, 0, 1, 0]), 1, 2, when="where the best DCG is no more than 1")
    yield case(np.array([0.1, 0, 0.3, 0.2]), 0, 2, when="where the best DCG is no more than 1")
    yield case(np.array([3.5, 1.25]), 0, 1, when="where the exchange makes the list worse")
    yield case(np.zeros(4), 0, 2, when="where no grade is above 0")
    yield case(1e-5 * drawn(6), 1, 4, when="where all grades are small")
    yield case(np.array([0.0, 2.25, 1.5, 4.0, 0.5]), 1, 3, when="where the first of the list has the grade 0")
    yield case(np.array([2.25, 4.5, 1.5, 0.0]), 0, 1, when="where the last of the list has the grade 0")

    few = rng.permutation([0, 1, 1, 3, 4, 2])
    few[[1, 4]] = 0, 2
    yield case(few, 1, 4)  # one of the two has no grade


@swap.oracle
def _(grades, i, j):
    grades = grades.tolist()
    return share(abs(change_of(grades, i, j)), dcg(best(grades)))
