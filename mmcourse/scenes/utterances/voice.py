"""A voice, made of nothing: a buzzing source, shaped by the resonances of a mouth.

After the source-filter theory of speech (Fant, 1960, "Acoustic theory of speech production") and formant synthesis
(Klatt, 1980, "Software for a cascade/parallel formant synthesizer"). The source is a sum of harmonics of the pitch;
each is as loud as the three resonances (formants) of the vowel let it be. A word is said as its vowels, with a short
breath before each: one hears the melody and the tone of a voice, and hardly the words, which is what the course needs.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mmcourse.scenes.noise import normal
from mmcourse.scenes.random import Stream

RATE = 16000
TONES = ("calm", "happy", "sad", "angry")

# The first three formants of vowels, in hertz, after Peterson and Barney (1952), adult men, rounded.
VOWELS = {
    "a": (730, 1090, 2440), "e": (530, 1840, 2480), "i": (270, 2290, 3010), "o": (570, 840, 2410),
    "u": (300, 870, 2240),
}  # fmt: skip
WIDTHS = (90.0, 110.0, 170.0)  # of the resonances, in hertz

HIGHEST = 0.45  # no partial above this share of the rate: nothing folds back
STEP = 64  # samples
RMS = 0.1  # every utterance is equally loud on the whole, so that loudness alone tells no tone


@dataclass(frozen=True)
class Manner:
    """How a tone speaks. ``pitch``: factor on the speaker's own; ``span``: how far the melody goes up and down, as a
    factor; ``rise``: of the pitch from beginning to end, as a factor; ``syllable``: its seconds; ``tilt``: decibels an
    octave that the source falls; ``breath``: share of noise; ``rough``: how unsteady the pitch is, as a share."""

    pitch: float
    span: float
    rise: float
    syllable: float
    tilt: float
    breath: float
    rough: float


MANNERS = {
    "calm": Manner(pitch=1.00, span=1.06, rise=0.95, syllable=0.17, tilt=-12, breath=0.04, rough=0.004),
    "happy": Manner(pitch=1.35, span=1.40, rise=1.15, syllable=0.14, tilt=-9, breath=0.03, rough=0.004),
    "sad": Manner(pitch=0.88, span=1.05, rise=0.80, syllable=0.23, tilt=-15, breath=0.16, rough=0.006),
    "angry": Manner(pitch=1.20, span=1.18, rise=0.85, syllable=0.12, tilt=-5, breath=0.05, rough=0.030),
}


@dataclass(frozen=True)
class Speaker:
    """Somebody's voice: its ``pitch`` in hertz and the ``size`` of the mouth, a factor on all formants."""

    pitch: float
    size: float


@lru_cache(maxsize=256)
def speaker(number):
    """The speaker of this number (an integer >= 0): pitches from 95 to 230 hertz, smaller mouths to higher pitches."""
    stream = Stream("speaker", number)
    place = stream.below(1000) / 999
    return Speaker(pitch=95 * (230 / 95) ** place, size=0.95 + 0.2 * place + stream.between(-30, 30) / 1000)


