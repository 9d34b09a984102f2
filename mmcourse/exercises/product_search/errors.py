"""Common errors of the page `product_search`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="OverflowError: cannot convert float infinity to integer",
        why="Whole numbers, such as counts, know no infinity. What shall come last gets a number below all counts, "
        "`-1`, or the counts are made floats first, `counts.astype(float)`.",
        code="""
import numpy as np
counts = np.array([5, 3, 1])  # how often each toy was bought
counts[[0]] = -np.inf  # the customer has it already
print(np.argsort(-counts)[:2])
""",
        instead="""
import numpy as np
counts = np.array([5, 3, 1])  # how often each toy was bought
counts[[0]] = -1  # the customer has it already
print(np.argsort(-counts)[:2])
""",
    ),
    CommonError(
        shows="ValueError: matmul: Input operand 1 does not have enough dimensions",
        why="Behind `@` stands no vector or table but a single value, perhaps None. Functions that change an array in "
        "place return None: call `np.fill_diagonal(similar, 0)` on a line of its own, and use `similar` after it.",
        code="""
import numpy as np
bought = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
together = np.fill_diagonal(bought.T @ bought, 0)
print(bought @ together)
""",
        instead="""
import numpy as np
bought = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
together = bought.T @ bought
np.fill_diagonal(together, 0)
print(bought @ together)
""",
    ),
    CommonError(
        shows="ValueError: Received: bought of shape",
        why="The recommenders take one table `(customers, items)` of True and False: who bought what. Counts and "
        "numbers become such a table by `bought > 0`.",
        code="""
import numpy as np
from mmcourse.product_search import item_item
bought = np.array([[1, 1, 0], [0, 1, 1]])
print(item_item(bought))
""",
        instead="""
import numpy as np
from mmcourse.product_search import item_item
bought = np.array([[1, 1, 0], [0, 1, 1]])
print(item_item(bought > 0))
""",
    ),
    CommonError(
        shows="ValueError: Received: rows (",
        why="`same_but` answers many queries at once: items, attributes and new values are three sequences of the "
        "same length. A single query stands in brackets, too.",
        code="""
import numpy as np
from mmcourse.product_search import same_but
toys = {"colour": np.array(["red", "blue"]), "shape": np.array(["star", "star"])}
print(same_but(toys, 1, "colour", "red"))
""",
        instead="""
import numpy as np
from mmcourse.product_search import same_but
toys = {"colour": np.array(["red", "blue"]), "shape": np.array(["star", "star"])}
print(same_but(toys, [1], ["colour"], ["red"])[0])
""",
    ),
)
