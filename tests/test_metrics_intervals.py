"""The bootstrap of a mean: against the normal interval where that holds, and with examples that belong together."""

import numpy as np
import pytest

from mmcourse.metrics import mean_interval


def test_it_is_the_normal_interval_where_examples_are_many():
    values = np.random.default_rng(0).normal(3, 2, 2000)
    half = 1.96 * values.std() / np.sqrt(len(values))
    low, high = mean_interval(values, resamples=4000)
    assert low == pytest.approx(values.mean() - half, abs=0.01)
    assert high == pytest.approx(values.mean() + half, abs=0.01)
    wider = mean_interval(values, resamples=4000, level=0.99)
    assert wider[0] < low < high < wider[1]


def test_it_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(1)
    ends = [mean_interval(rng.random(60) < 0.3, resamples=300, seed=i) for i in range(300)]
    assert 0.9 < np.mean([low <= 0.3 <= high for low, high in ends]) < 0.99


def test_copies_of_an_example_are_no_further_witnesses():
    values = np.random.default_rng(0).random(50)
    five, who = np.repeat(values, 5), np.repeat(np.arange(50), 5)
    assert mean_interval(five, who) == pytest.approx(mean_interval(values))
    naive, honest = np.ptp(mean_interval(five)), np.ptp(mean_interval(five, who))
    assert naive < 0.6 * honest
    shuffled = np.random.default_rng(2).permutation(250)
    assert mean_interval(five[shuffled], who[shuffled]) == pytest.approx(mean_interval(values))


def test_groups_of_unequal_size_weigh_by_their_examples():
    low, high = mean_interval([1, 1, 1, 0], ["a", "a", "a", "b"], resamples=2000)
    assert (low, high) == (0, 1)
    assert mean_interval([1, 1], [0, 1]) == (1, 1)


@pytest.mark.parametrize(
    "bad, message",
    [
        (lambda: mean_interval([]), r"Received: values of shape \(0,\), empty\. Allowed: one or more"),
        (lambda: mean_interval([[1]]), r"Received: values of shape \(1, 1\)\."),
        (lambda: mean_interval([1], [1, 2]), r"Received: 2 groups for 1 values\. Allowed: one for each"),
    ],
)
def test_bad_input_is_named(bad, message):
    with pytest.raises(ValueError, match=message):
        bad()
