"""Exercise `retrieval.hardest`: the hardest negative that is one."""

import numpy as np

from mmcourse.exercises import Exercise, expect

hardest = Exercise(
    "retrieval.hardest",
    kind="implement",
    title="The hardest negative that is one",
    task=(
        "Write `hardest_negative(queries, items, right)`. `queries` `(n, d)` and `items` `(m, d)` are unit vectors, "
        "`right` `(n, m)` is True where an item is right for a query. Return `(n,)` integers: for each query the place "
        "of the most similar item that is **not** right, and -1 where every item is right. Of equally similar ones "
        "take the first."
    ),
    hints=(
        "The most similar item of all is most often a right one. How do you keep the right ones from winning, whatever "
        "their cosine? Mind that all cosines of a query may be negative.",
        "`s = np.where(right, -np.inf, queries @ items.T)`, then `s.argmax(axis=1)`; where `right.all(axis=1)`, -1.",
    ),
)


@hardest.solved_by
def hardest_negative(queries, items, right):
    """Unit vectors (n, d) and (m, d), bool (n, m) -> places of the hardest negatives (n,), -1 for none."""
    s = np.where(right, -np.inf, queries @ items.T)
    return np.where(right.all(axis=1), -1, s.argmax(axis=1))


def _unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def _problem(rng):
    """Queries near their right items, one with negative cosines only, one to which all is right."""
    while True:
        n, m, d = 7, 11, 4
        items = _unit(rng.normal(size=(m, d)))
        right = np.zeros((n, m), bool)
        right[np.arange(n), rng.permutation(m)[:n]] = True
        right |= rng.random((n, m)) < 0.15
        nearest = items[right.argmax(axis=1)]
        queries = _unit(nearest + 0.3 * rng.normal(size=(n, d)))
        items[:, 0] = -np.abs(items[:, 0]) - 0.6  # all on one side of space ...
        items = _unit(items)
        queries[0] = np.eye(d)[0]  # ... and a query on the other
        right[1] = True
        s = queries @ items.T
        if right[0].all() or not right[0].any() or right[2:].all(axis=1).any():
            continue
        masked = np.where(right, -np.inf, s)
        wanted = np.where(right.all(axis=1), -1, masked.argmax(axis=1))
        diagonal = np.eye(n, m, dtype=bool)
        mistakes = [
            s.argmax(axis=1), np.where(right, 0, s).argmax(axis=1), np.where(right, np.inf, s).argmin(axis=1),
            np.where(right, s, -np.inf).argmax(axis=1), np.where(diagonal, -np.inf, s).argmax(axis=1),
        ]  # fmt: skip
        some = np.arange(n) != 1
        seen = [tuple(one[some]) for one in (wanted, *mistakes)]
        if len(set(seen)) == len(seen):  # each mistake has places of its own
            return queries, items, right, s, wanted


@hardest.check
def _(answer, rng):
    queries, items, right, s, wanted = _problem(rng)
    n = len(queries)
    got = expect.array(expect.pure(answer, queries, items, right), (n,), "one place for each query", "integer")
    some = np.arange(n) != 1  # row 1 has no negative at all
    for value, message in (
        (
            s.argmax(axis=1),
            "This is the most similar item of all, right ones among them: a negative that is none.",
        ),
        (np.where(right, np.inf, s).argmin(axis=1), "This is the *least* similar item: the easiest negative."),
        (
            np.where(right, s, -np.inf).argmax(axis=1),
            "This is the most similar *right* item. The map is turned round.",
        ),
        (
            np.where(right, 0, s).argmax(axis=1),
            "Right items got the cosine 0. Where all negatives have negative cosines, a right one wins: use `-np.inf`.",
        ),
        (
            np.where(np.eye(*right.shape, dtype=bool), -np.inf, s).argmax(axis=1),
            "You leave out the diagonal. Which items are right is said by `right`, and they are several.",
        ),
    ):
        if not np.array_equal(value[some], wanted[some]):
            expect.differs(got[some], value[some], message)
    expect.equal(got[some], wanted[some], "The most similar item that is not right.")
    expect.true(got[1] == -1, f"Everything is right for query 1, so it has no negative: -1. You say item {got[1]}.")


@hardest.mistake("most similar item of all")
def of_all(queries, items, right):
    return (queries @ items.T).argmax(axis=1)


@hardest.mistake("use `-np.inf`")
def zeros(queries, items, right):
    return (queries @ items.T * ~right).argmax(axis=1)


@hardest.mistake("*least* similar")
def easiest(queries, items, right):
    return np.where(right, np.inf, queries @ items.T).argmin(axis=1)


@hardest.mistake("most similar *right* item")
def turned(queries, items, right):
    return np.where(right, queries @ items.T, -np.inf).argmax(axis=1)


@hardest.mistake("so it has no negative")
def never_none(queries, items, right):
    return np.where(right, -np.inf, queries @ items.T).argmax(axis=1)


@hardest.mistake("one place for each query")
def wrong_axis(queries, items, right):
    return np.where(right, -np.inf, queries @ items.T).argmax(axis=0)


@hardest.mistake("leave out the diagonal")
def own_only(queries, items, right):
    return np.where(np.eye(*right.shape, dtype=bool), -np.inf, queries @ items.T).argmax(axis=1)
