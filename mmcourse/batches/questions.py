"""Features of images with questions about them."""

import numpy as np

from mmcourse._machinery.checks import check_integers, check_shapes, dtype_of
from mmcourse._machinery.order import Batches


class QuestionBatches(Batches):
    """Questions with the cached features of their images: a batch is ``({"image", "text"}, answers)``.

    - ``image`` float32 ``(b, m, d)``: the features of each question's image (several questions share one: it is stored
      once);
    - ``text`` int32 ``(b, L)``: the question's tokens, 0 where it has ended;
    - ``program`` int32 ``(b, T)``: the question's program as numbers, where there are programs;
    - ``answers`` int32 ``(b,)``; without answers a batch is the dict alone.

    Args:
        features: ``(n, m, d)``, or a grid ``(n, h, w, d)`` (taken row by row), an array or memory map of floats.
        sources: int ``(q,)``: which image each question is about.
        tokens: int ``(q, L)``. answers: int ``(q,)`` or None. programs: int ``(q, T)`` or None.
        batch_size: questions in a batch.
        shuffle: another order every epoch. seed: of the order.
    Raises ValueError for shapes that do not belong together, and for sources of images that there are not.
    """

    def __init__(
        self, features, sources, tokens, answers=None, programs=None, batch_size=64, shuffle=False, seed=0, **kwargs
    ):
        if not hasattr(features, "shape") or len(features.shape) not in (3, 4) or "float" not in dtype_of(features):
            what = f"shape {tuple(features.shape)}" if hasattr(features, "shape") else f"a {type(features).__name__}"
            raise ValueError(f"Received: features, {what}. Allowed: floats (n, m, d) or (n, h, w, d).")
        check_integers(sources=(sources, "q"), tokens=(tokens, "q L"))
        check_shapes(sources=(sources, "q"), tokens=(tokens, "q L"), answers=(answers, "q"), programs=(programs, "q T"))
        for name, x in {"answers": answers, "programs": programs}.items():
            if x is not None:
                check_integers(**{name: (x, "q" if name == "answers" else "q T")})
        self.features, self.sources, self.tokens = features, np.asarray(sources), np.asarray(tokens, "int32")
        self.answers = None if answers is None else np.asarray(answers, "int32")
        self.programs = None if programs is None else np.asarray(programs, "int32")
        if self.sources.size and self.sources.max() >= len(features):
            raise ValueError(f"Received: sources up to {self.sources.max()}. Allowed: below {len(features)}, images.")
        super().__init__(len(self.sources), batch_size, shuffle, seed, **kwargs)

    def __getitem__(self, index):
        rows = self._rows(index)
        images, back = np.unique(self.sources[rows], return_inverse=True)  # a memory map is read in order
        taken = np.asarray(self.features[images]).astype("float32")[back]
        batch = {"image": taken.reshape(len(rows), -1, taken.shape[-1]), "text": self.tokens[rows]}
        if self.programs is not None:
            batch["program"] = self.programs[rows]
        return batch if self.answers is None else (batch, self.answers[rows])
