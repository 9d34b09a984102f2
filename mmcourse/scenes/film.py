"""The film of a scene: its things in motion, as frames, as a soundtrack, in words, and as the list of events.

What happens is a ``Script``, the exact truth (``scenes.motion``); frames and soundtrack are renderings of it, so that
the two are aligned by construction: every event is seen at its frame and heard at its time.

>>> from mmcourse.scenes import Scenes, film
>>> scene = Scenes("train")[0].truth
>>> film.render(scene).shape, film.soundtrack(scene).shape
((24, 64, 64, 3), (32000, 2))
"""

from collections import Counter
from math import sqrt

import numpy as np

from mmcourse.scenes import image
from mmcourse.scenes.instruments import PITCH, note, span
from mmcourse.scenes.motion import DIRECTIONS, FPS, FRAMES, KINDS, Event, Script, script
from mmcourse.scenes.sound import PEAK, RATE, add, check_rate, side

__all__ = ["DIRECTIONS", "FPS", "FRAMES", "KINDS", "Event", "Script", "render", "script", "soundtrack", "transcript"]

STRIKE = 0.25  # seconds: how long the sound of an event lasts
LEVEL = 0.035  # its root mean square, were it that long: all have the same energy

# The octaves above a thing's pitch at which the sound of an event begins and ends.
BENDS = {
    "bounce": (0.0, 0.0),
    "collision": (0.0, 0.0),
    "appear": (-1.0, 0.0),  # rises
    "vanish": (0.0, -1.0),  # falls
    "flash": (1.0, 1.0),  # an octave up
}

EDGES = {"left": "left edge", "right": "right edge", "up": "upper edge", "down": "lower edge"}


def render(scene, size=64, frames=FRAMES):
    """The frames of the film, uint8 (frames, size, size, 3), 12 a second; ``frames`` is an integer from 16 to 32.

    Frame 0 is the scene's own picture, but for things that appear later. A flash lightens its thing for a third of a
    second; there are never more than two a second. Raises ValueError for a knob out of range.
    """
    image.check_size(size)
    told = script(scene, frames)
    scenes = [told.scene_at(frame) for frame in range(frames)]
    pictures = image.render_batch(scenes, size)
    for frame, thing in zip(*np.nonzero(told.brightness), strict=True):
        shown = image.masks(scenes[frame], size)[np.count_nonzero(told.visible[frame, :thing])]
        way = (shown * (told.brightness[frame, thing] / 100))[..., None]
        picture = pictures[frame].astype(np.float32)
        pictures[frame] = picture + way * (255 - picture) + 0.5
    return pictures


def soundtrack(scene, rate=RATE, frames=FRAMES):
    """The sound of the film, float32 (n, 2) in [-1, 1], n = round(rate · frames / 12): as long as its frames.

    Each event is one stroke at its very time, on the instrument and at the pitch of its thing, panned to where the
    thing is then; at a collision both things sound. What happens to a thing at the same frame twice, as in a corner,
    sounds once. A stroke that rises is a thing that appears, one that falls a thing
    that vanishes, one an octave higher a flash. Between events it is silent once a stroke, of at most 0.25 s, has died
    away. Raises ValueError for a knob out of range.
    """
    check_rate(rate)
    told = script(scene, frames)
    out = np.zeros((round(rate * frames / FPS), 2))
    strokes = {(i, event.frame, BENDS[event.kind]) for event in told.events for i in event.things}
    for index, frame, bend in sorted(strokes):
        thing, key = scene.things[index], ("soundtrack", *scene.key, index)
        # A thing that is struck again stops sounding as it did, and nothing outlasts the film.
        end = min((later for i, later, _ in strokes if i == index and later > frame), default=frames)
        length = min(STRIKE, (end - frame) / FPS)
        first, t = span(frame / FPS, length, rate)
        tone = note(thing.shape, PITCH[thing.size], t, length, rate, key, struck=True, bend=bend)
        add(out, first, tone, LEVEL * sqrt(STRIKE / length), int(told.positions[frame, index, 0]))
    # Strokes that fall together may add up to too much; then the whole track is a little quieter.
    return (out / max(1.0, np.abs(out).max(initial=0) / PEAK)).astype(np.float32)


def transcript(scene, frames=FRAMES):
    """The film in words, one line for what is there at first and one for each event:

    "At first, a small blue circle (left) moves right." then "1.4 s: the small blue circle bounces off the right edge."
    """
    told = script(scene, frames)
    names = _names(scene)

    def place(thing, frame):
        return side(int(told.positions[frame, thing, 0]))

    def moves(thing, frame):
        return f"({place(thing, frame)}) moves {told.direction_of(thing, frame)}"

    there = [f"a {names[i]} {moves(i, 0)}" for i in range(len(scene)) if told.visible[0, i]]
    lines = [f"At first, {_listed(there)}."] if there else ["At first, nothing is there."]
    for event in told.events:
        first, *others = event.things
        if event.kind == "bounce":
            what = f"the {names[first]} bounces off the {EDGES[event.direction]}"
        elif event.kind == "collision":
            what = f"the {names[first]} and the {names[others[0]]} collide"
        elif event.kind == "appear":
            what = f"a {names[first]} ({place(first, event.frame)}) appears and moves "
            what += told.direction_of(first, event.frame)
        else:
            what = f"the {names[first]} {'vanishes' if event.kind == 'vanish' else 'flashes'}"
        lines.append(f"{event.time_s:.1f} s: {what}.")
    return "\n".join(lines)


def _names(scene):
    """What to call each thing: its size, colour and shape, and a number where two would be called the same."""
    names = [f"{t.size} {t.colour} {t.shape}" for t in scene.things]
    total, seen = Counter(names), Counter()
    for place, name in enumerate(names):
        seen[name] += 1
        if total[name] > 1:
            names[place] = f"{name} (number {seen[name]})"
    return names


def _listed(parts):
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
