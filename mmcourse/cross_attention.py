"""One modality looks at another: words that find their regions, taught by captions alone, and a small cross-modal
Transformer that fills in hidden words from a picture.

The layers are those of ``mmcourse.attention``; here they become models.
"""

import numpy as np

from mmcourse._machinery.checks import (
    as_numbers,
    check_given,
    check_ids,
    check_mask,
    check_number,
    check_shapes,
    check_type,
    check_whole,
    shape_of,
)
from mmcourse._machinery.masks import check_batch_shape, without_hidden
from mmcourse._machinery.seeds import independent
from mmcourse.attention import CrossBlock, masked_softmax
from mmcourse.backend import keras
from mmcourse.contrastive import InfoNCE, same_identity, unit
from mmcourse.image import Preprocess
from mmcourse.text import END, MaskedWordBatches, MaskedWords

ops, layers = keras.ops, keras.layers


def region_encoder(size=64, filters=(16, 32, 64), channels=64, kernel=4, last=1, seed=0):
    """A small convolutional network for regions that know their place: pixels (b, s, s, 3) in [0, 255] -> grid
    (b, s/8, s/8, channels), not negative, random weights.

    Three convolutions of stride 2, and one of the size ``last``. With ``kernel`` 4 and ``last`` 1, a cell of 8 pixels
    sees the 22 pixels around its own middle and no more. A kernel of 3 with stride 2 is padded at one side only, so
    its cells see what lies to the right and below; and a last kernel of 3 looks at the neighbours. Both blur *where*.
    """
    check_type((list, tuple), "a tuple of whole numbers", filters=filters)
    check_whole(size=size, channels=channels, kernel=kernel, last=last)
    check_whole(**{f"filters[{i}]": count for i, count in enumerate(filters)})
    shared = {"padding": "same", "activation": "relu"}
    inputs = keras.Input((size, size, 3), name="image")
    x = Preprocess("symmetric", name="preprocess")(inputs)
    sizes = [(count, kernel, 2) for count in filters] + [(channels, last, 1)]
    seeds = independent(seed, len(sizes), "region_encoder")
    for place, (own, (count, side, stride)) in enumerate(zip(seeds, sizes, strict=True), start=1):
        initializer = keras.initializers.HeNormal(seed=own)
        x = layers.Conv2D(count, side, stride, kernel_initializer=initializer, name=f"conv{place}", **shared)(x)
    return keras.Model(inputs, x, name="region_encoder")


def attended_similarity(words, regions, mask=None, temperature=0.05):
    """How well each caption fits each picture, when each word may choose its regions (Lee, Chen, Hua, Hu and He, 2018,
    "Stacked cross attention for image-text matching", from text to image).

    1. score[i, j] = cosine of word i and region j
    2. weights[i] = softmax over the regions j of score / temperature; z[i] = Σⱼ weights[i, j] region[j]
    3. similarity = mean over the caption's real words of the cosine of word i and z[i]

    Args:
        words: (n, L, d) and regions: (k, m, d), of any length: they are normalised here.
        mask: bool (n, L), which words are real; None: all. A caption without any has the similarity 0.
        temperature: above 0.
    Returns:
        (n, k), float32, for each caption and each picture.
    Raises:
        ValueError: shapes that do not fit, a mask of another size or that is no bool, or 0 and 1; a temperature of 0 or
            less.
    """
    check_given(words=words, regions=regions)
    check_shapes(words=(words, "n L d"), regions=(regions, "k m d"))
    check_mask("mask", mask, shape_of(words)[:2])
    check_number("above 0", above=0, temperature=temperature)
    words, regions = (ops.cast(unit(x), "float32") for x in (without_hidden(mask, words), regions))
    mask = ops.ones(ops.shape(words)[:2]) if mask is None else ops.cast(mask, "float32")
    scores = ops.einsum("nld,kmd->nklm", words, regions)
    weights = masked_softmax(scores / temperature)
    found = ops.einsum("nklm,kmd->nkld", weights, regions)
    # The word's cosine with what it found: the product is the mean of the scores, since words have length one.
    cosines = ops.sum(weights * scores, axis=-1) / ops.sqrt(ops.sum(ops.square(found), axis=-1) + 1e-12)
    keep = ops.expand_dims(mask, 1)  # (n, 1, L)
    cosines = ops.where(ops.cast(keep, "bool"), cosines, ops.zeros_like(cosines))
    return ops.sum(cosines, axis=-1) / ops.maximum(ops.sum(keep, axis=-1), 1.0)


