"""The recorded experiment on spoken digits: does a network understand somebody whom it has never heard?

Each of the six speakers of the Free Spoken Digit Dataset is the test once. Another one is the dev speaker, on whom the
best epoch is chosen; the other four train. The test speaker is heard once, at the end. Beside that stands the corpus's
official split, with all six speakers on both sides: the difference is what a leak is worth.
"""

import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmcourse.audio import (
    MelSpectrogram,
    extract_frames,
    frame_rnn,
    mfcc,
    normalize_recordings,
    spectrogram_cnn,
    train_statistics,
)
from mmcourse.backend import keras
from mmcourse.corpora import SpokenDigits
from mmcourse.corpora.spoken_digits import RATE, SPEAKERS
from mmcourse.experiments.results import figure, hash_captions, mean_figure, work_folder, write_results

NAME = "audio-spoken-digits"
SEED = 0
DIGITS = {
    "n_fft": 256,  # 32 ms
    "hop": 160,  # 20 ms
    "n_mels": 32,
    "scale": "slaney",
    "norm": "slaney",
    "n_mfcc": 13,
    "frames": 46,  # 0.9 s: some 30 of 3,000 recordings are longer, and are cut
    "epochs": 14,
    "batch_size": 50,
    "learning_rate": 4e-3,
    "dropout": 0.3,
    "rnn": {"units": 48},
    "cnn": {"filters": (16, 32, 48)},
}


def spoken_digits(data=None, quick=False, results=None, work=None):
    """Mean spectrum, recurrent network and convolutional network on spoken digits; returns the path of the record.

    ``data`` holds ``fsdd`` (see `mmcourse.corpora.SpokenDigits`; default: the variable MMCOURSE_DATA). ``quick``: a
    smoke test. The first fold's recurrent network is kept in ``work`` for the page.
    """
    start = time.perf_counter()
    small = {"epochs": 1, "frames": 12, "rnn": {"units": 4}, "cnn": {"filters": (4,)}}
    settings = DIGITS | (small if quick else {})
    collection = SpokenDigits(data, None)
    collection = collection[::7] if quick else collection
    sounds = describe(collection, settings)
    who, index = collection.speakers(), np.array([int(name.split("_")[2]) for name in collection.ids])
    people = [name for name in SPEAKERS if name in set(who)][: 2 if quick else None]
    hits = {name: {} for name in ("mean spectrum", "recurrent, MFCC", "convolution, mel")}
    order = {}
    for place, test in enumerate(people):
        dev = people[(place + 1) % len(people)]
        parts = [np.flatnonzero(rows) for rows in (~np.isin(who, [dev, test]), who == dev, who == test)]
        kept = work_folder(NAME, quick, work) / "digits.keras" if test == people[-1] else None
        for name, right in score(sounds, parts, settings, kept).items():
            (order if name == "frames shuffled" else hits[name])[test] = right
        print(test, {name: f"{right[test].mean():.3f}" for name, right in hits.items()}, flush=True)
    parts = [np.flatnonzero(rows) for rows in (index >= 10, (index >= 5) & (index < 10), index < 5)]
    leaky = score(sounds, parts, settings)
    figures = {name: {"unseen speaker": _mean(right), **_each(right)} for name, right in hits.items()}
    figures["recurrent, MFCC"]["frames shuffled"] = _mean(order)
    for name in hits:
        figures[name]["official split"] = _mean({"all": leaky[name]})
    figures["blind"] = {"commonest digit": figure(0.1)}
    path = write_results(
        "audio", "spoken-digits", figures,
        command="python -m mmcourse.experiments audio-spoken-digits --data DIR",
        seeds=[SEED], data_hash=hash_captions(collection), minutes=(time.perf_counter() - start) / 60,
        settings=settings | {
            "recordings": len(collection), "cut": int((sounds["lengths"] > settings["frames"]).sum()),
            "folds": "each speaker is the test once, the next in the alphabet dev; official: test 0-4, dev 5-9",
            "interval": "95 %, bootstrap over speakers for the mean, over recordings for one speaker and one split",
        },
        quick=quick, folder=results,
    )  # fmt: skip
    print(f"Written: {path}")
    return path


