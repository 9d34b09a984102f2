"""Items and arrays -> batches, as `keras.utils.PyDataset`: dicts of NumPy arrays that any backend takes.

A dataset holds no copy of its data: a batch is cut out when it is asked for, from arrays, from memory maps of cached
features (float16 on disk, float32 in the batch), or from a collection whose images are made or read at that moment. So
memory does not grow with the number of items. Order is a pure function of (seed, epoch): the same run again sees the
same batches, and every epoch another order. The last batch is smaller when the number does not divide.
"""

import math

import numpy as np

from mmcourse.quiet import keras


class _Batches(keras.utils.PyDataset):
    """What all share: how many batches, in which order, and whose turn it is."""

    def __init__(self, n, batch_size, shuffle, seed, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
            raise ValueError(f"Received: batch_size={batch_size!r}. Allowed: a whole number from 1.")
        if n < 1:
            raise ValueError("There is nothing to make batches of. Received: 0 items.")
        self.n, self.batch_size, self.shuffle, self.seed = n, int(batch_size), bool(shuffle), seed
        self.epoch = 0

    @property
    def epoch(self):
        """Number of the epoch whose order holds now. It may be set, by a run that goes on where another stopped."""
        return self._epoch

    @epoch.setter
    def epoch(self, number):
        self._epoch = number
        self._begin()

    def _begin(self):
        self._order = np.arange(self.n)
        if self.shuffle:
            self._order = np.random.default_rng((self.seed, self.epoch)).permutation(self.n)

    @property
    def num_batches(self):
        """How many batches an epoch has; the last may be smaller."""
        return math.ceil(self.n / self.batch_size)

    def __len__(self):
        return self.num_batches

    def on_epoch_end(self):
        """Keras calls this after every epoch, and once more before the first: the next one has another order."""
        self.epoch += 1

    def _rows(self, index):
        if not 0 <= index < self.num_batches:
            raise IndexError(f"Received: index={index}. Allowed: 0 to {self.num_batches - 1}.")
        return self._order[index * self.batch_size : (index + 1) * self.batch_size]


class ImageBatches(_Batches):
    """The images of a collection, streamed: each is made or read when its batch is asked for.

    A batch is ``{"image": uint8 (b, h, w, 3)}``; with ``labels`` (an array with one row an item, or a function from an
    item to its label) it is ``({"image": ...}, labels (b, ...))``.

    Args:
        collection: items with ``.id`` and ``.image``, all of one shape, or of any with ``size``.
        batch_size: images in a batch.
        labels: None, an array ``(n, ...)``, or a function of an item.
        size: side to which images are resized (squashed), or None: as they are.
        shuffle: another order every epoch. seed: of that order.

    Raises ValueError for an item without an image, naming its id, and for images of different shapes.
    """

    def __init__(self, collection, batch_size=64, labels=None, size=None, shuffle=False, seed=0, **kwargs):
        super().__init__(len(collection), batch_size, shuffle, seed, **kwargs)
        if labels is not None and not callable(labels) and len(labels) != len(collection):
            raise ValueError(f"Expected one label an item. Received: {len(labels)} labels, {len(collection)} items.")
        self.collection, self.labels, self.size = collection, labels, size

    def __getitem__(self, index):
        rows = self._rows(index)
        items = [self.collection[int(row)] for row in rows]
        blind = [item.id for item in items if item.image is None]
        if blind:
            raise ValueError(f"The item {blind[0]!r} has no image.")
        images = [np.asarray(item.image) for item in items]
        if self.size is not None:
            from mmcourse.image import resize

            images = [resize(image, (self.size, self.size)) for image in images]
        if len({image.shape for image in images}) > 1:
            shapes = sorted({image.shape for image in images})
            raise ValueError(f"Images of different shapes make no batch; pass size=. Received: {shapes}.")
        batch = {"image": np.stack(images)}
        if self.labels is None:
            return batch
        if callable(self.labels):
            return batch, np.stack([np.asarray(self.labels(item)) for item in items])
        return batch, np.asarray(self.labels[rows])


class CaptionBatches(_Batches):
    """Images' features with their captions, for teacher forcing: a batch is ``({"image", "tokens"}, targets)``.

    - ``image`` float32 ``(b, m, d)``: the features of the captions' images;
    - ``tokens`` int32 ``(b, L - 1)``: a caption without its last place (what the decoder has read so far);
    - ``targets`` int32 ``(b, L - 1)``: the same caption without its first (the token that comes next). Pads are 0.

    Args:
        features: ``(n, m, d)``, or a grid ``(n, h, w, d)`` (taken row by row), an array or memory map of floats.
        tokens: int ``(n, k, L)``: ``k`` captions an image, each start ... end pad; or ``(n, L)``.
        batch_size: captions in a batch.
        captions: "one" draws one of an image's captions at random each epoch (an epoch sees every image once); "all"
            goes through every pair of image and caption.
        shuffle: another order every epoch. seed: of the order, and of the draw.
        mirrored: features of the mirrored images, like ``features``, or None. With them each pair gets one or the
            other, with equal chances. A caption that says left or right is then wrong of half of them.
    Raises ValueError for shapes that do not belong together.

    Captions that hold no token at all (padding, where images have different numbers of captions) are never drawn.
    """

    def __init__(
        self,
        features,
        tokens,
        batch_size=64,
        captions="one",
        shuffle=True,
        seed=0,
        mirrored=None,
        **kwargs,
    ):
        if captions not in ("one", "all"):
            raise ValueError(f"Received: captions={captions!r}. Allowed: one, all.")
        tokens = np.asarray(tokens)
        tokens = tokens[:, None] if tokens.ndim == 2 else tokens
        if tokens.ndim != 3 or tokens.dtype.kind not in "iu" or tokens.shape[-1] < 2:
            raise ValueError(
                "Expected integer tokens of shape (n, captions, L) or (n, L), L at least 2. "
                f"Received: tokens.shape={tokens.shape}, type {tokens.dtype}."
            )
        if len(features.shape) not in (3, 4) or len(features) != len(tokens):
            raise ValueError(
                f"Expected features of shape (n, m, d) or (n, h, w, d) with n = {len(tokens)}, as many as tokens has. "
                f"Received: features.shape={tuple(features.shape)}."
            )
        if mirrored is not None and mirrored.shape != features.shape:
            raise ValueError(
                f"Expected mirrored.shape={tuple(features.shape)}. Received: mirrored.shape={tuple(mirrored.shape)}."
            )
        self.features, self.mirrored, self.tokens, self.captions = features, mirrored, tokens, captions
        real = (tokens != 0).any(axis=-1)  # (n, k)
        if not real.any(axis=1).all():
            raise ValueError(f"Image {int(np.argmin(real.any(axis=1)))} has no caption.")
        self._pairs = np.argwhere(real)  # (pairs, 2): image, caption
        self._first = np.cumsum(real.sum(axis=1)) - real.sum(axis=1)  # where an image's pairs begin
        self._many = real.sum(axis=1)
        super().__init__(len(tokens) if captions == "one" else len(self._pairs), batch_size, shuffle, seed, **kwargs)

    def _begin(self):
        super()._begin()
        random = np.random.default_rng((self.seed, self.epoch, 1))
        if self.captions == "one":
            self._now = self._pairs[self._first + random.integers(0, self._many)]  # (n, 2)
        else:
            self._now = self._pairs
        self._flip = random.random(self.n) < 0.5 if self.mirrored is not None else None

    def __getitem__(self, index):
        rows = self._rows(index)
        images, captions = self._now[rows].T
        features = self._take(self.features, images)
        if self._flip is not None:
            flip = self._flip[rows]
            features[flip] = self._take(self.mirrored, images[flip])
        tokens = self.tokens[images, captions].astype("int32")  # (b, L)
        return {"image": features, "tokens": tokens[:, :-1]}, tokens[:, 1:]

    @staticmethod
    def _take(features, images):
        sorted_images, back = np.unique(images, return_inverse=True)  # a memory map is read in order
        taken = np.asarray(features[sorted_images]).astype("float32")[back]
        return taken.reshape(len(images), -1, taken.shape[-1])  # (b, m, d)
