"""Exercise `video.fold`: a reshape that deals the frames of one film out to others."""

import numpy as np

from mmcourse.exercises import Exercise, expect

fold = Exercise(
    "video.fold",
    kind="find the bug",
    title="Whose frame is it?",
    task=(
        "`features_per_frame(video, encode)` should apply `encode`, a function from pictures `(n, h, w, c)` to vectors "
        "`(n, d)`, to every frame of a batch of films `(b, t, h, w, c)`, and return `(b, t, d)`. It runs, its shapes "
        "are right, with one film in the batch it is right altogether, and a recurrent layer behind it learns nothing. "
        "Put it right; call `encode` once."
    ),
    hints=(
        "Give it two films of three frames, film 0 all zeros and film 1 all ones, and the mean as `encode`. What "
        "should the rows be, and what are they?",
        "In which order do the pictures lie after the transposition: all frames of the first film, or the first frames "
        "of all films? The reshape at the end must undo exactly that.",
    ),
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


@fold.check
def _(answer, rng):
    b, t, h, w, c, d = 3, 4, 5, 6, 2, 7
    video, matrix = rng.normal(size=(b, t, h, w, c)), rng.normal(size=(h * w * c, d))
    calls = []

    def encode(pictures):
        pictures = expect.array(pictures)
        calls.append(pictures.shape)
        expect.true(
            pictures.ndim == 4,
            f"`encode` takes pictures, four axes. It got the shape {pictures.shape}: fold time into the batch.",
        )
        expect.true(
            pictures.shape[1:] == (h, w, c),
            f"`encode` got pictures of shape {pictures.shape[1:]}, the frames have {(h, w, c)}: the pictures "
            "themselves are cut up. Only batch and time may be folded.",
        )
        return np.tanh(np.reshape(pictures, (len(pictures), -1)) @ matrix)

    wanted = np.stack([[np.tanh(frame.reshape(-1) @ matrix) for frame in film] for film in video])
    out = expect.array(expect.pure(answer, video, encode), (b, t, d), "a vector for each frame of each film")
    expect.true(
        len(calls) == 1,
        f"The result may be right, but `encode` was called {len(calls)} times: fold the frames of all films into one "
        "batch, that is one call.",
    )
    given = wanted.swapaxes(0, 1).reshape(b, t, d)
    expect.differs(
        out,
        given,
        "The frames are dealt out to the wrong films: film 0 gets the first frames of all films. They were folded time "
        "first and unfolded batch first.",
    )
    expect.differs(
        out,
        np.repeat(wanted.mean(1, keepdims=True), t, 1),
        "Every frame has the mean of its film: whatever the order was, it is gone.",
    )
    expect.differs(out, wanted[:, ::-1], "The films are right, but each runs backwards.")
    changed = video.copy()
    changed[1] = rng.normal(size=(t, h, w, c))
    after = expect.array(answer(changed, encode), (b, t, d))
    expect.true(
        np.allclose(after[0], out[0]) and np.allclose(after[2], out[2]),
        "Another second film changes the features of the first or third: films still share frames.",
    )
    expect.close(out, wanted, "Each film keeps to itself, but its rows are not its frames in their order.")


@fold.mistake("dealt out to the wrong films")
def folded_otherwise(video, encode):
    b, t = video.shape[:2]
    return encode(np.moveaxis(video, 0, 1).reshape(-1, *video.shape[2:])).reshape(b, t, -1)


@fold.mistake("pictures themselves are cut up")
def pixels_folded(video, encode):
    b, t, h, w, c = video.shape
    return encode(np.moveaxis(video, 1, -1).reshape(b * c, h, w, t)).reshape(b, t, -1)


@fold.mistake("takes pictures, four axes")
def not_folded(video, encode):
    return encode(video)


@fold.mistake("the mean of its film")
def averaged(video, encode):
    out = features_per_frame(video, encode)
    return np.repeat(out.mean(1, keepdims=True), out.shape[1], axis=1)


@fold.mistake("one call")
def film_by_film(video, encode):
    return np.stack([encode(film) for film in video])


@fold.mistake("a vector for each frame of each film")
def time_first(video, encode):
    return features_per_frame(video, encode).swapaxes(0, 1)


@fold.mistake("runs backwards")
def backwards(video, encode):
    return features_per_frame(video[:, ::-1], encode)


@fold.mistake("films still share frames")
def batch_reversed_time(video, encode):
    b, t = video.shape[:2]
    out = encode(video.reshape(b * t, *video.shape[2:]))
    return out.reshape(t, b, -1).swapaxes(0, 1)
