"""Exercise `video.width`: how wide the middle of a (2+1)-D convolution may be."""

from mmcourse.exercises import Exercise, case

width = Exercise(
    "video.width",
    kind="implement",
    level="stretch",
    title="The same number of weights",
    returns="one whole number",
    otherwise=(
        "This is not the largest m with which `k * k * d_in * m` and `t * m * d_out` weights are together no more than "
        "those of the whole."
    ),
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
    plan=(
        "Count the weights of the whole convolution.",
        "Count the weights of the two steps for each channel of the middle.",
        "Divide the first by the second, and round down.",
    ),
    minutes=10,
    difficulty=2,
    importance=1,
)


@width.solved_by
def middle_channels(t, k, d_in, d_out):
    """Whole numbers -> the width between the two steps, an int."""
    whole = t * k * k * d_in * d_out
    per_channel = k * k * d_in + t * d_out
    return whole // per_channel


def counts(t, k, d_in, d_out):
    """Weights of the whole, and of the two steps together for each channel in the middle."""
    return t * k * k * d_in * d_out, k * k * d_in + t * d_out


@width.cases
def _(rng):
    def drawn(t, k, fits):
        """A case with few channels on one side and many on the other. ``fits`` says of what is left of the whole's
        weights, and of m, whether they will do: it is drawn anew until they do, which is soon."""
        while True:
            channels = [int(rng.integers(8, 30)), int(rng.integers(60, 99))][:: rng.choice([-1, 1])]
            whole, each = counts(t, k, *channels)
            if fits(whole % each / each, whole % each, whole // each):
                return case(t, k, *channels)

    yield drawn(3, 5, lambda share, rest, m: 0.55 < share < 0.9)  # rounded to the nearest, it would be too many
    yield drawn(2, 3, lambda share, rest, m: 0.55 < share < 0.9)
    yield drawn(5, 2, lambda share, rest, m: 0.05 < share < 0.45)
    yield drawn(4, 4, lambda share, rest, m: 0 < rest < m)  # with a bias for each of the m channels, it would be fewer
    yield drawn(2, 3, lambda share, rest, m: share > 0 and rest / share - rest <= 8)  # a bias more, and one m more fits
    c = 2 * int(rng.integers(2, 6))
    yield case(3, 2, 3 * c, 4 * c, when="where m channels have exactly as many weights as the whole")
    d = 8 * int(rng.integers(1, 9))
    yield case(3, 3, d, d, when="where the channels stay as many, and m of them have exactly the weights of the whole")
    yield case(int(rng.integers(2, 6)), 1, 7, int(rng.integers(9, 21)), when="where k is 1")
    yield case(1, int(rng.integers(2, 5)), int(rng.integers(3, 9)), 11, when="where t is 1")
    yield case(3, 1, 7, 14, when="where m channels have exactly as many weights as the whole")  # 294 * (1 / 49) < 6
    yield case(1, int(rng.integers(2, 5)), int(rng.integers(3, 9)), 1, when="where not one channel is few enough")


@width.oracle
def _(t, k, d_in, d_out):
    whole, m = t * k * k * d_in * d_out, 0
    while k * k * d_in * (m + 1) + t * (m + 1) * d_out <= whole:
        m += 1
    return m
