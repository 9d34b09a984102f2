"""Exercise `video.differences`: what changes from frame to frame, without wrapping round."""

import numpy as np

from mmcourse.exercises import Exercise, case

differences = Exercise(
    "video.differences",
    kind="implement",
    title="What changes",
    returns="one change for each pair of neighbouring frames",
    otherwise="This is not each frame less the one before it.",
    task=(
        "Write `frame_differences(frames)` in NumPy. `frames` is a batch of films, `uint8` of shape `(b, t, h, w, c)`. "
        "Return the signed change from each frame to the next, later minus earlier, of shape `(b, t - 1, h, w, c)`: a "
        "pixel that goes from 5 to 3 changes by -2."
    ),
    hints=(
        "Which axis is time? And what does `np.uint8(3) - np.uint8(5)` give?",
        "Turn the frames into a type that has negative numbers, for instance with `frames.astype('float32')`. Then "
        "subtract: all frames but the last, `[:, :-1]`, from all but the first, `[:, 1:]`.",
    ),
    plan=(
        "Give the frames a type that has negative numbers.",
        "Find the axis of time, and take from all frames but the first, along it, all frames but the last.",
    ),
    minutes=5,
    difficulty=1,
    importance=3,
)


@differences.solved_by
def frame_differences(frames):
    """Films (b, t, h, w, c), uint8 -> signed changes (b, t - 1, h, w, c)."""
    frames = frames.astype("float32")
    return frames[:, 1:] - frames[:, :-1]


@differences.cases
def _(rng):
    def films(*shape):
        return rng.integers(0, 256, shape).astype("uint8")

    for shape in ((3, 5, 4, 6, 2), (2, 4, 5, 3, 1), (1, 6, 3, 2, 3)):
        yield case(films(*shape))
    yield case(films(2, 2, 3, 5, 3), when="where a film has two frames")
    flashes = films(3, 4, 2, 5, 1) % 2 * 255
    flashes[:, :, 0, 0] = np.array([0, 255, 0, 255], "uint8")[:, None]
    yield case(flashes, when="where pixels go from 0 to 255 and back")
    yield case(np.repeat(films(2, 1, 4, 3, 2), 3, axis=1), when="where nothing changes")


@differences.oracle
def _(frames):
    wide = frames.astype("float64")
    b, t = frames.shape[:2]
    return np.stack([[wide[i, k + 1] - wide[i, k] for k in range(t - 1)] for i in range(b)])
