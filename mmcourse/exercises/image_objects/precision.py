"""Exercise `image_objects.precision`: average precision from hits and scores."""

import numpy as np

from mmcourse.exercises import Exercise, expect

precision = Exercise(
    "image_objects.precision",
    kind="implement",
    title="Average precision",
    level="stretch",
    task=(
        "Write `average_precision_of(scores, hit, there)` for one class: `scores` of shape `(k,)`, in any order, "
        "without "
        "ties; `hit` of shape `(k,)`, True where the detection found a true box; `there`, the number of true boxes. "
        "Return {eq}`eq-image-objects-ap`, a number from 0 to 1."
    ),
    hints=(
        "Sort by falling score first, hits along with it. After each detection: how many hits so far, out of how many "
        "detections, out of how many true boxes?",
        "Recall grows by 1/`there` at each hit. What it is multiplied with is the best precision at this place *or any "
        "later one*: a maximum that runs from the end to the beginning.",
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


def _area(hit, there, envelope=True):
    """The oracle: for each true box that is found, the best precision at that recall or a higher one."""
    points = [(hit[: k + 1].sum() / there, hit[: k + 1].mean()) for k in range(len(hit))]
    total, last = 0.0, 0.0
    for k, (recall, p) in enumerate(points):
        total += (recall - last) * (max(q for _, q in points[k:]) if envelope else p)
        last = recall
    return total


@precision.check
def _(answer, rng):
    while True:
        k, there = 12, 9
        scores, hit = rng.permutation(np.linspace(0.05, 0.95, k)), rng.random(k) < 0.5
        down, up = hit[np.argsort(-scores)], hit[np.argsort(scores)]
        wanted = _area(down, there)
        others = {
            "order": _area(hit, there), "up": _area(up, there), "saw": _area(down, there, envelope=False),
            "found": _area(down, max(hit.sum(), 1)), "precision": hit.mean(), "recall": hit.sum() / there,
            "mean": np.mean([down[: i + 1].mean() for i in range(k)]),
        }  # fmt: skip
        if 3 <= hit.sum() < there and expect.apart([wanted, *others.values()]):
            break
    got = expect.number(expect.pure(answer, scores, hit, there), "a number from 0 to 1")
    for name, message in {
        "order": "The detections were taken in the order given. Sort them by score, the best first.",
        "up": "Sorted the wrong way: the *worst* score came first.",
        "saw": "The precision at each hit itself was taken. The formula takes the best one at that recall or a higher "
        "one.",
        "found": "You divided by the number of boxes found. Recall divides by all that are there: missed boxes "
        "must cost.",
        "precision": "That is the precision of all detections together; the order of scores has no say in it.",
        "recall": "That is the recall of all detections together; the false ones cost nothing in it.",
        "mean": "That is the mean of the precisions over all detections. Only where recall grows does one count.",
    }.items():
        expect.true(not np.isclose(got, others[name], rtol=1e-4), message)
    expect.close(got, wanted, "Not the area under precision and recall.")
    none = expect.number(answer(scores, np.zeros(k, bool), there), "a number from 0 to 1")
    expect.close(none, 0, "A detector that never hits scores 0.")


@precision.mistake("Sort them by score")
def not_sorted(scores, hit, there):
    return _area(hit, there)


@precision.mistake("Sorted the wrong way")
def sorted_upwards(scores, hit, there):
    return average_precision_of(-scores, hit, there)


@precision.mistake("at each hit itself")
def saw_teeth(scores, hit, there):
    return _area(hit[np.argsort(-scores)], there, envelope=False)


@precision.mistake("missed boxes must cost")
def missed_are_free(scores, hit, there):
    return average_precision_of(scores, hit, max(hit.sum(), 1))


@precision.mistake("order of scores has no say")
def plain_precision(scores, hit, there):
    return hit.mean()


@precision.mistake("false ones cost nothing")
def plain_recall(scores, hit, there):
    return hit.sum() / there
