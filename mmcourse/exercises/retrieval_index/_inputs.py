"""Inputs of the exercises of the page `retrieval_index`: vectors whose cosines with a query are known."""

import weakref

import numpy as np


def with_cosines(rng, cosines, d):
    """A query of length one, and vectors of length one that have these cosines with it."""
    query, aside = rng.normal(size=d), rng.normal(size=(len(cosines), d))
    query /= np.linalg.norm(query)
    aside -= np.outer(aside @ query, query)
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    return query, cosines[:, None] * query + np.sqrt(1 - cosines**2)[:, None] * aside


def falling(rng, high, low, m):
    """Cosines from the highest down, no two of them near each other."""
    return np.linspace(high, low, m) + rng.uniform(0, min(0.2 / m, 0.02), m)


class Blocks:
    """A sequence that reads a block whenever it is asked for it, and notes how many of them are held at once."""

    def __init__(self, vectors, rows):
        self.vectors, self.ends, self.out, self.held = vectors, np.cumsum(rows), [], 0

    def __deepcopy__(self, memo):
        return self  # the check looks at the one that was handed over

    def __len__(self):
        return len(self.ends)

    def __getitem__(self, place):
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(f"There are {len(self)} blocks, the first of them is block 0. Received: {place}.")
        place %= len(self)
        block = self.vectors[self.ends[place - 1] if place else 0 : self.ends[place]].copy()
        self.out = [(other, number) for other, number in self.out if other() is not None]
        self.out.append((weakref.ref(block), place))
        self.held = max(self.held, len({number for _, number in self.out}))
        return block
