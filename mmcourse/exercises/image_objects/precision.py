"""Exercise `image_objects.precision`: average precision from hits and scores."""

import numpy as np

from mmcourse.exercises import Exercise, case

precision = Exercise(
    "image_objects.precision",
    kind="implement",
    title="Average precision",
    level="stretch",
    returns="a number from 0 to 1",
    otherwise=(
        "This is not the sum over all hits, by falling score, of the best precision at the hit or later, divided by "
        "`there`."
    ),
    minutes=15,
    difficulty=3,
    importance=2,
    task=(
        "Write `average_precision_of(scores, hit, there)` for one class: `scores` of shape `(k,)`, real numbers in any "
        "order, negative ones too, without ties; `hit` of shape `(k,)`, True where the detection found a true box; "
        "`there`, the number of true boxes, one or more, of which some may never be found. "
        "Return {eq}`eq-image-objects-ap`, a number from 0 to 1."
    ),
    hints=(
        "Sort by falling score first, hits along with it. After each detection: how many hits so far, out of how many "
        "detections, out of how many true boxes?",
        "Recall grows by 1/`there` at each hit. What it is multiplied with is the best precision at this place *or any "
        "later one*: a maximum that runs from the end to the beginning.",
    ),
    plan=(
        "Sort the hits by falling score.",
        "Compute the precision after each detection.",
        "Replace it by the best one at this place or any later one.",
        "Sum it over the hits, and divide by the number of true boxes.",
    ),
)


@precision.solved_by
def average_precision_of(scores, hit, there):
    """Scores (k,), hits bool (k,), number of true boxes -> a number in [0, 1]."""
    hit = hit[np.argsort(-scores)]
    found = np.cumsum(hit)
    right = found / np.arange(1, len(hit) + 1)  # precision after each detection
    best = np.maximum.accumulate(right[::-1])[::-1]
    return float((best * hit).sum() / there)


def _detections(rng, hits, low=0.0, high=1.0):
    """Scores without ties, in any order, whose hits from the best score to the worst are ``hits`` ("+--+")."""
    k = len(hits)
    falling = low + (high - low) * (k - np.arange(k) - rng.uniform(0.1, 0.9, k)) / k
    order = rng.permutation(k)
    return falling[order], np.array([one == "+" for one in hits])[order]


@precision.cases
def _(rng):
    # In each of these precision rises again after a miss, so that it is not the best one at its place.
    for start, rest, there in (("-", "++", 4), ("+-", "+++-", 9), ("--+", "-++", 6), ("+---", "+++", 11)):
        middle = "".join(rng.permutation(list("++---")))
        hits = start + middle + rest
        yield case(*_detections(rng, hits), max(there, hits.count("+") + 1))
    yield case(*_detections(rng, "-+-++-+", -8, -1), 5, when="where scores are negative")
    yield case(*_detections(rng, "-++-+-++", -3, 3), 7, when="where scores are negative")
    yield case(*_detections(rng, "-+-+++-+"), 5, when="where all true boxes are found")
    yield case(*_detections(rng, "+-++-"), 12, when="where most true boxes are never found")
    yield case(*_detections(rng, "-----"), 3, when="where nothing is found")
    yield case(*_detections(rng, "+++"), 3, when="where every detection is right and every box found")
    yield case(*_detections(rng, "+"), 2, when="where there is one detection")
    yield case(*_detections(rng, "---++"), 2, when="where the best scores are all wrong")


@precision.oracle
def _(scores, hit, there):
    ranked = [right for _, right in sorted(zip(scores.tolist(), hit.tolist(), strict=True), reverse=True)]
    points = [(sum(ranked[:k]) / there, sum(ranked[:k]) / k) for k in range(1, len(ranked) + 1)]
    total, last = 0.0, 0.0
    for k, (recall, _) in enumerate(points):
        total += (recall - last) * max(p for _, p in points[k:])
        last = recall
    return total
