"""Common errors of the page `video`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: Expected (batch, t, h, w, c).",
        why="The layer wants five axes. Make a single film a batch of one, `film[None]`; give grey films a channel, "
        "`films[..., None]`.",
        code="""
import numpy as np

from mmcourse.video import Conv2Plus1D

film = np.zeros((7, 32, 32, 3), "float32")
maps = Conv2Plus1D(8)(film)
""",
        instead="""
import numpy as np

from mmcourse.video import Conv2Plus1D

film = np.zeros((7, 32, 32, 3), "float32")
maps = Conv2Plus1D(8)(film[None])
""",
    ),
    CommonError(
        shows="ValueError: must provide window_shape for all dimensions",
        why="A window needs a length for each axis of the array. Ours, `(3, 1, 5)`, is for one grey film `(t, h, w)`: "
        "take one film of the batch, and no channels.",
        code="""
import numpy as np

grey = np.zeros((2, 7, 32, 32))  # two films
windows = np.lib.stride_tricks.sliding_window_view(grey, (3, 1, 5))
""",
        instead="""
import numpy as np

grey = np.zeros((2, 7, 32, 32))  # two films
windows = np.lib.stride_tricks.sliding_window_view(grey[0], (3, 1, 5))
""",
    ),
    CommonError(
        shows="IndexError: is out of bounds for axis",
        why="The axis is too short to have this place. Between `t` frames there are `t - 1` changes, since the last "
        "frame has no next one. Look also at which axis it is: in `(b, t, h, w, c)` time is axis 1.",
        code="""
import numpy as np

frames = np.zeros((2, 5, 8, 8, 3))
changes = [frames[:, i + 1] - frames[:, i] for i in range(5)]
""",
        instead="""
import numpy as np

frames = np.zeros((2, 5, 8, 8, 3))
changes = [frames[:, i + 1] - frames[:, i] for i in range(4)]
""",
    ),
    CommonError(
        shows="ValueError: cannot reshape array of size",
        why="A reshape keeps all numbers, so the new lengths must multiply to as many as there are. The vectors of `b "
        "* t` frames do not fit into `(b, t)`; with `reshape(b, t, -1)` NumPy finds the last length.",
        code="""
import numpy as np

vectors = np.zeros((2 * 3, 16))  # of 2 films of 3 frames
features = vectors.reshape(2, 3)
""",
        instead="""
import numpy as np

vectors = np.zeros((2 * 3, 16))  # of 2 films of 3 frames
features = vectors.reshape(2, 3, -1)
""",
    ),
)
