"""Exercise `autoencoder.line`: the best autoencoder without a bend."""

import numpy as np

from mmcourse.exercises import Exercise, expect

line = Exercise(
    "autoencoder.line",
    kind="implement",
    title="The best autoencoder without a bend",
    level="stretch",
    task=(
        "An autoencoder whose encoder and decoder are linear needs no training: with a code of `d` numbers, the "
        "smallest squared error is that of the `d` leading principal components. Write `rebuild(train, test, d)`, "
        "in NumPy: fit on `train` `(n, k)`, pass `test` `(m, k)` through a code of `d` numbers, and return it rebuilt, "
        "`(m, k)`. Mean and components come from `train` alone. `d` is at most `k`, and `n` is larger than `k`."
    ),
    hints=(
        "Take the mean off, and `np.linalg.svd(..., full_matrices=False)` gives the directions, sorted by how much "
        "they hold. In which of its three results, and along which axis?",
        "`axes = np.linalg.svd(train - mean, full_matrices=False)[2][:d]`, shape `(d, k)`. The code is "
        "`(test - mean) @ axes.T`; rebuilt it is `code @ axes + mean`.",
    ),
)


@line.solved_by
def rebuild(train, test, d):
    """(n, k), (m, k) and a length of code -> (m, k)."""
    mean = train.mean(axis=0)
    axes = np.linalg.svd(train - mean, full_matrices=False)[2][:d]  # (d, k)
    code = (test - mean) @ axes.T  # (m, d)
    return code @ axes + mean


def _rebuilt(train, test, d, centred=True, back=True, fit="train", last=False, mean_of="train"):
    """The oracle, by the eigenvectors of the covariance; its arguments are the mistakes."""
    rows = train if fit == "train" else test
    zero = np.zeros(train.shape[1])
    fitted = rows.mean(axis=0) if centred else zero
    moved = test.mean(axis=0) if mean_of == "test" else fitted
    values, vectors = np.linalg.eigh((rows - fitted).T @ (rows - fitted))
    order = np.argsort(values) if last else np.argsort(-values)
    axes = vectors[:, order[:d]].T
    return (test - moved) @ axes.T @ axes + (moved if back else 0)


@line.check
def _(answer, rng):
    k, d = 6, int(rng.integers(2, 4))
    turn = np.linalg.qr(rng.normal(size=(k, k)))[0]
    spread = np.array([5.0, 3.5, 2.4, 1.2, 0.7, 0.4])
    offset = 4 * turn.T @ rng.permutation([1, -1, 0.8, -0.8, 0.6, 1])
    train = rng.normal(size=(40, k)) * spread @ turn + offset
    test = rng.normal(size=(9, k)) * spread @ turn + offset + rng.normal(size=k)
    got = expect.array(expect.pure(answer, train, test, d), (9, k), "as many rows and columns as `test`")
    for value, message in (
        (test, "This is `test` itself, so no number was lost: is the code `d` long?"),
        (np.broadcast_to(train.mean(0), test.shape), "This is the mean of `train` in each row: no code is in it."),
        (_rebuilt(train, test, d, centred=False),
         "The mean was not taken off, so the first direction only points at it. Subtract the mean of `train`, and add "
         "it in the end."),
        (_rebuilt(train, test, d, back=False), "The mean was taken off and not added again."),
        (_rebuilt(train, test, d, fit="test"),
         "You fitted on `test`: a code made for the very rows that it is scored on. Use `train`."),
        (_rebuilt(train, test, d, mean_of="test"),
         "The mean of `test` was taken off. The autoencoder knows that of `train` only."),
        (_rebuilt(train, test, d, last=True),
         "These are the `d` directions that hold the *least*. `eigh` sorts upwards, `svd` downwards."),
        (_rebuilt(train, test, d + 1), "The code is one number too long."),
        (_rebuilt(train, test, d - 1), "The code is one number too short."),
    ):  # fmt: skip
        expect.differs(got, value, message)
    expect.close(got, _rebuilt(train, test, d), "Rebuilt from the leading principal components of `train`.")


@line.mistake("The mean was not taken off")
def not_centred(train, test, d):
    axes = np.linalg.svd(train, full_matrices=False)[2][:d]
    return test @ axes.T @ axes


@line.mistake("not added again")
def mean_left_out(train, test, d):
    return rebuild(train, test, d) - train.mean(0)


@line.mistake("You fitted on `test`")
def fitted_on_test(train, test, d):
    return rebuild(test, test, d)


@line.mistake("hold the *least*")
def smallest(train, test, d):
    mean = train.mean(0)
    axes = np.linalg.eigh(np.cov(train.T))[1][:, :d].T
    return (test - mean) @ axes.T @ axes + mean


@line.mistake("no number was lost")
def no_bottleneck(train, test, d):
    mean = train.mean(0)
    axes = np.linalg.svd(train - mean, full_matrices=False)[2]
    return (test - mean) @ axes.T @ axes + mean


@line.mistake("as many rows and columns as `test`")
def the_code(train, test, d):
    mean = train.mean(0)
    return (test - mean) @ np.linalg.svd(train - mean, full_matrices=False)[2][:d].T


@line.mistake("The mean of `test` was taken off")
def mean_of_test(train, test, d):
    axes = np.linalg.svd(train - train.mean(0), full_matrices=False)[2][:d]
    return (test - test.mean(0)) @ axes.T @ axes + test.mean(0)
