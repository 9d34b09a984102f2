"""Exercise `contrastive.classify`: classes by their captions."""

import numpy as np

from mmcourse.exercises import Exercise, expect

classify = Exercise(
    "contrastive.classify",
    kind="implement",
    title="Classes in several words",
    task=(
        "One caption a class is a thin description; several are better (“a red star”, “there is a red star”). Write "
        "`name_pictures(pictures, prompts)`. `pictures` `(n, d)` are vectors of pictures and `prompts` `(c, k, d)` "
        "those of `k` captions for each of `c` classes, **not normalised**. A class's vector is the mean of its "
        "captions' *unit* vectors, itself brought to length one. Return the class of the largest cosine for each "
        "picture, `(n,)`."
    ),
    hints=(
        "Why unit vectors before the mean? Else a caption counts the more the longer its vector is. Why again after? "
        "The mean of vectors that disagree is short.",
        "`x / np.linalg.norm(x, axis=-1, keepdims=True)` three times at most: on the prompts, on their mean over axis "
        "1, and (it changes no winner) on the pictures. Then a matrix product and `argmax(axis=1)`.",
    ),
    level="stretch",
)


def _unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


@classify.solved_by
def name_pictures(pictures, prompts):
    """Vectors (n, d) and (c, k, d) -> classes (n,)."""
    units = prompts / np.linalg.norm(prompts, axis=-1, keepdims=True)
    classes = units.mean(axis=1)  # (c, d)
    classes = classes / np.linalg.norm(classes, axis=-1, keepdims=True)
    return (pictures @ classes.T).argmax(axis=1)  # a picture's length changes no winner


@classify.check
def _(answer, rng):
    c, k, d, n = 5, 3, 6, 200
    prompts = rng.normal(size=(c, k, d)) * np.exp(rng.normal(0, 1.5, (c, k, 1)))  # of any length
    pictures = rng.normal(size=(n, d)) * np.exp(rng.normal(0, 1, (n, 1)))
    wanted = []
    for x in pictures:  # the oracle: cosine by cosine
        centres = [sum(p / np.sqrt((p * p).sum()) for p in of) / k for of in prompts]
        cosines = [(x * v).sum() / np.sqrt((v * v).sum() * (x * x).sum()) for v in centres]
        wanted.append(int(np.argmax(cosines)))
    wanted = np.array(wanted)
    got = expect.array(expect.pure(answer, pictures, prompts), (n,), "a class for each picture", "integer")
    for value, message in (
        (
            (pictures @ prompts.mean(1).T).argmax(1),
            "Nothing is normalised: long prompts and long classes win. A cosine knows no length.",
        ),
        (
            (pictures @ _unit(prompts.mean(1)).T).argmax(1),
            "You averaged before you normalised, so a long caption outvotes the others of its class.",
        ),
        (
            (pictures @ _unit(prompts).mean(1).T).argmax(1),
            "The mean of unit vectors is shorter than one where captions disagree, and such classes never win. "
            "Normalise again after the mean.",
        ),
        (
            np.einsum("nd,ckd->nck", pictures, _unit(prompts)).max(2).argmax(1),
            "This is the class of the single nearest caption. Asked for is the mean of a class's captions.",
        ),
        (
            (pictures @ _unit(_unit(prompts).mean(1)).T).argmin(1),
            "These are the classes that are *least* alike.",
        ),
    ):
        expect.true(not np.array_equal(got, value), message)
    expect.equal(got.astype(int), wanted, "The class whose mean of unit vectors has the largest cosine.")


@classify.mistake("Nothing is normalised")
def no_lengths(pictures, prompts):
    return (pictures @ prompts.mean(1).T).argmax(1)


@classify.mistake("averaged before you normalised")
def mean_first(pictures, prompts):
    return (pictures @ _unit(prompts.mean(1)).T).argmax(1)


@classify.mistake("Normalise again after the mean")
def short_means(pictures, prompts):
    return (pictures @ _unit(prompts).mean(1).T).argmax(1)


@classify.mistake("single nearest caption")
def nearest_caption(pictures, prompts):
    return np.einsum("nd,ckd->nck", pictures, _unit(prompts)).max(2).argmax(1)


@classify.mistake("a class for each picture")
def best_picture(pictures, prompts):
    return (pictures @ _unit(_unit(prompts).mean(1)).T).argmax(0)


@classify.mistake("*least* alike")
def least(pictures, prompts):
    return (pictures @ _unit(_unit(prompts).mean(1)).T).argmin(1)
