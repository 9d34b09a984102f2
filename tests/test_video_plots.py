"""Figures of films: drawn as SVG without a word, symmetric scales, and errors that name what came."""

import json

import numpy as np
import pytest
from figure_checks import check_drawing

from mmcourse import plots
from mmcourse.experiments import __main__ as command
from mmcourse.plots import look
from mmcourse.plots.video import signed

FRAMES = np.random.default_rng(0).integers(0, 256, (5, 12, 12, 3), "uint8")
KERNEL = np.array([[-1, 0, 1], [0, -1, 1]])


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.frame_rows({"a film": FRAMES, "changes": np.diff(FRAMES.astype("float32"), axis=0)}, "abcde"),
        lambda: plots.frame_rows({"one": FRAMES[:1]}),
        lambda: plots.space_time(FRAMES[..., 0, 0] / 255, KERNEL, {"right": np.ones((4, 9)), "left": -np.eye(4)}),
        lambda: plots.schematic_video(FRAMES),
    ],
)
def test_figures_are_svg_and_their_words_stay_inside(draw, capfd):
    check_drawing(draw())
    assert capfd.readouterr() == ("", "")


def test_more_and_less_are_equally_far_from_paper():
    shown = signed(np.array([[2.0, 0.0, -2.0]]))
    assert shown[0, 1].tolist() == look.to_rgb(look.PAPER).tolist()
    assert look.to_hex(shown[0, 0]) == look.COLOURS["red"] and look.to_hex(shown[0, 2]) == look.COLOURS["blue"]
    np.testing.assert_array_equal(signed(np.array([[1.0]]), limit=2), signed(np.array([[3.0]]), limit=6))
    np.testing.assert_array_equal(signed(np.zeros((2, 2))), np.broadcast_to(shown[0, 1], (2, 2, 3)))


def test_a_time_for_each_frame():
    with pytest.raises(ValueError, match="Received: 2 times, 5 pictures"):
        plots.frame_rows({"a film": FRAMES}, ["a", "b"])


def test_the_recorded_experiment_runs(tmp_path, capsys):
    path = command.main(["video-scenes", "--quick", "--results", str(tmp_path)])
    record = json.loads(path.read_text())
    assert record["figures"]["systems"]["one frame"]["both ways"]["value"] == 0
    assert list(record["figures"]["frames"]) == ["1"]
