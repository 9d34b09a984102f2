"""What a task may ask of a scene as a whole: labels, each a place in a tuple of names."""

from mmcourse.scenes.sampling import MOST
from mmcourse.scenes.scene import COLOURS, SHAPES, SIZES

LABELS = {
    "count": tuple(str(number) for number in range(1, MOST + 1)),
    "shape": SHAPES,
    "colour": COLOURS,
    "size": SIZES,
    "match": ("another scene's", "this scene's"),
}


def true_label(kind, scene, matches):
    """The label of a scene, an integer: a place in ``LABELS[kind]``.

    "count": how many things; "shape", "colour", "size": of the thing furthest to the left, which is also the first that
    sounds; "match": whether the captions belong to the scene, as ``matches`` says.
    """
    if kind == "match":
        return int(matches)
    if kind == "count":
        return len(scene) - 1
    leftmost = min(scene.things, key=lambda thing: thing.x)  # of two at one x the first, as in ``sound.order``
    return LABELS[kind].index(getattr(leftmost, kind))
