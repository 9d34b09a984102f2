"""What goes wrong in `autoencoder.line`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.autoencoder._inputs import plant
from mmcourse.exercises.autoencoder.line import line, rebuild


def _axes(rows, d):
    return np.linalg.svd(rows, full_matrices=False)[2][:d]


def _like(taken=lambda train, test: train.mean(0), added=None, fitted=lambda train, test: train - train.mean(0)):
    """A function like the solution, but for the mean that is taken off, the one that is added, or the rows whose
    directions it finds."""

    def wrong(train, test, d):
        axes, off = _axes(fitted(train, test), d), taken(train, test)
        return (test - off) @ axes.T @ axes + (off if added is None else added(train, test))

    return wrong


def _zero(train, test):
    return 0.0


def _of_test(train, test):
    return test.mean(0)


def _both(train, test):
    return np.concatenate([train, test])


def _by_axes(axes):
    """A function like the solution, but for its directions (d, k), a function of centred rows and d."""

    def wrong(train, test, d):
        mean = train.mean(0)
        found = axes(train - mean, d)
        return (test - mean) @ found.T @ found + mean

    return wrong


plant(
    line,
    "The mean was not taken off, so the first direction only points at it. Subtract the mean of `train`, and add it in "
    "the end.",
    not_centred=_like(_zero, fitted=lambda train, test: train),
    not_centred_but_added=_like(_zero, added=lambda train, test: train.mean(0), fitted=lambda train, test: train),
)
plant(
    line,
    "The mean is missing where the directions are found, so the first one only points at it. Take it off `train` "
    "before `svd`, too.",
    centred_too_late=_like(fitted=lambda train, test: train),
)
plant(
    line,
    "The mean is missing where the directions are found, so the first one only points at it. And it is not added in "
    "the end.",
    centred_too_late_and_left_out=_like(added=_zero, fitted=lambda train, test: train),
)
plant(
    line,
    "The directions are right, but the mean of `train` was not taken off `test` before the code.",
    test_not_centred=_like(_zero),
    test_not_centred_but_added=_like(_zero, added=lambda train, test: train.mean(0)),
)
plant(
    line,
    "The mean was taken off and not added again.",
    mean_left_out=_like(added=_zero),
)
plant(
    line,
    "The sign of the mean is wrong: subtract it before the code, and add it in the end.",
    mean_subtracted_last=_like(added=lambda train, test: -train.mean(0)),
    mean_added_first=_like(lambda train, test: -train.mean(0), added=lambda train, test: train.mean(0)),
    mean_less_test=lambda train, test, d: 2 * train.mean(0) - rebuild(train, test, d),
)
plant(
    line,
    "The mean is added twice.",
    mean_twice=_like(added=lambda train, test: 2 * train.mean(0)),
)
plant(
    line,
    "You fitted on `test`: a code made for the very rows that it is scored on. Use `train`.",
    fitted_on_test=_like(_of_test, fitted=lambda train, test: test - test.mean(0)),
    directions_of_test=_like(fitted=lambda train, test: test - test.mean(0)),
)
plant(
    line,
    "You fitted on `train` and `test` together. Mean and directions come from `train` alone.",
    fitted_on_both=_like(
        lambda train, test: _both(train, test).mean(0),
        fitted=lambda train, test: _both(train, test) - _both(train, test).mean(0),
    ),
    directions_of_both=_like(fitted=lambda train, test: _both(train, test) - _both(train, test).mean(0)),
    mean_of_both=_like(lambda train, test: _both(train, test).mean(0)),
)
plant(
    line,
    "The mean of `test` was taken off. The autoencoder knows that of `train` only.",
    mean_of_test=_like(_of_test),
    mean_of_test_left_out=_like(_of_test, added=_zero),
    mean_of_test_first=_like(_of_test, added=lambda train, test: train.mean(0)),
)
plant(
    line,
    "The mean of `test` is added in the end. The autoencoder knows that of `train` only.",
    mean_of_test_last=_like(added=_of_test),
)
plant(
    line,
    "The mean of each *row* was taken off. A mean belongs to a column: `axis=0`.",
    means_of_rows=lambda train, test, d: (
        (test - test.mean(1, keepdims=True)) @ _axes(train - train.mean(1, keepdims=True), d).T
        @ _axes(train - train.mean(1, keepdims=True), d) + test.mean(1, keepdims=True)
    ),
)  # fmt: skip
plant(
    line,
    "The mean of all numbers was taken off. Each column has its own: `axis=0`.",
    one_mean=_like(lambda train, test: train.mean(), fitted=lambda train, test: train - train.mean()),
)
plant(
    line,
    "The median was taken off. The smallest squared error needs the mean.",
    median=_like(
        lambda train, test: np.median(train, axis=0), fitted=lambda train, test: train - np.median(train, axis=0)
    ),
)


@line.mistake("The columns were divided by their standard deviations: the directions are then those of another table.")
def standardised(train, test, d):
    return rebuild(train / train.std(0), test / train.std(0), d) * train.std(0)


plant(
    line,
    "The columns were divided by their standard deviations, and the result is not even turned back.",
    standardised_for_good=lambda train, test, d: standardised(train, test, d) / train.std(0) - _shares(train),
    standardised_with_mean=lambda train, test, d: (
        standardised(train, test, d) / train.std(0) - _shares(train) + train.mean(0)
    ),
)


def _shares(train):
    return train.mean(0) / train.std(0)


@line.mistake(
    "The columns were divided by their standard deviations for the directions. Those of `train` as it is are wanted."
)
def directions_of_correlation(train, test, d):
    return _by_axes(lambda rows, d: _axes(rows / rows.std(0), d))(train, test, d)


plant(
    line,
    "These are the `d` directions that hold the *least*. `eigh` sorts upwards, `svd` downwards.",
    smallest=_by_axes(lambda rows, d: np.linalg.svd(rows, full_matrices=False)[2][::-1][:d]),
)
plant(
    line,
    "You cut the directions along the wrong axis: of `svd` they are the *rows* of the third result, of `eigh` the "
    "*columns* of the second.",
    columns_of_svd=_by_axes(lambda rows, d: np.linalg.svd(rows, full_matrices=False)[2][:, :d].T),
    rows_of_eigh=_by_axes(lambda rows, d: np.linalg.eigh(rows.T @ rows)[1][-d:]),
    first_rows_of_eigh=_by_axes(lambda rows, d: np.linalg.eigh(rows.T @ rows)[1][:d]),
    rows_of_eigh_reversed=_by_axes(lambda rows, d: np.linalg.eigh(rows.T @ rows)[1][:, ::-1][:d]),
)
plant(
    line,
    "This is `test` itself, so no number was lost: is the code `d` long?",
    no_bottleneck=lambda train, test, d: test,
)
plant(
    line,
    "The code is one number too long.",
    one_more=lambda train, test, d: rebuild(train, test, d + 1),
)
plant(
    line,
    "The code is one number too short.",
    one_less=lambda train, test, d: rebuild(train, test, d - 1),
)
plant(
    line,
    "Only one direction is used, not `d` of them.",
    the_first=lambda train, test, d: rebuild(train, test, 1),
    the_one_at_d=_by_axes(lambda rows, d: _axes(rows, d)[-1:]),
)
plant(
    line,
    "The first direction is left out. Begin with the one that holds most.",
    first_left_out=_by_axes(lambda rows, d: _axes(rows, d + 1)[1:]),
)
plant(
    line,
    "This is the code. Rebuild it: go back to `k` columns.",
    the_code=lambda train, test, d: (test - train.mean(0)) @ _axes(train - train.mean(0), d).T,
    code_of_rows_as_they_are=lambda train, test, d: test @ _axes(train - train.mean(0), d).T,
)
plant(
    line,
    "This is what is lost, `test` less its rebuilt rows.",
    what_is_lost=lambda train, test, d: test - rebuild(train, test, d),
)
plant(
    line,
    "You rebuilt `train`. Fit on it, but rebuild `test`.",
    train_rebuilt=lambda train, test, d: rebuild(train, train, d),
)
plant(
    line,
    "`train` and `test` are exchanged: fit on the first, rebuild the second.",
    exchanged=lambda train, test, d: rebuild(test, train, d),
)
plant(
    line,
    "This is a mean in each row: no code is in it.",
    only_mean_of_test=lambda train, test, d: np.tile(test.mean(0), (len(test), 1)),
    only_mean=lambda train, test, d: np.tile(train.mean(0), (len(test), 1)),
)
plant(
    line,
    "You kept the first `d` columns as they are. A principal component is a direction, a mixture of all columns.",
    first_columns=_by_axes(lambda rows, d: np.eye(rows.shape[1])[:d]),
)
plant(
    line,
    "The columns that vary most were kept as they are. A principal component is a direction, a mixture of all columns.",
    widest_columns=_by_axes(lambda rows, d: np.eye(rows.shape[1])[np.argsort(-rows.var(0))[:d]]),
)


def _scaled_code(train, test, d, power):
    mean = train.mean(0)
    _, sizes, axes = np.linalg.svd(train - mean, full_matrices=False)
    return (test - mean) @ axes[:d].T * sizes[:d] ** power @ axes[:d] + mean


plant(
    line,
    "The code is multiplied or divided by the singular values, and that is not undone on the way back. The directions "
    "alone do both ways.",
    multiplied_by_sizes=lambda train, test, d: _scaled_code(train, test, d, 1),
    divided_by_sizes=lambda train, test, d: _scaled_code(train, test, d, -1),
    divided_by_deviations=lambda train, test, d: (
        (_scaled_code(train, test, d, -1) - train.mean(0)) * np.sqrt(len(train)) + train.mean(0)
    ),
)
plant(
    line,
    "There is a bend in the code. Encoder and decoder are linear here.",
    bent=lambda train, test, d: (
        np.tanh((test - train.mean(0)) @ _axes(train - train.mean(0), d).T) @ _axes(train - train.mean(0), d)
        + train.mean(0)
    ),
    cut_at_zero=lambda train, test, d: (
        np.maximum((test - train.mean(0)) @ _axes(train - train.mean(0), d).T, 0) @ _axes(train - train.mean(0), d)
        + train.mean(0)
    ),
)


plant(
    line,
    "The directions stand in no order: `eig` does not sort. Sort by how much they hold, or take `svd` or `eigh`.",
    not_sorted=_by_axes(lambda centred, d: np.linalg.eig(centred.T @ centred)[1][:, :d].T.real),
)
plant(
    line,
    "These are the *first* result of `svd`, cut: numbers that belong to the rows of `train`. The third has directions.",
    first_result=_by_axes(lambda centred, d: np.linalg.svd(centred, full_matrices=False)[0][: centred.shape[1], :d].T),
)


plant(
    line,
    "All columns are predicted from the first `d`. A code is made of all columns, by the principal components.",
    from_first_columns=lambda train, test, d: (
        (test - train.mean(0))[:, :d]
        @ np.linalg.lstsq((train - train.mean(0))[:, :d], train - train.mean(0), rcond=None)[0]
        + train.mean(0)
    ),
)


plant(
    line,
    "The length of the code is not `d`: it is a fixed number, or found from `train`.",
    two_always=lambda train, test, d: rebuild(train, test, 2),
    three_always=lambda train, test, d: rebuild(train, test, 3),
    **{
        f"by_share_{round(100 * share)}": lambda train, test, d, share=share: rebuild(
            train, test, 1 + int((np.cumsum(_held(train)) < share).sum())
        )
        for share in (0.8, 0.9, 0.95, 0.99)
    },
    above_mean=lambda train, test, d: rebuild(train, test, int((_held(train) > _held(train).mean()).sum())),
)
plant(
    line,
    "The numbers of the code are rounded. They are real numbers.",
    rounded=lambda train, test, d: (
        np.round((test - train.mean(0)) @ _axes(train - train.mean(0), d).T) @ _axes(train - train.mean(0), d)
        + train.mean(0)
    ),
)
plant(
    line,
    "The directions are right. But the mean of each *row* of `test` was taken off, not the mean of `train`, column by "
    "column.",
    rows_of_test=_like(lambda train, test: test.mean(1, keepdims=True)),
)
plant(
    line,
    "The absolute values of the directions stand in the place of the directions, or of the code. Signs count.",
    absolute_directions=_by_axes(lambda rows, d: np.abs(_axes(rows, d))),
    absolute_code=lambda train, test, d: (
        np.abs((test - train.mean(0)) @ _axes(train - train.mean(0), d).T) @ _axes(train - train.mean(0), d)
        + train.mean(0)
    ),
)
plant(
    line,
    "The rows were divided by their lengths first. They stay as they are.",
    rows_of_length_one=lambda train, test, d: rebuild(_of_length_one(train), _of_length_one(test), d),
    directions_of_rows_of_length_one=_by_axes(lambda rows, d: _axes(_of_length_one(rows), d)),
)


def _held(train):
    """The share of the spread that each direction holds."""
    squares = np.linalg.svd(train - train.mean(0), compute_uv=False) ** 2
    return squares / squares.sum()


def _of_length_one(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


plant(
    line,
    "The *rows* of the first result of `svd` of the covariance are cut. There the directions are the columns.",
    rows_of_covariance=_by_axes(lambda rows, d: np.linalg.svd(rows.T @ rows)[0][:d]),
)
plant(
    line,
    "The `d` leading directions are taken *out* of `test`, and the rest is kept. Keep what lies along them.",
    taken_out=lambda train, test, d: test + train.mean(0) - rebuild(train, test, d),
)


@line.mistake(
    "The code is multiplied by the eigenvalues, and that is not undone on the way back. The directions alone do both "
    "ways."
)
def multiplied_by_eigenvalues(train, test, d):
    mean = train.mean(0)
    values, axes = np.linalg.eigh(np.cov(train, rowvar=False))
    return (test - mean) @ axes[:, -d:] * values[-d:] @ axes[:, -d:].T + mean
