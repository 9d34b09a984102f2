"""Listwise: pairs that are weighted by what their exchange would do to the whole list.

Burges, Ragno and Le (2006), "Learning to rank with nonsmooth cost functions"; Burges (2010), "From RankNet to
LambdaRank to LambdaMART: An overview".
"""

import numpy as np

from mmcourse._machinery.checks import NUMBERS, check_kind, check_number, check_whole
from mmcourse.ranking.features import checked_rows


def swap_gains(scores, relevance, k=None):
    """|ΔNDCG|: how much the nDCG of one query's list changes when two of its items exchange their places.

        |rᵢ - rⱼ| · |dᵢ - dⱼ| / ideal DCG,    dᵢ = 1 / log₂(place + 1), 0 beyond place k

    Among equal scores the least relevant come first, as in ``metrics.ndcg``; items that are equal in both share the
    mean of their discounts. So no row is favoured for where it is listed.

    Args: scores (n,). relevance (n,), the gains, 0 or more. k: how many places count; None: all.
    Returns float64 (n, n), symmetric, zeros on the diagonal and where nothing is relevant.
    """
    scores, relevance = _list(scores, relevance, k)
    n = len(scores)
    order = np.lexsort((relevance, -scores))
    discount = np.zeros(n)
    discount[order] = _discounts(n, k)
    _, same = np.unique(np.stack([scores, relevance]), axis=1, return_inverse=True)
    same = same.ravel()
    discount = (np.bincount(same, discount) / np.bincount(same))[same]
    ideal = np.sort(relevance)[::-1] @ _discounts(n, k)
    if not ideal > 0:
        return np.zeros((n, n))
    return np.abs(np.subtract.outer(relevance, relevance) * np.subtract.outer(discount, discount)) / ideal


def lambda_gradient(scores, relevance, sigma=1.0, k=None):
    """The gradient of LambdaRank for one query's list, and its second-order weights.

    With the weights |ΔNDCG| of ``swap_gains`` *held at their present value*, these are the first and second derivatives
    by the scores of

        Σ over pairs with rᵢ > rⱼ  |ΔNDCGᵢⱼ| · log(1 + exp(-sigma (sᵢ - sⱼ))).

    1. ρᵢⱼ = 1 / (1 + exp(sigma (sᵢ - sⱼ))), how wrong the pair is
    2. gradient: the better item gets -sigma · |ΔNDCG| · ρ, the worse one the same with +; so they sum to zero
    3. second order: sigma² · |ΔNDCG| · ρ (1 - ρ) for both (the diagonal of the Hessian)

    The weights jump when two scores pass each other, so no loss has this as its gradient everywhere.

    Args:
        scores (n,), relevance (n,) of 0 or more. sigma: the steepness, above 0. k: see ``swap_gains``.
    Returns:
        (gradient (n,), second (n,)), float64. A step *against* the gradient moves relevant items up.
    Raises:
        ValueError: shapes that differ, NaN, a negative relevance, k below 1, sigma not above 0.
    """
    scores, relevance = _list(scores, relevance, k)
    check_number("above 0", above=0, sigma=sigma)
    weight = np.where(np.subtract.outer(relevance, relevance) > 0, swap_gains(scores, relevance, k), 0.0)
    wrong = np.exp(-np.logaddexp(0.0, sigma * np.subtract.outer(scores, scores)))  # ρ, without overflow
    push = sigma * weight * wrong  # (n, n), row i is better than column j
    bend = sigma**2 * weight * wrong * (1 - wrong)
    return push.sum(axis=0) - push.sum(axis=1), bend.sum(axis=0) + bend.sum(axis=1)


