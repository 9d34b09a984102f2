"""Exercise `audio.direction`: a recurrent network that runs along the batch."""

import numpy as np

from mmcourse.exercises import Exercise, expect

direction = Exercise(
    "audio.direction",
    kind="find the bug",
    title="Which way does it run?",
    task=(
        "`read_frames(frames, W, U)` is a plain recurrent layer in NumPy: frames `(b, t, d)` of `b` recordings go in, "
        "and the state after every frame comes out, `(b, t, u)`. At each step the state becomes "
        "`tanh(x @ W + h @ U)`, and it begins with zeros. It runs, and the shape of its result is right. The result "
        "is wrong all the same. Find the bug and put it right."
    ),
    hints=(
        "Compute the states of two recordings together, and then those of the second one alone. Should they differ?",
        "A Python loop over an array runs along its first axis. Which axis is that here, and which one should it be?",
    ),
)


@direction.given
def _(frames, W, U):
    """Frames (b, t, d) of b recordings -> all states (b, t, u)."""
    h = np.zeros((frames.shape[1], U.shape[0]))
    states = []
    for x in frames:
        h = np.tanh(x @ W + h @ U)
        states.append(h)
    return np.stack(states)


@direction.solved_by
def read_frames(frames, W, U):
    """Frames (b, t, d) of b recordings -> all states (b, t, u)."""
    h = np.zeros((frames.shape[0], U.shape[0]))  # a state for each recording
    states = []
    for i in range(frames.shape[1]):
        h = np.tanh(frames[:, i] @ W + h @ U)
        states.append(h)
    return np.stack(states, axis=1)


def _along_the_batch(frames, W, U):
    h, states = np.zeros((frames.shape[1], U.shape[0])), []
    for x in frames:
        h = np.tanh(x @ W + h @ U)
        states.append(h)
    return np.stack(states)


def _run(frames, W, U, start=None, step=1):
    out = np.zeros((*frames.shape[:2], len(U)))
    for b, recording in enumerate(frames):
        h = np.zeros(len(U)) if start is None else start
        for i in range(len(recording))[::step]:
            h = np.tanh(recording[i] @ W + h @ U)
            out[b, i] = h
    return out


@direction.check
def _(answer, rng):
    b, t, d, u = 4, 6, 3, 5
    frames, W, U = rng.normal(size=(b, t, d)), rng.normal(size=(d, u)), rng.normal(size=(u, u))
    expected = _run(frames, W, U)
    got = expect.array(expect.pure(answer, frames, W, U))
    expect.true(
        got.shape != (t, b, u),
        "Time stands first in your result, (t, b, u). Stack the states along axis 1, so that it is (b, t, u).",
    )
    expect.true(got.shape != (b, u), "You returned the last state only. All states are wanted, (b, t, u).")
    got = expect.array(got, (b, t, u), "a state for each frame of each recording", kind="float")
    expect.differs(
        got, _along_the_batch(frames, W, U), "It still runs along the batch: the state of one recording goes into the "
        "next recording, and the frames of one recording never meet. A neighbour in the batch must change nothing.",
    )  # fmt: skip
    expect.differs(got, np.tanh(frames @ W), "The state does not come back: each frame is read alone, without `h @ U`.")
    expect.differs(
        got, _run(frames, W, U, step=-1), "It reads from the last frame to the first. Time runs the other way."
    )
    mixed = frames.transpose(1, 0, 2).reshape(b, t, d)
    expect.differs(
        got, _run(mixed, W, U), "`reshape` does not exchange axes: it mixes the frames of different recordings. Use "
        "`transpose`, or index the second axis.",
    )  # fmt: skip
    alone = expect.array(answer(frames[1:2], W, U))
    expect.true(
        alone.shape == (1, t, u) and np.allclose(alone[0], got[1], atol=1e-6),
        "A recording's states change when its neighbours leave the batch. Does the state begin with zeros for each?",
    )
    expect.close(got, expected, "No recording sees another one, but these are not the states tanh(x W + h U).")


@direction.mistake("still runs along the batch")
def renamed_only(frames, W, U):
    return _along_the_batch(frames, W, U)


@direction.mistake("Time stands first")
def not_turned_back(frames, W, U):
    return read_frames(frames, W, U).transpose(1, 0, 2)


@direction.mistake("last state only")
def last_state(frames, W, U):
    return read_frames(frames, W, U)[:, -1]


@direction.mistake("does not come back")
def no_recurrence(frames, W, U):
    return np.tanh(frames @ W)


@direction.mistake("Time runs the other way")
def backwards(frames, W, U):
    return read_frames(frames[:, ::-1], W, U)[:, ::-1]


@direction.mistake("does not exchange axes")
def reshaped(frames, W, U):
    b, t, d = frames.shape
    return read_frames(frames.transpose(1, 0, 2).reshape(b, t, d), W, U)


@direction.mistake("when its neighbours leave")
def one_state_for_all(frames, W, U):
    out, h = np.zeros((*frames.shape[:2], len(U))), np.zeros(len(U))
    for b in range(len(frames)):
        for i in range(frames.shape[1]):
            out[b, i] = h = np.tanh(frames[b, i] @ W + h @ U)
    return out
