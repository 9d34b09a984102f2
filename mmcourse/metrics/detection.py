"""Scores of detection: overlap of boxes, which detections are hits, and average precision.

Boxes are float arrays ``(n, 4)`` of edges x0, y0, x1, y1 in any one unit, with x1 >= x0 and y1 >= y0; the width is
x1 - x0. (The development kit of Pascal VOC counts pixels, whose width is x1 - x0 + 1. Edges need no such one.)
"""

from typing import NamedTuple

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_number, check_type, check_whole, generator


def iou(a, b):
    """Intersection over union of every box of ``a`` (n, 4) with every box of ``b`` (m, 4) -> float64 (n, m) in [0, 1].

        IoU = |A ∩ B| / |A ∪ B|,    |A ∪ B| = |A| + |B| - |A ∩ B|

    Two boxes without area have the overlap 0. Raises ValueError for another shape, and for a box whose edges are
    swapped or not finite.
    """
    a, b = _boxes(a, "a"), _boxes(b, "b")
    low = np.maximum(a[:, None, :2], b[None, :, :2])  # (n, m, 2) the upper left corner of what both cover
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    both = np.prod(np.maximum(high - low, 0), axis=-1)  # (n, m)
    area_a, area_b = np.prod(a[:, 2:] - a[:, :2], axis=-1), np.prod(b[:, 2:] - b[:, :2], axis=-1)
    either = area_a[:, None] + area_b[None] - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def _boxes(boxes, name):
    boxes = as_numbers(name, boxes, empty=True).astype("float64")
    if boxes.size == 0:
        boxes = boxes.reshape(-1, 4)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"Expected boxes (n, 4). Received: {name} of shape {boxes.shape}.")
    if not np.isfinite(boxes).all() or (boxes[:, 2:] < boxes[:, :2]).any():
        raise ValueError(f"Boxes are x0, y0, x1, y1 with x1 >= x0, y1 >= y0, finite. Received: {name}={boxes!r:.200}.")
    return boxes


class Matches(NamedTuple):
    """What `match_detections` finds, the best score first (of equal scores the false ones first).

    - ``image`` (k,), ``label`` (k,) int64, ``score`` (k,) float64: of each of the k detections;
    - ``hit`` (k,) bool: whether it found a true box that no better detection had found;
    - ``there`` (images, labels) int64: how many true boxes each image has of each label.
    """

    image: np.ndarray
    label: np.ndarray
    score: np.ndarray
    hit: np.ndarray
    there: np.ndarray


def match_detections(detected, truth, threshold=0.5):
    """Which detections are hits, by the rule of Pascal VOC (Everingham et al. 2010).

    A detection belongs to the true box of its image and label that it overlaps most. It is a hit when that overlap is
    ``threshold`` or more and no detection with a better score was a hit on the same box: a second one is false.

    Args:
        detected: for each image ``(boxes (k, 4), labels (k,), scores (k,))``, labels whole numbers from 0.
        truth: for each image ``(boxes (m, 4), labels (m,))``, in the same unit.
        threshold: the least overlap (IoU), above 0 and at most 1.
    Returns:
        `Matches`.
    Raises:
        ValueError: lists or arrays of different lengths, a threshold out of range, what `iou` refuses.
    """
    check_number("above 0, at most 1", above=0, at_most=1, threshold=threshold)
    _check_images(3, "(boxes, labels, scores)", detected=detected)
    _check_images(2, "(boxes, labels)", truth=truth)
    if len(detected) != len(truth):
        raise ValueError(f"One of each for an image. Received: {len(detected)} detected, {len(truth)} true.")
    found, labels_there = [], []
    for image, ((boxes, labels, scores), (true_boxes, true_labels)) in enumerate(zip(detected, truth, strict=True)):
        boxes, true_boxes = _boxes(boxes, "boxes"), _boxes(true_boxes, "true boxes")
        labels, true_labels = _labels(labels, "labels"), _labels(true_labels, "true labels")
        scores = as_numbers("scores", scores, "k", empty=True).astype("float64")
        if not len(boxes) == len(labels) == len(scores) or len(true_boxes) != len(true_labels):
            raise ValueError(
                f"A label and a score for each box. Received: {len(boxes)} boxes, {len(labels)} labels, {len(scores)} "
                f"scores; {len(true_boxes)} true boxes, {len(true_labels)} labels, in image {image}."
            )
        if not np.isfinite(scores).all():
            raise ValueError(f"Scores are finite. Received: scores={scores} in image {image}.")
        labels_there.append(true_labels)
        overlap = np.where(labels[:, None] == true_labels[None], iou(boxes, true_boxes), 0.0)  # (k, m)
        taken = np.zeros(len(true_boxes), bool)
        for i in np.argsort(-scores, kind="stable"):
            best = overlap[i].argmax() if len(true_boxes) else None
            hit = best is not None and overlap[i, best] >= threshold and not taken[best]
            if hit:
                taken[best] = True
            found.append((image, labels[i], scores[i], hit))
    image, label, score, hit = (np.array(column) for column in zip(*found, strict=True)) if found else [np.empty(0)] * 4
    image, label, hit = image.astype("int64"), label.astype("int64"), hit.astype(bool)
    order = np.lexsort((hit, -score))  # pessimistic: of equal scores the false ones come first
    width = 1 + np.concatenate([label, *labels_there]).max(initial=-1)
    there = np.array([np.bincount(some, minlength=width) for some in labels_there], "int64").reshape(len(truth), width)
    return Matches(image[order], label[order], score[order], hit[order], there)