class LambdaRank:
    """Gradient-boosted trees that follow ``lambda_gradient``: LightGBM's ``lambdarank``, so that twice is twice the
    same (Ke et al., 2017, "LightGBM: A highly efficient gradient boosting decision tree").

    Rows are put into one order before LightGBM sees them (least relevant first), it runs on one thread, and nothing is
    drawn: the order in which rows are listed changes no prediction. The gain of grade r is r, as in ``metrics.ndcg``.
    LightGBM differs from ``lambda_gradient`` in five things: it divides a pair's weight by the distance of its scores
    (plus 0.01) and scales a query's gradients (both off with ``normalise=False``), cuts pairs off whose better *place*
    is beyond ``k`` (where it counts every discount), gives the first of equal scores the better place, and looks the
    sigmoid up in a table.

    Args:
        trees, leaves, rate: how many, how large, and the learning rate. smallest: fewest rows in a leaf.
        k: the truncation level. normalise: LightGBM's ``lambdarank_norm``. options: further parameters of LightGBM.
    """

    def __init__(self, trees=100, leaves=15, rate=0.1, smallest=20, k=30, normalise=True, options=None):
        check_whole(trees=trees, k=k)
        check_whole(2, leaves=leaves)
        check_whole(0, smallest=smallest)
        check_number("above 0", above=0, rate=rate)
        self.trees = trees
        self.settings = {
            "objective": "lambdarank", "num_leaves": leaves, "learning_rate": rate, "min_data_in_leaf": smallest,
            "lambdarank_truncation_level": k, "lambdarank_norm": normalise, "deterministic": True,
            "force_row_wise": True, "num_threads": 1, "seed": 0, "verbosity": -1,
        } | dict(options or {})  # fmt: skip
        self.booster = None

    def fit(self, features, relevance, queries):
        """Rows (n, f), whole grades of 0 or more (n,), and the query of each row (n,). Returns the ranker.
        Raises ValueError as ``checked_rows`` does, and for a relevance that is no whole number."""
        lightgbm = _lightgbm()
        features, relevance, queries = checked_rows(features, relevance, queries)
        grades = relevance.astype("int64")
        if (grades != relevance).any():
            raise ValueError(
                f"Received: a relevance of {relevance[grades != relevance][0]}. Allowed: whole grades 0, 1, 2, …"
            )
        groups = np.unique(queries, return_counts=True)[1]
        settings = self.settings | {"label_gain": [float(g) for g in range(max(2, int(grades.max()) + 1))]}
        data = lightgbm.Dataset(features, grades, group=groups)
        self.booster = lightgbm.train(settings, data, num_boost_round=self.trees)
        return self

    def score(self, features):
        """Features (..., f) -> scores (...); large = should stand high. RuntimeError before ``fit``."""
        if self.booster is None:
            raise RuntimeError("This ranker has not been fitted yet: call fit(features, relevance, queries) first.")
        features = np.asarray(features, "float64")
        flat = features.reshape(-1, features.shape[-1])
        return self.booster.predict(flat, num_threads=1).reshape(features.shape[:-1])


def _lightgbm():
    try:
        import lightgbm
    except ImportError as error:
        raise ImportError("LambdaRank needs LightGBM: pip install lightgbm") from error
    return lightgbm


def _discounts(n, k):
    place = np.arange(1, n + 1)
    return np.where(place <= (n if k is None else k), 1 / np.log2(place + 1), 0.0)


def _list(scores, relevance, k):
    check_kind(NUMBERS, "numbers (n,)", scores=scores, relevance=relevance)
    scores, relevance = np.asarray(scores, "float64"), np.asarray(relevance, "float64")
    if scores.ndim != 1 or scores.shape != relevance.shape:
        raise ValueError(f"Received: shapes {scores.shape} and {relevance.shape}. Allowed: (n,) and (n,).")
    if not np.isfinite(scores).all() or not (np.isfinite(relevance) & (relevance >= 0)).all():
        raise ValueError("Received: a score that is not finite, or a negative relevance. Allowed: finite, 0 or more.")
    if k is not None:
        check_whole(k=k)
    return scores, relevance
