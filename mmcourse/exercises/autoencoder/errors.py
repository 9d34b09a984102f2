"""Common errors of the page `autoencoder`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: operands could not be broadcast together with shapes",
        why="Two arrays meet whose shapes do not fit: compared from the last axis on, two lengths must be equal, or "
        "one of them 1. Print both shapes. What is said once for each item, `(b,)`, needs a second axis beside the "
        "items' numbers, `(b, d)`: `there[name][:, None]`.",
        code="""
import numpy as np
h = np.ones((3, 4))  # what the picture proposes for three items
there = np.array([True, False, True])
print(np.where(there, h, 0))
""",
        instead="""
import numpy as np
h = np.ones((3, 4))  # what the picture proposes for three items
there = np.array([True, False, True])
print(np.where(there[:, None], h, 0))
""",
    ),
    CommonError(
        shows="KeyError: 'image'",
        why="A dict was asked for the name `image`, and it has no such entry. Weights may leave a name out: "
        "`weights.get(name, 1)`. Elsewhere go through the names that are there, `for name in rebuilt`, rather than "
        "through names that you typed.",
        code="""
loss = {"image": 3.0, "text": 0.5}
weights = {"text": 20.0}  # the picture is left out, it weighs 1
print(sum(weights[name] * loss[name] for name in loss))
""",
        instead="""
loss = {"image": 3.0, "text": 0.5}
weights = {"text": 20.0}  # the picture is left out, it weighs 1
print(sum(weights.get(name, 1) * loss[name] for name in loss))
""",
    ),
    CommonError(
        shows="ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0",
        why="`a @ b` sums over the last axis of `a` and the last but one of `b` (of a vector its only one), which "
        "must be equally long. Pictures are flattened to rows of numbers first, `x.reshape(len(x), -1)`. A matrix "
        "that holds its directions in rows is transposed: `axes.T`.",
        code="""
import numpy as np
pictures = np.ones((5, 8, 8, 3))
widens = np.ones((192, 400))
print((pictures @ widens).shape)
""",
        instead="""
import numpy as np
pictures = np.ones((5, 8, 8, 3))
widens = np.ones((192, 400))
print((pictures.reshape(5, -1) @ widens).shape)
""",
    ),
    CommonError(
        shows="AttributeError: 'MultimodalAutoencoder' object has no attribute 'shapes'",
        why="The model learns the shapes of all modalities from the first whole batch, and none has come yet. Call it "
        "once with all of them, `model(few)`, or train it; then one half alone will do.",
        code="""
import numpy as np
from mmcourse.autoencoder import MultimodalAutoencoder
from mmcourse.backend import keras
few = {"image": np.ones((2, 6)), "text": np.ones((2, 6))}
parts = [{name: keras.layers.Dense(n) for name in few} for n in (4, 6)]
model = MultimodalAutoencoder(*parts, losses=dict.fromkeys(few, "squared"))
print(model.encode({"image": few["image"]}).shape)
""",
        instead="""
import numpy as np
from mmcourse.autoencoder import MultimodalAutoencoder
from mmcourse.backend import keras
few = {"image": np.ones((2, 6)), "text": np.ones((2, 6))}
parts = [{name: keras.layers.Dense(n) for name in few} for n in (4, 6)]
model = MultimodalAutoencoder(*parts, losses=dict.fromkeys(few, "squared"))
model(few)  # makes its weights
print(model.encode({"image": few["image"]}).shape)
""",
    ),
)
