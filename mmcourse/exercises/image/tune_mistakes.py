"""What goes wrong in `image.tune`: planted mistakes with their messages."""

from mmcourse.exercises.image.tune import KERNELS, READER, encoder_weights, ratio, ratio_of, tune


@tune.mistake("That is the ratio upside down: how many times *more* has the whole network?")
def reciprocal():
    return 1 / ratio()


@tune.mistake("That is a number of weights, not a ratio. Divide the number of all weights by the reader's.")
def not_divided():
    return encoder_weights() + READER


@tune.mistake("That is the number of the reader's weights. How many times as many has the whole network?")
def reader_alone():
    return READER


@tune.mistake("You forgot the nine places of each kernel: 9 · c · d.")
def no_kernel_size():
    return ratio_of(encoder_weights(lambda k, c, d: c * d + d))


@tune.mistake("A kernel has three rows *and* three columns: 9 · c · d weights, not 3 · c · d.")
def one_side():
    return ratio_of(encoder_weights(lambda k, c, d: k * c * d + d))


@tune.mistake(
    "A kernel has as many matrices as places: 3 · 3 · c · d weights, not 3 · 3 · 3 · c · d. Pictures are flat."
)
def cubed():
    return ratio_of(encoder_weights(lambda k, c, d: k**3 * c * d + d))


@tune.mistake("Each kernel sees all channels in: 9 · c · d weights. You counted one channel in for each channel out.")
def one_channel_in():
    return ratio_of(encoder_weights(lambda k, c, d: k * k * d + d))


@tune.mistake(
    "There is a kernel for every channel out: 9 · c · d weights. You counted one kernel for each convolution."
)
def one_kernel():
    return ratio_of(encoder_weights(lambda k, c, d: k * k * c + 1))


@tune.mistake("Channels in and out are multiplied, 9 · c · d: each of one meets each of the other. You added them.")
def channels_added():
    return ratio_of(encoder_weights(lambda k, c, d: k * k * (c + d) + d))


@tune.mistake("Your reader sees all 64 regions. This one sees the vector.")
def flattened():
    return ratio_of(encoder_weights(), 64 * 128 * 5 + 5)


@tune.mistake("Your reader has one number out. It names one of five shapes: 128 · 5 weights and 5 biases.")
def one_shape():
    return ratio_of(encoder_weights(), 128 + 1)


@tune.mistake("Only the last convolution is set here. Training the whole network sets all five, and the reader.")
def last_only():
    return ratio_of(encoder_weights(kernels=KERNELS[-1:]))


@tune.mistake(
    "The last convolution is missing. It is of the same size as the one before, but there are five: count both."
)
def counted_once():
    return ratio_of(encoder_weights(kernels=sorted(set(KERNELS))))


@tune.mistake("You compared one convolution with the reader: the first. Training the whole network sets all five.")
def first_only():
    return ratio_of(encoder_weights(kernels=KERNELS[:1]))


@tune.mistake(said="rounded to a whole number")
def rounded():
    return round(ratio())


@tune.mistake(said="one bias for each channel *out*")
def bias_of_channels_in():
    return ratio_of(encoder_weights(lambda k, c, d: k * k * c * d + c))


@tune.mistake("You left out the biases: one for every channel out of a convolution, and the reader's five.")
def no_biases():
    return ratio_of(encoder_weights(lambda k, c, d: k * k * c * d), 128 * 5)


@tune.mistake("The convolutions' biases are missing: one for every channel out.")
def no_biases_inside():
    return ratio_of(encoder_weights(lambda k, c, d: k * k * c * d))


@tune.mistake("The reader's biases are missing: it has 128 · 5 weights and 5 biases.")
def no_biases_outside():
    return ratio_of(encoder_weights(), 128 * 5)


@tune.mistake("You divided the encoder's weights by the reader's. Training the whole network also sets the reader.")
def encoder_alone():
    return encoder_weights() / READER


@tune.mistake("That is in percent, a hundred times the ratio. Answer with the ratio itself.")
def percent():
    return 100 * ratio()


@tune.mistake(said="not fewer")
def a_share():
    return 0.5


@tune.mistake("That is the number of the encoder's weights. Add the reader's, and divide by them.")
def encoder_count():
    return encoder_weights()


@tune.mistake("A convolution has one bias for each channel out, d in all. You gave each of the nine places its own.")
def bias_at_each_place():
    return ratio_of(encoder_weights(lambda k, c, d: k * k * (c + 1) * d))


BOTH = "Two things: {}, and only the encoder was divided. Training the whole network also sets the reader."


@tune.mistake(BOTH.format("the convolutions' biases are missing"))
def encoder_alone_no_biases_inside():
    return encoder_weights(lambda k, c, d: k * k * c * d) / READER


@tune.mistake(BOTH.format("all biases are missing"))
def encoder_alone_no_biases():
    return encoder_weights(lambda k, c, d: k * k * c * d) / (128 * 5)


READ = "Count the reader again: 128 · 5 weights and 5 biases. And training the whole network sets the reader as well."


@tune.mistake(READ)
def encoder_alone_no_biases_outside():
    return encoder_weights() / (128 * 5)


@tune.mistake("You divided by the encoder's weights. Asked is how many times more than the *reader's*.")
def of_the_encoder():
    return (encoder_weights() + READER) / encoder_weights()


@tune.mistake("You added the reader twice.")
def reader_twice():
    return (encoder_weights() + 2 * READER) / READER


@tune.mistake("You gave each of the 64 regions a reader of its own. There is one, and it sees the vector.")
def many_readers():
    return ratio_of(encoder_weights(), 64 * READER)


@tune.mistake(READ)
def one_bias_outside():
    return ratio_of(encoder_weights(), 128 * 5 + 1)


@tune.mistake("Your reader has 128 weights. It names one of five shapes: 128 · 5 weights and 5 biases.")
def one_shape_no_bias():
    return ratio_of(encoder_weights(), 128)
