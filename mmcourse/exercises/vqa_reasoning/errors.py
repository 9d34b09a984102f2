"""Common errors of the page `vqa_reasoning`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: Received: the step",
        why="`Steps` knows the steps of the programs that it was made of, and numbers no other. Make it of the train "
        "questions' programs, all of them: a model built with these numbers can carry out nothing else.",
        code="""
from mmcourse.vqa import Steps
steps = Steps([("scene",), ("filter", "shape", "star"), ("count",)])
program = [("scene",), ("filter", "shape", "circle"), ("count",)]
print(steps.encode([program]))
""",
        instead="""
from mmcourse.vqa import Steps
program = [("scene",), ("filter", "shape", "circle"), ("count",)]
steps = Steps.of([program])  # all steps of all programs of train
print(steps.encode([program]))
""",
    ),
    CommonError(
        shows="ValueError: Received: 49 regions, merge=2",
        why="These models know where a region lies by its number, row by row in a square grid; and `merge=2` makes one "
        "region of two by two. 49 regions are a square, but 2 does not divide 7.",
        code="""
import numpy as np
from mmcourse.vqa import RelationNetwork
batch = {"image": np.ones((2, 49, 16), "float32"), "text": np.ones((2, 5), "int32")}
model = RelationNetwork(10, 3, units=8, merge=2)
print(model(batch).shape)
""",
        instead="""
import numpy as np
from mmcourse.vqa import RelationNetwork
batch = {"image": np.ones((2, 49, 16), "float32"), "text": np.ones((2, 5), "int32")}
model = RelationNetwork(10, 3, units=8, merge=7)  # or merge=1: all 49
print(model(batch).shape)
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why="A scale for each picture and channel, `(b, c)`, meets maps `(b, h, w, c)`. Compared from the last axis "
        "on, `b` stands below `w`. Give the scale two axes of length one: `scale[:, None, None]` is `(b, 1, 1, c)`.",
        code="""
import numpy as np
maps = np.ones((3, 8, 8, 16))  # three pictures
scale = np.ones((3, 16))
print((maps * (1 + scale)).shape)
""",
        instead="""
import numpy as np
maps = np.ones((3, 8, 8, 16))  # three pictures
scale = np.ones((3, 16))
print((maps * (1 + scale[:, None, None])).shape)
""",
    ),
)
