"""The recorded experiments on fusion: each runs on small made data, and what their figures rest on is right."""

import struct
import wave

import numpy as np
import pytest
import smoke

from mmcourse.corpora import Mnist, SpokenDigits, mosi
from mmcourse.experiments import fusion_digits, fusion_mosi
from mmcourse.experiments.results import mean_figure

pytestmark = pytest.mark.usefixtures("eagerly")


def test_the_experiment_on_mosi_runs(tmp_path):
    """On noise in the corpus's form: the path through both protocols, and how its figures hang together."""
    rng, made = np.random.default_rng(0), {}
    for side, videos in (("train", 10), ("test", 6)):
        n = 6 * videos
        made |= {f"{side}_id": np.array([f"{side}{i // 6}_{i % 6}" for i in range(n)])}
        made |= {
            f"{side}_transcript": np.array(["A FILM"] * n),
            f"{side}_label": (np.arange(n, dtype="int32") % 3) // 2,
        }
        made |= {f"{side}_{m}": rng.standard_normal((n, d)).astype("float32") for m, d in mosi.SIZES.items()}
    (tmp_path / "cmu_mosi").mkdir()
    np.savez(tmp_path / "cmu_mosi" / mosi.FILE, **made)
    record = smoke.run("fusion-mosi", tmp_path, "--data", str(tmp_path))
    assert record["settings"]["utterances"] == {"train": 48, "dev": 12, "test": 36}
    assert set(record["figures"]) == {"official", "unseen features"}
    for protocol, dev, test in (("official", 12, 36), ("unseen features", 24, 24)):
        found = record["figures"][protocol]
        assert set(found["dev"]) == set(fusion_mosi.SYSTEMS)
        baselines = {
            "ridge, text",
            "ridge, audio",
            "ridge, video",
            "ridge, all",
            "commonest in train",
            "always positive",
        }
        assert set(found["systems"]) == set(fusion_mosi.SYSTEMS) | baselines
        smoke.check_shares(found["dev"], dev)
        # A third of all labels is positive, of each video two of six.
        assert smoke.value(found, "systems", "always positive", "accuracy") == pytest.approx(1 / 3)
        assert smoke.value(found, "systems", "commonest in train", "accuracy") == pytest.approx(2 / 3)
        text = smoke.value(found, "systems", "text", "accuracy")
        for name, system in found["systems"].items():
            smoke.check_shares(
                {k: v for k, v in system.items() if k in ("accuracy", "over videos", "over seeds")}, test
            )
            right = smoke.value(system, "accuracy")
            assert smoke.value(system, "over videos") == smoke.value(system, "over seeds") == right
            assert smoke.value(system, "against text") == pytest.approx(right - text), name
        for name in ("commonest in train", "always positive"):
            assert smoke.value(found, "systems", name, "balanced") == 0.5
        assert set(found["missing"]) == set(fusion_mosi.LEVELS)
        for level, kinds in found["missing"].items():
            assert set(kinds) == {"plain", "modality dropout"}
            assert all(set(one) == {"nothing", *fusion_mosi.NAMES} for one in kinds.values())
            assert kinds["plain"]["nothing"] == found["systems"][level]["accuracy"]
            smoke.check_shares(kinds, test)


def test_folds_hold_each_video_once():
    videos = np.array([*"aabbbcdeeffg", "not one of the rows"])
    rows = np.arange(12)
    splits = fusion_mosi.folds(rows, videos, 3)
    assert sorted(np.concatenate([test for _, _, test in splits])) == rows.tolist()
    for parts in splits:
        assert sorted(np.concatenate(parts)) == rows.tolist()
        shown = [set(videos[part]) for part in parts]
        assert all(shown) and len(set.union(*shown)) == sum(map(len, shown)) == 7


def test_modalities_are_hidden_as_often_as_asked_and_never_all():
    x = {name: np.zeros((50, 3), "float32") for name in fusion_mosi.NAMES}
    batches = fusion_mosi.Batches(
        x, np.arange(50), fusion_mosi.NAMES, np.arange(50), 20, seed=0, epochs=40, share=1 / 3
    )
    there, seen = [], []
    for batch, y in (batches[i] for i in range(len(batches))):
        there.append(np.stack([batch["present"][name] for name in fusion_mosi.NAMES]))
        seen.append(y)
    assert [len(y) for y in seen] == [20, 20, 10] * 40
    for i in range(0, len(seen), 3):
        assert sorted(np.concatenate(seen[i : i + 3])) == list(range(50)), "each row once a pass"
    there = np.concatenate(there, axis=1)
    assert there.any(0).all()
    # One modality is there with 2/3, or is the one kept where all were hidden (1/27): 2/3 + 1/81, n = 2,000.
    np.testing.assert_allclose(there.mean(1), 2 / 3 + 1 / 81, atol=4 * (0.22 / 2000) ** 0.5)


