"""Common errors of the page `preparation`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: Expected 2D array, got 1D array instead",
        why="scikit-learn wants a table, a row for each item and a column for each measurement. A single column is one "
        "with a second axis: `pitch[:, None]`.",
        code="""
import numpy as np
from sklearn.preprocessing import StandardScaler

pitch = np.array([110.0, 180.0, 220.0])
scaled = StandardScaler().fit_transform(pitch)
""",
        instead="""
import numpy as np
from sklearn.preprocessing import StandardScaler

pitch = np.array([110.0, 180.0, 220.0])
scaled = StandardScaler().fit_transform(pitch[:, None])
""",
    ),
    CommonError(
        shows="ValueError: Input X contains NaN",
        why="A hole in the table has reached a step that cannot read it. Fill holes in an earlier step of the same "
        "pipeline, so that what fills them is learned from training rows.",
        code="""
import numpy as np
from sklearn.linear_model import LogisticRegression

x = np.array([[1.0], [np.nan], [3.0], [4.0]])
LogisticRegression().fit(x, [0, 0, 1, 1])
""",
        instead="""
import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

x = np.array([[1.0], [np.nan], [3.0], [4.0]])
make_pipeline(SimpleImputer(), LogisticRegression()).fit(x, [0, 0, 1, 1])
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together",
        why="The shapes of two arrays do not fit. A table `(n, d)` takes `d` numbers, one for each column: those are "
        "taken over the rows, with `axis=0`. With `axis=1` there is one for each row.",
        code="""
import numpy as np

train = np.arange(12.0).reshape(4, 3)
centred = train - train.mean(axis=1)
""",
        instead="""
import numpy as np

train = np.arange(12.0).reshape(4, 3)
centred = train - train.mean(axis=0)
""",
    ),
    CommonError(
        shows="TypeError: slice indices must be integers",
        why="A slice begins and ends at whole numbers, and a share times a number is a float, even where it is 3.0. "
        "`round` makes it a whole number, `np.round` does not.",
        code="""
import numpy as np

people, share = np.arange(12), 0.25
order = np.random.default_rng(0).permutation(people)
test = order[: share * len(people)]
""",
        instead="""
import numpy as np

people, share = np.arange(12), 0.25
order = np.random.default_rng(0).permutation(people)
test = order[: round(share * len(people))]
""",
    ),
)
