"""Exercise `preparation.split_speakers`: a random split in which nobody stands on both sides."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.preparation._inputs import Drawn, mask_of, tables_of_speakers

split_speakers = Exercise(
    "preparation.split_speakers",
    kind="implement",
    title="Nobody on both sides",
    task=(
        "Write `split_by_speaker(speakers, share, seed)` in NumPy. `speakers` is an integer array of shape `(n,)`: who "
        "says each row. Return a boolean array of shape `(n,)`, `True` for **test** rows. The speakers of the test "
        "are drawn at random, `round(share * number of speakers)` of them (Python's `round`, which takes a half to the "
        "even number), but at least one, each speaker with the same chance, and all rows "
        "of a speaker stand on one side. The same seed gives the same split, whatever was drawn elsewhere."
    ),
    hints=(
        "What is drawn, rows or people? How many different people are there, and does it matter who says more?",
        "`people = np.unique(speakers)`, then `np.random.default_rng(seed).choice(people, size=…, replace=False)` "
        "draws some of them, and `np.isin(speakers, drawn)` says which rows are theirs.",
    ),
    plan=(
        "List the different speakers, and count how many of them the test gets.",
        "Make a generator from the seed, and draw that many speakers without replacement.",
        "Mark all rows of the speakers that were drawn.",
    ),
    minutes=8,
    difficulty=1,
    importance=3,
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


def _all_masks(answer, speakers, share, seeds):
    """The splits for these seeds."""
    return Drawn(speakers, share, [mask_of(answer(speakers, share, seed), len(speakers)) for seed in seeds])


@split_speakers.check
def _(answer, rng):
    start = int(rng.integers(1000))
    tables = list(tables_of_speakers(rng))
    found = [_all_masks(answer, who, share, [0, start + 1, start + 2, start + 3]) for who, share in tables]
    most = max(one.shared for one in found)
    expect.true(
        not most,
        f"Up to {most} speakers stand on both sides. Draw people, not rows, then take all of their rows."
        if most > 1
        else "A speaker stands on both sides. Draw people, not rows, then take all of their rows.",
    )
    expect.true(any(max(one.counts) for one in found), "There is no test row, whatever the table.")
    of_more = [one for one in found if len(one.people) > 1]
    expect.true(
        not all(count == len(one.people) - one.wanted for one in of_more for count in one.counts),
        "The mask is the wrong way round: True means test, and the test has `share` of the speakers.",
    )
    _same_seed_same_split(answer, tables, start)
    _numbers(found, [_all_masks(answer, *tables[0], range(start, start + 30)), *found])
    _chances(_all_masks(answer, *tables[0], range(start, start + 240)))
    for table in (tables[6], tables[2]):  # with a share too small for one speaker; and with a speaker 0, as the other
        _nobody_left_out(_all_masks(answer, *table, range(start, start + 80)))


def _nobody_left_out(drawn):
    """Whether each speaker of a few comes into the test at least once: a fair draw leaves one out once in 10^13."""
    ever = set().union(*drawn.inside)
    never = [int(person) for person in drawn.people if person not in ever]
    expect.true(
        len(set(drawn.inside)) > 1,
        "Where the share is too small for one speaker, the same one is always the test. Draw that one, too.",
    )
    expect.true(
        not never,
        f"Of the speakers {', '.join(str(int(one)) for one in sorted(drawn.people))}, number {(never or [0])[0]} never "
        "comes into the test, whatever the seed. Each has the same chance, whatever the number.",
    )


def _same_seed_same_split(answer, tables, start):
    again = {seed: [] for seed in (0, start + 1)}
    for _ in range(7):  # often enough that no generator without the seed gets by
        for seed, results in again.items():
            results.append(mask_of(answer(*tables[0], seed), len(tables[0][0])))
        np.random.random(3)  # somebody else draws
    expect.true(
        all(np.array_equal(result, results[0]) for results in again.values() for result in results),
        "The same seed gives another split. Make a generator from the seed inside the function.",
    )


def _numbers(found, with_more):
    """How many speakers the tests have."""
    for one in with_more:
        low, high = min(one.counts), max(one.counts)
        expect.true(
            low == high,
            f"Of {len(one.people)} speakers the test has {low} to {high}, by chance; expected always {one.wanted}. "
            "Draw exactly so many, without replacement, from the different people (np.unique), not from the rows.",
        )
    if all(one.counts[0] == one.wanted for one in found):
        return
    for rule, message in (
        (lambda part, _: round(part), "With a small share no speaker is left for the test. Draw at least one."),
        (lambda part, _: max(1, int(part)), "The number of speakers is rounded down. `round` takes the nearest one."),
        (lambda part, _: int(part), "The number of speakers is rounded down, and may become 0: `round`, at least one."),
        (lambda part, _: math.ceil(part), "The number of speakers is rounded up. `round` takes the nearest number."),
        (lambda part, _: max(1, int(part + 0.5)),
         "A half is rounded up. Python's `round` takes it to the even number."),
        (lambda part, _: max(1, math.ceil(part - 0.5)),
         "A half is rounded down. Python's `round` takes it to the even number."),
        (lambda part, _: int(part + 0.5),
         "A half is rounded up, and with a small share nobody is left: `round`, at least one."),
        (lambda part, _: max(1, round(part)) + 1, "There is always one speaker too many in the test."),
        (lambda part, _: max(2, round(part)), "You draw at least two speakers. One may be enough."),
        (lambda part, _: 1, "You always draw one speaker. That is the least; else it is `round(share * …)`."),
        (lambda part, people: max(1, min(round(part), people - 1)),
         "You always keep a speaker for training. The test gets `round(share * …)`, and that may be all of them."),
        (lambda part, people: max(1, round(people - part)),
         "The test gets what belongs to training: `share` is the share of the *test*."),
    ):  # fmt: skip
        rule_of = [min(rule(one.share * len(one.people), len(one.people)), len(one.people)) for one in found]
        if all(one.counts[0] == count for one, count in zip(found, rule_of, strict=True)):
            raise expect.Wrong(message)
    expect.true(
        sum(one.counts[0] for one in found) >= len(found) or not all(one.counts[0] <= one.wanted for one in found),
        f"Of {len(found[0].people)} speakers, a share of {found[0].share:g} is {found[0].wanted}; your test has "
        f"{found[0].counts[0]}. Were places drawn, 0 to {len(found[0].people) - 1}, and taken for the speakers' "
        "numbers? Draw from `np.unique(speakers)`.",
    )
    for one in found:
        expect.true(
            one.counts[0] == one.wanted,
            f"Of {len(one.people)} speakers, a share of {one.share:g} is {one.wanted}; your test has {one.counts[0]}.",
        )


def _chances(drawn):
    """Whether each speaker, and each set of speakers, has its chance. Bounds that a fair draw does not reach."""
    sets = set(drawn.inside)
    expect.true(
        len(sets) > 1,
        "Whatever the seed, the same people are the test: nothing is drawn, or the generator does not get the seed. "
        "Perhaps the first speakers of a sorted list are always the test?",
    )
    often = {person: sum(person in people for people in drawn.inside) for person in drawn.people}
    expect.true(
        min(often.values()), "Some speakers never come into the test, whatever the seed. Draw from all of them."
    )
    chance = drawn.wanted / len(drawn.people)
    usual, spread = chance * len(drawn.masks), math.sqrt(len(drawn.masks) * chance * (1 - chance))
    rows = {person: int((drawn.speakers == person).sum()) for person in drawn.people}
    busiest = sorted(rows, key=rows.get)[-2:]
    expect.true(
        max(often[person] for person in busiest) < usual + 6 * spread,
        "Who says much is in the test more often than others: draw from the different people, not from the rows' "
        "entries.",
    )
    expect.true(
        min(often[person] for person in busiest) > usual - 6 * spread,
        "Who says much is in the test less often than others. Each speaker has the same chance.",
    )
    expect.true(
        all(abs(count - usual) < 6 * spread for count in often.values()),
        "Some speakers are in the test far more often than others. Each has the same chance.",
    )
    expect.true(
        len(sets) > 40,
        f"{len(drawn.masks)} seeds give only {len(sets)} different splits. Draw each speaker by itself: any "
        f"{drawn.wanted} of them may meet in the test.",
    )
