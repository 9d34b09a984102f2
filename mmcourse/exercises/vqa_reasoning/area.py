"""Exercise `vqa_reasoning.area`: what the sum of a perfect map counts."""

import numpy as np

from mmcourse.exercises import Exercise
from mmcourse.scenes import Scenes
from mmcourse.scenes.alignment import thing_cells

area = Exercise(
    "vqa_reasoning.area",
    kind="experiment and explain",
    title="What the sum of a perfect map counts",
    returns="a share",
    within=0.015,
    otherwise=(
        "Not so. For each `c` compare `np.round(covered / c)` with `number`, take the mean of what is equal, and keep "
        "the largest of these shares."
    ),
    task=(
        "A perfect detector gives 1 to each cell that shows a thing, and 0 to all others. *count* reads the sum of "
        "such a map, which grows with the number of things, and with their size. `covered` is that sum for 400 "
        "scenes, `number` how many things each has. Take as the count `np.round(covered / c)`, for the best `c` of "
        "`np.linspace(0.5, 12, 231)`. **In what share of the scenes is it the number of things?** Then explain: what "
        "must a detector give, so that the sum of its map is a count?"
    ),
    hints=(
        "Write a function of `c` that gives the share of right counts, and look at it for a few values before you try "
        "all of them.",
        "`max((np.round(covered / c) == number).mean() for c in np.linspace(0.5, 12, 231))`. For the explanation look "
        "at scenes of one thing: which sums do they have?",
    ),
    plan=(
        "For one c, compute all counts and the share that is right.",
        "Do so for all values of c.",
        "Take the largest share.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
)


@area.given
def _first_look():
    truths = Scenes("dev", n=400).truths()
    number = np.array([len(scene) for scene in truths])
    covered = np.array([thing_cells(scene).any(axis=0).sum() for scene in truths])
    print(number[:8], covered[:8])


@area.solved_by
def best_share():
    """The share of scenes that the best c counts rightly."""
    truths = Scenes("dev", n=400).truths()
    number = np.array([len(scene) for scene in truths])
    covered = np.array([thing_cells(scene).any(axis=0).sum() for scene in truths])
    shares = [(np.round(covered / c) == number).mean() for c in np.linspace(0.5, 12, 231)]
    # One large thing covers as many cells as several small ones, so no c
    # fits all. A detector whose map sums to a count gives each thing one in
    # all, however large it is: 1 to its middle cell, say, or to each of its
    # k cells 1 / k. Nothing but counting asks it to: filters are as good
    # with ones everywhere.
    return max(shares)
