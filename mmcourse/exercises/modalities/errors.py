"""Common errors of the page `modalities`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: to whole percents that add up to 100.",
        why="`share` says how many items in a hundred each mechanism makes: whole numbers that add up to 100, not "
        "fractions. Look also at how the mechanisms are spelled.",
        code="""
from mmcourse.scenes.utterances import Utterances

train = Utterances("train", n=8, share={"redundant": 0.5, "synergy": 0.5})
""",
        instead="""
from mmcourse.scenes.utterances import Utterances

train = Utterances("train", n=8, share={"redundant": 50, "synergy": 50})
""",
    ),
    CommonError(
        shows="AxisError: is out of bounds for array of dimension",
        why="The array has fewer axes than you count. A `sum`, `max` or `mean` over an axis takes that axis away; "
        "`axis=-1` is the last one that is left.",
        code="""
import numpy as np

p = np.full((2, 3, 4), 1 / 24)  # words, voice, label
words = p.sum(axis=1).max(axis=2).sum()
""",
        instead="""
import numpy as np

p = np.full((2, 3, 4), 1 / 24)  # words, voice, label
words = p.sum(axis=1).max(axis=-1).sum()
""",
    ),
    CommonError(
        shows="ValueError: all the input arrays must have same number of dimensions",
        why="Arrays that are joined need equally many axes, such as `(n, d)` and `(n, c)`. A sparse matrix of counted "
        "words is no array for NumPy: `.toarray()` makes it one.",
        code="""
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

words = CountVectorizer().fit_transform(["what a film", "a dull song"])
voice = np.zeros((2, 24))
both = np.hstack([words, voice])
""",
        instead="""
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

words = CountVectorizer().fit_transform(["what a film", "a dull song"])
voice = np.zeros((2, 24))
both = np.hstack([words.toarray(), voice])
""",
    ),
    CommonError(
        shows="ValueError: all the input array dimensions except for the concatenation axis must match",
        why="Arrays that are joined along one axis must agree in all others. Side by side (`axis=1`), words and voice "
        "both have a row for each item: take the two of one split.",
        code="""
import numpy as np

w = {"train": np.zeros((8, 50)), "test": np.zeros((4, 50))}  # words
a = {"train": np.zeros((8, 24)), "test": np.zeros((4, 24))}  # voice
both = np.hstack([w["train"], a["test"]])
""",
        instead="""
import numpy as np

w = {"train": np.zeros((8, 50)), "test": np.zeros((4, 50))}  # words
a = {"train": np.zeros((8, 24)), "test": np.zeros((4, 24))}  # voice
both = np.hstack([w["train"], a["train"]])
""",
    ),
)
