"""Pair features, the linear ranker, and search in two stages."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.metrics import ndcg, ranks
from mmcourse.ranking import RankSVM, interaction_features, pair_differences, rerank

RNG = np.random.default_rng(0)


def rows(seed, queries=6, each=5, f=4, grades=4):
    """A ranking problem whose relevance depends on the features, rows in no order."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(queries * each, f))
    q = np.repeat(np.arange(queries), each)
    hidden = x @ np.linspace(1, -1, f) + 0.3 * rng.normal(size=len(x)) + 5 * rng.normal(size=queries)[q]
    places = np.argsort(np.argsort(hidden.reshape(queries, each), axis=1), axis=1).ravel()
    order = rng.permutation(len(x))
    return x[order], np.minimum(places, grades - 1)[order], q[order]


# ── features ────────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 999))
def test_interaction_features_equal_loops(n, d, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, n, d)) + 0.01
    found = interaction_features(a, b)
    assert found.shape == (n, 2 * d + 1) and found.dtype == np.float32
    for row, x, y in zip(found, a, b, strict=True):
        x, y = x / np.sqrt((x * x).sum()), y / np.sqrt((y * y).sum())
        np.testing.assert_allclose(row, [*(x * y), *abs(x - y), x @ y], atol=1e-5)
    np.testing.assert_allclose(interaction_features(3 * a, b / 7), found, atol=1e-5)
    np.testing.assert_array_equal(interaction_features(b, a), found)
    all_pairs = interaction_features(a[:, None], b[None])
    np.testing.assert_array_equal(all_pairs[np.arange(n), np.arange(n)], found)


