"""Two towers: one turns a picture into a vector, the other a sentence, and both end in the same space.

`mmcourse.contrastive.DualEncoder` trains them in pairs and normalises what comes out, once.
"""

from mmcourse._machinery.checks import check_ids, check_mask, check_number, check_shapes, check_whole, shape_of
from mmcourse._machinery.masks import given, without_nan
from mmcourse._machinery.seeds import independent
from mmcourse.attention import AdditiveAttention
from mmcourse.backend import keras
from mmcourse.text.encoder import TextEncoder, mean_over_words
from mmcourse.text.vocabulary import PAD

ops, layers = keras.ops, keras.layers

IMAGE_POOLING = ("mean", "max", "mean+max", "attention", None)
TEXT_KINDS = ("mean", "lstm", "gru", "transformer")
TEXT_POOLING = ("mean", "max", "last", None)


def max_where(vectors, mask):
    """The largest of each entry over the vectors (b, t, d) where ``mask`` bool (b, t) is True -> (b, d); 0 where it
    nowhere is."""
    check_mask("mask", mask, shape_of(vectors)[:2], needed=True)
    keep = ops.expand_dims(ops.cast(mask, "bool"), -1)
    vectors = without_nan(vectors, keep)
    low = ops.min(vectors, axis=1, keepdims=True)  # never above the maximum of what is kept; finite in every dtype
    top = ops.max(ops.where(keep, vectors, low), axis=1)
    return ops.where(ops.any(keep, axis=1), top, ops.zeros_like(top))


def last_where(vectors, mask):
    """The vector (b, d) at the last place of (b, t, d) where ``mask`` bool (b, t) is True: the state after the last
    *real* word, not after the padding. Where nothing is True: the first place."""
    check_mask("mask", mask, shape_of(vectors)[:2], needed=True)
    mask, t = ops.cast(mask, "bool"), ops.shape(vectors)[1]
    last = ops.max(ops.where(mask, ops.arange(t), 0), axis=1)  # (b,)
    chosen = ops.expand_dims(ops.equal(ops.expand_dims(last, 1), ops.arange(t)), -1)  # (b, t, 1), a single one a row
    return ops.sum(ops.where(chosen, vectors, ops.zeros_like(vectors)), axis=1)


def _flipped(vectors, mask):
    """Each row's real places in reverse order, the padding behind them as it was: (b, t, d) -> (b, t, d). Its own
    inverse. Done here because backends differ in where ``go_backwards`` puts the padding."""
    place = ops.arange(ops.shape(vectors)[1])
    count = ops.sum(ops.cast(mask, "int32"), axis=1, keepdims=True)  # (b, 1)
    source = ops.where(place < count, count - 1 - place, place)  # (b, t)
    return ops.take_along_axis(vectors, ops.expand_dims(source, -1), axis=1)


def _choice(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"Received: {name}={value!r}. Allowed: {', '.join(map(repr, allowed))}.")
    return value


