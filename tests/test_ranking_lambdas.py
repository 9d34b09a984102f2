"""The lambda gradient against numeric derivatives and LightGBM's own, and the trees that follow it."""

import itertools
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import oracle

from mmcourse.metrics import ndcg
from mmcourse.ranking import LambdaRank, lambda_gradient, swap_gains

RNG = np.random.default_rng(0)
lists = st.tuples(st.integers(1, 7), st.integers(0, 999), st.booleans())


def drawn(n, seed, ties=False):
    rng = np.random.default_rng(seed)
    scores = rng.integers(-1, 2, n).astype("float64") if ties else rng.normal(size=n)
    return scores, rng.integers(0, 4, n)


def numeric(scores, relevance, sigma, weights, step=1e-4):
    """First and second derivatives, by differences, of the pair loss with its weights frozen."""

    def loss(s):
        total = 0.0
        for i, j in itertools.permutations(range(len(s)), 2):
            if relevance[i] > relevance[j]:
                total += weights[i, j] * np.log(1 + np.exp(-sigma * (s[i] - s[j])))
        return total

    first, second = np.zeros(len(scores)), np.zeros(len(scores))
    for i in range(len(scores)):
        e = np.zeros(len(scores))
        e[i] = step
        first[i] = (loss(scores + e) - loss(scores - e)) / (2 * step)
        second[i] = (loss(scores + e) - 2 * loss(scores) + loss(scores - e)) / step**2
    return first, second


@settings(deadline=None)
@given(lists, st.sampled_from([0.5, 1.0, 2.0]), st.sampled_from([None, 1, 3]))
def test_gradient_equals_the_numeric_one_with_frozen_weights(size, sigma, k):
    scores, relevance = drawn(*size)
    first, second = lambda_gradient(scores, relevance, sigma, k)
    wanted = numeric(scores, relevance, sigma, swap_gains(scores, relevance, k))
    np.testing.assert_allclose(first, wanted[0], atol=1e-6)
    np.testing.assert_allclose(second, wanted[1], atol=1e-5)


@settings(deadline=None)
@given(lists, st.sampled_from([None, 1, 3]))
def test_swap_gains_equal_ndcg_before_and_after(size, k):
    """Without ties: exchange the scores of two items, and measure."""
    n, seed, _ = size
    scores, relevance = drawn(n, seed)
    weights = swap_gains(scores, relevance, k)
    for i, j in itertools.product(range(n), repeat=2):
        if not relevance.any():
            assert weights[i, j] == 0
            continue
        swapped = scores.copy()
        swapped[[i, j]] = scores[[j, i]]
        change = ndcg(swapped[None], relevance[None], k) - ndcg(scores[None], relevance[None], k)
        assert weights[i, j] == pytest.approx(abs(change), abs=1e-12)


@settings(deadline=None)
@given(lists, st.sampled_from([None, 2]))
def test_order_of_rows_moves_with_the_gradient(size, k):
    scores, relevance = drawn(*size)
    order = np.random.default_rng(1).permutation(len(scores))
    for one, other in zip(
        lambda_gradient(scores, relevance, k=k), lambda_gradient(scores[order], relevance[order], k=k), strict=True
    ):
        np.testing.assert_allclose(one[order], other, atol=1e-12)
    for i, j in itertools.product(range(len(scores)), repeat=2):
        if scores[i] == scores[j] and relevance[i] == relevance[j]:
            assert lambda_gradient(scores, relevance, k=k)[0][[i, j]].std() < 1e-12
    shifted = lambda_gradient(scores + 5, relevance, k=k)[0]
    np.testing.assert_allclose(shifted, lambda_gradient(scores, relevance, k=k)[0], atol=1e-9)


def test_equals_share_the_mean_of_their_discounts():
    """Two relevant items with one score: places 1 and 2, each worth the mean of both; the third stands at 3."""
    second, third = 1 / np.log2(3), 1 / 2
    mean, ideal = (1 + second) / 2, 1 + second
    wanted = abs(mean - third) / ideal
    weights = swap_gains([1.0, 1.0, 0.0], [1, 1, 0])
    np.testing.assert_allclose(weights, [[0, 0, wanted], [0, 0, wanted], [wanted, wanted, 0]], atol=1e-12)
    # Of equal scores the least relevant stands first, and beyond place k nothing is counted.
    np.testing.assert_allclose(swap_gains([1.0, 1.0], [1, 0])[0, 1], (1 - second) / 1, atol=1e-12)
    np.testing.assert_allclose(swap_gains([2.0, 1.0, 0.0], [0, 1, 2], k=1)[0], [0, 1 / 2, 1], atol=1e-12)


