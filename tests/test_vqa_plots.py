"""Drawings of the page on visual question answering: SVG, words inside, errors that name what came."""

import numpy as np
import pytest
from figure_checks import check_drawing

from mmcourse import plots

PICTURES = np.random.default_rng(0).random((3, 8, 8, 3))
WEIGHTS = np.random.default_rng(1).random((3, 2, 8, 8))
QUESTIONS = ["Is it red?", "What colour is the small thing that is to the left of the large green star?", "How many?"]
ANSWERS = [("yes", "yes"), ("orange", "yellow"), ("1", "0")]
MARKED = np.eye(64, dtype=bool)[[0, 9, 63]].reshape(3, 8, 8) & np.array([True, True, False])[:, None, None]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.schematic_hops(PICTURES[0], QUESTIONS[1], WEIGHTS[0], "yellow"),
        lambda: plots.schematic_hops(PICTURES[0], QUESTIONS[0], WEIGHTS[1, :, :4, :5], "yes"),
        lambda: plots.question_hops(PICTURES, QUESTIONS, WEIGHTS, ANSWERS, MARKED),
        lambda: plots.question_hops(PICTURES[:1], QUESTIONS[1:2], WEIGHTS[:1], ANSWERS[1:2]),
    ],
)
def test_figures_are_svg_and_their_words_stay_inside(draw, capfd):
    check_drawing(draw())
    assert capfd.readouterr() == ("", "")


def test_two_hops_and_as_many_of_each():
    with pytest.raises(ValueError, match=r"Received: weights of shape \(3, 8, 8\). Allowed: \(2, rows, columns\)"):
        plots.schematic_hops(PICTURES[0], QUESTIONS[0], np.ones((3, 8, 8)), "yes")
    with pytest.raises(ValueError, match="two hops"):
        plots.question_hops(PICTURES, QUESTIONS, np.ones((3, 1, 8, 8)), ANSWERS)
    with pytest.raises(ValueError, match="Received: 3 pictures, 2 questions, 3 weights"):
        plots.question_hops(PICTURES, QUESTIONS[:2], WEIGHTS, ANSWERS)
    with pytest.raises(ValueError, match="Received: 0 pictures"):
        plots.question_hops([], [], [], [])
