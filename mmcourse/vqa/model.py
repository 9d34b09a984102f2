"""What all models of visual question answering share: how a picture and a question are read, the answer, the loss.

image ─► regions (m vectors) ─┐
                              ├─► join: this is what the models differ in ─► one vector ─► a score for each answer
text ──► words (L vectors), ──┘
         question (1 vector)
"""

import itertools
from types import MappingProxyType

from mmcourse._machinery.checks import (
    check_floats,
    check_given,
    check_ids,
    check_number,
    check_one_of,
    check_shapes,
    check_whole,
    dtype_of,
    shape_of,
)
from mmcourse._machinery.compiling import USE_XLA
from mmcourse._machinery.masks import named, unless_strange, without_hidden
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.image.channels import channel_statistics
from mmcourse.retrieval.towers import TextTower
from mmcourse.text import PAD
from mmcourse.text.encoder import mean_over_words

ops, layers = keras.ops, keras.layers


class VQAModel(keras.Model):
    """The base of the models here; a subclass says how regions and words are joined (``build_join``, ``join``).

    1. regions = ReLU(Dense((image - mean) / deviation)) (+ a learned vector for each place, so that "left of" can be
       learned); mean and deviation of each channel are set by ``adapt``, once, from train images
    2. words = norm(Dense(the state of a GRU after each word)); question = Σ words / √(number of real words). The norm
       (LayerNorm) and the sum give each word a short way to what it is to find: with the GRU's last state, small as
       states are at first, attention begins to look only after several times as many steps
    3. joined, weights = join(regions, words, question)
    4. logits = Dense(ReLU(Dense(dropout(joined))))

    Args:
        vocabulary_size: number of words, the four special tokens included.
        answers: number of answers to choose from: answering is classification.
        units: size d of all vectors after 1 and 2.
        embedding: size of a word's vector. None: half of ``units``.
        places: whether each region has a learned vector for its place (then all images have equally many regions).
        merge: so many by so many neighbouring regions of a square grid become one, their vectors side by side before
            step 1 (16 regions of 64 with 2): quicker, and coarser.
        length: the longest question, where places of words are counted.
        dropout: share of the entries dropped of words and of joined, in training.
        label_smoothing: ε from 0 to 1: in training the right answer has probability 1 - ε, and ε is spread evenly over
            all answers.
        seed: of the first weights; each draws its own from it.

    Call arguments, a dict:
        image: (b, m, d'), the regions of an image.
        text: int (b, L), the question's words, padding 0 behind them.
        mask: optional, a dict: "image": bool (b, m), which regions are real (where pictures have different numbers of
            them; only models that ask for no places take it), "text": bool (b, L); without it, what is not padding.

    Returns:
        logits (b, answers), float32. With ``return_weights=True`` also a dict of the attention weights, by what is
        looked at: "image" (b, hops, m), "text" (b, hops, L); whatever the model has.

    ``compile`` needs an optimizer; the loss is the cross-entropy of the right answer, int (b,), in nats, weighted by
    ``sample_weight`` where there is one.
    """

    READER = MappingProxyType({"kind": "gru"})  # how words are read: arguments of `TextTower`
    GRID = False  # whether regions must be a square grid
    LOOKS_AT = ()  # what has attention weights

    def __init__(
        self, vocabulary_size, answers, units=128, embedding=None, places=True, merge=1, length=40, dropout=0.0,
        label_smoothing=0.0, seed=0, **kwargs,
    ):  # fmt: skip
        super().__init__(autocast=False, **kwargs)  # features may be beyond float16 until they are brought to one size
        self.supports_jit = USE_XLA
        check_whole(vocabulary_size=vocabulary_size, answers=answers, units=units, merge=merge, length=length)
        if embedding is not None:
            check_whole(embedding=embedding)
        check_one_of((True, False), places=places)
        check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, dropout=dropout)
        check_number("from 0 to 1", at_least=0, at_most=1, label_smoothing=label_smoothing)
        self.config = {
            "vocabulary_size": vocabulary_size, "answers": answers, "units": units, "embedding": embedding,
            "places": places, "merge": merge, "length": length, "dropout": dropout,
            "label_smoothing": label_smoothing, "seed": seed,
        }  # fmt: skip
        self.units = units
        # As many as a model has parts: the first ones do not depend on how many are asked for.
        self.seeds = (independent(seed, n, type(self).__name__)[-1] for n in itertools.count(1))
        self.reader = TextTower(
            vocabulary_size, units, embedding=embedding or max(units // 2, 1), pooling=None, length=length,
            dropout=dropout, seed=next(self.seeds), name="reader", dtype=self.dtype_policy, **self.READER,
        )  # fmt: skip
        self.word_norm = layers.LayerNormalization(epsilon=1e-5, name="word_norm", dtype=self.dtype_policy)
        self.region_projection = self.dense(units, "region_projection", "relu")
        self.place_seed = next(self.seeds)
        self.hidden = self.dense(units, "hidden", "relu")
        self.answer = self.dense(answers, "answer")
        self.dropout = layers.Dropout(dropout, seed=next(self.seeds), dtype=self.dtype_policy)

    def dense(self, size, name, activation=None, use_bias=True):
        """A Dense layer with a seed of its own."""
        initializer = keras.initializers.GlorotUniform(next(self.seeds))
        return layers.Dense(
            size, activation, use_bias, kernel_initializer=initializer, name=name, dtype=self.dtype_policy
        )

    def build(self, input_shape):
        """``input_shape``: {"image": (b, m, d'), "text": (b, L)}."""
        self.check_batch(input_shape)
        image, merge = tuple(input_shape["image"]), self.config["merge"]
        if len(image) != 3 or image[-1] is None or 0 in image[1:]:
            raise ValueError(
                f"An image comes as (batch, m, d); a map (batch, h, w, d) becomes regions by mmcourse.image.regions. "
                f"Received: image.shape={image}."
            )
        side = round((image[1] or 0) ** 0.5)
        if (self.GRID or merge > 1) and (side * side != image[1] or side % merge):
            raise ValueError(
                f"Received: {image[1]} regions, merge={merge}. Allowed: a square grid whose side merge divides."
            )
        constant = {"shape": image[-1:], "trainable": False, "dtype": "float32", "autocast": False}
        self.image_mean = self.add_weight(initializer="zeros", name="image_mean", **constant)
        self.image_deviation = self.add_weight(initializer="ones", name="image_deviation", **constant)
        self.side = side // merge if self.GRID or merge > 1 else None
        self.many = image[1] // merge**2 if image[1] else None
        self.region_projection.build((None, None, image[-1] * merge**2))
        if self.config["places"]:
            if self.many is None:
                raise ValueError(f"Received: image.shape={image}, places=True. Allowed: a known number of regions.")
            initializer = keras.initializers.GlorotUniform(self.place_seed)
            self.places = self.add_weight(shape=(self.many, self.units), initializer=initializer, name="places")
        self.reader.build()
        self.word_norm.build((None, None, self.units))
        joined = self.build_join((None, self.many, self.units), (None, None, self.units))
        self.hidden.build((None, joined))
        self.answer.build((None, self.units))
        self.image_shape = image[1:]
        self.built = True

    @staticmethod
    def check_batch(batch):
        """Raise ValueError for what is no batch of pictures and questions, or no dict of their shapes."""
        if not isinstance(batch, dict) or not {"image", "text"} <= set(batch):
            came = sorted(batch) if isinstance(batch, dict) else type(batch).__name__
            raise ValueError(f"Received: a batch of {came}. Allowed: a dict with 'image' and 'text'.")

    def adapt(self, images, samples=2000):
        """Set the mean and the deviation of each channel from train images, (n, m, d'), before training (see
        `image.channels.channel_statistics`). Builds the model if that has not been done."""
        check_given(images=images)
        check_shapes(images=(images, "n m d"))
        mean, deviation = channel_statistics(images, samples)
        if not self.built:
            self.build({"image": (None, *shape_of(images)[1:]), "text": (None, None)})
        self.check_image(images)
        self.image_mean.assign(mean)
        self.image_deviation.assign(deviation)

    def check_image(self, image):
        """Raise ValueError for images of another shape than those that the model was built for; how many regions there
        are counts only where places do."""
        came, wanted = shape_of(image), self.image_shape
        fixed = self.config["places"] or self.side is not None
        fits = came is None or (
            len(came) == 3 and came[-1] in (wanted[-1], None) and (not fixed or came[1] in (wanted[0], None))
        )
        if not fits:
            allowed = ", ".join(map(str, ("batch", wanted[0] if fixed else "m", wanted[1])))
            raise ValueError(f"Received: image of shape {came}. Allowed: ({allowed}), as this model was built for.")

    def read_image(self, image, mask=None):
        """Step 1: (b, m, d') -> regions (b, m / merge², units)."""
        image = without_hidden(mask, image)
        image = (ops.cast(image, "float32") - self.image_mean) / self.image_deviation
        if (merge := self.config["merge"]) > 1:
            side, d = self.side, self.image_shape[-1]
            image = ops.reshape(image, (-1, side, merge, side, merge, d))
            image = ops.reshape(ops.transpose(image, (0, 1, 3, 2, 4, 5)), (-1, side * side, merge * merge * d))
        regions = self.region_projection(ops.cast(image, self.compute_dtype))
        return regions + ops.cast(self.places, regions.dtype) if self.config["places"] else regions

    def read_text(self, text, mask, training=False):
        """Step 2: int (b, L), mask bool (b, L) -> words (b, L, units), question (b, units)."""
        words = self.word_norm(self.reader(text, mask=mask, training=training))
        return words, sum_of_words(words, mask)

    def masks(self, inputs):
        """The masks of regions and of words that a batch brings, or None."""
        modalities = {name: x for name, x in inputs.items() if name not in ("mask", "present", "program")}
        mask = named(inputs.get("mask"), modalities, "mask")
        if "image" in mask and (self.config["places"] or self.side is not None):
            raise ValueError("Received: mask['image']. Allowed: none where regions have places; or places=False.")
        return mask.get("image"), mask.get("text")

    def call(self, inputs, training=False, return_weights=False):
        self.check_batch(inputs)
        image, text = inputs["image"], inputs["text"]
        check_given(image=image, text=text)
        check_shapes(image=(image, "batch m d"), text=(text, "batch L"))
        check_ids(self.config["vocabulary_size"], text=text)
        self.check_image(image)
        if return_weights and not self.LOOKS_AT:
            raise ValueError(f"Received: return_weights=True. Allowed: False, {type(self).__name__} has no attention.")
        of_regions, said = self.masks(inputs)
        regions = self.read_image(image, of_regions)
        of_words = ops.not_equal(text, PAD) if said is None else ops.cast(said, "bool")
        words, question = self.read_text(text, of_words, training)
        joined, weights = self.join(regions, words, question, of_regions, of_words, inputs, training)
        logits = self.answer(self.hidden(self.dropout(joined, training=training)))
        logits = ops.cast(logits, "float32")
        for mask in (of_regions, said):
            if mask is not None and "float" in dtype_of(mask):  # here: TensorFlow's ReLU of NaN may be 0
                logits = unless_strange(logits, ops.max(ops.abs(mask * (1 - mask)), axis=1))
        return (logits, weights) if return_weights else logits

    def build_join(self, regions, words):
        """Build the parts of ``join`` for regions (None, m, units) and words (None, None, units); return the size of
        what it joins them to."""
        raise NotImplementedError

    def join(self, regions, words, question, of_regions, of_words, inputs, training):
        """regions (b, m, units), words (b, L, units), question (b, units), their masks bool (b, m) or None and (b, L)
        -> (joined (b, any), dict of attention weights)."""
        raise NotImplementedError

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Cross-entropy in nats, the mean over the batch: y int (b,), the right answers; y_pred logits (b, answers)."""
        check_floats("y_pred", y_pred)
        answers = self.config["answers"]
        check_shapes(y=(y, "batch"), y_pred=(y_pred, f"batch {answers}"), sample_weight=(sample_weight, "batch"))
        check_ids(answers, y=y)
        loss = keras.losses.sparse_categorical_crossentropy(ops.convert_to_tensor(y), y_pred, from_logits=True)
        if training and (smoothing := self.config["label_smoothing"]):
            each = ops.log_softmax(ops.cast(y_pred, "float32"), axis=-1)
            loss = (1 - smoothing) * loss - smoothing * ops.mean(each, axis=-1)
        if sample_weight is not None:
            loss = loss * ops.cast(sample_weight, loss.dtype)
        return ops.mean(loss) + sum(self.losses)

    def get_config(self):
        return super().get_config() | dict(self.config)


def sum_of_words(words, mask):
    """The sum of the vectors (b, L, d) where ``mask`` bool (b, L) is True, by the root of their number -> (b, d); 0
    where it nowhere is. (The sum of n independent vectors is √n times as long as one.)"""
    many = ops.sum(ops.cast(mask, words.dtype), axis=1, keepdims=True)
    return mean_over_words(words, mask) * ops.sqrt(many)
