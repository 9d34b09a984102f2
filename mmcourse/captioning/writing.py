"""A captioner at work: captions, where it looked, and its files."""

import functools
from pathlib import Path

import numpy as np

from mmcourse import decoding
from mmcourse._machinery.checks import check_number, check_shapes, check_type, check_whole
from mmcourse._machinery.compiling import USE_XLA
from mmcourse._machinery.files import check_sha256, read_sealed, sha256_of, whole, write_sealed
from mmcourse._machinery.locks import locked
from mmcourse._machinery.progress_bar import progress_bar
from mmcourse.backend import keras
from mmcourse.captioning.model import Captioner
from mmcourse.text import PAD, START, UNKNOWN, Vocabulary

UNSAYABLE = (PAD, START, UNKNOWN)  # tokens that no caption holds


@keras.saving.register_keras_serializable(package="mmcourse")
class CaptionWriter(keras.Model):
    """A captioner with its decoding: regions (n, m, d) -> {"tokens": int (n, max_length), "scores": (n,)}.

    It is a model only so that ``predict`` compiles the whole loop, on whichever backend. It has no weights of its own.
    ``width=1`` is greedy decoding, otherwise beam search (``mmcourse.decoding``); ``forbidden`` are ids never chosen.
    """

    def __init__(self, captioner, width=1, length_penalty=0.6, max_length=20, forbidden=UNSAYABLE, **kwargs):
        super().__init__(**kwargs)
        check_whole(width=width, max_length=max_length)
        check_number("0 or more", at_least=0, length_penalty=length_penalty)
        self.supports_jit = USE_XLA
        self.captioner = captioner
        self.width, self.length_penalty, self.max_length = width, length_penalty, max_length
        self.forbidden = tuple(forbidden)

    def build(self, input_shape):
        if not self.captioner.built:
            self.captioner.build({"image": input_shape, "tokens": (None, None)})
        self.built = True

    def call(self, image):
        state = self.captioner.start(image)
        if self.width == 1:
            tokens, scores = decoding.greedy(self.captioner.step, state, self.max_length, self.forbidden)
        else:
            tokens, scores = decoding.beam_search(
                self.captioner.step,
                state,
                self.width,
                self.length_penalty,
                self.max_length,
                forbidden=self.forbidden,
            )
        return {"tokens": tokens, "scores": scores}

    def get_config(self):
        names = ("width", "length_penalty", "max_length", "forbidden")
        config = {name: getattr(self, name) for name in names}
        return super().get_config() | config | {"captioner": keras.saving.serialize_keras_object(self.captioner)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config.pop("captioner")), **config)


@functools.lru_cache(maxsize=4)  # compiling costs seconds: the same question is not compiled twice
def _writer(captioner, *settings):
    return CaptionWriter(captioner, *settings)


def write_tokens(captioner, images, width=1, length_penalty=0.6, max_length=20, batch_size=64, forbidden=UNSAYABLE):
    """Like ``write_captions``, but returns word ids, int32 (n, max_length), padded after the end token; ``forbidden``
    are ids that are never chosen. Raises ValueError before any work for images that the captioner was not built for,
    and for settings out of range; and for an image whose scores are NaN."""
    check_whole(width=width, max_length=max_length, batch_size=batch_size)
    check_number("0 or more", at_least=0, length_penalty=length_penalty)
    if captioner.built:
        captioner.check_image(images)
    writer = _writer(captioner, width, length_penalty, max_length, tuple(forbidden))
    batch_size = min(batch_size, max(len(images), 1))
    rows = []
    for first in progress_bar(range(0, len(images), batch_size), desc="writing captions"):
        batch = np.asarray(images[first : first + batch_size], "float32")
        missing = batch_size - len(batch)  # the last batch is filled up, since a new shape would compile anew
        batch = np.concatenate([batch, np.repeat(batch[-1:], missing, axis=0)])
        written = {key: np.asarray(x)[: batch_size - missing] for key, x in writer.predict_on_batch(batch).items()}
        if np.isnan(written["scores"]).any():
            place = first + int(np.flatnonzero(np.isnan(written["scores"]))[0])
            raise ValueError(
                f"Received: image {place}, for which the captioner's scores are NaN. Allowed: numbers; look for NaN in "
                "the image's features and in the captioner's weights."
            )
        rows.append(written["tokens"])
    return np.concatenate(rows).astype("int32") if rows else np.zeros((0, max_length), "int32")


def write_captions(captioner, images, vocabulary, width=1, length_penalty=0.6, max_length=20, batch_size=64):
    """Describe images: regions (n, m, d), an array or a memory map -> a list of n captions.

    Args:
        captioner: a ``Captioner``, trained.
        vocabulary: the ``mmcourse.text.Vocabulary`` that it was trained with.
        width: 1: the best word each time (greedy). More: beam search, keeping that many beginnings.
        length_penalty: of the beam search: scores are divided by ((5 + length) / 6) to this power.
        max_length: words after which a caption that has not ended is cut.
        batch_size: images decoded at once. No caption depends on it, nor on the other images of its batch.

    Raises ValueError for what is no captioner or vocabulary, a vocabulary of another size than the captioner's, and
    images as ``write_tokens`` refuses them.
    """
    _check_pair(captioner, vocabulary)
    return vocabulary.decode(write_tokens(captioner, images, width, length_penalty, max_length, batch_size))


