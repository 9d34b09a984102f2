"""Exercise `vqa_reasoning.film`: each picture's channels are scaled and shifted by its own question."""

import numpy as np

from mmcourse.exercises import Exercise, case

film = Exercise(
    "vqa_reasoning.film",
    kind="implement",
    title="A question scales and shifts",
    returns="feature maps",
    otherwise="Channel c of each picture becomes (1 + scale_c) times itself plus shift_c, of its own question.",
    task=(
        "Write `modulate(maps, questions, W, b)` for a batch. `maps` `(n, h, w, c)` are the feature maps of `n` "
        "pictures, `questions` `(n, e)` their questions. `questions @ W + b` is `(n, 2c)`: of each question first "
        "the `c` **scales less one** (so that 0 leaves a channel as it is), then the `c` **shifts**. Return "
        "`(n, h, w, c)`, in which channel `k` of a picture is multiplied by one plus its question's scale `k`, and "
        "then its question's shift `k` is added, at every place alike."
    ),
    hints=(
        "The scales are `(n, c)`, the maps `(n, h, w, c)`: on which axes must the scales have length one?",
        "`scale, shift = np.split(questions @ W + b, 2, axis=1)`, and `scale[:, None, None]` is `(n, 1, 1, c)`.",
    ),
    plan=(
        "Compute scales and shifts from the questions, and part them.",
        "Give both two axes of length one, for height and width.",
        "Multiply by one plus the scale, and add the shift.",
    ),
    minutes=6,
    difficulty=1,
    importance=3,
)


@film.solved_by
def modulate(maps, questions, W, b):
    """Maps (n, h, w, c), questions (n, e), W (e, 2c), b (2c,) -> maps scaled and shifted (n, h, w, c)."""
    scale, shift = np.split(questions @ W + b, 2, axis=1)  # (n, c) each
    return maps * (1 + scale[:, None, None]) + shift[:, None, None]


@film.cases
def _(rng):
    def inputs(n, h, w, c, e):
        maps, questions = rng.normal(size=(n, h, w, c)) + 0.5, rng.normal(size=(n, e))
        return maps, questions, rng.normal(size=(e, 2 * c)) / np.sqrt(e), rng.normal(size=2 * c)

    for sizes in ((3, 4, 5, 6, 2), (2, 5, 3, 4, 7), (4, 3, 2, 5, 3), (3, 3, 3, 3, 3)):
        yield case(*inputs(*sizes))
    yield case(*inputs(1, 2, 4, 3, 5), when="with a single picture")
    yield case(*inputs(4, 3, 5, 1, 2), when="with a single channel")
    maps, questions, W, b = inputs(3, 2, 5, 4, 6)
    yield case(maps, questions, W, 0 * b, when="where the bias is 0")


@film.oracle
def _(maps, questions, W, b):
    n, h, w, c = maps.shape
    out = np.empty(maps.shape)
    for i in range(n):
        for k in range(c):
            scale = sum(q * x for q, x in zip(questions[i], W[:, k], strict=True)) + b[k]
            shift = sum(q * x for q, x in zip(questions[i], W[:, c + k], strict=True)) + b[c + k]
            for row in range(h):
                for column in range(w):
                    out[i, row, column, k] = maps[i, row, column, k] + scale * maps[i, row, column, k] + shift
    return out
