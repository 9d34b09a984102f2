"""Exercise `retrieval.paired`: a paired cosine as high as you like."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

paired = Exercise(
    "retrieval.paired",
    kind="experiment and explain",
    title="A paired cosine to order",
    returns="a number, the constant",
    within=0.02,
    minutes=10,
    difficulty=2,
    importance=2,
    task=(
        "A model's true pairs have a mean cosine of one half. A colleague appends one number, the same constant $k$, "
        "to **every** vector of both towers, and divides by the norm again. `paired_cosine(k)` does that and returns "
        "the mean cosine of true pairs, and Recall@1. **For which $k$ is the paired cosine 0.95?** Watch Recall@1 on "
        "the way, and say why it does what it does. Answer with a number above 0, within 2 %."
    ),
    hints=(
        "Print both results for $k$ = 0, 1, 2, 4. What becomes of the product of two vectors when both get one more "
        "number $k$, and what of their lengths?",
        "The product grows by $k^2$, and each squared length is $1+k^2$. So a cosine $s$ becomes $(s+k^2)/(1+k^2)$. "
        "Put 0.95 there, for $s=0.5$. And does the order of the $s$ change?",
    ),
    plan=(
        "Print both results for a few constants: between which two does the paired cosine pass 0.95?",
        "Write down what becomes of a product of two vectors, and of their lengths, when both get one more number k.",
        "Set the new cosine to 0.95 and solve for k.",
    ),
    level="stretch",
)


def unit(x):
    """Rows (n, d) brought to length one."""
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def paired_cosine(k, n=500, d=400, seed=0):
    """The mean cosine of true pairs, and Recall@1, after the constant k was appended to every unit vector."""
    rng = np.random.default_rng(seed)
    a = unit(rng.normal(size=(n, d)))
    other = rng.normal(size=(n, d))
    other = unit(other - np.sum(other * a, axis=1, keepdims=True) * a)  # at right angles to a
    b = 0.5 * a + 0.75**0.5 * other  # cosine one half with its own a
    a, b = (unit(np.hstack([v, np.full((n, 1), k)])) for v in (a, b))
    first = (a @ b.T).argmax(axis=1)
    return float(np.sum(a * b, axis=1).mean()), float(np.mean(first == np.arange(n)))


@paired.given
def _first_look():
    for k in (0, 1, 2, 4):
        print(k, paired_cosine(k))


@paired.solved_by
def constant():
    """The constant that makes the paired cosine 0.95."""
    # A product s of two unit vectors becomes s + k², and both squared lengths 1 + k²:
    # (0.5 + k²) / (1 + k²) = 0.95, so 0.05 k² = 0.45 and k = 3.
    k = 3.0
    cosine, recall = paired_cosine(k)
    assert abs(cosine - 0.95) < 0.005
    # All cosines pass through the same rising function, so no order changes, and no rank.
    assert recall == paired_cosine(0)[1]
    return k


WANTED, PAIRS = 0.95, 0.5
NEEDED = math.sqrt((WANTED - PAIRS) / (1 - WANTED))


@paired.also
def _(value):
    expect.true(value > 0, "A number above 0 is asked for.")
    expect.true(value > NEEDED, "With so small a constant the paired cosine stays below 0.95.")
    expect.true(value < NEEDED, "With so large a constant the paired cosine is above 0.95.")
