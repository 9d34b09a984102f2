"""Exercise `ranking.scales`: two stages whose scores have nothing in common."""

import numpy as np

from mmcourse.exercises import Exercise, expect

scales = Exercise(
    "ranking.scales",
    kind="find the bug",
    title="Two scores in one table",
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


def _mixed(similarity, values, k):
    first = np.argsort(-similarity, axis=1)[:, :k]
    table = np.array(similarity)
    np.put_along_axis(table, first, np.take_along_axis(values, first, axis=1), axis=1)
    return np.argsort(-table, axis=1)


def _sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def _upside_down(similarity, logits, k):
    return two_stages(similarity, -logits, k)


def _local(similarity, logits, k):
    order = np.argsort(-similarity, axis=1)
    again = np.argsort(-np.take_along_axis(logits, order[:, :k], axis=1), axis=1)
    return np.concatenate([again, order[:, k:]], axis=1)


def _rest_by_logits(similarity, logits, k):
    order = np.argsort(-similarity, axis=1)
    parts = (order[:, :k], order[:, k:])
    return np.concatenate(
        [np.take_along_axis(p, np.argsort(-np.take_along_axis(logits, p, 1), axis=1), 1) for p in parts], axis=1
    )


@scales.check
def _(answer, rng):
    n, m, k = 4, 9, 4
    while True:  # inputs that tell every one of the known mistakes from each other and from what is right
        similarity, logits = rng.uniform(-0.2, 0.9, (n, m)), rng.normal(-0.5, 3, (n, m))
        known = {
            "right": two_stages(similarity, logits, k),
            "mixed": _mixed(similarity, logits, k),
            "sigmoid": _mixed(similarity, _sigmoid(logits), k),
            "all": np.argsort(-logits, axis=1),
            "none": np.argsort(-similarity, axis=1),
            "down": _upside_down(similarity, logits, k),
            "local": _local(similarity, logits, k),
            "rest": _rest_by_logits(similarity, logits, k),
        }
        tables = [v.tobytes() for v in known.values()]
        if len(set(tables)) == len(tables):
            break
    wanted = []
    for s, t in zip(similarity, logits, strict=True):  # the oracle, item by item
        recalled = sorted(range(m), key=lambda j: -s[j])[:k]
        others = sorted(set(range(m)) - set(recalled), key=lambda j: -s[j])
        wanted.append(sorted(recalled, key=lambda j: -t[j]) + others)
    got = expect.array(
        expect.pure(answer, similarity, logits, k), (n, m), "for each query all items in order", "integer"
    )
    for key, message in (
        ("mixed", "Logits and cosines are sorted together, so a recalled item with a negative logit falls behind "
                  "items that the second stage never saw."),
        ("sigmoid", "Probabilities are sorted together with cosines. They have a similar range, not the same meaning: "
                    "a recalled item may still fall behind the rest."),
        ("all", "All items are sorted by their logits. Those beyond the first k never passed through the network."),
        ("none", "This is the order of the first stage alone. The first k are not re-ranked."),
        ("down", "The recalled items stand upside down: `argsort` begins with the smallest."),
        ("local", "The first places hold numbers from 0 to k - 1: places *within the candidates*. Look up which items "
                  "stand there."),
        ("rest", "The rest is ordered by logits that nobody computed. It stays as the first stage ordered it."),
    ):  # fmt: skip
        expect.true(not np.array_equal(got, known[key]), message)
    expect.true(
        (np.sort(got, axis=1) == np.arange(m)).all(), "Some items occur twice and others never: each has one place."
    )
    expect.equal(got.astype(int), np.array(wanted), "The recalled ones by logits, then the rest by similarity.")
    got = expect.array(answer(similarity, logits, m), (n, m), "for each query all items in order", "integer")
    expect.equal(got.astype(int), np.argsort(-logits, axis=1), "With k = m every item is recalled.")


@scales.mistake("Logits and cosines are sorted together")
def mixed(similarity, logits, k):
    return _mixed(similarity, logits, k)


@scales.mistake("not the same meaning")
def probabilities(similarity, logits, k):
    return _mixed(similarity, _sigmoid(logits), k)


@scales.mistake("All items are sorted by their logits")
def everything(similarity, logits, k):
    return np.argsort(-logits, axis=1)


@scales.mistake("order of the first stage alone")
def first_stage(similarity, logits, k):
    return np.argsort(-similarity, axis=1)


@scales.mistake("upside down")
def ascending(similarity, logits, k):
    return _upside_down(similarity, logits, k)


@scales.mistake("*within the candidates*")
def local_places(similarity, logits, k):
    return _local(similarity, logits, k)


@scales.mistake("that nobody computed")
def rest_by_logits(similarity, logits, k):
    return _rest_by_logits(similarity, logits, k)


@scales.mistake("for each query all items in order")
def only_the_first(similarity, logits, k):
    return two_stages(similarity, logits, k)[:, :k]
