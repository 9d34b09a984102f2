"""What goes wrong in `image.convolve`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.image.convolve import convolve, strided_convolution


def _padded(x, mode="constant", border=((1, 1), (1, 1))):
    return np.pad(x, (*border, (0, 0)), mode=mode)


def _slid(padded, W, b, stride):
    """The kernel moved over a padded picture, wherever the whole window fits."""
    h, w = padded.shape[0] - 2, padded.shape[1] - 2
    y = sum(padded[i : i + h : stride, j : j + w : stride] @ W[i, j] for i in range(3) for j in range(3))
    return y + b


@convolve.mistake(
    "Your kernel is flipped: that is the convolution of signal processing. Libraries for deep learning do not "
    "turn the kernel round; `W[0, 0]` meets the pixel at the upper left."
)
def true_convolution(x, W, b, stride):
    return strided_convolution(x, W[::-1, ::-1], b, stride)


@convolve.mistake("The kernel is turned upside down: `W[0]` meets the row above, `W[2]` the row below.")
def upside_down(x, W, b, stride):
    return strided_convolution(x, W[::-1], b, stride)


@convolve.mistake("The kernel is mirrored: `W[:, 0]` meets the column to the left, `W[:, 2]` that to the right.")
def mirrored(x, W, b, stride):
    return strided_convolution(x, W[:, ::-1], b, stride)


@convolve.mistake("The picture was not padded, so the map shrank. Put a border of zeros around it first.")
def no_padding(x, W, b, stride):
    h, w = max(x.shape[0] - 2, 0), max(x.shape[1] - 2, 0)
    y = sum(x[i : i + h, j : j + w] @ W[i, j] for i in range(3) for j in range(3)) + b
    return y[::stride, ::stride]


@convolve.mistake("You padded with two pixels on every side. One is enough for a kernel of three.")
def two_pixels(x, W, b, stride):
    return _slid(_padded(x, border=((2, 2), (2, 2))), W, b, stride)


@convolve.mistake("The border repeats the outermost pixels. It should be zero.")
def edge_repeated(x, W, b, stride):
    return _slid(_padded(x, "edge"), W, b, stride)


@convolve.mistake("The border mirrors the picture. It should be zero.")
def border_mirrored(x, W, b, stride):
    return _slid(_padded(x, "reflect"), W, b, stride)


@convolve.mistake("The border holds the opposite side of the picture (so it is with `np.roll`). It should be zero.")
def wrapped(x, W, b, stride):
    return _slid(_padded(x, "wrap"), W, b, stride)


@convolve.mistake("The border is one, not zero.")
def border_of_ones(x, W, b, stride):
    return _slid(np.pad(x, ((1, 1), (1, 1), (0, 0)), constant_values=1), W, b, stride)


@convolve.mistake("Both rows and columns of zeros lie below and to the right. One belongs on every side.")
def padded_behind(x, W, b, stride):
    return _slid(_padded(x, border=((0, 2), (0, 2))), W, b, stride)


@convolve.mistake("Both rows and columns of zeros lie above and to the left. One belongs on every side.")
def padded_before(x, W, b, stride):
    return _slid(_padded(x, border=((2, 0), (2, 0))), W, b, stride)


@convolve.mistake(
    'You padded as TensorFlow\'s `padding="same"` does: only as much as the stride needs, and on an even side with a '
    "stride of 2 nothing at the top and left. Here one zero pixel lies on every side."
)
def as_little_as_needed(x, W, b, stride):
    border = []
    for n in x.shape[:2]:
        needed = max(((n - 1) // stride) * stride + 3 - n, 0)
        border.append((needed // 2, needed - needed // 2))
    return _slid(_padded(x, border=border), W, b, stride)


@convolve.mistake("The stride had no effect: the map is as large as the picture. Move the window by `stride` pixels.")
def stride_ignored(x, W, b, stride):
    return strided_convolution(x, W, b, 1)


@convolve.mistake("The window moves by 2 pixels, whatever `stride` is.")
def always_two(x, W, b, stride):
    return strided_convolution(x, W, b, 2)


@convolve.mistake("The stride only works on the rows. The window moves by `stride` along the columns, too.")
def rows_only(x, W, b, stride):
    return strided_convolution(x, W, b, 1)[::stride]


@convolve.mistake("The stride only works on the columns. The window moves by `stride` along the rows, too.")
def columns_only(x, W, b, stride):
    return strided_convolution(x, W, b, 1)[:, ::stride]


@convolve.mistake(
    "The picture was thinned out before the convolution, so that the window sees pixels that are `stride` apart. Only "
    "the window's own steps are longer."
)
def thinned_first(x, W, b, stride):
    return strided_convolution(x[::stride, ::stride], W, b, 1)


@convolve.mistake(
    "The kernel's places lie `stride` apart (that is a dilated convolution). They are neighbours; the window itself "
    "moves by `stride`."
)
def dilated(x, W, b, stride):
    padded, (h, w) = _padded(x, border=((stride, stride), (stride, stride))), x.shape[:2]
    y = sum(padded[i * stride :][:h, j * stride :][:, :w] @ W[i, j] for i in range(3) for j in range(3))
    return y + b


@convolve.mistake(
    "The window starts one pixel too far to the right and too low. The first window is centred on the first pixel."
)
def wrong_start(x, W, b, stride):
    full = strided_convolution(x, W, b, 1)
    if stride == 1:
        return full
    y = full[1::stride, 1::stride]
    h, w = (full.shape[0] - 1) // stride + 1, (full.shape[1] - 1) // stride + 1
    return np.pad(y, ((0, h - y.shape[0]), (0, w - y.shape[1]), (0, 0)))


@convolve.mistake("The window starts one pixel too far to the right and too low, and the last one is missing.")
def wrong_start_cut(x, W, b, stride):
    full = strided_convolution(x, W, b, 1)
    return full if stride == 1 else full[1::stride, 1::stride]


@convolve.mistake("A last row or column is missing: the window still fits there. There are (h - 1) // stride + 1 rows.")
def last_one_missing(x, W, b, stride):
    y = strided_convolution(x, W, b, stride)
    return y[: x.shape[0] // stride, : x.shape[1] // stride]


@convolve.mistake("The channels were not summed. Each output is one number for each of the d kernels: sum over the c "
                  "channels.")  # fmt: skip
def channels_apart(x, W, b, stride):
    h, w, _ = x.shape
    padded = _padded(x)
    y = sum(padded[i : i + h, j : j + w, :, None] * W[i, j] for i in range(3) for j in range(3)) + b
    return y[::stride, ::stride]


@convolve.mistake("You took the mean over the channels. They are summed.")
def mean_of_channels(x, W, b, stride):
    return strided_convolution(x, W, 0 * b, stride) / x.shape[-1] + b


@convolve.mistake("You took the mean of the nine products. They are summed.")
def mean_of_nine(x, W, b, stride):
    return strided_convolution(x, W, 0 * b, stride) / 9 + b


@convolve.mistake("The bias was added at every offset, nine times. Add it once.")
def bias_each_time(x, W, b, stride):
    return strided_convolution(x, W, 9 * b, stride)


@convolve.mistake("The bias is missing.")
def no_bias(x, W, b, stride):
    return strided_convolution(x, W, 0 * b, stride)


@convolve.mistake("The bias was taken away. It is added.")
def bias_taken_away(x, W, b, stride):
    return strided_convolution(x, W, -b, stride)


@convolve.mistake("Rows and columns of the kernel are swapped: the first axis of W goes with the rows of the picture.")
def transposed_kernel(x, W, b, stride):
    return strided_convolution(x, W.transpose(1, 0, 2, 3), b, stride)


@convolve.mistake("The kernel's channels are swapped: `W[di, dj]` has the shape (c, d), a row for each channel of x.")
def channels_swapped(x, W, b, stride):
    return strided_convolution(x, W.swapaxes(2, 3), b, stride)


@convolve.mistake("Only the middle of the kernel is used, a convolution of 1 × 1.")
def middle_only(x, W, b, stride):
    return x[::stride, ::stride] @ W[1, 1] + b


@convolve.mistake("Negative numbers became 0. No activation is asked for.")
def rectified(x, W, b, stride):
    return np.maximum(strided_convolution(x, W, b, stride), 0)


@convolve.mistake("Only the last offset is left: add the nine results up.")
def last_offset(x, W, b, stride):
    h, w, _ = x.shape
    return _padded(x)[2 : 2 + h : stride, 2 : 2 + w : stride] @ W[2, 2] + b


@convolve.mistake("The kernels became the first axis. They are the last: rows, columns, kernels.")
def kernels_first(x, W, b, stride):
    return np.moveaxis(strided_convolution(x, W, b, stride), -1, 0)


@convolve.mistake(
    "The window starts `stride - 1` pixels too far to the right and too low. It starts at the upper left."
)
def starts_at_stride(x, W, b, stride):
    return strided_convolution(x, W, b, 1)[stride - 1 :: stride, stride - 1 :: stride]


@convolve.mistake("The window starts half a stride too far to the right and too low. It starts at the upper left.")
def starts_at_half(x, W, b, stride):
    return strided_convolution(x, W, b, 1)[stride // 2 :: stride, stride // 2 :: stride]


@convolve.mistake("The kernel is flipped, and its rows and columns are swapped. Use `W` as it is.")
def flipped_and_transposed(x, W, b, stride):
    return strided_convolution(x, W[::-1, ::-1].transpose(1, 0, 2, 3), b, stride)


@convolve.mistake("Rows and columns of the result are swapped.")
def result_turned(x, W, b, stride):
    return strided_convolution(x, W, b, stride).swapaxes(0, 1)


@convolve.mistake(
    "You convolved without a border and put zeros around the result. The zeros belong around the picture, before."
)
def padded_after(x, W, b, stride):
    y = strided_convolution(x, W, b, 1)
    y[[0, -1]], y[:, [0, -1]] = 0, 0
    return y[::stride, ::stride]


@convolve.mistake("The kernels were summed up. Each has a channel of its own in the result.")
def kernels_summed(x, W, b, stride):
    return strided_convolution(x, W, b, stride).sum(-1)


@convolve.mistake("The maximum of the nine products was taken. They are summed.")
def maximum_of_nine(x, W, b, stride):
    h, w, _ = x.shape
    padded = _padded(x)
    return np.max(
        [padded[i : i + h : stride, j : j + w : stride] @ W[i, j] for i in range(3) for j in range(3)], axis=0
    ) + b  # fmt: skip


@convolve.mistake(
    "The last row and column are missing: there are (h - 1) // stride + 1 of them, not (h - 1) // stride."
)
def one_too_few(x, W, b, stride):
    y = strided_convolution(x, W, b, stride)
    return y[: (x.shape[0] - 1) // stride, : (x.shape[1] - 1) // stride]


@convolve.mistake("Only the first channel of the picture counts in yours. Sum over all channels in.")
def first_channel(x, W, b, stride):
    return strided_convolution(x[..., :1], W[:, :, :1], b, stride)


@convolve.mistake("The result is cut to whole numbers. Is the array for it made for integers? They are real numbers.")
def cut_to_whole_numbers(x, W, b, stride):
    return np.trunc(strided_convolution(x, W, b, stride))


def _pooled(x, W, b, stride, of):
    y = strided_convolution(x, W, b, 1)
    rows, columns = range(0, len(y), stride), range(0, y.shape[1], stride)
    return np.array([[of(y[i : i + stride, j : j + stride], axis=(0, 1)) for j in columns] for i in rows])


POOLED = (
    "You put the window at every pixel, and pooled blocks of the result (a mean or a maximum). A stride only leaves "
    "places out."
)


@convolve.mistake(POOLED)
def pooled_mean(x, W, b, stride):
    return _pooled(x, W, b, stride, np.mean)


@convolve.mistake(POOLED)
def pooled_maximum(x, W, b, stride):
    return _pooled(x, W, b, stride, np.max)


NINE = "You use four of the nine places of the kernel, those with the offsets {}. Both offsets run over 0, 1 and 2."


def _masked(x, W, b, stride, rows, columns):
    """Only these rows and columns of the kernel."""
    kept = np.zeros((3, 3, 1, 1))
    kept[np.ix_(rows, columns)] = 1
    return strided_convolution(x, W * kept, b, stride)


@convolve.mistake(NINE.format("0 and 1"))
def two_offsets(x, W, b, stride):
    return _masked(x, W, b, stride, [0, 1], [0, 1])


@convolve.mistake(NINE.format("1 and 2"))
def last_two_offsets(x, W, b, stride):
    return _masked(x, W, b, stride, [1, 2], [1, 2])


@convolve.mistake("The middle of the kernel is left out. All nine places count.")
def without_middle(x, W, b, stride):
    return strided_convolution(x, W * (np.arange(9).reshape(3, 3, 1, 1) != 4), b, stride)


@convolve.mistake("Only the five places of a cross are used, the corners of the kernel are left out. All nine count.")
def cross(x, W, b, stride):
    kept = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
    return strided_convolution(x, W * kept[:, :, None, None], b, stride)


@convolve.mistake(
    "Only rows of zeros were added, above and below. There is a zero pixel on every side, left and right too."
)
def rows_padded(x, W, b, stride):
    return strided_convolution(x, W, b, 1)[:, 1:-1][::stride, ::stride]


@convolve.mistake(
    "Only columns of zeros were added, left and right. There is a zero pixel on every side, above and below too."
)
def columns_padded(x, W, b, stride):
    return strided_convolution(x, W, b, 1)[1:-1][::stride, ::stride]


@convolve.mistake(
    "You summed picture and kernel over the channels before you multiplied. Each channel has weights of its own: "
    "multiply, then sum."
)
def summed_before(x, W, b, stride):
    return strided_convolution(x.sum(-1, keepdims=True), W.sum(2, keepdims=True), b, stride)


@convolve.mistake("The window moves by `stride + 1` pixels.")
def one_further(x, W, b, stride):
    return strided_convolution(x, W, b, stride + 1)


@convolve.mistake("Every kernel got the sum of all biases. Kernel o adds `b[o]`.")
def sum_of_biases(x, W, b, stride):
    return strided_convolution(x, W, np.full(b.shape, b.sum()), stride)


SQUARE = "You took the number of rows for that of the columns, as if the picture were square: `h, w, _ = x.shape`."


@convolve.mistake(SQUARE)
def rows_for_columns(x, W, b, stride):
    h, padded, y = x.shape[0], _padded(x), 0
    for i in range(3):
        for j in range(3):
            y = y + padded[i : i + h : stride, j : j + h : stride] @ W[i, j]
    return y + b


@convolve.mistake(SQUARE)
def columns_for_rows(x, W, b, stride):
    w, padded, y = x.shape[1], _padded(x), 0
    for i in range(3):
        for j in range(3):
            y = y + padded[i : i + w : stride, j : j + w : stride] @ W[i, j]
    return y + b


@convolve.mistake("A sigmoid was taken of the result. No activation is asked for.")
def sigmoid(x, W, b, stride):
    return 1 / (1 + np.exp(-strided_convolution(x, W, b, stride)))


@convolve.mistake("The bias was added once for each channel of the picture. Add it once.")
def bias_for_each_channel(x, W, b, stride):
    return strided_convolution(x, W, x.shape[-1] * b, stride)


@convolve.mistake("The bias was added three times, once for each row of the kernel. Add it once.")
def bias_for_each_row(x, W, b, stride):
    return strided_convolution(x, W, 3 * b, stride)


@convolve.mistake(
    "Only the three places (0, 0), (1, 1), (2, 2) of the kernel are used. Two loops are needed: nine places."
)
def diagonal(x, W, b, stride):
    return strided_convolution(x, W * np.eye(3)[:, :, None, None], b, stride)


@convolve.mistake("The channels of the picture meet the kernel in the reverse order.")
def channels_reversed(x, W, b, stride):
    return strided_convolution(x[..., ::-1], W, b, stride)


@convolve.mistake("The window moves by twice the stride: only one of slice and start may have it.")
def twice_the_stride(x, W, b, stride):
    return strided_convolution(x, W, b, 2 * stride)


@convolve.mistake("The window moves by `stride - 1` pixels.")
def one_less_far(x, W, b, stride):
    return strided_convolution(x, W, b, max(stride - 1, 1))


@convolve.mistake("The border holds the mean of the picture. It should be zero.")
def border_of_means(x, W, b, stride):
    return _slid(np.pad(x, ((1, 1), (1, 1), (0, 0)), constant_values=x.mean()), W, b, stride)
