"""Random numbers that are the same on every machine, for ever, and can be drawn in any order.

NumPy's distributions may change between releases, so an item of Scene World is drawn from integers that we compute
ourselves: draw ``k`` of a stream is a hash of (key, k), by the finaliser of SplitMix64 (Steele, Lea and Flood, 2014,
"Fast splittable pseudorandom number generators"). A stream has no state but its counter, hence item ``i`` needs no
item before it; and each modality of an item has a stream of its own, hence a new modality changes no old one.
"""

from functools import lru_cache, reduce

MASK = (1 << 64) - 1


def mix(z):
    """The SplitMix64 finaliser: an integer in [0, 2^64) to another, a bijection in which every bit depends on all."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def _absorb(state, part):
    data = part.encode() if isinstance(part, str) else int(part).to_bytes(16, "big", signed=True)
    for start in range(0, len(data), 8):
        word = int.from_bytes(data[start : start + 8], "big")
        state = mix((state + word + 0x9E3779B97F4A7C15) & MASK)
    return mix((state + len(data) + (1 << 32)) & MASK)  # ("ab", "c") is not ("a", "bc")


@lru_cache(maxsize=1024)  # the items of a split differ in the last part of their keys only
def _start(*prefix):
    return reduce(_absorb, prefix, 0)


class Stream:
    """A stream of integers named by its key: any sequence of strings and integers.

    >>> Stream("train", 0, 12, "image").below(6) == Stream("train", 0, 12, "image").below(6)
    True
    """

    def __init__(self, *key):
        *prefix, last = key
        self.state = _absorb(_start(*prefix), last)

    def bits(self):
        """The next integer in [0, 2^64)."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        return mix(self.state)

    def below(self, n):
        """The next integer in [0, n), n >= 1. Its bias is below n / 2^64."""
        return (self.bits() * n) >> 64

    def between(self, low, high):
        """The next integer in [low, high], both ends included."""
        return low + self.below(high - low + 1)

    def choice(self, options, weights=None):
        """One of ``options``; ``weights`` are positive integers."""
        if weights is None:
            return options[self.below(len(options))]
        mark = self.below(sum(weights))
        for option, weight in zip(options, weights, strict=True):
            mark -= weight
            if mark < 0:
                return option
        raise AssertionError("unreachable: the mark lies below the sum of the weights")

    def shuffled(self, options):
        """The options in random order, as a list (Fisher and Yates)."""
        options = list(options)
        for last in range(len(options) - 1, 0, -1):
            other = self.below(last + 1)
            options[last], options[other] = options[other], options[last]
        return options

    def chance(self, percent):
        """True with a probability of ``percent`` in a hundred (an integer)."""
        return self.below(100) < percent
