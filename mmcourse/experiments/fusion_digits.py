"""The recorded experiment on digits that are heard and seen: an AV-MNIST of our own, fused at every level.

A recording of the Free Spoken Digit Dataset and a picture of MNIST make a pair when they are the same digit (after
Vielzeuf, Lechervy, Pateux and Jurie, 2018, "CentralNet: a multilayer approach for multimodal fusion", who took other
recordings). Noise on both makes each alone uncertain. How much was fixed before any test, on the dev speakers.

Each of the six speakers is the test once and the next in the alphabet is dev, as in `mmcourse.experiments.audio`. Every
speaker has his own seed, for the pairs, the noise and the weights. A picture is in one pair of a fold only; a recording
is in two, both on its side, with other noise.

Two things in this data are made, and no real film has them: what a picture and a recording of one digit share is the
digit alone (given the digit, they are independent, and so are their noises), and no position of the one belongs to a
position of the other.
"""

import time

import numpy as np

from mmcourse._machinery.seeds import independent
from mmcourse.audio import MelSpectrogram
from mmcourse.backend import keras
from mmcourse.corpora import Mnist, SpokenDigits
from mmcourse.corpora.spoken_digits import RATE, SPEAKERS
from mmcourse.experiments.results import figure, hash_captions, mean_figure, over_seeds, write_results
from mmcourse.fusion import ConcatenationFusion, GatedFusion, LowRankFusion
from mmcourse.fusion.levels import DataLevel, FeatureLevel, combine

SETTINGS = {
    "size": 28,  # mel channels, frames, and rows and columns of a picture: one grid for both
    "n_fft": 512,  # 64 ms
    "hop": 256,  # 32 ms
    "pictures_each": 2,  # how many pictures a recording is paired with
    "picture_noise": 1.1,  # deviation of the noise; black is 0, white is 1
    "snr": 3.0,  # decibels of the speech over the noise
    "filters": (8, 24, 48), "units": 64, "dropout": 0.3, "batch_size": 100, "epochs": 8, "learning_rate": 2e-3,
}  # fmt: skip
NAMES = ("audio", "image")
FUSIONS = {"concatenation": ConcatenationFusion, "gated": GatedFusion, "low rank": LowRankFusion}
SYSTEMS = (*NAMES, "data", *(f"feature, {name}" for name in FUSIONS), "decision, mean", "decision, product")
# MultiBench (Liang et al., 2021), table of AV-MNIST: other recordings, other noise; percent.
QUOTED = {"best of one modality": 65.1, "late": 71.7, "low rank": 71.4}


def digits(data=None, quick=False, results=None):
    """Train and score every system on every test speaker; returns the path of the record.

    ``data`` holds ``fsdd`` and ``mnist`` or ``mnist_t10k`` (default: the variable MMCOURSE_DATA). ``quick``: a smoke
    test.
    """
    start = time.perf_counter()
    settings = SETTINGS | ({"epochs": 1, "filters": (2,), "units": 4, "pictures_each": 1} if quick else {})
    sounds, pictures = SpokenDigits(data, None), Mnist(data, "test")
    people = [name for name in SPEAKERS if name in set(sounds.speakers())]
    tests = people[:1] if quick else people
    test_hits, dev_hits = {name: [] for name in SYSTEMS}, {name: [] for name in SYSTEMS}
    for seed, person in enumerate(tests):
        dev = people[(seed + 1) % len(people)]
        parts = make_pairs(sounds, pictures, dev, person, settings, seed)
        for name, (on_dev, on_test) in score(parts, settings, seed).items():
            dev_hits[name].append(on_dev)
            test_hits[name].append(on_test)
        print(person, {name: f"{right[-1].mean():.3f}" for name, right in test_hits.items()}, flush=True)
    path = write_results(
        "fusion", "digits", summarize(test_hits, dev_hits, tests),
        command="python -m mmcourse.experiments fusion-digits --data DIR",
        seeds=range(len(tests)), data_hash=hash_captions(sounds, pictures),
        minutes=(time.perf_counter() - start) / 60,
        settings=settings | {
            "pairs": dict(zip(("train", "dev", "test"), (len(part[1]) for part in parts), strict=True)),
            "folds": "each speaker is the test once, with a seed of his own; the next in the alphabet is dev",
            "interval": "95 %, bootstrap over the speakers; for one speaker over his pairs",
            "quoted": QUOTED,
        },
        quick=quick, folder=results,
    )  # fmt: skip
    print(f"Written: {path}")
    return path


# The data


def make_pairs(sounds, pictures, dev, test, settings, seed):
    """(train, dev, test), each ({"audio", "image": float32 (n, 28, 28, 1)}, digits (n,)). Each is scaled by mean and
    deviation of train."""
    rng = np.random.default_rng(seed)
    which, what = pair(sounds.labels(), pictures.labels(), settings["pictures_each"], rng)
    image = pictures.pictures()[what][..., None].astype("float32") / 255
    image += settings["picture_noise"] * rng.standard_normal(image.shape, "float32")
    audio = spectrograms([item.audio[:, 0] for item in sounds], which, settings, rng)
    who, labels = sounds.speakers()[which], sounds.labels()[which]
    train = ~np.isin(who, (dev, test))
    x = {}
    for name, values in (("audio", audio), ("image", image)):
        x[name] = ((values - values[train].mean()) / values[train].std()).astype("float32")
    return [({n: v[rows] for n, v in x.items()}, labels[rows]) for rows in (train, who == dev, who == test)]


