"""How a wrong result differs from the right one, where that can be said for certain.

A wrong answer that nobody planted is often the right one through one more step: the logarithm to another base, a sum
for a mean, rows for columns, percent for a share. ``explained`` tries such relations on the results of all inputs of a
check. A sentence is given only if its relation holds on every one of them, so it is never a guess.
"""

import math

import numpy as np

from mmcourse.exercises.comparing import agree

AXES = ("rows", "columns")
BASE = "Is a logarithm to another base than the one that was asked for?"


def explained(pairs):
    """Why results are wrong, as a sentence; "" where no relation holds on all inputs.

    ``pairs``: for each input ``(came, wanted, sizes)``: two arrays, and name -> length of what the input is made of
    ("the length of axis 0 of `x`").
    """
    wrong = [pair for pair in pairs if not _same(*pair[:2])]
    if not wrong:
        return ""
    for kind, hint in (
        (
            np.isnan,
            "NaN, which is no number: 0 / 0 gives it, inf - inf, the mean of nothing, and all that follows from it",
        ),
        (np.isinf, "infinity"),
    ):
        if all(_holds(came, kind) and not _holds(right, kind) for came, right, _ in wrong):
            return f"Your result contains {hint}."
    for relation in (_of_shapes, _of_constants, _of_values, _of_factors, _of_order):
        sentence = relation(pairs, wrong)
        if sentence:
            return sentence
    return ""


def _holds(array, kind):
    return array.dtype.kind in "fc" and bool(kind(array).any())


def _same(came, wanted):
    return came.shape == wanted.shape and bool(agree(came, wanted).all())


def _all(pairs, change):
    """Whether ``change(wanted)`` gives what came, on every input."""
    for came, wanted, _ in pairs:
        with np.errstate(all="ignore"):
            try:
                other = np.asarray(change(wanted))
            except (TypeError, ValueError, IndexError):
                return False
        if other.dtype.kind not in "biufc" or not _same(came, other):
            return False
    return True


def _of_shapes(pairs, wrong):
    """The right numbers in another shape."""
    if all(came.shape == wanted.shape for came, wanted, _ in pairs):
        return ""
    if _all(pairs, np.transpose):
        return "The numbers are right, but rows and columns are exchanged: transpose the result."
    if all(came.size == wanted.size and _same(came.reshape(wanted.shape), wanted) for came, wanted, _ in pairs):
        came, wanted, _ = wrong[0]
        return f"The numbers are right, their shape is not: expected {_shape(wanted)}; got {_shape(came)}."
    for axis in range(max((came.ndim for came, _, _ in pairs), default=0)):
        if all(_meaned(came, wanted, axis) for came, wanted, _ in pairs):
            return f"The numbers are right before axis {axis} of your result is averaged: the mean over it is missing."
        if all(_summed(came, wanted, axis) for came, wanted, _ in pairs):
            return f"The numbers are right before axis {axis} of your result is summed: the sum over it is missing."
    for sign, what in ((1, "sum"), (0, "mean")):
        if all(_reduced(came, wanted, sign) for came, wanted, _ in pairs):
            return (
                f"You return the {what} of what was asked for: too much was summed up. Keep one number for each item."
            )
    return ""


def _meaned(came, wanted, axis):
    return came.ndim == wanted.ndim + 1 and axis < came.ndim and came.size > 0 and _same(came.mean(axis), wanted)


def _summed(came, wanted, axis):
    return came.ndim == wanted.ndim + 1 and axis < came.ndim and _same(came.sum(axis), wanted)


def _reduced(came, wanted, as_sum):
    return came.ndim == 0 < wanted.ndim and wanted.size > 1 and _same(came, wanted.sum() if as_sum else wanted.mean())


def _of_constants(pairs, wrong):
    """The same whatever went in, though different things were asked for."""
    filled = [came for came, _, _ in pairs if came.size]
    if len(wrong) < 2 or not filled:
        return ""
    first = filled[0].flat[0]
    different = any(not agree(w, np.full(w.shape, wrong[0][1].flat[0])).all() for _, w, _ in wrong if wrong[0][1].size)
    if different and all(np.allclose(came, first, rtol=1e-6, atol=0) for came in filled):
        return f"Your result is {_figure(first)} everywhere, whatever goes in. It does not depend on the input."
    return ""


