"""The captioner: an image in, a sentence out, one word at a time.

    image ─► regions (m vectors) ─► start: the first state
                                         │
            <start> ─► embed ─► advance: look at the regions, LSTM ─► read out: a score for each word ─► "a"
                "a" ─► embed ─► advance ─────────────────────────────► read out ─────────────────────► "small" ...

``Captioner.step`` is that one turn. Training unrolls it over the words of a given caption (teacher forcing), and
decoding calls it with the words that it chose itself: there is no second way of doing either.
"""

from mmcourse._machinery.checks import check_ids, check_number, check_shapes, check_whole, shape_of
from mmcourse._machinery.compiling import USE_XLA
from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.attention import AdditiveAttention
from mmcourse.backend import keras
from mmcourse.image.channels import channel_statistics
from mmcourse.text import PAD

ops, layers = keras.ops, keras.layers
KINDS = (None, "soft")


@keras.saving.register_keras_serializable(package="mmcourse")
class Captioner(keras.Model):
    """An encoder–decoder from regions of an image to words.

    ``attention=None`` is Show and Tell (Vinyals et al., 2015): the mean of the regions is all that the decoder sees of
    the image. ``attention="soft"`` is Show, Attend and Tell (Xu et al., 2015): at each step the decoder asks, and
    additive attention answers with a weighted mean of the regions. (There the state alone asks; here the word just
    written is part of the question too: whether to look for a small or a large thing, it alone knows.)

    1. regions = ReLU(Dense((image - mean) / deviation)) (+ a learned vector for each place, so that "left of" can be
       learned); mean and deviation of each channel are set by ``adapt``, once, from train images
    2. h₀, c₀ = tanh(Dense(mean of the regions))
    3. at each step, with e the embedding of the word before:
       z = β Σ αᵢ regionᵢ with α = softmax(vᵀ tanh(W₁ [h; e] + W₂ regionᵢ)) and a gate β = σ(Dense([h; e])), a number
       for each feature; without attention z = mean of the regions;
       h, c = LSTM([e; z], h, c)
    4. logits = E (Dense([h; z; e])) + b, with E the embedding matrix once more (tied weights: Press and Wolf, 2017)

    Args:
        vocabulary_size: number of words, the four special tokens included.
        units: size of the LSTM's state.
        embedding: size of a word's vector. None: half of ``units``.
        image_units: size of a region after step 1. None: half of ``units``.
        attention: None or "soft".
        attention_units: size of the space in which state and regions meet. None: half of ``units``.
        places: whether each region has a learned vector for its place (then all images have equally many regions).
        dropout: share of the entries dropped of image, embedded words and of what is read out, in training.
        label_smoothing: share of the target's probability that is spread evenly over all words, in training.
        doubly_stochastic: weight of the penalty (1 - Σₜ αₜᵢ)², averaged over regions (Xu et al.); needs attention.

    Call arguments, a dict:
        image: (batch, m, d), the regions of an image; without attention also (batch, d).
        tokens: int (batch, L), what goes in at each step: start, first word, ... (teacher forcing).

    Returns:
        logits (batch, L, vocabulary_size) in float32: row t scores the word *after* ``tokens[:, t]``. With
        ``return_weights=True`` also the attention weights (batch, L, m).

    The loss (``compile`` needs an optimizer only) is the cross-entropy per real token of the batch, in nats.
    """

    def __init__(
        self,
        vocabulary_size,
        units=512,
        embedding=None,
        image_units=None,
        attention=None,
        attention_units=None,
        places=False,
        dropout=0.0,
        label_smoothing=0.0,
        doubly_stochastic=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.supports_jit = USE_XLA
        if attention not in KINDS:
            raise ValueError(f"Unknown attention. Received: attention={attention!r}. Allowed: None, 'soft'.")
        if doubly_stochastic and not attention:
            raise ValueError(f"Without attention there are no weights to regularise. Received: {doubly_stochastic=}.")
        check_whole(vocabulary_size=vocabulary_size, units=units)
        check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, dropout=dropout, label_smoothing=label_smoothing)
        check_number("0 or more", at_least=0, doubly_stochastic=doubly_stochastic)
        embedding, image_units, attention_units = (
            units // 2 if size is None else size for size in (embedding, image_units, attention_units)
        )
        self.config = {
            "vocabulary_size": vocabulary_size,
            "units": units,
            "embedding": embedding,
            "image_units": image_units,
            "attention": attention,
            "attention_units": attention_units,
            "places": places,
            "dropout": dropout,
            "label_smoothing": label_smoothing,
            "doubly_stochastic": doubly_stochastic,
        }
        self.vocabulary_size, self.attention = vocabulary_size, attention
        self.label_smoothing, self.doubly_stochastic = label_smoothing, doubly_stochastic
        policy = {"dtype": self.dtype_policy}
        self.dropout = layers.Dropout(dropout, **policy)
        self.region_projection = layers.Dense(image_units, activation="relu", name="region_projection", **policy)
        self.first_hidden = layers.Dense(units, activation="tanh", name="first_hidden", **policy)
        self.first_cell = layers.Dense(units, activation="tanh", name="first_cell", **policy)
        # Words of length one: Keras's own start, ±0.05, would leave the tied scores near zero for hundreds of steps.
        words = keras.initializers.RandomNormal(stddev=embedding**-0.5)
        self.embedding = layers.Embedding(
            vocabulary_size, embedding, embeddings_initializer=words, name="embedding", **policy
        )
        self.cell = layers.LSTMCell(units, name="cell", **policy)
        if attention:
            self.look = AdditiveAttention(attention_units, name="look", **policy)
            self.gate = layers.Dense(image_units, activation="sigmoid", name="gate", **policy)
        self.output_projection = layers.Dense(embedding, name="output_projection", **policy)

    def build(self, input_shape):
        """``input_shape``: {"image": (batch, m, d) or (batch, d), "tokens": (batch, L)}."""
        if not isinstance(input_shape, dict) or not {"image", "tokens"} <= set(input_shape):
            came = sorted(input_shape) if isinstance(input_shape, dict) else type(input_shape).__name__
            raise ValueError(f"Received: a batch of {came}. Allowed: a dict with 'image' and 'tokens'.")
        c, image = self.config, tuple(input_shape["image"])
        if len(image) != 3 and (self.attention or len(image) != 2):
            allowed = "(batch, m, d)" if self.attention else "(batch, m, d) or (batch, d)"
            raise ValueError(
                f"An image comes as {allowed}; a map (batch, h, w, d) becomes regions by mmcourse.image.regions. "
                f"Received: image.shape={image}."
            )
        regions = (*image[:-1], c["image_units"])
        # Constants of the train images, kept with the weights: they are saved and loaded, and no gradient moves them.
        constant = {"shape": image[-1:], "trainable": False, "dtype": "float32"}
        self.image_mean = self.add_weight(initializer="zeros", name="image_mean", **constant)
        self.image_deviation = self.add_weight(initializer="ones", name="image_deviation", **constant)
        self.region_projection.build(image)
        if c["places"]:
            self.places = self.add_weight(shape=regions[1:], initializer="glorot_uniform", name="places")
        self.first_hidden.build((None, c["image_units"]))
        self.first_cell.build((None, c["image_units"]))
        self.embedding.build((None, None))
        self.cell.build((None, c["embedding"] + c["image_units"]))
        if self.attention:
            self.look.build((None, 1, c["units"] + c["embedding"]), regions)
            self.gate.build((None, c["units"] + c["embedding"]))
        self.output_projection.build((None, c["units"] + c["image_units"] + c["embedding"]))
        self.output_bias = self.add_weight(shape=(c["vocabulary_size"],), initializer="zeros", name="output_bias")
        self.image_shape = image[1:]
        self.built = True

    def adapt(self, images, samples=2000):
        """Set the mean and the deviation of each channel from train images, (n, m, d) or (n, d), before training.

        Channels of a frozen network differ a hundredfold in size; brought to one, the captioner learns several times
        faster. Of more than ``samples`` images every so-manieth is looked at. A channel that never changes is left as
        it is. Builds the captioner if that has not been done.
        """
        mean, deviation = channel_statistics(images, samples)
        if not self.built:
            self.build({"image": (None, *images.shape[1:]), "tokens": (None, None)})
        self.check_image(images)
        self.image_mean.assign(mean)
        self.image_deviation.assign(deviation)

    def check_image(self, image):
        """Raise ValueError for images of another shape than those that the captioner was built for; how many regions
        there are counts only where each has a vector of its place."""
        came, wanted = shape_of(image), self.image_shape
        known = came is not None and None not in came[1:]
        ranks = {1 + len(wanted)} if self.attention or self.config["places"] else {2, 3}
        fits = not known or (len(came) in ranks and came[-1] == wanted[-1])
        if known and fits and self.config["places"]:
            fits = came[1:] == wanted
        if not fits:
            allowed = ", ".join(map(str, ("batch", *wanted)))
            raise ValueError(
                f"Received: image of shape {came}. Allowed: ({allowed}), as this captioner was built for. A map "
                "(batch, h, w, d) becomes regions by mmcourse.image.regions; features of another encoder do not fit."
            )

    # One turn of the decoder, in parts. Decoding calls `step`; training runs `advance` in a loop, and `embed` and
    # `read_out` once for all words, since neither looks at what came before.

    def start(self, image, training=False):
        """The first state: image (n, m, d) -> a dict of arrays, each with leading axis n. The regions' part in the
        attention does not change from word to word, so it is worked out here, once. Raises ValueError as
        ``check_image``."""
        self.check_image(image)
        image = (ops.cast(image, "float32") - self.image_mean) / self.image_deviation
        image = ops.cast(image, self.compute_dtype)
        regions = self.region_projection(self.dropout(image, training=training))
        if self.config["places"]:
            regions = regions + ops.cast(self.places, regions.dtype)
        mean = ops.mean(regions, axis=1) if len(regions.shape) == 3 else regions
        state = {"hidden": self.first_hidden(mean), "cell": self.first_cell(mean)}
        if self.attention:
            return state | {"regions": regions, "keys": self.look.project_keys(regions)}
        return state | {"seen": mean}

    def embed(self, tokens, training=False):
        """tokens int (...) -> (..., embedding)."""
        return self.dropout(self.embedding(tokens), training=training)

    def attend(self, embedded, state):
        """What the decoder sees of the image after a word, embedded (n, embedding): (n, image_units), and the attention
        weights (n, m) or None."""
        if not self.attention:
            return state["seen"], None
        question = ops.concatenate([state["hidden"], embedded], axis=-1)  # (n, units + embedding)
        seen, weights = self.look.attend(ops.expand_dims(question, 1), state["keys"], state["regions"])
        return self.gate(question) * seen[:, 0], weights[:, 0]

    def advance(self, embedded, state):
        """embedded (n, embedding) -> features (n, units + image_units + embedding) to be read out, the next state, and
        the attention weights (n, m) or None."""
        seen, weights = self.attend(embedded, state)
        hidden, (_, cell) = self.cell(ops.concatenate([embedded, seen], axis=-1), [state["hidden"], state["cell"]])
        features = ops.concatenate([hidden, seen, embedded], axis=-1)
        return features, state | {"hidden": hidden, "cell": cell}, weights

    def read_out(self, features, training=False):
        """features (..., units + image_units + embedding) -> logits (..., vocabulary_size) in float32."""
        wanted = self.dropout(self.output_projection(self.dropout(features, training=training)), training=training)
        table = ops.cast(ops.transpose(self.embedding.embeddings), wanted.dtype)
        return ops.cast(ops.matmul(wanted, table), "float32") + ops.cast(self.output_bias, "float32")

    def step(self, tokens, state):
        """One turn: the word before, int (n,), and the state -> logits (n, vocabulary_size) for the next word, and the
        next state. This is what ``mmcourse.decoding`` asks for."""
        features, state, _ = self.advance(self.embed(tokens), state)
        return self.read_out(features), state

    def call(self, inputs, training=False, return_weights=False):
        tokens = inputs["tokens"]
        check_shapes(image=(inputs["image"], "batch …"), tokens=(tokens, "batch L"))
        check_ids(self.config["vocabulary_size"], tokens=tokens)
        state, embedded = self.start(inputs["image"], training), self.embed(tokens, training)
        features, weights = [], []
        for t in range(tokens.shape[1]):
            feature, state, weight = self.advance(embedded[:, t], state)
            features.append(feature)
            weights.append(weight)
        weights = ops.stack(weights, axis=1) if self.attention else None  # (batch, L, m)
        if self.doubly_stochastic:
            real = ops.expand_dims(ops.not_equal(tokens, PAD), -1)
            looked = ops.sum(ops.where(real, weights, ops.zeros_like(weights)), axis=1)
            self.add_loss(self.doubly_stochastic * ops.mean(ops.square(1.0 - looked)))
        logits = self.read_out(ops.stack(features, axis=1), training)
        return (logits, weights) if return_weights else logits

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Cross-entropy in nats per real token: the sum over the words of the batch that are not padding, by their
        number.

        y: int (batch, L), the word wanted after each token that went in; y_pred: logits (batch, L, V).
        """
        smoothing = self.label_smoothing if training else 0.0
        return token_loss(y, y_pred, smoothing) + sum(self.losses)

    def get_config(self):
        return super().get_config() | dict(self.config)


def token_loss(targets, logits, label_smoothing=0.0):
    """Cross-entropy in nats per real token: summed over the targets that are not padding, divided by their number.

    targets: int (batch, L); logits: (batch, L, V) -> a scalar, float32. A batch without a real token has loss 0.
    ``label_smoothing`` ε: the target has probability 1 - ε, and ε is spread evenly over all V words.
    """
    real = ops.not_equal(targets, PAD)
    return mean_where(token_cross_entropy(targets, logits, real, label_smoothing), real)
