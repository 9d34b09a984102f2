"""Inputs of the exercises of the page `preparation`, and what is read off their results."""

from dataclasses import dataclass

import numpy as np

from mmcourse.exercises import expect


def telling_table(rng, n, d, folds, telling, balanced=False):
    """Rows whose columns differ in centre and spread, ``telling`` of them with the label in them, and labels:
    equally many in each block if ``balanced``. One test row of each fold is far away in telling columns: a scale that
    sees it is another one."""
    y = rng.permutation(np.arange(n) % 5 < 3).astype("int64")
    if balanced:
        y = np.concatenate([rng.permutation(np.arange(len(b)) % 2) for b in np.array_split(y, folds)])
    x = rng.normal(size=(n, d))
    columns = rng.permutation(d)[:telling]
    x[:, columns] += rng.uniform(1.2, 2, telling) * np.where(rng.random(telling) < 0.5, -1, 1) * y[:, None]
    for fold, block in enumerate(np.array_split(np.arange(n), folds)):
        x[rng.choice(block), columns[fold % max(telling, 1) :][:2]] += 40
    return x * rng.uniform(0.2, 30, d) + rng.normal(0, 20, d), y


def f_statistic(x, y):
    """How well each column of x (n, d) tells the two labels y (n,) apart: the F statistic, up to a factor, (d,)."""
    groups = [x[y == label] for label in (0, 1)]
    between = sum(len(g) * (g.mean(0) - x.mean(0)) ** 2 for g in groups)
    return between / sum(((g - g.mean(0)) ** 2).sum(0) for g in groups)


SHARES = (  # number of speakers, share: 3.3, 2.5, 3.6, 3.5, 2.6, 1.2, 0.3, 0.4 and 3.6 of them, which is all
    (11, 0.3), (10, 0.25), (9, 0.4), (7, 0.5), (13, 0.2), (12, 0.1), (3, 0.1), (1, 0.4), (4, 0.9),
)  # fmt: skip


def tables_of_speakers(rng):
    """Who says each row, and a share. In the first, two people say most of it."""
    for place, (number, share) in enumerate(SHARES):
        low = (20, 300, 0, 1000)[place % 4]
        names = rng.permutation(np.arange(low, low + (number if low == 0 else 6 * number + 10)))[:number]
        counts = rng.integers(3, 8, number)
        counts[:2] = 60 if place == 0 else counts[:2]
        yield rng.permutation(np.repeat(names, counts)), share


def mask_of(value, n):
    """What came as a mask of n rows."""
    array = expect.array(value)
    if array.shape != (n,) or not np.isin(array, (0, 1)).all():
        raise expect.Wrong(
            f"Expected a mask of True and False, one entry for each of the {n} rows; got "
            f"{expect.described(value, array)}. `np.isin(speakers, …)` turns people into such a mask."
        )
    return array.astype(bool)


@dataclass
class Drawn:
    """The splits of one table of speakers: for each seed a mask."""

    speakers: np.ndarray
    share: float
    masks: list

    def __post_init__(self):
        self.people = set(self.speakers.tolist())
        self.inside = [frozenset(self.speakers[mask].tolist()) for mask in self.masks]
        self.shared = max(
            len(s & set(self.speakers[~m].tolist())) for s, m in zip(self.inside, self.masks, strict=True)
        )
        self.counts = [len(people) for people in self.inside]
        self.wanted = max(1, round(self.share * len(self.people)))
