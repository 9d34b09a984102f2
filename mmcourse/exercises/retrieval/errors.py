"""Common errors of the page `retrieval`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: operands could not be broadcast together with shapes",
        why="Two arrays meet whose shapes do not fit: compared from the last axis on, two lengths must be equal, or "
        "one of them 1. Print both shapes. To compare each with each, one of the two gets a new axis: `owner[:, None] "
        "== np.arange(n)`. The best of each row stays beside its row with `keepdims=True`.",
        code="""
import numpy as np
owner = np.repeat(np.arange(4), 5)  # the picture of each of 20 captions
right = owner == np.arange(4)
""",
        instead="""
import numpy as np
owner = np.repeat(np.arange(4), 5)  # the picture of each of 20 captions
right = owner[:, None] == np.arange(4)
""",
    ),
    CommonError(
        shows="ValueError: Received: positives of shape",
        why="The map of right answers is bool and has the very shape of the table of similarities: queries down, "
        "items across. For the other direction both are transposed, `ranks(s.T, right.T)`; numbers become a map by a "
        "comparison, such as `owner[:, None] == np.arange(n)`.",
        code="""
import numpy as np
from mmcourse.metrics import ranks
owner = np.repeat(np.arange(4), 5)  # the picture of each of 20 captions
right = owner[:, None] == np.arange(4)  # captions ask
s = np.random.default_rng(0).normal(size=(20, 4))
print(ranks(s.T, right))
""",
        instead="""
import numpy as np
from mmcourse.metrics import ranks
owner = np.repeat(np.arange(4), 5)  # the picture of each of 20 captions
right = owner[:, None] == np.arange(4)  # captions ask
s = np.random.default_rng(0).normal(size=(20, 4))
print(ranks(s.T, right.T))
""",
    ),
    CommonError(
        shows="IndexError: is out of bounds for axis 1 with size",
        why="A place along the second axis does not exist: among t columns the last one is t - 1. A row of three "
        "words has its last word at place 2, one less than their number. See also whether rows and columns are "
        "exchanged.",
        code="""
import numpy as np
tokens = np.array([[4, 7, 5], [6, 0, 0]])
states = np.zeros((2, 3, 8))
count = (tokens != 0).sum(axis=1)
print(states[np.arange(2), count].shape)
""",
        instead="""
import numpy as np
tokens = np.array([[4, 7, 5], [6, 0, 0]])
states = np.zeros((2, 3, 8))
count = (tokens != 0).sum(axis=1)
print(states[np.arange(2), count - 1].shape)
""",
    ),
)
