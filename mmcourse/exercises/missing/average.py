"""Exercise `missing.average`: a mean over the modalities that are there."""

import numpy as np

from mmcourse.exercises import Exercise, expect

average = Exercise(
    "missing.average",
    kind="find the bug",
    title="A mean of what is there",
    task=(
        "`average_present(vectors, present)` shall fuse the vectors `(n, m, d)` of $m$ modalities into one, `(n, "
        "d)`: the mean of those that are there, by `present` `(n, m)`. Two things go wrong. Samples that lack a "
        "modality come out too short, and where a camera wrote NaN, NaN comes out, although `present` says that "
        "nothing is there. Put it right. A sample that has nothing becomes zeros."
    ),
    hints=(
        "By which number is the sum of two vectors divided when the third is missing? And what is 0 times NaN?",
        "Choose with `np.where` in place of multiplying. Divide by how many are there, `present.sum(axis=1)`, "
        "but never by 0: `np.maximum` helps.",
    ),
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


def _divides_by_all(vectors, present):
    return np.where(present[:, :, None], vectors, 0.0).mean(axis=1)


def _multiplies(vectors, present):
    return (vectors * present[:, :, None]).sum(axis=1) / np.maximum(present.sum(axis=1, keepdims=True), 1)


def _divides_by_none(vectors, present):
    with np.errstate(all="ignore"):
        return np.where(present[:, :, None], vectors, 0.0).sum(axis=1) / present.sum(axis=1, keepdims=True)


def _trusts_numbers(vectors, present):
    there = ~np.isnan(vectors)
    return np.where(there, vectors, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)


def _sum(vectors, present):
    return np.where(present[:, :, None], vectors, 0.0).sum(axis=1)


def _inverted(vectors, present):
    return average_present(np.nan_to_num(vectors), ~present)


def _overall(vectors, present):
    return np.where(present[:, :, None], vectors, 0.0).sum(axis=1) / present.sum(axis=1).mean()


@average.check
def _(answer, rng):
    n, m, d = 17, 3, 4
    vectors, present = rng.normal(2, 1, (n, m, d)), rng.random((n, m)) < 0.6
    present[:4] = [[False] * m, [True] * m, [True, False, False], [True, True, False]]
    junk = rng.random((n, m)) < 0.5  # half of what is missing holds NaN, the rest some numbers
    vectors[~present & junk] = np.nan
    vectors[2, 1] = np.nan
    vectors[0, 0] = 5.0
    wanted = np.zeros((n, d))
    for i in range(n):
        rows = [vectors[i, j] for j in range(m) if present[i, j]]
        if rows:
            wanted[i] = np.mean(rows, axis=0)
    got = expect.array(expect.pure(answer, vectors, present), (n, d), "one vector for each sample")
    for function, message in (
        (_divides_by_all, "Where one is missing the result is too short: you divide by the number of all modalities."),
        (_multiplies, "Where NaN stood under a False, NaN comes out: 0 times NaN is NaN. Choose with `np.where`."),
        (_divides_by_none, "A sample that has nothing is divided by 0. It becomes zeros."),
        (
            _trusts_numbers,
            "You skip NaN and believe any other number. What stands at a missing place means nothing: ask `present`.",
        ),
        (_sum, "That is the sum. A sample with three modalities comes out three times as long as one with one."),
        (_inverted, "You took those that are *missing*. True means that it is there."),
        (_overall, "You divide every sample by the same number. Each has a count of its own."),
    ):
        expect.differs(got, function(vectors, present), message)
    expect.true(np.isfinite(got).all(), "NaN comes out. Neither 0 times NaN nor 0 / 0 is a number.")
    expect.close(got, wanted, "The mean of the vectors that are there.")


for _function, _diagnosis in (
    (_divides_by_all, "too short"),
    (_multiplies, "0 times NaN is NaN"),
    (_divides_by_none, "divided by 0"),
    (_trusts_numbers, "ask `present`"),
    (_sum, "That is the sum"),
    (_inverted, "that are *missing*"),
    (_overall, "a count of its own"),
):
    average.mistake(_diagnosis)(_function)
