"""From items to a table: one row an item, one column a measurement, a hole where a modality is missing.

``table`` measures, ``spoil`` does to a table what the world does to tables and says exactly what it did, so that
cleaning can be scored. All the rest of preparing data (imputing, scaling, splitting) is scikit-learn's.
"""

import zlib
from typing import NamedTuple

import numpy as np
import pandas as pd

from mmcourse._machinery.checks import check_number, check_numbers, check_one_of, check_whole
from mmcourse._machinery.sounds import check_sound
from mmcourse.scenes.faults import percent
from mmcourse.text import tokenize

COLUMNS = {
    "text": ("text", "text_words"),
    "audio": ("audio_seconds", "audio_loudness", "audio_pitch", "audio_melody", "audio_brightness"),
    "image": ("image_red", "image_green", "image_blue"),
    "video": ("video_frames", "video_motion"),
}

FRAME, HOP = 0.040, 0.020  # seconds: two periods of the lowest pitch must fit
LOWEST, HIGHEST = 60, 500  # hertz: where a voice's pitch is looked for
PERIODIC = 0.3  # a frame has a pitch where it is at least so like itself one period later
NEARLY = 0.9  # as high as the highest peak
QUIET = 0.5  # frames below this share of the median level are pauses


# ── measuring ───────────────────────────────────────────────────────────────────────────────────────


def table(items, modalities=("text", "audio", "image")):
    """A collection as a table: a DataFrame with one row an item, in the collection's order.

    ==================  =======================================================================================
    id, split           str
    label               as the item has it
    speaker             str, who speaks, where the item's truth says so; else missing
    text                str, the first caption; ``text_words``: how many words (Chinese: characters) it has
    audio_seconds       how long; ``audio_loudness``: median level in decibels of full scale; ``audio_pitch``:
                        median, in hertz; ``audio_melody``: interquartile range of the pitch, in semitones;
                        ``audio_brightness``: median centre of the spectrum, in hertz (see ``voice``)
    image_red,          mean of the picture's channels, 0 to 255
    _green, _blue
    video_frames        how many; ``video_motion``: mean absolute change from frame to frame, 0 to 255
    ==================  =======================================================================================

    Nothing of an item's ``truth`` but the speaker goes in: all else is measured, as on real recordings.

    Args:
        items: a collection, or a list of its items (an item computes picture and sound once).
        modalities: which to measure, any of "text", "audio", "image" and "video": the table has their columns whether
            or not an item has the modality. A cell of a missing modality is NaN.

    Raises ValueError for an unknown modality, or none.
    """
    modalities = (modalities,) if isinstance(modalities, str) else modalities
    if not isinstance(modalities, (tuple, list)) or not modalities or not set(modalities) <= set(COLUMNS):
        raise ValueError(f"Received: modalities={modalities!r}. Allowed: any of {', '.join(COLUMNS)}.")
    if isinstance(items, str) or not hasattr(items, "__iter__"):
        raise ValueError(f"Received: items, a {type(items).__name__}. Allowed: a collection, or a list of its items.")
    rows = []
    for item in items:
        if not hasattr(item, "truth"):
            raise ValueError(
                f"Received: items with a {type(item).__name__}. Allowed: a collection, or a list of its items."
            )
        speaker = getattr(item.truth, "speaker", None)
        row = {"id": item.id, "split": item.split, "label": item.label}
        row["speaker"] = np.nan if speaker is None else f"speaker {speaker}"
        for name in modalities:
            row |= dict.fromkeys(COLUMNS[name], np.nan) | (_MEASURES[name](item) or {})
        rows.append(row)
    names = ["id", "split", "label", "speaker", *(column for name in modalities for column in COLUMNS[name])]
    return pd.DataFrame(rows, columns=names)


def _text(item):
    if not item.captions:
        return None
    return {"text": item.captions[0], "text_words": float(len(tokenize(item.captions[0], item.language)))}


def _audio(item):
    return None if item.audio is None else voice(item.audio, item.rate)


