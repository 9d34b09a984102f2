"""Drawings of the page on missing modalities: SVG, words inside, no word on the screen, errors that name what came."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

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
    fig = draw()
    assert ET.fromstring(fig._repr_mimebundle_()["image/svg+xml"]).tag.endswith("svg")
    fig.canvas.draw()
    for text in [*fig.texts, *(t for ax in fig.axes for t in ax.texts)]:
        box = text.get_window_extent()
        assert box.x0 >= -1 and box.y0 >= -1, text
        assert box.x1 <= fig.bbox.x1 + 1 and box.y1 <= fig.bbox.y1 + 1, text
    assert capfd.readouterr() == ("", "")


def test_a_picture_for_each_row_and_column():
    with pytest.raises(ValueError, match=r"Received: rows of \[3, 3\] pictures, 2 and 2 names"):
        plots.stand_ins(FACES, ["a", "b"], ["c", "d"])
