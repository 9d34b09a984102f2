"""Exercise `contrastive.temperature`: how cold a perfect space must be."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

temperature = Exercise(
    "contrastive.temperature",
    kind="experiment and explain",
    title="How cold?",
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


@temperature.check
def _(answer, rng):
    got = expect.number(answer, "a number, the temperature")
    right = 1 / math.log(249 / math.expm1(0.1))
    expect.true(got > 0, "A temperature is positive.")
    for value, message in (
        (1 / right, "This is 1/τ, the scale that cosines are multiplied by. Asked for is the temperature itself."),
        (math.log(1 / right), "This is ln(1/τ), which `InfoNCE` learns. Asked for is the temperature itself."),
        (
            1 / math.log(1 / math.expm1(0.1)),
            "This is the answer for one negative, a batch of two. The other 249 of each row add up.",
        ),
        (
            1 / math.log10(249 / math.expm1(0.1)),
            "You solved with the logarithm to base ten. The softmax is made of powers of e.",
        ),
        (
            1 / math.log(249 / 0.1) / 2,
            "This is half of it: cosines here are 1 and 0, not 1 and -1.",
        ),
        (
            1 / math.log(249),
            "There the right answer weighs as much as all wrong ones together, and the loss is ln 2. It must be 0.1.",
        ),
    ):
        expect.true(not math.isclose(got, value, rel_tol=0.005), message)
    expect.true(got <= 1.01 * right, "At this temperature the loss is still above 0.1 nats. Colder!")
    expect.true(got >= 0.99 * right, "At this temperature the loss is below 0.1. But a higher one is cold enough, too.")


@temperature.mistake("This is 1/τ")
def scale():
    return 7.77


@temperature.mistake("This is ln(1/τ)")
def log_scale():
    return 2.0503


@temperature.mistake("one negative")
def one_negative():
    return 0.4440


@temperature.mistake("base ten")
def base_ten():
    return 0.2964


@temperature.mistake("the loss is ln 2")
def even():
    return 0.1812


@temperature.mistake("a higher one is cold enough")
def start():
    return 0.07


@temperature.mistake("Colder!")
def warm():
    return 0.5
