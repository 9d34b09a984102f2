"""Exercise `scenes.negatives`: captions of other pictures that are false of this one."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.scenes import Scenes, language

negatives = Exercise(
    "scenes.negatives",
    kind="find the bug",
    title="Mismatched, but true",
    task=(
        "A model that is to tell matching pairs from mismatched ones needs mismatched ones. "
        "`mismatch(captions, scenes, rng)` gets one caption for each of `n` scenes and should return integers "
        "`(n,)`: for "
        "each scene the number of a caption that is **false** of it, drawn with `rng` from all such captions, or "
        "-1 where "
        "there is none. A caption is false when not all of its claims hold. The function below takes the caption of "
        "another scene. Its pairs carry the label *mismatched*, and some of them are none. Put it right."
    ),
    hints=(
        "*There is a red circle and a star* was written about another scene. Must it be false of this one?",
        "`language.check(captions[j], scenes[i]).truth` is the share of claims of caption j that hold in scene "
        "i. Collect all j "
        "for which it is below 1, and draw one of them.",
    ),
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


_NARROW = {"colours": ("red", "blue"), "shapes": ("circle", "square"), "sizes": ("small",), "things": (1, 2)}


def _world(rng, n=14):
    """Scenes so simple that captions of one are often true of others, one caption each, and who holds where: truth
    (scene, caption). Most scenes have a caption that is partly false, or nobody could see who leaves those out."""
    while True:
        some = Scenes("train", seed=int(rng.integers(2**31)), n=n, n_captions=1, **_NARROW)
        captions, scenes = [c[0] for c in some.captions()], some.truths()
        truth = np.array([[language.check(c, s).truth for c in captions] for s in scenes])
        if ((truth > 0) & (truth < 1)).any(1).sum() > n // 2:
            return captions, scenes, truth


@negatives.check
def _(answer, rng):
    captions, scenes, truth = _world(rng)
    n = len(scenes)
    draws, why = [], "the number of a caption for each scene"
    for _ in range(12):
        generator = np.random.default_rng(rng.integers(2**31))
        got = expect.array(
            answer(captions, scenes, generator), (n,), "the number of a caption for each scene", "integer"
        )
        expect.true(bool((got < n).all() and (got >= -1).all()), f"There are {n} captions, numbered from 0.")
        draws.append(got)
    draws = np.stack(draws)  # (12, n)
    picked = np.where(draws >= 0, truth[np.arange(n), draws], 0)
    bad = np.argwhere(picked == 1)
    swapped = np.where(draws >= 0, truth.T[np.arange(n), draws], 0)
    expect.true(
        not len(bad) or not (swapped < 1).all(),
        "Picture and caption are swapped: you made sure that the scene's *own* caption is false of the other scene. "
        "The pair that you return is the other caption with this scene.",
    )
    expect.true(
        not len(bad),
        f"{len(bad)} of {draws.size} pairs are called mismatched and match: for example, every claim of "
        f"{[captions[draws[k, i]] for k, i in bad[:1]]} holds in the scene that you paired it with. A caption of "
        "another "
        "scene can be true here too, even where the words or the things differ.",
    )
    expect.true(bool((draws >= 0).any()), "You return -1 everywhere, although there are captions that are false.")
    expect.true(
        len({tuple(row) for row in draws.tolist()}) > 1,
        "Every generator gives the same pairs. Draw one of the false captions with `rng`: otherwise a few "
        "captions stand "
        "for all that is false, and a model learns to know them by heart.",
    )
    expect.true(
        bool((picked > 0).any()),
        "You take only captions of which every claim is false. A caption with one false claim is false as well, "
        "and just "
        "these, nearly true, are the negatives from which a model learns most.",
    )
    expect.true(
        bool((draws[:, (truth < 1).any(1)] >= 0).all()),
        "For some scenes you return -1 although there are captions that are false of them.",
    )
    alone = answer([captions[0]] * 3, [scenes[0]] * 3, np.random.default_rng(0))
    expect.equal(
        expect.array(alone, (3,), why, "integer"),
        np.full(3, -1),
        "Where every caption is true of a scene, the answer is -1: then there is no mismatched pair to be made.",
    )


def _chosen(captions, scenes, rng, good):
    chosen = np.full(len(scenes), -1)
    for i in range(len(scenes)):
        options = [j for j in range(len(captions)) if good(i, j)]
        if options:
            chosen[i] = rng.choice(options)
    return chosen


@negatives.mistake("can be true here too")
def other_words(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: captions[j] != captions[i])


@negatives.mistake("can be true here too")
def other_things(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: scenes[i].things != scenes[j].things)


@negatives.mistake("are swapped")
def swapped_check(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: language.check(captions[i], scenes[j]).truth < 1)


@negatives.mistake("every claim is false")
def wholly_false(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: language.check(captions[j], scenes[i]).truth == 0)


@negatives.mistake("Every generator gives the same pairs")
def the_worst(captions, scenes, rng):
    truth = np.array([[language.check(c, s).truth for c in captions] for s in scenes])
    last = np.array([np.flatnonzero(row < 1)[-1] if (row < 1).any() else -1 for row in truth])
    return last


@negatives.mistake("the answer is -1")
def anything_if_none(captions, scenes, rng):
    found = mismatch(captions, scenes, rng)
    return np.where(found < 0, rng.integers(0, len(captions), len(found)), found)


@negatives.mistake("array of integers")
def the_texts(captions, scenes, rng):
    return [captions[j] for j in mismatch(captions, scenes, rng)]
