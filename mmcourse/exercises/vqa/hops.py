"""Exercise `vqa.hops`: a question that looks, and looks again."""

import numpy as np

from mmcourse.exercises import Exercise, case

hops = Exercise(
    "vqa.hops",
    kind="implement",
    title="Look, and look again",
    returns=("u", "weights"),
    otherwise=(
        "In each hop the weights are the softmax over the regions of `tanh(u W + region U) v`, with the `u` that the "
        "hop before left, and `u` grows by the mean of the regions with these weights: one of these is otherwise."
    ),
    task=(
        "Write `look_again(question, regions, W, U, v)` for one picture and one question. `question` `(d,)` is the "
        "first `u`, `regions` `(m, d)` answer. `W` and `U` `(K, d, k)` and `v` `(K, k)` have a set of weights for each "
        "of `K` hops, of which hop `h` takes `W[h]`, `U[h]`, `v[h]`: its scores are `tanh(u W + region U) v`, its "
        "weights their softmax over the regions, and `u` grows by what they find. Return the last `u` `(d,)`, and the "
        "weights of all hops `(K, m)`. Scores may be large."
    ),
    hints=(
        "One loop over the hops. What must be computed anew in each, because `u` has changed?",
        "In the loop: `s = np.tanh(u @ W[h] + regions @ U[h]) @ v[h]`, its softmax `a` (take away the largest score "
        "first), `u = u + a @ regions`, and keep `a`.",
    ),
    plan=(
        "Begin with the question as u.",
        "In each hop score every region against u, and turn the scores into weights that sum to one.",
        "Add the weighted mean of the regions to u, and go on with that.",
    ),
    minutes=10,
    difficulty=2,
    importance=3,
)


@hops.solved_by
def look_again(question, regions, W, U, v):
    """Question (d,), regions (m, d), W and U (K, d, k), v (K, k) -> u (d,), weights (K, m)."""
    u, weights = question, []
    for h in range(len(W)):
        s = np.tanh(u @ W[h] + regions @ U[h]) @ v[h]  # (m,)
        e = np.exp(s - s.max())
        a = e / e.sum()
        u = u + a @ regions
        weights.append(a)
    return u, np.array(weights)


@hops.cases
def _(rng):
    def inputs(d, m, K, k, size=1.5):
        W, U = rng.normal(size=(2, K, d, k)) / np.sqrt(d)
        return rng.normal(size=d), rng.normal(size=(m, d)) + 0.4, W, U, size * rng.normal(size=(K, k))

    for sizes in ((4, 7, 2, 5), (5, 3, 3, 4), (3, 6, 2, 7), (4, 4, 4, 4), (6, 5, 3, 3)):
        yield case(*inputs(*sizes))
    yield case(*inputs(5, 6, 1, 3), when="with a single hop")
    yield case(*inputs(3, 1, 2, 4), when="with a single region")
    question, regions, W, U, v = inputs(3, 4, 2, 5)
    # The scores of both hops go from -1,000 to 1,000, no two of them close to each other.
    regions[:, 0], question[0] = rng.permutation([1.0, 0.5, -0.5, -1.0]), 0
    W[:], U[:] = 0, 0
    U[:, 0], v = np.sign(v), 260 * np.sign(v)
    yield case(question, regions, W, U, v, when="where scores are large")


@hops.oracle
def _(question, regions, W, U, v):
    u, kept = [float(x) for x in question], []
    (m, d), k = regions.shape, v.shape[1]
    for w_, u_, v_ in zip(W, U, v, strict=True):
        scores = []
        for i in range(m):  # region by region
            hidden = [sum(u[a] * w_[a, j] + regions[i, a] * u_[a, j] for a in range(d)) for j in range(k)]
            scores.append(sum(v_[j] * np.tanh(hidden[j]) for j in range(k)))
        top = max(scores)
        e = [np.exp(score - top) for score in scores]
        kept.append([one / sum(e) for one in e])
        u = [u[a] + sum(kept[-1][i] * regions[i, a] for i in range(m)) for a in range(d)]
    return np.array(u), np.array(kept)
