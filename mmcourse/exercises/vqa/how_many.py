"""Exercise `vqa.how_many`: what of a number is left in a weighted mean."""

import numpy as np

from mmcourse.exercises import Exercise

how_many = Exercise(
    "vqa.how_many",
    kind="experiment and explain",
    title="One star or two?",
    returns="a score",
    within=0.1 / 3.79,
    otherwise=("Not so. Print `share(2, s) - share(1, s)` for scores from 0 to 8, and find where it is largest."),
    task=(
        "One glance at 64 cells. `n` of them show a star, all alike, the others background. A star's cell has the "
        "score `s`, background 0. What is seen is a mixture, a share of star and the rest background, so `share` is "
        "all that one hop tells of the number. **For which score `s` is it easiest to tell one star from two: where is "
        "the difference of the two shares largest?** Answer with `s`, within 0.1. What becomes of the difference where "
        "`s` is 0, and where it is very large?"
    ),
    hints=(
        "Compute the difference for many scores, `np.linspace(0, 8, 801)` say, and look at three of them: the first, "
        "the largest, the last.",
        "`d = share(2, s) - share(1, s)` works for an array of scores as well. Which entry of `s` does `d.argmax()` "
        "name?",
    ),
    plan=(
        "Compute the two shares for many scores.",
        "Take their difference.",
        "Find the score at which it is largest.",
    ),
    minutes=6,
    difficulty=1,
    importance=2,
)


def share(n, s, m=64):
    """The share of the weight that lies on n cells of score s, of m cells; the others have the score 0."""
    return n * np.exp(s) / (n * np.exp(s) + m - n)


@how_many.given
def _first_look():
    for s in (0.0, 2.0, 8.0):
        print(s, share(1, s), share(2, s))


@how_many.solved_by
def easiest():
    """The score at which the shares of one and of two differ most."""
    s = np.linspace(0, 8, 801)
    difference = share(2, s) - share(1, s)
    best = s[difference.argmax()]
    assert abs(best - np.log(63 * 31) / 2) < 0.01  # where the derivative is 0
    # Everywhere alike (s = 0) one star is 1/64 of what is seen and two are
    # 2/64. Looking at stars only (s large) both are all of it, and the
    # number is gone. Between, background competes, and its share tells.
    return best
