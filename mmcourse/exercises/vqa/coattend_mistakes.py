"""What goes wrong in `vqa.coattend`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.numeric import softmax
from mmcourse.exercises.vqa.coattend import coattend, coattend_words


def _run(Q, V, real, W, Wq, Wv, wq, wv, speak=None, weigh=None, affinity=None, squash=np.tanh, of_words=None):
    """Co-attention with other words that speak to the regions, other weights of the words, or another affinity."""
    C = np.tanh(Q @ W @ V.T) if affinity is None else affinity(Q, V, W)
    said = np.where((real if speak is None else speak)[:, None], Q @ Wq, 0) if of_words is None else of_words
    to_regions = squash(V @ Wv + C.T @ said) @ wv
    to_words = squash(Q @ Wq + C @ (V @ Wv)) @ wq
    b = softmax(np.where(real, to_words, -np.inf)) if weigh is None else weigh(to_words, real)
    return softmax(to_regions) @ V, b @ Q


def _all(real):
    return np.ones_like(real)


# ── who speaks ──────────────────────────────────────────────────────────────────────────────────────


@coattend.mistake(
    "Words that are not real still speak to the regions, through `C.T @ of_words`: the sum runs over all words."
)
def as_given(Q, V, real, *weights):
    return _run(Q, V, real, *weights, speak=_all(real))


@coattend.mistake("The mask is the wrong way round: only padding speaks to the regions now.")
def speak_inverted(Q, V, real, *weights):
    return _run(Q, V, real, *weights, speak=~real)


@coattend.mistake("No word speaks to the regions any more. The real ones must.")
def nobody_speaks(Q, V, real, *weights):
    return _run(Q, V, real, *weights, speak=~_all(real))


@coattend.mistake(
    "A word that is not real adds a very low number to what the regions hear. In a sum, nothing is 0; very low scores "
    "belong before a softmax."
)
def minus_many(Q, V, real, W, Wq, *weights):
    return _run(Q, V, real, W, Wq, *weights, of_words=np.where(real[:, None], Q @ Wq, -1e9))


@coattend.mistake("What the regions hear is divided by the number of words. It is their sum.")
def mean_of_words(Q, V, real, W, Wq, *weights):
    return _run(Q, V, real, W, Wq, *weights, of_words=np.where(real[:, None], Q @ Wq, 0) / len(Q))


@coattend.mistake("What the regions hear is divided by the number of real words. It is their sum.")
def mean_of_real(Q, V, real, W, Wq, *weights):
    return _run(Q, V, real, W, Wq, *weights, of_words=np.where(real[:, None], Q @ Wq, 0) / real.sum())


# ── the words' own weights ──────────────────────────────────────────────────────────────────────────


@coattend.mistake(
    "Padding does not speak to the regions now. But its words are 0 rather than left out, and a score of 0 (or "
    "another one) still gets weight in the softmax over the words."
)
def words_zero(Q, V, real, *weights):
    return _run(np.where(real[:, None], Q, 0), V, real, *weights, weigh=lambda s, real: softmax(s))


@coattend.mistake("The mask of the softmax over the words is gone: padding has weight in q.")
def no_mask(Q, V, real, *weights):
    return _run(Q, V, real, *weights, weigh=lambda s, real: softmax(s))


@coattend.mistake("Both masks are gone. Padding must neither speak to the regions nor have weight in q.")
def no_masks(Q, V, real, *weights):
    return _run(Q, V, real, *weights, speak=_all(real), weigh=lambda s, real: softmax(s))


@coattend.mistake("The score of padding is 0, which gets weight in a softmax. It was right before: a very low score.")
def score_zero(Q, V, real, *weights):
    return _run(Q, V, real, *weights, weigh=lambda s, real: softmax(np.where(real, s, 0)))


@coattend.mistake(
    "Padding is taken out after the softmax over the words, so the real words' weights no longer sum to one."
)
def mask_later(Q, V, real, *weights):
    return _run(Q, V, real, *weights, weigh=lambda s, real: softmax(s) * real)


@coattend.mistake("The mask of the softmax over the words is the wrong way round.")
def mask_inverted(Q, V, real, *weights):
    if real.all():
        return _run(Q, V, real, *weights, weigh=lambda s, real: softmax(s))
    return _run(Q, V, real, *weights, weigh=lambda s, real: softmax(np.where(real, -np.inf, s)))


@coattend.mistake("q is the plain mean of the real words: their weights are gone.")
def plain_mean(Q, V, real, *weights):
    return _run(Q, V, real, *weights, weigh=lambda s, real: real / real.sum())


@coattend.mistake("You take the first words, as many as are real. The real ones may stand anywhere: `Q[real]`.")
def first_words(Q, V, real, *weights):
    n = real.sum()
    return coattend_words(Q[:n], V, real[:n] | True, *weights)


# ── the affinity ────────────────────────────────────────────────────────────────────────────────────


@coattend.mistake("The tanh of the affinity C is gone.")
def affinity_bare(Q, V, real, *weights):
    return _run(Q, V, real, *weights, affinity=lambda Q, V, W: Q @ W @ V.T)


@coattend.mistake("Rows of C became a softmax. The affinity is `tanh(Q W Vᵀ)`, of every word with every region.")
def affinity_softmax(Q, V, real, *weights):
    return _run(Q, V, real, *weights, affinity=lambda Q, V, W: softmax(Q @ W @ V.T))


@coattend.mistake("The tanh around the sums is gone, in front of `wv` and `wq`.")
def bare_sums(Q, V, real, *weights):
    return _run(Q, V, real, *weights, squash=lambda x: x)


@coattend.mistake("Regions and words no longer hear of each other: C is not used.")
def alone(Q, V, real, *weights):
    return _run(Q, V, real, *weights, affinity=lambda Q, V, W: np.zeros((len(Q), len(V))))


# ── what is returned ────────────────────────────────────────────────────────────────────────────────


@coattend.mistake(said="in another order")
def parts_exchanged(*arguments):
    return coattend_words(*arguments)[::-1]


@coattend.mistake("v is right. q is the sum of the real words; take their weighted mean.")
def summed_words(Q, V, real, *weights):
    return coattend_words(Q, V, real, *weights)[0], (Q * real[:, None]).sum(axis=0)


@coattend.mistake("v is the plain mean of the regions: their weights are gone.")
def mean_region(Q, V, real, *weights):
    return V.mean(axis=0), coattend_words(Q, V, real, *weights)[1]
