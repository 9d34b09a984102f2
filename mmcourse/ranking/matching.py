"""Pointwise: does this caption belong to this picture? One network that sees both at once, and batches to train it."""

import numpy as np

from mmcourse._machinery.checks import check_shapes
from mmcourse._machinery.order import Batches
from mmcourse._machinery.seeds import independent
from mmcourse.attention import CrossBlock
from mmcourse.backend import keras
from mmcourse.image import regions
from mmcourse.text import PAD

ops, layers = keras.ops, keras.layers


@keras.saving.register_keras_serializable(package="mmcourse")
class MatchingClassifier(keras.Model):
    """Whether a sentence is true of a picture: words look at each other and at regions, and one number comes out.

    1. x = word vector + place vector, (batch, L, d); r = [region; its row; its column] W + b, (batch, h w, d)
    2. in each block: words look at the words of their sentence, then at the regions (two `CrossBlock`)
    3. logit = Σ over the real words of w · norm(x) + b: each word has a vote, and one that sees a fault can veto

    A *cross-encoder*: nothing of it can be computed for picture or sentence alone, so a query costs one pass through
    the network for each picture it is compared with. The loss is the binary cross-entropy, from logits. It needs pairs
    that do not belong together: with true pairs alone, "yes" is a perfect answer.

    Args:
        vocabulary_size: number of ids. units: d. heads: divides d. blocks: how many. length: the longest sentence.
        dropout: share dropped in the blocks. seed: of the first weights; each draws its own from it.

    Call arguments: {"image": (batch, h, w, c), "text": int (batch, L), 0 = padding}.
    Returns: logits (batch,), float32. ``compile`` needs an optimizer only; ``fit`` with 1 and 0 for yes and no.
    """

    def __init__(self, vocabulary_size, units=64, heads=4, blocks=2, length=32, dropout=0.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.config = {
            "vocabulary_size": vocabulary_size, "units": units, "heads": heads, "blocks": blocks, "length": length,
            "dropout": dropout, "seed": seed,
        }  # fmt: skip
        policy = {"dtype": self.dtype_policy}
        seeds = iter(independent(seed, 4 + 2 * blocks, "MatchingClassifier"))

        def embedding(size, name):
            initializer = keras.initializers.RandomNormal(stddev=units**-0.5, seed=next(seeds))
            return layers.Embedding(size, units, embeddings_initializer=initializer, name=name, **policy)

        def dense(size, name):
            initializer = keras.initializers.GlorotUniform(seed=next(seeds))
            return layers.Dense(size, use_bias=size > 1, kernel_initializer=initializer, name=name, **policy)

        self.words, self.positions = embedding(vocabulary_size, "words"), embedding(length, "positions")
        self.project, self.head = dense(units, "project"), dense(1, "head")
        self.parts = []
        for i in range(blocks):
            for name in (f"among_words_{i}", f"to_regions_{i}"):
                self.parts.append(CrossBlock(units, heads, dropout, seed=next(seeds), name=name, **policy))
        self.norm = layers.LayerNormalization(epsilon=1e-5, name="norm", **policy)

    def build(self, input_shape):
        d, image = self.config["units"], tuple(input_shape["image"])
        self.words.build((None, None))
        self.positions.build((None,))
        self.project.build((None, None, image[-1] + 2))
        for part in self.parts:
            part.build((None, None, d), (None, None, d))
        self.norm.build((None, None, d))
        self.head.build((None, None, d))
        self.bias = self.add_weight(shape=(), initializer="zeros", dtype="float32", name="bias")
        self.built = True

    def call(self, inputs, training=False):
        text, image = inputs["text"], inputs["image"]
        check_shapes(image=(image, "batch h w c"), text=(text, "batch L"))
        if text.shape[1] is not None and text.shape[1] > self.config["length"]:
            raise ValueError(
                f"A sentence is longer than there are places. Received: {text.shape[1]} words. "
                f"Allowed: up to {self.config['length']}."
            )
        mask = ops.not_equal(text, PAD)
        x = self.words(text) + self.positions(ops.arange(ops.shape(text)[1]))  # (b, L, d)
        found = regions(ops.concatenate([ops.cast(image, self.compute_dtype), self._where(image)], axis=-1))
        r = self.project(found)  # (b, h w, d)
        for among, to in zip(self.parts[::2], self.parts[1::2], strict=True):
            x = among(x, x, mask=mask, training=training)
            x = to(x, r, training=training)
        votes = ops.cast(self.head(self.norm(x))[..., 0], "float32")  # (b, L)
        return ops.sum(ops.where(mask, votes, 0.0), axis=1) + ops.cast(self.bias, "float32")

    def _where(self, image):
        """Row and column of each region, from -1 to 1: (b, h, w, 2)."""
        b, (h, w) = ops.shape(image)[0], image.shape[1:3]
        rows, columns = (np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in (h, w))
        place = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1)
        return ops.broadcast_to(ops.convert_to_tensor(place, self.compute_dtype), (b, h, w, 2))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        check_shapes(targets=(y, "batch"), logits=(y_pred, "batch"))
        y = ops.cast(y, "float32")
        # log(1 + e^s) - y s, without a sigmoid that could round to 0 or 1
        return ops.mean(ops.softplus(y_pred) - y * y_pred) + sum(self.losses)

    def multiplications(self, words, regions, channels):
        """How many multiplications of numbers one pair costs: ``words`` words, ``regions`` regions of ``channels``
        numbers. Matrix products only; norms and activations cost little beside them."""
        d, size = self.config["units"], 8 * words * self.config["units"] ** 2  # 8: the inner Dense, there and back
        among = 4 * words * d * d + 2 * words * words * d + size
        to = 2 * (words + regions) * d * d + 2 * words * regions * d + size
        return regions * (channels + 2) * d + self.config["blocks"] * (among + to) + words * d

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
