"""What goes wrong in `audio.direction`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.audio._inputs import plant
from mmcourse.exercises.audio.direction import direction, read_frames


def _run(frames, W, U, start=0.0, step=lambda x, h, W, U: np.tanh(x @ W + h @ U)):
    """All states, with another start or another step."""
    h, states = np.full((len(frames), len(U)), start), []
    for i in range(frames.shape[1]):
        h = step(frames[:, i], h, W, U)
        states.append(h)
    return np.stack(states, axis=1)


def _step(function):
    return lambda frames, W, U: _run(frames, W, U, step=function)


def _along_the_batch(frames, W, U):
    h, states = np.zeros((frames.shape[1], U.shape[0])), []
    for x in frames:
        h = np.tanh(x @ W + h @ U)
        states.append(h)
    return np.stack(states)


plant(
    direction,
    "It still runs along the batch: the state of one recording goes into the next recording, and the frames of one "
    "recording never meet. A neighbour in the batch must change nothing.",
    renamed_only=_along_the_batch,
    renamed_only_turned=lambda frames, W, U: _along_the_batch(frames, W, U).swapaxes(0, 1),
    backwards_along_the_batch=lambda frames, W, U: _along_the_batch(frames[::-1], W, U)[::-1],
)
plant(
    direction,
    "Time stands first in your result, (t, b, u). Stack the states along axis 1, so that it is (b, t, u).",
    not_turned_back=lambda frames, W, U: read_frames(frames, W, U).transpose(1, 0, 2),
)
plant(
    direction,
    "You returned the last state only. All states are wanted, (b, t, u).",
    last_state=lambda frames, W, U: read_frames(frames, W, U)[:, -1],
)
plant(
    direction,
    "The last state stands at every frame. Keep the state after each one.",
    last_state_repeated=lambda frames, W, U: np.repeat(read_frames(frames, W, U)[:, -1:], frames.shape[1], 1),
)
plant(
    direction,
    "The state does not come back: each frame is read alone, without `h @ U`.",
    no_recurrence=lambda frames, W, U: np.tanh(frames @ W),
)
plant(
    direction,
    "It reads from the last frame to the first. Time runs the other way.",
    backwards=lambda frames, W, U: read_frames(frames[:, ::-1], W, U)[:, ::-1],
    backwards_in_its_order=lambda frames, W, U: read_frames(frames[:, ::-1], W, U),
)
plant(
    direction,
    "The states are right, but they come out from the last to the first.",
    states_reversed=lambda frames, W, U: read_frames(frames, W, U)[:, ::-1],
)
plant(
    direction,
    "`reshape` does not exchange axes: it mixes the frames of different recordings. Use `transpose`, or index the "
    "second axis.",
    reshaped=lambda frames, W, U: read_frames(frames.transpose(1, 0, 2).reshape(frames.shape), W, U),
    reshaped_at_the_beginning=lambda frames, W, U: read_frames(
        frames.reshape(frames.shape[1], len(frames), -1).swapaxes(0, 1), W, U
    ),
    reshaped_twice=lambda frames, W, U: _along_the_batch(
        frames.reshape(frames.shape[1], len(frames), -1), W, U
    ).reshape(*frames.shape[:2], -1),
    reshaped_at_the_end=lambda frames, W, U: read_frames(frames, W, U).swapaxes(0, 1).reshape(*frames.shape[:2], -1),
)


@direction.mistake(
    "The state goes on from one recording to the next. It begins with zeros for each: neighbours in the batch must "
    "change nothing."
)
def one_state_for_all(frames, W, U):
    out, h = np.zeros((*frames.shape[:2], len(U))), np.zeros(len(U))
    for b in range(len(frames)):
        for i in range(frames.shape[1]):
            out[b, i] = h = np.tanh(frames[b, i] @ W + h @ U)
    return out


@direction.mistake(
    "There is one state for all recordings, which goes round from one to the next at every frame. Give each its own."
)
def one_state_in_turn(frames, W, U):
    out, h = np.zeros((*frames.shape[:2], len(U))), np.zeros(len(U))
    for i in range(frames.shape[1]):
        for b in range(len(frames)):
            out[b, i] = h = np.tanh(frames[b, i] @ W + h @ U)
    return out


@direction.mistake(
    "The loop runs along time, but the state has a row for each *frame*. It needs one for each recording: "
    "`frames.shape[0]` rows."
)
def state_for_each_frame(frames, W, U):
    h, states = np.zeros((frames.shape[1], len(U))), []
    for i in range(frames.shape[1]):
        h = np.tanh(frames[:, i] @ W + h @ U)
        states.append(h)
    return np.stack(states, axis=1)


plant(
    direction,
    "The states of all recordings are mixed at every step, in a mean or a sum. Each recording has its own.",
    mean_state=_step(lambda x, h, W, U: np.tanh(x @ W + h.mean(0) @ U)),
    summed_state=_step(lambda x, h, W, U: np.tanh(x @ W + h.sum(0) @ U)),
    first_state=_step(lambda x, h, W, U: np.tanh(x @ W + h[0] @ U)),
)
plant(
    direction,
    "All recordings get the states of the first one.",
    first_recording=lambda frames, W, U: np.repeat(read_frames(frames[:1], W, U), len(frames), 0),
)
plant(
    direction,
    "The state must begin with zeros, not with ones.",
    begins_with_ones=lambda frames, W, U: _run(frames, W, U, 1.0),
)
plant(
    direction,
    "These are the states *before* each frame, zeros first. Keep the state after each: that after the last is missing.",
    states_before=lambda frames, W, U: np.pad(read_frames(frames, W, U), ((0, 0), (1, 0), (0, 0)))[:, :-1],
)
plant(
    direction,
    "There is one state too many: the zeros at the beginning are not the state after a frame.",
    zeros_kept=lambda frames, W, U: np.pad(read_frames(frames, W, U), ((0, 0), (1, 0), (0, 0))),
)
plant(
    direction,
    "The last frame is not read: there are `t` states, one after each frame.",
    last_frame_lost=lambda frames, W, U: read_frames(frames, W, U)[:, :-1],
)
plant(
    direction,
    "The matrix of the state is transposed: it is `h @ U`.",
    transposed=_step(lambda x, h, W, U: np.tanh(x @ W + h @ U.T)),
)
plant(
    direction,
    "`W` and `U` are exchanged: `W` is for the frame, `U` for the state.",
    exchanged=_step(lambda x, h, W, U: np.tanh(x @ U + h @ W)),
)
plant(
    direction,
    "There is no tanh around the sum.",
    no_tanh=_step(lambda x, h, W, U: x @ W + h @ U),
)
plant(
    direction,
    "The tanh stands around one of the two terms only. It belongs around their sum.",
    tanh_of_the_frame=_step(lambda x, h, W, U: np.tanh(x @ W) + h @ U),
    tanh_of_the_state=_step(lambda x, h, W, U: x @ W + np.tanh(h @ U)),
)
plant(
    direction,
    "Each of the two terms has a tanh of its own. One tanh belongs around their sum.",
    tanh_of_both=_step(lambda x, h, W, U: np.tanh(x @ W) + np.tanh(h @ U)),
)
plant(
    direction,
    "The new state is added to the old one. It replaces it.",
    added_up=_step(lambda x, h, W, U: h + np.tanh(x @ W + h @ U)),
)
plant(
    direction,
    "The old state is subtracted. It is added: `x @ W + h @ U`.",
    subtracted=_step(lambda x, h, W, U: np.tanh(x @ W - h @ U)),
)
plant(
    direction,
    "The old state is added without the matrix `U`.",
    without_u=_step(lambda x, h, W, U: np.tanh(x @ W + h)),
)
plant(
    direction,
    "Another function stands in the place of tanh.",
    sigmoid=_step(lambda x, h, W, U: 1 / (1 + np.exp(-(x @ W + h @ U)))),
    relu=_step(lambda x, h, W, U: np.maximum(x @ W + h @ U, 0)),
)
plant(
    direction,
    "The first frame enters twice: the state begins as its tanh, and then the frame is read once more. It begins with "
    "zeros.",
    first_frame_twice=lambda frames, W, U: _begun(frames, W, U, np.tanh(frames[:, 0] @ W)),
)
plant(
    direction,
    "The state does not begin with zeros.",
    begins_with_first_product=lambda frames, W, U: _begun(frames, W, U, frames[:, 0] @ W),
    begins_with_last_state=lambda frames, W, U: _begun(frames, W, U, read_frames(frames, W, U)[:, -1]),
)
plant(
    direction,
    "The first state of each recording is zeros: your loop begins with the second frame. Zeros come *before* the first "
    "frame, whose state is `tanh(x @ W)`.",
    first_state_zeros=lambda frames, W, U: np.concatenate(
        [np.zeros((len(frames), 1, len(U))), read_frames(frames[:, 1:], W, U)]
        if frames.shape[1] > 1
        else [np.zeros((len(frames), 1, len(U)))],
        axis=1,
    ),
)
plant(
    direction,
    "Each state is made of the frame before it, and the first one of the last frame. State `i` takes frame `i`.",
    frame_before=lambda frames, W, U: read_frames(np.roll(frames, 1, axis=1), W, U),
)
plant(
    direction,
    "Each state is made of the frame after it. State `i` takes frame `i`.",
    frame_after=lambda frames, W, U: read_frames(np.roll(frames, -1, axis=1), W, U),
)
plant(
    direction,
    "A mean was taken off the frames first. They go in as they are.",
    mean_over_time_off=lambda frames, W, U: read_frames(frames - frames.mean(1, keepdims=True), W, U),
    mean_over_batch_off=lambda frames, W, U: read_frames(frames - frames.mean(0), W, U),
    mean_of_channels_off=lambda frames, W, U: read_frames(frames - frames.mean((0, 1)), W, U),
)
plant(
    direction,
    "The state of one frame ago is skipped: `h` comes from two frames ago.",
    two_frames_ago=lambda frames, W, U: _two_ago(frames, W, U),
)


def _begun(frames, W, U, h):
    """All states, the first of which are made of `h` (b, u)."""
    states = []
    for i in range(frames.shape[1]):
        h = np.tanh(frames[:, i] @ W + h @ U)
        states.append(h)
    return np.stack(states, axis=1)


def _two_ago(frames, W, U):
    states = [np.zeros((len(frames), len(U)))] * 2
    for i in range(frames.shape[1]):
        states.append(np.tanh(frames[:, i] @ W + states[i] @ U))
    return np.stack(states[2:], axis=1)


plant(
    direction,
    "`U` is not used: each state is the tanh of the frames' sum so far. The state before comes in through `h @ U`.",
    sum_so_far=lambda frames, W, U: np.tanh(np.cumsum(frames @ W, axis=1)),
)
plant(
    direction,
    "The new state is averaged with the old one. It replaces it.",
    averaged=_step(lambda x, h, W, U: (h + np.tanh(x @ W + h @ U)) / 2),
)
plant(
    direction,
    "The recordings are read in both directions. This layer reads from the first frame to the last, and that is all.",
    both_added=lambda frames, W, U: read_frames(frames, W, U) + read_frames(frames[:, ::-1], W, U)[:, ::-1],
    both_averaged=lambda frames, W, U: (read_frames(frames, W, U) + read_frames(frames[:, ::-1], W, U)[:, ::-1]) / 2,
    both_side_by_side=lambda frames, W, U: np.concatenate(
        [read_frames(frames, W, U), read_frames(frames[:, ::-1], W, U)[:, ::-1]], axis=-1
    ),
)
plant(
    direction,
    "The same frame is read at every step. Step `i` reads frame `i`.",
    last_frame_always=lambda frames, W, U: read_frames(np.repeat(frames[:, -1:], frames.shape[1], 1), W, U),
    first_frame_always=lambda frames, W, U: read_frames(np.repeat(frames[:, :1], frames.shape[1], 1), W, U),
    mean_frame_always=lambda frames, W, U: read_frames(
        np.repeat(frames.mean(1, keepdims=True), frames.shape[1], 1), W, U
    ),
)
plant(
    direction,
    "The state is multiplied by `U` after the tanh as well. Only the old state inside the tanh is.",
    times_u=_step(lambda x, h, W, U: np.tanh(x @ W + h @ U) @ U),
)
plant(
    direction,
    "The whole sum is multiplied by `U`. It belongs to the old state alone: `x @ W + h @ U`.",
    sum_times_u=_step(lambda x, h, W, U: np.tanh((x @ W + h) @ U)),
)
plant(
    direction,
    "The recordings come out in another order. Row `s` of the result belongs to recording `s`.",
    recordings_reversed=lambda frames, W, U: read_frames(frames, W, U)[::-1],
)


plant(
    direction,
    "Time stands last in your result, (b, u, t). Stack the states along axis 1, so that it is (b, t, u).",
    time_last=lambda frames, W, U: read_frames(frames, W, U).swapaxes(1, 2),
)
