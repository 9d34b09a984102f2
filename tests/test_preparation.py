"""Tables of items: measurements against signals whose truth is known, holes where modalities are missing; and faults
whose account is exact."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.items import Item
from mmcourse.preparation import COLUMNS, columns_of, spoil, table, voice
from mmcourse.scenes import Scenes
from mmcourse.scenes.utterances import Utterances
from mmcourse.scenes.utterances.voice import MANNERS, speaker

RATE = 16000


def buzz(hertz, seconds=1.0, rate=RATE, level=0.1, tilt=1.0):
    """Harmonics of one pitch, the k-th of amplitude k ** -tilt, with a root mean square of ``level``."""
    time = np.arange(round(seconds * rate)) / rate
    x = sum(np.sin(2 * np.pi * k * hertz * time) / k**tilt for k in range(1, int(0.4 * rate / hertz)))
    return (x * level / np.sqrt(np.mean(x**2))).astype("float32")[:, None]


@pytest.fixture(scope="module")
def items():
    return list(Utterances("train", n=12, share={"redundant": 100}))


@pytest.fixture(scope="module")
def measured(items):
    return table(items)


# ── measuring ───────────────────────────────────────────────────────────────────────────────────────


@given(hertz=st.floats(75, 420), rate=st.sampled_from([8000, 16000, 22050]), level=st.floats(0.001, 0.3))
@settings(max_examples=25, deadline=None)
def test_pitch_loudness_and_length_of_a_known_sound(hertz, rate, level):
    found = voice(buzz(hertz, 0.8, rate, level), rate)
    # A lag is a whole number of samples: the pitch is known to one part in rate / hertz.
    assert abs(found["audio_pitch"] / hertz - 1) < max(0.01, hertz / rate)
    np.testing.assert_allclose(found["audio_loudness"], 20 * np.log10(level), atol=0.7)
    np.testing.assert_allclose(found["audio_seconds"], 0.8, atol=1e-3)
    assert found["audio_melody"] < 0.5


def test_brightness_is_the_centre_of_the_spectrum():
    tone = buzz(1000, level=0.1, tilt=99)  # one partial alone
    np.testing.assert_allclose(voice(tone, RATE)["audio_brightness"], 1000, rtol=0.01)
    found = [voice(buzz(200, tilt=tilt), RATE)["audio_brightness"] for tilt in (0.5, 1, 2)]
    assert found == sorted(found, reverse=True)


def test_melody_is_the_spread_of_the_pitch():
    low, high = buzz(150, 0.5), buzz(300, 0.5)  # an octave: half of the frames 12 semitones above the others
    assert voice(np.concatenate([low, high]), RATE)["audio_melody"] > 11


def test_a_voice_does_not_depend_on_gain_channels_or_silence_around_it():
    x = buzz(180, 0.7)
    plain = voice(x, RATE)
    stereo = voice(np.repeat(x, 2, axis=1), RATE)
    assert stereo == pytest.approx(plain)
    louder = voice(2 * x, RATE)
    assert louder["audio_loudness"] == pytest.approx(plain["audio_loudness"] + 20 * np.log10(2), abs=1e-6)
    for name in ("audio_pitch", "audio_melody", "audio_brightness"):
        assert louder[name] == pytest.approx(plain[name])
    quiet = voice(np.concatenate([np.zeros((3200, 1), "float32"), x]), RATE)
    assert quiet["audio_pitch"] == pytest.approx(plain["audio_pitch"], rel=0.02)
    assert quiet["audio_seconds"] == pytest.approx(plain["audio_seconds"] + 0.2)


@pytest.mark.parametrize("n", [0, 1, 100, RATE])
def test_silence_has_a_length_and_nothing_else(n, recwarn):
    found = voice(np.zeros((n, 1), "float32"), RATE)
    assert found.pop("audio_seconds") == n / RATE
    assert np.isnan(list(found.values())).all() and not recwarn


def test_noise_has_no_pitch():
    noise = 0.1 * np.random.default_rng(0).normal(size=(RATE, 1)).astype("float32")
    assert np.isnan(voice(noise, RATE)["audio_pitch"])


def test_the_table_says_what_is_true_of_utterances(items, measured):
    assert list(measured["id"]) == [item.id for item in items]
    assert list(measured["label"]) == [item.label for item in items]
    assert list(measured["text"]) == [item.truth.text for item in items]
    assert list(measured["speaker"]) == [f"speaker {item.truth.speaker}" for item in items]
    assert list(measured["text_words"]) == [len(item.truth.text.split()) for item in items]
    truth = [speaker(i.truth.speaker).pitch * MANNERS[i.truth.tone].pitch for i in items]
    assert np.median(np.abs(measured["audio_pitch"] / truth - 1)) < 0.06  # the melody goes up and down around it
    for item, row in zip(items, measured.itertuples(), strict=True):
        np.testing.assert_allclose(row.audio_seconds, len(item.audio) / RATE)
        np.testing.assert_allclose([row.image_red, row.image_green, row.image_blue], item.image.mean((0, 1)))


def test_nothing_of_the_truth_but_the_speaker_goes_in(measured):
    assert set(measured) == {"id", "split", "label", "speaker"} | {
        c for n in ("text", "audio", "image") for c in COLUMNS[n]
    }


def test_missing_modalities_are_holes():
    there = Utterances("train", n=30, missing_text=30, missing_audio=30, missing_image=30)
    part = [item for item in there if item.audio is None or item.image is None or not item.captions][:6]
    assert len(part) == 6
    found = table(part)
    for name, gone in (("text", lambda i: not i.captions), ("audio", lambda i: i.audio is None),
                       ("image", lambda i: i.image is None)):  # fmt: skip
        wanted = np.array([gone(item) for item in part])
        for column in COLUMNS[name]:
            np.testing.assert_array_equal(found[column].isna(), wanted, column)


def test_scenes_have_a_table_too():
    scenes = Scenes("test", n=3, language="zh", label="count")
    found = table(scenes, modalities=("text", "image", "video"))
    assert len(found) == 3 and found["speaker"].isna().all()
    assert list(found["label"]) == [item.label for item in scenes]
    assert (found["video_frames"] == [len(item.frames) for item in scenes]).all() and (found["video_motion"] > 0).all()


def test_motion_is_the_mean_change_from_frame_to_frame():
    still = np.full((4, 2, 2, 3), 7, "uint8")
    stripes = np.tile(np.array([0, 255], "uint8")[:, None, None], (4, 1, 2, 3))  # great changes from place to place
    steps = np.stack([np.full((5, 6, 3), level, "uint8") for level in (2, 4, 15)])
    films = [Item("a", "test", frames=frames) for frames in (still, stripes, steps, steps[::-1], still[:1])]
    found = table(films, "video")
    assert found["video_motion"].tolist() == [0, 0, 6.5, 6.5, 0] and found["video_frames"].tolist() == [4, 4, 3, 3, 1]


def test_columns_of(measured):
    assert columns_of(measured, "text") == ["text", "text_words"]
    assert columns_of(measured, "text", "image", numbers=True) == ["text_words", *COLUMNS["image"]]
    assert columns_of(measured) == [*COLUMNS["text"], *COLUMNS["audio"], *COLUMNS["image"]]


@pytest.mark.parametrize("modalities, said", [("smell", ("smell",)), ((), ()), (("text", "smell"), ("text", "smell"))])
def test_unknown_modalities_are_refused(modalities, said):
    with pytest.raises(ValueError, match=rf"Received: modalities={re.escape(repr(said))}\. Allowed: any of text"):
        table([], modalities)


# ── spoiling ────────────────────────────────────────────────────────────────────────────────────────


def frame(n=400, seed=0):
    """A table of random numbers with the columns of ``table``."""
    rng = np.random.default_rng(seed)
    out = pd.DataFrame({"id": [f"i{k}" for k in range(n)], "label": rng.integers(0, 2, n), "text": "a red star"})
    for column in (c for name in COLUMNS for c in COLUMNS[name] if c != "text"):
        out[column] = rng.normal(100, 5, n)
    return out


percents = st.integers(0, 100)


@given(seed=st.integers(0, 99), missing=percents, outliers=percents, units=percents, duplicates=percents)
@settings(max_examples=25, deadline=None)
def test_the_account_is_exact(seed, **knobs):
    before = frame(40)
    kept = before.copy()
    wrong, kinds, clean = spoil(before, seed, **knobs)
    pd.testing.assert_frame_equal(before, kept)
    assert wrong.shape == kinds.shape == clean.shape and list(wrong) == list(kinds) == list(clean) == list(before)
    pd.testing.assert_frame_equal(clean.iloc[:40], before)
    assert set(kinds.to_numpy().ravel()) <= {"", "missing", "outlier", "unit", "duplicate"}
    first = kinds.iloc[:40]
    same = (wrong.iloc[:40] == before).to_numpy()
    np.testing.assert_array_equal(same, (first == "").to_numpy())  # a cell differs where the account says so
    np.testing.assert_array_equal(wrong.iloc[:40].isna(), first == "missing")
    rows = first["audio_seconds"] == "unit"
    np.testing.assert_allclose(wrong.iloc[:40]["audio_seconds"][rows], 1000 * before["audio_seconds"][rows])
    copies = kinds.index[kinds["id"] == "duplicate"]
    assert list(copies) == list(range(40, len(wrong)))
    for place in copies:  # a copy says what the spoilt original says
        original = before.index[before["id"] + "-again" == wrong.loc[place, "id"]]
        assert len(original) == 1
        ours, theirs = wrong.loc[place].drop("id"), wrong.loc[original[0]].drop("id")
        assert ours.equals(theirs)


def test_outliers_lie_far_out():
    before = frame()
    wrong, kinds, _ = spoil(before, outliers=10)
    for column in columns_of(before, numbers=True):
        low, middle, high = before[column].quantile([0.25, 0.5, 0.75])
        away = np.abs(wrong[column] - middle)[kinds[column] == "outlier"] / (high - low)
        assert len(away) and away.between(10, 30).all()


def test_a_spoilt_table_is_the_same_everywhere():
    """Whoever changes what a seed draws changes the numbers of the book's pages."""
    before = frame(8)
    wrong, kinds, _ = spoil(before, outliers=30)
    struck = kinds["text_words"] == "outlier"
    assert np.flatnonzero(struck).tolist() == [3, 5, 6, 7]
    np.testing.assert_allclose(wrong["text_words"][struck], [35.122812, 235.703736, 249.678347, 269.525985], atol=1e-5)


