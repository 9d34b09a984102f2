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
    expect.true(value <= ROOT, "At this rate each is dropped too often. Try a smaller one.")
    expect.true(value >= ROOT, "At this rate each is dropped too rarely. Try a larger one.")


@rate.mistake("At this rate each is dropped less often: from samples that would lose both, one is given back.")
def as_it_stands():
    return 0.3


@rate.mistake("That is how often each is dropped *at* the rate 0.3. Asked is the other way round.")
def forwards():
    return 0.255


@rate.mistake("You added what is missing at the rate 0.3. But at a higher rate more samples would lose both, too.")
def one_correction():
    return 0.345


@rate.mistake("You doubled it. At 0.6 each is dropped from 42 % of the samples.")
def doubled():
    return 0.6


@rate.mistake("That is the other root of the equation. A rate is at most 1.")
def other_root():
    return 1 + math.sqrt(0.4)


@rate.mistake("You halved the wrong term: p - p²/2 = 0.3, which is p² - 2p + 0.6 = 0.")
def wrong_term():
    return 1 - math.sqrt(0.7)


@rate.mistake("Its square is 30 %: that is how often both would be marked.")
def root():
    return math.sqrt(0.3)


@rate.mistake(said="in percent")
def in_percent():
    return 100 * ROOT


@rate.mistake(said="Try a smaller one")
def large():
    return 0.4


@rate.mistake(said="Try a larger one")
def small():
    return 0.33