def test_a_seed_gives_the_same_model_whatever_was_trained_before():
    """One model is trained again and again: nothing of an earlier run may be left in it."""
    rng = np.random.default_rng(0)
    x = {name: rng.standard_normal((60, 5)).astype("float32") for name in fusion_mosi.NAMES}
    y, rows = (x["text"][:, 0] > 0).astype(int), np.arange(60)
    candidate = fusion_mosi.LADDER[1] | {"fusion": "gated", "combine": "mean"}
    for system in ("text", "data", "feature", "decision", "hybrid"):
        used = fusion_mosi.System(system, candidate, fusion_mosi.SETTINGS, x)
        weights = []
        for seed in (3, 4, 3):
            used.train(x, y, rows, seed, 1)
            weights.append(np.concatenate([w.ravel() for w in used.model.get_weights()]))
        fresh = fusion_mosi.System(system, candidate, fusion_mosi.SETTINGS, x)
        fresh.train(x, y, rows, 3, 1)
        last = np.concatenate([w.ravel() for w in fresh.model.get_weights()])
        np.testing.assert_allclose(weights[2], last, atol=1e-5)
        np.testing.assert_allclose(weights[0], last, atol=1e-5)
        assert np.abs(weights[1] - last).max() > 0.05


def test_late_fusion_of_digits_joins_the_decisions_of_those_trained_alone(digits, monkeypatch):
    """Its mean and product, worked out by hand from the logits of the two models."""
    settings = fusion_digits.SETTINGS | {"epochs": 1, "filters": (4,), "units": 16, "pictures_each": 1}
    parts = fusion_digits.make_pairs(SpokenDigits(digits, None), Mnist(digits, "test"), "jackson", "lucas", settings, 0)
    kept, fit = [], fusion_digits.fit
    monkeypatch.setattr(fusion_digits, "FUSIONS", {})
    monkeypatch.setattr(fusion_digits, "fit", lambda *given: kept.append(fit(*given)) or kept[-1])
    found = fusion_digits.score(parts, settings, 0)
    (x, y), odds = parts[2], []
    for name, model in zip(fusion_digits.NAMES, kept, strict=False):
        logits = np.asarray(model({name: x[name]}), float)
        odds.append(np.exp(logits) / np.exp(logits).sum(1, keepdims=True))
    for name, joined in (("mean", odds[0] + odds[1]), ("product", odds[0] * odds[1])):
        first, second = np.sort(joined, axis=1)[:, :-3:-1].T
        assert (first > second * (1 + 1e-4)).all(), "no ties, which rounding would decide"
        np.testing.assert_array_equal(found[f"decision, {name}"][1], joined.argmax(1) == y)


def test_an_interval_over_groups_is_wider_where_groups_differ():
    values, groups = np.repeat([1.0, 0.0, 1.0, 0.0, 1.0, 0.0], 50), np.repeat(np.arange(6), 50)
    alone, grouped = mean_figure(values), mean_figure(values, groups)
    assert alone["value"] == grouped["value"] == 0.5
    widths = [one["interval"][1] - one["interval"][0] for one in (alone, grouped)]
    # Normal approximation: 2 · 1.96 · 0.5 / √n with n = 300 rows or 6 groups.
    np.testing.assert_allclose(widths, [2 * 1.96 * 0.5 / n**0.5 for n in (300, 6)], rtol=0.2)