def test_shares_are_kept_and_modalities_go_missing_as_a_whole():
    _, kinds, _ = spoil(frame(4000), missing=20, units=10)
    for name, columns in COLUMNS.items():
        gone = kinds[list(columns)] == "missing"
        assert (gone.all(axis=1) == gone.any(axis=1)).all(), name
        assert 0.17 < gone.iloc[:, 0].mean() < 0.23
    both = (kinds["text"] == "missing") & (kinds["image_red"] == "missing")
    assert 0.025 < both.mean() < 0.055  # independently: 4 percent
    assert 0.06 < (kinds["audio_seconds"] == "unit").mean() < 0.1  # a tenth of what is there


def test_more_percent_strike_more_and_one_knob_moves_no_other():
    few, more = (spoil(frame(), missing=m, outliers=m, duplicates=m).kinds.iloc[:400] for m in (10, 20))
    assert ((few == "missing") <= (more == "missing")).to_numpy().all()
    with_units, without = (spoil(frame(), missing=10, units=u).kinds for u in (30, 0))
    others = [c for c in with_units if c != "audio_seconds"]
    pd.testing.assert_frame_equal(with_units[others], without[others])
    one, other = (spoil(frame(), seed, missing=30).kinds for seed in (0, 1))
    assert not one.equals(other)


def test_columns_without_spread_or_values():
    before = frame(50).assign(image_red=3.0, image_green=np.nan, image_blue=0.0)
    wrong, kinds, _ = spoil(before, outliers=50)
    struck = kinds["image_red"] == "outlier"
    assert struck.any() and ((wrong["image_red"][struck] - 3).abs() >= 30).all()
    assert (kinds["image_green"] == "").all() and (wrong["image_blue"][kinds["image_blue"] == "outlier"] != 0).all()


def test_a_hundred_percent_are_all():
    assert (spoil(frame(4000), units=100).kinds["audio_seconds"] == "unit").all()


@pytest.mark.parametrize("name", ["missing", "outliers", "units", "duplicates"])
@pytest.mark.parametrize("value", [-1, 101, 0.5, True])
def test_percentages_out_of_range_are_refused(name, value):
    with pytest.raises(ValueError, match=rf"Received: {name}={value!r}\. Allowed: "):
        spoil(frame(5), **{name: value})
