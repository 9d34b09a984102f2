"""Exercise `missing.rate`: how often modality dropout really drops."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

ROOT = 1 - math.sqrt(0.4)

rate = Exercise(
    "missing.rate",
    kind="experiment and explain",
    returns="a number, the rate",
    within=0.01,
    title="The rate that is meant",
    task=(
        "Cameras fail for 30 % of your utterances, microphones for 30 %, never both. In training, modality dropout "
        "shall take each of the two modalities away from **30 %** of the samples. `dropped(p)` draws 100,000 "
        "samples and says how often each is really dropped. At the rate 0.3 it is less often. Why? Find, exactly or "
        "by trying, **the rate at which each is dropped from 30 %**. Answer with a number between 0 and 1, within 1 %."
    ),
    hints=(
        "What happens to a sample of which both modalities are marked? How many such samples are there, and how many "
        "of them keep the first modality?",
        "Both are marked with the probability of the rate squared, and then one of them stays. So each is dropped "
        "with the probability p - p²/2. Set this to 0.3 and solve for p.",
    ),
    plan=(
        "Call `dropped` at a few rates, and see how the result grows with the rate.",
        "Say in a formula how often one modality is dropped at the rate p: it is marked, but now and then given back.",
        "Solve for the rate at which this is 30 %, and try your result with `dropped`.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
)


def dropped(p, n=100_000, seed=0):
    """How often each of two modalities is dropped, never both."""
    rng = np.random.default_rng(seed)
    marked = rng.random((n, 2)) < p
    saved = rng.integers(2, size=n)[:, None] == np.arange(2)
    both = marked.all(axis=1, keepdims=True)
    return (marked & ~(both & saved)).mean(axis=0)


@rate.given
def _first_look():
    print(dropped(0.3))


@rate.solved_by
def needed():
    """The smaller root of p²/2 - p + 0.3 = 0."""
    p = 1 - math.sqrt(1 - 2 * 0.3)
    assert np.allclose(dropped(p), 0.3, atol=0.01)
    # A sample that would lose both keeps one: half of p² is lost to each
    # modality. No rate drops each from more than half of the samples.
    return p


@rate.also
def _(value):
    expect.true(0 <= value <= 1, "No rate is below 0 or above 1: it is a share of the samples.")
    expect.true(value <= ROOT, "At this rate each is dropped too often. Try a smaller one.")
    expect.true(value >= ROOT, "At this rate each is dropped too rarely. Try a larger one.")
