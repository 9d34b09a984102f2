"""Common errors of the page `retrieval_index`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: Received: queries of shape",
        why="A search answers many queries at once: they come as numbers `(n, size)`, with the size for which the "
        "index was made. A single vector needs an axis in front, `query[None]`.",
        code="""
import numpy as np
from mmcourse.retrieval import ExactIndex
index = ExactIndex(4)
index.add(["star", "cross"], np.eye(4)[:2])
query = np.array([0.9, 0.1, 0.0, 0.0])
print(index.search(query, k=1)[0])
""",
        instead="""
import numpy as np
from mmcourse.retrieval import ExactIndex
index = ExactIndex(4)
index.add(["star", "cross"], np.eye(4)[:2])
query = np.array([0.9, 0.1, 0.0, 0.0])
print(index.search(query[None], k=1)[0][0])
""",
    ),
    CommonError(
        shows="ValueError: which is here already; remove it first",
        why="The index holds a vector of that name. Most often the cell with `add` has run twice. Make the index anew "
        "in the same cell, or call `remove` with the old names first.",
        code="""
import numpy as np
from mmcourse.retrieval import ExactIndex
index = ExactIndex(4)
for run in range(2):  # as when a cell is run again
    index.add([0, 1], np.eye(4)[:2])
""",
        instead="""
import numpy as np
from mmcourse.retrieval import ExactIndex
for run in range(2):  # as when a cell is run again
    index = ExactIndex(4)
    index.add([0, 1], np.eye(4)[:2])
""",
    ),
    CommonError(
        shows="TypeError: only integer scalar arrays can be converted to a scalar index",
        why="An array stands where one whole number is wanted. A list gives one entry at a time: `[alts[i] for i in "
        "hits]`. And the arrays that `np.concatenate` joins stand together in brackets: its second argument is the "
        "axis.",
        code="""
import numpy as np
alts = ["a large star", "a small circle", "a red cross"]
closeness = np.array([0.9, 0.1, 0.7])
hits = np.argsort(-closeness)[:2]
print(alts[hits])
""",
        instead="""
import numpy as np
alts = ["a large star", "a small circle", "a red cross"]
closeness = np.array([0.9, 0.1, 0.7])
hits = np.argsort(-closeness)[:2]
print([alts[i] for i in hits])
""",
    ),
    CommonError(
        shows="ValueError: buffer size must be a multiple of element size",
        why="The bytes that came cannot be divided into numbers of that type: a float32 takes four, a float64, which "
        "`np.frombuffer` takes where no type is named, eight. Name the type, cut the checksum off, and look at "
        "`len(rest)` before you read.",
        code="""
import numpy as np
data = np.ones(3, "float32").tobytes()[:-1]  # a copy that broke off
print(np.frombuffer(data, "float32"))
""",
        instead="""
import numpy as np
data = np.ones(3, "float32").tobytes()[:-1]  # a copy that broke off
print(None if len(data) % 4 else np.frombuffer(data, "float32"))
""",
    ),
)
