"""Features of images with the tokens of their captions, for teacher forcing."""

import numpy as np

from mmcourse._machinery.checks import dtype_of
from mmcourse._machinery.order import Batches


class CaptionBatches(Batches):
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
        if tokens.size and tokens.min() < 0:
            raise ValueError(f"Received: tokens with {tokens.min()}. Allowed: ids from 0, 0 = padding.")
        for name, x in (("features", features), ("mirrored", mirrored)):
            if not (name == "mirrored" and x is None) and (not hasattr(x, "shape") or "str" in dtype_of(x)):
                raise ValueError(f"Received: {name}, a {type(x).__name__}. Allowed: an array or memory map of numbers.")
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
            place = int(np.argmin(real.any(axis=1)))
            raise ValueError(f"Received: image {place} without a caption. Allowed: one or more that are no padding.")
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
