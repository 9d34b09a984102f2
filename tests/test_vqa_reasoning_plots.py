"""Drawings of the page on reasoning: SVG, words inside, maps on their own scale, errors that name what came."""

import numpy as np
import pytest
from figure_checks import check_drawing

from mmcourse import plots

PICTURE = np.random.default_rng(0).random((16, 16, 3))
MAPS = np.random.default_rng(1).random((5, 8, 8))
STEPS = ["scene", "filter star", "unique", "relate to the left of", "count"]
THING = np.eye(64, dtype=bool)[9].reshape(8, 8)
HELD = [[THING, THING[::-1]], [THING], [THING], [], []]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.schematic_reasoners(PICTURE),
        lambda: plots.schematic_reasoners(PICTURE, ("fewer", "triangles", "than", "squares?")),
        lambda: plots.program_maps(PICTURE, STEPS, MAPS),
        lambda: plots.program_maps(PICTURE, STEPS, MAPS, HELD, columns=3),
        lambda: plots.program_maps(PICTURE, STEPS[:1], 0 * MAPS[:1, :4, :5]),
    ],
)
def test_figures_are_svg_and_their_words_stay_inside(draw, capfd):
    check_drawing(draw())
    assert capfd.readouterr() == ("", "")


def shown(maps, step):
    """The pixels of the panel of a step."""
    return plots.program_maps(PICTURE, STEPS[: len(maps)], maps).axes[step + 1].images[0].get_array()


def test_maps_keep_their_scale():
    empty, full, half = np.zeros((1, 8, 8)), np.ones((1, 8, 8)), np.full((1, 8, 8), 0.5)
    picture = plots.program_maps(PICTURE, STEPS[:1], full).axes[0].images[0].get_array()
    np.testing.assert_allclose(shown(full, 0), picture, atol=1)  # as clear as the picture itself
    away = [np.abs(shown(m, 0).astype(float) - picture).mean() for m in (full, half, empty)]
    assert away[0] < 1 < away[1] < away[2]
    # A faint map stays faint, whatever its neighbours show.
    np.testing.assert_array_equal(shown(np.concatenate([half, full]), 0), shown(half, 0))


def test_the_sum_of_each_map_is_written():
    words = [text.get_text() for text in plots.program_maps(PICTURE, STEPS[:2], np.ones((2, 8, 8)) / 4).texts]
    assert words.count("Σ 16.0") == 2 and "filter star" in words


def test_four_words_and_one_map_a_step_from_0_to_1():
    with pytest.raises(ValueError, match=r"Received: words='more stars'\. Allowed: four words"):
        plots.schematic_reasoners(PICTURE, "more stars")
    with pytest.raises(ValueError, match=r"Received: 2 steps, maps of shape \(5, 8, 8\)"):
        plots.program_maps(PICTURE, STEPS[:2], MAPS)
    with pytest.raises(ValueError, match="Allowed: one map"):
        plots.program_maps(PICTURE, STEPS, MAPS, HELD[:2])
    with pytest.raises(ValueError, match=r"Received: 0 steps"):
        plots.program_maps(PICTURE, [], MAPS[:0])
    for wrong in (MAPS * 3, -MAPS, MAPS * np.nan):
        with pytest.raises(ValueError, match=r"Allowed: from 0 to 1"):
            plots.program_maps(PICTURE, STEPS, wrong)
