"""The sound of a scene: a short tune that can be learnt to be read.

The clip has four beats (more only where a scene has more things). From left to right each thing plays one note, on a
beat of its own; what is left of the clip is silent. So the number of notes is the number of things, and

- *timbre* tells the shape: circle a bell, square a reed, triangle a plucked string, star a flute, cross struck wood
  (``scenes.instruments``);
- *pitch* tells the size: large things are low (220 Hz), small ones high (880 Hz);
- *panning* tells how far to the right a thing is, at constant power.

Every note has the same power. Colour, height and background make no sound: only the picture knows them, which is what
the chapters on fusion live on.

>>> from mmcourse.scenes import Scenes, sound
>>> sound.render(Scenes("train")[0].truth).shape
(32000, 2)
"""

from math import isfinite

import numpy as np

from mmcourse.scenes.instruments import NAMES, PITCH, note, span
from mmcourse.scenes.noise import normal
from mmcourse.scenes.scene import UNIT

RATE, SECONDS = 16000, 2.0
RATES = (8000, 48000)  # lowest and highest
LENGTHS = (0.5, 20.0)  # seconds
SHORTEST_BEAT = 0.1  # seconds

BEATS = 4
LEVEL = 0.09  # the root mean square of a note, both channels together
PEAK = 0.98  # no sample is larger
LONGEST_NOTE = 0.6  # seconds
GAP = 0.04  # the share of a beat that is silent before the next

LOUDNESS = (-60.0, 120.0)  # decibels of signal over noise
REGISTER = {"large": "low", "small": "high"}
PLACES = ("far left", "left", "middle", "right", "far right")


def render(scene, rate=RATE, seconds=SECONDS):
    """The sound of a scene, float32 (n, 2) in [-1, 1], n = round(rate · seconds): left and right channel.

    - ``rate``: samples a second, an integer from 8,000 to 48,000. The same tune sounds at every rate, less the partials
      that a low rate cannot hold;
    - ``seconds``: 0.5 to 20. Notes last up to 0.6 s, at most one beat.

    Machines agree within 1e-4. Small detunings and the flute's breath come from a stream of the sound's own. Raises
    ValueError for a knob out of range.
    """
    check_rate(rate)
    beat = _beat(scene, seconds)
    out = np.zeros((round(rate * seconds), 2))
    length = min((1 - GAP) * beat, LONGEST_NOTE)
    for place, index in enumerate(order(scene)):
        thing = scene.things[index]
        first, t = span(place * beat, length, rate)
        tone = note(thing.shape, PITCH[thing.size], t, length, rate, ("sound", *scene.key, index))
        add(out, first, tone, LEVEL, thing.x)
    return out.astype(np.float32)


def render_batch(scenes, rate=RATE, seconds=SECONDS):
    """The sounds of ``n`` scenes, float32 (n, samples, 2): those of ``render``, in one array."""
    check_rate(rate)
    scenes = list(scenes)
    _beat((), seconds)  # so that bad knobs are named even where there is no scene
    out = np.empty((len(scenes), round(rate * seconds), 2), np.float32)
    for place, scene in enumerate(scenes):
        out[place] = render(scene, rate, seconds)
    return out


def order(scene):
    """The places in ``scene.things`` in the order in which they sound: from left to right."""
    return sorted(range(len(scene)), key=lambda index: scene.things[index].x)


def beat_of(scene, seconds=SECONDS):
    """When each thing of ``scene.things`` begins to sound, in seconds, float64 (things,)."""
    beat, starts = _beat(scene, seconds), np.empty(len(scene))
    starts[order(scene)] = np.arange(len(scene)) * beat
    return starts


def transcript(scene):
    """The sound in words, from left to right: "left: a low bell; right: a high pluck"."""
    heard = [scene.things[index] for index in order(scene)]
    return "; ".join(f"{side(t.x)}: a {REGISTER[t.size]} {NAMES[t.shape]}" for t in heard) or "silence"


