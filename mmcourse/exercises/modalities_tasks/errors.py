"""Common errors of the page `modalities_tasks`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: The truth value of an array with more than one element is ambiguous",
        why=(
            "`if`, `and`, `or`, `not`, `in` and Python's own `max` want one yes or no, and a comparison with a whole "
            "array gives one for each entry. Compare one entry, `dev_scores[k]`, or ask for the places, "
            "`np.flatnonzero(...)`. Whole arrays take `&`, `|` and `~`, each comparison in parentheses."
        ),
        code="""
import numpy as np
dev_scores = np.array([0.61, 0.64, 0.64])
best = []
for k in range(3):
    if dev_scores == dev_scores.max():
        best.append(k)
""",
        instead="""
import numpy as np
dev_scores = np.array([0.61, 0.64, 0.64])
best = []
for k in range(3):
    if dev_scores[k] == dev_scores.max():
        best.append(k)
""",
    ),
    CommonError(
        shows="IndexError: arrays used as indices must be of integer (or boolean) type",
        why=(
            "Places between square brackets are whole numbers, or True and False; this array holds floats. Labels "
            'become floats by `astype("float32")`, which only a regression needs. Look at `.dtype`: labels go back by '
            "`.astype(int)`; scores and logits are values, not places."
        ),
        code="""
import numpy as np
y = np.array([0, 3, 1]).astype("float32")  # as for the squared error
one_hot = np.eye(5)[y]
""",
        instead="""
import numpy as np
y = np.array([0, 3, 1]).astype("float32")  # as for the squared error
one_hot = np.eye(5)[y.astype(int)]
""",
    ),
    CommonError(
        shows="IndexError: out of bounds for axis",
        why=(
            "The message names a place, an axis and its length. Places and classes are counted from 0, so the last is "
            "one less than the length. Labels that are counted from 1 need a `- 1`."
        ),
        code="""
import numpy as np
log_p = np.log(np.full((3, 5), 0.2))  # five classes
y = np.array([1, 5, 2])  # counted from 1
loss = -log_p[np.arange(3), y].mean()
""",
        instead="""
import numpy as np
log_p = np.log(np.full((3, 5), 0.2))  # five classes
y = np.array([1, 5, 2]) - 1  # counted from 0
loss = -log_p[np.arange(3), y].mean()
""",
    ),
    CommonError(
        shows="ValueError: must have the same shape. Received: target.shape",
        why=(
            "This loss compares entry by entry: it wants one target for each output. Six colours take a head with six "
            "outputs, and targets `(n, 6)`. Class numbers, `(n,)`, go to `SparseCategoricalCrossentropy`."
        ),
        code="""
import numpy as np
from mmcourse.backend import keras
each = keras.losses.BinaryCrossentropy(from_logits=True)
target = np.zeros((3, 6), "float32")  # six colours
logits = np.zeros((3, 5), "float32")  # five outputs, as for the shapes
each(target, logits)
""",
        instead="""
import numpy as np
from mmcourse.backend import keras
each = keras.losses.BinaryCrossentropy(from_logits=True)
target = np.zeros((3, 6), "float32")  # six colours
logits = np.zeros((3, 6), "float32")  # six outputs
each(target, logits)
""",
    ),
)
