"""Common errors of the page `text`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="TypeError: Captions come as a list of strings.",
        why="`Vocabulary.build` and `encode` take several captions. Put a single one into a list, `[caption]`: else "
        "each of its letters would be read as a caption.",
        code="""
from mmcourse.text import Vocabulary

vocabulary = Vocabulary.build(["a red star", "a blue circle"])
ids = vocabulary.encode("a red circle")
""",
        instead="""
from mmcourse.text import Vocabulary

vocabulary = Vocabulary.build(["a red star", "a blue circle"])
ids = vocabulary.encode(["a red circle"])
""",
    ),
    CommonError(
        shows="KeyError: Not in the vocabulary.",
        why="Only words of the vocabulary have a vector, and they are in lower case. Ask `word in vectors.vocabulary` "
        "before, and leave the others out.",
        code="""
import numpy as np

from mmcourse.text import Vocabulary, WordVectors

vectors = WordVectors(Vocabulary(["red", "star"]), np.ones((6, 2)))
mean = np.mean([vectors[w] for w in ("red", "zebra")], axis=0)
""",
        instead="""
import numpy as np

from mmcourse.text import Vocabulary, WordVectors

vectors = WordVectors(Vocabulary(["red", "star"]), np.ones((6, 2)))
known = [w for w in ("red", "zebra") if w in vectors.vocabulary]
mean = np.mean([vectors[w] for w in known], axis=0)
""",
    ),
    CommonError(
        shows="AttributeError: 'list' object has no attribute 'split'",
        why="A caption is a string and can be split into words; a list of captions cannot. Loop over the captions, and "
        "split each.",
        code="""
train = ["a red star", "a blue star"]
vocabulary = set(train.split())
""",
        instead="""
train = ["a red star", "a blue star"]
vocabulary = {word for caption in train for word in caption.split()}
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why="NumPy compares shapes from the right, and two lengths differ. Give the smaller array an axis along which "
        "it is repeated: `u[:, None]` beside negatives `(b, k, d)`, or `keepdims=True` for the lengths of rows.",
        code="""
import numpy as np

u, far = np.ones((4, 8)), np.ones((4, 3, 8))  # b = 4, k = 3, d = 8
scores = (u * far).sum(-1)
""",
        instead="""
import numpy as np

u, far = np.ones((4, 8)), np.ones((4, 3, 8))  # b = 4, k = 3, d = 8
scores = (u[:, None] * far).sum(-1)
""",
    ),
)
