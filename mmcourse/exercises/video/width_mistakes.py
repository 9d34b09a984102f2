"""What goes wrong in `video.width`: planted mistakes with their messages."""

import math

from mmcourse.exercises.video.width import counts, middle_channels, width


def _mistake(message):
    """Registers a formula in fractions; the mistake rounds it down, as it should."""

    def register(formula):
        def mistake(t, k, d_in, d_out):
            return math.floor(formula(t, k, d_in, d_out))

        mistake.__name__ = formula.__name__
        width.mistake(message)(mistake)
        return formula

    return register


@width.mistake("You rounded up: the two steps have more weights than the whole.")
def rounded_up(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return -(-whole // each)


@width.mistake("You always go one further than allowed: with this m the two steps have more weights than the whole.")
def one_more(t, k, d_in, d_out):
    return middle_channels(t, k, d_in, d_out) + 1


@width.mistake("You rounded to the nearest whole number. Rounded up, the two steps have more weights than the whole.")
def to_the_nearest(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return round(whole / each)


@width.mistake(
    "No more means that as many are allowed. Where m channels have exactly as many weights, yours is one less."
)
def strictly_fewer(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return (whole - 1) // each


@width.mistake("A number of channels is a whole number: round down.")
def not_rounded(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return whole / each


@_mistake("The kernel is a square in space: k * k, wherever k stands. And the whole has it, too.")
def k_once(t, k, d_in, d_out):
    return t * k * d_in * d_out / (k * d_in + t * d_out)


@_mistake("The whole convolution reaches over k times k pixels as well: its kernels are `t * k * k`.")
def k_not_in_the_whole(t, k, d_in, d_out):
    return t * d_in * d_out / (k * k * d_in + t * d_out)


@_mistake("The whole convolution has `t * k * k` kernels: k twice, as its kernels are square in space.")
def k_once_in_the_whole(t, k, d_in, d_out):
    return t * k * d_in * d_out / (k * k * d_in + t * d_out)


@_mistake("The step in space has `k * k` kernels: k twice, as they are square.")
def k_once_in_space(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * d_in + t * d_out)


@_mistake("You forgot that the whole convolution reaches over t frames: its kernels are `t * k * k`.")
def t_not_in_the_whole(t, k, d_in, d_out):
    return k * k * d_in * d_out / (k * k * d_in + t * d_out)


@_mistake("The kernels in time are `t * 1 * 1`: t weights for each pair of channels.")
def t_not_in_time(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_in + d_out)


@_mistake(
    "The step in space reads `d_in` with `k * k` weights, that in time writes `d_out` with `t`: yours are exchanged."
)
def kernels_exchanged(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (t * d_in + k * k * d_out)


@_mistake(
    "The step in space reads `d_in`, the step in time writes `d_out`. Yours is what comes out if both have `d_in`."
)
def d_in_twice(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_in + t * d_in)


@_mistake(
    "The step in space reads `d_in`, the step in time writes `d_out`. Yours is what comes out if both have `d_out`."
)
def d_out_twice(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_out + t * d_out)


@_mistake("You forgot the step in time: it has `t * m * d_out` weights of its own.")
def space_only(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_in)


@_mistake("You forgot the step in space: it has `k * k * d_in * m` weights of its own.")
def time_only(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (t * d_out)


@_mistake(
    "The two steps' kernels are there, their channels are not: the first step joins `d_in` channels with each of the "
    "m, the second each of the m with `d_out`."
)
def without_channels(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k + t)


@_mistake("The weights of the whole lack `d_out`: each of `d_in` channels is joined with each of `d_out`.")
def whole_without_d_out(t, k, d_in, d_out):
    return t * k * k * d_in / (k * k * d_in + t * d_out)


@_mistake("The weights of the whole lack `d_in`: each of `d_in` channels is joined with each of `d_out`.")
def whole_without_d_in(t, k, d_in, d_out):
    return t * k * k * d_out / (k * k * d_in + t * d_out)


@_mistake("The step in space lacks its channels: it has `k * k * d_in * m` weights.")
def space_without_channels(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k + t * d_out)


@_mistake("The step in time lacks its channels: it has `t * m * d_out` weights.")
def time_without_channels(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_in + t)


@_mistake("In the step in time the m channels are missing: it has `t * m * d_out` weights.")
def time_without_m(t, k, d_in, d_out):
    return (t * k * k * d_in * d_out - t * d_out) / (k * k * d_in)


@_mistake("The step in time reads the m channels, not `d_in`: it has `t * m * d_out` weights.")
def time_from_d_in(t, k, d_in, d_out):
    return (t * k * k * d_in * d_out - t * d_in * d_out) / (k * k * d_in)


@_mistake("The step in space writes the m channels, not `d_out`: it has `k * k * d_in * m` weights.")
def space_to_d_out(t, k, d_in, d_out):
    return (t * k * k * d_in * d_out - k * k * d_in * d_out) / (t * d_out)


@_mistake("Both steps have weights: add those of the first to those of the second, do not multiply them.")
def multiplied(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_in * t * d_out)


@_mistake(
    "Your quotient is below 1, and 0 when it is rounded down. Does it stand upside down, or are channels missing from "
    "the weights of the whole, `t * k * k * d_in * d_out`?"
)
def upside_down(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return each / whole


@_mistake("Channels in and out are joined each with each: their numbers are multiplied, not added.")
def channels_added(t, k, d_in, d_out):
    return t * k * k * (d_in + d_out) / (k * k * d_in + t * d_out)


@_mistake("The step in space has `1 * k * k` kernels: t belongs to the step in time, `t * 1 * 1`.")
def t_in_space(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (t * k * k * d_in + d_out)


@_mistake("The kernels in time are `t * 1 * 1`; yours have k weights.")
def k_in_time(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_in + k * d_out)


@_mistake("That is the mean of the channels in and out. Count weights instead.")
def mean_of_channels(t, k, d_in, d_out):
    return (d_in + d_out) / 2


@_mistake("You counted biases: one for each of the channels that a step writes. They are not counted here.")
def with_biases(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return whole / (each + 1)


@_mistake("This is a number of weights. Asked is the number of channels in the middle.")
def weights_of_the_whole(t, k, d_in, d_out):
    return counts(t, k, d_in, d_out)[0]


@_mistake("These are the weights that one channel of the middle has. How many such channels may there be?")
def weights_of_one(t, k, d_in, d_out):
    return counts(t, k, d_in, d_out)[1]


@width.mistake("You return 1 at least. Where even one channel has more weights than the whole, the largest m is 0.")
def at_least_one(t, k, d_in, d_out):
    return max(1, middle_channels(t, k, d_in, d_out))


WIDER = "Your m is never larger than the number of channels in or out. It may be: only weights are counted."


@width.mistake(WIDER)
def not_above_the_channels(t, k, d_in, d_out):
    return min(d_in, d_out, middle_channels(t, k, d_in, d_out))


@_mistake("The kernels reach over t frames, not over k: the whole has `t * k * k` weights, the step in time t.")
def k_for_t(t, k, d_in, d_out):
    return k**3 * d_in * d_out / (k * k * d_in + k * d_out)


@_mistake("The kernels reach over k rows and k columns, not over t: the step in space has `1 * k * k` weights.")
def t_for_k(t, k, d_in, d_out):
    return t**3 * d_in * d_out / (t * t * d_in + t * d_out)


@_mistake("The step in space has weights for each of the m channels: `k * k * d_in * m`.")
def space_without_m(t, k, d_in, d_out):
    return (t * k * k * d_in * d_out - k * k * d_in) / (t * d_out)


@_mistake("The kernels in time are `t * 1 * 1`: the step in time looks at one place, without `k * k`.")
def k_in_both_steps(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_in + t * k * k * d_out)


@_mistake("The whole has `t * k * k` kernels: in yours t is there twice, k once.")
def t_twice_in_the_whole(t, k, d_in, d_out):
    return t * t * k * d_in * d_out / (k * k * d_in + t * d_out)


@_mistake("The whole has `t * k * k` kernels: t is multiplied with k · k, not added.")
def kernels_added(t, k, d_in, d_out):
    return (t + k * k) * d_in * d_out / (k * k * d_in + t * d_out)


BRACKETS = (
    "What follows the division belongs below the line: put the weights of one middle channel into brackets, "
    "`(k * k * d_in + t * d_out)`."
)


@_mistake(BRACKETS)
def without_brackets(t, k, d_in, d_out):
    return t * k * k * d_in * d_out // k * k * d_in + t * d_out


@_mistake(BRACKETS)
def half_in_brackets(t, k, d_in, d_out):
    return t * k * k * d_in * d_out // (k * k * d_in) + t * d_out


@_mistake(WIDER)
def not_above_d_out(t, k, d_in, d_out):
    return min(d_out, middle_channels(t, k, d_in, d_out))


@_mistake(WIDER)
def not_above_d_in(t, k, d_in, d_out):
    return min(d_in, middle_channels(t, k, d_in, d_out))


@_mistake(WIDER)
def not_above_the_wider_side(t, k, d_in, d_out):
    return min(max(d_in, d_out), middle_channels(t, k, d_in, d_out))


ONE_SIDE = "That is the number of channels on one side. Count the weights instead: they decide how large m may be."


@_mistake(ONE_SIDE)
def as_d_in(t, k, d_in, d_out):
    return d_in


@_mistake(ONE_SIDE)
def as_d_out(t, k, d_in, d_out):
    return d_out


@_mistake(ONE_SIDE)
def as_the_narrower(t, k, d_in, d_out):
    return min(d_in, d_out)


@_mistake(ONE_SIDE)
def as_the_wider(t, k, d_in, d_out):
    return max(d_in, d_out)


MULTIPLE = "You round down to a multiple of some number, such as 2 or 8. Any whole number of channels will do."


@_mistake(MULTIPLE)
def multiple_of_eight(t, k, d_in, d_out):
    return middle_channels(t, k, d_in, d_out) // 8 * 8


@_mistake(MULTIPLE)
def multiple_of_four(t, k, d_in, d_out):
    return middle_channels(t, k, d_in, d_out) // 4 * 4


@_mistake(MULTIPLE)
def even(t, k, d_in, d_out):
    return middle_channels(t, k, d_in, d_out) // 2 * 2


@_mistake("You round down to a power of two. Any whole number of channels will do.")
def power_of_two(t, k, d_in, d_out):
    m = middle_channels(t, k, d_in, d_out)
    return 1 << m.bit_length() - 1 if m else 0


@_mistake("You take 1 away from the largest m: it is allowed already.")
def one_less(t, k, d_in, d_out):
    return middle_channels(t, k, d_in, d_out) - 1


@_mistake("You counted biases for the whole: one for each channel that it writes. They are not counted here.")
def whole_with_biases(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return (whole + d_out) / each


@_mistake(
    "You took the m middle channels for the channels in or out as well: the first step reads `d_in`, the second writes "
    "`d_out`."
)
def m_on_both_sides(t, k, d_in, d_out):
    return math.isqrt(t * k * k * d_in * d_out // (k * k + t))


@_mistake("You take the weights of one middle channel away from those of the whole. How often do they fit into them?")
def taken_away(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return whole - each


@_mistake(
    "t is left out, or cancelled: the whole has `t * k * k` kernels and the step in time t, the step in space none."
)
def without_t(t, k, d_in, d_out):
    return k * k * d_in * d_out / (k * k * d_in + d_out)


@_mistake("Your quotient is twice as large as it should be. Compare the weights of the whole once.")
def twice_as_many(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return 2 * whole / each


@_mistake("Your quotient is half as large as it should be: each of the two steps is there once.")
def half_as_many(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return whole / (2 * each)


@_mistake("The weights of one middle channel are added up, not their differences taken: `k * k * d_in + t * d_out`.")
def subtracted(t, k, d_in, d_out):
    each = abs(k * k * d_in - t * d_out)
    return t * k * k * d_in * d_out / max(1, each)


@_mistake("k * 2 stands where k * k belongs: the kernel is a square of k rows and k columns.")
def k_doubled(t, k, d_in, d_out):
    return t * 2 * k * d_in * d_out / (2 * k * d_in + t * d_out)


@_mistake("You divide by t as well. The m channels are the same for all frames: compare the weights once.")
def for_each_frame(t, k, d_in, d_out):
    whole, each = counts(t, k, d_in, d_out)
    return whole / each / t / t
