"""Exercise `video.sample`: n frames that stand for the whole film."""

import numpy as np

from mmcourse.exercises import Exercise, expect

sample = Exercise(
    "video.sample",
    kind="implement",
    title="Frames that stand for the film",
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
)


@sample.solved_by
def frame_places(t, n):
    """Lengths t and n, with 1 <= n <= t -> int (n,), places of frames."""
    i = np.arange(n)
    return (2 * i + 1) * t // (2 * n)


def _wrong(t, n):
    """What the usual mistakes compute, as (places, diagnosis)."""
    i = np.arange(n)
    yield (
        i * (t // n),
        "You step by `t // n`, which rounds the step itself: the frames crowd at the beginning, and the end of a long "
        "film is never seen.",
    )
    yield i * t // n, "These are the first frames of the parts. The middle of a part is half a part later."
    yield ((i + 1) * t - 1) // n, "These are the last frames of the parts, not their middles."
    yield (
        np.linspace(0, t - 1, n).round().astype(int),
        "These run from the very first frame to the very last. The parts' middles keep half a part from both ends.",
    )
    yield i, "These are the first n frames: of the rest of the film, nothing is seen."
    yield i + (t - n) // 2, "These are n neighbours from the middle of the film: beginning and end are never seen."
    yield (
        i * (t // n) + t // n // 2,
        "You round the length of a part before you use it, so that the frames at the end of the film are left out. "
        "Round down last.",
    )
    yield np.ceil((i + 0.5) * t / n).astype(int), "You round up where the formula rounds down: off by one."


@sample.check
def _(answer, rng):
    for t, n in ((23, 5), (int(rng.integers(40, 60)), 7), (8, 2), (9, 1), (6, 6)):
        wanted = np.array([int(np.floor((i + 0.5) * t / n + 1e-9)) for i in range(n)])
        places = expect.array(expect.pure(answer, t, n), (n,), "one place for each frame wanted", kind="integer")
        expect.true(
            places.min() >= 0 and places.max() < t,
            f"A place is outside the film: the frames are 0 to {t - 1}, you ask for {places.min()} to {places.max()}.",
        )
        for mistaken, message in _wrong(t, n):
            if not np.array_equal(mistaken, wanted):
                expect.differs(places, mistaken, message)
        expect.equal(places, wanted.astype(places.dtype), f"For t = {t} and n = {n} these are not the parts' middles.")


@sample.mistake("rounds the step itself")
def every_nth(t, n):
    return np.arange(t)[:: t // n][:n]


@sample.mistake("half a part later")
def beginnings(t, n):
    return np.arange(n) * t // n


@sample.mistake("very first frame to the very last")
def from_end_to_end(t, n):
    return np.linspace(0, t - 1, n).round().astype(int)


@sample.mistake("first n frames")
def the_first(t, n):
    return np.arange(n)


@sample.mistake("neighbours from the middle")
def the_middle(t, n):
    return np.arange(n) + (t - n) // 2


@sample.mistake("Round down last")
def rounded_too_soon(t, n):
    return np.arange(n) * (t // n) + t // n // 2


@sample.mistake("array of integers")
def fractions(t, n):
    return (np.arange(n) + 0.5) * t / n


@sample.mistake("off by one")
def rounded_up(t, n):
    return np.ceil((np.arange(n) + 0.5) * t / n).astype(int)