def _image(item):
    if item.image is None:
        return None
    return dict(zip(COLUMNS["image"], item.image.reshape(-1, 3).mean(0).tolist(), strict=True))


def _video(item):
    if item.frames is None:
        return None
    change = np.abs(np.diff(item.frames.astype("float32"), axis=0))
    return {"video_frames": float(len(item.frames)), "video_motion": float(change.mean()) if change.size else 0.0}


_MEASURES = {"text": _text, "audio": _audio, "image": _image, "video": _video}


def voice(audio, rate):
    """What a voice is like as a whole: float (n, channels) in [-1, 1], ``rate`` samples a second -> dict of floats.

    1. The mean of the channels is cut into frames of 40 ms, one every 20 ms; quiet ones are left out.
    2. ``audio_loudness``: the median of 20 log10(root mean square), in decibels of full scale.
    3. ``audio_pitch``: in each frame the first high peak of the autocorrelation, divided by that of the window (after
       Boersma, 1993, "Accurate short-term analysis of the fundamental frequency"), between 60 and 500 Hz; frames whose
       peak is low have no pitch; the median of the others. ``audio_melody``: their interquartile range, in semitones.
    4. ``audio_brightness``: the median over frames of the spectrum's centre of mass, in hertz.

    Silence has a length and nothing else: the other values are NaN.

    Raises ValueError for integers, channels first, NaN, and a rate that is no number of 50 or more.
    """
    check_number("samples a second, 50 or more", at_least=1 / HOP, rate=rate)
    check_numbers(audio=(audio, "…"))
    check_sound(np.asarray(audio), "audio")
    x = np.asarray(audio, "float64")
    x = x.mean(axis=1) if x.ndim == 2 else x
    out = dict.fromkeys(COLUMNS["audio"], np.nan) | {"audio_seconds": len(x) / rate}
    size, hop = round(FRAME * rate), round(HOP * rate)
    x = np.pad(x, (0, max(0, size - len(x))))
    frames = np.lib.stride_tricks.sliding_window_view(x, size)[::hop]  # (t, size)
    level = np.sqrt((frames**2).mean(axis=1))
    sounding = level > QUIET * np.median(level)
    if not sounding.any():
        return out
    frames, level = frames[sounding], level[sounding]
    window = np.hanning(size)
    power = np.abs(np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * window, 2 * size)) ** 2
    frequency = np.fft.rfftfreq(2 * size, 1 / rate)
    centre = (power @ frequency) / np.maximum(power.sum(axis=1), 1e-12)
    first, last = int(rate / HIGHEST), int(rate / LOWEST)
    like = np.fft.irfft(power)[:, : last + 1]
    of_window = np.fft.irfft(np.abs(np.fft.rfft(window, 2 * size)) ** 2)[: last + 1]
    like = like / np.maximum(like[:, :1], 1e-12) / (of_window / of_window[0])
    lag, height = _first_peak(like, first)
    pitch = rate / lag[height > PERIODIC]
    out |= {"audio_loudness": float(20 * np.log10(np.median(level))), "audio_brightness": float(np.median(centre))}
    if len(pitch):
        low, high = np.quantile(np.log2(pitch), [0.25, 0.75])
        out |= {"audio_pitch": float(np.median(pitch)), "audio_melody": float(12 * (high - low))}
    return out


def _first_peak(like, first):
    """The shortest lag, from ``first`` on, with a peak nearly as high as the highest; and its height. (What repeats
    after one period repeats after two: the highest alone is often an octave or two too low.)"""
    inner = like[:, first:-1]
    peaks = (inner >= like[:, first - 1 : -2]) & (inner >= like[:, first + 1 :])
    highest = np.where(peaks, inner, -1).max(axis=1, keepdims=True)
    place = (peaks & (inner >= NEARLY * highest)).argmax(axis=1)  # 0 where there is no peak, of height -1
    return first + place, highest[:, 0]