@keras.saving.register_keras_serializable(package="mmcourse")
class ImageTower(layers.Layer):
    """A picture's features as one vector of the shared space.

    1. a grid (b, h, w, c) is read as regions (b, h · w, c); a vector (b, c) is taken as it is, without step 2
    2. the regions are pooled: their mean, their maximum, both joined ("mean+max", 2 c numbers), or their sum weighted
       by additive attention of a learned query ("attention"). The order of regions makes no difference
    3. with ``hidden``: relu(Dense); then dropout, and a Dense without activation into the space

    Args:
        units: size d of the shared space, the same as that of the other tower.
        pooling: see 2; None: each region keeps a vector of its own, and (b, m, d) comes out (for late interaction).
        hidden: units of a layer between, or None.
        dropout: share of the numbers dropped before the last Dense, in training.
        seed: of the first weights; each draws its own from it.

    Call arguments:
        x: (b, h, w, c), (b, m, c) or (b, c), features of ``load_backbone``, say.
        mask: bool (b, m), True = a real region; None: all are. One that is not real changes nothing.

    Returns:
        (b, d), or (b, m, d) without pooling; not normalised.
    """

    def __init__(self, units, pooling="mean", hidden=None, dropout=0.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        _choice("pooling", pooling, IMAGE_POOLING)
        check_whole(units=units)
        if hidden is not None:
            check_whole(0, hidden=hidden)
        check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, dropout=dropout)
        self.config = {"units": units, "pooling": pooling, "hidden": hidden, "dropout": dropout, "seed": seed}
        self.pooling, self.supports_masking = pooling, True
        seeds = iter(independent(seed, 5, "ImageTower"))

        def dense(size, name, activation=None):
            initializer = keras.initializers.GlorotUniform(seed=next(seeds))
            return layers.Dense(
                size, activation=activation, kernel_initializer=initializer, name=name, dtype=self.dtype_policy
            )

        self.project = dense(units, "project")
        self.between = dense(hidden, "between", "relu") if hidden else None
        self.drop = layers.Dropout(dropout, seed=next(seeds), dtype=self.dtype_policy)
        self.attention = None
        if pooling == "attention":
            self.query_initializer = keras.initializers.RandomNormal(seed=next(seeds))
            self.attention = AdditiveAttention(units, seed=next(seeds), name="attention", dtype=self.dtype_policy)

    def build(self, input_shape):
        if len(input_shape) not in (2, 3, 4):
            raise ValueError(f"Received: shape={tuple(input_shape)}. Allowed: (b, h, w, c), (b, m, c) or (b, c).")
        c = input_shape[-1]
        if self.attention is not None:
            self.query = self.add_weight(shape=(1, 1, c), initializer=self.query_initializer, name="query")
            self.attention.build((None, 1, c), (None, None, c))
        width = 2 * c if self.pooling == "mean+max" and len(input_shape) > 2 else c
        if self.between is not None:
            self.between.build((None, width))
            width = self.config["hidden"]
        self.project.build((None, width))
        self.built = True

    def call(self, x, mask=None, training=False):
        mask = given(mask)
        if mask is not None and len(x.shape) > 2:
            check_mask("mask", mask, (x.shape[0], x.shape[1] if len(x.shape) == 3 else x.shape[1] * x.shape[2]))
        x = ops.cast(x, self.compute_dtype)
        if len(x.shape) == 4:
            x = ops.reshape(x, (-1, x.shape[1] * x.shape[2], x.shape[3]))  # (b, m, c)
        if len(x.shape) == 3 and self.pooling is not None:
            x = self._pooled(x, ops.ones(ops.shape(x)[:2], "bool") if mask is None else ops.cast(mask, "bool"))
        x = x if self.between is None else self.between(x)
        return self.project(self.drop(x, training=training))

    def _pooled(self, x, mask):
        if self.attention is not None:
            query = ops.tile(ops.cast(self.query, x.dtype), (ops.shape(x)[0], 1, 1))
            return self.attention(query, x, mask=mask)[:, 0]
        pools = {"mean": mean_over_words, "max": max_where}
        return ops.concatenate([pools[name](x, mask) for name in self.pooling.split("+")], axis=-1)

    def compute_mask(self, x, previous_mask=None):
        return None

    def compute_output_shape(self, input_shape):
        middle = ()
        if self.pooling is None and len(input_shape) > 2:
            middle = input_shape[1:2] if len(input_shape) == 3 else (input_shape[1] * input_shape[2],)
        return (input_shape[0], *middle, self.config["units"])

    def get_config(self):
        return super().get_config() | self.config


