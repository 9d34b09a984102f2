"""Common errors of the page `vqa`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: An image comes as (batch, m, d)",
        why="The models of `mmcourse.vqa` take a picture as a row of regions, `(m, d)`. An encoder gives a map, "
        "`(h, w, d)`: `regions` makes one of the other, row by row.",
        code="""
import numpy as np
from mmcourse.vqa import JointEmbedding
grid = np.ones((2, 8, 8, 128), "float32")  # two maps
text = np.ones((2, 5), "int32")
model = JointEmbedding(10, 3, units=8)
print(model({"image": grid, "text": text}).shape)
""",
        instead="""
import numpy as np
from mmcourse.image import regions
from mmcourse.vqa import JointEmbedding
grid = np.ones((2, 8, 8, 128), "float32")  # two maps
text = np.ones((2, 5), "int32")
model = JointEmbedding(10, 3, units=8)
print(model({"image": regions(grid), "text": text}).shape)
""",
    ),
    CommonError(
        shows="ValueError: Received: sources up to",
        why="`sources` says of each question which row of the features its picture is. Features and sources must be of "
        "the same split: those of training point at rows that the test set does not have (or, worse, at wrong ones).",
        code="""
import numpy as np
from mmcourse.batches import QuestionBatches
x_test = np.ones((3, 64, 8), "float32")  # three pictures
about_train = np.array([0, 0, 1, 4, 4, 9])  # of ten others
tokens = np.ones((6, 5), "int32")
print(len(QuestionBatches(x_test, about_train, tokens)))
""",
        instead="""
import numpy as np
from mmcourse.batches import QuestionBatches
x_test = np.ones((3, 64, 8), "float32")  # three pictures
about_test = np.array([0, 0, 1, 1, 2, 2])  # two questions each
tokens = np.ones((6, 5), "int32")
print(len(QuestionBatches(x_test, about_test, tokens)))
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together with shapes",
        why="One vector a question, `(b, d)`, meets a row of regions for each, `(b, m, d)`. Compared from the last "
        "axis on, `b` stands below `m`. Give the question an axis for the regions: `question[:, None]` is `(b, 1, d)`.",
        code="""
import numpy as np
regions = np.ones((4, 64, 8))  # four pictures
question = np.ones((4, 8))
print(np.tanh(regions + question).shape)
""",
        instead="""
import numpy as np
regions = np.ones((4, 64, 8))  # four pictures
question = np.ones((4, 8))
print(np.tanh(regions + question[:, None]).shape)
""",
    ),
)
