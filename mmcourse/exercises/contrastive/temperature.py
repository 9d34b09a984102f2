"""Exercise `contrastive.temperature`: how cold a perfect space must be."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

temperature = Exercise(
    "contrastive.temperature",
    kind="experiment and explain",
    title="How cold?",
    returns="a number, the temperature",
    within=0.01,
    minutes=12,
    difficulty=2,
    importance=2,
    plan=(
        "Evaluate the loss at many temperatures between 0.01 and 1.",
        "Find two of them between which it crosses 0.1, and halve the interval again and again.",
    ),
    task=(
        "Take a *perfect* space: every pair has the cosine 1, any two others the cosine 0. `loss(n, tau)` is "
        "InfoNCE of a batch of `n` such pairs. At the temperature 1 it is nearly as bad as guessing! Why? **What is "
        "the highest temperature at which a batch of 250 has a loss of at most 0.1 nats?** Answer with a number, "
        "within 1 %."
    ),
    hints=(
        "Plot the loss against the temperature, on a logarithmic axis from 0.01 to 1. Where does it cross 0.1? It only "
        "rises: bisect.",
        "Each row is log(1 + 249 · exp(-1/τ)): the right one has e to the 1/τ, each of the 249 others has e to the 0. "
        "Solve for τ.",
    ),
)


def loss(n, tau):
    """InfoNCE of n perfect pairs, in nats."""
    logits = np.eye(n) / tau
    top = logits.max(axis=1, keepdims=True)
    log_sum = top[:, 0] + np.log(np.exp(logits - top).sum(axis=1))
    return float(np.mean(log_sum - np.diag(logits)))


@temperature.given
def _first_look():
    for tau in (1.0, 0.5, 0.07):
        print(tau, loss(250, tau))
    print(math.log(250))  # guessing


@temperature.solved_by
def highest():
    """Where the loss of 250 perfect pairs crosses a tenth."""
    low, high = 0.01, 1.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if loss(250, middle) <= 0.1 else (low, middle)
    assert math.isclose(low, 1 / math.log(249 / (math.exp(0.1) - 1)), rel_tol=1e-3)
    # Cosines span only from -1 to 1, so e to the cosine hardly tells one right
    # answer from 249 wrong ones that add up. The temperature stretches the
    # span. The more negatives, the colder: 1/τ grows like log n. The usual
    # start, 0.07, is colder than this batch needs.
    return low


RIGHT = 1 / math.log(249 / math.expm1(0.1))


@temperature.also
def _(value):
    expect.true(value > 0, "A temperature is positive.")
    expect.true(value <= RIGHT, "At this temperature the loss is still above 0.1 nats. Colder!")
    expect.true(value >= RIGHT, "At this temperature the loss is below 0.1. But a higher one is cold enough, too.")


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
