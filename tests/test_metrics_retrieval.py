"""Scores of search: against loops, scikit-learn and sampling, on inputs full of ties."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from mmcourse.metrics import (
    chance_recall_at_k,
    mean_average_precision,
    median_rank,
    mrr,
    ndcg,
    ranks,
    recall_at_k,
    retrieval_scores,
)


def drawn(seed, n=7, m=9, levels=4, share=0.3):
    """A table with many ties (``levels`` different similarities), and a map with a right answer in each row."""
    rng = np.random.default_rng(seed)
    positives = rng.random((n, m)) < share
    positives[np.arange(n), rng.integers(0, m, n)] = True
    return rng.integers(0, levels, (n, m)).astype("float32"), positives


tables = st.builds(
    drawn, st.integers(0, 9999), st.integers(1, 6), st.integers(1, 8), st.integers(1, 5), st.floats(0, 1)
)


def rank_by_walking(row, right):
    """Walk down the list, wrong before right where similarities are equal, until the first right one."""
    order = sorted(range(len(row)), key=lambda j: (-row[j], right[j]))
    return 1 + next(place for place, j in enumerate(order) if right[j])


@settings(deadline=None)
@given(tables)
def test_ranks_equal_a_walk_down_the_list(table):
    similarity, positives = table
    wanted = [rank_by_walking(list(s), list(p)) for s, p in zip(similarity, positives, strict=True)]
    assert ranks(similarity, positives).tolist() == wanted


@settings(deadline=None)
@given(tables, st.integers(0, 99))
def test_the_order_of_items_and_queries_changes_nothing(table, seed):
    similarity, positives = table
    rng = np.random.default_rng(seed)
    rows, columns = (rng.permutation(size) for size in similarity.shape)
    moved = similarity[rows][:, columns], positives[rows][:, columns]
    np.testing.assert_array_equal(ranks(*moved), ranks(similarity, positives)[rows])
    before, after = retrieval_scores(similarity, positives), retrieval_scores(*moved)
    assert before == pytest.approx(after)
    assert ndcg(*moved, k=3) == pytest.approx(ndcg(similarity, positives, k=3))


@settings(deadline=None)
@given(tables)
def test_average_precision_equals_that_of_scikit_learn(table):
    similarity, positives = table
    wanted = [average_precision_score(p, s) for s, p in zip(similarity, positives, strict=True)]
    assert mean_average_precision(similarity, positives) == pytest.approx(np.mean(wanted))


@settings(deadline=None)
@given(st.integers(0, 9999), st.sampled_from([None, 1, 3, 20]))
def test_ndcg_equals_that_of_scikit_learn_where_nothing_ties(seed, k):
    rng = np.random.default_rng(seed)
    similarity = rng.permuted(np.tile(np.arange(9.0), (5, 1)), axis=1)
    relevance = rng.integers(0, 4, (5, 9)) + np.eye(5, 9)
    assert ndcg(similarity, relevance, k) == pytest.approx(ndcg_score(relevance, similarity, k=k))


@settings(deadline=None)
@given(tables, st.sampled_from([None, 1, 2, 5]))
def test_ndcg_of_ties_is_the_worst_of_all_their_orders(table, k):
    similarity, positives = table
    worst = np.ones(len(similarity))
    rng = np.random.default_rng(0)
    for _ in range(60):  # a tie broken at random is never worse
        jitter = similarity + rng.uniform(0, 0.5, similarity.shape)
        broken = [ndcg(j[None], p[None], k) for j, p in zip(jitter, positives, strict=True)]
        worst = np.minimum(worst, broken)
    assert ndcg(similarity, positives, k) <= worst.mean() + 1e-9
    right_last = similarity - 0.5 * positives
    assert ndcg(similarity, positives, k) == pytest.approx(ndcg(right_last, positives, k))


@settings(deadline=None)
@given(st.integers(0, 9999), st.integers(1, 3), st.sampled_from([None, 1, 2, 5]))
def test_ndcg_of_ties_by_lot_is_the_mean_of_all_their_orders(seed, levels, k):
    similarity, _ = drawn(seed, n=3, m=5, levels=levels)
    relevance = np.random.default_rng(seed).integers(0, 3, (3, 5)) + np.eye(3, 5)
    jitters = [similarity + 0.1 * np.array(order) for order in itertools.permutations(range(5))]
    wanted = np.mean([ndcg(one, relevance, k) for one in jitters])
    assert ndcg(similarity, relevance, k, ties="lot") == pytest.approx(wanted)


def test_a_known_case():
    similarity = np.array([[0.9, 0.9, 0.1, 0.5], [0.2, 0.8, 0.4, 0.3]])
    positives = np.array([[True, False, True, False], [False, False, True, True]])
    found = ranks(similarity, positives)
    assert found.tolist() == [2, 2]  # the tie at 0.9 counts against the right one
    assert recall_at_k(found, 1) == 0 and recall_at_k(found, 2) == 1
    assert median_rank(found) == 2 and mrr(found) == 0.5
    precisions = [(1 / 2 + 2 / 4) / 2, (1 / 2 + 2 / 3) / 2]
    assert mean_average_precision(similarity, positives) == pytest.approx(np.mean(precisions))
    ideal = 1 + 1 / math.log2(3)
    gains = [(1 / math.log2(3) + 1 / math.log2(5)) / ideal, (1 / math.log2(3) + 1 / 2) / ideal]
    assert ndcg(similarity, positives) == pytest.approx(np.mean(gains))


def test_a_query_to_which_nothing_is_relevant_is_left_out_of_ndcg():
    similarity, relevance = np.array([[1.0, 2.0], [1.0, 2.0]]), np.array([[1, 0], [0, 0]])
    assert ndcg(similarity, relevance) == ndcg(similarity[:1], relevance[:1]) == pytest.approx(1 / math.log2(3))


def test_a_model_that_finds_all_equal_is_last():
    positives = np.eye(6, dtype=bool)
    assert ranks(np.zeros((6, 6)), positives).tolist() == [6] * 6  # and not 1, wherever the right one stands
    assert retrieval_scores(np.zeros((6, 6)), positives)["R@5"] == 0
    nearly = 1e-7 * np.random.default_rng(0).random((6, 6))
    assert ranks(nearly, positives, tolerance=1e-6).tolist() == [6] * 6
    assert ranks(nearly, positives).tolist() != [6] * 6


def test_the_scores_of_papers_are_these_and_ties_are_exact_unless_said():
    """The median is the median, also between two ranks and where a few queries fail badly."""
    assert median_rank([1, 2, 3, 50]) == 2.5 and median_rank([1, 2, 90]) == 2 and mrr([1, 2, 4, 4]) == 0.5
    positives = np.eye(12, dtype=bool)
    similarity = positives + np.tile(np.arange(12) * 1e-7, (12, 1))
    similarity[0, 0] = 0  # the last of all
    scores = retrieval_scores(similarity, positives)
    assert list(scores) == ["R@1", "R@5", "R@10", "median rank", "MRR", "mAP"]
    assert [scores[f"R@{k}"] for k in (1, 5, 10)] == [pytest.approx(11 / 12)] * 3 and scores["median rank"] == 1
    assert scores["MRR"] == pytest.approx((11 + 1 / 12) / 12)
    nearly = np.where(positives, 1e-7, 0.0)  # right by less than the last digit of a cosine
    assert (ranks(nearly, positives) == 1).all() and retrieval_scores(nearly, positives)["R@1"] == 1
    assert retrieval_scores(nearly, positives, ks=(3,), tolerance=1e-6)["R@3"] == 0


def test_chance_is_what_random_orders_reach():
    rng = np.random.default_rng(0)
    _, positives = drawn(3, n=5, m=8)
    orders = [rng.permuted(np.tile(np.arange(8), (5, 1)), axis=1) for _ in range(4000)]
    for k in (1, 3, 8, 20):
        hits = [recall_at_k(ranks(order, positives), k) for order in orders]
        assert chance_recall_at_k(positives, k) == pytest.approx(np.mean(hits), abs=0.02)
    assert chance_recall_at_k(np.eye(1000, dtype=bool), 10) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ranks(np.zeros((2, 3)), np.ones((3, 2), bool)), r"shape \(3, 2\).*Allowed: bool \(2, 3\)"),
        (lambda: ranks(np.zeros((2, 3)), np.ones((2, 3))), r"positives of shape \(2, 3\) and type float64"),
        (lambda: ranks(np.full((1, 2), np.nan), np.ones((1, 2), bool)), "similarity that is NaN"),
        (lambda: ranks(np.zeros((0, 3)), np.ones((0, 3), bool)), r"similarity of shape \(0, 3\)"),
        (lambda: ranks(np.zeros((2, 2)), np.array([[True, False], [False, False]])), "none for 1, the first 1"),
        (lambda: ranks(np.zeros(3), np.ones(3, bool)), "Allowed: .queries, items"),
        (lambda: recall_at_k([1, 2], 0), "k=0"),
        (lambda: recall_at_k([0, 2], 1), "all from 1"),
        (lambda: median_rank([]), r"ranks of shape \(0,\)"),
        (lambda: mrr([[1]]), r"ranks of shape \(1, 1\)"),
        (lambda: ndcg(np.zeros((1, 2)), [[-1, 0]]), r"relevance of shape \(1, 2\), smallest -1\.0"),
        (lambda: ndcg(np.zeros((1, 2)), [[1]]), r"relevance of shape \(1, 1\), smallest 0"),
        (lambda: ndcg(np.zeros((1, 2)), [[1, 0]], k=0), "k=0"),
        (lambda: ndcg(np.zeros((1, 2)), [[0, 0]]), "Nothing is relevant"),
        (lambda: ndcg(np.zeros((1, 2)), [[1, 0]], ties="first"), "ties='first'.*'last', 'lot'"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, said):
    with pytest.raises(ValueError, match=said):
        call()
