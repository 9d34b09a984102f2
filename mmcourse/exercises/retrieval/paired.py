"""Exercise `retrieval.paired`: a paired cosine as high as you like."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.metrics import ranks, recall_at_k

paired = Exercise(
    "retrieval.paired",
    kind="experiment and explain",
    title="A paired cosine to order",
    task=(
        "A model's true pairs have a mean cosine of one half. A colleague appends one number, the same constant $k$, "
        "to **every** vector of both towers, and divides by the length again. `paired_cosine(k)` does that and returns "
        "the mean cosine of true pairs, and Recall@1. **For which $k$ is the paired cosine 0.95?** Watch Recall@1 on "
        "the way, and say why it does what it does. Answer with a number above 0, within 2 %."
    ),
    hints=(
        "Print both results for $k$ = 0, 1, 2, 4. What becomes of the product of two vectors when both get one more "
        "number $k$, and what of their lengths?",
        "The product grows by $k^2$, and each squared length is $1+k^2$. So a cosine $s$ becomes $(s+k^2)/(1+k^2)$. "
        "Put 0.95 there, for $s=0.5$. And does the order of the $s$ change?",
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
    right = np.eye(n, dtype=bool)
    return float(np.sum(a * b, axis=1).mean()), recall_at_k(ranks(a @ b.T, right), 1)


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


@paired.check
def _(answer, rng):
    got = expect.number(answer, "a number, the constant")
    for value, message in (
        (9.0, "This is $k^2$. The constant itself is its root."),
        (-3.0, "The sign does not matter to the cosine, but asked is a number above 0."),
        (0.9**0.5, "That makes the squares add up to about the wanted cosine, but the lengths grow, too: divide."),
        (0.45**0.5, "You have added up to 0.95 and forgotten that both lengths grow: divide by $1+k^2$."),
        (0.45, "You have added 0.45 to the cosine. The product grows by $k^2$, and the lengths grow as well."),
        (19**0.5, "With cosines of 0 that would be the one. The pairs begin at one half."),
    ):
        expect.true(not abs(got - value) < 0.01 * abs(value), message)
    expect.true(got > 0, "A number above 0 is asked for.")
    expect.true(got >= 3 * 0.98, "With so small a constant the paired cosine stays below 0.95.")
    expect.true(got <= 3 * 1.02, "With so large a constant the paired cosine is above 0.95.")


@paired.mistake("This is $k^2$")
def squared():
    return 9


@paired.mistake("divide by $1+k^2$")
def not_divided():
    return 0.6708


@paired.mistake("added 0.45")
def difference():
    return 0.45


@paired.mistake("begin at one half")
def from_zero():
    return 4.359


@paired.mistake("stays below")
def too_small():
    return 2


@paired.mistake("is above")
def too_large():
    return 3.5
