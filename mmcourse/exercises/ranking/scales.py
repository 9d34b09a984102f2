"""Exercise `ranking.scales`: two stages whose scores have nothing in common."""

import numpy as np

from mmcourse.exercises import Exercise, case

scales = Exercise(
    "ranking.scales",
    kind="find the bug",
    title="Two scores in one table",
    returns="a row for each query: all items in order",
    otherwise="First the recalled items by their logits, then the rest by their similarity.",
    minutes=12,
    difficulty=2,
    importance=3,
    task=(
        "`two_stages(similarity, logits, k)` returns `(n, m)` integers: for each query the items in the order of a "
        "search in two stages, the best first. The `k` most similar items stand at the top, in the order of their "
        "logits; all others follow, in the order of their similarity. `similarity` and `logits` are `(n, m)`; the "
        "logits of items that were not recalled are unknown, so they must change nothing. With it, re-ranking a "
        "hundred items sends some of the best to the end of the list. Put it right."
    ),
    hints=(
        "Print the smallest logit of a recalled item, and the cosines of the others. Which of the two is larger, and "
        "does that mean anything?",
        "Never sort both kinds of numbers together. Order by similarity, cut at `k`, sort the first part by logits "
        "(`np.take_along_axis`), and put the second part behind it as it is.",
    ),
    plan=(
        "Order all items of each query by similarity.",
        "Cut each order at k.",
        "Sort the first part by its logits, and look up which items these are.",
        "Put the second part behind it.",
    ),
)


@scales.solved_by
def two_stages(similarity, logits, k):
    """(n, m), (n, m), a number -> items in order, int (n, m)."""
    order = np.argsort(-similarity, axis=1)
    first, rest = order[:, :k], order[:, k:]
    again = np.argsort(-np.take_along_axis(logits, first, axis=1), axis=1)
    return np.concatenate([np.take_along_axis(first, again, axis=1), rest], axis=1)


@scales.given
def _given(similarity, logits, k):
    """(n, m), (n, m), a number -> items in order, int (n, m)."""
    first = np.argsort(-similarity, axis=1)[:, :k]
    table = similarity.copy()
    np.put_along_axis(table, first, np.take_along_axis(logits, first, axis=1), axis=1)
    return np.argsort(-table, axis=1)


def _drawn(rng, n, m, k, low=-6.0, span=12.0, unknown=None):
    """Cosines and logits without equal ones; among the recalled are the largest logit of all and the smallest."""
    similarity, logits = np.empty((n, m)), np.empty((n, m))
    for query, (s, t) in enumerate(zip(similarity, logits, strict=True)):
        # Every second query is like all items less: no number parts what is recalled from the rest.
        s[:] = rng.permutation(np.linspace(-0.3, 0.9, m) + rng.uniform(0, 0.4 / m, m)) - 0.45 * (query % 2)
        values = rng.permutation(np.linspace(low, low + span, m) + span * rng.uniform(0, 0.3 / m, m))
        order = np.argsort(-s)
        recalled = np.sort(values)[[0, -1, *rng.permutation(np.arange(1, m - 1))[: k - 2]]] if k > 1 else values[:1]
        t[order[:k]] = rng.permutation(recalled)
        t[order[k:]] = rng.permutation([v for v in values if v not in recalled])
        if unknown:
            t[order[k:]] = unknown * rng.permutation(np.linspace(0.5, 1, m - k))
    return similarity, logits, k


@scales.cases
def _(rng):
    for n, m, k in ((4, 9, 4), (3, 18, 5)):
        yield case(*_drawn(rng, n, m, k))
    yield case(*_drawn(rng, 7, 6, 3, low=-0.3, span=0.6))
    yield case(*_drawn(rng, 1, 8, 3), when="with one query")
    for n, m in ((3, 5), (5, 2)):
        yield case(*_drawn(rng, n, m, m), when="where `k` is the number of all items")
    yield case(*_drawn(rng, 4, 5, 1), when="where only one item is recalled")
    for m, k in ((7, 3), (2, 1)):
        large = _drawn(rng, 3, m, k, unknown=500)
        yield case(*large, when="where items that were not recalled have large logits")
    yield case(*_drawn(rng, 3, 7, 4, unknown=-500), when="where items that were not recalled have logits far below 0")
    for m, k in ((8, 4), (2, 1)):
        yield case(*_drawn(rng, 3, m, k, low=-60), when="where all logits are far below 0")

    yield case(*_drawn(rng, 5, 9, 5, low=-6e12, span=5e12), when="where all logits are far below 0")
    # More than 256: fewer are sorted by NumPy on some machines, where they need only be parted.
    yield case(*_drawn(rng, 2, 300, 5), when="where there are many items")
    similarity, logits, k = _drawn(rng, 4, 8, 3)
    np.put_along_axis(logits, np.argsort(-similarity, axis=1)[:, k:], np.nan, axis=1)
    yield case(similarity, logits, k, when="where the logits of items that were not recalled are NaN")


@scales.oracle
def _(similarity, logits, k):
    table = []
    for s, t in zip(similarity.tolist(), logits.tolist(), strict=True):
        left, ordered = list(range(len(s))), []
        while left:
            ordered.append(max(left, key=s.__getitem__))
            left.remove(ordered[-1])
        table.append(sorted(ordered[:k], key=lambda item: -t[item]) + ordered[k:])
    return np.array(table)
