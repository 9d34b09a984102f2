"""The captioner: an image in, a sentence out, one word at a time.

    image ─► regions (m vectors) ─► start: the first state
                                         │
            <start> ─► embed ─► advance: look at the regions, LSTM ─► read out: a score for each word ─► "a"
                "a" ─► embed ─► advance ─────────────────────────────► read out ─────────────────────► "small" ...

``Captioner.step`` is that one turn. Training unrolls it over the words of a given caption (teacher forcing), and
decoding calls it with the words that it chose itself: there is no second way of doing either.
"""

import math

from mmcourse._machinery.checks import check_ids, check_number, check_one_of, check_shapes, check_whole, shape_of
from mmcourse._machinery.compiling import USE_XLA
from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.attention import AdditiveAttention, attention_entropy
from mmcourse.attention.dot import weighted_sum
from mmcourse.backend import keras
from mmcourse.captioning.hard import DRAWING, RegionChoice
from mmcourse.captioning.losses import BASELINES, REWARDS, draw_loss, moved_baseline, token_loss
from mmcourse.image.channels import channel_statistics
from mmcourse.text import END, PAD

ops, layers = keras.ops, keras.layers
KINDS = (None, "soft", *DRAWING)


@keras.saving.register_keras_serializable(package="mmcourse")
class Captioner(keras.Model):
    """An encoder–decoder from regions of an image to words.

    ``attention=None`` is Show and Tell (Vinyals et al., 2015): the mean of the regions is all that the decoder sees of
    the image. ``attention="soft"`` is Show, Attend and Tell (Xu et al., 2015): at each step the decoder asks, and
    additive attention answers with a weighted mean of the regions. (There the state alone asks; here the word just
    written is part of the question too: whether to look for a small or a large thing, it alone knows.)

    ``"hard"`` and ``"gumbel"`` look at one region at each step, in training drawn by the attention weights. A draw
    passes no gradient to them: "hard" learns them by REINFORCE (``losses.draw_loss``; Xu et al., section 4.1),
    "gumbel" by the gradient that a smooth draw lends (``mmcourse.attention.gumbel_key``).

    1. regions = ReLU(Dense((image - mean) / deviation)) (+ a learned vector for each place, so that "left of" can be
       learned); mean and deviation of each channel are set by ``adapt``, once, from train images
    2. h₀, c₀ = tanh(Dense(mean of the regions))
    3. at each step, with e the embedding of the word before:
       z = β Σ αᵢ regionᵢ with α = softmax(vᵀ tanh(W₁ [h; e] + W₂ regionᵢ)) and a gate β = σ(Dense([h; e])), a number
       for each feature; without attention z = mean of the regions; hard: in place of α the one-hot vector of a draw;
       h, c = LSTM([e; z], h, c)
    4. logits = E (Dense([h; z; e])) + b, with E the embedding matrix once more (tied weights: Press and Wolf, 2017)

    Args:
        vocabulary_size: number of words, the four special tokens included.
        units: size of the LSTM's state.
        embedding: size of a word's vector. None: half of ``units``.
        image_units: size of a region after step 1. None: half of ``units``.
        attention: None, "soft", "hard" or "gumbel".
        attention_units: size of the space in which state and regions meet. None: half of ``units``.
        places: whether each region has a learned vector for its place (then all images have equally many regions).
        dropout: share of the entries dropped of image, embedded words and of what is read out, in training.
        label_smoothing: share of the target's probability that is spread evenly over all words, in training.
        doubly_stochastic: weight of the penalty (1 - Σₜ αₜᵢ)², averaged over regions (Xu et al.); needs attention.
        entropy: weight of the bonus, in training, for the entropy of α in nats, averaged over words; needs attention.
        soft_share, temperature, inference, draw_seed: of "hard" and "gumbel", see ``hard.RegionChoice``.
        baseline, baseline_decay: of REINFORCE: "word": the moving average of each word's log-probability, b ← decay · b
            + (1 - decay) · mean of the batch; "mean": one of all words together, as in Xu et al.; None: no baseline.
        reward: of REINFORCE, "rest" or "caption": what a draw is judged by, see ``losses.draw_loss``.

    Call arguments, a dict:
        image: (batch, m, d), the regions of an image; without attention also (batch, d).
        tokens: int (batch, L), what goes in at each step: start, first word, ... (teacher forcing).

    Returns:
        logits (batch, L, vocabulary_size) in float32: row t scores the word *after* ``tokens[:, t]``. With
        ``return_weights=True`` also the attention weights (batch, L, m).

    In training, "hard" returns {"logits", "log_probability"} in place of the logits: with the draws' (batch, L), 0
    where none was made, for ``compute_loss``. The loss (``compile`` needs an optimizer only) is the cross-entropy per
    real token of the batch, in nats, and what the arguments add.
    """

    def __init__(
        self, vocabulary_size, units=512, embedding=None, image_units=None, attention=None, attention_units=None,
        places=False, dropout=0.0, label_smoothing=0.0, doubly_stochastic=0.0, entropy=0.0, soft_share=0.0,
        baseline="word", baseline_decay=0.9, reward="rest", temperature=1.0, inference="argmax", draw_seed=None, **more,
    ):  # fmt: skip
        super().__init__(**more)
        self.supports_jit = USE_XLA
        if attention not in KINDS:
            raise ValueError(f"Unknown attention. Received: attention={attention!r}. Allowed: {str(KINDS)[1:-1]}.")
        for name, weight in {"doubly_stochastic": doubly_stochastic, "entropy": entropy}.items():
            check_number("0 or more", at_least=0, **{name: weight})
            if weight and not attention:
                raise ValueError(f"Without attention there are no weights to regularise. Received: {name}={weight}.")
        shares = {"dropout": dropout, "label_smoothing": label_smoothing, "baseline_decay": baseline_decay}
        check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, **shares)
        check_whole(vocabulary_size=vocabulary_size, units=units)
        check_one_of(REWARDS, reward=reward)
        check_one_of((*BASELINES, None), baseline=baseline)
        embedding, image_units, attention_units = (
            units // 2 if size is None else size for size in (embedding, image_units, attention_units)
        )
        drawing = {"soft_share": soft_share, "temperature": temperature, "inference": inference}
        self.config = {
            "vocabulary_size": vocabulary_size, "units": units, "embedding": embedding, "image_units": image_units,
            "attention": attention, "attention_units": attention_units, "places": places, "dropout": dropout,
            "label_smoothing": label_smoothing, "doubly_stochastic": doubly_stochastic, "entropy": entropy,
            "baseline": baseline, "baseline_decay": baseline_decay, "reward": reward, "draw_seed": draw_seed, **drawing,
        }  # fmt: skip
        self.vocabulary_size, self.attention, self.label_smoothing = vocabulary_size, attention, label_smoothing
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
        if attention in DRAWING:
            self.choice = RegionChoice(attention, seed=draw_seed, name="choice", **drawing)

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
        self.baseline = None
        if self.attention == "hard" and c["baseline"]:
            guess = keras.initializers.Constant(-math.log(c["vocabulary_size"]))  # of one that knows nothing
            shape = (c["vocabulary_size"],) if c["baseline"] == "word" else ()
            self.baseline = self.add_weight(shape, guess, "float32", trainable=False, name="baseline")
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
        if not self.attention:
            return state | {"seen": mean}
        if training and self.attention in DRAWING:
            state["draws"] = self.choice.begin(ops.shape(mean)[0])
        return state | {"regions": regions, "keys": self.look.project_keys(regions)}

    def embed(self, tokens, training=False):
        """tokens int (...) -> (..., embedding)."""
        return self.dropout(self.embedding(tokens), training=training)

    def attend(self, embedded, state):
        """What the decoder sees of the image after a word, embedded (n, embedding): (n, image_units); and how it came
        to that: {"weights": (n, m)}, in training with draws also "log_probability" (n,); without attention {}."""
        if not self.attention:
            return state["seen"], {}
        question = ops.concatenate([state["hidden"], embedded], axis=-1)  # (n, units + embedding)
        seen, weights = self.look.attend(ops.expand_dims(question, 1), state["keys"], state["regions"])
        looked = {"weights": weights[:, 0]}
        if self.attention in DRAWING:
            chosen, log_probability = self.choice(weights[:, 0], state.get("draws"))
            looked |= {} if log_probability is None else {"log_probability": log_probability}
            seen = weighted_sum(ops.expand_dims(chosen, 1), state["regions"])
        return self.gate(question) * seen[:, 0], looked

    def advance(self, embedded, state):
        """embedded (n, embedding) -> features (n, units + image_units + embedding) to be read out, the next state, and
        how it looked, as of ``attend``."""
        seen, looked = self.attend(embedded, state)
        hidden, (_, cell) = self.cell(ops.concatenate([embedded, seen], axis=-1), [state["hidden"], state["cell"]])
        features = ops.concatenate([hidden, seen, embedded], axis=-1)
        return features, state | {"hidden": hidden, "cell": cell}, looked

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
        features, looks = [], []
        for t in range(tokens.shape[1]):
            feature, state, looked = self.advance(embedded[:, t], state)
            features.append(feature)
            looks.append(looked)
        looks = {name: ops.stack([one[name] for one in looks], axis=1) for name in looks[0]}  # each (batch, L, ...)
        weights = looks.get("weights")
        real = ops.logical_and(ops.not_equal(tokens, PAD), ops.not_equal(tokens, END))  # a word is chosen after these
        if penalty := self.config["doubly_stochastic"]:
            looked = ops.sum(ops.where(ops.expand_dims(real, -1), weights, ops.zeros_like(weights)), axis=1)
            self.add_loss(penalty * ops.mean(ops.square(1.0 - looked)))
        if (bonus := self.config["entropy"]) and training:
            self.add_loss(-bonus * mean_where(attention_entropy(weights), real))
        logits = self.read_out(ops.stack(features, axis=1), training)
        if self.attention == "hard" and training:
            logits = {"logits": logits, "log_probability": looks["log_probability"]}
        return (logits, weights) if return_weights else logits

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Cross-entropy in nats per real token: the sum over the words of the batch that are not padding, by their
        number; and what was added. In training, hard attention adds the gradient of ``losses.draw_loss`` (and 0: its
        value says nothing), and moves its baseline.

        y: int (batch, L), the word wanted after each token that went in; y_pred: what the call returns.
        """
        smoothing = self.label_smoothing if training else 0.0  # what is rewarded below is what the words are for, too
        if not isinstance(y_pred, dict):
            return token_loss(y, y_pred, smoothing) + sum(self.losses)
        real = ops.not_equal(y, PAD)
        each, expected = token_cross_entropy(y, y_pred["logits"], real, smoothing), 0.0
        if self.baseline is not None:
            expected = ops.take(self.baseline, y, axis=0) if self.config["baseline"] == "word" else self.baseline
        drawn = draw_loss(y_pred["log_probability"], each, real, expected, self.config["reward"])
        if self.baseline is not None and training:  # only now: one that knew this batch would hang on its draws
            self.baseline.assign(moved_baseline(self.baseline, self.config["baseline_decay"], each, y))
        return mean_where(each, real) + drawn - ops.stop_gradient(drawn) + sum(self.losses)

    def get_config(self):
        return super().get_config() | dict(self.config)
