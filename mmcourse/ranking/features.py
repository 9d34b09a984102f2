"""What a pair of vectors says about the pair, and in which order a learner reads its rows."""

import numpy as np

from mmcourse._machinery.checks import NUMBERS, check_kind, check_numbers


def interaction_features(query, item):
    """How two vectors go together, number by number: [q ∘ v, |q - v|, q·v] of their unit vectors q and v.

    Of the concatenation [q, v] a linear score is w·q + w'·v. For one query w·q is the same for every item, so all
    queries rank the items alike. Products and absolute differences depend on both.

    Args:
        query, item: (..., d), any lengths but zero, broadcast against each other: (n, 1, d) and (1, m, d) give all
            pairs.
    Returns:
        float32 (..., 2 d + 1).
    Raises:
        ValueError: sizes that differ, a vector of zeros or one that is not finite.
    """
    check_numbers(query=(query, "…"), item=(item, "…"))
    query, item = (np.asarray(x, "float32") for x in (query, item))
    if query.shape[-1:] != item.shape[-1:] or query.ndim < 1:
        raise ValueError(f"Received: vectors of shape {query.shape} and {item.shape}. Allowed: the same last axis.")
    try:
        np.broadcast_shapes(query.shape, item.shape)
    except ValueError as error:
        raise ValueError(
            f"Received: vectors of shape {query.shape} and {item.shape}. Allowed: what broadcasts."
        ) from error
    lengths = [np.linalg.norm(x, axis=-1, keepdims=True) for x in (query, item)]
    if not all(np.isfinite(length).all() and (length > 0).all() for length in lengths):
        raise ValueError("Received: a vector of zeros, or one that is not finite. Allowed: vectors with a direction.")
    q, v = query / lengths[0], item / lengths[1]
    product = q * v
    return np.concatenate([product, np.abs(q - v), product.sum(-1, keepdims=True)], axis=-1)


def checked_rows(features, relevance, queries):
    """The rows of a ranking problem, in the one order that depends on nothing but what they hold.

    Rows are sorted by query, then from the least to the most relevant, then by their features, so a learner that reads
    them cannot learn from the order in which somebody listed them.

    Args:
        features: (n, f). relevance: (n,), numbers of 0 or more. queries: int (n,), which query a row belongs to.
    Returns:
        (features float64 (n, f), relevance (n,), queries (n,)), sorted.
    Raises:
        ValueError: shapes that do not fit, values that are not finite, a negative relevance.
    """
    check_kind(NUMBERS, "numbers", features=features, relevance=relevance)
    check_kind("iuUf", "integers (n,), a query's number", queries=queries)
    features, relevance, queries = np.asarray(features, "float64"), np.asarray(relevance), np.asarray(queries)
    if queries.dtype.kind == "f" and not (queries == np.floor(queries)).all():
        raise ValueError(f"Received: queries of type {queries.dtype}. Allowed: integers (n,), a query's number.")
    n = len(relevance) if relevance.ndim else 0
    if features.ndim != 2 or not n or features.shape[0] != n or relevance.shape != (n,) or queries.shape != (n,):
        raise ValueError(
            f"Received: features {features.shape}, relevance {relevance.shape}, queries {queries.shape}. "
            "Allowed: (n, f), (n,) and (n,), n of 1 or more."
        )
    if not np.isfinite(features).all() or not (relevance >= 0).all() or not np.isfinite(relevance).all():
        raise ValueError(
            f"Received: a feature that is not finite, or a relevance of {relevance.min()}. "
            "Allowed: finite features, a relevance of 0 or more."
        )
    order = np.lexsort((*features.T[::-1], relevance, queries))
    return features[order], relevance[order], queries[order]