def _of_values(pairs, wrong):
    """One step too many or too few, number by number."""
    kinds = {wanted.dtype.kind for _, wanted, _ in pairs}
    if kinds == {"b"}:
        return (
            "The mask is the wrong way round: True stands where False belongs." if _all(pairs, np.logical_not) else ""
        )
    whole = kinds <= set("iu")
    for change, sentence in (
        (lambda w: -w, "The sign is wrong everywhere: your result is minus what was expected."),
        (lambda w: 100 * w, "Your result is in percent, a hundred times what was expected."),
        (lambda w: w / 100, "Your result is a hundredth of what was expected. Was something divided by 100?"),
        (
            lambda w: w / math.log(2),
            f"Your result is {1 / math.log(2):.4f} times what was expected, that is 1 / ln 2. {BASE}",
        ),
        (lambda w: w * math.log(2), f"Your result is {math.log(2):.4f} times what was expected, that is ln 2. {BASE}"),
        (
            lambda w: w / math.log(10),
            f"Your result is {1 / math.log(10):.4f} times what was expected, that is 1 / ln 10. {BASE}",
        ),
        (lambda w: 1 - w, "Your result is 1 minus what was expected."),
        (lambda w: w - 1, "Each number is one too small."),
        (lambda w: w + 1, "Each number is one too large."),
        (lambda w: 1 / w, "Your result is the reciprocal, 1 divided by what was expected."),
        (lambda w: w**2, "Your result is the square of what was expected."),
        (lambda w: np.sqrt(w), "Your result is the square root of what was expected."),
        (np.exp, "Your result is the exponential of what was expected: the logarithm is missing."),
        (np.log, "Your result is the logarithm of what was expected."),
        (np.log1p, "Your result is the logarithm of 1 plus what was expected."),
        (np.abs, "The sign is lost: your result is the absolute value of what was expected."),
        (lambda w: np.maximum(w, 0), "Negative numbers became 0 in your result. They are meant to stay."),
        (np.round, "Your result is rounded to whole numbers."),
        (lambda w: np.round(w, 1), "Your result is rounded to one digit. Round nothing."),
        (lambda w: np.round(w, 2), "Your result is rounded to two digits. Round nothing."),
        (lambda w: np.round(w, 3), "Your result is rounded to three digits. Round nothing."),
        (np.floor, "Your result is rounded down to whole numbers."),
        (np.ceil, "Your result is rounded up to whole numbers."),
        (lambda w: w.conj(), "The imaginary parts have the wrong sign."),
    ):
        if _all(pairs, change):
            return sentence
    if not whole and all(_differs_by(came, wanted) for came, wanted, _ in wrong):
        return "Within each result all numbers are off by the same amount: something was added or taken away once more."
    return ""


def _differs_by(came, wanted):
    if came.shape != wanted.shape or came.size < 3:
        return False
    gap = came.astype("complex128") - wanted
    return bool(np.isfinite(gap).all() and abs(gap.flat[0]) > 1e-3 and np.allclose(gap, gap.flat[0], 1e-4, 1e-5))


def _of_factors(pairs, wrong):
    """Too large or too small by a factor: a fixed one, or one that a length of the input explains."""
    where = "On every input" if len(wrong) == len(pairs) else "Wherever it is wrong,"
    factors = [_factor(came, wanted) for came, wanted, _ in wrong]
    if not all(factors):
        return ""
    known = [
        ("times {}. Is it a sum where a mean is asked for?", lambda n: n),
        ("divided by {}. Is it a mean where a sum is asked for?", lambda n: 1 / n),
        ("times the root of {}", math.sqrt),
        ("divided by the root of {}", lambda n: 1 / math.sqrt(n)),
        ("times n / (n - 1), n being {}: divide by n, not by n - 1", lambda n: n / (n - 1)),
        ("times (n - 1) / n, n being {}: divide by n - 1, not by n", lambda n: (n - 1) / n),
        ("times the root of n / (n - 1), n being {}: divide by n, not by n - 1", lambda n: math.sqrt(n / (n - 1))),
        ("times the root of (n - 1) / n, n being {}: divide by n - 1, not by n", lambda n: math.sqrt((n - 1) / n)),
        ("times the square of {}", lambda n: n**2),
    ]  # fmt: skip
    names = set.intersection(*(set(sizes) for _, _, sizes in wrong))
    for words, function in known:
        for name in sorted(names):
            lengths = [sizes[name] for _, _, sizes in wrong]
            telling = min(lengths) > 1 and len(set(lengths)) > 1
            both = zip(factors, lengths, strict=True)
            if telling and all(math.isclose(factor, function(n), rel_tol=1e-3) for factor, n in both):
                said = f"{where} your result is what was expected, {words.format(name)}"
                return said if said.endswith("?") else f"{said}."
    if (
        len(wrong) > 1
        and abs(factors[0] - 1) > 1e-3
        and all(math.isclose(f, factors[0], rel_tol=1e-4) for f in factors)
    ):
        return f"{where} your result is {factors[0]:.4g} times what was expected. Is a constant factor wrong?"
    if len(wrong) > 1 and all(came.size > 2 for came, _, _ in wrong):
        return "Within each result all numbers are wrong by the same factor: look at what they are divided by."
    return ""


