"""Exercise `audio.direction`: a recurrent network that runs along the batch."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

direction = Exercise(
    "audio.direction",
    kind="find the bug",
    title="Which way does it run?",
    returns="a state for each frame of each recording",
    otherwise="These are not the states tanh(x W + h U) of each recording, frame after frame.",
    task=(
        "`read_frames(frames, W, U)` is a plain recurrent layer in NumPy: frames `(b, t, d)` of `b` recordings go in, "
        "and the state after every frame comes out, `(b, t, u)`. At each step the state becomes "
        "`tanh(x @ W + h @ U)`, and for every recording it begins with zeros. It runs, and the shape of its result is "
        "right. The result is wrong all the same. Find the bug and put it right."
    ),
    hints=(
        "Compute the states of two recordings together, and then those of the second one alone. Should they differ?",
        "A Python loop over an array runs along its first axis. Which axis is that here, and which one should it be?",
    ),
    plan=(
        "Give every recording a state of its own, zeros at first.",
        "Let the loop run along the axis of time, with one frame of every recording at each step.",
        "Put the states together so that recordings come first and time second.",
    ),
    minutes=7,
    difficulty=1,
    importance=3,
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


@direction.cases
def _(rng):
    def layer(b, t, d, u, when=""):
        frames, W, U = rng.normal(size=(b, t, d)), rng.normal(size=(d, u)), rng.normal(size=(u, u))
        return case(frames, W / math.sqrt(d), U / math.sqrt(u), when=when)

    yield layer(4, 6, 3, 5)
    yield layer(2, 5, 4, 3)
    yield layer(5, 3, 2, 6)
    yield layer(4, 4, 5, 2, when="with as many recordings as frames")
    yield layer(1, 5, 2, 4, when="with one recording")
    yield layer(4, 1, 3, 2, when="with one frame")
    yield layer(3, 4, 4, 4, when="where frames are as long as states")


@direction.oracle
def _(frames, W, U):
    b, t, d = frames.shape
    states, u = np.zeros((b, t, len(U))), len(U)
    for s in range(b):
        h = [0.0] * u
        for i in range(t):
            entering = [sum(frames[s, i, k] * W[k, j] for k in range(d)) for j in range(u)]
            h = [math.tanh(entering[j] + sum(h[k] * U[k, j] for k in range(u))) for j in range(u)]
            states[s, i] = h
    return states
