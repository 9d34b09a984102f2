"""Scene graphs from detections, and a graph as a vector that a linear model can read.

A detection list is turned into a `Scene`: things with attributes and places. From there on, what is *seen* and what is
*true* are the same type, and one code (relations, checks, features) serves both.
"""

import numpy as np

from mmcourse._machinery.checks import check_type
from mmcourse.image.detector import ATTRIBUTES, Detections
from mmcourse.scenes.image import EXTENTS
from mmcourse.scenes.scene import UNIT, Scene, Thing

WORDS = tuple(word for words in ATTRIBUTES.values() for word in words)  # 5 shapes, 6 colours, 2 sizes
DIRECTIONS = ("left of", "above")  # "right of" and "below" are these two, the other way round
GRAPH_FEATURES = (*WORDS, *((a, relation, b) for relation in DIRECTIONS for a in WORDS for b in WORDS))


def detected_scene(detections):
    """`Detections` of one picture -> the `Scene` that they describe: its nodes are the things, and ``relations()``
    gives its edges. Small boxes come last, so that they lie in front. Background and key are not detected."""
    check_type(Detections, "Detections of one picture", detections=detections)
    things = []
    wide = np.argsort(-(detections.boxes[:, 2] - detections.boxes[:, 0]), kind="stable")
    for i in wide:
        shape, colour, size = (words[getattr(detections, name)[i]] for name, words in ATTRIBUTES.items())
        x0, y0, x1, y1 = (float(edge) * UNIT for edge in detections.boxes[i])
        a, b = EXTENTS[shape]
        radius = max(1, round(((x1 - x0) / a + (y1 - y0) / b) / 4))
        things.append(Thing(shape, colour, size, round((x0 + x1) / 2), round((y0 + y1) / 2), radius))
    return Scene(tuple(things))


def graph_vector(scene):
    """A `Scene` as numbers, float32 (351,), named by ``GRAPH_FEATURES``.

    First how many things have each attribute; then, for each relation and each pair of attributes, how many edges lead
    from a thing with the first to a thing with the second. So ("red", "left of", "blue") is one number of the vector.
    """
    check_type(Scene, "a Scene", scene=scene)
    has = np.array([[word in (t.shape, t.colour, t.size) for word in WORDS] for t in scene.things], "float32")
    has = has.reshape(-1, len(WORDS))  # (things, 13)
    parts = [has.sum(0)]
    for relation in DIRECTIONS:
        edges = np.array([[a is not b and scene.holds(relation, a, b) for b in scene.things] for a in scene.things])
        edges = edges.astype("float32").reshape(len(scene), len(scene))
        parts.append((has.T @ edges @ has).ravel())  # (13 * 13,)
    return np.concatenate(parts)
