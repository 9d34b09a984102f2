"""Common errors of the page `attention`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0",
        why=(
            "`a @ b` sums over the last axis of `a` and the last but one of `b` (the only one of a vector): these must "
            "be equally long. Queries and keys are compared along their last axis both: turn the keys, `K.T`. In a "
            "batch turn the last two axes alone, `K.swapaxes(-1, -2)`: `.T` turns all."
        ),
        code="""
import numpy as np
Q, K = np.ones((2, 6)), np.ones((16, 6))  # queries, keys
scores = Q @ K / np.sqrt(6)
""",
        instead="""
import numpy as np
Q, K = np.ones((2, 6)), np.ones((16, 6))  # queries, keys
scores = Q @ K.T / np.sqrt(6)
""",
    ),
    CommonError(
        shows="IndexError: boolean index did not match indexed array along",
        why=(
            "A mask between square brackets stands for the first axes of the array, and must be as long as these. "
            "`keep` says something of the keys, which are the second axis of the scores `(n, m)`: `scores[:, ~keep]`."
        ),
        code="""
import numpy as np
scores = np.zeros((2, 5))  # (queries, keys)
keep = np.array([True, True, True, False, False])
scores[~keep] = -np.inf
""",
        instead="""
import numpy as np
scores = np.zeros((2, 5))  # (queries, keys)
keep = np.array([True, True, True, False, False])
scores[:, ~keep] = -np.inf
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why=(
            "NumPy lines shapes up from the last axis, and lengths that meet must be equal, or one of them 1. A "
            "maximum, a sum or a reward for each query, `(n,)`, meets the keys of `(n, m)` that way: keep its axis "
            "by `keepdims=True`, or add one, `reward[:, None]`."
        ),
        code="""
import numpy as np
s = np.zeros((2, 5))  # (queries, keys)
e = np.exp(s - s.max(axis=-1))
""",
        instead="""
import numpy as np
s = np.zeros((2, 5))  # (queries, keys)
e = np.exp(s - s.max(axis=-1, keepdims=True))
""",
    ),
    CommonError(
        shows="ValueError: Received: query of shape",
        why=(
            "The layer takes a batch, `(batch, positions, size)`. One sentence alone is a batch of one: `x[None]`. "
            "One vector for each sample has no positions, and so nothing to choose among."
        ),
        code="""
import numpy as np
from mmcourse.attention import MultiHeadAttention
words = np.ones((5, 8), "float32")  # of one sentence
MultiHeadAttention(units=8, heads=2, seed=0)(words, words)
""",
        instead="""
import numpy as np
from mmcourse.attention import MultiHeadAttention
words = np.ones((1, 5, 8), "float32")  # of one sentence
MultiHeadAttention(units=8, heads=2, seed=0)(words, words)
""",
    ),
)