def columns_of(frame, *modalities, numbers=False):
    """The columns of these modalities (all of them where none is named) that a table has, a list of str; with
    ``numbers`` only those that hold numbers."""
    for name in modalities:
        check_one_of(tuple(COLUMNS), modality=name)
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"Received: frame, a {type(frame).__name__}. Allowed: a DataFrame.")
    found = [column for name in (modalities or COLUMNS) for column in COLUMNS[name] if column in frame]
    return [column for column in found if not (numbers and column == "text")]


# ── spoiling ────────────────────────────────────────────────────────────────────────────────────────


class Spoilt(NamedTuple):
    """A spoilt ``table``, and what is wrong with it: two more DataFrames of the same rows and columns.

    ``kinds``: of each cell "" (nothing), "missing", "outlier", "unit" or "duplicate"; ``clean``: what stood there.
    """

    table: pd.DataFrame
    kinds: pd.DataFrame
    clean: pd.DataFrame


def spoil(frame, seed=0, missing=0, outliers=0, units=0, duplicates=0):
    """What the world does to a table, and the exact account of it -> ``Spoilt``. The table given is not changed.

    Each fault has streams of its own: turning one knob moves no other fault, and what is struck at 10 % is among what
    is struck at 20 %. They come in this order, and a cell that has one fault gets no second:

    Args:
        frame: what ``table`` returns.
        seed: an integer >= 0.
        duplicates: percent of the rows that stand in the table twice; the second is appended under another id.
        missing: percent of the rows that lack a modality, for each modality on its own: all its cells become NaN.
        units: percent of the rows whose ``audio_seconds`` are milliseconds.
        outliers: percent of the cells of each column of numbers that are replaced by its median plus or minus 10 to 30
            times its interquartile range (or the median's size, where that range is 0).

    Raises ValueError for a percentage that is no whole number from 0 to 100.
    """
    for name, value in (("missing", missing), ("outliers", outliers), ("units", units), ("duplicates", duplicates)):
        percent(name, value)
    check_whole(0, seed=seed)
    if not isinstance(frame, pd.DataFrame) or "id" not in frame:
        came = "a DataFrame without a column id" if isinstance(frame, pd.DataFrame) else f"a {type(frame).__name__}"
        raise ValueError(f"Received: frame, {came}. Allowed: what `table` returns.")

    def draws(*words):  # in [0, 1), one a row of the table that was given
        return np.random.default_rng([seed, *(zlib.crc32(word.encode()) for word in words)]).random(len(frame))

    frame = frame.reset_index(drop=True)
    struck = {name: draws("missing", name) < missing / 100 for name in COLUMNS}
    wrong, kinds = frame.copy(), pd.DataFrame("", index=frame.index, columns=frame.columns, dtype=object)
    for name, rows in struck.items():
        columns = columns_of(frame, name)
        wrong.loc[rows, columns] = np.nan
        kinds.loc[rows, columns] = "missing"
    if "audio_seconds" in frame:
        rows = (draws("units") < units / 100) & (kinds["audio_seconds"] == "") & frame["audio_seconds"].notna()
        wrong.loc[rows, "audio_seconds"] *= 1000
        kinds.loc[rows, "audio_seconds"] = "unit"
    for column in columns_of(frame, numbers=True):
        values = frame[column]
        if values.notna().sum() == 0:
            continue
        low, middle, high = values.quantile([0.25, 0.5, 0.75])
        size = (high - low) or abs(middle) or 1.0
        rows = (draws("outlier", column) < outliers / 100) & (kinds[column] == "") & values.notna()
        away = (10 + 20 * draws("distance", column)) * np.where(draws("sign", column) < 0.5, -1, 1)
        wrong.loc[rows, column] = (middle + size * away)[rows]
        kinds.loc[rows, column] = "outlier"
    again = draws("duplicate") < duplicates / 100
    if again.any():
        copies, clean = wrong[again].copy(), frame[again].copy()
        copies["id"] = clean["id"] = copies["id"] + "-again"
        repeated = pd.DataFrame("duplicate", index=copies.index, columns=frame.columns, dtype=object)
        wrong, kinds, frame = (
            pd.concat(pair, ignore_index=True) for pair in ((wrong, copies), (kinds, repeated), (frame, clean))
        )
    return Spoilt(wrong, kinds, frame)
