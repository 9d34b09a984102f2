"""Exercise `modalities_tasks.constant`: which constant a loss asks for."""

import numpy as np

from mmcourse.exercises import Exercise, expect

constant = Exercise(
    "modalities_tasks.constant",
    kind="experiment and explain",
    returns="a number, a place in centimetres",
    within=0.016,  # 1 % on either side of the stretch from 4.2 to 4.25, along which the error is lowest
    otherwise="There the mean absolute error is not at its lowest. Compute it for c from 0 to 100 in small steps.",
    title="What a blind model answers",
    task=(
        "Ten things lie at the places `x`, in centimetres. One of them was written down in millimetres. A blind model "
        "gives the same number for all of them. With the squared error its best answer is the mean. Let `mistake(c)` "
        "be the mean **absolute** error of the answer `c` against `x` as it was written down. **Which `c` makes it "
        "smallest?** Answer with a number, within 1 %. Then put the wrong value right, and see how far the best answer "
        "of either loss moves."
    ),
    hints=(
        "Compute `mistake(c)` for c from 0 to 100 in small steps. Where is it lowest, and what of `x` stands there?",
        "A step to the right makes the error to all values on the left larger and to all on the right smaller. It is "
        "lowest where as many lie on one side as on the other; here that holds along a small stretch.",
    ),
    plan=(
        "Compute the mean absolute error for many constants.",
        "Find the constant at which it is lowest, and what place that is among the ten.",
        "Put the wrong value right, and do it again.",
    ),
    minutes=6,
    difficulty=1,
    importance=2,
)

PLACES = np.array([2.1, 3.0, 3.4, 3.9, 4.2, 4.25, 5.9, 6.3, 7.1, 80.0])


@constant.given
def _first_look():
    x = np.array([2.1, 3.0, 3.4, 3.9, 4.2, 4.25, 5.9, 6.3, 7.1, 80.0])

    def mistake(c):
        return np.abs(x - c).mean()

    print(mistake(x.mean()))


@constant.solved_by
def middle():
    """The median: as many lie on one side as on the other."""
    x = np.array([2.1, 3.0, 3.4, 3.9, 4.2, 4.25, 5.9, 6.3, 7.1, 80.0])
    c = float(np.median(x))
    mended = np.where(x == 80, 8.0, x)
    # Put right, the median stays where it was; the mean moves by 7.2.
    assert np.median(mended) == c
    assert x.mean() - mended.mean() > 7
    return c


@constant.also
def _(value):
    low, high = np.sort(PLACES)[len(PLACES) // 2 - 1 : len(PLACES) // 2 + 1]
    side = "than half of the values lie to the left of it: a step to the"
    expect.true(value >= low, f"Fewer {side} right makes the error smaller.")
    expect.true(value <= high, f"More {side} left makes the error smaller.")
