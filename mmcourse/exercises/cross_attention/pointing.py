"""Exercise `cross_attention.pointing`: the pointing game, with ties against the model."""

import numpy as np

from mmcourse.exercises import Exercise, case

pointing = Exercise(
    "cross_attention.pointing",
    kind="implement",
    title="Does it point at the right thing?",
    returns="a number, the share of the words",
    task=(
        "Write `points_rightly(weights, right)`. `weights` `(n, m)` are attention weights of `n` words over `m` "
        "regions, `right` bool `(n, m)` says which regions show what the word names. Return the share of words whose "
        "**largest** weight lies on a right region, a number. Where several regions share the largest weight exactly, "
        "the word counts only if **all** of them are right: a model that looks everywhere alike has chosen nothing."
    ),
    hints=(
        "`argmax` takes the first of equal ones, which is luck. Compare instead: which regions *have* the largest "
        "weight?",
        "`largest = weights == weights.max(axis=1, keepdims=True)`. A word is right if no region is in `largest` and "
        "not in `right`.",
    ),
    plan=(
        "Mark, for each word, all regions that have its largest weight.",
        "A word counts if none of these is wrong.",
        "Take the mean over the words.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
)


@pointing.solved_by
def points_rightly(weights, right):
    """Weights (n, m) and bool (n, m) -> the share of words that point at a right region."""
    largest = weights == weights.max(axis=1, keepdims=True)
    return (~(largest & ~right).any(axis=1)).mean()


def _word(rng, m, marks):
    """A word's weights over m regions, and which are right. ``marks`` says, from left to right, which of the regions
    that share the largest weight are right."""
    places = np.sort(rng.permutation(m)[: len(marks)])
    top = int(rng.integers(m + 2, 4 * m + 9))
    weights = rng.permutation(np.arange(1, top))[:m].astype("float64")
    right = rng.random(m) < 0.4
    weights[places], right[places] = top, marks
    return weights / weights.sum(), right


def _words(rng, m, *kinds):
    """Words of these kinds, shuffled."""
    drawn = [_word(rng, m, kinds[i]) for i in rng.permutation(len(kinds))]
    return np.array([weights for weights, _ in drawn]), np.array([right for _, right in drawn])


YES, NO = (True,), (False,)


@pointing.cases
def _(rng):
    for n, m in ((7, 5), (4, 9), (6, 6), (11, 3)):
        hits = int(rng.integers(1, n))
        yield case(*_words(rng, m, *[YES] * hits, *[NO] * (n - hits)))
    yield case(*_words(rng, 4, YES), when="with a single word")
    shared = "where a right and a wrong region share the largest weight"
    yield case(*_words(rng, 5, YES, YES, NO, *[(True, False)] * 4), when=shared)
    yield case(*_words(rng, 6, YES, NO, *[(False, True)] * 3), when=shared)
    yield case(*_words(rng, 7, NO, NO, YES, (True, True, False), (False, True, True), (True, False, True)), when=shared)
    several = "where all regions that share the largest weight are right"
    yield case(*_words(rng, 5, NO, NO, *[(True, True)] * 2, (True,) * 3), when=several)
    yield case(*_words(rng, 4, YES, *[(False, False)] * 3, (False,) * 3), when="where all that share it are wrong")
    weights, right = _words(rng, 3, YES, *[NO] * 4)
    right[rng.permutation(np.flatnonzero(~right.all(axis=1)))[:2]] = False
    yield case(weights, right, when="where no region shows what a word names")
    weights = np.full((5, 3), 1 / 3)
    right = np.array([[True] * 3, [True, False, False], [False] * 3, [False, True, True], [True, True, False]])
    yield case(weights, right[rng.permutation(5)], when="where all weights of a word are equal")
    weights, right = _words(rng, 5, NO, *[(True, False)] * 2, *[(False, True)] * 3)
    weights[(weights == weights.max(axis=1, keepdims=True)) & ~right] *= 1 - 2**-19  # float32 still tells them apart
    yield case(weights, right, when="where two weights are nearly equal, but not exactly")


@pointing.oracle
def _(weights, right):
    hits = 0
    for w, r in zip(weights.tolist(), right.tolist(), strict=True):  # word by word
        best = max(w)
        hits += all(ok for value, ok in zip(w, r, strict=True) if value == best)
    return hits / len(weights)


def _largest(weights):
    return weights == weights.max(axis=1, keepdims=True)


def _first(weights):
    return np.arange(len(weights)), weights.argmax(axis=1)


# ── ties ────────────────────────────────────────────────────────────────────────────────────────────


@pointing.mistake(
    "Of equal weights you take the first, and whether that one is right is luck. All of them must be right."
)
def first(weights, right):
    return right[_first(weights)].mean()


@pointing.mistake("Of equal weights you take a single one, and whether it is right is luck. All of them must be right.")
def last(weights, right):
    return first(weights[:, ::-1], right[:, ::-1])


@pointing.mistake("Of equal weights you take a single one, and whether it is right is luck. All of them must be right.")
def sorted_last(weights, right):
    return right[np.arange(len(weights)), weights.argsort(axis=1)[:, -1]].mean()


@pointing.mistake("You count a word if *any* of its largest weights is right: ties go in favour of the model.")
def any_of_them(weights, right):
    return (_largest(weights) & right).any(axis=1).mean()


@pointing.mistake("You share ties out, as a draw would. Asked for is the pessimistic way: all or none.")
def shared(weights, right):
    largest = _largest(weights)
    return ((largest & right).sum(axis=1) / largest.sum(axis=1)).mean()


@pointing.mistake(
    "You give half a point where only some of the largest are right. All of them must be, or the word does not count."
)
def half_a_point(weights, right):
    return (points_rightly(weights, right) + any_of_them(weights, right)) / 2


@pointing.mistake("You count a word if *most* of its largest weights are right. All of them must be.")
def most_of_them(weights, right):
    largest = _largest(weights)
    return ((largest & right).sum(axis=1) > largest.sum(axis=1) / 2).mean()


@pointing.mistake("You count no word with a tie. It counts if all regions that share the largest weight are right.")
def no_ties(weights, right):
    largest = _largest(weights)
    return ((largest & right).any(axis=1) & (largest.sum(axis=1) == 1)).mean()


@pointing.mistake(
    "You leave words with a tie out of the count. They count, as right if all of their largest are right."
)
def without_ties(weights, right):
    largest = _largest(weights)
    clear = largest.sum(axis=1) == 1
    return (largest & right)[clear].any(axis=1).mean()


@pointing.mistake("You count every word with a tie as right. It counts only if all that share the largest are right.")
def ties_right(weights, right):
    largest = _largest(weights)
    return ((largest & right).any(axis=1) | (largest.sum(axis=1) > 1)).mean()


@pointing.mistake(
    "You take weights that are *nearly* equal for equal. Only weights that are exactly equal share a place."
)
def nearly(weights, right):
    largest = np.isclose(weights, weights.max(axis=1, keepdims=True))
    return (largest <= right).all(axis=1).mean()


@pointing.mistake("You ask that *every* right region has the largest weight. Asked is that every largest one is right.")
def the_other_way(weights, right):
    return (right <= _largest(weights)).all(axis=1).mean()


@pointing.mistake(
    "You ask that the largest are exactly the right regions. A right region may have less weight, and mostly has."
)
def exactly_those(weights, right):
    return (right == _largest(weights)).all(axis=1).mean()


# ── something else than the largest ─────────────────────────────────────────────────────────────────


@pointing.mistake("This is the mass on the right regions. Pointing asks only where the *largest* weight lies.")
def mass(weights, right):
    return (weights * right).sum(axis=1).mean()


@pointing.mistake(
    "You ask whether more than half of the weight is right. Pointing asks where the *largest* weight lies."
)
def half_of_the_mass(weights, right):
    return ((weights * right).sum(axis=1) > 0.5).mean()


@pointing.mistake("This is the mean of the largest weights that are right. Count the words instead.")
def weight_of_hits(weights, right):
    return (weights.max(axis=1) * right[_first(weights)]).mean()


@pointing.mistake("This is where the *smallest* weight lies.")
def smallest(weights, right):
    return points_rightly(-weights, right)


@pointing.mistake("For each *region* you took the word that looks at it most. A word's weights run along axis 1.")
def by_region(weights, right):
    return right[weights.argmax(axis=0), np.arange(weights.shape[1])].mean()


@pointing.mistake(
    "Your largest weight is that of each *region*. Each word has a largest weight of its own, along axis 1."
)
def largest_of_region(weights, right):
    return ((weights == weights.max(axis=0)) <= right).all(axis=1).mean()


@pointing.mistake("Your largest weight is that of the whole table. Each word has a largest weight of its own.")
def largest_of_all(weights, right):
    return ((weights == weights.max()) <= right).all(axis=1).mean()


@pointing.mistake("You count a word only if *all* regions are right, whatever their weights.")
def all_right(weights, right):
    return right.all(axis=1).mean()


@pointing.mistake("You count a word that has a right region at all, whatever the weights.")
def some_right(weights, right):
    return right.any(axis=1).mean()


@pointing.mistake("You look at the two largest weights. Only the largest counts.")
def two_largest(weights, right):
    return np.take_along_axis(right, np.argsort(-weights, axis=1)[:, :2], axis=1).any(axis=1).mean()


@pointing.mistake(
    "You count the words whose largest weights all lie on *wrong* regions: `right` is the wrong way round."
)
def wrong_way_round(weights, right):
    return points_rightly(weights, ~right)


# ── something else than the share ───────────────────────────────────────────────────────────────────


@pointing.mistake("This is how many words are right. Asked for is their share.")
def number(weights, right):
    return (_largest(weights) <= right).all(axis=1).sum()


@pointing.mistake("You divided the number of right words by the number of regions. Their share is of the words.")
def by_regions(weights, right):
    return number(weights, right) / weights.shape[1]


@pointing.mistake("You divided by the number of weights. Asked for is the share of the *words*.")
def by_places(weights, right):
    return number(weights, right) / weights.size


@pointing.mistake(
    "You leave out words for which no region is right. They cannot point rightly, but they count among the words."
)
def only_shown(weights, right):
    return points_rightly(weights[right.any(axis=1)], right[right.any(axis=1)])


@pointing.mistake("This is the share of the *right regions* that have a largest weight. Count words.")
def found_regions(weights, right):
    return (_largest(weights) & right).sum() / right.sum()


@pointing.mistake(
    "You compare place by place whether largest and right agree. Count words, by their largest weights alone."
)
def agreement(weights, right):
    return (_largest(weights) == right).mean()


@pointing.mistake("This is the share of words that do *not* point rightly.")
def failures(weights, right):
    return 1 - points_rightly(weights, right)


@pointing.mistake("You return, word by word, whether it points rightly. Asked for is one number, the share.")
def word_by_word(weights, right):
    return (_largest(weights) <= right).all(axis=1)


@pointing.mistake(
    "You average over all words and regions. For each word ask first whether *any* of its regions is wrong."
)
def place_by_place(weights, right):
    return (_largest(weights) <= right).mean()


@pointing.mistake(
    "You average over the regions (axis 0 is gone). For each word ask whether any of its regions, axis 1, is wrong."
)
def axis_of_words(weights, right):
    return (_largest(weights) <= right).all(axis=0).mean()


@pointing.mistake("You say whether *every* word points rightly. Asked for is a number, the share of words that do.")
def one_verdict(weights, right):
    return bool((_largest(weights) <= right).all())


@pointing.mistake("You count regions: of those with a largest weight, the share that is right. Count words.")
def share_of_regions(weights, right):
    return right[_largest(weights)].mean()


FLAT = (
    "A word whose weights are all equal never counts in your share. It counts where all regions are right: then all "
    "that share the largest weight are."
)


@pointing.mistake(FLAT)
def flat_never(weights, right):
    flat = (weights == weights[:, :1]).all(axis=1)
    return (~(_largest(weights) & ~right).any(axis=1) & ~flat).mean()


@pointing.mistake("Of equal weights you take the first, but where all are equal: then the word never counts.")
def first_but_flat(weights, right):
    flat = (weights == weights[:, :1]).all(axis=1)
    return (right[_first(weights)] & ~flat).mean()


@pointing.mistake("You ask whether the largest weight is at the *first* right region. Any right region will do.")
def at_the_first_right(weights, right):
    return (weights.argmax(axis=1) == right.argmax(axis=1)).mean()