def _check_images(parts, named, **lists):
    for name, one in lists.items():
        check_type((list, tuple), f"a list, for each image {named}", **{name: one})
        for i, image in enumerate(one):
            if not isinstance(image, (list, tuple)) or len(image) != parts:
                what = f"{len(image)} parts" if isinstance(image, (list, tuple)) else f"a {type(image).__name__}"
                raise ValueError(f"Received: {name}[{i}], {what}. Allowed: {named}.")


def _labels(labels, name):
    labels = as_numbers(name, labels, "k", whole=True, empty=True)
    if (labels < 0).any():
        raise ValueError(f"Received: {name} with {labels.min()}. Allowed: whole numbers from 0.")
    return labels


def _checked(matches, weights):
    """How often each image counts, float64 (images,)."""
    check_type(Matches, "what match_detections returns", matches=matches)
    n = len(matches.there)
    if weights is None:
        return np.ones(n)
    weights = as_numbers("weights", weights, f"{n}", finite=True).astype("float64")
    if (weights < 0).any():
        raise ValueError(f"Received: weights with {weights.min()}. Allowed: 0 or more.")
    return weights


def precision_recall(matches, label=None, weights=None):
    """Precision and recall after each detection, the best first -> (precision (k,), recall (k,)), float64.

    ``label`` keeps one label (None: all in one list); ``weights`` (images,) counts each image so many times, for the
    bootstrap. Raises ValueError when there is no true box, for a label that nothing has, and weights below 0 or of
    another number.
    """
    weights = _checked(matches, weights)
    if label is not None:
        check_whole(0, label=label)
        if label >= matches.there.shape[1]:
            raise ValueError(f"Received: label={label}. Allowed: 0 to {matches.there.shape[1] - 1}.")
    kept = slice(None) if label is None else matches.label == label
    there = weights @ (matches.there.sum(1) if label is None else matches.there[:, label])
    if not there:
        raise ValueError(f"Recall needs a true box. Received: none of label={label}.")
    counted = weights[matches.image[kept]]
    hits, all_ = np.cumsum(counted * matches.hit[kept]), np.cumsum(counted)
    return np.divide(hits, all_, out=np.zeros_like(hits), where=all_ > 0), hits / there


def average_precision(matches, weights=None):
    """The mean over labels of the area under precision and recall (VOC's since 2010, every point counted).

        AP = Σ_k (R_k - R_{k-1}) · max_{j >= k} P_j

    P_k and R_k are precision and recall after the k best detections. Taking the best precision at that recall *or a
    higher one* smooths the saw-teeth of the curve, and so does not punish a detector for the order of neighbours.

    Args:
        matches: of `match_detections`.
        weights: (images,) how often each image counts; None: once. Multinomial counts give a bootstrap.
    Returns:
        (mean, each): a float, and float64 (labels,) with NaN for labels that no true box has; those do not count.
    Raises:
        ValueError: when there is no true box at all; weights below 0 or of another number.
    """
    weights = _checked(matches, weights)
    there = weights @ matches.there  # (labels,)
    if not there.any():
        raise ValueError("Average precision needs a true box. Received: none.")
    each = np.full(len(there), np.nan)
    for label in np.flatnonzero(there):
        precision, recall = precision_recall(matches, label, weights)
        best = np.maximum.accumulate(precision[::-1])[::-1]
        each[label] = np.sum(np.diff(recall, prepend=0.0) * best)
    return float(np.nanmean(each)), each


def average_precision_interval(matches, resamples=300, seed=0, level=0.95):
    """(low, high) of the mean average precision by the percentile bootstrap over images (Efron 1979).

    A draw in which a label has no true box averages over the others. Raises ValueError as `average_precision` does,
    and for ``resamples`` below 1 or a ``level`` outside (0, 1).
    """
    check_whole(resamples=resamples)
    check_number("between 0 and 1", above=0, at_most=1 - 1e-12, level=level)
    _checked(matches, None)
    n, rng = len(matches.there), generator(seed)
    drawn = [average_precision(matches, rng.multinomial(n, np.full(n, 1 / n)))[0] for _ in range(resamples)]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
