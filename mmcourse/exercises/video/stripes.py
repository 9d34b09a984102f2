"""Exercise `video.stripes`: the wagon wheel, or how many frames a second motion needs."""

import numpy as np

from mmcourse.exercises import Exercise, expect

stripes = Exercise(
    "video.stripes",
    kind="experiment and explain",
    title="The wheel that turns backwards",
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


@stripes.solved_by
def fooled():
    """The speed, in pixels a frame, at which the balance is most negative."""

    def balance(speed):
        t, x = np.mgrid[0:3, 0:60]
        film = np.sin(2 * np.pi * (x - speed * t) / 6)
        right = np.array([[-1, 0, 1, 0, 0], [0, -1, 0, 1, 0], [0, 0, -1, 0, 1]])
        windows = np.lib.stride_tricks.sliding_window_view(film, (3, 5))
        to_right = (windows * right).sum((-2, -1))
        to_left = (windows * right[::-1]).sum((-2, -1))
        return (to_right**2).mean() - (to_left**2).mean()

    return min(range(1, 7), key=balance)  # 5: the frames are those of stripes that move left by 1


@stripes.check
def _(answer, rng):
    got = expect.number(answer, "a whole number, the speed in pixels a frame")
    known = {
        1: "At one pixel a frame the kernel for rightward motion answers most: that is the speed it is made for.",
        2: "At two pixels a frame it still says right, if less strongly.",
        3: (
            "Half a period from frame to frame: black and white change places, and left and right are equally far. The "
            "balance is zero here, not most negative."
        ),
        4: "At four it says left, but there is a speed at which it says so more strongly.",
        6: "A whole period from frame to frame: all frames are equal, and nothing seems to move at all.",
        -1: "Indeed the frames look like that: stripes moving left by one. But how fast do these move to the *right*?",
        -5: "The stripes move to the right, so the speed is positive.",
        7: "Seven is outside the range asked for. And its frames are those of speed 1: they seem to move right.",
    }
    for value, message in known.items():
        expect.true(not np.isclose(got, value), message)
    expect.close(got, 5, "Compute the balance for each speed from 1 to 6, and take the lowest.")


@stripes.mistake("the speed it is made for")
def the_largest():
    return 1


@stripes.mistake("change places")
def half_a_period():
    return 3


@stripes.mistake("nothing seems to move")
def a_period():
    return 6


@stripes.mistake("more strongly")
def first_negative():
    return 4


@stripes.mistake("stripes moving left by one")
def as_it_looks():
    return -1