def test_features_refuse_what_has_no_direction():
    with pytest.raises(ValueError, match="a vector of zeros"):
        interaction_features(np.zeros((2, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"query of shape \(1, 3\), 3 of them NaN"):
        interaction_features(np.full((1, 3), np.nan), np.ones((1, 3)))
    with pytest.raises(ValueError, match="same last axis"):
        interaction_features(np.ones((2, 3)), np.ones((2, 4)))


# ── pairs ───────────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(st.integers(0, 999))
def test_pair_differences_are_all_pairs_of_a_query_and_no_other(seed):
    x, r, q = rows(seed, queries=3, each=3, grades=2)
    found, target = pair_differences(x, r, q)
    wanted = [x[i] - x[j] for i, j in itertools.permutations(range(len(x)), 2) if q[i] == q[j] and r[i] > r[j]]
    half = len(found) // 2
    assert len(wanted) == half > 0
    np.testing.assert_array_equal(target, [1] * half + [-1] * half)
    np.testing.assert_array_equal(found[half:], -found[:half])
    for one in wanted:
        assert (np.abs(found[:half] - one).max(axis=1) < 1e-12).sum() == 1


def test_svm_minimises_its_own_objective_and_orders():
    """An independent oracle: the objective's gradient, written out, is zero at the weights."""
    x, r, q = rows(1, queries=20)
    ranker = RankSVM(C=0.3).fit(x, r, q)
    w, deviation = ranker.weights * x.std(axis=0), x.std(axis=0)
    gradient = w.copy()
    scale = 0.0
    for i, j in itertools.permutations(range(len(x)), 2):
        if q[i] == q[j] and r[i] > r[j]:
            d = (x[i] - x[j]) / deviation
            short = max(0.0, 1 - w @ d)
            gradient -= 2 * 2 * 0.3 * short * d  # squared hinge; each pair in both directions
            scale += 4 * 0.3 * short * np.abs(d).max()
    assert np.abs(gradient).max() < 1e-3 * scale
    new, r2, q2 = rows(2, queries=30)
    table = ranker.score(new[np.argsort(q2, kind="stable")]).reshape(30, 5)
    relevance = r2[np.argsort(q2, kind="stable")].reshape(30, 5)
    assert ndcg(table, relevance) > 0.9 > ndcg(RNG.normal(size=(30, 5)), relevance)


def test_svm_rows_in_any_order_and_features_in_any_units():
    x, r, q = rows(3, queries=12)
    for most in (200_000, 20):
        first = RankSVM(most=most, seed=4).fit(x, r, q)
        order = RNG.permutation(len(x))
        np.testing.assert_array_equal(
            first.weights, RankSVM(most=most, seed=4).fit(x[order], r[order], q[order]).weights
        )
        units = np.array([1.0, 1e3, 1e-3, 7.0])
        other = RankSVM(most=200_000).fit(x * units, r, q)
        np.testing.assert_allclose(other.score(x * units), RankSVM().fit(x, r, q).score(x), rtol=1e-3, atol=1e-4)
    shifted = x + 100 * RNG.normal(size=12)[q][:, None]  # the same for all rows of a query: it cancels
    a, b = pair_differences(x, r, q)[0], pair_differences(shifted, r, q)[0]
    np.testing.assert_allclose(np.sort(a, axis=0), np.sort(b, axis=0), atol=1e-9)
    assert not np.array_equal(
        RankSVM(most=20, seed=1).fit(x, r, q).weights, RankSVM(most=20, seed=2).fit(x, r, q).weights
    )


def test_svm_of_a_part_is_that_of_the_pairs_drawn():
    """In either direction, and as many as asked for; the features' units are still those of all rows."""
    from sklearn.svm import LinearSVC

    x, r, q = rows(5, queries=12)
    pairs = pair_differences(x, r, q)[0]
    half, deviation = len(pairs) // 2, x.std(axis=0)
    for most in (7, half - 1):
        kept = np.random.default_rng(3).choice(half, most, replace=False)
        both = np.concatenate([pairs[kept], -pairs[kept]])
        oracle = LinearSVC(C=0.5, fit_intercept=False, dual=False, tol=1e-8)
        wanted = oracle.fit(both / deviation, np.repeat([1, -1], most)).coef_[0] / deviation
        np.testing.assert_allclose(RankSVM(0.5, most, seed=3).fit(x, r, q).weights, wanted, rtol=1e-3, atol=1e-4)
    whole = RankSVM().fit(x, r, q).weights
    np.testing.assert_array_equal(RankSVM(1.0, half).fit(x, r, q).weights, whole)  # not more than there are
    assert np.abs(RankSVM(0.5).fit(x, r, q).weights - whole).max() > 1e-3
    assert np.isfinite(RankSVM(most=1).fit(x, r, q).weights).all()


def test_a_feature_that_never_changes_weighs_nothing():
    x, r, q = rows(6)
    constant = np.concatenate([x, np.full((len(x), 1), 7.0)], axis=1)
    found = RankSVM().fit(constant, r, q).weights
    assert found[-1] == 0
    np.testing.assert_allclose(found[:-1], RankSVM().fit(x, r, q).weights, rtol=1e-3, atol=1e-4)
    assert RankSVM().most == 200_000  # enough for the book's problems: nothing is left out there


def test_side_by_side_ranks_alike_for_every_query():
    """Erratum 43: w·[q; v] = w₁·q + w₂·v, and for one query the first part is constant."""
    a, b = RNG.normal(size=(8, 3)), RNG.normal(size=(9, 3))
    relevance = (a @ b.T > 0.5).astype(int)
    q = np.repeat(np.arange(8), 9)
    both = np.concatenate([np.repeat(a, 9, axis=0), np.tile(b, (8, 1))], axis=1)
    apart = RankSVM().fit(both, relevance.ravel(), q).score(both).reshape(8, 9)
    assert (np.argsort(apart, axis=1) == np.argsort(apart[0])).all()
    crossed = interaction_features(a[:, None], b[None])
    table = RankSVM().fit(crossed.reshape(72, -1), relevance.ravel(), q).score(crossed)
    assert len({tuple(np.argsort(row)) for row in table}) > 4
    assert ndcg(table, relevance) > ndcg(apart, relevance) + 0.1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x, r, q: (x[:-1], r, q), "Allowed: \\(n, f\\)"),
        (lambda x, r, q: (x, r - 1, q), "relevance of -1"),
        (lambda x, r, q: (x * np.nan, r, q), "not finite"),
        (lambda x, r, q: (x, 0 * r, q), "different relevance"),
        (lambda x, r, q: (x, r, np.arange(len(x))), "different relevance"),
    ],
)
def test_svm_says_what_is_wrong(change, message):
    with pytest.raises(ValueError, match=message):
        RankSVM().fit(*change(*rows(0)))
    with pytest.raises(RuntimeError, match="not been fitted"):
        RankSVM().score(np.ones((2, 4)))
    with pytest.raises(ValueError, match=r"Received: C=0\. Allowed: above 0"):
        RankSVM(C=0)
    with pytest.raises(ValueError, match=r"Received: most=0\."):
        RankSVM(most=0)