def describe(collection, settings=None):
    """What the systems hear of a collection: {"mel" (n, t, 32), "mfcc" (n, t, 13), "mask" (n, t), "labels" (n,),
    "mean" (n, 32), "lengths" in frames before the cut (n,)}. Each recording is scaled by itself: MFCC to mean 0 and
    deviation 1 in every coefficient, mel frames by their mean level."""
    settings = settings or DIGITS
    keys = ("n_fft", "hop", "n_mels", "scale", "norm")
    layer = MelSpectrogram(RATE, **{key: settings[key] for key in keys})
    mel, mask = extract_frames(layer, collection)
    whole, t = mask.sum(axis=1), settings["frames"]
    mel, mask = _wide(mel, t), _wide(mask, t)
    lengths = mask.sum(axis=1)
    numpy = keras.ops.convert_to_numpy
    cepstra = numpy(normalize_recordings(mfcc(mel, settings["n_mfcc"]), mask))
    # One number a recording is taken away, its mean level: how near the microphone stood. Chosen over mean and
    # deviation of each channel on one dev speaker, theo.
    scaled = (mel - mel.sum(axis=(1, 2), keepdims=True) / (lengths * mel.shape[2])[:, None, None]) * mask[..., None]
    raw = (mel * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    labels = collection.labels()
    return {"mel": scaled, "mfcc": cepstra, "mean": raw, "mask": mask, "labels": labels, "lengths": whole}


def score(sounds, parts, settings, keep=None):
    """Train the three systems on the rows of ``parts`` (train, dev, test) -> {system: bool (test rows,)}, which test
    recordings each understands; "frames shuffled" is the recurrent network on frames in a random order."""
    train, _, test = parts
    labels, found = sounds["labels"], {}
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    linear.fit(sounds["mean"][train], labels[train])
    found["mean spectrum"] = linear.predict(sounds["mean"][test]) == labels[test]
    rnn = fit(frame_rnn, sounds, "mfcc", parts, settings, **settings["rnn"])
    found["recurrent, MFCC"] = _understood(rnn, sounds, "mfcc", test)
    found["frames shuffled"] = _understood(rnn, _shuffled(sounds), "mfcc", test)
    if keep is not None:
        keep.parent.mkdir(parents=True, exist_ok=True)
        rnn.save(keep)
    cnn = fit(spectrogram_cnn, sounds, "mel", parts, settings, **settings["cnn"])
    found["convolution, mel"] = _understood(cnn, sounds, "mel", test)
    return found


def fit(build, sounds, kind, parts, settings, **sizes):
    """One network, trained on the first part, with the weights of the epoch that was best on the second."""
    keras.utils.set_random_seed(SEED)
    train, dev, _ = parts
    inputs = [{"audio": sounds[kind][rows], "mask": sounds["mask"][rows]} for rows in (train, dev)]
    statistics = train_statistics(inputs[0]["audio"], inputs[0]["mask"])
    model = build(sounds[kind].shape[-1], 10, statistics=statistics, dropout=settings["dropout"], seed=SEED, **sizes)
    steps = settings["epochs"] * -(-len(train) // settings["batch_size"])
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=5.0), loss, metrics=["accuracy"])
    best = keras.callbacks.EarlyStopping("val_accuracy", mode="max", patience=99, restore_best_weights=True)
    held = (inputs[1], sounds["labels"][dev])
    model.fit(
        inputs[0], sounds["labels"][train], settings["batch_size"], settings["epochs"], verbose=0, callbacks=[best],
        validation_data=held, validation_batch_size=500,
    )  # fmt: skip
    return model


def spoken_digit_network(work=None):
    """The recurrent network that ``spoken_digits`` kept, which has never heard the speaker yweweler.

    Raises FileNotFoundError before that run.
    """
    file = work_folder(NAME, work=work) / "digits.keras"
    if not file.is_file():
        raise FileNotFoundError(f"No network for spoken digits has been trained here: make real. ({file})")
    return keras.saving.load_model(file)


def _understood(model, sounds, kind, rows):
    logits = model.predict({"audio": sounds[kind][rows], "mask": sounds["mask"][rows]}, batch_size=500, verbose=0)
    return logits.argmax(axis=1) == sounds["labels"][rows]


def _shuffled(sounds):
    rng, out = np.random.default_rng(SEED), sounds["mfcc"].copy()
    for row, n in zip(out, sounds["mask"].sum(axis=1), strict=True):
        row[:n] = row[rng.permutation(n)]
    return sounds | {"mfcc": out}


def _wide(array, t):
    array = array[:, :t]
    return np.pad(array, [(0, 0), (0, t - array.shape[1])] + [(0, 0)] * (array.ndim - 2))


def _mean(right):
    """The mean over speakers (each a bool array), with a bootstrap interval: over the speakers, or, where there is one,
    over the recordings."""
    rows = [part.mean() for part in right.values()] if len(right) > 1 else next(iter(right.values()))
    return mean_figure(rows)


def _each(right):
    return {f"unseen {name}": _mean({name: part}) for name, part in right.items()}
