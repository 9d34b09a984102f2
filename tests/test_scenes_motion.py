"""What happens in films: rules, an independent detector of events, and what a single frame tells."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from mmcourse.scenes import SPLITS, film, image, motion
from mmcourse.scenes.motion import STEPS, room
from mmcourse.scenes.sampling import CLOSEST, EDGE, scene
from mmcourse.scenes.scene import UNIT

drawn = st.builds(scene, split=st.sampled_from(sorted(SPLITS)), seed=st.integers(0, 2**40), index=st.integers(0, 2**40))
lengths = st.integers(16, 32)


def told(events):
    return [(e.kind, e.frame, e.things, e.direction) for e in events]


def test_script():
    script = film.script(scene("train", 0, 1))
    n = len(script.scene)
    assert len(script) == 24
    assert (script.positions.shape, script.positions.dtype) == ((24, n, 2), np.int32)
    assert (script.velocities.shape, script.velocities.dtype) == ((24, n, 2), np.int32)
    assert (script.visible.shape, script.visible.dtype) == ((24, n), np.bool_)
    assert (script.brightness.shape, script.brightness.dtype) == ((24, n), np.int32)
    with pytest.raises(ValueError, match="read-only"):
        script.positions[0] = 1
    with pytest.raises(AttributeError):
        script.events = ()


def test_golden_script():
    """Whoever changes these changes the data set, and raises its version."""
    script = film.script(scene("train", 0, 1))
    assert told(script.events) == GOLDEN_EVENTS
    assert script.positions[-1].tolist() == GOLDEN_END


GOLDEN_EVENTS = [
    ("bounce", 5, (2,), "up"),
    ("flash", 6, (2,), None),
    ("appear", 9, (1,), None),
    ("collision", 10, (0, 2), None),
    ("bounce", 14, (2,), "left"),
    ("collision", 15, (1, 2), None),
    ("bounce", 16, (2,), "left"),
    ("flash", 16, (0,), None),
    ("bounce", 17, (0,), "down"),
    ("collision", 23, (0, 2), None),
]
GOLDEN_END = [[319, 658], [712, 197], [356, 408]]


def test_another_process_tells_the_same():
    code = (
        "from mmcourse.scenes import film, sampling;"
        "s = film.script(sampling.scene('dev', 3, 5)); print(s.events, s.positions.tolist(), s.brightness.tolist())"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    script = film.script(scene("dev", 3, 5))
    assert there == f"{script.events} {script.positions.tolist()} {script.brightness.tolist()}\n"


@given(drawn, lengths)
@settings(deadline=None, max_examples=100)
def test_things_keep_to_the_rules(truth, frames):
    script = film.script(truth, frames)
    radii = np.array([thing.radius for thing in truth.things])
    assert script.positions[0].tolist() == [[thing.x, thing.y] for thing in truth.things]
    assert np.all(script.positions >= radii[:, None] + EDGE)
    assert np.all(script.positions <= UNIT - radii[:, None] - EDGE)
    assert script.visible[:, 0].all()  # the first thing is always there
    for i, j in itertools.combinations(range(len(truth)), 2):
        both = script.visible[:, i] & script.visible[:, j]
        apart = (script.positions[:, i] - script.positions[:, j])[both].astype(np.int64)
        reach = radii[i] + radii[j]
        assert np.all(100**2 * (apart**2).sum(1) >= (CLOSEST * reach) ** 2)
        shared = np.clip(reach - np.abs(apart), 0, 2 * min(radii[i], radii[j])).prod(1)
        assert np.all(shared <= 0.1 * (4 * radii[i] ** 2 + 4 * radii[j] ** 2 - shared))  # IoU of the boxes
    speeds = np.sort(np.abs(script.velocities), -1)
    assert np.all(speeds[..., 1] >= STEPS * motion.FAST[0]) and np.all(speeds[..., 1] <= STEPS * motion.FAST[1])
    assert np.all(speeds[..., 0] <= STEPS * motion.ASIDE)


def moves(at, radii, rooms, velocity, there):
    """Whatever could happen now to things with these velocities, as (event, velocities thereafter)."""
    for i, axis in itertools.product(there, (0, 1)):
        reached = at[i][axis] + velocity[i][axis]
        for word, beyond in (("left up", reached < rooms[i][axis][0]), ("right down", reached > rooms[i][axis][1])):
            if beyond:
                after = list(velocity)
                after[i] = tuple(-v if a == axis else v for a, v in enumerate(velocity[i]))
                yield ("bounce", (i,), word.split()[axis]), tuple(after)
    for i, j in itertools.combinations(there, 2):
        now, soon = (
            np.hypot(*(np.subtract(at[i], at[j]) + step * np.subtract(velocity[i], velocity[j]))) for step in (0, 1)
        )
        if soon < now and soon < CLOSEST / 100 * (radii[i] + radii[j]) - 1e-9:
            after = list(velocity)
            after[i], after[j] = after[j], after[i]
            yield ("collision", (i, j), None), tuple(after)


def explanations(at, radii, rooms, before, after, there):
    """All sets of events that turn the velocities ``before`` into ``after`` and leave nothing to happen."""
    found, waiting = set(), [(before, frozenset())]
    for _ in range(16):
        further = []
        for velocity, events in waiting:
            options = list(moves(at, radii, rooms, velocity, there))
            if not options and all(velocity[i] == after[i] for i in there):
                found.add(events)
            further += [(then, events | {event}) for event, then in options]
        waiting = list(dict.fromkeys(further))
    return found


@given(drawn)
@settings(deadline=None, max_examples=60)
def test_events_are_what_a_detector_finds_in_the_positions(truth):
    """Bounces and collisions from the differences of positions of every step, the rest from what is visible."""
    positions, velocities, visible = motion._played(truth).record()
    radii, rooms = [t.radius for t in truth.things], [room(t) for t in truth.things]
    n, script = len(truth), film.script(truth, 32)
    assert np.array_equal(script.positions, np.array(positions)[::STEPS])
    assert np.array_equal(script.visible, np.array(visible)[::STEPS])
    assert np.array_equal(script.velocities, np.array(velocities)[::STEPS] * STEPS)
    expected = {
        frame: {(e.kind, e.things, e.direction) for e in script.events if e.frame == frame} for frame in range(32)
    }
    assert len(script.events) == sum(map(len, expected.values()))
    going = list(velocities[0])  # differences of positions tell it as soon as a thing has moved
    possible = {frame: [set()] for frame in range(32)}
    for step, (at, there) in enumerate(zip(positions[:-1], visible, strict=False)):
        frame = step // STEPS + 1
        moved = tuple(tuple(map(int, np.subtract(positions[step + 1][i], at[i]))) for i in range(n))
        present = [i for i in range(n) if there[i]]
        assert all(moved[i] == (0, 0) for i in range(n) if not there[i])
        ways = explanations(at, radii, rooms, tuple(going), moved, present)
        assert ways, (frame, going, moved)
        possible[frame] = [some | way for some in possible[frame] for way in ways]
        going = [moved[i] if there[i] else going[i] for i in range(n)]
    for frame in range(1, 32):
        seen = zip(script.visible[frame - 1], script.visible[frame], strict=True)
        changed = {("appear" if now else "vanish", (i,), None) for i, (then, now) in enumerate(seen) if then != now}
        lit = np.flatnonzero((script.brightness[frame] > 0) & (script.brightness[frame - 1] == 0))
        changed |= {("flash", (int(i),), None) for i in lit}
        assert expected[frame] in [some | changed for some in possible[frame]]
    assert not expected[0]


@given(drawn, lengths)
@settings(deadline=None, max_examples=50)
def test_events_are_in_order_and_agree_with_any_length(truth, frames):
    script, longest = film.script(truth, frames), film.script(truth, 32)
    assert told(script.events) == [event for event in told(longest.events) if event[1] < frames]
    assert np.array_equal(script.positions, longest.positions[:frames])
    assert np.array_equal(script.brightness, longest.brightness[:frames])
    assert [e.frame for e in script.events] == sorted(e.frame for e in script.events)
    for event in script.events:
        assert event.kind in film.KINDS and event.time_s == event.frame / 12
        assert len(event.things) == (2 if event.kind == "collision" else 1)
        assert (event.direction in film.DIRECTIONS) == (event.kind == "bounce")
    assert len(set(told(script.events))) == len(script.events)
    for i in range(len(truth)):
        assert np.count_nonzero(np.diff(script.visible[:, i])) <= 1


@given(drawn)
@settings(deadline=None, max_examples=100)
def test_flashes_are_rare(truth):
    script = film.script(truth, 32)
    flashes = [e for e in script.events if e.kind == "flash"]
    for start in range(32):
        assert sum(start <= e.frame < start + 12 for e in flashes) < 3  # in any second
    lit = script.brightness > 0
    assert np.all(script.visible[lit])
    assert lit.sum(1).max() <= 1
    assert script.brightness.max() <= 100
    for event in flashes:
        assert tuple(script.brightness[event.frame : event.frame + 4, event.things[0]]) == motion.PULSE


def test_everything_happens():
    """Of 300 films few are without events, none is hemmed in, and every kind is frequent."""
    scripts = [film.script(scene(split, 0, i)) for split in ("train", "unseen_counts") for i in range(150)]
    kinds = [{e.kind for e in script.events} for script in scripts]
    for kind in film.KINDS:
        assert sum(kind in some for some in kinds) > 30, kind
    assert sum(not some for some in kinds) < 10
    assert all(motion._played(script.scene).settled for script in scripts[:60])


def test_no_single_frame_tells_which_way():
    """The direction at a frame cannot be told from the places of things at that frame; with the next frame it can."""
    scripts = [film.script(scene("train", 0, i)) for i in range(1600)]
    for frame in (0, 12):
        x = np.array([[*s.positions[frame, 0] / UNIT, s.scene.things[0].radius / UNIT] for s in scripts])
        x = np.hstack([x, x[:, :2] ** 2, x[:, :1] * x[:, 1:2]])
        y = np.array([s.direction_of(0, frame) for s in scripts])
        assert np.unique(y, return_counts=True)[1].min() > 0.2 * len(y)
        for model in (LogisticRegression(), RandomForestClassifier(20, min_samples_leaf=20, random_state=0)):
            score = model.fit(x[:800], y[:800]).score(x[800:], y[800:])
            assert score < 0.25 + 4 * np.sqrt(0.25 * 0.75 / 800), (frame, score)
    assert [s.direction for s in scripts] == [s.direction_of(0, 12) for s in scripts]
    x = np.array([s.positions[13, 0] - s.positions[12, 0] for s in scripts])
    y = np.array([s.direction for s in scripts])
    assert LogisticRegression().fit(x[:800], y[:800]).score(x[800:], y[800:]) > 0.9  # less those that turn there


def test_no_picture_tells_which_way():
    """The same for pixels: the middle frames of films of one thing."""
    scripts = [film.script(scene("train", 1, i, things=1)) for i in range(1000)]
    x = image.render_batch([s.scene_at(12) for s in scripts], 12).reshape(1000, -1) / 255 - 0.5
    y = np.array([s.direction for s in scripts])
    score = LogisticRegression(C=0.01, max_iter=200).fit(x[:500], y[:500]).score(x[500:], y[500:])
    assert score < 0.25 + 4 * np.sqrt(0.25 * 0.75 / 500)
