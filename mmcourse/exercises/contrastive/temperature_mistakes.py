"""What goes wrong in `contrastive.temperature`: planted mistakes with their messages."""

import math

from mmcourse.exercises.contrastive.temperature import RIGHT, loss, temperature


@temperature.mistake("This is 1/τ, the scale that cosines are multiplied by. Asked for is the temperature itself.")
def scale():
    return 1 / RIGHT


@temperature.mistake("This is ln(1/τ), which `InfoNCE` learns. Asked for is the temperature itself.")
def log_scale():
    return math.log(1 / RIGHT)


@temperature.mistake("This is the answer for one negative, a batch of two. The other 249 of each row add up.")
def one_negative():
    return 1 / math.log(1 / math.expm1(0.1))


@temperature.mistake("The logarithm to base ten leads here. The softmax is made of powers of e.")
def base_ten():
    return 1 / math.log10(249 / math.expm1(0.1))


@temperature.mistake("The logarithm to base two leads here. The softmax is made of powers of e.")
def base_two():
    return 1 / math.log2(249 / math.expm1(0.1))


@temperature.mistake(
    "There the right answer weighs as much as all wrong ones together, and the loss is about ln 2. It must be 0.1."
)
def even():
    return 1 / math.log(249)


@temperature.mistake(
    "The formula without the 1 in log(1 + …) leads here. The 1 is the weight of the right answer itself."
)
def without_one():
    return 1 / (math.log(249) - 0.1)


@temperature.mistake("There the loss is 0.1 bits. It must be 0.1 nats.")
def in_bits():
    return 1 / math.log(249 / math.expm1(0.1 * math.log(2)))


@temperature.mistake("There the sum over all 250 rows is 0.1. The loss is their mean.")
def sum_of_rows():
    return 1 / math.log(249 / math.expm1(0.1 / 250))


@temperature.mistake("There the loss is 0.05. The two directions of InfoNCE are averaged, not added.")
def both_added():
    return 1 / math.log(249 / math.expm1(0.05))


@temperature.mistake("That would hold if all others had the cosine -1. Here it is 0.")
def opposite():
    return 2 * RIGHT


@temperature.mistake("There the loss is about 1 nat. It must be 0.1.")
def loss_of_one():
    return 1 / math.log(249 / math.expm1(1))


@temperature.mistake("There the loss is 0.01 nats: colder than it must be.")
def loss_of_a_hundredth():
    return 1 / math.log(249 / math.expm1(0.01))


@temperature.mistake("This is about ln 250, the loss of guessing. Asked for is a temperature.")
def guessing():
    return math.log(250)


@temperature.mistake("This is the loss at the temperature 1. Asked for is a temperature.")
def loss_at_one():
    return loss(250, 1.0)


@temperature.mistake("There the sum of both directions is 0.2. The two directions of InfoNCE are averaged: 0.1 each.")
def two_tenths():
    return 1 / math.log(249 / math.expm1(0.2))


@temperature.mistake(said="A temperature is positive.")
def negative():
    return -RIGHT


@temperature.mistake(
    "0.07 is the usual start. It is cold enough, but not the highest such temperature: the loss there is far below 0.1."
)
def start():
    return 0.07


@temperature.mistake(said="Colder!")
def as_printed():
    return 1.0


@temperature.mistake(said="Colder!")
def warm():
    return 0.5


@temperature.mistake(said="a higher one is cold enough")
def tenth():
    return 0.1
