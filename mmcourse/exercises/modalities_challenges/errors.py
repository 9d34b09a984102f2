"""Common errors of the page `modalities_challenges`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: has a mismatch in its core dimension",
        why="In a product `(n, d) @ (d, m)` the two inner lengths must be equal. Vectors of two modalities have no "
        "product until one is mapped into the space of the other; and of two tables of rows one is transposed, `q @ "
        "x.T`.",
        code="""
import numpy as np

pictures, texts = np.ones((5, 128)), np.ones((5, 64))
similar = pictures @ texts.T
""",
        instead="""
import numpy as np

pictures, texts = np.ones((5, 128)), np.ones((5, 64))
W = np.ones((128, 64))  # the bridge
similar = (pictures @ W) @ texts.T
""",
    ),
    CommonError(
        shows="LinAlgError: Last 2 dimensions of the array must be square",
        why="Wanted is a matrix with as many rows as columns, such as `x.T @ x`. The table `x` has a row for each "
        "pair. To `x.T @ x` belongs `x.T @ z` on the other side.",
        code="""
import numpy as np

x, z = np.ones((9, 4)), np.ones((9, 2))
W = np.linalg.solve(x, z)
""",
        instead="""
import numpy as np

x, z = np.ones((9, 4)), np.ones((9, 2))
W = np.linalg.solve(x.T @ x + 0.1 * np.eye(4), x.T @ z)
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why="Two arrays have shapes that do not fit. `x.T @ x` has a row for each feature, not for each pair, and so "
        "has `np.eye(x.shape[1])`. To divide rows by their lengths, keep the axis: `keepdims=True`.",
        code="""
import numpy as np

x = np.ones((9, 4))  # nine pairs, four features
left = x.T @ x + 0.1 * np.eye(len(x))
""",
        instead="""
import numpy as np

x = np.ones((9, 4))  # nine pairs, four features
left = x.T @ x + 0.1 * np.eye(x.shape[1])
""",
    ),
)
