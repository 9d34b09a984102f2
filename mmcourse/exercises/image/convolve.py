"""Exercise `image.convolve`: a convolution with stride, by hand."""

import numpy as np

from mmcourse.exercises import Exercise, case

convolve = Exercise(
    "image.convolve",
    kind="implement",
    title="A convolution with a stride",
    returns="rows and columns that the stride leaves, and one channel for each kernel",
    otherwise=(
        "This is not the sum of pixel times weight over the nine places of the window and the c channels, plus the "
        "bias, at every `stride`-th row and column."
    ),
    minutes=15,
    difficulty=3,
    importance=3,
    task=(
        "Write `strided_convolution(x, W, b, stride)` in NumPy, as deep-learning libraries compute it. `x` is one "
        "picture of shape `(h, w, c)`, `W` has the shape `(3, 3, c, d)` and `b` the shape `(d,)`. One zero pixel "
        "surrounds the picture on every side. The window starts in the upper left corner of the *padded* picture and "
        "moves by `stride` pixels, one or more, as long as its middle is inside the picture. The result has the shape "
        "`((h - 1) // stride + 1, (w - 1) // stride + 1, d)`, also where the picture is smaller than the stride."
    ),
    hints=(
        "First write it for a stride of 1: pad with zeros, and for each of the nine offsets multiply the moved picture "
        "by that offset's matrix of shape (c, d). What is added up?",
        "With a stride, take every `stride`-th row and column of the moved picture: `padded[di : di + h : stride, "
        "dj : dj + w : stride] @ W[di, dj]`. Add `b` once, not nine times.",
    ),
    plan=(
        "Put a border of zeros, one pixel wide, around the picture.",
        "For each of the nine places in the kernel, take the pixels that it meets, every `stride`-th row and column.",
        "Multiply them by the kernel's matrix at that place, and add the nine results up.",
        "Add the bias once.",
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


def _input(rng, h, w, c, d):
    return rng.normal(size=(h, w, c)), rng.normal(size=(3, 3, c, d)), rng.normal(size=d)


@convolve.cases
def _(rng):
    for size, stride in (((7, 5, 3, 4), 1), ((4, 6, 2, 2), 1), ((7, 5, 3, 2), 2), ((5, 9, 1, 3), 2), ((7, 4, 2, 3), 3)):
        yield case(*_input(rng, *size), stride)
    yield case(*_input(rng, 6, 8, 3, 2), 2, when="where an even number of rows and columns meets a stride of 2")
    yield case(*_input(rng, 9, 6, 2, 1), 4, when="where the stride is larger than the kernel")
    yield case(*_input(rng, 1, 5, 3, 3), 2, when="where the picture is a single row")
    yield case(*_input(rng, 2, 2, 2, 3), 3, when="where the picture is smaller than the stride")


@convolve.oracle
def _(x, W, b, stride):
    h, w, c = x.shape
    out = np.zeros(((h - 1) // stride + 1, (w - 1) // stride + 1, W.shape[-1]))
    for i, j in np.ndindex(out.shape[:2]):
        total = b.astype(float)
        for di, dj in np.ndindex(3, 3):
            row, column = i * stride + di - 1, j * stride + dj - 1
            if 0 <= row < h and 0 <= column < w:
                for a in range(c):
                    total = total + x[row, column, a] * W[di, dj, a]
        out[i, j] = total
    return out