def pair(heard, seen, each, rng):
    """Places of recordings and of pictures, int (n,) and (n,), of equal digits: every recording ``each`` times, every
    picture once at most. Raises ValueError where a digit has too few pictures."""
    which, what = [], []
    for digit in range(10):
        recordings, pictures = np.repeat(np.flatnonzero(heard == digit), each), np.flatnonzero(seen == digit)
        if len(pictures) < len(recordings):
            raise ValueError(f"Digit {digit} has {len(pictures)} pictures. Needed: {len(recordings)}.")
        which.append(recordings)
        what.append(rng.permutation(pictures)[: len(recordings)])
    return np.concatenate(which), np.concatenate(what)


def spectrograms(signals, which, settings, rng):
    """Recordings in white noise, as log-mel frames float32 (n, 28 channels, 28 frames, 1), low channels last, each less
    its own mean. What is longer than 28 frames (0.9 s) is cut; after a shorter one the noise goes on."""
    size, hop = settings["size"], settings["hop"]
    layer = MelSpectrogram(RATE, settings["n_fft"], hop, n_mels=size)
    out = []
    for start in range(0, len(which), 500):
        batch = np.zeros((len(which[start : start + 500]), (size - 1) * hop), "float32")
        for row, place in zip(batch, which[start : start + 500], strict=True):
            signal = signals[place][: len(row)]
            noise = rng.standard_normal(len(row), "float32")
            row[:] = noise * np.sqrt((signal**2).mean()) * 10 ** (-settings["snr"] / 20)
            row[: len(signal)] += signal
        out.append(keras.ops.convert_to_numpy(layer(batch)))
    mel = np.concatenate(out)
    mel = mel - mel.mean((1, 2), keepdims=True)
    return mel.transpose(0, 2, 1)[:, ::-1, :, None]


# The systems


def encoder(settings, seed, of="both"):
    """(batch, 28, 28, channels) -> (batch, units), the same network for a picture, a spectrogram, and both."""
    first, second, *starts = independent(seed, 3 + len(settings["filters"]), f"encoder of {of}")
    *starts, last = map(keras.initializers.GlorotUniform, starts)
    layers = []
    for filters, start in zip(settings["filters"], starts, strict=True):
        layers += [
            keras.layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer=start),
            keras.layers.MaxPooling2D(2),
        ]
    dense = keras.layers.Dense(settings["units"], "relu", kernel_initializer=last)
    before, after = (keras.layers.Dropout(settings["dropout"], seed=own) for own in (first, second))
    return keras.Sequential([*layers, keras.layers.Flatten(), before, dense, after])


def build(system, settings, seed):
    """The model of a system; see `mmcourse.fusion.levels`."""
    if system in (*NAMES, "data"):
        return DataLevel(encoder(settings, seed), 10, seed=seed)
    encoders = {name: encoder(settings, seed, name) for name in NAMES}
    return FeatureLevel(encoders, FUSIONS[system](settings["units"], seed=seed), 10, seed=seed)


def score(parts, settings, seed):
    """Train every system on train -> {system: (bool (dev,), bool (test,))}, which pairs it gets right."""
    found, alone = {}, {}
    for system in (*NAMES, "data", *FUSIONS):
        names = (system,) if system in NAMES else NAMES
        given = [({name: x[name] for name in names}, y) for x, y in parts]
        model = fit(build(system, settings, seed), *given[:2], settings, seed)
        logits = [_logits(model, x) for x, _ in given[1:]]
        found[f"feature, {system}" if system in FUSIONS else system] = logits
        if system in NAMES:
            alone[system] = logits
    # Late fusion needs no training of its own: its decisions are those of the two that were trained alone.
    for how in ("mean", "product"):
        found[f"decision, {how}"] = [
            keras.ops.convert_to_numpy(combine(dict(zip(NAMES, both, strict=True)), how=how))
            for both in zip(*alone.values(), strict=True)
        ]
    truths = [y for _, y in parts[1:]]
    return {
        name: tuple(one.argmax(1) == y for one, y in zip(logits, truths, strict=True)) for name, logits in found.items()
    }


def fit(model, train, dev, settings, seed):
    """The model with the weights of the epoch that was best on dev."""
    keras.utils.set_random_seed(seed)  # the order of the pairs
    steps = settings["epochs"] * -(-len(train[1]) // settings["batch_size"])
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    best = keras.callbacks.EarlyStopping("val_accuracy", mode="max", patience=99, restore_best_weights=True)
    model.fit(
        *train, settings["batch_size"], settings["epochs"], verbose=0, callbacks=[best], validation_data=dev,
        validation_batch_size=500,
    )  # fmt: skip
    return model


def _logits(model, x):
    n = len(next(iter(x.values())))
    batches = [{name: values[i : i + 500] for name, values in x.items()} for i in range(0, n, 500)]
    return np.concatenate([keras.ops.convert_to_numpy(model(batch)) for batch in batches])


# Figures


def summarize(test_hits, dev_hits, people):
    """Lists of bool arrays, one a test speaker -> figures."""
    better = max(NAMES, key=lambda name: np.mean([right.mean() for right in dev_hits[name]]))
    systems = {}
    for name, right in test_hits.items():
        each = np.array([part.mean() for part in right])
        alone = np.array([part.mean() for part in test_hits[better]])
        systems[name] = {
            "accuracy": mean_figure(each),
            "over speakers": over_seeds(each.tolist()),
            "against the better alone": mean_figure(each - alone),
            "dev": figure(np.mean([part.mean() for part in dev_hits[name]])),
            "each speaker": {person: mean_figure(part) for person, part in zip(people, right, strict=True)},
        }
    systems["blind"] = {"accuracy": figure(0.1)}
    return {"systems": systems}
