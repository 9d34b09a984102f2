"""Common errors of the page `cross_attention`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: operands could not be broadcast together with shapes",
        why="Two arrays meet whose shapes do not fit: compared from the last axis on, two lengths must be equal, or "
        "one of them 1. Print both shapes. A mask of regions `(m,)` lies along the last axis of scores `(n, m)`: "
        "`real[None, :]`. The largest number of each row stays beside its row with `keepdims=True`.",
        code="""
import numpy as np
scores = np.zeros((5, 3))  # five words, three regions
real = np.array([True, True, False])  # which regions are there
print(np.where(real[:, None], scores, -1e9))
""",
        instead="""
import numpy as np
scores = np.zeros((5, 3))  # five words, three regions
real = np.array([True, True, False])  # which regions are there
print(np.where(real[None, :], scores, -1e9))
""",
    ),
    CommonError(
        shows="ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0",
        why="`a @ b` sums over the last axis of `a` and the last but one of `b` (of a vector its only one), which "
        "must be equally long. Keys are transposed, `K.T`. For `[h; z] W` the two stand side by side, so that each "
        "row has the numbers of both: `np.hstack([X, z])` is `(n, 2 d)`.",
        code="""
import numpy as np
X, z = np.ones((5, 8)), np.ones((5, 8))  # words, and what they found
W = np.ones((16, 4))
print((np.vstack([X, z]) @ W).shape)
""",
        instead="""
import numpy as np
X, z = np.ones((5, 8)), np.ones((5, 8))  # words, and what they found
W = np.ones((16, 4))
print((np.hstack([X, z]) @ W).shape)
""",
    ),
    CommonError(
        shows="ValueError: Received: weights of shape",
        why="`pointing` and `attention_mass` take two tables of the same shape: a row for each phrase, a column for "
        "each cell. Maps `(p, 8, 8)` become rows by `reshape(len(x), -1)`, weights and right cells alike.",
        code="""
import numpy as np
from mmcourse.metrics import pointing
weights = np.full((2, 8, 8), 1 / 64)  # two phrases look everywhere alike
right = np.zeros((2, 8, 8), bool)
right[:, 0, 0] = True
print(pointing(weights, right))
""",
        instead="""
import numpy as np
from mmcourse.metrics import pointing
weights = np.full((2, 8, 8), 1 / 64)  # two phrases look everywhere alike
right = np.zeros((2, 8, 8), bool)
right[:, 0, 0] = True
print(pointing(weights.reshape(2, -1), right.reshape(2, -1)))
""",
    ),
)