def _check_pair(captioner, vocabulary):
    """Raise ValueError unless these are a captioner and a vocabulary of as many words as it has."""
    check_type(Captioner, "a Captioner", captioner=captioner)
    check_type(Vocabulary, "the Vocabulary that the captioner was trained with", vocabulary=vocabulary)
    if len(vocabulary) != captioner.vocabulary_size:
        raise ValueError(
            f"Received: a vocabulary of {len(vocabulary)} words. Allowed: that of the captioner, with "
            f"{captioner.vocabulary_size}."
        )


def attention_maps(captioner, image, tokens):
    """Where the captioner looked at each word: image (m, d), tokens int (L,) -> weights (L, m), rows sum to 1.

    ``tokens`` is a caption as ``write_tokens`` gives it, or as ``Vocabulary.encode`` does (start, words, end); padding
    is left out. Row t holds the weights with which word t (the end token among them) was chosen, so a leading start
    token, which nobody chose, has no row.
    """
    if not captioner.attention:
        raise ValueError("A captioner without attention looks at no region. Received: attention=None. Allowed: any.")
    check_shapes(image=(image, "m d"), tokens=(tokens, "L"))
    if captioner.built:
        captioner.check_image(np.asarray(image)[None])
    tokens = [int(t) for t in np.asarray(tokens) if t != PAD]
    tokens = tokens[1:] if tokens[:1] == [START] else tokens
    before = np.array([[START, *tokens[:-1]]], "int32")
    inputs = {"image": np.asarray(image, "float32")[None], "tokens": before}
    _, weights = captioner(inputs, return_weights=True)
    return keras.ops.convert_to_numpy(weights)[0]


PARTS = ("weights.h5", "vocabulary.json")
MANIFEST = "captioner.json"
AGAIN = "Save the captioner again, or copy its three files anew."


def save_captioner(captioner, vocabulary, folder):
    """Write what ``load_captioner`` reads into a folder: captioner.weights.h5, captioner.vocabulary.json and
    captioner.json (sizes, and the checksums of the other two). Without the optimizer's state; an older captioner stays
    until the new one is whole. Raises ValueError for a vocabulary of another size than the captioner's."""
    _check_pair(captioner, vocabulary)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shape = [int(size) for size in captioner.image_shape]
    plain = Captioner(**captioner.config)  # without the optimizer
    plain.build({"image": (None, *shape), "tokens": (None, None)})
    plain.set_weights(captioner.get_weights())
    sizes = {name: value for name, value in captioner.config.items() if name != "vocabulary_size"}
    with locked(folder / "captioner.lock"):
        # Twice, so that in no moment captioner.json names a file that is being replaced.
        for way in ("captioner.new.", "captioner."):
            checksums = {}
            for ending, save in zip(PARTS, (plain.save_weights, vocabulary.save), strict=True):
                with whole(folder / (way + ending)) as part:
                    save(part)
                checksums[way + ending] = sha256_of(folder / (way + ending))
            write_sealed(folder / MANIFEST, {"model": sizes, "regions": shape, "files": checksums})
        for ending in PARTS:
            (folder / f"captioner.new.{ending}").unlink(missing_ok=True)


def load_captioner(folder=None):
    """A trained captioner and its vocabulary: (Captioner, Vocabulary).

    Without ``folder`` it is the one that the course ships, which describes the regions of
    ``load_backbone("scene_vgg")``, (n, 64, 128). It was trained for longer than a page can wait
    (``python -m mmcourse.experiments captioning-scenes``). ``folder``: where ``save_captioner`` wrote another.

    Raises FileNotFoundError where there is none, or not all of its files; ValueError, naming the file, for one that is
    damaged or belongs to another captioner. (One that an older version saved has no checksums, and is read without.)
    """
    folder = Path(folder or Path(__file__).parents[1] / "weights")
    if not (folder / MANIFEST).is_file():
        raise FileNotFoundError(f"No trained captioner there. Received: folder={str(folder)!r}.")
    made = read_sealed(folder / MANIFEST, AGAIN, sealed=lambda content: "files" in content)
    named = made.get("files") or {f"captioner.{ending}": None for ending in PARTS}
    weights, words = (folder / name for name in named)
    for file, checksum in zip((weights, words), named.values(), strict=True):
        if not file.is_file():
            raise FileNotFoundError(f"A file of the captioner is missing: {file}. {AGAIN}")
        if checksum:
            check_sha256(file, checksum, AGAIN)
    vocabulary = Vocabulary.load(words)
    try:
        captioner = Captioner(len(vocabulary), **made["model"])
        captioner.build({"image": (None, *made["regions"]), "tokens": (None, None)})
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"The file is damaged: {folder / MANIFEST} ({error!r}). {AGAIN}") from error
    try:
        captioner.load_weights(weights)
    except Exception as error:  # whatever HDF5 or Keras find wrong in a file without a checksum
        raise ValueError(f"The file does not hold this captioner's weights: {weights} ({error}). {AGAIN}") from error
    return captioner, vocabulary
