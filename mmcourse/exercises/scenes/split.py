"""Exercise `scenes.split`: a split that keeps near-copies on one side."""

import numpy as np

from mmcourse.exercises import Exercise, expect

split = Exercise(
    "scenes.split",
    kind="implement",
    title="A split without leaks",
    task=(
        "Some items of a data set are near-copies of others. `sources`, integers `(n,)`, says where each item comes "
        "from: equal numbers, same origin (the same scene, the same speaker, the same patient). Write "
        "`grouped_split(sources, share, seed)`. It returns booleans `(n,)`, True for the items of the *test* side. "
        "Draw `round(share * g)` of the `g` different sources at random, and put **all** items of those, and no "
        "others, into the test side. The same seed gives the same split, another seed another one."
    ),
    hints=(
        "What is drawn here: items, or origins? How many different numbers does `sources` hold?",
        "`np.unique(sources)` are the origins. Draw some of them without replacement with "
        "`np.random.default_rng(seed)`, and ask with `np.isin` which items come from them.",
    ),
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
    # Thirty origins with strange numbers, some with one item and some with many.
    origins = rng.choice(np.arange(100, 1000), size=30, replace=False)
    sources = rng.permutation(np.repeat(origins, rng.permutation(np.r_[np.ones(10, int), np.arange(1, 21)])))
    share, wanted = 0.3, 9

    def ask(seed, of=sources, part=share):
        why = f"one boolean for each of the {len(of)} items, copies included"
        return expect.array(expect.pure(answer, of, part, seed), (len(of),), why, kind="bool")

    test = ask(3)
    first, second = set(sources[test].tolist()), set(sources[~test].tolist())
    both = first & second
    expect.true(
        not both,
        f"{len(both)} of 30 origins lie on both sides: a model could remember the copies that it has trained on. "
        "Draw origins, not items.",
    )
    expect.true(
        bool(first),
        "The test side is empty. Did you compare the numbers of the origins with their places in a list?",
    )
    expect.true(
        len(first) != 30 - wanted,
        f"{len(first)} of 30 origins are in the test side and {wanted} in training: the wrong way round. True "
        "means test.",
    )
    others = [ask(seed) for seed in range(10, 18)]
    for one in [test, *others]:
        found = len(set(sources[one].tolist()))
        expect.true(
            found == wanted,
            f"With a share of 0.3 and 30 origins, {wanted} belong into the test side; there are {found}. The share is "
            "of the different origins, however many items each has.",
        )
    expect.true(
        np.array_equal(test, ask(3)),
        "The same seed gives two different splits. Take the numbers from `np.random.default_rng(seed)` and from "
        "nowhere "
        "else: nobody can repeat what was measured on a split that changes.",
    )
    expect.true(
        any(not np.array_equal(test, other) for other in others),
        "Every seed gives the same split: it is not drawn at random. Data are often sorted (by date, by speaker), and "
        "then the first origins are not like the rest.",
    )
    half = ask(3, part=0.5)
    expect.true(len(set(sources[half].tolist())) == 15, "`share` is ignored: of 30 origins, 0.5 are 15.")
    expect.true(
        ask(3, of=np.arange(10)).sum() == 3, "Where no two items share an origin, three of ten are in the test."
    )


@split.mistake("Draw origins, not items")
def by_item(sources, share, seed):
    order = np.random.default_rng(seed).permutation(len(sources))
    return np.isin(np.arange(len(sources)), order[: round(share * len(sources))])


@split.mistake("True means test")
def kept_for_training(sources, share, seed):
    return ~grouped_split(sources, share, seed)


@split.mistake("of the different origins")
def fills_up_items(sources, share, seed):
    test = np.zeros(len(sources), bool)
    for origin in np.random.default_rng(seed).permutation(np.unique(sources)):
        if test.sum() < share * len(sources):
            test |= sources == origin
    return test


@split.mistake("not drawn at random")
def the_first(sources, share, seed):
    origins = np.unique(sources)
    return np.isin(sources, origins[: round(share * len(origins))])


@split.mistake("two different splits")
def without_seed(sources, share, seed):
    return grouped_split(sources, share, None)


@split.mistake("copies included")
def copies_thrown_away(sources, share, seed):
    return grouped_split(np.unique(sources), share, seed)


@split.mistake("test side is empty")
def positions_for_names(sources, share, seed):
    origins = np.unique(sources)
    chosen = np.random.default_rng(seed).permutation(len(origins))[: round(share * len(origins))]
    return np.isin(sources, chosen)


@split.mistake("`share` is ignored")
def a_habit(sources, share, seed):
    return grouped_split(sources, 0.3, seed)