@keras.saving.register_keras_serializable(package="mmcourse")
class WordRegionAligner(keras.Model):
    """Words and regions in one space, taught only by which caption belongs to which picture.

    1. regions: the encoder's grid, normalised over its channels, and a Dense to d
    2. words: their vectors, plus a convolution over ``window`` neighbours ("red star" is more than "star")
    3. every caption of the batch meets every picture in ``attended_similarity``, and InfoNCE asks which belong together

    Nobody says which region a word names. That comes out of 3, or it does not: measure it.

    Args:
        vocabulary_size: number of ids.
        encoder: a layer from images to a grid (b, rows, columns, c), trained along unless it is frozen; None: the
            images *are* such grids.
        units: d. window: words, an odd number. temperature: of the attention. seed: of the first weights.

    Call arguments: {"image": (b, …), "tokens": int (b, L)}; words are the tokens behind start and end.
    Returns: similarities (b, b), rows are captions, columns pictures.

    ``fit(batch, identity)`` as with ``contrastive.DualEncoder``; ``compile`` needs an optimizer only.
    """

    def __init__(self, vocabulary_size, encoder=None, units=32, window=5, temperature=0.05, seed=0, **kwargs):
        super().__init__(**kwargs)
        check_whole(vocabulary_size=vocabulary_size, units=units, window=window)
        check_number("above 0", above=0, temperature=temperature)
        if window < 1 or window % 2 == 0 or not temperature > 0:
            raise ValueError(
                f"Received: window={window}, temperature={temperature}. Allowed: an odd number, a number above 0."
            )
        self.config = {
            "vocabulary_size": vocabulary_size, "units": units, "window": window, "temperature": temperature,
            "seed": seed,
        }  # fmt: skip
        self.encoder, self.temperature = encoder, temperature
        glorot, policy = keras.initializers.GlorotUniform, {"dtype": self.dtype_policy}
        of_regions, of_words, of_context = independent(seed, 3, "WordRegionAligner")
        self.norm = layers.LayerNormalization(epsilon=1e-5, name="norm", **policy)
        self.region_projection = layers.Dense(units, kernel_initializer=glorot(of_regions), name="region", **policy)
        self.embedding = layers.Embedding(
            vocabulary_size, units, embeddings_initializer=keras.initializers.RandomUniform(-0.05, 0.05, of_words),
            name="words", **policy,
        )  # fmt: skip
        self.context = layers.Conv1D(
            units, window, padding="same", kernel_initializer=glorot(of_context), name="context", **policy
        )
        self.contrast = InfoNCE(name="contrast")

    def build(self, input_shape):
        check_batch_shape(input_shape, ("image", "tokens"))
        grid = input_shape["image"]
        if self.encoder is not None:
            if not self.encoder.built:
                self.encoder.build(grid)
            grid = self.encoder.compute_output_shape(grid)
        if len(grid) != 4:
            raise ValueError(f"Received: a grid of shape {tuple(grid)}. Allowed: (batch, rows, columns, channels).")
        both = ((self.norm, grid), (self.region_projection, grid))
        for part, shape in (*both, (self.embedding, (None, None)), (self.context, (None, None, self.config["units"]))):
            if not part.built:  # whoever asked first where it looks has built them
                part.build(shape)
        self.built = True

    def regions(self, image, training=False):
        """Images -> unit vectors (b, rows · columns, d), row by row."""
        grid = image if self.encoder is None else self.encoder(image, training=training)
        if self.region_projection.built:
            check_shapes(grid=(grid, f"b rows columns {self.region_projection.kernel.shape[0]}"))
        grid = self.region_projection(self.norm(grid))
        return unit(ops.reshape(grid, (-1, grid.shape[1] * grid.shape[2], grid.shape[3])))

    def words(self, tokens):
        """Tokens (b, L) -> unit vectors (b, L, d), and which of them are real words, bool (b, L)."""
        check_shapes(tokens=(tokens, "b L"))
        check_ids(self.config["vocabulary_size"], tokens=tokens)
        mask = ops.greater(tokens, END)
        x = self.embedding(tokens)
        x = ops.where(ops.expand_dims(mask, -1), x, ops.zeros_like(x))  # padding says nothing, to neighbours neither
        return unit(x + self.context(x)), mask

    def call(self, inputs, training=False):
        _check_inputs(inputs, "image")
        words, mask = self.words(inputs["tokens"])
        return attended_similarity(words, self.regions(inputs["image"], training), mask, self.temperature)

    def scores(self, inputs):
        """The cosine of each word with each region of its own picture: (b, L, m)."""
        _check_inputs(inputs, "image")
        words, _ = self.words(inputs["tokens"])
        return ops.matmul(words, ops.swapaxes(self.regions(inputs["image"]), 1, 2))

    def attend(self, inputs):
        """Where each word looks in its own picture: weights (b, L, m), rows sum to 1; those of padding mean nothing."""
        return masked_softmax(self.scores(inputs) / self.temperature)

    def attend_back(self, inputs):
        """Which words each region of the picture looks at: weights (b, m, L), 0 at what is no word, rows sum to 1."""
        mask = ops.expand_dims(ops.greater(inputs["tokens"], END), 1)
        return masked_softmax(ops.swapaxes(self.scores(inputs), 1, 2) / self.temperature, mask)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        positives = None if y is None else same_identity(y)
        return self.contrast.of_similarities(y_pred, positives) + sum(self.losses)

    def get_config(self):
        encoder = None if self.encoder is None else keras.saving.serialize_keras_object(self.encoder)
        return super().get_config() | self.config | {"encoder": encoder}

    @classmethod
    def from_config(cls, config):
        encoder = config.pop("encoder")
        return cls(encoder=None if encoder is None else keras.saving.deserialize_keras_object(encoder), **config)


