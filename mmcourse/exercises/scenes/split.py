"""Exercise `scenes.split`: a split that keeps near-copies on one side."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.scenes._splits import RULES, Split, inputs, items

split = Exercise(
    "scenes.split",
    kind="implement",
    title="A split without leaks",
    task=(
        "Some items of a data set are near-copies of others. `sources`, integers `(n,)`, says where each item comes "
        "from: equal numbers, same origin (the same scene, the same speaker, the same patient). Write "
        "`grouped_split(sources, share, seed)`. It returns booleans `(n,)`, True for the items of the *test* side. "
        "Draw `round(share * g)` of the `g` different sources at random, each with the same chance (`round` is "
        "Python's: 2.5 becomes 2), and put **all** items of those, and no others, into the test side. The same seed "
        "gives the same split, another seed another one."
    ),
    hints=(
        "What is drawn here: items, or origins? How many different numbers does `sources` hold?",
        "`np.unique(sources)` are the origins. Draw some of them without replacement with "
        "`np.random.default_rng(seed)`, and ask with `np.isin` which items come from them.",
    ),
    plan=(
        "List the different origins.",
        "Put them into a random order that the seed decides, and take as many as the share says.",
        "Mark the items that come from one of these.",
    ),
    minutes=10,
    difficulty=2,
    importance=3,
)


@split.solved_by
def grouped_split(sources, share, seed):
    """Origins of items (n,), a share, a seed -> booleans (n,).

    True for test. Items of one origin are all on one side.
    """
    origins = np.unique(sources)
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(origins)[: round(share * len(origins))]
    return np.isin(sources, chosen)


@split.check
def _(answer, rng):
    def ask(sources, share, seed):
        return Split(sources, share, _read(answer(sources, share, seed), sources))

    given = list(inputs(rng))
    found = [ask(*one, int(seed)) for one in given for seed in rng.integers(2**31, size=2)]
    _judge_sides(found)
    sources, share = given[0]
    for seed in (0, 1, int(rng.integers(2**31))):
        expect.true(
            np.array_equal(ask(sources, share, seed).test, ask(sources, share, seed).test),
            "The same seed gives two different splits. Take the numbers from `np.random.default_rng(seed)` and from "
            "nowhere else: nobody can repeat what was measured on a split that changes.",
        )
    _judge_chance([ask(sources, share, seed) for seed in range(10, 22)])
    one_large = items(rng, [60, 1, 2, 1, 3, 1, 1, 2])
    large = [ask(one_large, 0.5, int(seed)) for seed in rng.integers(2**31, size=40)]
    _judge_fairness(large, max(np.unique(one_large), key=lambda origin: (one_large == origin).sum()))


def _read(came, sources):
    """What came, as booleans for the items."""
    if isinstance(came, (tuple, list)) and len(came) == 2 and all(hasattr(one, "__len__") for one in came):
        raise expect.Wrong("Expected one array, booleans that are True for the items of the test side; got two.")
    result = expect.array(came)
    n, count = len(sources), len(np.unique(sources))
    if result.ndim == 1 and not ((result == 0) | (result == 1)).all():
        of_origins = "Expected a boolean for each item: does it come from a chosen origin? Got the numbers of origins."
        expect.true(not np.isin(result, sources).all(), of_origins)
        if result.dtype.kind in "iu":
            raise expect.Wrong("Expected booleans, one for each item; got integers. Are these the places of items?")
    expect.true(
        result.shape != (count,) or count == n,
        f"Expected the shape ({n},): one boolean for each of the {n} items, copies included; got one for each origin.",
    )
    return expect.mask(result, (n,), "one boolean for each item, copies included")


def _judge_sides(found):
    """Raises what is wrong with a split, whatever was drawn."""
    if all(one.right for one in found):
        return
    turned = [Split(one.sources, one.share, ~one.test) for one in found]
    expect.true(
        not all(one.right for one in turned),
        "The wrong way round: as many origins as belong into the training side are in the test side. True means test.",
    )
    torn = [one for one in found if one.torn]
    if torn:
        expect.true(
            not all(np.unique(one.sources[one.test], return_counts=True)[1].max(initial=1) == 1 for one in found),
            "Of each origin at most one item is in the test side, and its copies are in training. Put all of them on "
            "one side.",
        )
        raise expect.Wrong(
            f"{torn[0].torn} of {len(torn[0].origins)} origins lie on both sides: a model could remember the copies "
            "that it has trained on. Draw origins, not items."
        )
    for rule, message in RULES:
        expect.true(
            not all(
                len(one.chosen) == min(rule(one.share, len(one.origins), len(one.sources)), len(one.origins))
                for one in found
            ),
            message,
        )
    wrong = next(one for one in found if not one.right)
    number = (
        f"With a share of {wrong.share} and {len(wrong.origins)} different origins, {wrong.wanted} belong into the "
        f"test side; there are {len(wrong.chosen)}."
    )
    changes = any(len(one.chosen) != len(other.chosen) for one, other in zip(found[::2], found[1::2], strict=True))
    fewer = all(len(one.chosen) <= one.wanted for one in found)
    expect.true(
        not (fewer and changes),
        f"{number} Is an origin drawn twice, or a number that is none? Draw from the origins, without replacement.",
    )
    fills = [all(_filled(one, beyond) for one in found) for beyond in (True, False)]
    expect.true(not any(fills), f"{number} The share is of the different origins, however many items each has.")
    expect.true(not changes, f"{number} With another seed there are more or fewer. Draw exactly that many.")
    raise expect.Wrong(f"{number} Is one of the origins left out, or counted where it is not?")


def _filled(one, beyond):
    """Whether the test side was filled with whole origins until it had the share of all *items*: until it reached it
    or went ``beyond``, or only as long as it did not go beyond."""
    asked = one.share * len(one.sources)
    chosen, others = (
        np.unique(one.sources[side], return_counts=True)[1].max(initial=0) for side in (one.test, ~one.test)
    )
    if beyond:
        return one.test.sum() >= asked - 1e-9 and one.test.sum() - chosen < asked
    return one.test.sum() <= asked + 1e-9 and (one.test.all() or one.test.sum() + others > asked)


def _judge_chance(found):
    """Raises what is wrong with splits of the same items, each with a seed of its own."""
    different = len({one.test.tobytes() for one in found})
    places = [np.flatnonzero(np.isin(one.origins, one.chosen)) for one in found]
    expect.true(
        different > 1 or (np.diff(places[0]) > 1).any(),
        "Every seed gives the same split: it is not drawn at random. Data are often sorted (by date, by speaker), and "
        "then the origins at one end are not like the rest.",
    )
    expect.true(
        different > 1,
        "Every seed gives the same split. Draw with `np.random.default_rng(seed)`, so that another seed gives another.",
    )
    expect.true(
        not all((np.diff(np.r_[one, one[0] + 40]) > 1).sum() <= 1 for one in places),
        "The origins in the test side are always neighbours in the sorted list. Draw each of them at random.",
    )
    expect.true(different == len(found), "Some seeds give the same split. Each number gives another one.")


def _judge_fairness(found, largest):
    """Raises what is wrong where one of eight origins is hardly ever drawn, or nearly always, though half of them are.
    A right answer does so once in a hundred million checks."""
    often = {origin: sum(origin in one.chosen for one in found) for origin in found[0].origins}
    expect.true(
        often[largest] < 38,
        "An origin with many items is drawn more often than one with few. Draw among the different origins.",
    )
    for count in often.values():
        expect.true(count > 2, f"One of the origins is (nearly) never in the test side, {count} of 40 times.")
        expect.true(count < 38, f"One of the origins is (nearly) always in the test side, {count} of 40 times.")
