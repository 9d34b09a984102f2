"""Exercise `video.stripes`: the wagon wheel, or how many frames a second motion needs."""

import numpy as np

from mmcourse.exercises import Exercise

stripes = Exercise(
    "video.stripes",
    kind="experiment and explain",
    title="The wheel that turns backwards",
    returns="a whole number, the speed in pixels a frame",
    otherwise="Compute the balance for each speed from 1 to 6, and take the speed at which it is lowest.",
    within=1e-4,  # a whole number; the balances, which are no answers, are printed with many digits
    task=(
        "Stripes that repeat every 6 pixels move to the right, by a whole number of pixels from one frame to the next. "
        "The cell measures how much more the kernel for rightward motion answers than the kernel for leftward motion, "
        "at one speed. At which speed from 1 to 6 does it say most strongly that the stripes move to the **left**? "
        "Answer with that speed. Then explain to yourself why no network could do better."
    ),
    hints=(
        "Put the lines into a loop over the speeds and print what comes. Where is it largest, where is it zero?",
        "Draw the stripes of two frames below each other for the speed that you found. Which is the shortest way from "
        "a stripe of the first frame to a stripe of the second?",
    ),
    plan=(
        "Put the lines into a loop over the speeds 1 to 6, and print the balance of each.",
        "Read what its sign means: which of the two kernels answers more?",
        "Take the speed at which the kernel for leftward motion is furthest ahead.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
)


@stripes.given
def _balance():
    speed = 1
    t, x = np.mgrid[0:3, 0:60]
    film = np.sin(2 * np.pi * (x - speed * t) / 6)  # (frames, columns)
    right = np.array([[-1, 0, 1, 0, 0], [0, -1, 0, 1, 0], [0, 0, -1, 0, 1]])
    windows = np.lib.stride_tricks.sliding_window_view(film, (3, 5))
    to_right = (windows * right).sum((-2, -1))
    to_left = (windows * right[::-1]).sum((-2, -1))
    balance = (to_right**2).mean() - (to_left**2).mean()
    return balance


def balance(speed):
    """How much more the kernel for rightward motion answers than the one for leftward motion."""
    t, x = np.mgrid[0:3, 0:60]
    film = np.sin(2 * np.pi * (x - speed * t) / 6)
    right = np.array([[-1, 0, 1, 0, 0], [0, -1, 0, 1, 0], [0, 0, -1, 0, 1]])
    windows = np.lib.stride_tricks.sliding_window_view(film, (3, 5))
    to_right = (windows * right).sum((-2, -1))
    to_left = (windows * right[::-1]).sum((-2, -1))
    return (to_right**2).mean() - (to_left**2).mean()


@stripes.solved_by
def fooled():
    """The speed, in pixels a frame, at which the balance is most negative."""
    # The frames are then those of stripes that move left by 1: nobody could
    # tell the two films apart.
    return min(range(1, 7), key=balance)
