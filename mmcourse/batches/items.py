"""Items of any collection, every modality of them, as batches."""

import numpy as np

from mmcourse._machinery.checks import check_one_of, check_whole
from mmcourse._machinery.order import Batches
from mmcourse._machinery.sounds import check_sound
from mmcourse.text.vocabulary import Vocabulary

FIELDS = {"image": "image", "text": "captions", "audio": "audio", "video": "frames"}


class ItemBatches(Batches):
    """The items of a collection, made or read when their batch is asked for, each modality under its name.

    A batch is a dict with those of ``modalities`` that are asked for:

    - ``image`` uint8 ``(b, h, w, 3)``;
    - ``text`` int32 ``(b, L)``: one caption of each item, as tokens, 0 where it has ended;
    - ``audio`` float32 ``(b, n, channels)``;
    - ``video`` uint8 ``(b, t, h, w, 3)``;
    - ``mask`` {name: bool ``(b, L)``, ``(b, n)`` or ``(b, t)``}: which positions of text, audio and video are real;
      left out where ``modalities`` has none of these;
    - ``present`` {name: bool ``(b,)``}: which items have the modality, only with ``missing="zeros"``.

    With ``labels`` it is a pair of that dict and the labels ``(b, ...)``.

    Args:
        collection: items with ``.id`` and the fields asked for, such as ``Scenes``, ``Utterances`` or ``Flickr8k``.
        modalities: some of "image", "text", "audio", "video".
        batch_size: items in a batch.
        labels: None, an array ``(n, ...)``, or a function of an item, such as ``operator.attrgetter("label")``. (Worker
            processes, ``workers=2, use_multiprocessing=True``, need one that can be pickled, which a lambda cannot.)
        vocabulary: a ``text.Vocabulary``; "text" needs it.
        length: {name: positions} of "text", "audio" or "video": shorter ones are padded with zeros at the end, longer
            ones cut there. A modality without one is as long as the longest of its batch.
        size: side to which images and frames are resized (squashed), or None: as they are.
        missing: what to do where an item lacks a modality: "error", or "zeros" in its place.
        shuffle: another order every epoch, and a caption drawn anew of each item; else always the first one.
        seed: of that order, and of the draw.

    Raises ValueError for an unknown modality, for items that differ in what padding cannot mend, and, naming the item's
    id, for audio of integers, with its channels first or of several rates, and with ``missing="error"`` for an item
    that lacks something.
    """

    def __init__(
        self, collection, modalities=("image",), batch_size=64, labels=None, vocabulary=None, length=None, size=None,
        missing="error", shuffle=False, seed=0, **kwargs,
    ):  # fmt: skip
        if isinstance(collection, (str, dict)) or not hasattr(collection, "__getitem__"):
            raise ValueError(f"Received: collection, a {type(collection).__name__}. Allowed: a sequence of items.")
        super().__init__(len(collection), batch_size, shuffle, seed, **kwargs)
        if not isinstance(modalities, (str, tuple, list)):
            raise ValueError(f"Received: modalities={modalities!r}. Allowed: some of {', '.join(FIELDS)}.")
        modalities = (modalities,) if isinstance(modalities, str) else tuple(modalities)
        if not isinstance(length, (dict, type(None))):
            raise ValueError(f"Received: length={length!r}. Allowed: a dict {{name: positions}}.")
        length = dict(length or {})
        unknown = [name for name in modalities if name not in FIELDS] + [n for n in length if n not in FIELDS]
        if unknown or not modalities:
            raise ValueError(f"Received: {unknown[0] if unknown else modalities!r}. Allowed: {', '.join(FIELDS)}.")
        wrong = any(isinstance(many, bool) or not hasattr(many, "__index__") or many < 1 for many in length.values())
        if wrong or "image" in length:
            raise ValueError(f"Received: length={length}. Allowed: whole numbers from 1, of text, audio or video.")
        check_one_of(("error", "zeros"), missing=missing)
        if size is not None:
            check_whole(size=size)
        if "text" in modalities and not isinstance(vocabulary, Vocabulary):
            what = "None" if vocabulary is None else f"a {type(vocabulary).__name__}"
            raise ValueError(
                f"Text becomes tokens by a vocabulary. Received: vocabulary={what}. Allowed: a Vocabulary."
            )
        if labels is not None and not callable(labels):
            labels = _labels(labels, len(collection))
        self.collection, self.modalities, self.labels, self.vocabulary = collection, modalities, labels, vocabulary
        self.length, self.size, self.missing = length, size, missing
        self._examples = {}

    def _begin(self):
        super()._begin()
        self._draw = np.random.default_rng((self.seed, self.epoch, 1)).random(self.n)  # which caption of an item

    def __getitem__(self, index):
        rows = self._rows(index)
        items = [self.collection[int(row)] for row in rows]
        batch, masks, present = {}, {}, {}
        for name in self.modalities:
            values = [self._value(name, item, row) for item, row in zip(items, rows, strict=True)]
            present[name] = np.array([value is not None for value in values])
            if self.missing == "error" and not present[name].all():
                raise ValueError(f"The item {items[int(np.argmin(present[name]))].id!r} has no {name}.")
            if name == "audio":
                _check_rates(items, present[name])
            if name == "image":
                batch[name] = self._stacked(name, values)
            else:
                batch[name], masks[name] = self._padded(name, values)
        if masks:
            batch["mask"] = masks
        if self.missing == "zeros":
            batch["present"] = present
        if self.labels is None:
            return batch
        if callable(self.labels):
            return batch, _labels([self.labels(item) for item in items], len(items))
        return batch, self.labels[rows]

    def _value(self, name, item, row):
        """One item's modality as an array, None where it lacks it."""
        if not hasattr(item, FIELDS[name]):
            raise ValueError(f"Received: a collection of {type(item).__name__}. Allowed: items with .{FIELDS[name]}.")
        value = getattr(item, FIELDS[name])
        if name == "text":
            if not value:
                return None
            chosen = value[int(self._draw[row] * len(value))] if self.shuffle else value[0]
            return self.vocabulary.encode([chosen])[0]
        if value is None:
            return None
        value = np.asarray(value)
        if name in ("image", "video") and value.dtype != np.uint8:
            raise ValueError(f"Received: {name} of item {item.id!r}, of {value.dtype}. Allowed: uint8, 0 to 255.")
        if name == "audio":
            check_sound(value, f"the audio of item {item.id!r}")
            value = value.astype("float32", copy=False)
            value = value[:, None] if value.ndim == 1 else value
        if self.size is not None and name in ("image", "video"):
            from mmcourse.image import resize

            target = (self.size, self.size)
            value = resize(value, target) if name == "image" else np.stack([resize(frame, target) for frame in value])
        return value

    def _like(self, name, values):
        """(shape, dtype) that all of ``values`` have: of an image, or of one position of a sequence."""
        values = [value for value in values if value is not None] or [self._any(name)]
        shapes = {value.shape if name == "image" else value.shape[1:] for value in values}
        if len(shapes) > 1:
            cure = "; pass size=" if name in ("image", "video") else ""
            what = "Images" if name == "image" else f"Positions of {name}"
            raise ValueError(f"{what} of different shapes make no batch{cure}. Received: {sorted(shapes)}.")
        return shapes.pop(), values[0].dtype

    def _any(self, name):
        """The modality of the first item that has it, for a batch in which none does."""
        if name not in self._examples:
            values = (self._value(name, item, 0) for item in self.collection)
            self._examples[name] = next((value for value in values if value is not None), None)
        if self._examples[name] is None:
            raise ValueError(f"No item of the collection has {name}.")
        return self._examples[name]

    def _stacked(self, name, values):
        shape, dtype = self._like(name, values)
        return np.stack([np.zeros(shape, dtype) if value is None else value for value in values])

    def _padded(self, name, values):
        shape, dtype = self._like(name, values)
        known = [value for value in values if value is not None] or [self._any(name)]
        longest = self.length.get(name) or max(map(len, known))
        out, mask = np.zeros((len(values), longest, *shape), dtype), np.zeros((len(values), longest), bool)
        for row, value in enumerate(values):
            if value is not None:
                value = value[:longest]
                out[row, : len(value)], mask[row, : len(value)] = value, True
        return out, mask


def _labels(labels, n):
    """An array, one label an item; what is ragged, None or no array (a dict, one string) is refused."""
    try:
        array = np.asarray(labels)
    except ValueError:  # of several lengths
        array = np.empty(0, object)
    if array.dtype.kind not in "biuf" or not array.ndim:
        shown = " ".join(repr(labels).split())[:60]
        raise ValueError(f"Received: labels {shown}. Allowed: numbers of one shape, one an item; classes by number.")
    if len(array) != n:
        raise ValueError(f"Expected one label an item. Received: {len(array)} labels, {n} items.")
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError(f"Received: {int(np.isnan(array).sum())} labels that are NaN. Allowed: numbers.")
    return array


def _check_rates(items, present):
    """Sounds of one batch have one rate: a second of each is the same number of samples."""
    rates = {getattr(item, "rate", None): item.id for item, there in zip(items, present, strict=True) if there}
    if len(rates) > 1:
        named = ", ".join(f"{rate} ({name!r})" for rate, name in rates.items())
        raise ValueError(f"Sounds of different rates make no batch. Received: {named}. Read them at one rate.")
