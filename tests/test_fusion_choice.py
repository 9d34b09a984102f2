"""Paired differences and the number of seeds against formulas and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse._machinery import repeated
from mmcourse.fusion_choice import Repeated, interval, paired_difference, seeds_needed, take


def test_the_interval_equals_students_table():
    """Student's t for 4 degrees of freedom and 95 % is 2.776 in every table."""
    values = np.array([0.01, 0.03, 0.02, 0.05, 0.04])
    mean, low, high = interval(values)
    half = 2.776 * math.sqrt(sum((v - 0.03) ** 2 for v in values) / 4) / math.sqrt(5)
    assert mean == pytest.approx(0.03)
    assert (low, high) == pytest.approx((0.03 - half, 0.03 + half), abs=1e-5)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=9), st.floats(-5, 5))
def test_what_both_share_does_not_count(values, luck):
    first, second = np.array(values), np.linspace(0, 1, len(values))
    wanted = paired_difference(first, second)
    assert paired_difference(first + luck, second + luck) == pytest.approx(wanted, abs=1e-6)
    mean, low, high = paired_difference(second, first)
    assert (-mean, -high, -low) == pytest.approx(wanted, abs=1e-9)


def test_the_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(0)
    covered = [low <= 0 <= high for _, low, high in (interval(rng.normal(size=5)) for _ in range(2000))]
    assert abs(np.mean(covered) - 0.95) < 0.015


@pytest.mark.parametrize(("first", "second"), [([1.0], [1.0]), ([1, 2], [1, 2, 3]), ([[1, 2]], [[1, 2]])])
def test_scores_that_are_not_paired_are_refused(first, second):
    with pytest.raises(ValueError, match="Received: scores"):
        paired_difference(first, second)


@given(st.floats(0.2, 4))
def test_one_seed_fewer_is_too_few(ratio):
    n = seeds_needed(ratio, 1)
    shape = np.sin(np.arange(n) * 1.7)

    def half(count):
        values = shape[:count] - shape[:count].mean()
        values *= ratio / values.std(ddof=1)
        _, low, high = interval(values)
        return (high - low) / 2

    assert half(n) <= 1 + 1e-9
    assert n == 2 or half(n - 1) > 1 - 1e-9


def test_no_difference_needs_no_seeds():
    with pytest.raises(ValueError, match="difference=0"):
        seeds_needed(0.1, 0)


def test_the_page_gets_the_one_repeated_training():
    assert Repeated is repeated.Repeated and take is repeated.take
