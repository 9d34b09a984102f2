"""Pointwise: does this caption belong to this picture? One network that sees both at once, and batches to train it."""

import numpy as np

from mmcourse.attention import CrossBlock
from mmcourse.batches.order import Batches
from mmcourse.quiet import keras
from mmcourse.text import PAD, mean_over_words

ops, layers = keras.ops, keras.layers


@keras.saving.register_keras_serializable(package="mmcourse")
class MatchingClassifier(keras.Model):
    """Whether a sentence is true of a picture: words look at each other and at regions, and one number comes out.

    1. x = word vector + place vector, (batch, L, d); r = region W + b + place vector, (batch, regions, d)
    2. in each block: words look at the words of their sentence, then at the regions (two `CrossBlock`)
    3. logit = w · norm(mean of x over the real words) + b

    A *cross-encoder*: nothing of it can be computed for picture or sentence alone, so a query costs one pass through
    the network for each picture it is compared with. The loss is the binary cross-entropy, from logits. It needs pairs
    that do not belong together: with true pairs alone, "yes" is a perfect answer.

    Arguments:
        vocabulary_size: number of ids. units: d. heads: divides d. blocks: how many. length: the longest sentence.
        dropout: share dropped in the blocks. seed: of the first weights; each draws its own from it.

    Call arguments: {"image": (batch, regions, c) or (batch, h, w, c), "text": int (batch, L), 0 = padding}.
    Returns: logits (batch,), float32. ``compile`` needs an optimizer only; ``fit`` with 1 and 0 for yes and no.
    """

    def __init__(
        self, vocabulary_size, units=64, heads=4, blocks=2, length=32, dropout=0.0, seed=0, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.config = {
            "vocabulary_size": vocabulary_size, "units": units, "heads": heads, "blocks": blocks, "length": length,
            "dropout": dropout, "seed": seed,
        }  # fmt: skip
        policy, self._seeds = {"dtype": self.dtype_policy}, iter(range(1000 * seed, 1000 * seed + 1000))

        def embedding(size, name):
            start = keras.initializers.RandomNormal(stddev=units**-0.5, seed=next(self._seeds))
            return layers.Embedding(size, units, embeddings_initializer=start, name=name, **policy)

        def dense(size, name):
            start = keras.initializers.GlorotUniform(seed=next(self._seeds))
            return layers.Dense(size, kernel_initializer=start, name=name, **policy)

        self.words, self.places = embedding(vocabulary_size, "words"), embedding(length, "places")
        self.project, self.head = dense(units, "project"), dense(1, "head")
        self.place_seed = next(self._seeds)
        self.parts = []
        for i in range(blocks):
            for name in (f"among_words_{i}", f"to_regions_{i}"):
                start = 1000 * seed + 100 + 10 * len(self.parts)
                self.parts.append(CrossBlock(units, heads, dropout, seed=start, name=name, **policy))
        self.norm = layers.LayerNormalization(epsilon=1e-5, name="norm", **policy)

    def build(self, input_shape):
        d, image = self.config["units"], tuple(input_shape["image"])
        self.words.build((None, None))
        self.places.build((None,))
        self.project.build((None, None, image[-1]))
        start = keras.initializers.RandomNormal(stddev=d**-0.5, seed=self.place_seed)
        self.region_places = self.add_weight(
            shape=(int(np.prod(image[1:-1])), d), initializer=start, name="region_places"
        )
        for part in self.parts:
            part.build((None, None, d), (None, None, d))
        self.norm.build((None, d))
        self.head.build((None, d))
        self.built = True

    def call(self, inputs, training=False):
        text, image = inputs["text"], inputs["image"]
        if text.shape[1] is not None and text.shape[1] > self.config["length"]:
            raise ValueError(
                f"A sentence is longer than there are places. Received: {text.shape[1]} words. "
                f"Allowed: up to {self.config['length']}."
            )
        mask = ops.not_equal(text, PAD)
        x = self.words(text) + self.places(ops.arange(ops.shape(text)[1]))  # (b, L, d)
        regions = ops.reshape(image, (-1, self.region_places.shape[0], image.shape[-1]))
        regions = self.project(regions)
        regions = regions + ops.cast(self.region_places, regions.dtype)  # (b, regions, d)
        for among, to in zip(self.parts[::2], self.parts[1::2], strict=True):
            x = among(x, x, mask=mask, training=training)
            x = to(x, regions, training=training)
        return ops.cast(self.head(self.norm(mean_over_words(x, mask)))[:, 0], "float32")

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        y = ops.cast(y, "float32")
        # log(1 + e^s) - y s, without a sigmoid that could round to 0 or 1
        return ops.mean(ops.softplus(y_pred) - y * y_pred) + sum(self.losses)

    def multiplications(self, words, regions, channels):
        """How many multiplications of numbers one pair costs: ``words`` words, ``regions`` regions of ``channels``
        numbers. Matrix products only; norms and activations cost little beside them."""
        d, size = self.config["units"], 8 * words * self.config["units"] ** 2  # 8: the inner Dense, there and back
        among = 4 * words * d * d + 2 * words * words * d + size
        to = 2 * (words + regions) * d * d + 2 * words * regions * d + size
        return regions * channels * d + self.config["blocks"] * (among + to) + d

    def get_config(self):
        return super().get_config() | self.config


class MatchingBatches(Batches):
    """For each true pair one that is false, drawn anew in every epoch: a batch of b pairs is ({"image": (2 b, ...),
    "text": int (2 b, L)}, targets float32 (2 b,)), the true ones first.

    Args:
        images: (m, ...), features of pictures. text: int (n, L), captions.
        own: int (n,), the picture of each caption.
        candidates: int (n, k), pictures that may be drawn as its false one, random or hard ones.
        right: bool (n, k), which of them the caption is true of all the same: those are never drawn.
        batch_size: true pairs in a batch. seed: of order and draws. shuffle: another order every epoch.
    Raises ValueError: shapes that do not fit, a caption without any false candidate.
    """

    def __init__(self, images, text, own, candidates, right, batch_size=64, seed=0, shuffle=True, **kwargs):
        self.images, self.text, self.own = images, np.asarray(text, "int32"), np.asarray(own)
        self.candidates, self.wrong = np.asarray(candidates), ~np.asarray(right, bool)
        n = len(self.text)
        if self.own.shape != (n,) or self.candidates.shape != self.wrong.shape or len(self.candidates) != n:
            raise ValueError(
                f"Received: {n} captions, own {self.own.shape}, candidates {self.candidates.shape}, right "
                f"{self.wrong.shape}. Allowed: (n, L), (n,), (n, k) and (n, k)."
            )
        lacking = np.flatnonzero(~self.wrong.any(axis=1))
        if len(lacking):
            raise ValueError(
                f"Received: {len(lacking)} captions that are true of all their candidates, the first {lacking[0]}. "
                "Allowed: a false candidate for each."
            )
        super().__init__(n, batch_size, shuffle, seed, **kwargs)

    def __getitem__(self, index):
        rows = self._rows(index)
        draw = np.random.default_rng((self.seed, self.epoch, 1, index)).random((len(rows), self.wrong.shape[1]))
        place = np.where(self.wrong[rows], draw, -1).argmax(axis=1)  # one of the false ones, all as likely
        pictures = np.concatenate([self.own[rows], self.candidates[rows, place]])
        batch = {"image": self.images[pictures], "text": self.text[np.concatenate([rows, rows])]}
        return batch, np.repeat(np.float32([1, 0]), len(rows))
