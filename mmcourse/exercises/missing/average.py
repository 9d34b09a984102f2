"""Exercise `missing.average`: a mean over the modalities that are there."""

import numpy as np

from mmcourse.exercises import Exercise, case

average = Exercise(
    "missing.average",
    kind="find the bug",
    title="A mean of what is there",
    returns="one vector for each sample",
    otherwise=(
        "This is not the mean of what is there: the sum of the vectors with a True, number by number, divided by how "
        "many those are."
    ),
    task=(
        "`average_present(vectors, present)` shall fuse the vectors `(n, m, d)` of $m$ modalities into one, `(n, "
        "d)`: the mean of those that are there, by `present` `(n, m)`. Two things go wrong. Samples that lack a "
        "modality come out too short, and where a camera wrote NaN, NaN comes out, although `present` says that "
        "nothing is there. Put it right. Where nothing is there, any number may stand, or NaN. A sample that has "
        "nothing becomes zeros."
    ),
    hints=(
        "By which number is the sum of two vectors divided when the third is missing? And what is 0 times NaN?",
        "Choose with `np.where` in place of multiplying. Divide by how many are there, `present.sum(axis=1)`, "
        "but never by 0: `np.maximum` helps.",
    ),
    plan=(
        "Put zeros where nothing is there, by choosing, not by multiplying.",
        "Count, for every sample, what is there, and let no count be 0.",
        "Divide the sum over the modalities by this count.",
    ),
    minutes=8,
    difficulty=1,
    importance=3,
)


@average.solved_by
def average_present(vectors, present):
    """Vectors (n, m, d), booleans (n, m) -> (n, d)."""
    kept = np.where(present[:, :, None], vectors, 0.0)  # 0 · NaN is NaN
    count = np.maximum(present.sum(axis=1, keepdims=True), 1)  # (n, 1)
    return kept.sum(axis=1) / count


@average.given
def _given(vectors, present):
    """Vectors (n, m, d), booleans (n, m) -> (n, d)."""
    kept = vectors * present[:, :, None]
    return kept.mean(axis=1)


def _batch(rng, n, m, d):
    """Vectors and what is there: at least one modality of each sample, one of them alone, all of them; numbers that
    mean nothing elsewhere."""
    vectors, present = rng.normal(0.5, 2, (n, m, d)), rng.random((n, m)) < 0.6
    present[np.arange(n), rng.integers(m, size=n)] = True
    present[0], present[-1] = np.arange(m) == rng.integers(m), True
    return vectors, present


@average.cases
def _(rng):
    for n, m, d in ((9, 3, 4), (6, 5, 2), (4, 2, 7)):
        yield case(*_batch(rng, n, m, d))
    vectors, present = _batch(rng, 11, 3, 5)
    present[:3] = [[True, False, False], [True, True, False], [False, True, True]]
    vectors[~present & (rng.random((11, 3)) < 0.5)] = np.nan  # the rest of what is missing holds numbers
    vectors[0, 1:], vectors[1, 2], vectors[2, 0] = np.nan, 5.0, np.nan
    yield case(vectors, present, when="where NaN stands at a missing place")
    vectors, present = _batch(rng, 5, 3, 4)
    present[0], present[1] = False, [False, True, False]
    yield case(vectors, present, when="where a sample has nothing")
    vectors, present = _batch(rng, 6, 3, 4)
    present[:, 2], vectors[:, 2], present[0] = False, np.nan, [True, False, False]
    yield case(vectors, present, when="where one modality is missing in the whole batch")
    vectors = rng.normal(size=(4, 3, 2))
    yield case(vectors, np.ones((4, 3), bool), when="where nothing is missing")
    vectors, present = _batch(rng, 6, 3, 4)
    vectors[rng.random((6, 3, 4)) < 0.4] = 0.0
    vectors[-1, :2], vectors[-1, 2] = 0.0, rng.normal(1, 1, 4)
    yield case(vectors, present, when="where numbers of a vector that is there are 0")
    yield case(rng.normal(size=(1, 3, 3)), np.array([[True, False, True]]), when="with one sample only")
    yield case(rng.normal(size=(3, 1, 2)), np.ones((3, 1), bool), when="with one modality only")
    yield case(*_batch(rng, 5, 4, 1), when="with one number a vector")


@average.oracle
def _(vectors, present):
    n, m, d = vectors.shape
    wanted = np.zeros((n, d))
    for i in range(n):
        rows = [vectors[i, j].tolist() for j in range(m) if present[i, j]]
        for k in range(d if rows else 0):
            wanted[i, k] = sum(row[k] for row in rows) / len(rows)
    return wanted
