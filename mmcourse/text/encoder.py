"""A small Transformer that reads a whole sentence, and gives each word a vector that depends on all the others.

Trained by masked words: Devlin, Chang, Lee and Toutanova (2019), "BERT: Pre-training of deep bidirectional Transformers
for language understanding". The blocks normalise before they compute, which trains without a warm-up of the rate
(Xiong et al., 2020, "On layer normalization in the Transformer architecture").
"""

import numpy as np

from mmcourse._machinery.checks import check_ids, check_mask, check_number, check_shapes, check_whole, shape_of
from mmcourse._machinery.masks import given
from mmcourse._machinery.order import Batches
from mmcourse._machinery.seeds import independent
from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.backend import keras
from mmcourse.text.vocabulary import PAD, SPECIAL, UNKNOWN

ops, layers = keras.ops, keras.layers


@keras.saving.register_keras_serializable(package="mmcourse")
class TextEncoder(keras.Model):
    """Sentences as rows of ids in, a vector for each word out.

    1. x = word vector + place vector
    2. in each block: x = x + attention(norm(x)) over the real words of the same sentence, several heads;
       x = x + Dense(gelu(Dense(norm(x))))
    3. output = norm(x)

    Args:
        vocabulary_size: number of ids, the four special ones included. One more, ``mask_id``, stands for a hidden word.
        units: size d of a vector; the inner Dense has 4 d units. heads: attention heads; divides ``units``.
        blocks: how many. length: the longest row that has places.
        dropout: share of the entries dropped after each sublayer and of x at the start, in training.
        seed: of the first weights.

    Call arguments:
        tokens: int (b, t), t <= ``length``.
        mask: bool (b, t), True = a real word. None: whatever is not padding.

    Returns:
        (b, t, d). Vectors at places that are not real mean nothing, and change no other.
    """

    def __init__(self, vocabulary_size, units=64, blocks=2, heads=4, length=32, dropout=0.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        check_whole(vocabulary_size=vocabulary_size, units=units, heads=heads, length=length)
        check_whole(0, blocks=blocks)
        check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, dropout=dropout)
        if units % heads:
            raise ValueError(f"The heads share the units evenly. Received: units={units}, heads={heads}.")
        self.config = {
            "vocabulary_size": vocabulary_size, "units": units, "blocks": blocks, "heads": heads, "length": length,
            "dropout": dropout, "seed": seed,
        }  # fmt: skip
        self.vocabulary_size, self.mask_id, self.length = vocabulary_size, vocabulary_size, length
        draw = keras.initializers.RandomNormal
        seeds = iter(independent(seed, 3 + 6 * blocks, "TextEncoder"))  # two tables, dropout; six kernels a block
        policy = {"dtype": self.dtype_policy}

        def dense(size, name, activation=None):
            initializer = keras.initializers.GlorotUniform(seed=next(seeds))
            return layers.Dense(size, activation=activation, kernel_initializer=initializer, name=name, **policy)

        def embedding(size, name):
            return layers.Embedding(
                size, units, embeddings_initializer=draw(stddev=units**-0.5, seed=next(seeds)), name=name, **policy
            )

        def norm(name):
            return layers.LayerNormalization(epsilon=1e-5, name=name, **policy)

        self.words, self.positions = embedding(vocabulary_size + 1, "words"), embedding(length, "positions")
        # Dropout stands outside the attention: Keras then takes its softmax in float32, whatever the policy.
        self.parts = [
            {
                "norm": norm(f"norm_{i}"),
                "attention": layers.MultiHeadAttention(heads, units // heads, name=f"attention_{i}", **policy),
                "inner_norm": norm(f"inner_norm_{i}"),
                "inner": dense(4 * units, f"inner_{i}", "gelu"),
                "outer": dense(units, f"outer_{i}"),
            }
            for i in range(blocks)
        ]
        self.last_norm = norm("last_norm")
        self.dropout = layers.Dropout(dropout, seed=next(seeds), **policy)
        self._seeds = tuple(next(seeds) for _ in range(4 * blocks))
        self.supports_masking = True

    def build(self, input_shape=None):
        d, seeds = self.config["units"], iter(self._seeds)
        self.words.build((None, None))
        self.positions.build((None,))
        for part in self.parts:
            part["attention"].build((None, None, d), (None, None, d))
            for weight in part["attention"].weights:  # a seed of its own for each: Keras would give all of them one
                if weight.name == "kernel":
                    weight.assign(keras.initializers.GlorotUniform(seed=next(seeds))(weight.shape))
            for name in ("norm", "inner_norm", "inner"):
                part[name].build((None, None, d))
            part["outer"].build((None, None, 4 * d))
        self.last_norm.build((None, None, d))
        self.built = True

    def call(self, tokens, mask=None, training=False):
        check_shapes(tokens=(tokens, "b t"))
        mask = given(mask)
        check_mask("mask", mask, shape_of(tokens) or (None, None))
        check_ids(self.vocabulary_size + 1, tokens=tokens)
        t = tokens.shape[1]
        if t is not None and t > self.length:
            raise ValueError(f"A row is longer than there are places. Received: t={t}. Allowed: up to {self.length}.")
        mask = ops.not_equal(tokens, PAD) if mask is None else ops.cast(mask, "bool")
        place = ops.arange(ops.shape(tokens)[1])
        x = self.dropout(self.words(tokens) + self.positions(place), training=training)  # (b, t, d)
        # A row without any word looks at its first place: over nothing at all, PyTorch's softmax is NaN.
        keys = ops.expand_dims(ops.logical_or(mask, ops.equal(place, 0)), 1)  # (b, 1, t): whom everyone may look at
        for part in self.parts:
            y = part["norm"](x)
            y = part["attention"](y, y, attention_mask=keys)
            x = x + self.dropout(y, training=training)
            y = part["outer"](part["inner"](part["inner_norm"](x)))
            x = x + self.dropout(y, training=training)
        return self.last_norm(x)

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.config["units"])

    def get_config(self):
        return super().get_config() | self.config


