"""Search in two stages: a cheap model recalls, a dear one puts what was recalled in order."""

import numpy as np

from mmcourse._machinery.checks import NUMBERS, check_kind, check_whole


def rerank(similarity, scorer, k):
    """Each query's k most similar items, put in a new order by a scorer that looks at pairs.

    1. candidates of query i: every item at least as similar as its k-th best one (at least k; more where the k-th is
       tied, so that the order of the items changes nothing)
    2. candidates are ordered by the scorer alone; all others stand behind them, as they stood before
    3. equal scores stay equal, so that ranks by ``metrics.ranks`` remain pessimistic

    Args:
        similarity: (n, m) of the first stage; large = similar.
        scorer: function (queries int (p,), items int (p,)) -> scores (p,), called once for all pairs.
        k: how many candidates a query has; more than m: all.
    Returns:
        (places float64 (n, m), pairs int (n,)): numbers that order the items as the two stages do (only their order
        means something), and how many pairs were scored for each query.
    Raises:
        ValueError: no table, NaN, k below 1, not one score for each pair.
    """
    if not callable(scorer):
        raise ValueError(f"Received: scorer={scorer!r}. Allowed: a function (queries, items) -> scores.")
    check_kind(NUMBERS, "numbers (queries, items)", similarity=similarity)
    similarity = np.asarray(similarity)
    if similarity.ndim != 2 or not similarity.size or np.isnan(similarity).any():
        raise ValueError(f"Received: similarity of shape {similarity.shape}. Allowed: (queries, items), without NaN.")
    check_whole(k=k)
    n, m = similarity.shape
    k = min(int(k), m)
    bar = np.partition(similarity, m - k, axis=1)[:, m - k : m - k + 1]  # the k-th best of each query
    chosen = similarity >= bar
    queries, items = np.nonzero(chosen)
    scores = scorer(queries, items)
    check_kind(NUMBERS, "one number for each pair", scores=scores)
    scores = np.asarray(scores, "float64")
    if scores.shape != queries.shape or np.isnan(scores).any():
        raise ValueError(
            f"Received: scores of shape {scores.shape}. Allowed: one number for each of {len(queries)} pairs."
        )
    places = np.empty((n, m))
    at = np.concatenate([[0], np.cumsum(chosen.sum(axis=1))])
    for i in range(n):
        own, rest = chosen[i], ~chosen[i]
        places[i, own] = np.unique(scores[at[i] : at[i + 1]], return_inverse=True)[1].ravel()
        places[i, rest] = np.unique(similarity[i, rest], return_inverse=True)[1].ravel() - float(m)
    return places, chosen.sum(axis=1)
