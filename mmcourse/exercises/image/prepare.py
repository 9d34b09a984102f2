"""Exercise `image.prepare`: pixels as VGG wants them."""

import numpy as np

from mmcourse.exercises import Exercise, expect

MEAN = np.array([103.939, 116.779, 123.68])

prepare = Exercise(
    "image.prepare",
    kind="find the bug",
    title="VGG's own preprocessing",
    task=(
        "`prepare_for_vgg(images)` should turn pixels of shape `(b, h, w, 3)`, red, green, blue in $[0, 255]$, "
        "into what "
        "VGG16 and ResNet50 were trained on: channels in the order *blue, green, red*, each less its mean over "
        "ImageNet, "
        "103.939 for blue, 116.779 for green and 123.68 for red; no scaling. It runs, the shapes are right, and VGG "
        "answers. Put it right."
    ),
    hints=(
        "Give it one white pixel and one pure red pixel, and write down by hand what must come out.",
        "There are two faults. In which order do the means stand, and in which order the channels? And what range of "
        "pixels do means of about a hundred belong to?",
    ),
)


@prepare.solved_by
def prepare_for_vgg(images):
    """RGB pixels (b, h, w, 3) in [0, 255] -> BGR, centred, float (b, h, w, 3)."""
    mean = np.array([103.939, 116.779, 123.68])  # of blue, green, red
    return images[..., ::-1].astype("float64") - mean


@prepare.given
def _given_prepare(images):
    """RGB pixels (b, h, w, 3) in [0, 255] -> BGR, centred, float (b, h, w, 3)."""
    mean = np.array([103.939, 116.779, 123.68])  # of blue, green, red
    return images.astype("float64") / 255 - mean


@prepare.check
def _(answer, rng):
    images = rng.integers(0, 256, (2, 3, 5, 3)).astype("uint8")
    x = images.astype("float64")
    wanted = x[..., [2, 1, 0]] - MEAN
    y = expect.array(
        expect.pure(answer, images), (2, 3, 5, 3), "as many pictures, rows, columns and channels as before"
    )
    known = (
        (x, "Nothing was done to the pixels: these are raw."),
        (x / 255 - MEAN, "The channels are still red, green, blue, and the pixels were divided by 255 before means of "
         "about a hundred were taken away: every picture becomes nearly the same."),
        (x - MEAN, "The means of blue, green and red were taken from red, green and blue. Turn the channels round "
        "first."),
        (x[..., [2, 1, 0]] / 255 - MEAN, "The pixels were divided by 255, but the means are those of pixels up to "
        "255."),
        ((x[..., [2, 1, 0]] - MEAN) / 255, "The result was scaled by 255 as well. These weights never saw scaled "
        "pixels."),
        (x - MEAN[::-1], "The right mean for every channel, but the channels are still red, green, blue."),
        (x[..., [2, 1, 0]] - MEAN[::-1], "The channels are turned round and the means too: blue loses the mean of "
        "red."),
        (x / 127.5 - 1, "That is the preprocessing of MobileNetV2. Every network has its own."),
        (x[:, ::-1, ::-1, [2, 1, 0]] - MEAN, "`[::-1]` turned rows and columns round as well: only the last axis "
        "may turn."),
    )  # fmt: skip
    for value, message in known:
        expect.differs(y, value, message)
    small = np.subtract(images[..., ::-1], MEAN.round().astype("uint8"))  # arithmetic of uint8 wraps round
    expect.true(
        not np.allclose(y, small, atol=1.0),
        "The subtraction was done in whole numbers from 0 to 255, where 3 - 104 is 155. Convert to float first.",
    )
    expect.close(y, wanted, "Not blue, green, red, each less its mean.")


@prepare.mistake("these are raw")
def raw(images):
    return images.astype("float64")


@prepare.mistake("Turn the channels round first")
def not_turned(images):
    return images.astype("float64") - MEAN


@prepare.mistake("divided by 255, but")
def scaled_first(images):
    return images[..., ::-1] / 255 - MEAN


@prepare.mistake("never saw scaled pixels")
def scaled_after(images):
    return prepare_for_vgg(images) / 255


@prepare.mistake("blue loses the mean of red")
def turned_twice(images):
    return images[..., ::-1].astype("float64") - MEAN[::-1]


@prepare.mistake("preprocessing of MobileNetV2")
def of_another_network(images):
    return images / 127.5 - 1


@prepare.mistake("only the last axis")
def all_axes_turned(images):
    return images[:, ::-1, ::-1, ::-1].astype("float64") - MEAN


@prepare.mistake("Convert to float first")
def wrapped(images):
    return images[..., ::-1] - MEAN.round().astype("uint8")