# ── two stages ──────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 7), st.integers(1, 8), st.integers(0, 999))
def test_rerank_equals_sorted_lists(n, m, k, seed):
    rng = np.random.default_rng(seed)
    similarity, second = rng.integers(0, 4, (2, n, m)).astype("float64")  # many ties
    places, pairs = rerank(similarity, lambda i, j: second[i, j], k)
    for i in range(n):
        bar = sorted(similarity[i], reverse=True)[min(k, m) - 1]
        candidates = [j for j in range(m) if similarity[i, j] >= bar]
        assert pairs[i] == len(candidates) >= min(k, m)
        keys = [(1, second[i, j]) if j in candidates else (0, similarity[i, j]) for j in range(m)]
        for a, b in itertools.product(range(m), repeat=2):
            assert (places[i, a] > places[i, b]) == (keys[a] > keys[b])  # order and ties alike


def test_rerank_knows_its_ends_and_asks_once_for_each_pair():
    similarity, second = RNG.normal(size=(2, 5, 9))
    asked = []

    def scorer(i, j):
        asked.extend(zip(i.tolist(), j.tolist(), strict=True))
        return second[i, j]

    right = RNG.random((5, 9)) < 0.3
    right[:, 0] = True
    everything, pairs = rerank(similarity, scorer, 9)
    assert len(asked) == len(set(asked)) == 45 and (pairs == 9).all()
    np.testing.assert_array_equal(ranks(everything, right), ranks(second, right))
    np.testing.assert_array_equal(rerank(similarity, scorer, 99)[0], everything)
    first, pairs = rerank(similarity, scorer, 1)
    assert (pairs == 1).all()
    np.testing.assert_array_equal(ranks(first, right), ranks(similarity, right))


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(0, 999))
def test_order_of_items_and_queries_changes_no_place(k, seed):
    rng = np.random.default_rng(seed)
    similarity, second = rng.integers(0, 3, (2, 4, 6)).astype("float64")
    places = rerank(similarity, lambda i, j: second[i, j], k)[0]
    rows_, columns = rng.permutation(4), rng.permutation(6)
    moved = np.ix_(rows_, columns)
    np.testing.assert_array_equal(rerank(similarity[moved], lambda i, j: second[moved][i, j], k)[0], places[moved])


def test_a_constant_scorer_gains_nothing():
    """Erratum 44: equal scores stay equal, so a right answer gets the last place of its candidates."""
    similarity = np.arange(6.0)[::-1][None]
    right = np.eye(6, dtype=bool)[:1]
    places, _ = rerank(similarity, lambda i, j: np.zeros(len(i)), 4)
    assert ranks(similarity, right)[0] == 1 and ranks(places, right)[0] == 4


def test_rerank_says_what_is_wrong():
    for similarity, k, message in (
        (np.ones(3), 1, "queries, items"), (np.full((1, 2), np.nan), 1, "NaN"), (np.ones((1, 2)), 0, "k=0"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            rerank(similarity, lambda i, j: np.zeros(len(i)), k)
    with pytest.raises(ValueError, match="one number for each of 2 pairs"):
        rerank(np.ones((1, 2)), lambda i, j: np.zeros(3), 1)