@keras.saving.register_keras_serializable(package="mmcourse")
class MaskedWords(keras.Model):
    """Trains a ``TextEncoder``: some words of a sentence are hidden, and must be told from the others.

    1. h = encoder(tokens)
    2. logits = E norm(gelu(Dense(h))) + b, with E the encoder's own word vectors (tied)
    3. loss = - mean of log softmax(logits)[target] over the places that are asked for (target is not 0), in nats

    Args:
        encoder: the ``TextEncoder``; trained with it, and afterwards all that is needed.
        seed: of the head's first weights.

    Call arguments: {"tokens": int (b, t)}. Returns logits (b, t, V) in float32. ``compile`` needs an optimizer only;
    feed it ``MaskedWordBatches``.
    """

    def __init__(self, encoder, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.seed = encoder, seed
        (own,), policy = independent(seed, 1, "MaskedWords"), {"dtype": self.dtype_policy}
        initializer = keras.initializers.GlorotUniform(seed=own)
        d = encoder.config["units"]
        self.transform = layers.Dense(d, activation="gelu", kernel_initializer=initializer, name="transform", **policy)
        self.norm = layers.LayerNormalization(epsilon=1e-5, name="norm", **policy)

    def build(self, input_shape=None):
        d, size = self.encoder.config["units"], self.encoder.vocabulary_size
        if not self.encoder.built:
            self.encoder.build()
        self.transform.build((None, None, d))
        self.norm.build((None, None, d))
        self.bias = self.add_weight(shape=(size,), initializer="zeros", name="bias")
        self.built = True

    def call(self, inputs, training=False):
        return self.read_out(self.encoder(inputs["tokens"], training=training))

    def read_out(self, h):
        """Words' vectors (b, t, d) -> logits (b, t, V), float32: step 2 above."""
        h = self.norm(self.transform(h))  # (b, t, d)
        table = ops.cast(self.encoder.words.embeddings[: self.encoder.vocabulary_size], h.dtype)
        return ops.cast(ops.matmul(h, ops.transpose(table)), "float32") + ops.cast(self.bias, "float32")

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        asked = ops.not_equal(y, PAD)  # (b, t)
        return mean_where(token_cross_entropy(y, y_pred, asked), asked)

    def get_config(self):
        return super().get_config() | {"encoder": keras.saving.serialize_keras_object(self.encoder), "seed": self.seed}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config.pop("encoder")), **config)


def mask_words(tokens, vocabulary_size, rng, share=0.15, hidden=0.8, other=0.1):
    """Hide words, to be told from the rest: int (b, t) -> (inputs, targets), both int32 (b, t).

    Each word (unknown ones too, but not pad, start and end) is asked for with probability ``share``. Of those, the
    share ``hidden`` is replaced by the mask (id ``vocabulary_size``), the share ``other`` by a word drawn at random,
    and the rest stays as it is: later no word will be masked, so the encoder must not rely on the mask to tell it where
    to think (Devlin et al.). ``targets`` holds the true ids where asked, else 0. A batch asks for at least one word.
    """
    tokens = np.asarray(tokens, "int32")
    word = tokens >= UNKNOWN
    asked = word & (rng.random(tokens.shape) < share)
    if word.any() and not asked.any():
        asked.flat[rng.choice(np.flatnonzero(word))] = True
    draw = rng.random(tokens.shape)
    anything = rng.integers(len(SPECIAL), max(vocabulary_size, len(SPECIAL) + 1), tokens.shape)
    inputs = np.where(asked & (draw < hidden), vocabulary_size, tokens)
    inputs = np.where(asked & (draw >= hidden) & (draw < hidden + other), anything, inputs)
    return inputs.astype("int32"), np.where(asked, tokens, PAD).astype("int32")


class MaskedWordBatches(Batches):
    """Sentences with words hidden anew in every epoch: a batch is ({"tokens": int32 (b, t)}, targets int32 (b, t)).

    Args:
        tokens: int (n, t), rows of ids. vocabulary_size: as the encoder's.
        share: of the words that are asked for, see ``mask_words``.
        batch_size: rows in a batch. seed: of the order and of what is hidden. shuffle: another order every epoch.
    """

    def __init__(self, tokens, vocabulary_size, share=0.15, batch_size=64, seed=0, shuffle=True, **kwargs):
        check_number("above 0, up to 1", above=0, at_most=1, share=share)
        check_shapes(tokens=(tokens, "n t"))
        self.tokens, self.vocabulary_size, self.share = np.asarray(tokens, "int32"), vocabulary_size, share
        super().__init__(len(tokens), batch_size, shuffle, seed, **kwargs)

    def __getitem__(self, index):
        random = np.random.default_rng((self.seed, self.epoch, 1, index))
        inputs, targets = mask_words(self.tokens[self._rows(index)], self.vocabulary_size, random, self.share)
        return {"tokens": inputs}, targets


def mean_over_words(vectors, mask):
    """The mean of the vectors (b, t, d) where ``mask`` bool (b, t) is True -> (b, d); 0 where it nowhere is, whatever
    stands at the other places. Raises ValueError for a mask of another size, or that is no bool, or 0 and 1."""
    check_mask("mask", mask, shape_of(vectors)[:2], needed=True)
    keep = ops.expand_dims(ops.cast(mask, vectors.dtype), -1)
    kept = ops.where(ops.cast(keep, "bool"), vectors, ops.zeros_like(vectors))
    return ops.sum(kept, axis=1) / ops.maximum(ops.sum(keep, axis=1), 1)
