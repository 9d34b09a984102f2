"""Exercise `fusion.low_rank`: all products of two modalities without the table of them."""

import numpy as np

from mmcourse.exercises import Exercise, case

factors = Exercise(
    "fusion.low_rank",
    kind="implement",
    title="The tensor that is never made",
    returns="a row of d numbers for each item",
    otherwise="This is not the sum over k of v[k] · ([z1; 1] W1[k]) · ([z2; 1] W2[k]), entry by entry.",
    task=(
        "Write `low_rank(z1, z2, W1, W2, v)`: low-rank fusion of two modalities, without the bias. `z1` is `(n, p)` "
        "and `z2` `(n, q)`; `W1` of shape `(K, p + 1, d)` and `W2` `(K, q + 1, d)` hold the factors, `v` of shape "
        "`(K,)` the weights of the terms. Append a 1 to each vector, multiply it by each of its `K` factors, multiply "
        "the two results entry by entry, and add the `K` terms, each with its weight. Return `z`, `(n, d)`."
    ),
    hints=(
        "For one term k: two vectors of d numbers, one from each modality. Which operation joins them? What happens "
        "to the axis k in the end?",
        "`np.einsum('np,kpd->nkd', one1, W1)` has all terms of the first modality at once, where `one1` is `z1` with a "
        "column of ones at the end. Multiply the two `(n, K, d)` arrays, then sum over k with the weights `v`.",
    ),
    plan=(
        "Append a column of ones at the end of each modality.",
        "Multiply each by all of its factors: an axis more, for the terms.",
        "Multiply the two entry by entry, and sum over the terms with their weights.",
    ),
    minutes=12,
    difficulty=3,
    importance=2,
)


@factors.solved_by
def low_rank(z1, z2, W1, W2, v):
    """(n, p), (n, q), (K, p + 1, d), (K, q + 1, d), (K,) -> (n, d)."""
    one = np.ones((len(z1), 1))
    first = np.einsum("np,kpd->nkd", np.hstack([z1, one]), W1)
    second = np.einsum("nq,kqd->nkd", np.hstack([z2, one]), W2)
    return np.einsum("k,nkd->nd", v, first * second)


@factors.cases
def _(rng):
    for n, p, q, terms, d, when in (
        (6, 4, 3, 5, 2, ""),
        (3, 2, 2, 2, 4, ""),  # p = q: modalities that are exchanged still run
        (4, 3, 3, 4, 4, ""),  # n = K = d: so does a sum over another axis
        (3, 1, 5, 3, 1, "where d is 1"),
        (1, 3, 2, 3, 2, "with a single item"),
        (5, 2, 4, 1, 3, "with a single term"),
    ):
        z1, z2 = rng.normal(size=(n, p)), rng.normal(size=(n, q))
        W1, W2 = rng.normal(size=(terms, p + 1, d)), rng.normal(size=(terms, q + 1, d))
        v = rng.uniform(0.4, 0.9, terms) * np.where(np.arange(terms) % 2, -1, 1)  # of both signs, and none is 1
        yield case(z1, z2, W1, W2, v, when=when)


@factors.oracle
def _(z1, z2, W1, W2, v):
    n, d = len(z1), W1.shape[2]
    result = np.zeros((n, d))
    for i in range(n):  # by the full table of products
        table = np.outer(np.append(z1[i], 1), np.append(z2[i], 1))
        for u in range(d):
            kernel = sum(v[k] * np.outer(W1[k, :, u], W2[k, :, u]) for k in range(len(v)))
            result[i, u] = (kernel * table).sum()
    return result
