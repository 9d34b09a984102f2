"""Exercise `image.prepare`: pixels as VGG wants them."""

import numpy as np

from mmcourse.exercises import Exercise, case

prepare = Exercise(
    "image.prepare",
    kind="find the bug",
    title="VGG's own preprocessing",
    returns="as many pictures, rows, columns and channels as before",
    otherwise="These are not blue less 103.939, green less 116.779 and red less 123.68, in this order.",
    minutes=6,
    difficulty=1,
    importance=3,
    task=(
        "`prepare_for_vgg(images)` should turn pixels of shape `(b, h, w, 3)`, red, green, blue in $[0, 255]$, whole "
        "numbers (uint8) or real ones, into "
        "what VGG16 and ResNet50 were trained on: channels in the order *blue, green, red*, each less its mean over "
        "ImageNet, 103.939 for blue, 116.779 for green and 123.68 for red; no scaling and no rounding. It runs, the "
        "shapes are right, and VGG answers. Put it right."
    ),
    hints=(
        "Give it one white pixel and one pure red pixel, and write down by hand what must come out.",
        "There are two faults. In which order do the means stand, and in which order the channels? And what range of "
        "pixels do means of about a hundred belong to?",
    ),
    plan=(
        "Turn the channels round, the last axis only.",
        "Make the pixels real numbers, and leave their range as it is.",
        "Take away each channel's own mean.",
    ),
)


@prepare.solved_by
def prepare_for_vgg(images):
    """RGB pixels (b, h, w, 3) in [0, 255] -> BGR, centred, float (b, h, w, 3)."""
    mean = np.array([103.939, 116.779, 123.68])  # of blue, green, red
    return images[..., ::-1].astype("float64") - mean


@prepare.given
def given_prepare(images):
    """RGB pixels (b, h, w, 3) in [0, 255] -> BGR, centred, float (b, h, w, 3)."""
    mean = np.array([103.939, 116.779, 123.68])  # of blue, green, red
    return images.astype("float64") / 255 - mean


@prepare.cases
def _(rng):
    for shape in ((2, 3, 5, 3), (3, 4, 2, 3), (1, 2, 7, 3), (3, 3, 3, 3)):
        yield case(rng.integers(0, 256, shape).astype("uint8"))
    yield case(rng.uniform(0, 255, (2, 5, 4, 3)), when="where the pixels are real numbers")
    yield case(rng.integers(0, 256, (4, 1, 1, 3)).astype("uint8"), when="where a picture is a single pixel")
    dark = rng.integers(0, 2, (2, 3, 2, 3)).astype("uint8")
    dark[0, 0, 0], dark[0, 0, 1] = [1, 0, 0], [0, 0, 1]
    yield case(dark, when="where the pictures are nearly black")
    bright = rng.integers(240, 256, (1, 4, 3, 3)).astype("uint8")
    bright[0, 0, 0], bright[0, 0, 1] = [255, 240, 240], 255
    yield case(bright, when="where the picture is nearly white")


@prepare.oracle
def _(images):
    out = np.zeros(images.shape)
    for place in np.ndindex(images.shape[:-1]):
        red, green, blue = images[place].tolist()
        out[place] = blue - 103.939, green - 116.779, red - 123.68
    return out