def test_signs_sums_and_far_scores():
    scores, relevance = np.array([0.0, 1.0, 2.0]), np.array([2, 0, 1])
    first, second = lambda_gradient(scores, relevance)
    assert first[0] < 0 < first[1] and (second >= 0).all() and abs(first.sum()) < 1e-12
    assert ndcg((scores - 20 * first)[None], relevance[None]) > ndcg(scores[None], relevance[None])
    for far in ([1e4, -1e4, 0.0], [-1e4, 1e4, 0.0]):
        assert all(np.isfinite(part).all() for part in lambda_gradient(far, relevance))
    assert not lambda_gradient([1.0, 2.0], [1, 1])[0].any() and not lambda_gradient([1.0, 2.0], [0, 0])[0].any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0], [1, 2]), r"shapes \(1,\) and \(2,\)"), (([[1.0]], [[1]]), r"shapes \(1, 1\) and \(1, 1\)"),
        (([np.nan, 1.0], [1, 1]), "a score that is not finite"), (([1.0, 2.0], [-1, 1]), "a negative relevance"),
        (([1.0, 2.0], [1, np.inf]), "a negative relevance. Allowed: finite"),
        (([1.0], [1], 0), "sigma=0"), (([1.0], [1], 1, 0), "k=0"), (([1.0], [1], 1, 0.5), r"k=0\.5"),
    ],
)  # fmt: skip
def test_lambda_says_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        lambda_gradient(*arguments)


# ── LightGBM ────────────────────────────────────────────────────────────────────────────────────────


def one_step(scores, relevance, **changed):
    """What one tree with a leaf for nearly every row adds: minus gradient / second of each leaf, LightGBM's own."""
    lightgbm = oracle("lightgbm")
    n = len(scores)
    settings_ = {
        "objective": "lambdarank", "label_gain": [0, 1, 2, 3], "lambdarank_norm": False, "sigmoid": 1.0,
        "lambdarank_truncation_level": n, "num_leaves": n, "learning_rate": 1.0, "min_sum_hessian_in_leaf": 0.0,
        "num_threads": 1, "deterministic": True, "force_row_wise": True, "verbosity": -1,
    } | changed  # fmt: skip
    own = {"min_data_in_bin": 1, "min_data_in_leaf": 0, "verbosity": -1, "feature_pre_filter": False}
    x = np.arange(n, dtype="float64")[:, None]
    data = lightgbm.Dataset(x, relevance, group=[n], init_score=scores, params=own)
    return lightgbm.train(settings_ | own, data, 1).predict(x)


def of_leaves(step, first, second):
    """Minus gradient / second of the rows that share a leaf, and how many leaves there are."""
    _, leaf = np.unique(step, return_inverse=True)
    return (-np.bincount(leaf, first) / np.bincount(leaf, second))[leaf], leaf.max() + 1


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("seed", range(5))
def test_lightgbm_has_the_same_lambdas(seed, sigma):
    scores, relevance = drawn(12, seed)
    relevance[:2] = (0, 3)
    first, second = lambda_gradient(scores, relevance, sigma)
    step = one_step(scores, relevance, sigmoid=sigma)
    wanted, leaves = of_leaves(step, first, second)
    assert leaves >= 6
    np.testing.assert_allclose(step, wanted, rtol=2e-3, atol=2e-3)  # LightGBM looks the sigmoid up in a table


