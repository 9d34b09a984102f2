"""Common errors of the page `contrastive`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why=(
            "NumPy lines shapes up from the last axis, and lengths that meet must be equal, or one of them 1. A norm, "
            "a sum or a maximum of each row, `(n,)`, is no column: keep its axis by `keepdims=True`. To compare all "
            "with all, one side needs a new axis: `identity[:, None]`."
        ),
        code="""
import numpy as np
z = np.ones((5, 3))  # five vectors
unit = z / np.linalg.norm(z, axis=1)
""",
        instead="""
import numpy as np
z = np.ones((5, 3))  # five vectors
unit = z / np.linalg.norm(z, axis=1, keepdims=True)
""",
    ),
    CommonError(
        shows="AttributeError: 'str' object has no attribute 'T'",
        why=(
            "This is a name, not the array that stands under it. A `DualEncoder` returns a dict, and whoever unpacks "
            "a dict, or goes through it, gets its names: ask for the `.values()`."
        ),
        code="""
import numpy as np
found = {"image": np.eye(3), "text": np.eye(3)}  # what a DualEncoder returns
a, b = found
similar = b @ a.T
""",
        instead="""
import numpy as np
found = {"image": np.eye(3), "text": np.eye(3)}  # what a DualEncoder returns
a, b = found.values()
similar = b @ a.T
""",
    ),
    CommonError(
        shows="ValueError: Received: name='picture'",
        why=(
            "The modalities have the names under which `DualEncoder` got their encoders, here `image` and `text`. The "
            "same names stand in the dict of pairs and in `encode`."
        ),
        code="""
import numpy as np
from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE
encoders = {name: keras.layers.Dense(4) for name in ("image", "text")}
model = DualEncoder(encoders, InfoNCE())
model.encode("picture", np.ones((3, 8), "float32"))
""",
        instead="""
import numpy as np
from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE
encoders = {name: keras.layers.Dense(4) for name in ("image", "text")}
model = DualEncoder(encoders, InfoNCE())
model.encode("image", np.ones((3, 8), "float32"))
""",
    ),
    CommonError(
        shows="ValueError: Received: temperature=",
        why=(
            "Near zero a temperature lets one pair decide everything, so `InfoNCE` begins at 0.01 or above. What it "
            "takes is τ itself, not its logarithm."
        ),
        code="""
from mmcourse.contrastive import InfoNCE
loss = InfoNCE(temperature=0.005)
""",
        instead="""
from mmcourse.contrastive import InfoNCE
loss = InfoNCE(temperature=0.01)
""",
    ),
)
