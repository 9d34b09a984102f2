"""Detection scores: hand-made cases, an oracle that counts squares, scikit-learn, ties, weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from mmcourse.metrics import average_precision, average_precision_interval, iou, match_detections, precision_recall

BOX = np.array([[0.0, 0, 4, 2]])
FAR = np.array([[10.0, 10, 12, 12]])


def test_overlap_by_hand():
    b = np.array([[0, 0, 4, 2], [2, 1, 5, 3], [4, 0, 6, 2], [9, 9, 10, 10], [1, 0, 3, 1]], float)
    np.testing.assert_allclose(iou(BOX, b), [[1, 2 / 12, 0, 0, 2 / 8]])
    assert iou(np.empty((0, 4)), b).shape == (0, 5) and iou([], BOX).shape == (0, 1)
    assert iou([[1, 1, 1, 1]], [[1, 1, 1, 1]])[0, 0] == 0, "boxes without area do not divide by zero"


corners = st.tuples(*[st.integers(0, 7)] * 4)


@settings(deadline=None)
@given(st.lists(corners, min_size=1, max_size=4), st.lists(corners, min_size=1, max_size=4))
def test_overlap_is_a_count_of_squares(first, second):
    boxes = [
        np.array([[min(x, u), min(y, v), max(x, u), max(y, v)] for x, y, u, v in some]) for some in (first, second)
    ]
    y, x = np.mgrid[:7, :7]

    def squares(box):
        return (x >= box[0]) & (x < box[2]) & (y >= box[1]) & (y < box[3])

    for (i, a), (j, b) in ((p, q) for p in enumerate(boxes[0]) for q in enumerate(boxes[1])):
        either = (squares(a) | squares(b)).sum()
        wanted = (squares(a) & squares(b)).sum() / either if either else 0
        assert iou(*boxes)[i, j] == pytest.approx(wanted)
    np.testing.assert_allclose(iou(*boxes), iou(*boxes[::-1]).T)


@pytest.mark.parametrize(
    "boxes, message",
    [
        (np.zeros((2, 3)), r"Received: {} of shape \(2, 3\)"),
        (np.zeros(4), r"Received: {} of shape \(4,\)"),
        ([[1, 0, 0, 1]], r"Received: {}=array\(\[\[1., 0., 0., 1.\]\]\)"),
        ([[0, 1, 1, 0]], r"Received: {}=array\(\[\[0., 1., 1., 0.\]\]\)"),
        ([[0, 0, np.nan, 1]], r"finite\. Received: {}=array\(\[\[ 0.,  0., nan,  1.\]\]\)"),
        ([[0, 0, np.inf, 1]], r"finite\. Received: {}=array\(\[\[ 0.,  0., inf,  1.\]\]\)"),
    ],
)
def test_what_is_no_box_is_refused(boxes, message):
    with pytest.raises(ValueError, match=message.format("a")):
        iou(boxes, BOX)
    with pytest.raises(ValueError, match=message.format("b")):
        iou(BOX, boxes)


def one_image(detected, truth, threshold=0.5):
    return match_detections([tuple(map(np.array, detected))], [tuple(map(np.array, truth))], threshold)


def test_a_second_box_on_one_thing_is_false_and_labels_must_agree():
    boxes = np.concatenate([BOX, BOX, FAR, FAR])
    matches = one_image((boxes, [0, 0, 1, 0], [0.7, 0.9, 0.8, 0.6]), (np.concatenate([BOX, FAR]), [0, 1]))
    assert matches.score.tolist() == [0.9, 0.8, 0.7, 0.6] and matches.hit.tolist() == [True, True, False, False]
    assert matches.there.tolist() == [[1, 1]]


def test_a_hit_needs_the_threshold_and_the_image():
    half = BOX * [1, 1, 0.5, 1]  # overlap one half
    assert one_image((half, [0], [1.0]), (BOX, [0]), 0.5).hit.all()
    assert not one_image((half, [0], [1.0]), (BOX, [0]), 0.51).hit.any()
    assert match_detections([(half, [0], [1.0])], [(BOX, [0])]).hit.all()  # one half is what is asked for, unless said
    assert one_image((BOX, [0], [1.0]), (BOX, [0]), 1).hit.all()
    none = (np.empty((0, 4)), np.empty(0, int))
    matches = match_detections([(BOX, [0], [1.0]), (*none, [])], [none, (BOX, [0])])
    assert not matches.hit.any() and average_precision(matches)[0] == 0


def test_average_precision_by_hand():
    """Hits at ranks 1, 3 and 4 of five, four true boxes: precisions 1, 2/3 and 3/4; the second is lifted to 3/4."""
    places = np.array([[20.0 * i, 0, 20 * i + 4, 2] for i in range(4)])
    boxes = np.stack([places[0], FAR[0], places[1], places[2], FAR[0]])
    matches = one_image((boxes, [0] * 5, [0.9, 0.8, 0.7, 0.6, 0.5]), (places, [0] * 4))
    assert average_precision(matches)[0] == pytest.approx((1 + 3 / 4 + 3 / 4) / 4)
    precision, recall = precision_recall(matches, 0)
    np.testing.assert_allclose(precision, [1, 1 / 2, 2 / 3, 3 / 4, 3 / 5])
    np.testing.assert_allclose(recall, [1 / 4, 1 / 4, 2 / 4, 3 / 4, 3 / 4])


def test_an_image_that_does_not_count_leaves_a_precision_of_0():
    """A bootstrap may draw none of the images whose detections come first."""
    matches = match_detections([(BOX, [0], [0.9]), (BOX, [0], [0.8])], [(BOX, [0]), (BOX, [0])])
    precision, recall = precision_recall(matches, 0, [0, 2])
    assert precision.tolist() == [0, 1] and recall.tolist() == [0, 1]
    both = one_image((np.concatenate([BOX, FAR]), [0, 1], [0.9, 0.8]), (BOX, [0]))
    assert [len(x) for x in precision_recall(both)] == [2, 2] and len(precision_recall(both, 0)[0]) == 1
    with pytest.raises(ValueError, match="Received: none of label=1"):
        precision_recall(both, 1)


def test_nothing_at_all_is_no_match():
    matches = match_detections([], [])
    assert matches.there.shape == (0, 0) and len(matches.hit) == 0 and matches.hit.dtype == bool
    none = (np.empty((0, 4)), np.empty(0, int))
    assert match_detections([(*none, [])] * 3, [none] * 3).there.shape == (3, 0)
    matches = match_detections([(*none, [])], [(BOX, [2])])
    assert matches.there.tolist() == [[0, 0, 1]] and matches.label.dtype == np.int64 and not len(matches.score)


@st.composite
def rankings(draw):
    hits = draw(st.lists(st.booleans(), min_size=1, max_size=12).filter(any))
    return np.array(hits), draw(st.integers(0, 3))


def ranked(hits, missed=0, scores=None):
    """Matches of detections in the given order, one true box a hit, and ``missed`` more."""
    places = np.array([[20.0 * i, 0, 20 * i + 4, 2] for i in range(len(hits) + missed)])
    true = np.concatenate([places[: len(hits)][hits], places[len(hits) :]])
    scores = np.linspace(0.9, 0.1, len(hits)) if scores is None else scores
    return one_image((places[: len(hits)], [0] * len(hits), scores), (true, [0] * len(true)))


@settings(deadline=None)
@given(rankings())
def test_the_area_is_the_sum_over_all_points(case):
    hits, missed = case
    there, wanted, last = hits.sum() + missed, 0.0, 0.0
    points = [(hits[: k + 1].sum() / there, hits[: k + 1].mean()) for k in range(len(hits))]
    for k, (recall, _) in enumerate(points):
        wanted += (recall - last) * max(p for _, p in points[k:])
        last = recall
    assert average_precision(ranked(hits, missed))[0] == pytest.approx(wanted)


@settings(deadline=None)
@given(rankings())
def test_without_missed_boxes_it_lies_above_the_sum_of_scikit_learn(case):
    """scikit-learn sums the precisions themselves; ours lifts each to the best that follows."""
    hits, _ = case
    matches = ranked(hits)
    precision, recall = precision_recall(matches, 0)
    summed = np.sum(np.diff(recall, prepend=0) * precision)
    assert summed == pytest.approx(average_precision_score(matches.hit, matches.score))
    assert average_precision(matches)[0] >= summed - 1e-12


def test_equal_scores_are_resolved_against_the_detector():
    hits = np.array([True, False, True, False])
    tied = average_precision(ranked(hits, scores=np.full(4, 0.5)))[0]
    worst, best = average_precision(ranked(np.sort(hits)))[0], average_precision(ranked(hits))[0]
    assert tied == pytest.approx(worst) and worst < best


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 100))
def test_order_does_not_matter_and_weights_are_copies(order, seed):
    rng = np.random.default_rng(seed)
    detected, truth = [], []
    for _ in range(4):
        corner = rng.uniform(0, 4, (5, 2))
        detected.append((np.hstack([corner, corner + 2]), rng.integers(0, 2, 5), rng.random(5)))
        corner = corner[:3] + rng.uniform(0, 0.7, (3, 2))
        truth.append((np.hstack([corner, corner + 2]), rng.integers(0, 2, 3)))
    whole = average_precision(match_detections(detected, truth))
    moved = average_precision(match_detections([detected[i] for i in order], [truth[i] for i in order]))
    np.testing.assert_allclose(moved[1], whole[1])
    counts = rng.integers(0, 3, 4)
    copies = [i for i in range(4) for _ in range(counts[i])]
    if any(len(truth[i][0]) for i in copies):
        weighted = average_precision(match_detections(detected, truth), counts)
        copied = average_precision(match_detections([detected[i] for i in copies], [truth[i] for i in copies]))
        assert weighted[0] == pytest.approx(copied[0])


def test_labels_without_truth_do_not_count_and_intervals_hold_the_value():
    matches = one_image((np.concatenate([BOX, FAR]), [0, 3], [0.9, 0.8]), (BOX, [0]))
    mean, each = average_precision(matches)
    assert mean == 1 and np.isnan(each[3])
    truth = [(BOX, [0])] * 6
    found = [(BOX, [0], [0.9]), (FAR, [0], [0.95])] * 3
    matches = match_detections(found, truth)
    low, high = average_precision_interval(matches, 100)
    assert 0 <= low < average_precision(matches)[0] < high <= 1
    assert (low, high) == average_precision_interval(matches, 100)
    assert average_precision_interval(matches, 100) == average_precision_interval(matches, 100, seed=0, level=0.95)
    drawn = [average_precision(matches, np.random.default_rng(3).multinomial(6, [1 / 6] * 6))[0]]
    assert average_precision_interval(matches, 1, seed=3) == (drawn[0], drawn[0])
    many = average_precision_interval(matches, 300, level=0.5)
    rng = np.random.default_rng(0)
    every = [average_precision(matches, rng.multinomial(6, [1 / 6] * 6))[0] for _ in range(300)]
    assert many == pytest.approx(np.quantile(every, [0.25, 0.75]))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: match_detections([], [(BOX, [0])]), "0 detected, 1 true"),
        (lambda: one_image((BOX, [0, 1], [1.0]), (BOX, [0])), "2 labels"),
        (lambda: one_image((BOX, [0], [np.nan]), (BOX, [0])), "Scores are finite"),
        (lambda: one_image((BOX, [0], [1.0]), (BOX, [0]), 0), r"threshold=0\. Allowed: above 0, at most 1"),
        (lambda: one_image((BOX, [0], [1.0]), (BOX, [0]), 1.01), r"threshold=1\.01"),
        (lambda: one_image((BOX, [0], [1.0, 0.5]), (BOX, [0])), "1 boxes, 1 labels, 2 scores; 1 true boxes, 1 labels"),
        (lambda: one_image((BOX, [0], [1.0]), (BOX, [0, 1])), "1 true boxes, 2 labels, in image 0"),
        (lambda: average_precision(one_image((BOX, [0], [1.0]), (np.empty((0, 4)), np.empty(0, int)))), "true box"),
        (lambda: average_precision_interval(ranked(np.array([True])), 0), "resamples=0. Allowed"),
        (lambda: average_precision_interval(ranked(np.array([True])), level=1), "level=1. Allowed"),
        (lambda: average_precision_interval(ranked(np.array([True])), level=0), "level=0"),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises(ValueError, match=message):
        call()
