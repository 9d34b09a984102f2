"""Common errors of the page `missing`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why=(
            "NumPy lines shapes up from the last axis, and lengths that meet must be equal, or one of them 1. A count "
            "for each sample, `(n,)`, is no column: keep its axis by `keepdims=True`. And `present`, `(n, m)`, needs a "
            "third axis beside vectors `(n, m, d)`: `present[:, :, None]`."
        ),
        code="""
import numpy as np
kept = np.ones((5, 3, 2))  # (samples, modalities, d)
present = np.ones((5, 3), bool)
mean = kept.sum(axis=1) / present.sum(axis=1)
""",
        instead="""
import numpy as np
kept = np.ones((5, 3, 2))  # (samples, modalities, d)
present = np.ones((5, 3), bool)
mean = kept.sum(axis=1) / present.sum(axis=1, keepdims=True)
""",
    ),
    CommonError(
        shows="TypeError: numpy boolean subtract",
        why=(
            "True and False are not subtracted but joined: “this and not that” is `this & ~that`. To count, take "
            "`.sum()` of each first."
        ),
        code="""
import numpy as np
present = np.array([[True, True], [True, False]])
marked = np.array([[True, False], [False, False]])
stays = present - marked
""",
        instead="""
import numpy as np
present = np.array([[True, True], [True, False]])
marked = np.array([[True, False], [False, False]])
stays = present & ~marked
""",
    ),
    CommonError(
        shows="ValueError: Received: values for",
        why=(
            "`fill` takes values under the names that the batch has: the words are `text`, the face is `image`. A name "
            "that it does not know would fill nothing."
        ),
        code="""
import numpy as np
from mmcourse.missing import fill
gone = {"text": np.ones((2, 3)), "image": np.zeros((2, 4))}
gone["present"] = {"image": np.zeros(2, bool)}
fill(gone, {"face": np.ones(4)})
""",
        instead="""
import numpy as np
from mmcourse.missing import fill
gone = {"text": np.ones((2, 3)), "image": np.zeros((2, 4))}
gone["present"] = {"image": np.zeros(2, bool)}
fill(gone, {"image": np.ones(4)})
""",
    ),
)
