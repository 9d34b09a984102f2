"""Skip-gram with negative sampling: one vector a word, learnt from which words stand near which.

Mikolov, Sutskever, Chen, Corrado and Dean (2013), "Distributed representations of words and phrases and their
compositionality".
"""

import numpy as np

from mmcourse._machinery.checks import check_integers, check_number, check_whole
from mmcourse._machinery.order import Batches
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.text.vectors import WordVectors
from mmcourse.text.vocabulary import SPECIAL, UNKNOWN

ops = keras.ops


def subsample(tokens, threshold, seed=0):
    """Drop frequent words at random: int (n, L) -> int32 (n, L), what is left of each row moved to its left, then 0.

    A word that makes up the share f of all words is kept with probability min(1, √(threshold / f)) (Mikolov et al.;
    there 1e-5, for billions of words; in a small vocabulary every word is frequent, and 1e-2 is more like it). Start,
    end and padding, which are no words, go.
    """
    check_number("above 0", above=0, threshold=threshold)
    check_integers(tokens=(tokens, "n L"))
    tokens = np.asarray(tokens)
    word = tokens >= UNKNOWN
    share = np.bincount(tokens[word], minlength=UNKNOWN + 1) / max(word.sum(), 1)
    kept = np.minimum(1, np.sqrt(threshold / np.maximum(share, 1e-12)))
    keep = word & (np.random.default_rng(seed).random(tokens.shape) < kept[np.where(word, tokens, UNKNOWN)])
    order = np.argsort(~keep, axis=1, kind="stable")
    return np.take_along_axis(np.where(keep, tokens, 0), order, axis=1).astype("int32")


def skip_gram_pairs(tokens, window=2):
    """Which word stands near which: rows of ids int (n, L) -> int32 (pairs, 2), each (centre, neighbour).

    Every two words at most ``window`` places apart in a row are two pairs, one for each way round. The special tokens
    pad, start and end make none; the unknown word does.

    Raises ValueError for a window below 1 or an array that is not (n, L).
    """
    check_whole(window=window)
    check_integers(tokens=(tokens, "n L"))
    tokens = np.asarray(tokens)
    found = []
    for apart in range(1, min(window, tokens.shape[1] - 1) + 1):
        left, right = tokens[:, :-apart], tokens[:, apart:]
        real = (left >= UNKNOWN) & (right >= UNKNOWN)
        found += [np.stack([left[real], right[real]], 1), np.stack([right[real], left[real]], 1)]
    return np.concatenate(found).astype("int32") if found else np.zeros((0, 2), "int32")


class SkipGramBatches(Batches):
    """Pairs with negatives, drawn anew in every epoch: a batch is {"centre": int32 (b,), "others": int32 (b, 1 + k)}.

    The first of the others is the true neighbour; the k negatives are drawn from p(w) ∝ count(w)^power, where a word
    counts as often as it is a neighbour. A negative may by chance be the true neighbour, as in the paper's program.

    Args:
        pairs: int (n, 2), see ``skip_gram_pairs``.
        negatives: k.
        power: 0.75 in the paper: between the counts themselves (1) and all words alike (0).
        batch_size: pairs in a batch. seed: of the order and of the draws.
    """

    def __init__(self, pairs, negatives=5, power=0.75, batch_size=1024, seed=0, **kwargs):
        check_whole(negatives=negatives)
        check_number("a number", power=power)
        check_integers(pairs=(pairs, "n 2"))
        self.pairs, self.negatives = np.asarray(pairs, "int32"), negatives
        weights = np.bincount(self.pairs[:, 1]) ** float(power) * (np.bincount(self.pairs[:, 1]) > 0)
        self._upto = np.cumsum(weights) / weights.sum()
        super().__init__(len(pairs), batch_size, True, seed, **kwargs)

    def __getitem__(self, index):
        rows = self.pairs[self._rows(index)]  # (b, 2)
        random = np.random.default_rng((self.seed, self.epoch, 1, index))
        negatives = np.searchsorted(self._upto, random.random((len(rows), self.negatives)), side="right")
        others = np.concatenate([rows[:, 1:], negatives], axis=1).astype("int32")
        return ({"centre": rows[:, 0], "others": others},)


@keras.saving.register_keras_serializable(package="mmcourse")
class SkipGram(keras.Model):
    """Skip-gram with negative sampling: which of the others is the true neighbour of the centre?

    1. u = row ``centre`` of the input table; vⱼ = row ``others[j]`` of the output table
    2. logit sⱼ = uᵀ vⱼ
    3. loss = - log σ(s₀) - Σⱼ≥₁ log σ(-sⱼ): the first of the others is true, the rest are negatives; a mean over pairs

    The input table holds the words' vectors (``vectors``); the output table is only needed to learn them.

    Args:
        vocabulary_size: number of ids, the four special ones included.
        units: size of a vector.
        seed: of the first vectors. (The output table starts at zero, as in the paper's program.)

    Call arguments, a dict: centre int (b,), others int (b, 1 + k). Returns logits (b, 1 + k) in float32. ``compile``
    needs an optimizer only.
    """

    def __init__(self, vocabulary_size, units=32, seed=0, **kwargs):
        super().__init__(**kwargs)
        check_whole(vocabulary_size=vocabulary_size, units=units)
        self.config = {"vocabulary_size": vocabulary_size, "units": units, "seed": seed}
        (own,) = independent(seed, 1, "SkipGram")
        initializer = keras.initializers.RandomUniform(-0.5 / units, 0.5 / units, seed=own)
        policy = {"dtype": self.dtype_policy}
        self.centre = keras.layers.Embedding(
            vocabulary_size, units, embeddings_initializer=initializer, name="centre", **policy
        )
        self.other = keras.layers.Embedding(
            vocabulary_size, units, embeddings_initializer="zeros", name="other", **policy
        )

    def build(self, input_shape=None):
        self.centre.build((None,))
        self.other.build((None, None))
        self.built = True

    def call(self, inputs):
        u, v = self.centre(inputs["centre"]), self.other(inputs["others"])  # (b, d), (b, 1 + k, d)
        return ops.sum(ops.expand_dims(ops.cast(u, "float32"), 1) * ops.cast(v, "float32"), axis=-1)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        first, rest = y_pred[:, :1], y_pred[:, 1:]
        return -ops.mean(ops.sum(ops.log_sigmoid(first), 1) + ops.sum(ops.log_sigmoid(-rest), 1))

    def vectors(self, vocabulary):
        """The learnt vectors as ``WordVectors``; the special tokens' rows, which no pair has moved, are zero."""
        matrix = np.array(ops.convert_to_numpy(self.centre.embeddings), "float32")
        if len(matrix) != len(vocabulary):
            raise ValueError(f"Received: {vocabulary!r} for {len(matrix)} vectors. Allowed: as many ids as vectors.")
        matrix[: len(SPECIAL)] = 0
        return WordVectors(vocabulary, matrix)

    def get_config(self):
        return super().get_config() | self.config
