"""What goes wrong in `video.fold`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.video.fold import features_per_frame, fold


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
