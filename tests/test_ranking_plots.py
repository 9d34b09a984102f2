"""Drawings of the page on ranking: SVG, words inside, no word on the screen, errors that name what came."""

import numpy as np
import pytest
from figure_checks import check_drawing

from mmcourse import plots
from mmcourse.ranking import swap_gains

PICTURES = np.random.default_rng(0).random((2, 4, 8, 8, 3))
GRADES = np.array([2, 3, 0, 1])
QUERIES = ["a large red circle to the left of a large blue square", "There are two large green circles in the picture."]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.schematic_orders(PICTURES[0], GRADES, swap_gains(-np.arange(4.0), GRADES)),
        lambda: plots.schematic_orders(PICTURES[0], [1, 1, 0, 0], np.ones((4, 4))),
        lambda: plots.answer_rows(
            QUERIES,
            {"side by side": PICTURES, "other": PICTURES},
            {"side by side": np.ones((2, 4)), "other": GRADES / 3 * np.ones((2, 4))},
        ),
        lambda: plots.answer_rows(QUERIES, {"alone": PICTURES[:, :3]}, {"alone": np.zeros((2, 3))}),
    ],
)  # fmt: skip
def test_figures_are_svg_and_their_words_stay_inside(draw, capfd):
    check_drawing(draw())
    assert capfd.readouterr() == ("", "")


def test_a_grade_for_each_picture():
    with pytest.raises(ValueError, match=r"Received: 4 pictures, grades \(3,\), weights \(4, 4\)"):
        plots.schematic_orders(PICTURES[0], GRADES[:3], np.ones((4, 4)))
    with pytest.raises(ValueError, match=r"Received: answers of \['a'\], grades of \['b'\]"):
        plots.answer_rows(QUERIES, {"a": PICTURES}, {"b": np.ones((2, 4))})
    with pytest.raises(ValueError, match="one a picture"):
        plots.answer_rows(QUERIES, {"a": PICTURES}, {"a": np.ones((2, 3))})
