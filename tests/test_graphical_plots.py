"""Figures of graphical models: drawn as SVG without a word, words inside the figure, errors that name what came."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from mmcourse import plots
from mmcourse.plots import look

RNG = np.random.default_rng(0)
PICTURES = RNG.integers(0, 256, (2, 12, 12, 3), "uint8")
LABELS = RNG.integers(0, 7, (2, 4, 4))
BELIEF = RNG.dirichlet(np.ones(4), 23)


@pytest.mark.parametrize(
    "draw",
    [
        plots.schematic_graphical,
        lambda: plots.label_maps(PICTURES, {"truth": LABELS, "found": LABELS}, titles=["a red star", "a square"]),
        lambda: plots.label_maps(PICTURES[:1], {"truth": LABELS[:1]}),
        lambda: plots.beliefs(
            BELIEF.argmax(1), {"a": BELIEF, "b": BELIEF}, ("left", "right", "up", "down"), {"b": BELIEF[:, 0] > 0.5}
        ),
        lambda: plots.beliefs(BELIEF.argmax(1), {"alone": BELIEF}, "abcd"),
    ],
)
def test_figures_are_svg_and_their_words_stay_inside(draw, capfd):
    fig = draw()
    assert ET.fromstring(fig._repr_mimebundle_()["image/svg+xml"]).tag.endswith("svg")
    fig.canvas.draw()
    words = [*fig.texts, *(t for ax in fig.axes for t in (*ax.texts, *ax.get_yticklabels(), ax.xaxis.label))]
    for text in (t for t in words if t.get_text()):
        box = text.get_window_extent()
        assert box.x0 >= -1 and box.y0 >= -1, text
        assert box.x1 <= fig.bbox.x1 + 1 and box.y1 <= fig.bbox.y1 + 1, text
    assert capfd.readouterr() == ("", "")


def test_a_label_has_the_colour_that_it_names():
    labels = np.arange(7).reshape(1, 1, 7)
    fig = plots.label_maps(PICTURES[:1], {"labels": labels})
    drawn = fig.axes[1].images[0].get_array()
    for k, colour in enumerate(look.COLOURS.values(), start=1):
        assert look.to_hex(drawn[0, k]) == colour


def test_the_truth_is_a_dot_at_each_frame():
    fig = plots.beliefs(BELIEF.argmax(1), {"a": BELIEF}, "abcd")
    np.testing.assert_array_equal(fig.axes[0].lines[0].get_ydata(), BELIEF.argmax(1))


def test_as_many_maps_as_pictures():
    with pytest.raises(ValueError, match="Received: 2 pictures"):
        plots.label_maps(PICTURES, {"truth": LABELS[:1]})
