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
        "InfoNCE of a batch of `n` such pairs. At the temperature 1 it is not far below guessing! Why? **What is "
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
