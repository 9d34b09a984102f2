"""Exercise `image.convolve`: a convolution with stride, by hand."""

import numpy as np

from mmcourse.exercises import Exercise, expect

convolve = Exercise(
    "image.convolve",
    kind="implement",
    title="A convolution with a stride",
    task=(
        "Write `strided_convolution(x, W, b, stride)` in NumPy, as deep-learning libraries compute it. `x` is one "
        "picture "
        "of shape `(h, w, c)`, `W` has the shape `(3, 3, c, d)` and `b` the shape `(d,)`. One zero pixel surrounds the "
        "picture on every side. The window starts in the upper left corner of the *padded* picture and moves by "
        "`stride` "
        "pixels. The result has the shape `((h - 1) // stride + 1, (w - 1) // stride + 1, d)`."
    ),
    hints=(
        "First write it for a stride of 1: pad with zeros, and for each of the nine offsets multiply the moved picture "
        "by that offset's matrix of shape (c, d). What is added up?",
        "With a stride, take every `stride`-th row and column of the moved picture: `padded[di : di + h : stride, "
        "dj : dj + w : stride] @ W[di, dj]`. Add `b` once, not nine times.",
    ),
)


@convolve.solved_by
def strided_convolution(x, W, b, stride):
    """x (h, w, c), W (3, 3, c, d), b (d,), a whole number -> (h', w', d)."""
    h, w, _ = x.shape
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    y = 0
    for di in range(3):
        for dj in range(3):
            window = padded[di : di + h : stride, dj : dj + w : stride]
            y = y + window @ W[di, dj]
    return y + b


def _one_by_one(x, W, b, stride):
    """The oracle: every number of the result by itself."""
    h, w, c = x.shape
    out = np.zeros(((h - 1) // stride + 1, (w - 1) // stride + 1, W.shape[-1]))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for k in range(W.shape[-1]):
                total = b[k]
                for di in range(3):
                    for dj in range(3):
                        row, column = i * stride + di - 1, j * stride + dj - 1
                        if 0 <= row < h and 0 <= column < w:
                            total += sum(x[row, column, a] * W[di, dj, a, k] for a in range(c))
                out[i, j, k] = total
    return out


@convolve.check
def _(answer, rng):
    x, W, b = rng.normal(size=(7, 5, 3)), rng.normal(size=(3, 3, 3, 4)), rng.normal(size=4)
    for stride in (1, 2):
        wanted = _one_by_one(x, W, b, stride)
        y = expect.array(expect.pure(answer, x, W, b, stride))
        expect.true(
            y.shape != (wanted.shape[0] - 2 // stride, wanted.shape[1] - 2 // stride, 4) or stride == 2,
            "The map shrank by two: the picture was not padded. Put a border of zeros around it first.",
        )
        expect.true(
            not (stride == 2 and y.shape == (7, 5, 4)),
            "The stride had no effect: the map is as large as the picture. Move the window by `stride` pixels.",
        )
        expect.true(
            y.shape != (*wanted.shape[:2], 3, 4),
            "The channels were not summed. Each output is one number for each of the d kernels: sum over the c "
            "channels.",
        )
        y = expect.array(y, wanted.shape, "rows and columns that the stride leaves, and one channel for each kernel")
        expect.differs(
            y,
            _one_by_one(x, W[::-1, ::-1], b, stride),
            "Your kernel is flipped: that is the convolution of signal processing. Libraries for deep learning do not "
            "turn the kernel round; `W[0, 0]` meets the pixel at the upper left.",
        )
        expect.differs(
            y, _one_by_one(x, W, 9 * b, stride), "The bias was added at every offset, nine times. Add it once."
        )
        expect.differs(y, _one_by_one(x, W, 0 * b, stride), "The bias is missing.")
        expect.differs(
            y,
            _one_by_one(x, W.transpose(1, 0, 2, 3), b, stride),
            "Rows and columns of the kernel are swapped: the first axis of W goes with the rows of the picture.",
        )
        if stride == 2:
            shifted = _one_by_one(x, W, b, 1)[1::2, 1::2]
            same = y[: shifted.shape[0], : shifted.shape[1]]
            expect.true(
                not np.allclose(same, shifted, atol=1e-5),
                "The window starts one pixel too far to the right and too low. The first window is centred on the "
                "first "
                "pixel.",
            )
        expect.close(y, wanted, f"Not the weighted sums of the windows, for a stride of {stride}.")


@convolve.mistake("kernel is flipped")
def true_convolution(x, W, b, stride):
    return strided_convolution(x, W[::-1, ::-1], b, stride)


@convolve.mistake("was not padded")
def no_padding(x, W, b, stride):
    h, w, _ = x.shape
    y = sum(x[i : h - 2 + i, j : w - 2 + j] @ W[i, j] for i in range(3) for j in range(3)) + b
    return y[::stride, ::stride]


@convolve.mistake("stride had no effect")
def stride_ignored(x, W, b, stride):
    return strided_convolution(x, W, b, 1)


@convolve.mistake("channels were not summed")
def channels_apart(x, W, b, stride):
    h, w, _ = x.shape
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    y = sum(padded[i : i + h, j : j + w, :, None] * W[i, j] for i in range(3) for j in range(3)) + b
    return y[::stride, ::stride]


@convolve.mistake("nine times")
def bias_each_time(x, W, b, stride):
    return strided_convolution(x, W, 9 * b, stride)


@convolve.mistake("one pixel too far")
def wrong_start(x, W, b, stride):
    full = strided_convolution(x, W, b, 1)
    if stride == 1:
        return full
    y = full[1::stride, 1::stride]
    h, w = (full.shape[0] - 1) // stride + 1, (full.shape[1] - 1) // stride + 1
    return np.pad(y, ((0, h - y.shape[0]), (0, w - y.shape[1]), (0, 0)))


@convolve.mistake("swapped")
def transposed_kernel(x, W, b, stride):
    return strided_convolution(x, W.transpose(1, 0, 2, 3), b, stride)
