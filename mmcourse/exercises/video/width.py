"""Exercise `video.width`: how wide the middle of a (2+1)-D convolution may be."""

import math

from mmcourse.exercises import Exercise, expect

width = Exercise(
    "video.width",
    kind="implement",
    level="stretch",
    title="The same number of weights",
    task=(
        "A 3-D convolution with `t * k * k` kernels from `d_in` to `d_out` channels is cut in two: `1 * k * k` kernels "
        "from `d_in` to a middle of `m` channels, then `t * 1 * 1` kernels from there to `d_out`. Write "
        "`middle_channels(t, k, d_in, d_out)`, the largest whole `m` with which the two have **no more** weights "
        "together than the whole had (biases are not counted)."
    ),
    hints=(
        "Count the weights of the two steps as a function of `m`. Each weight joins one channel in with one out.",
        "The first step has `k * k * d_in * m` weights, the second `t * m * d_out`. Their sum is `m` times something; "
        "divide the weights of the whole by that, and round down.",
    ),
)


@width.solved_by
def middle_channels(t, k, d_in, d_out):
    """Whole numbers -> the width between the two steps, an int."""
    whole = t * k * k * d_in * d_out
    per_channel = k * k * d_in + t * d_out
    return whole // per_channel


@width.check
def _(answer, rng):
    for _ in range(4):
        known = []
        while len(set(known)) < 6:  # each mistake has a value of its own
            t, k = int(rng.integers(2, 6)), int(rng.integers(2, 6))
            d, f = (int(n) for n in rng.integers(8, 90, 2))
            whole, each = t * k * k * d * f, k * k * d + t * f
            exact = whole // each
            wrong = [
                (exact + 1, "You rounded up: the two steps have more weights than the whole."),
                (t * k * d * f // (k * d + t * f), "The kernel is a square in space: k * k, wherever k stands."),
                (
                    whole // (k * k * f + t * d),
                    "Channels in and out are exchanged: the step in space reads `d_in`, the step in time writes "
                    "`d_out`.",
                ),
                (whole // (k * k * d), "You forgot the step in time: it has `t * m * d_out` weights of its own."),
                (
                    whole // (k * k + t),
                    "The two steps' kernels are there, their channels are not: the first step joins `d_in` channels "
                    "with each of the m, the second each of the m with `d_out`.",
                ),
            ]
            known = [exact, *(value for value, _ in wrong)] if whole % each else []
        got = expect.number(expect.pure(answer, t, k, d, f), "one whole number")
        for value, message in wrong:
            expect.true(got != value, message)
        expect.true(
            math.isclose(got, round(got)),
            f"A number of channels is a whole number. Expected {exact}; got {got:g}.",
        )
        expect.true(got == exact, f"For t = {t}, k = {k}, d_in = {d}, d_out = {f}: expected {exact}; got {got:g}.")


@width.mistake("rounded up")
def rounded_up(t, k, d_in, d_out):
    return math.ceil(t * k * k * d_in * d_out / (k * k * d_in + t * d_out))


@width.mistake("square in space")
def k_once(t, k, d_in, d_out):
    return t * k * d_in * d_out // (k * d_in + t * d_out)


@width.mistake("exchanged")
def exchanged(t, k, d_in, d_out):
    return t * k * k * d_in * d_out // (k * k * d_out + t * d_in)


@width.mistake("forgot the step in time")
def space_only(t, k, d_in, d_out):
    return t * d_out


@width.mistake("their channels are not")
def without_channels(t, k, d_in, d_out):
    return t * k * k * d_in * d_out // (k * k + t)


@width.mistake("is a whole number")
def not_rounded(t, k, d_in, d_out):
    return t * k * k * d_in * d_out / (k * k * d_in + t * d_out) + 1e-3