def _check_inputs(inputs, other):
    check_type(dict, f"a dict of tokens and {other}", inputs=inputs)
    if absent := sorted({"tokens", other} - set(inputs)):
        raise ValueError(f"Received: inputs without {absent}. Allowed: a dict of tokens and {other}.")
    check_given(tokens=inputs["tokens"], **{other: inputs[other]})
    check_shapes(tokens=(inputs["tokens"], "b L"), **{other: (inputs[other], "b …")})


@keras.saving.register_keras_serializable(package="mmcourse")
class CrossModalTransformer(MaskedWords):
    """A small Transformer whose words look at a picture: hidden words are told from the other words *and* the regions.

    1. h = encoder(tokens): self-attention, words look at words
    2. r = norm(regions) W + b, and a vector for each place
    3. in each block: a `CrossBlock`, queries from the words, keys and values from the regions
    4. logits and loss as of `MaskedWords`, which is the same model blind: without 2 and 3

    Args:
        encoder: a `TextEncoder`, trained along. blocks, heads: of the cross-modal part. seed: of the first weights.

    Call arguments: {"tokens": int (b, L), "regions": (b, m, c)}; ``return_weights``. Returns logits (b, L, V) in
    float32, or that and the last block's weights (b, heads, L, m).
    """

    def __init__(self, encoder, blocks=1, heads=2, seed=0, **kwargs):
        check_whole(blocks=blocks, heads=heads)
        of_head, of_regions, of_positions, *of_blocks = independent(seed, 3 + blocks, "CrossModalTransformer")
        super().__init__(encoder, seed=of_head, **kwargs)
        self.seed, self.positions_seed = seed, of_positions
        self.cross = {"blocks": blocks, "heads": heads}
        units, policy = encoder.config["units"], {"dtype": self.dtype_policy}
        self.region_norm = layers.LayerNormalization(epsilon=1e-5, name="region_norm", **policy)
        self.region_projection = layers.Dense(
            units, kernel_initializer=keras.initializers.GlorotUniform(of_regions), name="region", **policy
        )
        self.blocks = [
            CrossBlock(units, heads, seed=own, name=f"cross_{i}", **policy) for i, own in enumerate(of_blocks)
        ]

    def build(self, input_shape=None):
        check_batch_shape(input_shape, ("regions", "tokens"))
        super().build(input_shape)
        d, regions = self.encoder.config["units"], tuple(input_shape["regions"])
        self.region_norm.build(regions)
        self.region_projection.build(regions)
        self.positions = self.add_weight(
            shape=(regions[1], d), initializer=keras.initializers.RandomNormal(stddev=0.02, seed=self.positions_seed),
            name="positions",
        )  # fmt: skip
        for block in self.blocks:
            block.build((None, None, d), (None, regions[1], d))

    def call(self, inputs, training=False, return_weights=False):
        _check_inputs(inputs, "regions")
        m, c = self.positions.shape[0], self.region_projection.kernel.shape[0]
        check_shapes(regions=(inputs["regions"], f"b {m} {c}"))  # as those it was built for
        h = self.encoder(inputs["tokens"], training=training)  # (b, L, d)
        r = self.region_projection(self.region_norm(inputs["regions"]))  # (b, m, d)
        r, weights = r + ops.cast(self.positions, r.dtype), None
        for block in self.blocks:
            h, weights = block(h, r, return_weights=True, training=training)
        logits = self.read_out(h)
        return (logits, weights) if return_weights else logits

    def get_config(self):
        return super().get_config() | self.cross


class PicturedWordBatches(MaskedWordBatches):
    """As `MaskedWordBatches`, with the regions of each sentence's picture: a batch is ({"tokens": int32 (b, t),
    "regions": (b, m, c)}, targets int32 (b, t)).

    Args:
        tokens: int (n, t). regions: (pictures, m, c). owner: int (n,), the picture of each sentence.
        Others: as of `MaskedWordBatches`.
    """

    def __init__(self, tokens, regions, owner, vocabulary_size, **kwargs):
        owner = as_numbers("owner", owner, "n", whole=True)
        check_given(tokens=tokens, regions=regions)
        check_shapes(tokens=(tokens, "n t"))
        check_ids(vocabulary_size, tokens=tokens)
        regions = np.asarray(regions) if isinstance(regions, (list, tuple)) else regions
        if len(owner) != len(tokens):
            raise ValueError(f"Received: {len(owner)} owners of {len(tokens)} sentences. Allowed: one for each.")
        check_shapes(regions=(regions, "pictures m c"))
        check_ids(len(regions), owner=owner)  # -1 would be the last picture
        super().__init__(tokens, vocabulary_size, **kwargs)
        self.regions, self.owner = regions, owner

    def __getitem__(self, index):
        inputs, targets = super().__getitem__(index)
        return inputs | {"regions": self.regions[self.owner[self._rows(index)]]}, targets