@keras.saving.register_keras_serializable(package="mmcourse")
class TextTower(layers.Layer):
    """A sentence as one vector of the shared space.

    1. each id becomes a word vector of size e
    2. by ``kind``: "mean": they stay as they are, so that the order of words makes no difference; "lstm", "gru": a
       recurrent layer reads them (``bidirectional``: a second one from the end, and both states are joined);
       "transformer": the blocks of a `TextEncoder`
    3. pooled over the real words: their mean, their maximum, or the state at the last real one ("last"; of the backward
       layer, at the first). Padding changes nothing
    4. dropout, and a Dense without activation into the space

    Args:
        vocabulary_size: number of ids, the four special ones included.
        units: size d of the shared space, the same as that of the other tower.
        kind: see 2.
        embedding: e; None: ``units``. state: units of a recurrent layer; None: ``units``.
        pooling: see 3; None: each word keeps a vector of its own, and (b, t, d) comes out (for late interaction).
            "auto": "mean", and "last" for a recurrent layer of one direction.
        bidirectional: for "lstm" and "gru".
        blocks, heads, length: of the Transformer, see `TextEncoder`; ``length`` is the longest row it takes.
        dropout: share of the numbers dropped after 1 and before 4, in training.
        seed: of the first weights; each draws its own from it.

    Call arguments:
        tokens: int (b, t), padding 0 behind the words, as `encode_captions` gives them.
        mask: bool (b, t), True = a real word, the real ones first; None: whatever is not padding.

    Returns:
        (b, d), or (b, t, d) without pooling; not normalised.
    """

    def __init__(
        self, vocabulary_size, units, kind="mean", embedding=None, state=None, pooling="auto", bidirectional=False,
        blocks=2, heads=4, length=32, dropout=0.0, seed=0, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        _choice("kind", kind, TEXT_KINDS)
        check_whole(vocabulary_size=vocabulary_size, units=units, length=length)
        check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, dropout=dropout)
        _choice("pooling", pooling, ("auto", *TEXT_POOLING))
        recurrent = kind in ("lstm", "gru")
        if bidirectional and not recurrent:
            raise ValueError(f"Only a recurrent layer has a direction. Received: kind={kind!r}, bidirectional=True.")
        self.config = {
            "vocabulary_size": vocabulary_size, "units": units, "kind": kind, "embedding": embedding, "state": state,
            "pooling": pooling, "bidirectional": bidirectional, "blocks": blocks, "heads": heads, "length": length,
            "dropout": dropout, "seed": seed,
        }  # fmt: skip
        self.pooling = ("last" if recurrent and not bidirectional else "mean") if pooling == "auto" else pooling
        self.width, self.hidden = embedding or units, state or units
        every = independent(seed, 10, "TextTower")  # a table, four kernels at most, two of dropout, the last one; and
        seeds, of_states = iter(every[:8]), iter(every[8:])  # those of dropout within recurrent layers: it is not used,
        # but its generators are variables, and without a seed they would be others in each process.
        policy = {"dtype": self.dtype_policy}
        initializers = keras.initializers
        self.recurrent = []
        if kind == "transformer":
            self.words = TextEncoder(
                vocabulary_size, self.width, blocks, heads, length, dropout, next(seeds), name="words", **policy
            )
        else:
            draw = initializers.RandomNormal(stddev=self.width**-0.5, seed=next(seeds))
            self.words = layers.Embedding(
                vocabulary_size, self.width, embeddings_initializer=draw, name="words", **policy
            )
        for name in ("forward", "backward")[: (1 + bidirectional) * recurrent]:
            layer = {"lstm": layers.LSTM, "gru": layers.GRU}[kind]
            self.recurrent.append(
                layer(
                    self.hidden, return_sequences=True, name=name, seed=next(of_states), **policy,
                    kernel_initializer=initializers.GlorotUniform(seed=next(seeds)),
                    recurrent_initializer=initializers.Orthogonal(seed=next(seeds)),
                )
            )  # fmt: skip
        self.drop_words, self.drop = (layers.Dropout(dropout, seed=next(seeds), **policy) for _ in range(2))
        kernel = initializers.GlorotUniform(seed=next(seeds))
        self.project = layers.Dense(units, kernel_initializer=kernel, name="project", **policy)

    def build(self, input_shape=None):
        if not self.words.built:
            self.words.build((None, None))
        for layer in self.recurrent:
            layer.build((None, None, self.width))
        width = self.hidden * len(self.recurrent) if self.recurrent else self.width
        self.project.build((None, width))
        self.built = True

    def call(self, tokens, mask=None, training=False):
        check_shapes(tokens=(tokens, "b t"))
        mask = given(mask)
        check_mask("mask", mask, shape_of(tokens) or (None, None))
        check_ids(self.config["vocabulary_size"], tokens=tokens)
        mask = ops.not_equal(tokens, PAD) if mask is None else ops.cast(mask, "bool")
        if self.config["kind"] == "transformer":
            x = self.words(tokens, mask=mask, training=training)
        else:
            x = self.drop_words(self.words(tokens), training=training)  # (b, t, e)
        if self.recurrent:
            states = [self.recurrent[0](x, mask=mask, training=training)]
            if len(self.recurrent) == 2:
                states.append(_flipped(self.recurrent[1](_flipped(x, mask), mask=mask, training=training), mask))
            if self.pooling == "last":  # of the backward layer, the last word that it read is the first
                ends = [last_where(states[0], mask), *(y[:, 0] for y in states[1:])]
                return self.project(self.drop(ops.concatenate(ends, axis=-1), training=training))
            x = ops.concatenate(states, axis=-1)  # (b, t, state) or twice as many
        pools = {"mean": mean_over_words, "max": max_where, "last": last_where, None: lambda x, mask: x}
        return self.project(self.drop(pools[self.pooling](x, mask), training=training))

    def compute_mask(self, tokens, previous_mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (*input_shape[: 2 if self.pooling is None else 1], self.config["units"])

    def get_config(self):
        return super().get_config() | self.config
