"""Exercise `retrieval_index.blocks`: the best of all, block by block."""

from functools import partial

import numpy as np

from mmcourse.exercises import Exercise, anew, case, expect
from mmcourse.exercises.retrieval_index._inputs import Blocks, falling, with_cosines

so_far = Exercise(
    "retrieval_index.blocks",
    kind="implement",
    title="The best so far",
    returns=("places", "cosines"),
    otherwise="Asked for are the k largest cosines of all blocks, best first, and their places through all blocks.",
    minutes=15,
    difficulty=2,
    importance=3,
    task=(
        "Write `best_in_blocks(query, blocks, k)`. `query` `(d,)` has length one, and so has each row of each block; "
        "`blocks` is a sequence of arrays `(rows, d)`, some with fewer than `k` rows, of at least `k` rows in all. "
        "Return two arrays `(k,)`: the places of the `k` vectors with the largest cosines, best first, and these "
        "cosines. Places count through all blocks: the first row of the second block comes right after the last of the "
        "first. Look at one block at a time and do not hold on to it: in real life, the blocks do not fit into memory "
        "together. It is enough to keep the `k` best so far."
    ),
    hints=(
        "Start with empty arrays for the best places and scores. With each block, what do you append to them, and how "
        "do you get back to k? And what do you add to the places of the second block?",
        "`scores = np.concatenate([scores, block @ query])`, `places = np.concatenate([places, first + "
        "np.arange(len(block))])`, then `best = np.argsort(-scores)[:k]`, cut both, and `first += len(block)`.",
    ),
    plan=(
        "Begin with no places, no cosines, and the place at which the first block begins.",
        "For each block, append its cosines to the best so far, and its places, counted through all blocks.",
        "Keep the k best of old and new together, then move on by the length of the block.",
    ),
)


@so_far.solved_by
def best_in_blocks(query, blocks, k):
    """A unit vector (d,), a sequence of (rows, d), a number -> places (k,), cosines (k,), best first."""
    places, scores, first = np.empty(0, int), np.empty(0), 0
    for block in blocks:
        scores = np.concatenate([scores, block @ query])
        places = np.concatenate([places, first + np.arange(len(block))])
        best = np.argsort(-scores)[:k]  # k old ones and one block, never more
        places, scores = places[best], scores[best]
        first += len(block)
    return places, scores


def _drawn(rng, rows, k, d, best, high=0.95, low=-0.6):
    """Blocks of these lengths; ``best`` says in which of them the k best lie, the best of all first."""
    block_of = np.repeat(np.arange(len(rows)), rows)
    left = [list(rng.permutation(np.flatnonzero(block_of == b))) for b in range(len(rows))]
    order = [left[b].pop() for b in best]
    order += list(rng.permutation([place for places in left for place in places]).astype(int))
    cosines = np.empty(len(block_of))
    cosines[order] = falling(rng, high, low, len(block_of))
    query, vectors = with_cosines(rng, cosines, d)
    return query, anew(partial(Blocks, vectors, rows)), k


@so_far.cases
def _(rng):
    # The best of all lies neither in the first block nor in the last, but both hold some of the k best.
    yield case(*_drawn(rng, [9, 12, 7, 6], 4, 5, [1, 0, 3, 1]))
    yield case(*_drawn(rng, [6, 8, 5], 3, 8, [1, 2, 0]))
    yield case(*_drawn(rng, [7, 5, 11, 8, 6], 5, 3, [1, 4, 0, 3, 1]))
    yield case(*_drawn(rng, [5, 8, 2, 6], 3, 4, [2, 0, 3]), when="where a block has fewer than `k` rows")
    yield case(*_drawn(rng, [2, 7, 1], 4, 6, [1, 2, 0, 1]), when="where a block has fewer than `k` rows")
    yield case(*_drawn(rng, [1, 2, 1, 3], 6, 5, [1, 3, 0, 2, 3, 3]), when="where a block has fewer than `k` rows")
    whole = _drawn(rng, [3, 2, 4], 9, 4, [1, 0, 2, 0, 2, 2, 1, 0, 2])
    yield case(*whole, when="where `k` is the number of all vectors")
    yield case(*_drawn(rng, [4, 6, 5], 1, 4, [1]), when="where `k` is 1")
    yield case(*_drawn(rng, [8], 3, 5, [0, 0, 0]), when="where there is one block only")
    # A partition that does not sort is sorted all the same where there are few.
    many = _drawn(rng, [700, 400], 300, 3, rng.integers(2, size=300).tolist())
    yield case(*many, when="where there are many vectors, and `k` is large")
    away = _drawn(rng, [5, 6, 4], 4, 7, [1, 0, 1, 2], high=-0.1, low=-0.9)
    yield case(*away, when="where all cosines are negative")

    query, vectors = np.array([0.5, -0.5, 0.5, 0.5]), rng.normal(size=(6, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[int(rng.integers(6))] = -query
    opposite = query, anew(partial(Blocks, vectors, [2, 1, 3])), 6
    yield case(*opposite, when="where one of the k best points the other way, with the cosine -1")


@so_far.oracle
def _(query, blocks, k):
    cosines = [sum(q * x for q, x in zip(query.tolist(), row, strict=True)) for row in blocks.vectors.tolist()]
    places = sorted(range(len(cosines)), key=lambda place: -cosines[place])[:k]
    return np.array(places), np.array([cosines[place] for place in places])


@so_far.also
def _(result, query, blocks, k):
    # One that is let go may live a little longer in another library. Whoever keeps them has four or five in some cases.
    expect.true(
        blocks.held <= 3,
        f"The result is right, but you hold {blocks.held} blocks at once. They do not fit into memory together: look "
        "at one, keep what is best so far, and let it go.",
    )
