"""Common errors of the page `image_objects`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: Expected boxes (n, 4).",
        why="Functions of boxes take many at once, a row of four numbers for each. A single box goes into a list, "
        "`[box]`.",
        code="""
from mmcourse.metrics import iou

a, b = (0, 0, 4, 2), (2, 1, 5, 3)
print(iou(a, b))
""",
        instead="""
from mmcourse.metrics import iou

a, b = (0, 0, 4, 2), (2, 1, 5, 3)
print(iou([a], [b])[0, 0])
""",
    ),
    CommonError(
        shows="ValueError: Boxes are x0, y0, x1, y1",
        why="The last two numbers are the right and the lower edge, not width and height: `x1 = x0 + width`. Edges in "
        "the wrong order, and numbers that are not finite, are refused as well.",
        code="""
from mmcourse.metrics import iou

a, b = [[5, 5, 2, 2]], [[4, 4, 8, 8]]  # corner, width, height
print(iou(a, b))
""",
        instead="""
from mmcourse.metrics import iou

a, b = [[5, 5, 7, 7]], [[4, 4, 12, 12]]  # upper left corner, lower right one
print(iou(a, b))
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why="Two arrays have shapes that do not fit. So that every box of `a` meets every box of `b`, both get one "
        "more axis, `a[:, None, :2]` and `b[None, :, :2]`. To count from 1 to k, write `np.arange(1, k + 1)`.",
        code="""
import numpy as np

a, b = np.ones((3, 4)), np.ones((2, 4))
low = np.maximum(a[:, :2], b[:, :2])
""",
        instead="""
import numpy as np

a, b = np.ones((3, 4)), np.ones((2, 4))
low = np.maximum(a[:, None, :2], b[None, :, :2])  # (3, 2, 2)
""",
    ),
    CommonError(
        shows="IndexError: arrays used as indices must be of integer (or boolean) type",
        why="Places are whole numbers, and yours are real ones. `np.sort` gives the scores themselves, `np.argsort` "
        "their places; an empty `np.array([])` is real as well, unless you add `dtype=int`.",
        code="""
import numpy as np

scores, hit = np.array([0.2, 0.9, 0.6]), np.array([True, False, True])
hit = hit[np.sort(-scores)]
""",
        instead="""
import numpy as np

scores, hit = np.array([0.2, 0.9, 0.6]), np.array([True, False, True])
hit = hit[np.argsort(-scores)]
""",
    ),
)
