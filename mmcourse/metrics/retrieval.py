"""Scores of search: where the right answers stand in each query's list.

All take the similarities of *every* query with *every* item, (n, m), and say explicitly which items are right, so that
five captions of one picture need no special case. Ties count against whoever is right: a model that finds all equal
gets the ranks of one that knows nothing, wherever the right answers happen to stand.
"""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_number, check_shapes, check_type, check_whole


def ranks(similarity, positives, tolerance=0.0):
    """The rank of each query's best right answer, from 1: one more than the number of wrong items that are at least as
    similar. Other right answers do not count.

    Args:
        similarity: (n, m), numbers: large = similar. Row i is query i.
        positives: bool (n, m), True where item j is right for query i; at least one in each row.
        tolerance: similarities nearer than this are taken to be equal. 0 for exact ones; 1e-6 for cosines of float32,
            whose last digit depends on the order in which they were summed.
    Returns:
        int (n,), from 1 (the best) to m.
    Raises:
        ValueError: shapes that differ, NaN, a row without a right answer, a tolerance below 0.
    """
    check_number("0 or more", at_least=0, tolerance=tolerance)
    similarity, positives = _pair(similarity, positives)
    best = np.where(positives, similarity, -np.inf).max(axis=1, keepdims=True)
    return 1 + ((similarity >= best - tolerance) & ~positives).sum(axis=1)


def recall_at_k(ranks, k):
    """The share of queries with a right answer among the first k: the mean of rank <= k. (With several right answers to
    a query this asks for one of them, as the papers on Flickr8k and COCO do.)"""
    ranks = _ranks(ranks)
    check_whole(k=k)
    return float(np.mean(ranks <= k))


def median_rank(ranks):
    """The rank that half of the queries reach. Halves occur where their number is even."""
    return float(np.median(_ranks(ranks)))


def mrr(ranks):
    """The mean reciprocal rank, the mean of 1 / rank (Voorhees, 1999, "The TREC-8 question answering track report")."""
    return float(np.mean(1 / _ranks(ranks)))


def mean_average_precision(similarity, positives):
    """The mean over queries of the average precision: of the shares of right items among all down to each right one.

    Precision at a right item = right items at least as similar / all items at least as similar, so a tie counts in
    full against it (as scikit-learn's ``average_precision_score``, which takes tied items together, too).
    Arguments and errors: see ``ranks``. Returns a fraction.
    """
    similarity, positives = _pair(similarity, positives)
    precisions = []
    for row, right in zip(similarity, positives, strict=True):
        everyone, own = np.sort(row), np.sort(row[right])
        # How many of all, and of the right ones, are at least as similar as each right one.
        above = len(row) - np.searchsorted(everyone, own, "left")
        hits = len(own) - np.searchsorted(own, own, "left")
        precisions.append(np.mean(hits / above))
    return float(np.mean(precisions))


