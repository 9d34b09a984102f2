"""Markov random fields: learned by gradient, over grids, over chains. Oracles: numeric gradients and enumeration."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.graphical import (
    BayesianNetwork,
    Factor,
    MarkovField,
    elimination,
    enumeration,
    forward_backward,
    gibbs,
    grid_factors,
    grid_score,
    icm,
    learn_grid,
    mean_field,
    most_probable,
    viterbi,
)

STATES = {"a": 2, "b": 3, "c": 2}


def field(rng):
    features = {
        "ab": [Factor("ab", rng.normal(size=(2, 3)))],
        "tied": [Factor("a", rng.normal(size=2)), Factor("c", rng.normal(size=2))],
        "cb": [Factor("cb", rng.normal(size=(2, 3)))],
    }
    return MarkovField(STATES, features)


def items(rng, n=40):
    return {name: rng.integers(0, size, n) for name, size in STATES.items()}


# ── learning ────────────────────────────────────────────────────────────────────────────────────────


def test_the_gradient_is_the_numeric_one():
    rng = np.random.default_rng(0)
    model, data, weights = field(rng), items(rng), rng.normal(size=3)
    numeric = [
        (model.log_likelihood(data, weights + h) - model.log_likelihood(data, weights - h)) / 2e-5
        for h in 1e-5 * np.eye(3)
    ]
    np.testing.assert_allclose(model.gradient(data, weights), numeric, atol=1e-8)


def test_likelihood_and_joint_are_the_definition():
    rng = np.random.default_rng(1)
    model, data = field(rng), items(rng, 9)
    model.weights = dict(zip(model.weights, rng.normal(size=3).tolist(), strict=True))
    scores = {}
    for a, b, c in np.ndindex(2, 3, 2):
        (ab,), (one, two), (cb,) = model.features.values()
        scores[a, b, c] = (
            model.weights["ab"] * ab.table[a, b]
            + model.weights["tied"] * (one.table[a] + two.table[c])
            + model.weights["cb"] * cb.table[c, b]
        )
    z = sum(np.exp(s) for s in scores.values())
    wanted = np.mean([scores[abc] - np.log(z) for abc in zip(*data.values(), strict=True)])
    assert model.log_likelihood(data) == pytest.approx(wanted)
    np.testing.assert_allclose(model.joint().table[1, 2, 0], np.exp(scores[1, 2, 0]) / z)


def test_learning_only_climbs_and_ends_where_expected_is_observed():
    rng = np.random.default_rng(2)
    model, data = field(rng), items(rng)
    heights = []
    for _ in range(6):
        heights.append(model.log_likelihood(data))
        model.fit(data, steps=5, penalty=0)
    assert (np.diff(heights) > 0).all()
    model.fit(data, steps=5000, penalty=0)
    np.testing.assert_allclose(model.gradient(data), 0, atol=1e-6)
    assert all(model.weights.values()), "every weight moves"


def test_a_penalty_keeps_weights_small():
    rng = np.random.default_rng(3)
    data = items(rng)
    free, held = field(np.random.default_rng(4)).fit(data), field(np.random.default_rng(4)).fit(data, penalty=1.0)
    assert sum(w**2 for w in held.weights.values()) < sum(w**2 for w in free.weights.values())
    summit = held.gradient(data) - np.array(list(held.weights.values()))
    np.testing.assert_allclose(summit, 0, atol=1e-6)


def test_a_field_with_the_cliques_of_a_network_learns_the_same_distribution():
    """Without arrows, on the same cliques: label with words, and label with voice and face."""
    states = {"label": 2, "words": 2, "voice": 2, "face": 2}
    parents = {"words": ("label",), "voice": ("label",), "face": ("label", "voice")}
    rng = np.random.default_rng(5)
    shapes = {"label": (2,), "words": (2, 2), "voice": (2, 2), "face": (2, 2, 2)}
    tables = {name: rng.dirichlet(np.ones(2) * 3, shape[:-1]) for name, shape in shapes.items()}
    true = BayesianNetwork(states, parents).with_tables(tables)
    data = true.sample(500, rng)
    counted = BayesianNetwork(states, parents).fit(data, pseudo_count=0)
    features = {}
    for names in (("label", "words"), ("label", "voice", "face")):
        for place in np.ndindex(*(2,) * len(names)):
            table = np.zeros((2,) * len(names))
            table[place] = 1
            features[names, place] = [Factor(names, table)]
    learned = MarkovField(states, features).fit(data, steps=20_000, penalty=0)
    wanted = enumeration(counted.factors(), list(states))
    np.testing.assert_allclose(learned.joint().table, wanted.table, atol=1e-5)
    a = elimination(learned.factors(), "label", {"words": 1, "face": 0}).marginal
    b = elimination(counted.factors(), "label", {"words": 1, "face": 0}).marginal
    np.testing.assert_allclose(a.table, b.table, atol=1e-4)


def test_fields_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match=r"Received: a feature of 'a' with 3 values\. Allowed: \{'a': 2\}"):
        MarkovField({"a": 2}, {"f": [Factor("a", [1, 2, 3])]})
    with pytest.raises(ValueError, match=r"Received: a feature of 'z' with 2 values\. Allowed: \{'a': 2\}"):
        MarkovField({"a": 2}, {"f": [Factor("z", [1, 2])]})
    with pytest.raises(ValueError, match="entries"):
        MarkovField({f"x{i}": 2 for i in range(21)}, {})


# ── chains ──────────────────────────────────────────────────────────────────────────────────────────


def all_sequences(evidence, transitions):
    """{sequence: score}, by a loop; transitions (t - 1, k, k)."""
    steps, k = evidence.shape
    return {
        s: sum(evidence[t, s[t]] for t in range(steps)) + sum(transitions[t, s[t], s[t + 1]] for t in range(steps - 1))
        for s in itertools.product(range(k), repeat=steps)
    }


@given(st.integers(1, 6), st.integers(1, 3), st.integers(0, 10**6), st.booleans())
@settings(max_examples=80, deadline=None)
def test_a_chain_is_enumeration(steps, k, seed, own):
    rng = np.random.default_rng(seed)
    evidence = 3 * rng.normal(size=(steps, k))
    transitions = rng.normal(size=(steps - 1, k, k) if own else (k, k))
    scores = all_sequences(evidence, np.broadcast_to(transitions, (steps - 1, k, k)))
    total = np.log(sum(np.exp(s) for s in scores.values()))
    wanted = np.zeros((steps, k))
    for sequence, score in scores.items():
        wanted[np.arange(steps), sequence] += np.exp(score - total)
    got, sum_of_all = forward_backward(evidence, transitions)
    np.testing.assert_allclose(got, wanted, atol=1e-10)
    assert sum_of_all == pytest.approx(total)
    path, score = viterbi(evidence, transitions)
    assert score == pytest.approx(max(scores.values())) and scores[tuple(path.tolist())] == pytest.approx(score)


def test_a_chain_is_elimination():
    rng = np.random.default_rng(6)
    evidence, transitions = rng.normal(size=(5, 3)), rng.normal(size=(3, 3))
    factors = [Factor((f"x{t}",), np.exp(evidence[t])) for t in range(5)]
    factors += [Factor((f"x{t}", f"x{t + 1}"), np.exp(transitions)) for t in range(4)]
    marginals = forward_backward(evidence, transitions)[0]
    for t in range(5):
        np.testing.assert_allclose(elimination(factors, f"x{t}").marginal.table, marginals[t])
    assert [most_probable(factors)[f"x{t}"] for t in range(5)] == viterbi(evidence, transitions)[0].tolist()


def test_many_chains_at_once_are_the_chains_one_by_one():
    rng = np.random.default_rng(7)
    evidence, transitions = rng.normal(size=(2, 3, 8, 4)), rng.normal(size=(2, 3, 7, 4, 4))
    marginals, totals = forward_backward(evidence, transitions)
    paths, scores = viterbi(evidence, transitions)
    for place in np.ndindex(2, 3):
        one, total = forward_backward(evidence[place], transitions[place])
        np.testing.assert_allclose(marginals[place], one)
        path, score = viterbi(evidence[place], transitions[place])
        assert totals[place] == pytest.approx(total) and scores[place] == pytest.approx(score)
        np.testing.assert_array_equal(paths[place], path)


def test_a_long_chain_neither_underflows_nor_minds_the_impossible():
    evidence = np.full((5000, 2), -40.0)
    evidence[0, 1] = -np.inf
    with np.errstate(divide="ignore"):
        marginals, total = forward_backward(evidence, np.log([[1.0, 0.0], [0.5, 0.5]]))
    np.testing.assert_allclose(marginals[:, 0], 1)
    assert total == pytest.approx(-200_000)


def test_with_nothing_between_steps_a_chain_is_each_step_alone():
    evidence = np.random.default_rng(8).normal(size=(6, 3))
    alone = np.exp(evidence) / np.exp(evidence).sum(-1, keepdims=True)
    np.testing.assert_allclose(forward_backward(evidence, np.zeros((3, 3)))[0], alone)


def test_chains_refuse_transitions_of_another_shape():
    said = r"Received: evidence of shape \(5, 3\), transitions of shape \(2, 2\)\. Allowed: transitions \(3, 3\)"
    with pytest.raises(ValueError, match=said):
        forward_backward(np.zeros((5, 3)), np.zeros((2, 2)))


# ── grids ───────────────────────────────────────────────────────────────────────────────────────────


def exact_grid(unary, strength):
    """Marginals (rows, columns, labels) by elimination."""
    factors, (rows, columns, k) = grid_factors(unary, strength), unary.shape
    out = np.empty((rows, columns, k))
    for i, j in np.ndindex(rows, columns):
        out[i, j] = elimination(factors, f"{i},{j}").marginal.table
    return out


def all_labellings(shape, k):
    return np.array(list(itertools.product(range(k), repeat=shape[0] * shape[1]))).reshape(-1, *shape)


def test_the_score_is_the_definition_and_elimination_its_enumeration():
    rng = np.random.default_rng(9)
    unary, strength, labels = rng.normal(size=(2, 3, 2)), 0.7, all_labellings((2, 3), 2)
    scores = np.array([grid_score(unary, strength, y) for y in labels])
    y = labels[37]
    same = sum(y[a] == y[b] for a, b in [((0, 0), (0, 1)), ((0, 1), (0, 2)), ((1, 0), (1, 1)), ((1, 1), (1, 2))])
    same += sum(y[0, j] == y[1, j] for j in range(3))
    own = sum(unary[i, j, y[i, j]] for i, j in np.ndindex(2, 3))
    assert scores[37] == pytest.approx(own + strength * same)
    p = np.exp(scores) / np.exp(scores).sum()
    wanted = np.stack([(p[:, None, None] * (labels == v)).sum(0) for v in range(2)], axis=-1)
    np.testing.assert_allclose(exact_grid(unary, strength), wanted)
    np.testing.assert_allclose(grid_score(np.stack([unary, 2 * unary]), 0.0, np.stack([y, y])), [own, 2 * own])


def test_gibbs_comes_near_the_exact_marginals():
    rng = np.random.default_rng(10)
    unary = rng.normal(size=(3, 4, 3))
    got = gibbs(unary, 0.6, np.random.default_rng(0), sweeps=6000)
    np.testing.assert_allclose(got.sum(-1), 1)
    np.testing.assert_allclose(got, exact_grid(unary, 0.6), atol=0.015)


def test_mean_field_is_exact_without_neighbours_and_near_with_weak_ones():
    unary = np.random.default_rng(11).normal(size=(3, 4, 3))
    np.testing.assert_allclose(mean_field(unary, 0.0), exact_grid(unary, 0.0))
    exact = exact_grid(unary, 0.3)
    error = np.abs(mean_field(unary, 0.3) - exact).max()
    assert error < 0.03 < np.abs(mean_field(unary, 0.0) - exact).max()


def test_every_sweep_of_mean_field_raises_its_bound():
    """The expected score plus the entropy of q is at most ln Z, and no update lowers it."""
    rng = np.random.default_rng(12)
    unary, strength = rng.normal(size=(3, 3, 2)), 1.5
    bounds = []
    for sweeps in (1, 2, 3, 5, 9):
        q = mean_field(unary, strength, sweeps)
        same = (q[1:] * q[:-1]).sum() + (q[:, 1:] * q[:, :-1]).sum()
        bounds.append((q * unary).sum() + strength * same - (q * np.log(q)).sum())
    scores = np.array([grid_score(unary, strength, y) for y in all_labellings((3, 3), 2)])
    assert (np.diff(bounds) >= -1e-12).all() and bounds[0] < bounds[-1] <= np.log(np.exp(scores).sum())


@given(st.integers(0, 10**6), st.floats(0, 3))
@settings(max_examples=60, deadline=None)
def test_iterated_conditional_modes_never_go_down_and_end_on_a_hilltop(seed, strength):
    unary = np.random.default_rng(seed).normal(size=(4, 5, 3))
    heights = [grid_score(unary, strength, icm(unary, strength, sweeps)) for sweeps in (1, 2, 4, 30)]
    assert (np.diff([grid_score(unary, strength, unary.argmax(-1)), *heights]) >= -1e-9).all()
    top = icm(unary, strength, 30)
    for i, j in np.ndindex(4, 5):
        for label in range(3):
            other = top.copy()
            other[i, j] = label
            assert grid_score(unary, strength, other) <= heights[-1] + 1e-9


def test_a_hilltop_need_not_be_the_highest():
    rng = np.random.default_rng(13)
    lower = 0
    for _ in range(20):
        unary = rng.normal(size=(3, 4, 2))
        best = most_probable(grid_factors(unary, 1.0))
        y = np.array([[best[f"{i},{j}"] for j in range(4)] for i in range(3)])
        gap = grid_score(unary, 1.0, y) - grid_score(unary, 1.0, icm(unary, 1.0))
        assert gap >= -1e-9
        lower += gap > 1e-6
    assert lower > 0


@pytest.mark.parametrize("way", [icm, mean_field])
def test_grids_do_not_hear_their_neighbours_in_the_batch_and_may_be_turned(way):
    unary = np.random.default_rng(14).normal(size=(5, 3, 3, 4))
    got = way(unary, 0.8)
    for one, wanted in zip(unary, got, strict=True):
        np.testing.assert_allclose(way(one, 0.8), wanted)
    # A chessboard of odd side is its own mirror image, so the order of the updates is the same.
    mirrored = way(unary[:, :, ::-1], 0.8)
    np.testing.assert_allclose(mirrored, got[:, :, ::-1])


def test_a_strong_neighbour_potential_washes_small_things_away():
    unary = np.zeros((7, 7, 2))
    unary[..., 0], unary[3, 3] = 0.5, [0, 2.0]
    assert icm(unary, 0.1)[3, 3] == 1 and mean_field(unary, 0.1)[3, 3].argmax() == 1
    assert icm(unary, 2.0).sum() == 0 and mean_field(unary, 2.0).argmax(-1).sum() == 0


def test_the_weights_of_a_grid_are_found_again():
    """Draw pictures from a known field, learn, and compare."""
    rng = np.random.default_rng(15)
    features = rng.normal(size=(60, 10, 10, 3, 2))
    drawn = []
    for f in features:
        unary = f @ [1.0, -0.5]
        y = unary.argmax(-1)
        for _ in range(30):  # Gibbs, by plain loops
            for i, j in np.ndindex(10, 10):
                score = unary[i, j].copy()
                for a, b in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
                    if 0 <= a < 10 and 0 <= b < 10:
                        score[y[a, b]] += 0.6
                p = np.exp(score - score.max())
                y[i, j] = (rng.random() >= np.cumsum(p / p.sum())[:-1]).sum()
        drawn.append(y)
    weights, strength = learn_grid(np.array(drawn), features)
    np.testing.assert_allclose([*weights, strength], [1.0, -0.5, 0.6], atol=0.06)


def test_weights_are_found_where_a_plain_newton_step_overshoots():
    """Rare labels and a feature that nearly decides them: the summit is far out, and known by counting."""
    rng = np.random.default_rng(17)
    named = rng.random((40, 1, 1, 6)) < 0.3
    colour = np.argmax(named + 0.01 * rng.random(named.shape), axis=-1) + 1
    labels = np.where(rng.random((40, 16, 16)) < 0.06, colour, 0)
    labels[0, 0, 0] = 1 + np.argmin(named[0])  # one region that nobody named
    features = np.zeros((40, 1, 1, 7, 2))
    features[..., 0, 0] = 1
    features[..., 1:, 1] = named
    weights, _ = learn_grid(labels, features, neighbours=False, penalty=1e-9)
    x = np.broadcast_to(features, (40, 16, 16, 7, 2))
    p = np.exp(x @ weights)
    p /= p.sum(-1, keepdims=True)
    observed = np.take_along_axis(x, labels[..., None, None], axis=3).mean((0, 1, 2, 3))
    np.testing.assert_allclose((p[..., None] * x).sum(3).mean((0, 1, 2)), observed, atol=1e-6)


def test_without_neighbours_the_weights_are_those_of_single_cells():
    """One feature, the background: then the weight is the logarithm of the odds, counted."""
    labels = np.random.default_rng(16).choice(3, size=(4, 6, 5), p=[0.7, 0.2, 0.1])
    features = np.zeros((1, 1, 1, 3, 1))
    features[..., 0, 0] = 1
    weights, strength = learn_grid(labels, features, neighbours=False, penalty=1e-9)
    share = (labels == 0).mean()
    assert strength == 0 and weights[0] == pytest.approx(np.log(share / ((1 - share) / 2)), abs=1e-5)


def test_a_grid_needs_three_axes():
    for way in (icm, mean_field):
        with pytest.raises(ValueError, match=r"Received: unary of shape \(3, 3\)\. Allowed: 3 axes or more"):
            way(np.zeros((3, 3)), 1.0)
