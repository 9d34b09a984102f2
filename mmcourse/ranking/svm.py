"""Pairwise: which of two items is the better answer (Joachims, 2002, "Optimizing search engines using clickthrough
data")."""

import numpy as np

from mmcourse._machinery.checks import check_number, check_numbers, check_whole
from mmcourse.ranking.features import checked_rows


def pair_differences(features, relevance, queries):
    """Every pair of rows of the same query that differ in relevance, as a difference of features.

    1. for each query and each pair (i, j) of its rows with relevance i > relevance j: xᵢ - xⱼ with target +1
    2. the same pair the other way round, xⱼ - xᵢ with target -1: the classes are balanced, and no intercept is needed

    Rows of different queries are never compared. Args: see ``checked_rows``, which sorts them first.
    Returns (differences float64 (p, f), targets (p,) of +1 and -1), all +1 rows first.
    Raises ValueError when no query has two rows of different relevance.
    """
    features, relevance, queries = checked_rows(features, relevance, queries)
    better, worse = [], []
    for query in np.unique(queries):
        rows = np.flatnonzero(queries == query)
        i, j = np.nonzero(relevance[rows][:, None] > relevance[rows])
        better.append(rows[i])
        worse.append(rows[j])
    better, worse = np.concatenate(better), np.concatenate(worse)
    if not len(better):
        raise ValueError("No query has two rows of different relevance, so there is nothing to learn an order from.")
    difference = features[better] - features[worse]
    return np.concatenate([difference, -difference]), np.repeat([1, -1], len(better))


class RankSVM:
    """A linear score w·x, learned from pairs: a support vector machine on their differences.

        ½ |w|² + C Σ over pairs max(0, 1 - w·(xᵢ - xⱼ))²    with i more relevant than j, both of one query

    (scikit-learn's ``LinearSVC``: each pair counts twice, once in either direction.) Features are divided by their
    standard deviation in training first; shifting them would cancel in every difference.

    Args: C: the price of a pair in the wrong order. most: how many pairs are used at most, drawn with ``seed``.
    After ``fit``: ``weights`` (f,), of the features as they come in.
    """

    def __init__(self, C=1.0, most=200_000, seed=0):
        check_number("above 0", above=0, C=C)
        check_whole(most=most)
        self.C, self.most, self.seed, self.weights = C, most, seed, None

    def fit(self, features, relevance, queries):
        """Args and errors: see ``pair_differences``. The order of the rows changes nothing. Returns the ranker."""
        from sklearn.svm import LinearSVC

        checked_rows(features, relevance, queries)
        deviation = np.sqrt(np.var(np.sort(np.asarray(features, "float64"), axis=0), axis=0))  # sums in one order
        deviation = np.where(deviation > 1e-12, deviation, 1.0)
        x, y = pair_differences(features, relevance, queries)
        half = len(x) // 2
        if half > self.most:
            kept = np.sort(np.random.default_rng(self.seed).choice(half, self.most, replace=False))
            x, y = x[np.r_[kept, kept + half]], y[np.r_[kept, kept + half]]
        svm = LinearSVC(C=self.C, fit_intercept=False, dual=False, random_state=self.seed, tol=1e-5, max_iter=5000)
        self.weights = svm.fit(x / deviation, y).coef_[0] / deviation
        return self

    def score(self, features):
        """Features (..., f) -> scores (...); large = should stand high. RuntimeError before ``fit``."""
        if self.weights is None:
            raise RuntimeError("This ranker has not been fitted yet: call fit(features, relevance, queries) first.")
        check_numbers(features=(features, "…"))
        if np.shape(features)[-1:] != self.weights.shape:
            raise ValueError(f"Received: features of shape {np.shape(features)}. Allowed: (..., {len(self.weights)}).")
        return np.asarray(features, "float64") @ self.weights
