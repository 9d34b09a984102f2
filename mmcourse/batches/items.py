"""Items of any collection, every modality of them, as batches."""

import numpy as np

from mmcourse._machinery.order import Batches
from mmcourse._machinery.sounds import check_sound

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
        labels: None, an array ``(n, ...)``, or a function of an item, such as ``lambda item: item.label``.
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
        super().__init__(len(collection), batch_size, shuffle, seed, **kwargs)
        modalities = (modalities,) if isinstance(modalities, str) else tuple(modalities)
        length = dict(length or {})
        unknown = [name for name in (*modalities, *length) if name not in FIELDS]
        if unknown or not modalities:
            raise ValueError(f"Received: {unknown[0] if unknown else modalities!r}. Allowed: {', '.join(FIELDS)}.")
        if any(isinstance(many, bool) or not hasattr(many, "__index__") or many < 1 for many in length.values()):
            raise ValueError(f"Received: length={length}. Allowed: whole numbers from 1.")
        if missing not in ("error", "zeros"):
            raise ValueError(f"Received: missing={missing!r}. Allowed: error, zeros.")
        if "text" in modalities and vocabulary is None:
            raise ValueError("Text becomes tokens by a vocabulary. Received: vocabulary=None. Allowed: a Vocabulary.")
        if labels is not None and not callable(labels) and len(labels) != len(collection):
            raise ValueError(f"Expected one label an item. Received: {len(labels)} labels, {len(collection)} items.")
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
            return batch, np.stack([np.asarray(self.labels(item)) for item in items])
        return batch, np.asarray(self.labels)[rows]

    def _value(self, name, item, row):
        """One item's modality as an array, None where it lacks it."""
        value = getattr(item, FIELDS[name])
        if name == "text":
            if not value:
                return None
            chosen = value[int(self._draw[row] * len(value))] if self.shuffle else value[0]
            return self.vocabulary.encode([chosen])[0]
        if value is None:
            return None
        value = np.asarray(value)
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


def _check_rates(items, present):
    """Sounds of one batch have one rate: a second of each is the same number of samples."""
    rates = {getattr(item, "rate", None): item.id for item, there in zip(items, present, strict=True) if there}
    if len(rates) > 1:
        named = ", ".join(f"{rate} ({name!r})" for rate, name in rates.items())
        raise ValueError(f"Sounds of different rates make no batch. Received: {named}. Read them at one rate.")
