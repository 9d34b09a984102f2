"""Films of scenes: frames, soundtrack and transcript against the script (which ``test_scenes_motion`` covers)."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.scenes import SPLITS, Scene, Thing, film, image, sound
from mmcourse.scenes.sampling import scene
from mmcourse.scenes.scene import UNIT

drawn = st.builds(scene, split=st.sampled_from(sorted(SPLITS)), seed=st.integers(0, 2**40), index=st.integers(0, 2**40))
lengths = st.integers(16, 32)


def told(events):
    return [(e.kind, e.frame, e.things, e.direction) for e in events]


def test_a_film_changes_no_other_modality():
    truth = scene("train", 0, 7)
    heard, seen = sound.render(truth), image.render(truth)
    before = film.render(truth), film.soundtrack(truth)
    assert np.array_equal(sound.render(truth), heard) and np.array_equal(image.render(truth), seen)
    assert np.array_equal(film.render(truth), before[0]) and np.array_equal(film.soundtrack(truth), before[1])
    other = Scene(truth.things, truth.background, (0, "train", 8))
    assert told(film.script(other).events) != told(film.script(truth).events)


@given(drawn, lengths, st.sampled_from([16, 33]))
@settings(deadline=None, max_examples=25)
def test_frames_show_the_script(truth, frames, size):
    pictures, script = film.render(truth, size, frames), film.script(truth, frames)
    assert (pictures.shape, pictures.dtype) == ((frames, size, size, 3), np.uint8)
    plain = [image.render(script.scene_at(frame), size) for frame in range(frames)]
    if script.visible[0].all():
        assert np.array_equal(plain[0], image.render(truth, size))
    for frame in range(frames):
        change = pictures[frame].astype(int) - plain[frame]
        if script.brightness[frame].any():
            thing = int(script.brightness[frame].argmax())
            mask = image.masks(script.scene_at(frame), size)[script.visible[frame, :thing].sum()]
            assert np.all(np.abs(change[mask == 0]) <= 1)
            expected = (255.0 - plain[frame]) * (script.brightness[frame, thing] / 100)
            assert np.abs(change - expected)[mask == 1].max(initial=0) <= 1
            assert change.min() >= -1 and change.sum() > 0
        else:
            assert np.abs(change).max() <= 1
    # Something always moves, or has turned round half-way between two frames and is where it was.
    turned = {event.frame for event in script.events if event.kind in ("bounce", "collision")}
    for one, next_one in itertools.pairwise(range(frames)):
        assert np.any(pictures[one] != pictures[next_one]) or next_one in turned


def test_frame_0_is_the_picture():
    everything = [i for i in range(100) if film.script(scene("train", 0, i)).visible[0].all()]
    assert 50 < len(everything) < 100
    for index in everything[:10]:
        truth = scene("train", 0, index)
        assert np.array_equal(film.render(truth, 64, 16)[0], image.render(truth))


@given(drawn, lengths, st.sampled_from([8000, 11025, 16000]))
@settings(deadline=None, max_examples=40)
def test_soundtrack(truth, frames, rate):
    track, script = film.soundtrack(truth, rate, frames), film.script(truth, frames)
    assert (track.shape, track.dtype) == ((round(rate * frames / 12), 2), np.float32)
    assert np.abs(track).max() <= 0.98
    loud = np.square(track, dtype=np.float64).sum(1)
    first = min((event.frame for event in script.events), default=frames)
    assert loud[: int(first / 12 * rate)].sum() == 0
    for event in script.events:
        begin = round(event.time_s * rate)
        assert loud[begin : begin + round(0.02 * rate)].mean() > 1e-3, event


def test_every_event_has_an_onset_within_20_ms():
    """Also where others have not yet died away."""
    for index in range(150):
        truth = scene("unseen_counts", 0, index)
        loud = np.square(film.soundtrack(truth, 8000), dtype=np.float64).sum(1)
        for event in film.script(truth).events:
            begin = round(event.time_s * 8000)
            assert loud[begin : begin + 160].sum() > 1.4 * loud[begin - 160 : begin].sum(), (index, event)


def test_a_stroke_comes_from_where_its_thing_is():
    """The first event of many films, alone in its first frame: panning by x, pitch by size."""
    counted = 0
    for index in range(60):
        truth = scene("train", 0, index)
        script = film.script(truth)
        if not script.events or [e.frame for e in script.events][1:2] == [script.events[0].frame]:
            continue
        event, begin = script.events[0], round(script.events[0].time_s * 16000)
        if len(event.things) == 1:
            part = film.soundtrack(truth)[begin : begin + 1333].astype(np.float64)
            x = script.positions[event.frame, event.things[0], 0] / UNIT
            assert (part[:, 1] ** 2).sum() / (part**2).sum() == pytest.approx(np.sin(np.pi / 2 * x) ** 2, abs=1e-5)
            strength = np.abs(np.fft.rfft(part.sum(1) * np.hanning(len(part)), 16000))
            peak = strength.argmax()
            if event.kind == "bounce":
                size = truth.things[event.things[0]].size
                assert peak == pytest.approx({"large": 220, "small": 880}[size], rel=0.03)
            counted += 1
    assert counted > 20


def lonely(**changes):
    return Scene((Thing("cross", "red", "small", 500, 500, 90),), **changes)


def test_transcript():
    for index in range(40):
        truth = scene("unseen_counts", 0, index)
        script, lines = film.script(truth), film.transcript(truth).split("\n")
        assert len(lines) == 1 + len(script.events)
        for event, line in zip(script.events, lines[1:], strict=True):
            assert line.startswith(f"{event.time_s:.1f} s: ")
            for thing in event.things:
                t = truth.things[thing]
                assert f"{t.size} {t.colour} {t.shape}" in line
            verb = {"bounce": "bounces off", "collision": "collide", "appear": "appears"}.get(event.kind, event.kind)
            assert verb in line
        assert lines[0].count("moves") == script.visible[0].sum()
    assert film.transcript(scene("train", 0, 1)) == GOLDEN_TRANSCRIPT
    twins = Scene((*lonely().things, Thing("cross", "red", "small", 200, 200, 90)))
    assert "(number 1)" in film.transcript(twins) and "(number 2)" in film.transcript(twins)


GOLDEN_TRANSCRIPT = "\n".join(
    [
        "At first, a small yellow circle (middle) moves left and a large yellow star (left) moves up.",
        "0.4 s: the large yellow star bounces off the upper edge.",
        "0.5 s: the large yellow star flashes.",
        "0.8 s: a large blue circle (middle) appears and moves left.",
        "0.8 s: the small yellow circle and the large yellow star collide.",
        "1.2 s: the large yellow star bounces off the left edge.",
        "1.2 s: the large blue circle and the large yellow star collide.",
        "1.3 s: the large yellow star bounces off the left edge.",
        "1.3 s: the small yellow circle flashes.",
        "1.4 s: the small yellow circle bounces off the lower edge.",
        "1.9 s: the small yellow circle and the large yellow star collide.",
    ]
)


def test_scenes_by_hand():
    """Empty ones, and things that stand beyond the room, or in one another."""
    assert film.script(Scene(())).events == () and film.script(Scene(())).direction is None
    assert film.script(Scene(())).positions.shape == (24, 0, 2)
    assert film.render(Scene(()), 8).shape == (24, 8, 8, 3)
    assert not film.soundtrack(Scene(())).any()
    assert film.transcript(Scene(())) == "At first, nothing is there."
    crowd = Scene(tuple(Thing("star", "red", "large", 512 + 20 * k, 512, 150) for k in range(6)))
    assert film.render(crowd, 16).shape == (24, 16, 16, 3)
    outside = Scene((Thing("star", "red", "large", -100, 1200, 150),))
    assert np.all(film.script(outside).positions[..., 0] >= -100)
    assert film.soundtrack(outside).shape == (32000, 2)


@pytest.mark.parametrize("frames", [15, 33, 0, -1, 24.0, "24", None, True])
def test_bad_frames_are_named(frames):
    for function in (film.script, film.render, film.soundtrack, film.transcript):
        with pytest.raises(ValueError, match=rf"Received: frames={frames!r}\. Allowed: an integer from 16 to 32"):
            function(lonely(), frames=frames)


def test_bad_sizes_and_rates_are_named():
    with pytest.raises(ValueError, match=r"Received: size=7\. Allowed: an integer from 8 to 4096"):
        film.render(lonely(), 7)
    with pytest.raises(ValueError, match=r"Received: rate=100\. Allowed: an integer from 8000 to 48000"):
        film.soundtrack(lonely(), 100)