def say(vowels, tone, who, key):
    """The sound of vowels said in a tone: float32 (n, 1) in (-1, 1), at 16 kHz.

    Args:
        vowels: str of a, e, i, o, u, one for each syllable; blanks are short pauses between words.
        tone: "calm", "happy", "sad" or "angry".
        who: number of the speaker.
        key: sequence of strings and integers that names the stream of the small irregularities.

    Raises ValueError for an unknown tone or vowel, and where there is nothing to say.
    """
    if tone not in TONES:
        raise ValueError(f"Unknown tone. Received: tone={tone!r}. Allowed: {', '.join(TONES)}.")
    if not vowels.strip() or set(vowels) - set(VOWELS) - {" "}:
        raise ValueError(f"Received: vowels={vowels!r}. Allowed: a text of {', '.join(VOWELS)} and blanks.")
    manner, voice, stream = MANNERS[tone], speaker(who), Stream("voice", *key)
    pitch, loud, formants = _contours(vowels, manner, voice, stream)
    n = len(pitch)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    # Mouth and pitch move slowly: how loud a harmonic is, is worked out every four milliseconds.
    slow = np.arange(0, n + STEP, STEP).clip(max=n - 1)
    harmonics = np.arange(1, int(HIGHEST * RATE / pitch.max()) + 1)
    harmonics = harmonics[harmonics * pitch.min() < 5000]  # the three resonances leave nothing above
    frequency = harmonics[:, None] * pitch[slow]
    gains = _resonance(frequency, formants[:, slow]) * harmonics[:, None] ** (manner.tilt / 20 / np.log10(2))
    sound = np.zeros(n)
    before, now, twice = np.zeros(n), np.sin(phase), 2 * np.cos(phase)
    between = np.arange(STEP, dtype=np.float64)
    for gain in gains:  # sin((k + 1) x) = 2 cos(x) sin(k x) - sin((k - 1) x)
        # Linear between the steps, to the last digit as np.interp has it, which takes most of a voice's time.
        loudness = (np.diff(gain) / STEP)[:, None] * between + gain[:-1, None]
        sound += loudness.ravel()[:n] * now
        before, now = now, twice * now - before
    noise = normal(n, "breath", *key)
    sound = loud * (sound / _rms(sound) + manner.breath / (1 - manner.breath) * noise / _rms(noise))
    sound *= RMS / _rms(sound)
    return np.clip(sound, -0.999, 0.999).astype(np.float32)[:, None]


def _contours(vowels, manner, voice, stream):
    """Sample by sample: the pitch in hertz, the loudness 0 … 1, and the formants (3, n) in hertz."""
    pieces, syllables = [], max(len(vowels.replace(" ", "")), 1)
    done = 0
    for letter in vowels:
        if letter == " ":
            pieces.append((None, 0.06, 1.0))
            continue
        accent = manner.span ** ((stream.between(-100, 100)) / 100)
        along = manner.rise ** (done / max(syllables - 1, 1) - 0.5)
        seconds = manner.syllable * stream.between(85, 115) / 100
        pieces.append((letter, seconds, voice.pitch * manner.pitch * accent * along))
        done += 1
    starts, pitches, lengths, places = [], [], [], []
    n = 0
    for letter, seconds, hertz in pieces:
        samples = round(seconds * RATE)
        if letter is not None:
            starts.append(n + samples // 2)
            pitches.append(hertz)
            lengths.append((n, samples))
            places.append([f * voice.size for f in VOWELS[letter]])
        n += samples
    time = np.arange(n)
    pitch = np.interp(time, starts, pitches)
    # Unsteadiness: a slow random walk of the pitch, drawn every ten milliseconds.
    points = np.arange(0, n + 160, 160)
    shake = np.array([stream.between(-1000, 1000) / 1000 for _ in points])
    pitch = pitch * (1 + manner.rough * np.interp(time, points, shake))
    formants = np.stack([np.interp(time, starts, column) for column in zip(*places, strict=True)])
    loud = np.zeros(n)
    for first, samples in lengths:
        ramp = np.minimum(np.arange(samples) + 1, np.arange(samples)[::-1] + 1) / (0.03 * RATE)
        loud[first : first + samples] = np.sin(np.pi / 2 * np.clip(ramp, 0, 1)) ** 2
    return pitch, loud, formants


def _resonance(frequency, formants):
    """How much of each frequency (k, n) the formants (3, n) let through."""
    gain = np.zeros_like(frequency)
    for centre, width, weight in zip(formants, WIDTHS, (1.0, 0.6, 0.3), strict=True):
        gain += weight / np.sqrt(1 + ((frequency - centre) / width) ** 2)
    return gain


def _rms(x):
    return np.sqrt(np.mean(x * x)) + 1e-12
