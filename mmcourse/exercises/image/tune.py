"""Exercise `image.tune`: how many weights there are to fit with a few labels."""

from mmcourse.exercises import Exercise, expect

tune = Exercise(
    "image.tune",
    kind="experiment and explain",
    title="How many weights must fifty labels set?",
    returns="a number, how many times more",
    within=0.0002,
    minutes=8,
    difficulty=1,
    importance=2,
    otherwise="Count weights and biases of all five convolutions and of the reader, then divide by the reader's.",
    task=(
        "On the frozen encoder of this page (`kernels` lists kernel size, channels in and channels out of its "
        "convolutions, each with a bias for every channel out) a linear reader with biases names "
        "one of five shapes from the vector of 128 numbers. How many times more weights does training the **whole** "
        "network, encoder and reader, have to set than training the reader alone? Biases count as weights. Answer with "
        "the ratio itself, to at least one decimal. Then look at the left "
        "end of {numref}`fig-image-transfer`: which of its curves set how many of these weights, and does the number "
        "of weights alone tell their order?"
    ),
    hints=(
        "A 3 × 3 convolution from c to d channels has 9 · c · d weights and d biases. How many has a linear map?",
        "The reader has 128 · 5 + 5 weights. The whole network has those of the five convolutions *and* the reader's.",
    ),
    plan=(
        "Sum weights and biases of the five convolutions.",
        "Count those of the reader, a matrix and its biases.",
        "Add the two, and divide by the reader's.",
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


KERNELS = _kernels()
READER = 128 * 5 + 5


def encoder_weights(weights=lambda k, c, d: k * k * c * d + d, kernels=KERNELS):
    return sum(weights(*kernel) for kernel in kernels)


def ratio_of(encoder, reader=READER):
    return (encoder + reader) / reader


@tune.also
def _(value):
    expect.true(
        value != round(value) or abs(value - ratio()) > 1,
        "That is rounded to a whole number. Give at least one decimal: neighbours of this count are told apart by it.",
    )
    expect.true(
        abs(value - ratio_of(encoder_weights(lambda k, c, d: k * k * c * d + c))) > 0.06,
        "A convolution has one bias for each channel *out*. You took one for each channel in.",
    )
    expect.true(value > 1, "Training the whole network sets more weights than training the reader alone, not fewer.")
