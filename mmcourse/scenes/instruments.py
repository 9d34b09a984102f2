"""The five instruments of Scene World: one timbre for each shape.

==========  ======  ==============================================================================================
shape       sounds  because of
==========  ======  ==============================================================================================
circle      bell    three partials that are no multiples of the first, and ring on
square      reed    odd harmonics that hold as long as the note does, as in a square wave
triangle    pluck   all harmonics, the high ones dying first, as on a plucked string
star        flute   nearly a sine, with vibrato, a slow attack and breath: noise around the tone
cross       wood    three partials far apart that die within a tenth of a second
==========  ======  ==============================================================================================

Every tone is a sum of sines (Risset and Mathews, 1969, "Analysis of musical-instrument tones"), so nothing lies above
the highest of them: partials fade out from 0.37 to 0.42 of the sampling rate, which leaves room for what attacks and
decays add at the sides, and nothing folds back.
"""

from math import ceil, log

import numpy as np

from mmcourse.scenes.noise import normal
from mmcourse.scenes.random import Stream

NAMES = {"circle": "bell", "square": "reed", "triangle": "pluck", "star": "flute", "cross": "wood"}

PITCH = {"large": 220.0, "small": 880.0}  # hertz: two octaves apart, so that no detuning confuses them
DETUNE = 20  # at most so many hundredths of a semitone up or down
LIVELY = 12  # percent by which a decay may be longer or shorter

# Partials of struck things: frequency over that of the first, amplitude, seconds until it has fallen to 1/e.
BELL = ((1.0, 1.0, 0.50), (2.76, 0.40, 0.25), (5.40, 0.22, 0.12))
WOOD = ((1.0, 1.0, 0.055), (3.93, 0.55, 0.030), (9.20, 0.25, 0.012))

# Harmonics 1, 2, 3, ... of the others.
REED = [(0.04 if k % 2 == 0 else 1.0) / k / (1 + (k / 12) ** 2) for k in range(1, 20)]
PLUCK = [np.sin(0.19 * np.pi * k) / k**1.1 for k in range(1, 26)]  # plucked at 0.19 of the string's length
FLUTE = [1.0, 0.20, 0.06]
BREATH = 0.16  # root mean square of the breath, over that of a sine
BREATH_TOP = 6000.0  # hertz

ATTACK = {"circle": 0.003, "square": 0.022, "triangle": 0.003, "star": 0.050, "cross": 0.003}  # seconds
STRIKE = 0.003  # the attack of every instrument when it is struck
FALL = 0.050  # seconds until a struck sound has fallen to 1/e, at most
RELEASE = 0.020


def span(start, seconds, rate):
    """The samples of a sound that begins at ``start`` (in seconds): the place of the first, and the time of each since
    ``start``, float64 (n,) in [0, seconds)."""
    first, end = (ceil(time * rate - 1e-6) for time in (start, start + seconds))
    return first, np.arange(first, end) / rate - start


def note(shape, frequency, t, seconds, rate, key, struck=False, bend=(0.0, 0.0)):
    """A note of the instrument of ``shape``, float64 like ``t``, smooth at both ends, its mean square 1.

    - ``frequency``: in hertz;
    - ``t``: the time of each sample since the note's begin, in seconds; ``seconds``: how long the note is;
    - ``rate``: samples a second;
    - ``key``: of the stream from which detuning, liveliness and breath are drawn;
    - ``struck``: whether the sound begins at once and dies away, whatever the instrument;
    - ``bend``: octaves above ``frequency`` at which the note begins and ends.
    """
    stream = Stream(*key)
    frequency = frequency * 2.0 ** (stream.between(-DETUNE, DETUNE) / 1200)
    lively = 1 + stream.between(-LIVELY, LIVELY) / 100
    phase, top = _phase(frequency, t, seconds, bend)
    if shape == "circle":
        tone = _partials(BELL, phase, t / lively, top, rate)
    elif shape == "cross":
        tone = _partials(WOOD, phase, t / lively, top, rate)
    elif shape == "square":
        tone = _harmonics(REED, phase, 0.0 * t, top, rate)
    elif shape == "triangle":
        # Each harmonic dies faster than the one below it; together they die like a string.
        tone = _harmonics(PLUCK, phase, -1.1 / lively * t, top, rate) * np.exp(-1.6 / lively * t)
    elif shape == "star":
        phase = phase + 0.003 * frequency / 5.2 * np.sin(2 * np.pi * 5.2 * t)
        tone = _harmonics(FLUTE, phase, 0.0 * t, top, rate) + lively * _breath(frequency, len(t), rate, key)
        tone *= 1 + 0.10 * np.sin(2 * np.pi * 5.2 * t - 1.2)
    else:
        raise ValueError(f"Unknown shape. Received: shape={shape!r}. Allowed: {', '.join(NAMES)}.")
    if struck:
        tone *= np.exp(-t / FALL)
    tone *= _ramp(t / (STRIKE if struck else ATTACK[shape])) * _ramp((seconds - t) / RELEASE)
    return tone / max(np.sqrt(np.mean(tone * tone)), 1e-12)


def _phase(frequency, t, seconds, bend):
    """The phase in radians at each time, and the highest frequency reached on the way, in hertz."""
    begin, end = bend
    top = frequency * 2.0 ** max(begin, end)
    if begin == end:
        return 2 * np.pi * top * t, top
    speed = (end - begin) * log(2) / seconds  # the frequency is an exponential of time; its integral is
    return 2 * np.pi * frequency * 2.0**begin * np.expm1(speed * t) / speed, top


def _kept(frequency, rate):
    """How much of a partial is kept: all below 0.37 of the rate, nothing above 0.42."""
    return np.clip((0.42 - np.asarray(frequency) / rate) / 0.05, 0, 1)


def _partials(partials, phase, t, top, rate):
    tone = np.zeros_like(t)
    for ratio, amplitude, fall in partials:
        kept = _kept(ratio * top, rate)
        if kept:
            tone += amplitude * kept * np.exp(-t / fall) * np.sin(ratio * phase)
    return tone


def _harmonics(amplitudes, phase, growth, top, rate):
    """The sum over k of a_k exp(k growth) sin(k phase): the imaginary part of a polynomial in one complex number, by
    Horner's rule, which needs one sine for all harmonics."""
    amplitudes = [a * kept for k, a in enumerate(amplitudes, 1) if (kept := _kept(k * top, rate))]
    base = np.empty(len(phase), complex)
    base.real, base.imag = np.cos(phase), np.sin(phase)
    if np.any(growth):
        base *= np.exp(growth)
    total = np.zeros_like(base)
    for amplitude in reversed(amplitudes):
        total += amplitude
        total *= base
    return total.imag


def _breath(frequency, n, rate, key):
    """Noise around the tone. It is drawn as a spectrum, so that the same breath sounds at every rate."""
    step = rate / n
    hertz = np.arange(int(BREATH_TOP / step) + 1) * step
    weight = hertz / frequency / (1 + (hertz / (2.2 * frequency)) ** 4) * np.clip((BREATH_TOP - hertz) / 1000, 0, 1)
    drawn = normal((len(hertz), 2), "breath", *key) * weight[:, None]
    drawn *= BREATH * n / 2 / max(np.sqrt(np.sum(drawn * drawn)), 1e-12)  # irfft divides by n
    drawn *= _kept(hertz, rate)[:, None]
    return np.fft.irfft(drawn[: n // 2 + 1, 0] + 1j * drawn[: n // 2 + 1, 1], n)


def _ramp(way):
    """From 0 at 0 to 1 at 1 along half a period of a cosine, without a kink at either end."""
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(way, 0, 1))
