"""Detected objects: a small detector over the grid of a frozen backbone, in the manner of YOLO.

The picture is cut into the cells of the grid. The cell in which a thing's centre lies answers for that thing: that it
is there, what it is, and how its box lies to the cell. (Redmon et al. 2016, "You only look once".)
"""

from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from mmcourse._machinery.checks import (
    as_numbers,
    check_given,
    check_number,
    check_shapes,
    check_type,
    check_whole,
    known,
)
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.metrics.detection import iou
from mmcourse.scenes.image import boxes
from mmcourse.scenes.scene import COLOURS, SHAPES, SIZES, UNIT, Scene

ATTRIBUTES = {"shape": SHAPES, "colour": COLOURS, "size": SIZES}


class Detections(NamedTuple):
    """What was detected in one picture, the best score first.

    ``boxes`` float32 (k, 4): x0, y0, x1, y1 as shares of the frame; ``scores`` float32 (k,) in [0, 1]; ``shape``,
    ``colour``, ``size`` int64 (k,): places in SHAPES, COLOURS and SIZES.
    """

    boxes: np.ndarray
    scores: np.ndarray
    shape: np.ndarray
    colour: np.ndarray
    size: np.ndarray


def true_detections(scene):
    """The things of a `Scene` as `Detections` that are certain (scores 1), in the order of its things."""
    check_type(Scene, "a Scene", scene=scene)
    kinds = [[words.index(getattr(thing, name)) for thing in scene.things] for name, words in ATTRIBUTES.items()]
    return Detections(boxes(scene, UNIT) / UNIT, np.ones(len(scene), "float32"), *np.array(kinds, "int64"))


def cell_targets(scenes, rows=8, columns=8):
    """What each cell of a grid must say of ``n`` scenes, for `SceneDetector.fit`: a dict of arrays.

    - ``there`` float32 (n, rows, columns): 1 where a thing's centre lies in the cell, else 0;
    - ``box`` float32 (n, rows, columns, 4): the centre's way from the cell's centre (x, y) in cells, and the natural
      logarithms of width and height in cells;
    - ``shape``, ``colour``, ``size`` int32 (n, rows, columns).

    Where nothing is there, the others are 0 and mean nothing. Of two things in one cell the one in front counts (on
    the course's grid of 8 x 8 there are no two).
    """
    check_whole(rows=rows, columns=columns)
    if isinstance(scenes, (str, dict)) or not hasattr(scenes, "__len__"):
        raise ValueError(f"Received: scenes, a {type(scenes).__name__}. Allowed: a list of Scene.")
    n = len(scenes)
    y = {"there": np.zeros((n, rows, columns), "float32"), "box": np.zeros((n, rows, columns, 4), "float32")}
    y |= {name: np.zeros((n, rows, columns), "int32") for name in ATTRIBUTES}
    cells = np.array([columns, rows], "float64")
    for i, scene in enumerate(scenes):
        true = true_detections(scene)
        centre = (true.boxes[:, :2] + true.boxes[:, 2:]) / 2 * cells  # (things, 2), in cells
        extent = (true.boxes[:, 2:] - true.boxes[:, :2]) * cells
        column, row = np.minimum(centre.astype(int), cells.astype(int) - 1).T
        y["there"][i, row, column] = 1
        away = centre - np.stack([column, row], axis=1) - 0.5
        y["box"][i, row, column] = np.concatenate([away, np.log(extent)], axis=1)
        for name in ATTRIBUTES:
            y[name][i, row, column] = getattr(true, name)
    return y


@keras.saving.register_keras_serializable("mmcourse")
class SceneDetector(keras.Model):
    """On every cell of a grid: is a thing's centre here, which shape, colour and size has it, and where are its edges?

    Grid ``(b, h, w, c)`` -> dict of float32 logits and numbers, as `cell_targets` wants them:

    1. every channel is standardised, as `adapt` found it in training grids;
    2. hidden = relu(3x3 convolution of the grid): a cell must see its neighbours to place the edges, (b, h, w, units);
    3. one linear map of it: ``there`` (b, h, w), ``box`` (b, h, w, 4), ``shape`` (b, h, w, 5), ``colour``
       (b, h, w, 6), ``size`` (b, h, w, 2).

    The loss is the sum of the binary cross-entropy of ``there`` over all cells, of the cross-entropies of the
    attributes and of the smooth absolute difference of the boxes, both only where a thing is; each is divided by the
    number of things in the batch.

    Args:
        units: width of the hidden map.
        seed: of the first weights.
    """

    def __init__(self, units=64, seed=0, **kwargs):
        check_whole(units=units)
        super().__init__(**kwargs)
        self.units, self.seed = units, seed
        self.standardise = keras.layers.Normalization(name="standardise")
        of_hidden, of_read = independent(seed, 2, "SceneDetector")
        initializer = keras.initializers.HeNormal(of_hidden)
        self.hidden = keras.layers.Conv2D(
            units, 3, padding="same", activation="relu", kernel_initializer=initializer, name="hidden"
        )
        self.parts = {"there": 1, "box": 4, **{name: len(words) for name, words in ATTRIBUTES.items()}}
        initializer = keras.initializers.GlorotUniform(of_read)
        self.read = keras.layers.Dense(
            sum(self.parts.values()), kernel_initializer=initializer, dtype="float32", name="read"
        )

    def adapt(self, grid):
        """Learn every channel's mean and deviation from training grids (n, h, w, c), before `fit`. Raises ValueError
        for another shape, and for grids that are empty or not finite."""
        values = as_numbers("grid", grid, "n h w c", finite=True)
        self.standardise.adapt(grid if hasattr(grid, "shape") else values)

    def call(self, grid, training=False):
        check_given(grid=grid)
        mean = getattr(self.standardise, "mean", None)  # None until `adapt`
        check_shapes(grid=(grid, f"b h w {'c' if mean is None else mean.shape[-1]}"))
        if mean is None and known(grid) is not None:
            raise ValueError("Received: a grid before `adapt`. Allowed: afterwards; hand it the training grids.")
        out = self.read(self.hidden(self.standardise(grid)))  # (b, h, w, 18)
        ends = np.cumsum(list(self.parts.values()))[:-1].tolist()
        found = dict(zip(self.parts, keras.ops.split(out, ends, axis=-1), strict=True))
        return found | {"there": found["there"][..., 0]}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        ops = keras.ops
        there = ops.cast(y["there"], "float32")
        things = ops.maximum(ops.sum(there), 1.0)
        # Where nothing is, the other targets mean nothing, NaN too.
        y = {name: ops.where(there > 0 if name != "box" else there[..., None] > 0, y[name], 0) for name in y}
        loss = ops.sum(ops.binary_crossentropy(there, y_pred["there"], from_logits=True))
        for name in ATTRIBUTES:
            loss = loss + ops.sum(there * ops.sparse_categorical_crossentropy(y[name], y_pred[name], from_logits=True))
        away = ops.abs(y_pred["box"] - y["box"])
        smooth = ops.where(away < 0.1, 5.0 * ops.square(away), away - 0.05)  # a parabola near 0, so that it settles
        return (loss + 2.0 * ops.sum(there[..., None] * smooth)) / things

    def detect(self, grid, threshold=0.3, overlap=0.4):
        """Grids (n, h, w, c) -> a list of n `Detections`; arguments as those of `decode_cells`."""
        return decode_cells(self.predict(grid, verbose=0), threshold, overlap)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "seed": self.seed}


