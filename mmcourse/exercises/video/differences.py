"""Exercise `video.differences`: what changes from frame to frame, without wrapping round."""

import numpy as np

from mmcourse.exercises import Exercise, expect

differences = Exercise(
    "video.differences",
    kind="implement",
    title="What changes",
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
)


@differences.solved_by
def frame_differences(frames):
    """Films (b, t, h, w, c), uint8 -> signed changes (b, t - 1, h, w, c)."""
    frames = frames.astype("float32")
    return frames[:, 1:] - frames[:, :-1]


@differences.check
def _(answer, rng):
    frames = rng.integers(0, 256, (3, 5, 4, 6, 2)).astype("uint8")
    wide = frames.astype("int64")
    change = wide[:, 1:] - wide[:, :-1]
    out = expect.array(expect.pure(answer, frames))
    for axis, name in ((0, "batch"), (2, "rows"), (3, "columns"), (4, "channels")):
        expect.true(
            out.shape != np.diff(wide, axis=axis).shape,
            f"You took differences along the {name}. Time is axis 1.",
        )
    expect.true(
        out.shape != frames.shape,
        "There are as many differences as frames. Between t frames lie t - 1 steps: before the first there is none.",
    )
    out = expect.array(out, change.shape, "one change for each pair of neighbouring frames")
    expect.differs(
        out.astype("float64"),
        change % 256,
        "The numbers wrap round: `uint8` has no negative numbers, so 3 - 5 becomes 254. Change the type before you "
        "subtract, not after.",
    )
    expect.differs(out, -change, "The sign is the wrong way round: later minus earlier.")
    expect.differs(out, abs(change), "The sign is lost. Getting brighter and getting darker are two different things.")
    expect.differs(
        out,
        wide[:, 1:] - wide[:, :1],
        "You subtracted the first frame from all others: subtract each frame's neighbour.",
    )
    expect.differs(out, change / 255, "The values are scaled. The task asks for the change in the pixels' own units.")
    expect.close(out, change, "This is not each frame less the one before it.")


@differences.mistake("wrap round")
def wraps(frames):
    return np.diff(frames, axis=1)


@differences.mistake("before you subtract, not after")
def too_late(frames):
    return (frames[:, 1:] - frames[:, :-1]).astype("float32")


@differences.mistake("along the batch")
def over_the_batch(frames):
    return np.diff(frames.astype("float32"), axis=0)


@differences.mistake("wrong way round")
def earlier_minus_later(frames):
    return frame_differences(frames[:, ::-1])[:, ::-1]


@differences.mistake("sign is lost")
def absolute(frames):
    return np.abs(frame_differences(frames))


@differences.mistake("each frame's neighbour")
def from_the_first(frames):
    frames = frames.astype("float32")
    return frames[:, 1:] - frames[:, :1]


@differences.mistake("as many differences as frames")
def rolled(frames):
    frames = frames.astype("float32")
    return frames - np.roll(frames, 1, axis=1)


@differences.mistake("changes its input")
def in_place(frames):
    out = frame_differences(frames)
    frames[:, 0] = 0
    return out
