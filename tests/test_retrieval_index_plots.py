"""Drawings of the page on the index: SVG, words inside, no word on the screen; what a map of cells says is true."""

import numpy as np
import pytest
from figure_checks import check_drawing

from mmcourse import plots
from mmcourse.plots.retrieval_index import cell_corners, squared_distances
from mmcourse.scenes import Scenes

RNG = np.random.default_rng(0)
POINTS, CENTRES = RNG.normal(size=(90, 2)), RNG.normal(size=(7, 2))


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.wall(list(Scenes("test", n=7)), columns=5),
        plots.schematic_blocks,
        lambda: plots.cell_map(POINTS, CENTRES, [0.1, 0.2]),
        lambda: plots.cell_map(POINTS, CENTRES, [0.1, 0.2], probes=(2,), k=3),
    ],
)
def test_figures_are_svg_and_their_words_stay_inside(draw, capfd):
    check_drawing(draw())
    assert capfd.readouterr() == ("", "")


def test_a_map_says_how_many_were_looked_at_and_found():
    query = np.array([0.1, 0.2])
    fig = plots.cell_map(POINTS, CENTRES, query, probes=(1, 7))
    said = [text.get_text() for text in fig.texts]
    cell = squared_distances(query[None], CENTRES).argmin()
    looked = squared_distances(POINTS, CENTRES).argmin(axis=1) == cell
    found = looked[np.argsort(((POINTS - query) ** 2).sum(axis=1))[:10]].sum()
    assert said[0] == f"1 cell: {looked.sum()} of 90 looked at, {found} of 10 found"
    assert said[1] == "7 cells: 90 of 90 looked at, 10 of 10 found"


def test_cells_fill_the_frame_and_hold_what_is_nearest():
    low, high = np.array([-4.0, -4.0]), np.array([4.0, 4.0])
    area = 0
    for c in range(len(CENTRES)):
        corners = cell_corners(c, CENTRES, low, high)
        x, y = corners.T
        area += abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2
        inside = 0.999 * corners + 0.001 * CENTRES[c]  # just inside of the corners
        assert (squared_distances(inside, CENTRES).argmin(axis=1) == c).all()
    assert area == pytest.approx(64)


@pytest.mark.parametrize("given", [{"query": [1, 2, 3]}, {"centres": POINTS.T}, {"probes": (8,)}])
def test_other_shapes_are_named(given):
    with pytest.raises(ValueError, match="Received: points"):
        plots.cell_map(**({"points": POINTS, "centres": CENTRES, "query": [0, 0]} | given))
