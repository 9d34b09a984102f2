"""Exercise `scenes.negatives`: captions of other pictures that are false of this one."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.scenes._inputs import worlds
from mmcourse.scenes import language

negatives = Exercise(
    "scenes.negatives",
    kind="find the bug",
    title="Mismatched, but true",
    task=(
        "A model that is to tell matching pairs from mismatched ones needs mismatched ones. "
        "`mismatch(captions, scenes, rng)` gets one caption for each of `n` scenes, true of it, and should return "
        "integers `(n,)`: for each scene the number of a caption that is **false** of it, drawn with `rng` from all "
        "such captions, or -1 where there is none. A caption is false when not all of its claims hold. The function "
        "below takes the caption of another scene. Its pairs carry the label *mismatched*, and some of them are none. "
        "Put it right."
    ),
    hints=(
        "*There is a red circle and a star* was written about another scene. Must it be false of this one?",
        "`language.check(captions[j], scenes[i]).truth` is the share of claims of caption j that hold in scene "
        "i. Collect all j for which it is below 1, and draw one of them.",
    ),
    plan=(
        "For each scene, check every caption against it.",
        "Collect the numbers of those that are not wholly true.",
        "Draw one of them with `rng`; where there is none, leave -1.",
    ),
    minutes=10,
    difficulty=2,
    importance=2,
)


@negatives.solved_by
def mismatch(captions, scenes, rng):
    """A caption for each of n scenes, and a generator -> integers (n,)."""
    chosen = np.full(len(scenes), -1)
    for i, scene in enumerate(scenes):
        truths = [language.check(c, scene).truth for c in captions]
        false = [j for j, truth in enumerate(truths) if truth < 1]
        if false:
            chosen[i] = rng.choice(false)
    return chosen


@negatives.given
def _given_mismatch(captions, scenes, rng):
    """A caption for each of n scenes, and a generator -> integers (n,)."""
    chosen = np.full(len(scenes), -1)
    for i in range(len(scenes)):
        others = [j for j in range(len(captions)) if j != i]
        if others:
            chosen[i] = rng.choice(others)
    return chosen


FEW = 1e-9  # with less than this probability a right answer is refused for what it happens to draw
NONE = "Where every caption is true of a scene, the answer is -1: then there is no mismatched pair to be made."


@negatives.check
def _(answer, rng):
    known = list(worlds(rng))
    draws = [_numbers(answer, world, rng) for world in known]
    first, seed = known[0], int(rng.integers(2**31))
    once, again = (_row(answer, first, seed) for _ in range(2))
    _judge_true_ones(known, draws)
    given = np.concatenate(
        [numbers[:, world.false.any(1)].ravel() for world, numbers in zip(known, draws, strict=True)]
    )
    expect.true(bool((given >= 0).any()), "You return -1 everywhere, although there are captions that are false.")
    expect.true(
        np.array_equal(once, again),
        "Two generators with the same seed give different captions. Draw with `rng`, and with nothing else: nobody can "
        "repeat what is drawn otherwise.",
    )
    expect.true(
        any((one != one[0]).any() for one in draws),
        "Every generator gives the same pairs. Draw one of the false captions with `rng`: otherwise a few captions "
        "stand for all that is false, and a model learns to know them by heart.",
    )
    _judge_choice(known, draws)
    expect.true(
        bool((given >= 0).all()), "For some scenes you return -1 although there are captions that are false of them."
    )
    _judge_pairs(known, draws)


def _numbers(answer, world, rng):
    """What is drawn with several generators, int (draws, n)."""
    seeds = rng.integers(2**31, size=world.draws)
    return np.stack([_row(answer, world, int(seed)) for seed in seeds])


def _row(answer, world, seed):
    """What is drawn with one generator, int (n,)."""
    n = len(world.scenes)
    came = answer(world.captions, world.scenes, np.random.default_rng(seed))
    if isinstance(came, (list, tuple)) and len(came) == n:
        expect.true(
            not any(isinstance(one, str) and one in world.captions for one in came),
            "Expected the numbers of captions, counted from 0; got the captions themselves.",
        )
        _only_where_none([one is None for one in came], world, "None")
    row = expect.array(came, (n,), "the number of a caption for each scene")
    _only_where_none(np.isnan(row), world, "NaN")
    expect.true(
        row.dtype.kind != "b" and bool((np.isfinite(row) & (row == np.round(row))).all()),
        f"Expected integers, the number of a caption for each scene; got {expect.described(row, row)}.",
    )
    return np.clip(row, -2, n).astype(int)


def _only_where_none(marked, world, what):
    """Raises what is wrong where something else stands for -1, and nowhere else."""
    marked = np.asarray(marked)
    expect.true(
        not marked.any() or bool(world.false.any(1)[marked].any()),
        f"You return {what} where every caption is true of a scene. Return -1 there.",
    )


def _pairs(known, draws, table):
    """What ``table(world)``, (scene, caption), holds at every pair that was drawn."""
    found = []
    for world, numbers in zip(known, draws, strict=True):
        scenes = np.broadcast_to(np.arange(len(world.scenes)), numbers.shape)
        real = (numbers >= 0) & (numbers < len(world.scenes))
        found.append(np.asarray(table(world))[scenes[real], numbers[real]])
    return np.concatenate(found)


def _plain(known, draws):
    """The worlds of which each caption names all things, and no more."""
    return zip(*[(world, numbers) for world, numbers in zip(known, draws, strict=True) if world.plain], strict=True)


def _judge_true_ones(known, draws):
    """Raises what is wrong where captions were drawn that are true, or that do not exist."""
    where_none, elsewhere, outside, example = 0, 0, "", ""
    for world, numbers in zip(known, draws, strict=True):
        n = len(world.scenes)
        for i, j in ((i, int(j)) for row in numbers for i, j in enumerate(row)):
            exists = 0 <= j < n
            if j == -1 or (exists and world.false[i, j]):
                continue
            where_none += not world.false[i].any()
            elsewhere += bool(world.false[i].any())
            if exists:
                example = example or world.captions[j]
            elif world.false[i].any():
                outside = f"Expected -1 or the number of one of {n} captions, from 0 to {n - 1}; got a number outside."
    if not elsewhere:
        expect.true(not where_none, NONE)
        return
    expect.true(not outside, outside)
    expect.true(
        bool(_pairs(known, draws, lambda world: world.false).any()),
        "You draw captions that are *true* of the scene. Wanted are false ones.",
    )
    expect.true(
        not _pairs(known, draws, lambda world: world.number < world.how_many).all(),
        "Is that the place in your list of the false captions? Return the number of the caption that stands there.",
    )
    expect.true(
        not _pairs(*_plain(known, draws), lambda world: world.false.T).all(),
        "The other way round: you made sure that the scene's *own* caption is false of the other scene, or that the "
        "other caption leaves something out (`coverage`). Asked is whether the other caption is false of this scene.",
    )
    raise expect.Wrong(
        f"{elsewhere + where_none} of {sum(numbers.size for numbers in draws)} pairs are called mismatched and match: "
        f"for example, every claim of {example!r} holds in the scene that you paired it with. A caption of another "
        "scene can be true here too, even where the words or the things differ."
    )


NEARLY = (
    "A caption with one false claim is false as well, and just these, nearly true, are the negatives from which a "
    "model learns most."
)


# Pairs (scene, caption) of some kind, and what is wrong where none of them is ever drawn.
KINDS = (
    (lambda world: world.truth > 0, f"You take only captions of which every claim is false. {NEARLY}"),
    (
        lambda world: ~world.nearly,
        "You always take a caption that is nearest to being true. Draw from all false ones.",
    ),
    (
        lambda world: ~world.furthest,
        f"You always take a caption that is furthest from being true. {NEARLY}",
    ),
    (
        lambda world: world.truth == 0,
        "You take only captions of which something is true. Draw from all false ones.",
    ),
    (lambda world: world.truth >= 0.5, f"You never take a caption of which half is true, or more. {NEARLY}"),
    (lambda world: world.truth > 0.5, f"You never take a caption of which more than half is true. {NEARLY}"),
    (lambda world: world.claim(0), f"You never take a caption whose first claim holds. {NEARLY}"),
    (lambda world: world.claim(-1), f"You never take a caption whose last claim holds. {NEARLY}"),
    (
        lambda world: ~world.false.T if world.plain else world.truth > 1,
        "You never take a caption that names all things of the scene, and more than these. It is false as well.",
    ),
    (
        lambda world: world.place > 2,
        "Where more than three captions are false, you draw the first three only. Draw from all of them.",
    ),
    *(
        (
            lambda world, odd=odd: (world.place % 2 == odd) & (world.how_many > 2),
            "You draw every other one of the false captions only. Draw from all of them.",
        )
        for odd in (0, 1)
    ),
    *(
        (
            lambda world, place=place: (world.place == place) & (world.how_many > 2),
            f"Where more than two captions are false, you never draw the {which} of them. Draw from all of them.",
        )
        for place, which in enumerate(("first", "second", "third", "fourth"))
    ),
    (
        lambda world: (world.place == world.how_many - 1) & (world.how_many > 2),
        "Where more than two captions are false, you never draw the last of them. Draw from all of them.",
    ),
    (
        lambda world: world.place > 1,
        "Where more than two captions are false, you draw the first two only. Draw from all of them.",
    ),
    (
        lambda world: (world.place < world.how_many - 2) & (world.place >= 0),
        "Where more than two captions are false, you draw the last two only. Draw from all of them.",
    ),
    (
        lambda world: 2 * world.place >= world.how_many,
        "You never draw a caption of the second half of the false ones. Draw from all of them.",
    ),
    (
        lambda world: (world.place == 0) & (world.how_many > 1),
        "You never draw the first of several false captions. Draw from all of them.",
    ),
    (
        lambda world: (world.place == world.how_many - 1) & (world.how_many > 1),
        "You never draw the last of several false captions. Draw from all of them: `rng.integers(k)` ends at k - 1.",
    ),
    (
        lambda world: world.repeated,
        "Where two captions are equal, you never draw the second. Draw from the *numbers* of the false captions: "
        "`captions.index` finds only the first of two equal ones.",
    ),
    (lambda world: world.number < world.number.T, "You never draw a caption from before the scene's own."),
    (lambda world: world.number > world.number.T, "You never draw a caption from behind the scene's own."),
)


def _surprise(known, draws, kind):
    """How surprising it is that no pair of a kind was drawn: minus the logarithm of the probability with which it
    happens to a right answer; 0 where one was."""
    if _pairs(known, draws, kind).any():
        return 0.0
    found = 0.0
    for world in known:
        share = (world.false & kind(world)).sum(1) / np.maximum(world.how_many[:, 0], 1)
        with np.errstate(divide="ignore"):
            found -= world.draws * np.log1p(-share).sum()
    return found


def _judge_choice(known, draws):
    """Raises what is wrong where captions of some kind are never drawn: the kind of which that is most surprising, of
    equal ones the first, which is the widest."""
    found = ((_surprise(known, draws, kind), message) for kind, message in KINDS)
    surprise, message = max(found, key=lambda one: one[0])
    expect.true(surprise < -np.log(FEW), message)


def _judge_pairs(known, draws):
    """Raises what is wrong where a single caption is never drawn: in the world that is asked most often."""
    few = max(range(len(known)), key=lambda place: known[place].draws)
    for i, j in np.argwhere(known[few].false):
        one = np.zeros(known[few].truth.shape, bool)
        one[i, j] = True
        expect.true(
            _surprise([known[few]], [draws[few]], lambda world, one=one: one) < -np.log(FEW),
            f"Some false captions are never drawn: of three scenes, {known[few].captions[j]!r} for number {i}.",
        )
    # Each of the three scenes has two false captions: of 8 rows a right answer draws 2 or fewer once in 10^17 checks.
    expect.true(
        len({row.tobytes() for row in draws[few]}) > 2,
        "What one scene gets decides what the others get: is there one draw for all of them? Draw anew for each scene.",
    )
