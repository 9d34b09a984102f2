"""Exercise `video.sample`: n frames that stand for the whole film."""

import numpy as np

from mmcourse.exercises import Exercise, case

sample = Exercise(
    "video.sample",
    kind="implement",
    title="Frames that stand for the film",
    returns="one place for each frame wanted",
    otherwise="These are not the parts' middles, (i + ½) · t / n, rounded down once.",
    task=(
        "A network wants `n` frames, a film has `t`, with `n` at most `t`. Write `frame_places(t, n)`: cut the film "
        "into `n` parts of equal length (`t / n`, perhaps a fraction) and return the place of the frame in the middle "
        "of each, $\\lfloor (i + \\frac12)\\,t/n \\rfloor$ for $i = 0, \\dots, n - 1$, as an integer array of shape "
        "`(n,)`."
    ),
    hints=(
        "Do it on paper for a film of 8 frames, of which you want 2. The parts are frames 0 to 3 and 4 to 7. With "
        "`n = 1` it must be the middle of the film.",
        "`np.arange(n)` gives all i at once. Round down at the very end only: `(i + 0.5) * t / n`, not `t // n`. "
        "In whole numbers it is `(2 * i + 1) * t // (2 * n)`.",
    ),
    plan=(
        "Number the parts: 0 to n - 1.",
        "Compute where the middle of each lies, as a fraction of a frame.",
        "Round down, once, at the end.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
)


@sample.solved_by
def frame_places(t, n):
    """Lengths t and n, with 1 <= n <= t -> int (n,), places of frames."""
    i = np.arange(n)
    return (2 * i + 1) * t // (2 * n)


@sample.cases
def _(rng):
    # No middle is a whole number where t is odd, and t / n is exact where n is 2, 4 or 8: with these lengths the
    # formula gives the same whichever way it is computed, also as (i + 0.5) * (t / n).
    yield case(23, 5)
    yield case(2 * int(rng.integers(20, 30)) + 1, 7)
    yield case(2 * int(rng.integers(100, 200)) + 1, int(rng.integers(9, 14)))
    yield case(2 * int(rng.integers(4, 10)), 4)
    # Odd middles, or rounding x - ½ to the nearest even number would be rounding down.
    yield case(4 * int(rng.choice([3, 5, 7])), 2, when="where a middle is a whole number already")
    yield case(2 * int(rng.integers(3, 9)) + 1, 1, when="where one frame is wanted, of an odd number")
    yield case(4 * int(rng.integers(2, 5)) + 2, 1, when="where one frame is wanted, of an even number")
    yield case(*[2 * int(rng.integers(2, 5)) + 1] * 2, when="where all frames are wanted")
    yield case(11, int(rng.integers(6, 11)), when="where a part is shorter than two frames")
    yield case(2 * int(rng.integers(500, 900)) + 1, 37, when="where the film has a thousand frames and more")


@sample.oracle
def _(t, n):
    places = []
    for i in range(n):
        place = 0
        while 2 * n * (place + 1) <= (2 * i + 1) * t:  # the largest whole number that is at most the middle
            place += 1
        places.append(place)
    return np.array(places)
