"""Common errors of the page `scenes`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="TypeError: A caption is a string.",
        why="`language.check(caption, scene)` wants one text, and the scene behind it. The captions of an item are "
        "several texts: take one of them, or loop over them.",
        code="""
from mmcourse.scenes import Scenes, language

item = Scenes("test", n=1)[0]
print(language.check(item.captions, item.truth).truth)
""",
        instead="""
from mmcourse.scenes import Scenes, language

item = Scenes("test", n=1)[0]
print(language.check(item.captions[0], item.truth).truth)
""",
    ),
    CommonError(
        shows="ValueError: Allowed: a whole number from 0 to 100, in percent.",
        why="How many items a fault strikes is told in percent, as a whole number: 20, not 0.2. The message names the "
        "argument.",
        code="""
from mmcourse.scenes import Scenes

train = Scenes("train", n=40, label="shape", label_noise=0.2)
""",
        instead="""
from mmcourse.scenes import Scenes

train = Scenes("train", n=40, label="shape", label_noise=20)
""",
    ),
    CommonError(
        shows="IndexError: index 0 is out of bounds for axis 0 with size 0",
        why="This array is empty, so it has no first entry. `np.flatnonzero` returns such an array where nothing is "
        "True, as in the mask of a hidden thing: ask for its length first.",
        code="""
import numpy as np

mask = np.zeros((6, 9), bool)  # a thing that is hidden
columns = np.flatnonzero(mask.any(axis=0))
x0 = columns[0]
""",
        instead="""
import numpy as np

mask = np.zeros((6, 9), bool)  # a thing that is hidden
columns = np.flatnonzero(mask.any(axis=0))
x0 = columns[0] if len(columns) else 0
""",
    ),
    CommonError(
        shows="ValueError: cannot be empty unless no samples are taken",
        why="The list to draw from is empty: nothing passed your condition. There are scenes of which every caption is "
        "true, for instance. Ask for the list's length before you draw.",
        code="""
import numpy as np

rng = np.random.default_rng(0)
false = []  # every caption is true of this scene
chosen = rng.choice(false)
""",
        instead="""
import numpy as np

rng = np.random.default_rng(0)
false = []  # every caption is true of this scene
chosen = rng.choice(false) if false else -1
""",
    ),
)
