"""Exercise `retrieval_index.blocks`: the best of all, block by block."""

import numpy as np

from mmcourse.exercises import Exercise, expect

so_far = Exercise(
    "retrieval_index.blocks",
    kind="implement",
    title="The best so far",
    task=(
        "Write `best_in_blocks(query, blocks, k)`. `query` `(d,)` has length one, and so has each row of each block; "
        "`blocks` is a list of arrays `(rows, d)`, some with fewer than `k` rows. Return two arrays `(k,)`: the places "
        "of the `k` vectors with the largest cosines, best first, and these cosines. Places count through all blocks: "
        "the first row of the second block comes right after the last of the first. Look at one block at a time and "
        "keep no more than the `k` best so far: in real life, the blocks do not fit into memory together."
    ),
    hints=(
        "Start with empty arrays for the best places and scores. With each block, what do you append to them, and how "
        "do you get back to k? And what do you add to the places of the second block?",
        "`scores = np.concatenate([scores, block @ query])`, `places = np.concatenate([places, first + "
        "np.arange(len(block))])`, then `best = np.argsort(-scores)[:k]`, cut both, and `first += len(block)`.",
    ),
)


@so_far.solved_by
def best_in_blocks(query, blocks, k):
    """A unit vector (d,), a list of (rows, d), a number -> places (k,), cosines (k,), best first."""
    places, scores, first = np.empty(0, int), np.empty(0), 0
    for block in blocks:
        scores = np.concatenate([scores, block @ query])
        places = np.concatenate([places, first + np.arange(len(block))])
        best = np.argsort(-scores)[:k]  # k old ones and one block, never more
        places, scores = places[best], scores[best]
        first += len(block)
    return places, scores


def _drawn(rng):
    """Blocks of which the second holds the best, with others among the k best before and after it."""
    k, d = int(rng.integers(3, 6)), int(rng.integers(5, 9))
    rows = [int(rng.integers(9, 14)), int(rng.integers(9, 14)), int(rng.integers(1, 3)), int(rng.integers(6, 9))]
    query = rng.normal(size=d)
    query /= np.linalg.norm(query)
    while True:
        x = rng.normal(size=(sum(rows), d))
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        cosines = np.array([float(np.dot(query, one)) for one in x])  # the oracle, one by one
        order = sorted(range(len(x)), key=lambda i: -cosines[i])[:k]
        block = np.searchsorted(np.cumsum(rows), order, side="right")
        if block[0] == 1 and {0, 3} <= set(block.tolist()) and 2 not in block and expect.apart(np.sort(cosines), 1e-6):
            return query, np.split(x, np.cumsum(rows)[:-1]), k, np.array(order), cosines, rows


@so_far.check
def _(answer, rng):
    query, parts, k, order, cosines, rows = _drawn(rng)
    places, scores = expect.parts(answer(query, parts, k), ("places", "cosines"))
    places = expect.array(places, (None,), "the places of the best", "integer")
    expect.true(
        len(places) != k * len(rows) - (k - min(k, rows[2])),
        "These are the best of *each* block. Of old and new together, only the k best may stay.",
    )
    expect.true(len(places) == k, f"Expected {k} places; got {len(places)}.")
    scores = expect.array(scores, (k,), "a cosine for each place", "float")
    starts = np.cumsum([0, *rows[:-1]])
    local = order - starts[np.searchsorted(np.cumsum(rows), order, side="right")]
    last = starts[-1] + np.argsort(-cosines[starts[-1] :])[:k]
    for value, message in (
        (local, "These are places *within* the blocks. Add the number of rows that came before."),
        (order[::-1], "The right ones, but worst first."),
        (last, "These are the best of the last block alone. What was best before must be kept and compared."),
        (last - starts[-1], "These are the best of the last block alone, and counted within it."),
        (np.argsort(cosines)[:k], "These are the k *least* similar. The largest cosines are wanted."),
        (np.sort(order), "The right ones, in the order of their places. Asked for is best first."),
    ):
        expect.true(not np.array_equal(places, value), message)
    expect.equal(places, order, "The places of the k largest cosines of all blocks.")
    expect.differs(scores, -cosines[order], "The cosines have the wrong sign: you returned what you sorted by.")
    expect.close(scores, cosines[order], "The cosines, in the same order as their places.")


@so_far.mistake("places *within* the blocks")
def no_offset(query, blocks, k):
    places, scores = np.empty(0, int), np.empty(0)
    for block in blocks:
        scores = np.concatenate([scores, block @ query])
        places = np.concatenate([places, np.arange(len(block))])
        best = np.argsort(-scores)[:k]
        places, scores = places[best], scores[best]
    return places, scores


@so_far.mistake("worst first")
def worst_first(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places[::-1], scores[::-1]


@so_far.mistake("best of the last block alone")
def forgets(query, blocks, k):
    first = 0
    for block in blocks:
        scores = block @ query
        best = np.argsort(-scores)[:k]
        places, first = first + best, first + len(block)
    return places, scores[best]


@so_far.mistake("best of *each* block")
def of_each(query, blocks, k):
    places, scores, first = [], [], 0
    for block in blocks:
        s = block @ query
        best = np.argsort(-s)[:k]
        places, scores, first = [*places, *(first + best)], [*scores, *s[best]], first + len(block)
    return np.array(places), np.array(scores)


@so_far.mistake("wrong sign")
def sign(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, -scores


@so_far.mistake("*least* similar")
def least(query, blocks, k):
    cosines = np.concatenate(blocks) @ query
    places = np.argsort(cosines)[:k]
    return places, cosines[places]


@so_far.mistake("in the order of their places")
def unsorted(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    order = np.argsort(places)
    return places[order], scores[order]
