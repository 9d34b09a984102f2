"""Exercise `image.tune`: how many weights there are to fit with a few labels."""

import numpy as np

from mmcourse.exercises import Exercise, expect

tune = Exercise(
    "image.tune",
    kind="experiment and explain",
    title="How many weights must fifty labels set?",
    task=(
        "On the frozen encoder of this page (`kernels` lists kernel size, channels in and channels out of its "
        "convolutions, each with a bias for every channel out) a linear reader with biases names "
        "one of five shapes from the vector of 128 numbers. How many times more weights does training the **whole** "
        "network have to set than training the reader alone? Answer with the ratio, within 1 %. Then look at the left "
        "end of {numref}`fig-image-transfer`: which of its curves set how many of these weights, and does the number "
        "of weights alone tell their order?"
    ),
    hints=(
        "A 3 × 3 convolution from c to d channels has 9 · c · d weights and d biases. How many has a linear map?",
        "The reader has 128 · 5 + 5 weights. The whole network has those of the five convolutions *and* the reader's.",
    ),
)


@tune.given
def _kernels():
    kernels = [(3, 3, 32), (3, 32, 64), (3, 64, 128), (3, 128, 128), (3, 128, 128)]
    return kernels  # the body alone, without this line, stands in the student's cell


@tune.solved_by
def ratio():
    """The weights of encoder and reader together, divided by those of the reader."""
    kernels = [(3, 3, 32), (3, 32, 64), (3, 64, 128), (3, 128, 128), (3, 128, 128)]
    encoder = sum(k * k * c * d + d for k, c, d in kernels)
    reader = 128 * 5 + 5
    return (encoder + reader) / reader


KERNELS = [(3, 3, 32), (3, 32, 64), (3, 64, 128), (3, 128, 128), (3, 128, 128)]
ENCODER = sum(k * k * c * d + d for k, c, d in KERNELS)
READER = 128 * 5 + 5


@tune.check
def _(answer, rng):
    got = expect.number(answer, "a number, how many times more")
    whole, k = ENCODER + READER, KERNELS
    known = (
        (READER / whole, "That is the ratio upside down: how many times *more* has the whole network?"),
        (whole, "That is the number of all weights. Divide it by the reader's."),
        (ENCODER, "That is the number of the encoder's weights. Divide by the reader's."),
        ((sum(c * d + d for _, c, d in k) + READER) / READER, "You forgot the nine places of each kernel: 9 · c · d."),
        (
            (sum(3 * c * d + d for _, c, d in k) + READER) / READER,
            "A kernel has three rows *and* three columns: 9 · c · d weights, not 3 · c · d.",
        ),
        (
            (ENCODER + 64 * 128 * 5 + 5) / (64 * 128 * 5 + 5),
            "Your reader sees all 64 regions. This one sees the vector.",
        ),
    )
    for value, message in known:
        expect.true(not np.isclose(got, value, rtol=0.004), message)
    expect.close(got, whole / READER, "Count weights and biases of convolutions and reader.", rtol=0.01)


@tune.mistake("upside down")
def reciprocal():
    return READER / (ENCODER + READER)


@tune.mistake("number of all weights")
def not_divided():
    return ENCODER + READER


@tune.mistake("nine places")
def no_kernel_size():
    return (sum(c * d + d for _, c, d in KERNELS) + READER) / READER


@tune.mistake("three rows *and* three columns")
def one_side():
    return (sum(3 * c * d + d for _, c, d in KERNELS) + READER) / READER


@tune.mistake("sees the vector")
def flattened():
    return (ENCODER + 64 * 128 * 5 + 5) / (64 * 128 * 5 + 5)
