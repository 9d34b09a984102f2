"""Exercise `fusion.low_rank`: all products of two modalities without the table of them."""

import numpy as np

from mmcourse.exercises import Exercise, expect

factors = Exercise(
    "fusion.low_rank",
    kind="implement",
    title="The tensor that is never made",
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
)


@factors.solved_by
def low_rank(z1, z2, W1, W2, v):
    """(n, p), (n, q), (K, p + 1, d), (K, q + 1, d), (K,) -> (n, d)."""
    one = np.ones((len(z1), 1))
    first = np.einsum("np,kpd->nkd", np.hstack([z1, one]), W1)
    second = np.einsum("nq,kqd->nkd", np.hstack([z2, one]), W2)
    return np.einsum("k,nkd->nd", v, first * second)


def _terms(z1, z2, W1, W2, value=1.0, front=False):
    def append(z):
        ones = np.full((len(z), 1), value)
        return np.hstack([ones, z] if front else [z, ones])

    return np.einsum("np,kpd->nkd", append(z1), W1), np.einsum("nq,kqd->nkd", append(z2), W2)


@factors.check
def _(answer, rng):
    n, p, q, k, d = 6, 4, 3, 5, 2
    z1, z2 = rng.normal(size=(n, p)), rng.normal(size=(n, q))
    W1, W2, v = rng.normal(size=(k, p + 1, d)), rng.normal(size=(k, q + 1, d)), rng.uniform(0.5, 2, k)
    wanted = np.zeros((n, d))
    for i in range(n):  # by the full table of products
        table = np.outer(np.append(z1[i], 1), np.append(z2[i], 1))
        for u in range(d):
            kernel = sum(v[r] * np.outer(W1[r, :, u], W2[r, :, u]) for r in range(k))
            wanted[i, u] = (kernel * table).sum()
    got = expect.array(expect.pure(answer, z1, z2, W1, W2, v), (n, d), "a vector for each item")
    first, second = _terms(z1, z2, W1, W2)
    known = (
        (first + second, v, "You added the two modalities. Then no product of them is in z, and XOR cannot be told."),
        (
            first * second,
            np.ones(k),
            "The terms are added without their weights `v`.",
        ),
        (
            np.multiply(*_terms(z1, z2, W1, W2, value=0.0)),
            v,
            "The ones are missing: only products are left, and neither modality can say anything by itself.",
        ),
        (
            np.multiply(*_terms(z1, z2, W1, W2, front=True)),
            v,
            "You put the 1 in front. The last row of each factor belongs to it: append it at the end.",
        ),
        (
            first * second / k,
            v,
            "You took the mean over the terms. They are added.",
        ),
        (first, v, "Only the first modality is in your result."),
    )
    for terms, weights, message in known:
        expect.differs(got, np.einsum("k,nkd->nd", weights, terms), message)
    expect.differs(
        got,
        np.einsum("k,nkd->nd", v, first) * second.sum(1),
        "You added over the terms before you multiplied. A product of sums also holds term 1 of one modality times "
        "term 2 of the other: multiply within each term first.",
    )
    expect.close(got, wanted, "z is the sum over the terms of weight times product, entry by entry.")


@factors.mistake("added the two modalities")
def added(z1, z2, W1, W2, v):
    return np.einsum("k,nkd->nd", v, np.add(*_terms(z1, z2, W1, W2)))


@factors.mistake("without their weights")
def unweighted(z1, z2, W1, W2, v):
    return np.multiply(*_terms(z1, z2, W1, W2)).sum(1)


@factors.mistake("The ones are missing")
def no_ones(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1 * (np.arange(W1.shape[1]) < z1.shape[1])[:, None],
                         W2 * (np.arange(W2.shape[1]) < z2.shape[1])[:, None], v)  # fmt: skip


@factors.mistake("put the 1 in front")
def ones_in_front(z1, z2, W1, W2, v):
    return np.einsum("k,nkd->nd", v, np.multiply(*_terms(z1, z2, W1, W2, front=True)))


@factors.mistake("mean over the terms")
def mean_of_terms(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v) / len(v)


@factors.mistake("before you multiplied")
def product_of_sums(z1, z2, W1, W2, v):
    first, second = _terms(z1, z2, W1, W2)
    return np.einsum("k,nkd->nd", v, first) * second.sum(1)
