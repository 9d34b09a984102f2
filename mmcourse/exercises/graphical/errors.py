"""Common errors of the page `graphical`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: rows that are no distribution",
        why=(
            "A table's axes are the parents in their order and, last, the variable itself; along the last axis the "
            "numbers are 0 or more and sum to one. If your columns do, turn the table, `.T`. If it holds counts, "
            "divide them by `counts.sum(axis=-1, keepdims=True)`."
        ),
        code="""
import numpy as np
from mmcourse.graphical import BayesianNetwork
network = BayesianNetwork({"label": 2, "words": 2}, {"words": ("label",)})
words = np.array([[0.7, 0.4], [0.3, 0.6]])  # a column for each label
network.with_tables({"label": np.array([0.5, 0.5]), "words": words})
""",
        instead="""
import numpy as np
from mmcourse.graphical import BayesianNetwork
network = BayesianNetwork({"label": 2, "words": 2}, {"words": ("label",)})
words = np.array([[0.7, 0.3], [0.4, 0.6]])  # a row for each label
network.with_tables({"label": np.array([0.5, 0.5]), "words": words})
""",
    ),
    CommonError(
        shows="ValueError: with other values. Allowed: 0 to",
        why=(
            "A variable of k values has the values 0 to k - 1, and -1 stands for missing. Values that are counted from "
            "1 need a `- 1`; if there are more of them than you said, change `states`."
        ),
        code="""
import numpy as np
from mmcourse.graphical import BayesianNetwork
data = {"label": np.array([1, 2, 2]), "voice": np.array([1, 1, 2])}
BayesianNetwork.naive("label", {"label": 2, "voice": 2}).fit(data)
""",
        instead="""
import numpy as np
from mmcourse.graphical import BayesianNetwork
data = {"label": np.array([0, 1, 1]), "voice": np.array([0, 0, 1])}
BayesianNetwork.naive("label", {"label": 2, "voice": 2}).fit(data)
""",
    ),
    CommonError(
        shows="ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0",
        why=(
            "`a @ b` sums over the last axis of `a` and the last but one of `b` (the only one of a vector): these must "
            "be equally long. `tone` has a row for each label and a column for each tone, so what has a number for "
            "each tone stands on its right."
        ),
        code="""
import numpy as np
tone = np.full((2, 3), 1 / 3)  # rows: labels, columns: tones
seen = np.array([0.81, 0.09, 0.01])  # a number for each tone
seen @ tone
""",
        instead="""
import numpy as np
tone = np.full((2, 3), 1 / 3)  # rows: labels, columns: tones
seen = np.array([0.81, 0.09, 0.01])  # a number for each tone
tone @ seen
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why=(
            "NumPy lines shapes up from the last axis, and lengths that meet must be equal, or one of them 1. A table "
            "that is indexed by decisions, `table[:, seen]`, has a row for each label and a column for each item: turn "
            "it, `.T`, where its partner has a row for each item."
        ),
        code="""
import numpy as np
table = np.array([[0.9, 0.1], [0.2, 0.8]])  # a row for each label
seen = np.array([0, 1, 1])  # of three items
score = np.zeros((3, 2))  # a row for each item
score += np.log(table[:, seen])
""",
        instead="""
import numpy as np
table = np.array([[0.9, 0.1], [0.2, 0.8]])  # a row for each label
seen = np.array([0, 1, 1])  # of three items
score = np.zeros((3, 2))  # a row for each item
score += np.log(table[:, seen]).T
""",
    ),
)
