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


def _encoder(weights=lambda k, c, d: k * k * c * d + d, kernels=KERNELS):
    return sum(weights(*kernel) for kernel in kernels)


def _ratio(encoder, reader=READER):
    return (encoder + reader) / reader


@tune.also
def _(value):
    expect.true(
        value != round(value) or abs(value - ratio()) > 1,
        "That is rounded to a whole number. Give at least one decimal: neighbours of this count are told apart by it.",
    )
    expect.true(
        abs(value - _ratio(_encoder(lambda k, c, d: k * k * c * d + c))) > 0.06,
        "A convolution has one bias for each channel *out*. You took one for each channel in.",
    )
    expect.true(value > 1, "Training the whole network sets more weights than training the reader alone, not fewer.")


# ── mistakes ────────────────────────────────────────────────────────────────────────────────────────


@tune.mistake("That is the ratio upside down: how many times *more* has the whole network?")
def reciprocal():
    return 1 / ratio()


@tune.mistake("That is a number of weights, not a ratio. Divide the number of all weights by the reader's.")
def not_divided():
    return _encoder() + READER


@tune.mistake("That is the number of the reader's weights. How many times as many has the whole network?")
def reader_alone():
    return READER


@tune.mistake("You forgot the nine places of each kernel: 9 · c · d.")
def no_kernel_size():
    return _ratio(_encoder(lambda k, c, d: c * d + d))


@tune.mistake("A kernel has three rows *and* three columns: 9 · c · d weights, not 3 · c · d.")
def one_side():
    return _ratio(_encoder(lambda k, c, d: k * c * d + d))


@tune.mistake(
    "A kernel has as many matrices as places: 3 · 3 · c · d weights, not 3 · 3 · 3 · c · d. Pictures are flat."
)
def cubed():
    return _ratio(_encoder(lambda k, c, d: k**3 * c * d + d))


@tune.mistake("Each kernel sees all channels in: 9 · c · d weights. You counted one channel in for each channel out.")
def one_channel_in():
    return _ratio(_encoder(lambda k, c, d: k * k * d + d))


@tune.mistake(
    "There is a kernel for every channel out: 9 · c · d weights. You counted one kernel for each convolution."
)
def one_kernel():
    return _ratio(_encoder(lambda k, c, d: k * k * c + 1))


@tune.mistake("Channels in and out are multiplied, 9 · c · d: each of one meets each of the other. You added them.")
def channels_added():
    return _ratio(_encoder(lambda k, c, d: k * k * (c + d) + d))


@tune.mistake("Your reader sees all 64 regions. This one sees the vector.")
def flattened():
    return _ratio(_encoder(), 64 * 128 * 5 + 5)


@tune.mistake("Your reader has one number out. It names one of five shapes: 128 · 5 weights and 5 biases.")
def one_shape():
    return _ratio(_encoder(), 128 + 1)


@tune.mistake("Only the last convolution is set here. Training the whole network sets all five, and the reader.")
def last_only():
    return _ratio(_encoder(kernels=KERNELS[-1:]))


@tune.mistake(
    "The last convolution is missing. It is of the same size as the one before, but there are five: count both."
)
def counted_once():
    return _ratio(_encoder(kernels=sorted(set(KERNELS))))


@tune.mistake("You compared one convolution with the reader: the first. Training the whole network sets all five.")
def first_only():
    return _ratio(_encoder(kernels=KERNELS[:1]))


@tune.mistake(said="rounded to a whole number")
def rounded():
    return round(ratio())


@tune.mistake(said="one bias for each channel *out*")
def bias_of_channels_in():
    return _ratio(_encoder(lambda k, c, d: k * k * c * d + c))


@tune.mistake("You left out the biases: one for every channel out of a convolution, and the reader's five.")
def no_biases():
    return _ratio(_encoder(lambda k, c, d: k * k * c * d), 128 * 5)


@tune.mistake("The convolutions' biases are missing: one for every channel out.")
def no_biases_inside():
    return _ratio(_encoder(lambda k, c, d: k * k * c * d))


@tune.mistake("The reader's biases are missing: it has 128 · 5 weights and 5 biases.")
def no_biases_outside():
    return _ratio(_encoder(), 128 * 5)


@tune.mistake("You divided the encoder's weights by the reader's. Training the whole network also sets the reader.")
def encoder_alone():
    return _encoder() / READER


@tune.mistake("That is in percent, a hundred times the ratio. Answer with the ratio itself.")
def percent():
    return 100 * ratio()


@tune.mistake(said="not fewer")
def a_share():
    return 0.5


@tune.mistake("That is the number of the encoder's weights. Add the reader's, and divide by them.")
def encoder_count():
    return _encoder()


@tune.mistake("A convolution has one bias for each channel out, d in all. You gave each of the nine places its own.")
def bias_at_each_place():
    return _ratio(_encoder(lambda k, c, d: k * k * (c + 1) * d))


BOTH = "Two things: {}, and only the encoder was divided. Training the whole network also sets the reader."


@tune.mistake(BOTH.format("the convolutions' biases are missing"))
def encoder_alone_no_biases_inside():
    return _encoder(lambda k, c, d: k * k * c * d) / READER


@tune.mistake(BOTH.format("all biases are missing"))
def encoder_alone_no_biases():
    return _encoder(lambda k, c, d: k * k * c * d) / (128 * 5)


READ = "Count the reader again: 128 · 5 weights and 5 biases. And training the whole network sets the reader as well."


@tune.mistake(READ)
def encoder_alone_no_biases_outside():
    return _encoder() / (128 * 5)


@tune.mistake("You divided by the encoder's weights. Asked is how many times more than the *reader's*.")
def of_the_encoder():
    return (_encoder() + READER) / _encoder()


@tune.mistake("You added the reader twice.")
def reader_twice():
    return (_encoder() + 2 * READER) / READER


@tune.mistake("You gave each of the 64 regions a reader of its own. There is one, and it sees the vector.")
def many_readers():
    return _ratio(_encoder(), 64 * READER)


@tune.mistake(READ)
def one_bias_outside():
    return _ratio(_encoder(), 128 * 5 + 1)


@tune.mistake("Your reader has 128 weights. It names one of five shapes: 128 · 5 weights and 5 biases.")
def one_shape_no_bias():
    return _ratio(_encoder(), 128)
