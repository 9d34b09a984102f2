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
        "are right, with one film in the batch it is right altogether, and a recurrent layer behind it learns nothing. "
        "Put it right; call `encode` once."
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


@fold.mistake(
    "The frames are dealt out to the wrong films: film 0 gets the first frames of all films. They were folded time "
    "first and unfolded batch first."
)
def folded_otherwise(video, encode):
    b, t = video.shape[:2]
    return encode(np.moveaxis(video, 0, 1).reshape(-1, *video.shape[2:])).reshape(b, t, -1)


@fold.mistake(said="pictures themselves are cut up")
def pixels_folded(video, encode):
    b, t, h, w, c = video.shape
    return encode(np.moveaxis(video, 1, -1).reshape(b * c, h, w, t)).reshape(b, t, -1)


@fold.mistake(said="takes pictures, four axes")
def not_folded(video, encode):
    return encode(video)


@fold.mistake("Every frame has the mean of its film: whatever the order was, it is gone.")
def averaged(video, encode):
    out = features_per_frame(video, encode)
    return np.repeat(out.mean(1, keepdims=True), out.shape[1], axis=1)


@fold.mistake(said="one call")
def film_by_film(video, encode):
    return np.stack([encode(film) for film in video])


@fold.mistake("Batch and time are exchanged: the result is `(t, b, d)`, not a row of frames for each film.")
def time_first(video, encode):
    return features_per_frame(video, encode).swapaxes(0, 1)


@fold.mistake("The films are right, but each runs backwards.")
def backwards(video, encode):
    return features_per_frame(video[:, ::-1], encode)


@fold.mistake('They were folded film by film, and unfolded as if time came first (`order="F"` does that, too).')
def batch_reversed_time(video, encode):
    b, t = video.shape[:2]
    out = encode(video.reshape(b * t, *video.shape[2:]))
    return out.reshape(t, b, -1).swapaxes(0, 1)


@fold.mistake(
    "The rows are in the right order, but unfolded to `(t, b, d)`: they lie film by film, so it is `(b, t, d)`."
)
def lengths_exchanged(video, encode):
    out = features_per_frame(video, encode)
    return out.reshape(out.shape[1], out.shape[0], -1)


@fold.mistake("You return the vectors still folded, b · t rows. Unfold them to `(b, t, d)`.")
def still_folded(video, encode):
    out = features_per_frame(video, encode)
    return out.reshape(-1, out.shape[-1])


@fold.mistake("The vectors of a film are joined to one long row. Keep one vector for each frame: `(b, t, d)`.")
def one_long_row(video, encode):
    return features_per_frame(video, encode).reshape(len(video), -1)


@fold.mistake("You return one vector for each film, the mean over its frames. Keep one for each frame.")
def mean_over_time(video, encode):
    return features_per_frame(video, encode).mean(1)


@fold.mistake("You return one vector for each film, that of its last frame. Keep one for each frame.")
def last_frame(video, encode):
    return features_per_frame(video, encode)[:, -1]


@fold.mistake("Every frame has the vector of its film's first frame.")
def first_for_all(video, encode):
    out = features_per_frame(video, encode)
    return np.repeat(out[:, :1], out.shape[1], axis=1)


@fold.mistake("Every film has the vectors of the first film.")
def first_film_for_all(video, encode):
    return np.repeat(encode(video[0])[None], len(video), axis=0)


@fold.mistake("You average the frames of a film before `encode` sees them: what changes from frame to frame is gone.")
def frames_averaged(video, encode):
    return np.repeat(encode(video.mean(1))[:, None], video.shape[1], axis=1)


@fold.mistake("The last two axes are exchanged: the result is `(b, d, t)`, not a vector for each frame.")
def vectors_in_columns(video, encode):
    return features_per_frame(video, encode).swapaxes(1, 2)


@fold.mistake("The vectors are right, the films are in another order: the last comes first.")
def films_reversed(video, encode):
    return features_per_frame(video[::-1], encode)


@fold.mistake("Each film has the vectors of its neighbour in the batch.")
def neighbour(video, encode):
    return np.roll(features_per_frame(video, encode), 1, axis=0)


@fold.mistake(said="axes of the pictures are exchanged")
def pictures_turned(video, encode):
    b, t = video.shape[:2]
    turned = video.swapaxes(2, 3)
    return encode(turned.reshape(b * t, *turned.shape[2:])).reshape(b, t, -1)


@fold.mistake(said="one call")
def step_by_step(video, encode):
    return np.stack([encode(video[:, k]) for k in range(video.shape[1])], axis=1)


@fold.mistake(said="one call")
def frame_by_frame(video, encode):
    return np.stack([[encode(frame[None])[0] for frame in film] for film in video])


@fold.mistake(said="Your function changes its input `video`.")
def folded_in_place(video, encode):
    video[:] = video - video.mean()
    return features_per_frame(video, encode)


@fold.mistake("The pictures were divided by 255 before `encode`. Give them as they come.")
def pictures_scaled(video, encode):
    return features_per_frame(video / 255, encode)


@fold.mistake("The vector of the first frame is taken away from each. Keep the vectors as they come.")
def less_the_first(video, encode):
    out = features_per_frame(video, encode)
    return out - out[:, :1]


@fold.mistake(
    "The result is `(t, b, d)`, and the frames are dealt out to the wrong films. Those folded time first are unfolded "
    "`(t, b, -1)`; only then are the two axes exchanged."
)
def folded_otherwise_and_exchanged(video, encode):
    return folded_otherwise(video, encode).swapaxes(0, 1)


@fold.mistake("You return one vector for each film, that of the mean of its frames. Keep one for each frame.")
def vector_of_the_mean(video, encode):
    return encode(video.mean(1))


@fold.mistake("You return one vector for each film, that of its first frame. Keep one for each frame.")
def first_frame(video, encode):
    return encode(video[:, 0])


@fold.mistake("These are the pixels of the frames. Give the frames to `encode`, and return its vectors.")
def pixels(video, encode):
    return video.reshape(*video.shape[:2], -1)


@fold.mistake("The vectors were brought to length one. Keep them as `encode` gives them.")
def unit_vectors(video, encode):
    out = features_per_frame(video, encode)
    return out / np.linalg.norm(out, axis=-1, keepdims=True)


@fold.mistake("The vectors of a film are added up from frame to frame. Keep them as `encode` gives them.")
def added_up(video, encode):
    return features_per_frame(video, encode).cumsum(1)


@fold.mistake("Frames and films run backwards: everything is in the reverse order.")
def all_reversed(video, encode):
    return features_per_frame(video[::-1, ::-1], encode)


@fold.mistake("`encode` got the changes from frame to frame. Give it the frames as they come.")
def changes(video, encode):
    return features_per_frame(np.diff(video, axis=1, prepend=0), encode)


@fold.mistake("The frames are cut to whole numbers before `encode`. Give them as they come.")
def whole_numbers(video, encode):
    return features_per_frame(video.astype(int), encode)


@fold.mistake("The mean over a film's frames is taken away from each vector. Keep the vectors as they come.")
def centred(video, encode):
    out = features_per_frame(video, encode)
    return out - out.mean(1, keepdims=True)


@fold.mistake("The last frame of each film is missing. Return a vector for each frame.")
def last_left_out(video, encode):
    return features_per_frame(video, encode)[:, :-1]


@fold.mistake("Every film has the mean of all films' vectors. Keep those of each film.")
def mean_of_films(video, encode):
    out = features_per_frame(video, encode)
    return np.repeat(out.mean(0, keepdims=True), len(out), axis=0)
