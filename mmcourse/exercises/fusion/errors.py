"""Common errors of the page `fusion`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: Received: inputs=",
        why=(
            "A fusion layer takes a dict with exactly the modalities of its first call, under the same names. One that "
            "is missing stays in the dict, whatever stands there, and `present` says which items have it."
        ),
        code="""
import numpy as np
from mmcourse import fusion
z = {"voice": np.ones((5, 3)), "words": np.ones((5, 4))}
layer = fusion.MeanFusion(2, seed=0)
layer(z)
layer({"words": z["words"]})  # without the voice
""",
        instead="""
import numpy as np
from mmcourse import fusion
z = {"voice": np.ones((5, 3)), "words": np.ones((5, 4))}
layer = fusion.MeanFusion(2, seed=0)
layer(z)
layer(z, present={"voice": np.zeros(5, bool)})  # without the voice
""",
    ),
    CommonError(
        shows="ValueError: all the input arrays must have same number of dimensions",
        why=(
            "Arrays that are joined must have equally many axes. `np.ones(n)` has one; a column that stands beside a "
            "matrix has two, `np.ones((n, 1))`."
        ),
        code="""
import numpy as np
z1 = np.zeros((5, 3))
one = np.ones(len(z1))
np.hstack([z1, one])
""",
        instead="""
import numpy as np
z1 = np.zeros((5, 3))
one = np.ones((len(z1), 1))
np.hstack([z1, one])
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together with remapped shapes",
        why=(
            "The message shows each array's shape, and behind it how it was lined up; lengths that meet there must be "
            "equal, or one of them 1. In `np.einsum` that means: a letter has one length wherever it stands. A factor "
            "of low-rank fusion has a row more than the vector has numbers: append the 1 to the vector first."
        ),
        code="""
import numpy as np
z1 = np.zeros((5, 3))
W1 = np.zeros((2, 4, 6))  # (K, p + 1, d)
np.einsum("np,kpd->nkd", z1, W1)
""",
        instead="""
import numpy as np
z1 = np.hstack([np.zeros((5, 3)), np.ones((5, 1))])
W1 = np.zeros((2, 4, 6))  # (K, p + 1, d)
np.einsum("np,kpd->nkd", z1, W1)
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together with shapes",
        why=(
            "NumPy lines shapes up from the last axis, and lengths that meet must be equal, or one of them 1. What is "
            "said of each modality, `(n, m)`, needs a last axis of length 1 beside vectors `(n, m, d)`: "
            "`weights[:, :, None]`. Vectors of different sizes cannot be added: bring them to one size by a matrix."
        ),
        code="""
import numpy as np
h = np.zeros((5, 3, 2))  # (items, modalities, d)
weights = np.full((5, 3), 1 / 3)
z = (weights * h).sum(axis=1)
""",
        instead="""
import numpy as np
h = np.zeros((5, 3, 2))  # (items, modalities, d)
weights = np.full((5, 3), 1 / 3)
z = (weights[:, :, None] * h).sum(axis=1)
""",
    ),
)
