"""Exercise `vqa.coattend`: co-attention in which words that are not there still speak."""

import numpy as np

from mmcourse.exercises import Exercise, case

coattend = Exercise(
    "vqa.coattend",
    kind="find the bug",
    title="Words that are not there",
    returns=("v", "q"),
    otherwise=(
        "This is not parallel co-attention over the real words: either a weighted mean is another one, or a word that "
        "is not real changes what the others and the regions get."
    ),
    task=(
        "`coattend_words(Q, V, real, W, Wq, Wv, wq, wv)` is the co-attention of the page for one question and one "
        "picture: words `Q` `(L, e)`, regions `V` `(m, d)`, bool `real` `(L,)`. A question is padded to length `L`, "
        "and after a recurrent layer the vectors of padding are not 0. The code below leaves padding out of the "
        "softmax over the words, and yet a question gets another answer when it is padded further. **Put it right: "
        "what is not real weighs nothing and changes nothing.** The real words may stand anywhere; at least one is "
        "real."
    ),
    hints=(
        "Change a vector of padding and see which of the two results moves. Through which product does it come in?",
        "`C.T @ (Q @ Wq)` adds up over *all* words. What would you have to do to the rows of one of the two factors, "
        "so that padding adds nothing?",
    ),
    plan=(
        "Find where the words are summed up for the regions: there padding comes in.",
        "Let words that are not real add 0 there; the softmax over the words stays as it is.",
    ),
    minutes=10,
    difficulty=2,
    importance=2,
)


@coattend.solved_by
def coattend_words(Q, V, real, W, Wq, Wv, wq, wv):
    """Words (L, e), regions (m, d), bool (L,); W (e, d), Wq (e, k), Wv (d, k), wq and wv (k,) -> v (d,), q (e,)."""
    C = np.tanh(Q @ W @ V.T)  # (L, m)
    of_words = np.where(real[:, None], Q @ Wq, 0)  # (L, k)
    to_regions = np.tanh(V @ Wv + C.T @ of_words) @ wv  # (m,)
    to_words = np.tanh(Q @ Wq + C @ (V @ Wv)) @ wq  # (L,)
    to_words = np.where(real, to_words, -np.inf)
    a, b = np.exp(to_regions - to_regions.max()), np.exp(to_words - to_words.max())
    return a / a.sum() @ V, b / b.sum() @ Q


@coattend.given
def _given(Q, V, real, W, Wq, Wv, wq, wv):
    """Words (L, e), regions (m, d), bool (L,); W (e, d), Wq (e, k), Wv (d, k), wq and wv (k,) -> v (d,), q (e,)."""
    C = np.tanh(Q @ W @ V.T)  # (L, m)
    of_words = Q @ Wq  # (L, k)
    to_regions = np.tanh(V @ Wv + C.T @ of_words) @ wv  # (m,)
    to_words = np.tanh(Q @ Wq + C @ (V @ Wv)) @ wq  # (L,)
    to_words = np.where(real, to_words, -np.inf)
    a, b = np.exp(to_regions - to_regions.max()), np.exp(to_words - to_words.max())
    return a / a.sum() @ V, b / b.sum() @ Q


@coattend.cases
def _(rng):
    def inputs(L, m, e, d, k):
        Q, V = rng.normal(size=(L, e)), rng.normal(size=(m, d)) + 0.3
        W, Wq, Wv = (rng.normal(size=shape) / np.sqrt(shape[0]) for shape in ((e, d), (e, k), (d, k)))
        return Q, V, W, Wq, Wv, 1.5 * rng.normal(size=k), 1.5 * rng.normal(size=k)

    def drawn(sizes, hidden):
        Q, V, *weights = inputs(*sizes)
        real = np.ones(sizes[0], bool)
        real[hidden(sizes[0])] = False
        return Q, V, real, *weights

    def some(L):
        return rng.permutation(L)[: max(1, L // 3)]

    for sizes in ((6, 5, 4, 3, 7), (5, 8, 3, 4, 5), (7, 4, 5, 6, 3), (4, 4, 4, 4, 4)):
        yield case(*drawn(sizes, some))
    yield case(*drawn((6, 4, 3, 5, 4), lambda L: slice(3, None)), when="where padding stands behind the words")
    yield case(*drawn((5, 6, 4, 3, 5), lambda L: slice(0, 0)), when="where all words are real")
    yield case(*drawn((4, 5, 3, 6, 4), lambda L: rng.permutation(L)[1:]), when="with a single real word")
    yield case(*drawn((5, 1, 4, 3, 6), some), when="with a single region")


@coattend.oracle
def _(Q, V, real, W, Wq, Wv, wq, wv):
    Q, (m, k) = Q[real], (len(V), len(wq))  # padding is simply not there
    L = len(Q)
    C = [[np.tanh(Q[i] @ W @ V[j]) for j in range(m)] for i in range(L)]
    to_regions, to_words = [], []
    for j in range(m):
        hidden = [V[j] @ Wv[:, c] + sum(C[i][j] * (Q[i] @ Wq[:, c]) for i in range(L)) for c in range(k)]
        to_regions.append(np.exp(sum(wv[c] * np.tanh(hidden[c]) for c in range(k))))
    for i in range(L):
        hidden = [Q[i] @ Wq[:, c] + sum(C[i][j] * (V[j] @ Wv[:, c]) for j in range(m)) for c in range(k)]
        to_words.append(np.exp(sum(wq[c] * np.tanh(hidden[c]) for c in range(k))))
    v = sum(w * region for w, region in zip(to_regions, V, strict=True)) / sum(to_regions)
    q = sum(w * word for w, word in zip(to_words, Q, strict=True)) / sum(to_words)
    return v, q