def ndcg(similarity, relevance, k=None, ties="last"):
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002, "Cumulated gain-based evaluation of IR
    techniques"), a fraction: the mean over queries of DCG / ideal DCG,

        DCG = Σ over the first k places p = 1, 2, … of relevance at p / log₂(p + 1).

    A query to which nothing is relevant is left out.

    Args:
        similarity: (n, m). relevance: (n, m), numbers of 0 or more, the gain of each item; a bool map is 0 and 1. For
            the gains 2^r - 1 of Burges et al. (2005), hand those over.
        k: how many places count; None: all.
        ties: "last": among equally similar items the least relevant come first. "lot": the mean over all orders of
            them (McSherry and Najork, 2008, "Computing information retrieval performance measures efficiently in the
            presence of tied scores"), so that who finds all equal gets what chance is.
    Raises:
        ValueError: shapes that differ, NaN, a negative or infinite relevance, k below 1, nothing relevant to any query,
            other ties.
    """
    similarity = _table(similarity)
    relevance = as_numbers("relevance", relevance, finite=True).astype("float64")
    if relevance.shape != similarity.shape or not (relevance >= 0).all():
        raise ValueError(
            f"Received: relevance of shape {relevance.shape}, smallest {relevance.min(initial=0)}. "
            f"Allowed: {similarity.shape}, 0 or more."
        )
    if k is not None:
        check_whole(k=k)
    if ties not in ("last", "lot"):
        raise ValueError(f"Received: ties={ties!r}. Allowed: 'last', 'lot'.")
    gains = relevance if ties == "last" else _shared(similarity, relevance)
    order = np.lexsort((gains, -similarity), axis=1)[:, :k]  # by similarity; where equal, the least relevant first
    discount = 1 / np.log2(np.arange(order.shape[1]) + 2)
    found = np.take_along_axis(gains, order, axis=1) @ discount
    ideal = -np.sort(-relevance, axis=1)[:, :k] @ discount
    if not (ideal > 0).any():
        raise ValueError("Nothing is relevant to any query, so there is nothing to find.")
    return float(np.mean(found[ideal > 0] / ideal[ideal > 0]))


def retrieval_scores(similarity, positives, ks=(1, 5, 10), tolerance=0.0):
    """The scores that papers print, of one direction of search: {"R@1": …, "median rank": …, "MRR": …, "mAP": …}.
    Args: see ``ranks``; ``ks``: of R@k. For the other direction hand over both tables transposed."""
    check_type((list, tuple), "a tuple of whole numbers", ks=ks)
    for k in ks:
        check_whole(k=k)
    found = ranks(similarity, positives, tolerance)
    recalls = {f"R@{k}": recall_at_k(found, k) for k in ks}
    precision = mean_average_precision(similarity, positives)
    return recalls | {"median rank": median_rank(found), "MRR": mrr(found), "mAP": precision}


def chance_recall_at_k(positives, k):
    """The blind baseline of ``recall_at_k``: what a random order of the items reaches on average.

    A query with p right answers among m items has one of them within k places with probability
    1 - C(m - p, k) / C(m, k). Args: positives bool (n, m); k, 1 or more. Returns a fraction.
    Raises ValueError for a map of another shape or type, or empty, and for another k.
    """
    check_whole(k=k)
    check_shapes(positives=(positives, "n m"))
    positives = np.asarray(positives)
    if positives.dtype != bool or not positives.size:
        raise ValueError(
            f"Received: positives of shape {positives.shape} and type {positives.dtype}. "
            "Allowed: bool (n, m), not empty."
        )
    n_right, m = positives.sum(axis=1), positives.shape[1]
    places = np.arange(min(int(k), m))  # one after the other misses: (m - p - i) of the (m - i) items left are wrong
    missed = np.prod(np.maximum(m - n_right[:, None] - places, 0) / (m - places), axis=1)
    return float(np.mean(1 - missed))


def _shared(similarity, relevance):
    """Each item's relevance -> the mean over those that are equally similar to that query: what each of their places
    has on average when they are drawn by lot."""
    shared = np.empty_like(relevance)
    for row, (similar, gains) in enumerate(zip(similarity, relevance, strict=True)):
        group = np.unique(similar, return_inverse=True)[1]
        shared[row] = (np.bincount(group, gains) / np.bincount(group))[group]
    return shared


def _table(similarity):
    similarity = np.asarray(similarity)
    if similarity.ndim != 2 or not similarity.size or similarity.dtype.kind not in "fiub":
        raise ValueError(
            f"Received: similarity of shape {similarity.shape} and type {similarity.dtype}. "
            "Allowed: (queries, items) of numbers, not empty."
        )
    if np.isnan(similarity).any():
        raise ValueError("Received: a similarity that is NaN. Allowed: numbers.")
    # What is sorted by its negative: of unsigned integers that is another number, of bools none.
    return similarity.astype("int64") if similarity.dtype.kind in "bui" else similarity


def _pair(similarity, positives):
    similarity, positives = _table(similarity), np.asarray(positives)
    if positives.dtype != bool or positives.shape != similarity.shape:
        raise ValueError(
            f"Received: positives of shape {positives.shape} and type {positives.dtype}. "
            f"Allowed: bool {similarity.shape}, True where the item is right for the query."
        )
    lacking = np.flatnonzero(~positives.any(axis=1))
    if len(lacking):
        raise ValueError(f"Each query needs a right answer. Received: none for {len(lacking)}, the first {lacking[0]}.")
    return similarity, positives


def _ranks(ranks):
    ranks = np.asarray(ranks)
    if ranks.dtype.kind not in "fiu":
        raise ValueError(f"Received: ranks of type {ranks.dtype}. Allowed: numbers from 1.")
    if ranks.ndim != 1 or not len(ranks) or not (ranks >= 1).all():
        raise ValueError(f"Received: ranks of shape {ranks.shape}. Allowed: (n,), n of 1 or more, all from 1.")
    return ranks