@pytest.fixture
def digits(tmp_path):
    """Noise in the form of the two corpora: ten digits by three speakers, and four pictures of each."""
    rng = np.random.default_rng(0)
    folder, seen = tmp_path / "fsdd" / "recordings", tmp_path / "mnist"
    folder.mkdir(parents=True)
    seen.mkdir()
    for speaker in ("george", "jackson", "lucas"):
        for digit in range(10):
            with wave.open(str(folder / f"{digit}_{speaker}_0.wav"), "wb") as file:
                file.setparams((1, 2, 8000, 0, "NONE", ""))
                file.writeframes(rng.integers(-9999, 9999, 6500 + 100 * digit).astype("<i2").tobytes())
    pictures, labels = rng.integers(0, 256, (40, 28, 28), "uint8"), np.arange(40, dtype="uint8") % 10
    start = bytes((0, 0, 8, 3)) + struct.pack(">III", 40, 28, 28)
    (seen / "t10k-images-idx3-ubyte").write_bytes(start + pictures.tobytes())
    (seen / "t10k-labels-idx1-ubyte").write_bytes(bytes((0, 0, 8, 1)) + struct.pack(">I", 40) + labels.tobytes())
    return tmp_path


def test_the_experiment_on_digits_heard_and_seen_runs(digits):
    record = smoke.run("fusion-digits", digits, "--data", str(digits))
    systems = record["figures"]["systems"]
    assert set(systems) == {*fusion_digits.SYSTEMS, "blind"} and smoke.value(systems, "blind", "accuracy") == 0.1
    assert record["settings"]["pairs"] == {"train": 10, "dev": 10, "test": 10}
    better = max(fusion_digits.NAMES, key=lambda name: smoke.value(systems, name, "dev"))
    for name in fusion_digits.SYSTEMS:
        right = smoke.value(systems, name, "accuracy")
        smoke.check_shares({k: v for k, v in systems[name].items() if k != "against the better alone"}, 10)
        assert (
            smoke.value(systems, name, "over speakers") == smoke.value(systems, name, "each speaker", "george") == right
        )
        gain = right - smoke.value(systems, better, "accuracy")
        assert smoke.value(systems, name, "against the better alone") == pytest.approx(gain)
    with pytest.raises(FileNotFoundError, match="no fsdd"):
        fusion_digits.digits(digits / "mnist", quick=True)


def test_pairs_are_of_one_digit_and_stay_on_their_side(digits):
    sounds, pictures = SpokenDigits(digits, None), Mnist(digits, "test")
    which, what = fusion_digits.pair(sounds.labels(), pictures.labels(), 1, np.random.default_rng(0))
    np.testing.assert_array_equal(sounds.labels()[which], pictures.labels()[what])
    assert sorted(which) == list(range(30)) and len(set(what)) == 30
    with pytest.raises(ValueError, match=r"Digit 0 has 4 pictures\. Needed: 6\."):
        fusion_digits.pair(sounds.labels(), pictures.labels(), 2, np.random.default_rng(0))
    settings = fusion_digits.SETTINGS | {"pictures_each": 1, "picture_noise": 0.0, "snr": 200.0}
    train, dev, test = fusion_digits.make_pairs(sounds, pictures, "jackson", "lucas", settings, 0)
    rows = [np.flatnonzero(sounds.speakers()[which] == who) for who in ("george", "jackson", "lucas")]
    for (x, y), part in zip((train, dev, test), rows, strict=True):
        assert x["audio"].shape == x["image"].shape == (10, 28, 28, 1)
        np.testing.assert_array_equal(y, sounds.labels()[which[part]])
        # Without noise a picture is its MNIST picture, whose mean and deviation are those of the train pictures.
        shades = pictures.pictures()[what] / 255.0
        scaled = (shades - shades[rows[0]].mean()) / shades[rows[0]].std()
        np.testing.assert_allclose(x["image"][..., 0], scaled[part], atol=1e-4)
    assert abs(train[0]["audio"].mean()) < 1e-3 and abs(train[0]["audio"].std() - 1) < 1e-3


def test_noise_is_as_loud_as_asked(digits):
    signals = [item.audio[:, 0] for item in SpokenDigits(digits, None)]
    loud, which = [], np.arange(30)

    class Keep:
        def __init__(self, *_, **__):
            pass

        def __call__(self, batch):
            loud.append(batch)
            return np.zeros((len(batch), 28, 28), "float32")

    old, fusion_digits.MelSpectrogram = fusion_digits.MelSpectrogram, Keep
    try:
        fusion_digits.spectrograms(signals, which, fusion_digits.SETTINGS | {"snr": 6.0}, np.random.default_rng(0))
    finally:
        fusion_digits.MelSpectrogram = old
    for row, signal in zip(loud[0], signals, strict=True):
        n = min(len(row), len(signal))
        ratio = (signal**2).mean() / ((row[:n] - signal[:n]) ** 2).mean()
        assert abs(10 * np.log10(ratio) - 6) < 0.3
