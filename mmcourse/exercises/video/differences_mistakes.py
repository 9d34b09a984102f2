"""What goes wrong in `video.differences`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.video.differences import differences, frame_differences

WRAPS = (
    "The numbers wrap round: `uint8` has no negative numbers, so 3 - 5 becomes 254. Change the type before you "
    "subtract, not after."
)
TOO_MANY = "There are as many differences as frames. Between t frames lie t - 1 steps: before the first there is none."


@differences.mistake(WRAPS)
def wraps(frames):
    return np.diff(frames, axis=1)


@differences.mistake(WRAPS)
def too_late(frames):
    return (frames[:, 1:] - frames[:, :-1]).astype("float32")


@differences.mistake(
    "`int8` goes from -128 to 127 only, and a change from -255 to 255. Take a type that holds them all: `int16`, or a "
    "floating-point one."
)
def too_narrow(frames):
    return np.diff(frames.astype("int8"), axis=1)


@differences.mistake("`int8` goes from -128 to 127 only: the brighter half of all values became negative in it.")
def bright_became_negative(frames):
    return np.diff(frames.astype("int8").astype("float32"), axis=1)


@differences.mistake("The numbers wrap round: `uint16` and its kin have no negative numbers either.")
def unsigned(frames):
    return np.diff(frames.astype("uint16"), axis=1)


@differences.mistake("The sign is the wrong way round: later minus earlier.")
def earlier_minus_later(frames):
    return -frame_differences(frames)


@differences.mistake("The sign is the wrong way round, and `uint8` has no negative numbers: they wrap round.")
def earlier_minus_later_wraps(frames):
    return frames[:, :-1] - frames[:, 1:]


@differences.mistake("The sign is lost. Getting brighter and getting darker are two different things.")
def absolute(frames):
    return np.abs(frame_differences(frames))


@differences.mistake("What gets darker became 0. A change may be negative: keep it.")
def saturated(frames):
    return np.maximum(frame_differences(frames), 0)


@differences.mistake("You squared the changes: their sign is lost.")
def squared(frames):
    return frame_differences(frames) ** 2


@differences.mistake("You took differences along the batch, from one film to the next. Time is axis 1.")
def over_the_batch(frames):
    return np.diff(frames.astype("float32"), axis=0)


@differences.mistake("You took differences along axis 0, the batch. Time is axis 1; and `uint8` numbers wrap round.")
def over_the_batch_wraps(frames):
    return np.diff(frames, axis=0)


@differences.mistake("You took differences along the rows of the pictures, axis 2. Time is axis 1.")
def over_the_rows(frames):
    return np.diff(frames.astype("float32"), axis=2)


@differences.mistake("You took differences along the columns of the pictures, axis 3. Time is axis 1.")
def over_the_columns(frames):
    return np.diff(frames.astype("float32"), axis=3)


@differences.mistake("You took differences along the channels, the last axis. Time is axis 1.")
def over_the_channels(frames):
    return np.diff(frames.astype("float32"))


@differences.mistake("You subtracted the first frame from all others: subtract each frame's neighbour.")
def from_the_first(frames):
    frames = frames.astype("float32")
    return frames[:, 1:] - frames[:, :1]


@differences.mistake("You subtracted all others from the last frame: subtract each frame from its neighbour.")
def to_the_last(frames):
    frames = frames.astype("float32")
    return frames[:, -1:] - frames[:, :-1]


@differences.mistake("You subtracted the film's mean frame. Asked is the change from one frame to the next.")
def from_the_mean(frames):
    frames = frames.astype("float32")
    return (frames - frames.mean(1, keepdims=True))[:, 1:]


@differences.mistake(TOO_MANY)
def rolled(frames):
    frames = frames.astype("float32")
    return frames - np.roll(frames, 1, axis=1)


@differences.mistake(TOO_MANY)
def rolled_back(frames):
    frames = frames.astype("float32")
    return np.roll(frames, -1, axis=1) - frames


@differences.mistake(TOO_MANY)
def from_black(frames):
    return np.diff(frames.astype("float32"), axis=1, prepend=0)


@differences.mistake(TOO_MANY)
def first_repeated(frames):
    frames = frames.astype("float32")
    return np.diff(frames, axis=1, prepend=frames[:, :1])


@differences.mistake(TOO_MANY)
def last_repeated(frames):
    frames = frames.astype("float32")
    return np.diff(frames, axis=1, append=frames[:, -1:])


@differences.mistake("You subtracted frames that are two steps apart. Between t frames lie t - 1 single steps.")
def two_steps(frames):
    frames = frames.astype("float32")
    return frames[:, 2:] - frames[:, :-2]


@differences.mistake("These are differences of differences, the acceleration. Subtract once.")
def twice(frames):
    return np.diff(frames.astype("float32"), n=2, axis=1)


@differences.mistake(
    "`np.gradient` takes half the difference of the neighbours on both sides. Subtract each frame's predecessor."
)
def gradient(frames):
    films = frames.astype("float32")
    return np.gradient(films, axis=1) if films.shape[1] > 1 else films


@differences.mistake("You divided by the earlier frame. Asked is the change itself, in the pixels' own units.")
def relative(frames):
    with np.errstate(all="ignore"):
        return frame_differences(frames) / frames[:, :-1]


@differences.mistake("The values are scaled by 255. The task asks for the change in the pixels' own units.")
def scaled(frames):
    return frame_differences(frames / 255)


@differences.mistake("The mean over the channels was taken. The task asks for the change of each number.")
def grey(frames):
    return frame_differences(frames.mean(-1, keepdims=True))


@differences.mistake(
    "You return one number for each step, the mean over the picture. Asked is the change of each pixel."
)
def mean_of_picture(frames):
    return frame_differences(frames).mean((2, 3, 4))


@differences.mistake("Your result says only where something changes. The task asks by how much.")
def changed(frames):
    return (frames[:, 1:] != frames[:, :-1]).astype("float32")


@differences.mistake("Your result holds only the sign of each change. The task asks by how much.")
def sign_only(frames):
    return np.sign(frame_differences(frames))


@differences.mistake(said="changes its input")
def in_place(frames):
    out = frame_differences(frames)
    frames[:, 0] = 0
    return out


@differences.mistake("Changes of more than 127 are cut off. A change goes from -255 to 255.")
def cut_at_a_byte(frames):
    return np.clip(frame_differences(frames), -128, 127)


@differences.mistake(
    "`np.gradient` takes half the difference of the neighbours on both sides. Subtract each frame's predecessor."
)
def gradient_cut(frames):
    return np.gradient(frames.astype("float64"), axis=1)[:, 1:]


@differences.mistake(
    "Pixels were halved first, to make room for the sign. Take a wider type: halves lose the last bit."
)
def halved(frames):
    return np.diff((frames // 2).astype("int16"), axis=1)


@differences.mistake(
    "`np.gradient` takes half the difference of the neighbours on both sides. Subtract each frame's predecessor."
)
def gradient_cut_behind(frames):
    return np.gradient(frames.astype("float64"), axis=1)[:, :-1]


@differences.mistake("Only the changes of the first film are there. Return those of all films of the batch.")
def first_film(frames):
    return np.diff(frames[0].astype("float32"), axis=0)


@differences.mistake("You took differences of frames 0 and 1, 2 and 3, and so on. From frame 1 to 2 is a step as well.")
def every_other_step(frames):
    wide = frames.astype("float32")
    return wide[:, 1::2] - wide[:, :-1:2]


@differences.mistake("You took the mean over the channels. Return a change for each of them.")
def mean_of_channels(frames):
    return frame_differences(frames).mean(-1)


@differences.mistake("All changes are halved. Return later minus earlier as it is.")
def half_the_change(frames):
    return frame_differences(frames) / 2


@differences.mistake(
    "`^` compares the bits of two numbers, in Python it is no minus. Subtract, in a type that has a sign."
)
def bits(frames):
    return frames[:, 1:] ^ frames[:, :-1]


@differences.mistake("You added the frames up. Subtract each frame from the next.")
def added_up(frames):
    return frames.astype("float32").cumsum(1)[:, :-1]


@differences.mistake("You added neighbouring frames. Subtract: later minus earlier.")
def sums(frames):
    wide = frames.astype("float32")
    return wide[:, 1:] + wide[:, :-1]


@differences.mistake("You took the mean of neighbouring frames. Subtract: later minus earlier.")
def means(frames):
    wide = frames.astype("float32")
    return (wide[:, 1:] + wide[:, :-1]) / 2


SMALL = "Small changes became 0 in yours. Every change counts."


@differences.mistake(SMALL)
def below_ten_left_out(frames):
    return np.where(np.abs(frame_differences(frames)) < 10, 0, frame_differences(frames))


@differences.mistake(SMALL)
def up_to_ten_left_out(frames):
    return np.where(np.abs(frame_differences(frames)) <= 10, 0, frame_differences(frames))


@differences.mistake("You took the sum over the channels. Return a change for each of them.")
def sum_of_channels(frames):
    return frame_differences(frames).sum(-1)


@differences.mistake("The films run backwards in yours: your first change is the last one's, with the other sign.")
def backwards(frames):
    return np.diff(frames[:, ::-1].astype("float32"), axis=1)


@differences.mistake("The changes are right, in the reverse order: the last comes first.")
def last_change_first(frames):
    return frame_differences(frames)[:, ::-1]


@differences.mistake(
    "You divided each change by the later frame. The task asks for the change in the pixels' own units."
)
def relative_to_the_later(frames):
    return frame_differences(frames) / np.maximum(frames[:, 1:], 1)


@differences.mistake("You took logarithms of the pixels. The task asks for the change in the pixels' own units.")
def logarithms(frames):
    return np.diff(np.log1p(frames.astype("float32")), axis=1)
