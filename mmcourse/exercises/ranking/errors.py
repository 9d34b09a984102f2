"""Common errors of the page `ranking`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: The truth value of an array with more than one element is ambiguous",
        why="Something, such as `and`, `or`, `not`, `if` or a chain `a < b < c`, asks an array of several numbers for "
        "one yes or no. Two arrays are joined number by number with `&` or `|`, and each comparison stands in "
        "brackets, since `&` comes before `>` and `==`.",
        code="""
import numpy as np
similar = np.array([[0.9, 0.2, 0.6], [0.1, 0.8, 0.7]])
grades = np.array([[3, 0, 1], [1, 3, 3]])
found = similar > 0.5 and grades == 3
print(found.sum(axis=1))
""",
        instead="""
import numpy as np
similar = np.array([[0.9, 0.2, 0.6], [0.1, 0.8, 0.7]])
grades = np.array([[3, 0, 1], [1, 3, 3]])
found = (similar > 0.5) & (grades == 3)
print(found.sum(axis=1))
""",
    ),
    CommonError(
        shows="IndexError: is out of bounds for axis 0 with size",
        why="A place along the first axis does not exist: among n entries the last one is n - 1. `table[places]` "
        "takes whole rows. To take from each row its own places, write `np.take_along_axis(table, places, axis=1)`.",
        code="""
import numpy as np
logits = np.array([[0.3, 1.2, -0.5], [2.0, 0.1, 0.4]])  # 2 queries, 3 items
order = np.argsort(-logits, axis=1)
print(logits[order])
""",
        instead="""
import numpy as np
logits = np.array([[0.3, 1.2, -0.5], [2.0, 0.1, 0.4]])  # 2 queries, 3 items
order = np.argsort(-logits, axis=1)
print(np.take_along_axis(logits, order, axis=1))
""",
    ),
    CommonError(
        shows="ValueError: Received: features (",
        why="`RankSVM` and `LambdaRank` learn from rows, at least one: features `(n, f)`, and for each row its grade "
        "and the number of its query, both `(n,)`. Of tables `(queries, items)` choose pairs, `y[rows, items]`, or "
        "flatten them.",
        code="""
import numpy as np
from mmcourse.ranking import RankSVM
features = np.random.default_rng(0).normal(size=(3, 4, 5))  # (queries, items, f)
grades = np.array([[0, 1, 2, 3], [3, 2, 1, 0], [0, 0, 1, 1]])
RankSVM().fit(features, grades, np.arange(3))
""",
        instead="""
import numpy as np
from mmcourse.ranking import RankSVM
features = np.random.default_rng(0).normal(size=(3, 4, 5))  # (queries, items, f)
grades = np.array([[0, 1, 2, 3], [3, 2, 1, 0], [0, 0, 1, 1]])
rows = np.repeat(np.arange(3), 4)
RankSVM().fit(features.reshape(12, 5), grades.ravel(), rows)
""",
    ),
    CommonError(
        shows="ValueError: Received: similarity of shape",
        why="Search is scored, and put into another order, from a table `(queries, items)` that is not empty and "
        "holds no NaN. A single list needs an axis for its query, the scores `s[None]` and the grades `r[None]`.",
        code="""
import numpy as np
from mmcourse.metrics import ndcg
s, r = np.array([0.9, 0.2, 0.6]), np.array([3.0, 0.0, 1.0])
print(ndcg(s, r))
""",
        instead="""
import numpy as np
from mmcourse.metrics import ndcg
s, r = np.array([0.9, 0.2, 0.6]), np.array([3.0, 0.0, 1.0])
print(ndcg(s[None], r[None]))
""",
    ),
)
