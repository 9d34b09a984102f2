"""What goes wrong in `video.sample`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.video.sample import frame_places, sample


@sample.mistake(
    "You step by `t // n`, which rounds the step itself: the frames crowd at the beginning, and the end of a long film "
    "is never seen."
)
def every_nth(t, n):
    return np.arange(t)[:: t // n][:n]


@sample.mistake("You step by `t // n`, from frame 0 on, and get more than n frames where n does not divide t.")
def too_many(t, n):
    return np.arange(0, t, t // n)


STEP_ROUNDED_UP = (
    "You step by the length of a part, rounded up, from frame 0 on. Do not round the step, and begin half a part later."
)


@sample.mistake(STEP_ROUNDED_UP)
def step_rounded_up(t, n):
    return np.arange(0, t, -(-t // n))


@sample.mistake(STEP_ROUNDED_UP)
def multiples_rounded_up(t, n):
    return np.arange(n) * -(-t // n)


@sample.mistake("These are the first frames of the parts. The middle of a part is half a part later.")
def beginnings(t, n):
    return np.arange(n) * t // n


@sample.mistake("These are the last frames of the parts, not their middles.")
def ends(t, n):
    return ((np.arange(n) + 1) * t - 1) // n


@sample.mistake("These are the first frames of the *next* parts: i + 1 stands where i + ½ belongs.")
def one_part_later(t, n):
    return (np.arange(n) + 1) * t // n


@sample.mistake(
    "These run from the very first frame to the very last. The parts' middles keep half a part from both ends."
)
def from_end_to_end(t, n):
    return np.linspace(0, t - 1, n).round().astype(int)


@sample.mistake(
    "These run from the very first frame to the very last, rounded down. The parts' middles keep half a part from both "
    "ends."
)
def from_end_to_end_down(t, n):
    return np.linspace(0, t - 1, n).astype(int)


@sample.mistake(
    "These run from 0 to t, and frame t does not exist. The parts' middles keep half a part from both ends."
)
def past_the_end(t, n):
    return np.linspace(0, t, n).astype(int)


@sample.mistake(
    "These cut the film at n places into n + 1 parts: the first frame is a whole part away from the beginning. It "
    "should be half of one."
)
def inner_cuts(t, n):
    return np.linspace(0, t, n + 2)[1:-1].astype(int)


@sample.mistake("These are the first n frames: of the rest of the film, nothing is seen.")
def the_first(t, n):
    return np.arange(n)


@sample.mistake("These are the last n frames: of the beginning of the film, nothing is seen.")
def the_last(t, n):
    return np.arange(t - n, t)


@sample.mistake("These are n neighbours from the middle of the film: beginning and end are never seen.")
def the_middle(t, n):
    return np.arange(n) + (t - n) // 2


ROUNDED_TOO_SOON = (
    "You round the length of a part before you use it, so that the frames at the end of the film are left out. Round "
    "down last."
)


@sample.mistake(ROUNDED_TOO_SOON)
def step_rounded_down(t, n):
    return (np.arange(n) + 0.5) * (t // n)


@sample.mistake(ROUNDED_TOO_SOON)
def rounded_too_soon(t, n):
    return np.arange(n) * (t // n) + t // n // 2


@sample.mistake(
    "You round down twice: the beginning of a part, then half its length. The two fractions may add up to a whole "
    "frame. Round down once, last."
)
def rounded_twice(t, n):
    return np.arange(n) * t // n + t // (2 * n)


@sample.mistake("You round to the nearest whole number; the formula rounds down.")
def to_the_nearest(t, n):
    return np.round((np.arange(n) + 0.5) * t / n).astype(int)


@sample.mistake("You round to the nearest whole number, a half upwards; the formula rounds down.")
def half_upwards(t, n):
    return np.floor((np.arange(n) + 0.5) * t / n + 0.5).astype(int)


@sample.mistake("You round up where the formula rounds down: off by one.")
def rounded_up(t, n):
    return np.ceil((np.arange(n) + 0.5) * t / n).astype(int)


@sample.mistake("These are the exact middles, most of them fractions. A place is a whole number: round down.")
def fractions(t, n):
    return (np.arange(n) + 0.5) * t / n


@sample.mistake("One too large: frames are counted from 0 on. Do not add 1 after rounding down.")
def counted_from_one(t, n):
    return frame_places(t, n) + 1


@sample.mistake("You took half a frame away before rounding down. The formula does not: the part's middle is all.")
def half_a_frame_less(t, n):
    return np.floor((np.arange(n) + 0.5) * t / n - 0.5).astype(int)


@sample.mistake("You took 1 away before rounding down. The formula does not: the part's middle is all.")
def last_place_for_length(t, n):
    return ((2 * np.arange(n) + 1) * t - 2 * n) // (2 * n)


@sample.mistake("You cut t - 1 frames into parts. The film has t: its last frame belongs to the last part.")
def one_frame_short(t, n):
    return (2 * np.arange(n) + 1) * (t - 1) // (2 * n)


@sample.mistake("i + ½ became i + 1 + ½: the parts are counted from 1 on. The first part is number 0.")
def parts_from_one(t, n):
    return (2 * np.arange(1, n + 1) + 1) * t // (2 * n)


@sample.mistake("t and n are exchanged: a part has t / n frames.")
def exchanged(t, n):
    return (2 * np.arange(n) + 1) * n // (2 * t)


@sample.mistake("i runs from 0 to t - 1 in yours, and most places lie outside the film. There are n parts.")
def a_part_for_each_frame(t, n):
    return (2 * np.arange(t) + 1) * t // (2 * n)


@sample.mistake("These are (2 i + 1) t / n, twice as far into the film as the middles: divide by 2 n.")
def twice_as_far(t, n):
    return (2 * np.arange(n) + 1) * t // n


@sample.mistake("i - ½ stands where i + ½ belongs: the first place lies before the film begins.")
def half_a_part_earlier(t, n):
    return (2 * np.arange(n) - 1) * t // (2 * n)


@sample.mistake(
    "These are the middles of parts of whole frames, as `np.array_split` makes them, the longer ones first. Here all "
    "parts have the same length, t / n, perhaps a fraction."
)
def parts_of_whole_frames(t, n):
    return np.array([part[len(part) // 2] for part in np.array_split(np.arange(t), n)])


@sample.mistake("Half a *frame* was added to the beginning of each part, not half a part.")
def half_a_frame(t, n):
    return np.floor(np.arange(n) * t / n + 0.5).astype(int)


@sample.mistake("These are the last frames of the parts, or the ones before, not their middles.")
def ends_less_one(t, n):
    return (np.arange(n) + 1) * t // n - 1


ENDS_ROUNDED = "You round the ends of each part, and take the middle of the rounded ones. Round down once, last."


@sample.mistake(ENDS_ROUNDED)
def middle_of_rounded_ends(t, n):
    return (np.arange(n) * t // n + (np.arange(n) + 1) * t // n) // 2


@sample.mistake(
    "These are the middles of parts of whole frames, as `np.array_split` makes them, the lower of two. Here all parts "
    "have the same length, t / n, perhaps a fraction."
)
def lower_middles_of_whole_frames(t, n):
    return np.array([part[(len(part) - 1) // 2] for part in np.array_split(np.arange(t), n)])


@sample.mistake("Places above 255 wrap round: `uint8` does not hold them.")
def bytes_only(t, n):
    return frame_places(t, n) % 256


@sample.mistake("You step by `t // n` from the middle of the film. Do not round the step.")
def step_rounded_around_the_middle(t, n):
    return (t - 1 - (n - 1) * (t // n)) // 2 + np.arange(n) * (t // n)


@sample.mistake(ENDS_ROUNDED)
def middle_of_first_and_last(t, n):
    ends = np.arange(n + 1) * t // n
    return (ends[:-1] + ends[1:] - 1) // 2


@sample.mistake("You round up and take 1 away: where a middle is a whole number, that is 1 too small. Round down.")
def rounded_up_less_one(t, n):
    return np.ceil((np.arange(n) + 0.5) * t / n).astype(int) - 1


@sample.mistake(
    "You step by `t // (n + 1)`, as if the film were cut at n places into n + 1 parts, and the step is rounded, too."
)
def inner_cuts_rounded(t, n):
    return (np.arange(n) + 1) * (t // (n + 1))


@sample.mistake("The right places, the last first. i runs from 0 up.")
def backwards(t, n):
    return frame_places(t, n)[::-1]


@sample.mistake("You multiply by n: `t / 2 * n` is (t / 2) · n. Put what is below the line, 2 n, into brackets.")
def times_n(t, n):
    return (2 * np.arange(n) + 1) * t * n // 2


@sample.mistake("These are a quarter of the way into each part. The middle is half of it.")
def a_quarter(t, n):
    return (4 * np.arange(n) + 1) * t // (4 * n)


@sample.mistake("These are the frames after the first ones of the parts. The middle of a part is half a part later.")
def beginnings_and_one(t, n):
    return np.arange(n) * t // n + 1


@sample.mistake("You cut t + 1 frames into parts. The film has t.")
def one_frame_more(t, n):
    return (2 * np.arange(n) + 1) * (t + 1) // (2 * n)


@sample.mistake("These are three quarters of the way into each part. The middle is half of it.")
def three_quarters(t, n):
    return (4 * np.arange(n) + 3) * t // (4 * n)


@sample.mistake("These are a third of the way into each part. The middle is half of it.")
def a_third(t, n):
    return (3 * np.arange(n) + 1) * t // (3 * n)


@sample.mistake("These cut the film into n - 1 parts: there are n.")
def one_part_less(t, n):
    return (2 * np.arange(n) + 1) * t // (2 * max(1, n - 1))


@sample.mistake("These cut the film into n + 1 parts: there are n.")
def one_part_more(t, n):
    return (2 * np.arange(n) + 1) * t // (2 * (n + 1))


@sample.mistake(ENDS_ROUNDED)
def middle_of_ends_rounded_outwards(t, n):
    return (np.arange(n) * t // n - (-(np.arange(n) + 1) * t // n)) // 2


@sample.mistake("These are the first frames of the parts, rounded up. The middle of a part is half a part later.")
def beginnings_rounded_up(t, n):
    return -(-np.arange(n) * t // n)


@sample.mistake("All places are the middle of the whole film. Take the middle of each of the n parts.")
def the_same_for_all(t, n):
    return np.full(n, t // 2)


@sample.mistake("You round the length of a part to the nearest whole number before you use it. Round down last.")
def part_to_the_nearest(t, n):
    return ((np.arange(n) + 0.5) * round(t / n)).astype(int)
