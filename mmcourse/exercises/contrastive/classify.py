"""Exercise `contrastive.classify`: classes by their captions."""

import numpy as np

from mmcourse.exercises import Exercise, case

classify = Exercise(
    "contrastive.classify",
    kind="implement",
    title="Classes in several words",
    returns="a class for each picture",
    otherwise=(
        "These are not the classes of the largest cosine, a class being the mean of its captions' unit vectors, "
        "brought to norm one."
    ),
    minutes=10,
    difficulty=2,
    importance=2,
    plan=(
        "Bring every caption's vector to norm one.",
        "Take the mean of each class's captions, and bring it to norm one again.",
        "Compare each picture with each class, and return the place of the largest cosine.",
    ),
    task=(
        "One caption a class is a thin description; several are better (“a red star”, “there is a red star”). Write "
        "`name_pictures(pictures, prompts)`. `pictures` `(n, d)` are vectors of pictures and `prompts` `(c, k, d)` "
        "those of `k` captions for each of `c` classes, **not normalised**. A class's vector is the mean of its "
        "captions' *unit* vectors, itself brought to norm one. Return the class of the largest cosine for each "
        "picture, `(n,)`, counted from 0."
    ),
    hints=(
        "Why unit vectors before the mean? Else a caption counts the more the larger its norm is. Why again after? "
        "The mean of vectors that disagree is short.",
        "`x / np.linalg.norm(x, axis=-1, keepdims=True)` three times at most: on the prompts, on their mean over axis "
        "1, and (it changes no winner) on the pictures. Then a matrix product and `argmax(axis=1)`.",
    ),
    level="stretch",
)


@classify.solved_by
def name_pictures(pictures, prompts):
    """Vectors (n, d) and (c, k, d) -> classes (n,)."""
    units = prompts / np.linalg.norm(prompts, axis=-1, keepdims=True)
    classes = units.mean(axis=1)  # (c, d)
    classes = classes / np.linalg.norm(classes, axis=-1, keepdims=True)
    return (pictures @ classes.T).argmax(axis=1)  # a picture's length changes no winner


def unit(x, axis=-1):
    return x / np.linalg.norm(x, axis=axis, keepdims=True)


def cosines_of(pictures, prompts):
    return unit(pictures) @ unit(unit(prompts).mean(1)).T


def _vectors(rng, n, c, k, d):
    """Pictures and captions of any length. The captions of class 0 agree, those of class 1 hardly: the mean of their
    unit vectors is short. One caption of the last class is much longer than the others."""
    spread = np.resize([0.3, 2.5, 1.0, 0.6], c)[:, None, None]
    prompts = unit(rng.normal(size=(c, 1, d)) + spread * rng.normal(size=(c, k, d)))
    prompts *= np.exp(rng.normal(0, 1.2, (c, k, 1)))
    prompts[-1, 0] *= 30
    pictures = rng.normal(size=(2 * n + 8, d)) * np.exp(rng.normal(0, 1, (2 * n + 8, 1)))
    best = np.sort(cosines_of(pictures, prompts), axis=1)
    return pictures[best[:, -1] - best[:, -2] > 1e-3][:n], prompts  # without pictures between two classes


@classify.cases
def _(rng):
    for sizes in ((90, 5, 3, 6), (70, 3, 4, 5), (60, 4, 2, 3), (6, 6, 6, 6), (80, 2, 5, 4)):
        yield case(*_vectors(rng, *sizes))
    yield case(*_vectors(rng, 300, 4, 3, 4))
    yield case(*_vectors(rng, 40, 4, 1, 5), when="where each class has one caption")
    yield case(*_vectors(rng, 1, 7, 3, 4), when="with one picture")
    pictures, prompts = _vectors(rng, 50, 3, 2, 4)
    pictures = pictures[(cosines_of(pictures, prompts) < -0.01).all(axis=1)]
    opposite = -3 * unit(prompts).mean(axis=(0, 1)) * np.array([[1], [2]])
    best = np.sort(cosines_of(opposite, prompts), axis=1)
    keep = (best[:, -1] < -0.01) & (best[:, -1] - best[:, -2] > 1e-3)
    yield case(np.concatenate([pictures, opposite[keep]]), prompts, when="where all cosines are negative")


@classify.oracle
def _(pictures, prompts):
    found = []
    for x in pictures:
        cosines = []
        for captions in prompts:
            mean = sum(p / np.sqrt((p * p).sum()) for p in captions) / len(captions)
            cosines.append((x * mean).sum() / np.sqrt((mean * mean).sum() * (x * x).sum()))
        found.append(cosines.index(max(cosines)))
    return np.array(found)