def _factor(came, wanted):
    """The factor between two arrays where it is one for all numbers, and real and positive; else 0."""
    if came.shape != wanted.shape or not came.size or came.dtype.kind == "b":
        return 0
    some = np.abs(wanted) > 1e-6
    if not some.any() or not np.isfinite(came).all() or not agree(came[~some], wanted[~some]).all():
        return 0
    ratio = came[some] / wanted[some]
    first = ratio.flat[0]
    fits = np.isreal(first) and first.real > 0 and np.allclose(ratio, first, rtol=1e-4)
    return float(first.real) if fits else 0


def _of_order(pairs, wrong):
    """The right numbers at other places."""
    if any(came.shape != wanted.shape or wanted.size < 2 for came, wanted, _ in wrong):
        return ""
    for axis in range(max(wanted.ndim for _, wanted, _ in wrong)):
        name = (
            AXES[axis] if axis < 2 and wrong[0][1].ndim == 2 else "entries" if wrong[0][1].ndim == 1 else f"axis {axis}"
        )
        if _all(pairs, lambda w, axis=axis: np.flip(w, axis)):
            return f"The numbers are right, but in the reverse order along the {name}."
        for step in (1, -1):
            if _all(pairs, lambda w, axis=axis, step=step: np.roll(w, step, axis)):
                return f"The numbers are right, but shifted by one along the {name}."
    if all(w.ndim == 2 and w.shape[0] == w.shape[1] for _, w, _ in wrong) and _all(pairs, np.transpose):
        return "The numbers are right, but rows and columns are exchanged: transpose the result."
    if all(_sorted_same(came, wanted) for came, wanted, _ in wrong) and not all(_is_order(w) for _, w, _ in wrong):
        return "The numbers are right, but they stand at other places than those asked for."
    return ""


def _is_order(wanted):
    """Whether it has the places 0 to n - 1, each once, as every wrong order has: that those are right says nothing."""
    return wanted.dtype.kind in "iu" and np.array_equal(np.sort(wanted, axis=None), np.arange(wanted.size))


def _sorted_same(came, wanted):
    if came.dtype.kind == "c" or len(np.unique(wanted)) < 3:
        return False
    return bool(agree(np.sort(came, axis=None), np.sort(wanted, axis=None)).all())


# ── one more step after a mistake that is known ─────────────────────────────────────────────────────

NOTHING_MORE = "as it is"
STEPS = (
    (np.array, NOTHING_MORE),
    (np.negative, "with its sign turned"),
    (lambda w: 100 * w, "in percent"),
    (lambda w: w / math.log(2), "divided by ln 2: the logarithm has another base"),
    (lambda w: w * math.log(2), "times ln 2: the logarithm has another base"),
    (lambda w: w / math.log(10), "divided by ln 10: the logarithm has another base"),
    (lambda w: 1 - w, "taken from 1"),
    (lambda w: w + 1, "with 1 added"),
    (lambda w: w - 1, "with 1 taken away"),
    (lambda w: 1 / w, "as a reciprocal, 1 divided by it"),
    (np.square, "squared"),
    (np.sqrt, "under a square root"),
    (np.exp, "with an exponential around it"),
    (np.log, "with a logarithm around it"),
    (np.transpose, "with rows and columns exchanged"),
    (lambda w: np.flip(w, 0), "in the reverse order"),
    (lambda w: np.round(w, 2), "rounded to two digits"),
    (lambda w: np.round(w, 3), "rounded to three digits"),
    (np.round, "rounded to whole numbers"),
)


def second(pairs):
    """The one more step that leads from what a known mistake gives to what came, in words; "" where none does on every
    input. ``pairs``: for each ``(came, what the mistake gives)``. A factor is no such step: a mean with one mistake and
    a sum with another may be the same but for it."""
    various = [theirs for _, theirs in pairs if theirs.size and np.isfinite(theirs).all()]
    if len({theirs.tobytes() for theirs in various}) < 2 or all(not theirs.any() for theirs in various):
        return ""
    pairs = [(came, theirs, {}) for came, theirs in pairs]
    booleans = {theirs.dtype.kind for _, theirs, _ in pairs} == {"b"}
    if booleans:
        return NOTHING_MORE if _all(pairs, np.array) else "the wrong way round" if _all(pairs, np.logical_not) else ""
    for change, words in STEPS:
        if _all(pairs, change):
            return words
    return ""


def _shape(array):
    return f"the shape {array.shape}" if array.ndim else "one number"


def _figure(value):
    value = value.item() if hasattr(value, "item") else value
    return f"{value:.5g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
