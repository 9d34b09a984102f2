"""Exercise `preparation.split_speakers`: a random split in which nobody stands on both sides."""

import numpy as np

from mmcourse.exercises import Exercise, expect

split_speakers = Exercise(
    "preparation.split_speakers",
    kind="implement",
    title="Nobody on both sides",
    task=(
        "Write `split_by_speaker(speakers, share, seed)` in NumPy. `speakers` is an integer array of shape `(n,)`: who "
        "says each row. Return a boolean array of shape `(n,)`, `True` for **test** rows. The speakers of the test "
        "are drawn at random, `round(share * number of speakers)` of them, but at least one, and all rows "
        "of a speaker stand on one side. The same seed gives the same split, whatever was drawn elsewhere."
    ),
    hints=(
        "What is drawn, rows or people? How many different people are there, and does it matter who says more?",
        "`people = np.unique(speakers)`, then `np.random.default_rng(seed).choice(people, size=…, replace=False)` "
        "draws some of them, and `np.isin(speakers, drawn)` says which rows are theirs.",
    ),
)


@split_speakers.solved_by
def split_by_speaker(speakers, share, seed):
    """Who says each row (n,) -> bool (n,), True for test rows.

    A share of the speakers, at least one, is drawn for the test.
    """
    people = np.unique(speakers)
    count = max(1, round(share * len(people)))
    drawn = np.random.default_rng(seed).choice(people, size=count, replace=False)
    return np.isin(speakers, drawn)


@split_speakers.check
def _(answer, rng):
    number = int(rng.integers(9, 13))
    names = rng.permutation(np.arange(20, 90))[:number]
    counts = np.where(np.arange(number) < 2, 60, rng.integers(3, 7, number))  # two people say most of it
    speakers = rng.permutation(np.repeat(names, counts))
    share, seed, n = 0.4, int(rng.integers(1000)), len(speakers)
    wanted = max(1, round(share * number))

    def ask(who, share, seed):
        test = expect.array(answer(who, share, seed), (len(who),), "one entry for each row", kind="number")
        expect.true(
            test.dtype.kind == "b", "Return True and False for each row (a mask), not the numbers of rows or of people."
        )
        return test

    first = expect.pure(answer, speakers, share, seed)
    result = expect.array(first)
    expect.true(
        result.shape == (n,) and result.dtype.kind == "b",
        f"Expected a mask of True and False, one entry for each of the {n} rows; got "
        f"{expect.described(first, result)}. `np.isin(speakers, …)` turns people into such a mask.",
    )
    inside, outside = set(speakers[result].tolist()), set(speakers[~result].tolist())
    expect.true(inside, "There is no test row. Draw at least one speaker.")
    expect.true(outside, "There is no training row left.")
    shared = inside & outside
    expect.true(
        not shared,
        f"{len(shared)} speakers stand on both sides: rows were drawn. Draw people, then take all of their rows.",
    )
    expect.true(
        len(inside) != number - wanted or wanted * 2 == number,
        "The mask is the wrong way round: True means test, and the test is the smaller side.",
    )
    others = [ask(speakers, share, seed + k) for k in range(1, 31)]
    sizes = {len(set(speakers[mask].tolist())) for mask in (result, *others)}
    expect.true(
        len(sizes) == 1,
        f"The test has {min(sizes)} to {max(sizes)} speakers, by chance; expected always {wanted}. Draw without "
        "replacement from the different people (np.unique), not from the rows.",
    )
    expect.equal(len(inside), wanted, f"Of {number} speakers, a share of {share:g} is {wanted}.")
    expect.true(
        any(not np.array_equal(result, other) for other in others),
        "Thirty-one seeds give the same people each time: nothing is drawn. Perhaps the first speakers of a sorted "
        "list are always the test?",
    )
    for _ in range(6):  # often enough that no generator without the seed gets by
        expect.equal(
            ask(speakers, share, seed), result,
            "The same seed gives another split. Make a generator from the seed inside the function.",
        )  # fmt: skip
    chosen = np.zeros(number)
    for k in range(60):
        mask = ask(speakers, share, 5000 + k)
        chosen += np.isin(names, speakers[mask])
    expect.true(
        (chosen > 0).all(),
        "Some speakers never come into the test, whatever the seed. Draw from all of them.",
    )
    expect.true(
        chosen[:2].min() < 45,
        "Who says much is in the test nearly always: draw from the different people, not from the rows' entries.",
    )
    few = np.repeat([3, 8, 5], 4)
    expect.true(ask(few, 0.1, seed).any(), "With a small share no speaker is left for the test. Draw at least one.")


@split_speakers.mistake("stand on both sides")
def rows_drawn(speakers, share, seed):
    test = np.zeros(len(speakers), bool)
    test[np.random.default_rng(seed).permutation(len(speakers))[: round(share * len(speakers))]] = True
    return test


@split_speakers.mistake("nothing is drawn")
def first_of_the_list(speakers, share, seed):
    people = np.unique(speakers)
    return np.isin(speakers, people[: max(1, round(share * len(people)))])


@split_speakers.mistake("wrong way round")
def training_rows(speakers, share, seed):
    return ~split_by_speaker(speakers, share, seed)


@split_speakers.mistake("by chance; expected always")
def with_replacement(speakers, share, seed):
    people = np.unique(speakers)
    return np.isin(speakers, np.random.default_rng(seed).choice(people, max(1, round(share * len(people)))))


@split_speakers.mistake("by chance; expected always")
def entries_drawn(speakers, share, seed):
    count = max(1, round(share * len(np.unique(speakers))))
    return np.isin(speakers, np.random.default_rng(seed).choice(speakers, count, replace=False))


@split_speakers.mistake("another split")
def seed_ignored(speakers, share, seed):
    people = np.unique(speakers)
    return np.isin(speakers, np.random.permutation(people)[: max(1, round(share * len(people)))])


@split_speakers.mistake("turns people into such a mask")
def people_returned(speakers, share, seed):
    return np.unique(speakers[split_by_speaker(speakers, share, seed)])


@split_speakers.mistake("no speaker is left")
def share_of_three(speakers, share, seed):
    people = np.unique(speakers)
    drawn = np.random.default_rng(seed).choice(people, size=round(share * len(people)), replace=False)
    return np.isin(speakers, drawn)
