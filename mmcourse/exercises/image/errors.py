"""Common errors of the page `image`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: expected min_ndim=4, found ndim=3",
        why="A layer for pictures wants the shape `(b, h, w, c)`, and one axis is missing. Make a single picture a "
        "batch of one, `picture[None]`; give grey pictures a channel, `grey[..., None]`.",
        code="""
import numpy as np

from mmcourse.backend import keras

picture = np.zeros((64, 64, 3), "float32")
maps = keras.layers.Conv2D(8, 3)(picture)
""",
        instead="""
import numpy as np

from mmcourse.backend import keras

picture = np.zeros((64, 64, 3), "float32")
maps = keras.layers.Conv2D(8, 3)(picture[None])
""",
    ),
    CommonError(
        shows="UFuncTypeError: to dtype('uint8') with casting rule",
        why="Pixels of the type `uint8` are whole numbers from 0 to 255, and changed in place (`-=`, `/=`) they must "
        "stay so. Compute a new array: `x = x - mean`.",
        code="""
import numpy as np

pictures = np.zeros((2, 8, 8, 3), "uint8")
pictures -= pictures.mean((0, 1, 2))
""",
        instead="""
import numpy as np

pictures = np.zeros((2, 8, 8, 3), "uint8")
pictures = pictures - pictures.mean((0, 1, 2))
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together with shapes",
        why="Two arrays have shapes that do not fit. In a convolution all nine windows must be equally large: end them "
        "at `di + h` and `dj + w`, for without an end the later ones have fewer rows and columns.",
        code="""
import numpy as np

h, stride, y = 6, 2, 0
padded = np.pad(np.ones((h, h)), 1)
for di in range(3):
    y = y + padded[di::stride, ::stride]
""",
        instead="""
import numpy as np

h, stride, y = 6, 2, 0
padded = np.pad(np.ones((h, h)), 1)
for di in range(3):
    y = y + padded[di : di + h : stride, ::stride]
""",
    ),
    CommonError(
        shows="ValueError: operands could not be broadcast together with remapped shapes",
        why="An array cannot be stretched to the shape that is asked for. `np.pad` wants two numbers for each axis, "
        "and a picture `(h, w, c)` has three: `((1, 1), (1, 1), (0, 0))` leaves the channels as they are.",
        code="""
import numpy as np

picture = np.ones((6, 6, 3))
padded = np.pad(picture, ((1, 1), (1, 1)))
""",
        instead="""
import numpy as np

picture = np.ones((6, 6, 3))
padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)))
""",
    ),
)
