"""What goes wrong in `image.prepare`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.image.prepare import given_prepare, prepare, prepare_for_vgg

MEAN = np.array([103.939, 116.779, 123.68])


def _turned(images):
    return images[..., ::-1].astype("float64")


@prepare.mistake(
    "The channels are still red, green, blue, and the pixels were divided by 255 before means of about a hundred were "
    "taken away: every picture becomes nearly the same."
)
def as_given(images):
    return given_prepare(images)


@prepare.mistake("Nothing was done to the pixels: these are raw.")
def raw(images):
    return images.astype("float64")


@prepare.mistake("The means of blue, green and red were taken from red, green and blue. Turn the channels round first.")
def not_turned(images):
    return images.astype("float64") - MEAN


@prepare.mistake("The channels are turned round, but no mean was taken away.")
def turned_only(images):
    return _turned(images)


@prepare.mistake("The pixels were divided by 255, but the means are those of pixels up to 255.")
def scaled_first(images):
    return images[..., ::-1] / 255 - MEAN


@prepare.mistake("The result was scaled by 255 as well. These weights never saw scaled pixels.")
def scaled_after(images):
    return prepare_for_vgg(images) / 255


@prepare.mistake("Pixels and means were scaled by 255, and the channels are still red, green, blue. Do not scale.")
def scaled_not_turned(images):
    return (images.astype("float64") - MEAN) / 255


@prepare.mistake("Pixels in [0, 255] were multiplied by 255. They have the right range already.")
def scaled_up(images):
    return _turned(images) * 255 - MEAN


@prepare.mistake("The right mean for every channel, but the channels are still red, green, blue.")
def means_turned(images):
    return images.astype("float64") - MEAN[::-1]


@prepare.mistake("The channels are turned round and the means too: blue loses the mean of red.")
def turned_twice(images):
    return _turned(images) - MEAN[::-1]


@prepare.mistake("Only red moved to the end, so that the order is green, blue, red. Asked for is blue, green, red.")
def rolled(images):
    return np.roll(images, -1, axis=-1).astype("float64") - MEAN


@prepare.mistake("Only blue moved to the front, so that the order is blue, red, green. Asked for is blue, green, red.")
def rolled_back(images):
    return np.roll(images, 1, axis=-1).astype("float64") - MEAN


@prepare.mistake("That is the preprocessing of MobileNetV2. Every network has its own.")
def of_another_network(images):
    return images / 127.5 - 1


@prepare.mistake("The pixels were brought to [-1, 1], as for MobileNetV2. VGG wants its means taken away instead.")
def of_another_network_turned(images):
    return _turned(images) / 127.5 - 1


@prepare.mistake(
    "That is how PyTorch's networks want it, scaled, centred and divided by deviations. This VGG has its own."
)
def of_pytorch(images):
    return (images / 255 - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])


@prepare.mistake("`[::-1]` turned rows and columns round as well: only the last axis may turn.")
def all_axes_turned(images):
    return images[:, ::-1, ::-1, ::-1].astype("float64") - MEAN


@prepare.mistake(
    "`[::-1]` turned the batch round, not the channels: the pictures stand in reverse order. Write `[..., ::-1]`."
)
def batch_turned(images):
    return images[::-1].astype("float64") - MEAN


@prepare.mistake("The columns were turned round, not the channels: the pictures are mirrored. Turn the last axis.")
def columns_turned(images):
    return images[:, :, ::-1].astype("float64") - MEAN


@prepare.mistake("The rows were turned round, not the channels: the pictures are upside down. Turn the last axis.")
def rows_turned(images):
    return images[:, ::-1].astype("float64") - MEAN


@prepare.mistake("The channels were moved to the second axis. They stay the last.")
def channels_first(images):
    return np.moveaxis(prepare_for_vgg(images), -1, 1)


@prepare.mistake(
    "The subtraction was done in whole numbers from 0 to 255, where 3 - 104 is 155. Convert to float first."
)
def wrapped(images):
    return images[..., ::-1] - MEAN.round().astype("uint8")


@prepare.mistake(
    "The means were cut to whole numbers, and the subtraction done from 0 to 255, where 3 - 103 is 156. Convert to "
    "float first."
)
def wrapped_cut(images):
    return images[..., ::-1] - MEAN.astype("uint8")


@prepare.mistake("The result was made uint8, which has no negative numbers: -100 became 156. Leave it a float.")
def made_bytes(images):
    return prepare_for_vgg(images).astype(int).astype("uint8")


@prepare.mistake("The result was cut to whole numbers. Leave it a float.")
def cut(images):
    return prepare_for_vgg(images).astype(int)


@prepare.mistake("The means were cut to whole numbers. Use them as they are.")
def means_cut(images):
    return _turned(images) - MEAN.astype(int)


@prepare.mistake("The means were rounded. Use them as they are.")
def means_rounded(images):
    return _turned(images) - MEAN.round()


@prepare.mistake("Negative numbers became 0. Pixels below the mean are meant to be negative.")
def clipped(images):
    return np.clip(prepare_for_vgg(images), 0, 255)


@prepare.mistake("You took away the mean of these pictures. Asked for is that of ImageNet, the same for every picture.")
def own_mean(images):
    return _turned(images) - _turned(images).mean((0, 1, 2))


@prepare.mistake("You took away each picture's own mean. Asked for is that of ImageNet, the same for every picture.")
def own_mean_of_each(images):
    return _turned(images) - _turned(images).mean((1, 2), keepdims=True)


@prepare.mistake("The means were added. Each channel is to lose its mean.")
def added(images):
    return _turned(images) + MEAN


@prepare.mistake("The pixels were divided by the means. Subtract them.")
def divided_by_means(images):
    return _turned(images) / MEAN


@prepare.mistake("All channels lose one mean, that of the three means. Each has its own.")
def one_mean(images):
    return _turned(images) - MEAN.mean()


@prepare.mistake("You made the pixels grey. The three channels stay.")
def grey(images):
    return np.repeat(images.mean(-1, keepdims=True), 3, axis=-1) - MEAN


@prepare.mistake(
    "Only green and blue changed places, so that the order is red, blue, green. Asked for is blue, green, red."
)
def green_and_blue(images):
    return images[..., [0, 2, 1]].astype("float64") - MEAN


@prepare.mistake(
    "Only red and green changed places, so that the order is green, red, blue. Asked for is blue, green, red."
)
def red_and_green(images):
    return images[..., [1, 0, 2]].astype("float64") - MEAN


@prepare.mistake("Pixels and means were cut to whole numbers. Use them as they are.")
def all_cut(images):
    return images[..., ::-1].astype(int) - MEAN.astype(int)


@prepare.mistake("Pixels were cut to whole numbers. Those that come as real numbers stay real.")
def pixels_cut(images):
    return images[..., ::-1].astype(int) - MEAN


@prepare.mistake("Numbers of 8 bits with a sign end at 127: brighter pixels became negative. Convert to float.")
def signed_bytes(images):
    return images[..., ::-1].astype("int8") - MEAN


@prepare.mistake("Every channel loses 127.5, the middle of the range. Each loses its own mean over ImageNet.")
def middle(images):
    return _turned(images) - 127.5


@prepare.mistake("Rows and columns of the pictures are swapped. They stay as they are.")
def turned_aside(images):
    return prepare_for_vgg(images).swapaxes(1, 2)


@prepare.mistake("Rows, columns and channels are turned about, as `.T` does. Only the order of the channels changes.")
def all_transposed(images):
    return prepare_for_vgg(images).T


@prepare.mistake("The result was divided by the deviation of the pixels. Only the means are taken away.")
def standardised(images):
    return prepare_for_vgg(images) / _turned(images).std()


@prepare.mistake(
    "All axes are turned round, as `np.flip` without an axis does: the pictures and their pixels as well. Turn the "
    "last axis alone."
)
def every_axis_turned(images):
    return np.flip(images).astype("float64") - MEAN


@prepare.mistake("Each channel is divided by a deviation as well. These networks want the means taken away, no more.")
def divided_by_deviations(images):
    return prepare_for_vgg(images) / np.array([57.375, 57.12, 58.395])


@prepare.mistake("The means were divided by 255, the pixels were not. Leave both as they are.")
def means_scaled(images):
    return _turned(images) - MEAN / 255


@prepare.mistake("The result was rounded to whole numbers. Leave it as it is.")
def rounded(images):
    return prepare_for_vgg(images).round()


@prepare.mistake("The result was rounded down to whole numbers. Leave it as it is.")
def rounded_down(images):
    return np.floor(prepare_for_vgg(images))


@prepare.mistake(
    "These are the means of PyTorch's networks, times 255. This VGG has others: 103.939, 116.779 and 123.68."
)
def means_of_pytorch(images):
    return _turned(images) - 255 * np.array([0.406, 0.456, 0.485])


@prepare.mistake("The means were taken away twice.")
def subtracted_twice(images):
    return _turned(images) - 2 * MEAN


MIXED_UP = "The channels are turned round, but {} lose each other's mean: the means stand for blue, green, red."


@prepare.mistake(MIXED_UP.format("blue and green"))
def means_of_blue_and_green(images):
    return _turned(images) - MEAN[[1, 0, 2]]


@prepare.mistake(MIXED_UP.format("green and red"))
def means_of_green_and_red(images):
    return _turned(images) - MEAN[[0, 2, 1]]


@prepare.mistake("Pixels of 0 lose no mean in yours. Each channel loses its mean everywhere.")
def black_stays(images):
    return np.where(_turned(images) > 0, prepare_for_vgg(images), 0)


@prepare.mistake("The pixels were inverted, 255 less each. They stay as they are.")
def inverted(images):
    return 255 - _turned(images) - MEAN


@prepare.mistake(
    "The pixels were stretched from their smallest to their largest number first. Leave their range as it is."
)
def stretched(images):
    x = _turned(images)
    return (x - x.min()) / max(x.max() - x.min(), 1) * 255 - MEAN


@prepare.mistake("Numbers above 127 were cut off. Pixels less their means go up to about 151.")
def cut_at_127(images):
    return np.clip(prepare_for_vgg(images), -128, 127)


@prepare.mistake("Only the first picture of the batch was prepared. Prepare all of them.")
def first_picture(images):
    return np.concatenate([prepare_for_vgg(images[:1]), images[1:]])


@prepare.mistake("Only blue lost its mean. Each of the three channels loses its own.")
def blue_only(images):
    return _turned(images) - MEAN * [1, 0, 0]


@prepare.mistake("The means were rounded to one decimal. Use them as they are.")
def means_of_one_decimal(images):
    return _turned(images) - MEAN.round(1)


@prepare.mistake(
    "The pixels were scaled by 127.5 before the means were taken away. No scaling: leave their range as it is."
)
def scaled_by_half(images):
    return _turned(images) / 127.5 - MEAN


OVERWRITTEN = (
    "Blue and red have the same pixels: one was written over the other before it was read. Turn the channels in one "
    "step, `[..., ::-1]`."
)


@prepare.mistake(OVERWRITTEN)
def blue_twice(images):
    return images[..., [2, 1, 2]] - MEAN


@prepare.mistake(OVERWRITTEN)
def red_twice(images):
    return images[..., [0, 1, 0]] - MEAN


@prepare.mistake("Green lost no mean. Each of the three channels loses its own.")
def green_untouched(images):
    return _turned(images) - MEAN * [1, 0, 1]


ONE_FOR_ALL = "All channels lose the mean of {}. Each has its own."


@prepare.mistake(ONE_FOR_ALL.format("red"))
def mean_of_red(images):
    return _turned(images) - MEAN[2]


@prepare.mistake(ONE_FOR_ALL.format("blue"))
def mean_of_blue(images):
    return _turned(images) - MEAN[0]


@prepare.mistake("The channels of the first picture alone were turned round. All pictures need it.")
def first_picture_turned(images):
    return np.concatenate([images[:1, ..., ::-1], images[1:]]) - MEAN


@prepare.mistake("The three numbers of each pixel were sorted. Their order is blue, green, red, whatever their size.")
def sorted_channels(images):
    return np.sort(images, axis=-1) - MEAN


@prepare.mistake(
    "You took away each picture's own mean, from red, green, blue. Asked for are ImageNet's means, and blue, green, "
    "red."
)
def own_mean_not_turned(images):
    return images - images.mean((1, 2), keepdims=True)


@prepare.mistake(
    "You took away the mean of these pictures, from red, green, blue. Asked for are ImageNet's means, and blue, green, "
    "red."
)
def mean_of_all_not_turned(images):
    return images - images.mean((0, 1, 2))


TO_ONE = "The pixels were brought to [0, 1], and no mean was taken away. No scaling: each channel less its mean."


@prepare.mistake(TO_ONE)
def to_one_turned(images):
    return _turned(images) / 255


@prepare.mistake(TO_ONE)
def to_one(images):
    return images / 255
