"""Inputs of the exercises of the page `modalities_tasks`."""

import numpy as np


def settings(rng, k, tied, sign=1):
    """Scores and sizes of k settings, of which ``tied`` are the best on dev. The right one of these is not the first or
    last, nor the luckiest or unluckiest on test. Of the others one is nearly as good and smaller, one is best on test,
    one is the smallest of all, one has the best sum of both scores, and one is the worst on dev."""
    places = np.sort(rng.choice(np.arange(1, k), tied, replace=False))
    near, lucky, smallest, best_sum, *rest = rng.permutation(np.setdiff1d(np.arange(k), places))
    top = 0.5 + 0.005 * k
    dev = top - 0.004 - 0.005 * rng.permutation(np.arange(1, k + 1))
    dev[places], dev[near], dev[best_sum], dev[lucky], dev[rest[:1]] = top, top - 0.001, top - 0.002, 0.48, 0.4
    test = 0.4 + 0.01 * rng.permutation(np.arange(k)) + rng.uniform(0, 0.004, k)
    test[best_sum], test[lucky] = test.max() + 0.008, test.max() + 0.01
    sizes = 100 * rng.permutation(np.arange(3, k + 3))
    sizes[smallest], sizes[near] = 100, 200
    if tied > 5:
        right, luckiest, unluckiest, largest = rng.permutation(places[1:-1])[:4]
        _exchange(test, luckiest, places[np.argmax(test[places])])
        _exchange(test, unluckiest, places[np.argmin(test[places])])
        _exchange(sizes, right, places[np.argmin(sizes[places])])
        _exchange(sizes, largest, places[np.argmax(sizes[places])])
    # With another sign they are minus an error: the best is nearest to 0.
    return np.round(dev - (sign < 0), 4), np.round(test - (sign < 0), 4), sizes


def _exchange(values, one, other):
    values[one], values[other] = values[other], values[one]
