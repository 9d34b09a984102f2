"""Drawings of the page on missing modalities: SVG, words inside, no word on the screen, errors that name what came."""

import numpy as np
import pytest
from figure_checks import check_drawing

from mmcourse import plots
from mmcourse.scenes.utterances import Utterances

FACES = np.random.default_rng(0).random((2, 3, 8, 8, 3))


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.missing_face(Utterances("test", n=100)[94]),
        plots.schematic_missing,
        lambda: plots.stand_ins(FACES, ["a face", "mean", "guess:\nirony"], ["“What a plain evening.”", "“Ugly.”"]),
    ],
)
def test_figures_are_svg_and_their_words_stay_inside(draw, capfd):
    check_drawing(draw())
    assert capfd.readouterr() == ("", "")


def test_a_picture_for_each_row_and_column():
    with pytest.raises(ValueError, match=r"Received: rows of \[3, 3\] pictures, 2 and 2 names"):
        plots.stand_ins(FACES, ["a", "b"], ["c", "d"])