def side(x):
    """Where in the frame ``x`` (in 1/1024) is, in words: "far left", "left", "middle", "right" or "far right"."""
    return PLACES[min(max(x * len(PLACES) // UNIT, 0), len(PLACES) - 1)]


def add(out, first, tone, level, x):
    """Adds a note of power 1 to ``out``, float64 (n, 2), from sample ``first`` on, at root mean square ``level``,
    panned to ``x`` (in 1/1024): the squares of the two gains sum to 1, so that power is the same everywhere."""
    tone = tone[: len(out) - first]
    level = min(level, PEAK / max(np.abs(tone).max(initial=0), 1e-12))
    angle = 0.5 * np.pi * min(max(x / UNIT, 0), 1)
    out[first : first + len(tone), 0] += level * np.cos(angle) * tone
    out[first : first + len(tone), 1] += level * np.sin(angle) * tone


def add_noise(audio, snr_db, key, power=None):
    """The sound with white normal noise, float32 of the same shape, in [-1, 1].

    - ``audio``: float (n,) or (n, channels); each channel gets noise of its own;
    - ``snr_db``: the power of the sound over that of the noise, in decibels, both over all samples and channels: -60 to
      120. The noise drawn is scaled so that this holds exactly, up to the rounding to float32;
    - ``key``: names the noise: a tuple of strings and integers, for example ``scene.key``. Equal keys, equal noise;
    - ``power``: the mean square to measure the noise against; None for the sound's own. A silent sound has none, so
      there it must be given.

    Where the sum would leave [-1, 1], sound and noise together are made quieter, which keeps their ratio.
    """
    audio = np.asarray(audio, np.float64)
    if audio.ndim not in (1, 2):
        raise ValueError(f"Received: audio of shape {audio.shape}. Allowed: (n,) or (n, channels).")
    if not (_real(snr_db) and LOUDNESS[0] <= snr_db <= LOUDNESS[1]):
        raise ValueError(
            f"Received: snr_db={snr_db!r}. Allowed: a number from {LOUDNESS[0]:g} to {LOUDNESS[1]:g} (decibels)."
        )
    if power is None:
        power = np.mean(audio * audio) if audio.size else 0.0
        if power == 0:
            raise ValueError("Silence has no signal-to-noise ratio. Received: power=None. Allowed: a number > 0.")
    elif not (_real(power) and power > 0):
        raise ValueError(f"Received: power={power!r}. Allowed: a number > 0, or None for the sound's own.")
    noise = normal(audio.shape, "noise", *(key if isinstance(key, tuple | list) else (key,)))
    if noise.size:
        noise *= np.sqrt(power / 10 ** (snr_db / 10) / np.mean(noise * noise))
    mixed = audio + noise
    return (mixed / max(1.0, np.abs(mixed).max(initial=0) / PEAK)).astype(np.float32)


def check_rate(rate):
    """Raises ValueError when ``rate`` is no sampling rate that sounds can have."""
    if not (isinstance(rate, int | np.integer) and not isinstance(rate, bool) and RATES[0] <= rate <= RATES[1]):
        raise ValueError(f"Received: rate={rate!r}. Allowed: an integer from {RATES[0]} to {RATES[1]} (a second).")


def _beat(scene, seconds):
    if not (_real(seconds) and LENGTHS[0] <= seconds <= LENGTHS[1]):
        raise ValueError(f"Received: seconds={seconds!r}. Allowed: a number from {LENGTHS[0]:g} to {LENGTHS[1]:g}.")
    beat = seconds / max(BEATS, len(scene))
    if beat < SHORTEST_BEAT:
        raise ValueError(
            f"Too many things to hear. Received: {len(scene)} in seconds={seconds!r}. "
            f"Allowed: {SHORTEST_BEAT:g} s for each."
        )
    return beat


def _real(value):
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool) and isfinite(value)
