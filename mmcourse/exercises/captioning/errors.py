"""Common errors of the page `captioning`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: must have the same number of dimensions",
        why="`take_along_axis` wants places with as many axes as the table. At each step one word of `V` is picked, "
        "so targets `(b, L)` get a last axis of length 1, `targets[..., None]`; `[..., 0]` drops it again.",
        code="""
import numpy as np
log_p = np.log(np.full((2, 5, 9), 1 / 9))  # two captions, 5 steps, 9 words
targets = np.ones((2, 5), int)
print(np.take_along_axis(log_p, targets, axis=-1).shape)
""",
        instead="""
import numpy as np
log_p = np.log(np.full((2, 5, 9), 1 / 9))  # two captions, 5 steps, 9 words
targets = np.ones((2, 5), int)
print(np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0].shape)
""",
    ),
    CommonError(
        shows="IndexError: boolean index did not match indexed array along",
        why="A mask in brackets must be as long as the array from which it chooses, axis by axis. Losses belong to "
        "the targets, so their mask has the very same columns: beside `tokens[:, 1:]` stands `tokens[:, 1:] != 0`, "
        "not `tokens != 0`.",
        code="""
import numpy as np
tokens = np.array([[1, 5, 7, 2, 0]])  # start, two words, end, padding
loss = np.array([[0.5, 1.5, 0.2, 4.0]])  # of what follows the start
print(loss[tokens != 0].mean())
""",
        instead="""
import numpy as np
tokens = np.array([[1, 5, 7, 2, 0]])  # start, two words, end, padding
loss = np.array([[0.5, 1.5, 0.2, 4.0]])  # of what follows the start
print(loss[tokens[:, 1:] != 0].mean())
""",
    ),
    CommonError(
        shows="ValueError: decode takes rows of ids, (n, L)",
        why="`decode` turns several captions into text, so it wants a row of ids for each. A single row needs a batch "
        "axis, `forced[4:5]`; scores `(n, L, V)` become ids by `argmax(-1)`.",
        code="""
import numpy as np
from mmcourse.text import Vocabulary
vocabulary = Vocabulary.build(["a red star", "a blue circle"])
forced = np.array([[4, 7, 8, 2, 0], [4, 5, 6, 2, 0]])  # two captions
print(vocabulary.decode(forced[1]))
""",
        instead="""
import numpy as np
from mmcourse.text import Vocabulary
vocabulary = Vocabulary.build(["a red star", "a blue circle"])
forced = np.array([[4, 7, 8, 2, 0], [4, 5, 6, 2, 0]])  # two captions
print(vocabulary.decode(forced[1:2])[0])
""",
    ),
    CommonError(
        shows="ValueError: An image comes as (batch, m, d)",
        why="The captioner reads a picture as regions, and this array has another number of axes. A convolution map "
        "`(n, h, w, d)` becomes regions by `regions(grid)`, and a single picture `(m, d)` needs a batch axis, "
        "`x[None]`.",
        code="""
import numpy as np
from mmcourse.captioning import Captioner
from mmcourse.image import regions
grid = np.ones((2, 8, 8, 16), "float32")  # a convolution map
captioner = Captioner(20, attention="soft", units=8)
captioner.adapt(grid)
""",
        instead="""
import numpy as np
from mmcourse.captioning import Captioner
from mmcourse.image import regions
grid = np.ones((2, 8, 8, 16), "float32")  # a convolution map
captioner = Captioner(20, attention="soft", units=8)
captioner.adapt(regions(grid))
""",
    ),
)