def decode_cells(outputs, threshold=0.3, overlap=0.4):
    """The detector's outputs (a dict of arrays, n pictures) as a list of n `Detections`.

    A cell's score is the probability that a thing is there, times those of its likeliest shape, colour and size. Cells
    below ``threshold`` say nothing; of detections that overlap by more than ``overlap`` (IoU) the best stays. Raises
    ValueError for outputs that are not the detector's, NaN in them, and a threshold or overlap outside 0 to 1.
    """
    check_number("from 0 to 1", at_least=0, at_most=1, threshold=threshold, overlap=overlap)
    check_type(dict, "what a SceneDetector gives, a dict", outputs=outputs)
    parts = {"there": 0, "box": 4, **{name: len(words) for name, words in ATTRIBUTES.items()}}
    if absent := sorted(set(parts) - set(outputs)):
        raise ValueError(f"Received: outputs without {absent}. Allowed: {', '.join(parts)}.")
    outputs = {name: as_numbers(name, outputs[name], finite=True, empty=True) for name in parts}
    forms = {name: (outputs[name], "n rows columns" + f" {size}" * bool(size)) for name, size in parts.items()}
    check_shapes(**forms)
    n, rows, columns = outputs["there"].shape
    row, column = np.mgrid[:rows, :columns]
    corner = np.stack([column, row], axis=-1) + 0.5  # (h, w, 2) centres of the cells, x before y
    box, cells = np.asarray(outputs["box"], "float64"), np.array([columns, rows])
    centre, half = corner + box[..., :2], np.exp(np.clip(box[..., 2:], -5, 5)) / 2
    edges = np.clip(np.concatenate([(centre - half) / cells, (centre + half) / cells], axis=-1), 0, 1)
    p = {name: softmax(np.asarray(outputs[name], "float64"), axis=-1) for name in ATTRIBUTES}
    there = 1 / (1 + np.exp(-np.clip(np.asarray(outputs["there"], "float64"), -50, 50)))
    score = there * np.prod([q.max(-1) for q in p.values()], axis=0)  # (n, h, w)
    found = []
    for i in range(n):
        at = score[i] >= threshold
        kept = suppress(edges[i][at], score[i][at], overlap)
        kinds = (p[name][i][at].argmax(-1)[kept] for name in ATTRIBUTES)
        found.append(Detections(edges[i][at][kept].astype("float32"), score[i][at][kept].astype("float32"), *kinds))
    return found


def suppress(boxes, scores, overlap=0.4):
    """Non-maximum suppression: the places of the boxes that stay, best first -> int64 (k,).

    Take the best box, drop all that overlap it by more than ``overlap`` (IoU), and go on with the best of the rest.

    Args:
        boxes: (n, 4), x0, y0, x1, y1. scores: (n,); of equal ones the first is taken first.
        overlap: from 0 (boxes may not meet) to 1 (only duplicates go... and not even they, at 1).
    Raises ValueError for lengths that differ, scores that are not finite, or an ``overlap`` out of range.
    """
    check_number("from 0 to 1", at_least=0, at_most=1, overlap=overlap)
    scores = as_numbers("scores", scores, "n", finite=True, empty=True).astype("float64")
    overlaps = iou(boxes, boxes)
    if len(overlaps) != len(scores):
        raise ValueError(f"Received: {len(overlaps)} boxes, {len(scores)} scores. Allowed: as many of each.")
    near = overlaps > overlap
    rest, kept = list(np.argsort(-scores, kind="stable")), []
    while rest:
        best = rest.pop(0)
        kept.append(best)
        rest = [i for i in rest if not near[best, i]]
    return np.array(kept, "int64")
