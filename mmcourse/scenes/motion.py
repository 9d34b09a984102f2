"""What happens in a film: the things of a scene move, bounce, collide, appear, vanish and flash.

All of it is integers, in 1/1024 of the frame's side, so that the truth of a film is identical on every machine. Between
two frames lie ``STEPS`` steps; in each step a thing moves by its velocity. A thing that would leave the room in which
scenes are drawn bounces: that part of its velocity changes sign. Two things that would come closer than things of a
scene ever are exchange their velocities, as equal masses do in a head-on collision; since that turns their relative
velocity round, it always parts them.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mmcourse.scenes.random import Stream
from mmcourse.scenes.sampling import CLOSEST, EDGE
from mmcourse.scenes.scene import UNIT, Scene, Thing

FPS = 12  # frames a second
FRAMES = 24
FEWEST, MOST = 16, 32
KINDS = ("bounce", "collision", "appear", "vanish", "flash")
DIRECTIONS = ("left", "right", "up", "down")

STEPS = 4  # between two frames
FAST = (6, 10)  # of a step, along the axis of motion: 288 to 480 a second
ASIDE = 4  # and across it, at most

APPEARS, VANISHES = 25, 20  # percent of the things but the first
APPEAR = (3, 9)  # from which frame to which; later where another thing is in the way
APPEARED = 14  # by this frame it must be there
VANISH = (8, 15)
PULSE = (40, 60, 35, 12)  # percent of the way to white, frame by frame
APART = 6  # frames from one flash to the next, of whatever thing: two a second, where three are a risk for some people
ATTEMPTS = 20
SETTLE = 12


@dataclass(frozen=True)
class Event:
    """One event of a film.

    - ``kind``: one of ``KINDS``;
    - ``frame``: the first frame that shows it; ``time_s`` = frame / 12, in seconds;
    - ``things``: places in ``scene.things``, a tuple of two for a collision, else of one;
    - ``direction``: of a bounce, the edge: "left", "right", "up" (the upper edge) or "down"; else None.
    """

    kind: str
    frame: int
    time_s: float
    things: tuple[int, ...]
    direction: str | None = None


@dataclass(frozen=True, eq=False)
class Script:
    """All that is true of a film of ``t`` frames and ``n`` things; its arrays cannot be written to.

    - ``scene``: what the film starts from;
    - ``positions``: int32 (t, n, 2), the centres x, y in 1/1024. Of a thing that is not there: where it will appear or
      was last seen;
    - ``velocities``: int32 (t, n, 2), in 1/1024 a frame: how it leaves that frame;
    - ``visible``: bool (t, n);
    - ``brightness``: int32 (t, n), percent of the way to white: 0 but in a flash;
    - ``events``: a tuple of ``Event``, in the order in which they happen.
    """

    scene: Scene
    positions: np.ndarray
    velocities: np.ndarray
    visible: np.ndarray
    brightness: np.ndarray
    events: tuple[Event, ...]

    def __len__(self):
        return len(self.positions)

    def direction_of(self, thing, frame):
        """Which way a thing moves when it leaves a frame: "left", "right", "up" or "down", the longer part of its
        velocity."""
        x, y = self.velocities[frame, thing].tolist()
        return ("left" if x < 0 else "right") if abs(x) > abs(y) else ("up" if y < 0 else "down")

    @property
    def direction(self):
        """Which way the first thing moves at the middle frame, ``len(self) // 2``; None in a film without things.

        A label that no picture shows: starts are spread evenly over the room and independent of the direction, and
        bouncing keeps them so; hence at every frame the picture says nothing about the direction *at that frame*. It
        takes a second frame. (About the direction at another frame it says something: who is at the left now has more
        probably moved left before.)
        """
        return self.direction_of(0, len(self) // 2) if len(self.scene) else None

    def scene_at(self, frame):
        """The things that are there at a frame, at their places, as a ``Scene``."""
        return Scene(
            tuple(
                Thing(t.shape, t.colour, t.size, x, y, t.radius)
                for t, (x, y), there in zip(
                    self.scene.things, self.positions[frame].tolist(), self.visible[frame].tolist(), strict=True
                )
                if there
            ),
            self.scene.background,
            self.scene.key,
        )


def script(scene, frames=FRAMES):
    """What happens in the film of a scene: a ``Script`` of ``frames`` frames, an integer from 16 to 32, 12 a second.

    At first every thing is where the scene has it; its first thing is there throughout, others may appear later or
    vanish. Every thing moves all the time. A film of fewer frames is the beginning of the longer one. Drawn from
    streams of the film's own, named by the scene's key. Raises ValueError for ``frames`` out of range.
    """
    if not (isinstance(frames, int | np.integer) and not isinstance(frames, bool) and FEWEST <= frames <= MOST):
        raise ValueError(f"Received: frames={frames!r}. Allowed: an integer from {FEWEST} to {MOST}.")
    return _script(scene, int(frames))


@lru_cache(maxsize=256)  # picture, soundtrack and transcript of one film all ask
def _script(scene, frames):
    play = _played(scene)
    positions, velocities, visible = (np.array(part[::STEPS]) for part in play.record())
    visible = visible.astype(bool)  # of no things, NumPy makes floats
    brightness, flashes = _flashes(scene, visible)
    happened = sorted(play.events | flashes, key=lambda event: (event[1], KINDS.index(event[0]), event))
    events = tuple(
        Event(kind, frame, frame / FPS, things, side or None)
        for kind, frame, things, side in happened
        if frame < frames
    )
    n = len(scene)
    arrays = (
        positions.reshape(MOST, n, 2).astype(np.int32),
        velocities.reshape(MOST, n, 2).astype(np.int32) * STEPS,
        visible,
        brightness,
    )
    cut = [np.ascontiguousarray(array[:frames]) for array in arrays]
    for array in cut:
        array.flags.writeable = False
    return Script(scene, *cut, events)


def _played(scene):
    """The longest film of a scene: of the plans that its streams draw, the first in which all goes well."""
    for attempt in range(ATTEMPTS):
        # The last plan leaves nothing to appear, so that it cannot fail for want of room.
        play = Play(scene, *_plan(scene, Stream("film", *scene.key, attempt), attempt == ATTEMPTS - 1))
        if play.settled and play.complete:
            break
    return play


def _plan(scene, stream, last):
    """(velocities, the frame at which each thing appears, the frame at which each vanishes)."""
    velocities, appears, vanishes = [], [], []
    for place in range(len(scene)):
        fast = stream.between(*FAST) * stream.choice((-1, 1))
        aside = stream.between(-ASIDE, ASIDE)
        velocities.append([fast, aside] if stream.chance(50) else [aside, fast])
        fate, appear, vanish = stream.below(100), stream.between(*APPEAR), stream.between(*VANISH)
        appears.append(appear if place and fate < APPEARS and not last else 0)
        vanishes.append(vanish if place and APPEARS <= fate < APPEARS + VANISHES else MOST)
    return velocities, appears, vanishes


def room(thing):
    """The least and the greatest that x and y of a thing's centre may be, as ((x, x), (y, y)): where scenes are drawn.
    A thing that a hand has put further out may be as far out as that."""
    low, high = thing.radius + EDGE, UNIT - thing.radius - EDGE
    return tuple((min(low, start), max(high, start)) for start in (thing.x, thing.y))


class Play:
    """The longest film of a scene, played step by step. ``settled``: no thing ever had to wait because it was hemmed in
    on all sides; ``complete``: whatever was to appear has appeared."""

    def __init__(self, scene, velocities, appears, vanishes):
        n = len(scene)
        self.rooms = [room(thing) for thing in scene.things]
        self.radii = [thing.radius for thing in scene.things]
        self.at, self.velocity = [[t.x, t.y] for t in scene.things], [list(v) for v in velocities]
        self.there = [appear == 0 for appear in appears]
        self.settled, self.events, self.history = True, set(), []
        gone = [False] * n
        self._note()
        for frame in range(1, MOST):
            for step in range(STEPS):
                self._step(frame)
                if step < STEPS - 1:
                    self._note()
            for i in range(n):
                if self.there[i] and vanishes[i] == frame:
                    self.there[i], gone[i] = False, True
                    self.events.add(("vanish", frame, (i,), ""))
            for i in range(n):
                if not self.there[i] and not gone[i] and frame >= appears[i] and self._free(i):
                    self.there[i] = True
                    self.events.add(("appear", frame, (i,), ""))
            self._note()
            if frame == APPEARED and not all(map(max, self.there, gone)):
                break
        self.complete = all(map(max, self.there, gone))

    def record(self):
        """Positions and velocities (steps, n, 2) and presence (steps, n), as lists, of every step from frame 0 on."""
        return tuple(zip(*self.history, strict=True))

    def _note(self):
        self.history.append(([*map(tuple, self.at)], [*map(tuple, self.velocity)], tuple(self.there)))

    def _free(self, i):
        """Whether the place where a thing waits is free, and a little around it."""
        return all(
            (self.at[i][0] - self.at[j][0]) ** 2 + (self.at[i][1] - self.at[j][1]) ** 2
            > (self.radii[i] + self.radii[j]) ** 2
            for j in range(len(self.at))
            if self.there[j]
        )

    def _step(self, frame):
        moving = [i for i, there in enumerate(self.there) if there]
        for _ in range(SETTLE):
            if not (self._bounce(moving, frame) | self._collide(moving, frame)):
                break
        else:
            self.settled = False
            return
        for i in moving:
            self.at[i][0] += self.velocity[i][0]
            self.at[i][1] += self.velocity[i][1]

    def _bounce(self, moving, frame):
        changed = False
        for i in moving:
            velocity = self.velocity[i]
            for axis in (0, 1):
                low, high = self.rooms[i][axis]
                after = self.at[i][axis] + velocity[axis]
                if after < low or after > high:
                    velocity[axis] = -velocity[axis]
                    self.events.add(("bounce", frame, (i,), DIRECTIONS[2 * axis + (after > high)]))
                    changed = True
        return changed

    def _collide(self, moving, frame):
        changed = False
        for place, i in enumerate(moving):
            for j in moving[place + 1 :]:
                x, y = self.at[i][0] - self.at[j][0], self.at[i][1] - self.at[j][1]
                a = x + self.velocity[i][0] - self.velocity[j][0]
                b = y + self.velocity[i][1] - self.velocity[j][1]
                near = CLOSEST * (self.radii[i] + self.radii[j])
                if 10000 * (a * a + b * b) < near * near and a * a + b * b < x * x + y * y:
                    self.velocity[i], self.velocity[j] = self.velocity[j], self.velocity[i]
                    self.events.add(("collision", frame, (i, j), ""))
                    changed = True
        return changed


def _flashes(scene, visible):
    """Brightness, int32 (t, n), and the flashes as a set of events. At most two a film."""
    brightness, flashes = np.zeros(visible.shape, np.int32), set()
    stream = Stream("flash", *scene.key)
    count, first, wait = stream.below(3), stream.between(2, 12), stream.between(APART, 2 * APART)
    for frame in (first, first + wait)[:count]:
        pulse = slice(frame, frame + len(PULSE))
        there = [i for i in range(len(scene)) if visible[pulse, i].all()]
        if there:
            thing = stream.choice(there)
            brightness[pulse, thing] = PULSE
            flashes.add(("flash", frame, (thing,), ""))
    return brightness, flashes
