"""Exercise `retrieval.hardest`: the hardest negative that is one."""

import numpy as np

from mmcourse.exercises import Exercise, case

hardest = Exercise(
    "retrieval.hardest",
    kind="implement",
    title="The hardest negative that is one",
    returns="one place for each query",
    otherwise="Asked for is the place of the most similar item that is not right, and -1 where there is none.",
    minutes=10,
    difficulty=2,
    importance=3,
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
    plan=(
        "Compute the cosine of each query with each item.",
        "Keep the right items from winning, however low the other cosines are.",
        "Find the place of the largest cosine of each row.",
        "Put -1 where a row has no negative.",
    ),
)


@hardest.solved_by
def hardest_negative(queries, items, right):
    """Unit vectors (n, d) and (m, d), bool (n, m) -> places of the hardest negatives (n,), -1 for none."""
    s = np.where(right, -np.inf, queries @ items.T)
    return np.where(right.all(axis=1), -1, s.argmax(axis=1))


def _unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def _problem(rng, n, m, d):
    """Each query lies next to two right items, which are not on the diagonal; at least three items are wrong."""
    items = _unit(rng.normal(size=(m, d)))
    right = np.zeros((n, m), bool)
    queries = np.empty((n, d))
    for i in range(n):
        own = rng.choice([j for j in range(m) if j != i], 2, replace=False)
        right[i, own] = True
        queries[i] = items[own[0]] + 0.3 * items[own[1]] + 0.2 * rng.normal(size=d) / d**0.5
    right[:, 1:-3] |= rng.random((n, m - 4)) < 0.1
    return _unit(queries), items, right


def _halves(signs):
    """Vectors of length one whose products are exact: four numbers of 1/2, with these signs, "+" or "-"."""
    return np.array([[0.5 if sign == "+" else -0.5 for sign in row] for row in signs])


@hardest.cases
def _(rng):
    for n, m, d in ((5, 8, 4), (3, 11, 7), (6, 6, 3)):
        yield case(*_problem(rng, n, m, d))
    n, m, d = 4, 7, 3
    queries, items = _unit(rng.uniform(0.1, 1, (n, d))), -_unit(rng.uniform(0.1, 1, (m, d)))
    right = np.array([rng.permutation([True, True, False, False, False, False, False]) for _ in range(n)])
    yield case(queries, items, right, when="where all cosines of a query are negative")
    items, right = _halves(["++--", "+++-", "----", "+--+"]), np.array([[True, True, False, True]] * 2)
    queries = np.concatenate([_halves(["++++"]), _unit(np.array([[1, 1, 1, 0.3]]))])  # cosines of exactly -1, and -0.94
    yield case(queries, items, right, when="where the only negative points the other way")
    cosines = np.array([0.8, 0.8003, 0.95, 0.8001, -0.3])
    items = np.stack([cosines, np.sqrt(1 - cosines**2), np.zeros(5)], axis=1)
    yield case(np.eye(3)[:1], items, cosines[None] == 0.95, when="where two negatives are nearly equally similar")
    queries, items, right = _problem(rng, 4, 9, 5)
    right[[1, 2]] = True
    yield case(queries, items, right, when="where every item is right for a query")
    queries, items, right = _problem(rng, 3, 7, 4)
    right[1] = False
    yield case(queries, items, right, when="where no item is right for a query")
    # The right item at place 0 has the same cosine as well.
    items = _halves(["+++-", "----", "++-+", "+-++", "-+++", "+--+"])
    right = np.array([[True, False, False, False, False, False], [True, False, True, False, False, True]])
    yield case(_halves(["++++", "++++"]), items, right, when="where two negatives are equally similar")
    yield case(_unit(rng.normal(size=(1, 4))), _unit(rng.normal(size=(1, 4))), np.ones((1, 1), bool),
               when="where every item is right for a query")  # fmt: skip
    yield case(_unit(rng.normal(size=(1, 4))), _unit(rng.normal(size=(5, 4))), np.arange(5)[None] == 2,
               when="with one query")  # fmt: skip

    yield case(_halves(["++++"]), _halves(["++++", "----"]), np.array([[True, False]]),
               when="where the only negative points the other way")  # fmt: skip


@hardest.oracle
def _(queries, items, right):
    places = []
    for query, row in zip(queries.tolist(), right.tolist(), strict=True):
        place, best = -1, None
        for j, (item, is_right) in enumerate(zip(items.tolist(), row, strict=True)):
            cosine = sum(q * x for q, x in zip(query, item, strict=True))
            if not is_right and (best is None or cosine > best):
                place, best = j, cosine
        places.append(place)
    return np.array(places)
