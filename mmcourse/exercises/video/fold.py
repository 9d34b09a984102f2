"""Exercise `video.fold`: a reshape that deals the frames of one film out to others."""

from functools import partial

import numpy as np

from mmcourse.exercises import Exercise, anew, case, expect

fold = Exercise(
    "video.fold",
    kind="find the bug",
    title="Whose frame is it?",
    returns="a vector for each frame of each film",
    otherwise="These are not the vectors of the frames, each in its place: at `[i, j]` that of frame j of film i.",
    task=(
        "`features_per_frame(video, encode)` should apply `encode`, a function from pictures `(n, h, w, c)` to vectors "
        "`(n, d)`, to every frame of a batch of films `(b, t, h, w, c)`, and return `(b, t, d)`. It runs, its shapes "
        "are right, with one film in the batch it is right altogether, and a recurrent layer behind it would read "
        "frames of other films. Put it right; call `encode` once."
    ),
    hints=(
        "Give it two films of three frames, film 0 all zeros and film 1 all ones, and the mean as `encode`. What "
        "should the rows be, and what are they?",
        "In which order do the pictures lie after the transposition: all frames of the first film, or the first frames "
        "of all films? The reshape at the end must undo exactly that.",
    ),
    plan=(
        "Fold batch and time into one axis, so that the frames of a film lie one behind the other.",
        "Call `encode` once, on all pictures.",
        "Unfold the vectors again, in the same order.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
)


@fold.solved_by
def features_per_frame(video, encode):
    """Films (b, t, h, w, c) -> a vector for each frame (b, t, d)."""
    b, t = video.shape[:2]
    pictures = video.reshape(b * t, *video.shape[2:])  # film by film
    return encode(pictures).reshape(b, t, -1)


@fold.given
def _given_features(video, encode):
    """Films (b, t, h, w, c) -> a vector for each frame (b, t, d)."""
    b, t = video.shape[:2]
    pictures = np.concatenate(video.swapaxes(0, 1))  # (t * b, h, w, c)
    return encode(pictures).reshape(b, t, -1)


class Encoder:
    """A random layer over whole pictures; notes how many pictures each call has."""

    def __init__(self, shape, matrix):
        self.shape, self.matrix, self.calls = shape, matrix, []

    def __call__(self, pictures):
        pictures = expect.array(pictures)
        self.calls.append(len(pictures) if pictures.ndim else 0)
        expect.true(
            pictures.ndim == 4,
            f"`encode` takes pictures, four axes. It got the shape {pictures.shape}: fold time into the batch.",
        )
        expect.true(
            pictures.shape[1:] == self.shape or sorted(pictures.shape[1:]) != sorted(self.shape),
            f"`encode` got pictures of shape {pictures.shape[1:]}, the frames have {self.shape}: the axes of the "
            "pictures are exchanged.",
        )
        expect.true(
            pictures.shape[1:] == self.shape,
            f"`encode` got pictures of shape {pictures.shape[1:]}, the frames have {self.shape}: the pictures "
            "themselves are cut up. Only batch and time may be folded.",
        )
        return np.tanh(np.reshape(pictures, (len(pictures), -1)) @ self.matrix)


@fold.cases
def _(rng):
    for b, t in ((3, 4), (2, 5), (4, 2), (3, 3), (1, 3), (3, 1)):
        # All lengths of a picture are different, and none is that of the batch or of time: no two axes can be confused.
        h, w, c = (int(n) for n in rng.permutation(sorted({2, 3, 4, 5, 6, 7} - {b, t}))[:3])
        matrix = rng.normal(size=(h * w * c, int(rng.integers(2, 6)))) / 4
        when = "with one film" if b == 1 else "with one frame" if t == 1 else ""
        yield case(rng.normal(size=(b, t, h, w, c)), anew(partial(Encoder, (h, w, c), matrix)), when=when)


@fold.oracle
def _(video, encode):
    return np.stack([[np.tanh(frame.reshape(-1) @ encode.matrix) for frame in film] for film in video])


@fold.also
def _(result, video, encode):
    expect.true(
        len(encode.calls) == 1,
        f"The result is right, but `encode` was called {len(encode.calls)} times: fold the frames of all films into "
        "one batch, that is one call.",
    )
