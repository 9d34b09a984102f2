"""Items with origins, and what is to be known of a split of them, for `scenes.split`."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Split:
    """What came for one input."""

    sources: np.ndarray
    share: float
    test: np.ndarray

    @property
    def origins(self):
        return np.unique(self.sources)

    @property
    def wanted(self):
        """How many origins belong into the test side."""
        return round(self.share * len(self.origins))

    @property
    def chosen(self):
        """The origins that have an item in the test side."""
        return np.unique(self.sources[self.test])

    @property
    def torn(self):
        """How many origins have items on both sides."""
        return len(np.intersect1d(self.chosen, self.sources[~self.test]))

    @property
    def right(self):
        return not self.torn and len(self.chosen) == self.wanted


def items(rng, sizes, low=100):
    """Items in a random order: as many of each origin as ``sizes`` says. The origins have strange numbers."""
    names = rng.choice(np.arange(low, low + 900), size=len(sizes), replace=False)
    return rng.permutation(np.repeat(names, sizes))


def inputs(rng):
    """(sources, share) of several kinds."""
    sizes = rng.permutation(np.r_[np.ones(12, int), np.arange(1, 29)])
    yield items(rng, sizes), 0.3  # 12 of 40
    yield items(rng, rng.integers(1, 9, 11), low=-1000), 0.25  # 2.75: 3, where int() says 2; origins below 0 as well
    yield items(rng, rng.integers(2, 7, 13)), 0.4  # 5.2: 5, where ceil() says 6
    yield items(rng, np.r_[9, rng.integers(1, 4, 12)]), 0.5  # 6.5: 6, and 7 for training
    yield items(rng, np.r_[9, rng.integers(1, 4, 13)]), 0.25  # 3.5: 4
    yield items(rng, np.r_[9, rng.integers(1, 4, 9)]), 0.25  # 2.5: 2
    yield items(rng, np.ones(10, int)), 0.3  # no two items share an origin
    yield items(rng, [3, 1, 4, 2, 5, 2]), 0.05  # 0.3: none
    yield items(rng, [2, 4, 1, 3, 3]), 1.0  # all
    yield items(rng, [5, 2, 3, 4, 1, 2, 2]), 0.7  # 4.9: 5


# How many origins a wrong rule puts into the test side: of the share, the number of origins, that of items.
RULES = (
    (lambda share, g, n: int(share * g), "You round down, with `int` or `//`. The task asks for `round`."),
    (lambda share, g, n: math.ceil(share * g), "You round up. The task asks for `round`."),
    (
        lambda share, g, n: math.floor(share * g + 0.5),
        "You round a half upwards always. Python's `round` goes to the even number: 2.5 becomes 2.",
    ),
    (
        lambda share, g, n: math.ceil(share * g - 0.5),
        "You round a half downwards always. Python's `round` makes 3.5 a 4.",
    ),
    (
        lambda share, g, n: g - round((1 - share) * g),
        "You round the number of origins in the training side. Round that of the test side; training has the rest.",
    ),
    (
        lambda share, g, n: round((1 - share) * g),
        "You put the *training* side's number of origins into the test side. True means test.",
    ),
    (lambda share, g, n: round(share * g) + 1, "There is one origin too many in the test side."),
    (lambda share, g, n: round(share * g) - 1, "There is one origin too few in the test side."),
    (lambda share, g, n: max(1, round(share * g)), "You put at least one origin into the test side. It may be none."),
    (
        lambda share, g, n: round(share * g) or g,
        "Where no origin belongs into the test side, you put all there: `[-0:]` is everything. Write `[:k]`.",
    ),
    (lambda share, g, n: 0, "The test side is empty. Do you compare the numbers of the origins with places in a list?"),
    (lambda share, g, n: g, "Everything is in the test side."),
    (
        lambda share, g, n: round(share * n),
        "You drew `round(share * n)` origins, n being the number of items. The share is of the different origins.",
    ),
    (lambda share, g, n: min(g - 1, max(1, round(share * g))), "You keep one origin on each side. The task does not."),
    *((lambda share, g, n, p=p: round(p * g), "`share` is ignored.") for p in (0.1, 0.2, 0.25, 0.3, 0.5)),
)
