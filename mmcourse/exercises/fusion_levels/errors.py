"""Common errors of the page `fusion_levels`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: all the input array dimensions except for the concatenation axis",
        why=(
            "Concatenation stretches nothing: every axis but the one along which arrays are joined must be equally "
            "long in all, and a length of 1 is no exception. Bring the vector to every cell first, by "
            "`np.broadcast_to`, or pool the map to one vector. And look at `axis`: features are joined along the last."
        ),
        code="""
import numpy as np
grid = np.zeros((4, 3, 3, 8))  # (n, h, w, d)
vector = np.ones((4, 2))  # (n, c)
everywhere = vector[:, None, None, :]
np.concatenate([grid, everywhere], axis=-1)
""",
        instead="""
import numpy as np
grid = np.zeros((4, 3, 3, 8))  # (n, h, w, d)
vector = np.ones((4, 2))  # (n, c)
everywhere = np.broadcast_to(vector[:, None, None, :], (4, 3, 3, 2))
np.concatenate([grid, everywhere], axis=-1)
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why=(
            "NumPy lines shapes up from the last axis, and lengths that meet must be equal, or one of them 1. An array "
            "that lacks an axis gets one of length 1 where it belongs: a mask `there` `(m, n)` beside logits `(m, n, "
            "k)` becomes `there[:, :, None]`, a vector for each item beside maps `vector[:, None, None]`."
        ),
        code="""
import numpy as np
logits = np.zeros((2, 5, 3))  # (modalities, items, classes)
there = np.ones((2, 5), bool)
known = np.where(there, logits, 0)
""",
        instead="""
import numpy as np
logits = np.zeros((2, 5, 3))  # (modalities, items, classes)
there = np.ones((2, 5), bool)
known = np.where(there[:, :, None], logits, 0)
""",
    ),
    CommonError(
        shows="ValueError: Received: outputs=1. Allowed: two classes or more",
        why=(
            "The decision level joins probabilities, and the softmax of a single number is always 1. Give a label of "
            "yes and no two outputs, one for each class."
        ),
        code="""
from mmcourse.backend import keras
from mmcourse.fusion.levels import DecisionLevel
encoders = {name: keras.layers.Dense(8) for name in ("text", "audio")}
late = DecisionLevel(encoders, 1)
""",
        instead="""
from mmcourse.backend import keras
from mmcourse.fusion.levels import DecisionLevel
encoders = {name: keras.layers.Dense(8) for name in ("text", "audio")}
late = DecisionLevel(encoders, 2)
""",
    ),
)
