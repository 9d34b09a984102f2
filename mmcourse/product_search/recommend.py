"""What to show to whom: scores (u, m) of m items for u customers, each from another kind of knowledge, in NumPy.

``bought`` is everywhere the table bool (u, m) of what was bought *before* the moment of recommending: whatever is
counted from later purchases is a leak. Large = recommended; where nothing is known, all items score the same.
"""

import numpy as np

from mmcourse._machinery.checks import check_mask, check_number, check_numbers


def popularity(bought):
    """How many bought each item: the same list for everybody, and the blind baseline of every recommender. (u, m)."""
    bought = _table(bought)
    return np.broadcast_to(bought.sum(axis=0), bought.shape).copy()


def item_item(bought, shrink=10.0):
    """Behaviour: "who bought this also bought that" (Sarwar et al., 2001, "Item-based collaborative filtering
    recommendation algorithms"), (u, m).

    1. together[i, j] = how many customers bought both; nᵢ = how many bought i
    2. similar[i, j] = together[i, j] / (root of nᵢ nⱼ + shrink), and 0 for i = j: the cosine of two columns, drawn
       towards 0 where few bought either
    3. score[u, j] = sum of similar[i, j] over all i that u bought

    An item that nobody bought scores 0 for everybody, and a customer who bought nothing has 0 for everything.
    """
    check_number("0 or more", at_least=0, shrink=shrink)
    bought = _table(bought)
    together = bought.T @ bought  # (m, m)
    n = np.diag(together)
    similar = together / np.maximum(np.sqrt(np.outer(n, n)) + shrink, 1e-12)
    np.fill_diagonal(similar, 0.0)
    return bought @ similar


def content(bought, vectors):
    """Content: the cosine of each item's vector with the mean unit vector of what the customer bought, (u, m); 0 for a
    customer who bought nothing. It needs no other customer, and no purchase of the item.

    ``vectors``: (m, d), of pictures, of titles, or of both.
    """
    bought = _table(bought)
    check_numbers(vectors=(vectors, "m d"))
    vectors = _unit(np.asarray(vectors, "float64"))
    if vectors.ndim != 2 or len(vectors) != bought.shape[1]:
        raise ValueError(f"Received: vectors {vectors.shape} for {bought.shape[1]} items. Allowed: (m, d).")
    return _unit(bought @ vectors) @ vectors.T  # the mean's length does not count


def social(bought, friends):
    """Social links: how many friends bought each item, (u, m).

    ``friends``: bool (u, u), True where v is a friend of u; nobody is a friend of themselves.
    """
    bought, friends = _table(bought), np.asarray(friends)
    check_mask("friends", friends)
    if friends.shape != (len(bought), len(bought)) or np.diag(friends).any():
        raise ValueError(f"Received: friends {friends.shape}. Allowed: {(len(bought),) * 2}, False on the diagonal.")
    return friends.astype("float64") @ bought


def blend(scores, weights=None):
    """Several scores of the same things joined (decision-level fusion): each row of each brought to mean 0 and standard
    deviation 1, since they have other units, then their weighted sum.

    A row that is the same for all items says nothing, and counts 0.

    Args:
        scores: {name: (n, m)}. weights: {name: number} for each; None: all equal, and they sum to one.
    """
    if isinstance(scores, dict) and not scores:
        raise ValueError("Received: no scores. Allowed: one or more, {name: (n, m)}.")
    if not isinstance(scores, dict) or not isinstance(weights, (dict, type(None))):
        came = ", ".join(f"a {type(one).__name__}" for one in (scores, weights))
        raise ValueError(f"Received: scores and weights, {came}. Allowed: dicts by name.")
    check_numbers(**{name: (score, "n m") for name, score in scores.items()})
    if not np.shape(next(iter(scores.values())))[1]:
        raise ValueError(f"Received: scores of shape {np.shape(next(iter(scores.values())))}. Allowed: m of 1 or more.")
    weights = dict.fromkeys(scores, 1 / len(scores)) if weights is None else weights
    if set(weights) != set(scores):
        raise ValueError(f"Received: weights of {sorted(weights)} for scores of {sorted(scores)}. Allowed: the same.")
    for name, weight in weights.items():
        check_number("a number", **{f"weights[{name!r}]": weight})
    total = 0.0
    for name, score in scores.items():
        score = np.asarray(score, "float64")
        centred = score - score.mean(axis=1, keepdims=True)
        deviation = centred.std(axis=1, keepdims=True)
        flat = deviation <= 1e-9 * np.maximum(np.abs(score).max(axis=1, keepdims=True), 1e-300)
        total = total + weights[name] * np.where(flat, 0.0, centred / np.where(flat, 1.0, deviation))
    return total


def _table(bought):
    if bought is None or isinstance(bought, (str, dict)):
        raise ValueError(f"Received: bought, a {type(bought).__name__}. Allowed: bool (u, m).")
    bought = np.asarray(bought)
    if bought.ndim != 2 or bought.dtype != bool:
        raise ValueError(f"Received: bought of shape {bought.shape}, type {bought.dtype}. Allowed: bool (u, m).")
    return bought.astype("float64")


def _unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)