@pytest.mark.parametrize("seed", range(3))
def test_how_lightgbm_s_own_settings_differ(seed):
    """Its norm divides a pair by 0.01 + |sᵢ - sⱼ|; its truncation leaves pairs out, and keeps the discounts."""
    scores, relevance = drawn(12, seed)
    relevance[:2] = (0, 3)
    place = np.argsort(np.argsort(-scores))
    weight = np.where(np.subtract.outer(relevance, relevance) > 0, swap_gains(scores, relevance), 0)
    apart = np.subtract.outer(scores, scores)
    for changed, factor in (
        ({"lambdarank_norm": True}, 1 / (0.01 + np.abs(apart))),
        ({"lambdarank_truncation_level": 4}, np.minimum.outer(place, place) < 4),
    ):
        pairs = weight * factor
        if "lambdarank_truncation_level" in changed:  # the ideal list is cut there, too
            best = np.sort(relevance)[::-1] / np.log2(np.arange(12) + 2)
            pairs = pairs * best.sum() / best[:4].sum()
        wrong = 1 / (1 + np.exp(apart))
        push, bend = pairs * wrong, pairs * wrong * (1 - wrong)
        first, second = push.sum(0) - push.sum(1), bend.sum(0) + bend.sum(1)
        step = one_step(scores, relevance, **changed)
        live = second > 0
        wanted, leaves = of_leaves(step, first, second)
        assert leaves >= 4
        np.testing.assert_allclose(step[live], wanted[live], rtol=2e-3, atol=2e-3)
        plain = lambda_gradient(scores, relevance)
        assert np.abs(step - of_leaves(step, *plain)[0]).max() > 0.02


def problem(seed, queries=30, each=12):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(queries, each, 3)).round(1)  # rows that are alike occur
    relevance = np.clip(np.floor(x[..., 0] * x[..., 1] + 1 + 0.3 * rng.normal(size=(queries, each))), 0, 3)
    return x, relevance, np.repeat(np.arange(queries), each)


def test_trees_learn_what_no_line_can():
    oracle("lightgbm")
    x, relevance, queries = problem(0, queries=60)
    trees = LambdaRank(trees=60, smallest=5).fit(x.reshape(-1, 3), relevance.ravel(), queries)
    new, truth, _ = problem(1)
    assert ndcg(trees.score(new), truth) > ndcg(new @ [1.0, 1.0, 0.0], truth) + 0.05


def test_order_of_rows_changes_no_prediction():
    """Erratum 44, and what it guards against: bare LightGBM does not give the same twice."""
    lightgbm = oracle("lightgbm")
    x, relevance, queries = problem(2)
    x, relevance = x.reshape(-1, 3), relevance.ravel()
    wanted = LambdaRank(trees=20, smallest=5).fit(x, relevance, queries).score(x)
    orders = [RNG.permutation(len(x)), np.lexsort((-relevance, queries)), np.lexsort((relevance, queries))]
    for order in orders:
        again = LambdaRank(trees=20, smallest=5).fit(x[order], relevance[order], queries[order])
        np.testing.assert_array_equal(again.score(x), wanted)
    bare = []
    for order in orders[1:]:
        data = lightgbm.Dataset(x[order], relevance[order], group=np.bincount(queries), params={"verbosity": -1})
        ranker = lightgbm.train(LambdaRank(smallest=5).settings | {"label_gain": [0, 1, 2, 3]}, data, 20)
        bare.append(ranker.predict(x))
    assert np.abs(bare[0] - bare[1]).max() > 0.01


def test_trees_are_grown_as_is_said_and_in_silence(capfd):
    oracle("lightgbm")
    x, relevance, queries = problem(4)
    ranker = LambdaRank(trees=3)
    ranker.fit(x.reshape(-1, 3), relevance.ravel(), queries).score(x)
    assert capfd.readouterr() == ("", "")
    assert ranker.booster.num_trees() == 3
    wanted = {
        "objective": "lambdarank", "num_leaves": 15, "learning_rate": 0.1, "min_data_in_leaf": 20,
        "lambdarank_truncation_level": 30, "lambdarank_norm": True,
        # One thread and one order of sums: without them two machines grow two forests.
        "deterministic": True, "force_row_wise": True, "num_threads": 1, "seed": 0, "verbosity": -1,
    }  # fmt: skip
    assert ranker.settings == wanted and LambdaRank(options={"num_threads": 2}).settings["num_threads"] == 2
    assert LambdaRank().trees == 100


def test_trees_say_what_is_wrong():
    oracle("lightgbm")
    x, relevance, queries = problem(3)
    with pytest.raises(ValueError, match="whole grades"):
        LambdaRank().fit(x.reshape(-1, 3), relevance.ravel() + 0.5, queries)
    with pytest.raises(RuntimeError, match="not been fitted"):
        LambdaRank().score(x)


def test_without_lightgbm_the_error_says_what_to_install(monkeypatch):
    x, relevance, queries = problem(3)
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(ImportError, match="pip install lightgbm"):
        LambdaRank().fit(x.reshape(-1, 3), relevance.ravel(), queries)
