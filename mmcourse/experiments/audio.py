"""The recorded experiment on spoken digits: does a network understand somebody whom it has never heard?

Each of the six speakers of the Free Spoken Digit Dataset is the test once. Another one is the dev speaker, on whom the
best epoch is chosen; the other four train, all but the first five recordings of each digit. On those the same networks
are tested beside the test speaker: voices that they know, against one that they do not. Beside that stands the corpus's
official split, with all six speakers on both sides.

What the order of the frames is worth is measured by a network that is trained on shuffled frames, in every epoch in
another order, and tested on such. A network trained on ordered frames and tested on shuffled ones is there as well: it
meets inputs that it never saw.
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
    smoke test. The last fold's recurrent network is kept in ``work`` for the page.
    """
    start = time.perf_counter()
    small = {"epochs": 1, "frames": 5, "rnn": {"units": 4}, "cnn": {"filters": (4,)}}
    settings = DIGITS | (small if quick else {})
    collection = SpokenDigits(data, None)
    collection = collection[::7] if quick else collection
    sounds = describe(collection, settings)
    who, index = collection.speakers(), np.array([int(name.split("_")[2]) for name in collection.ids])
    people = [name for name in SPEAKERS if name in set(who)][: 2 if quick else None]
    heard = {}  # system -> part -> test speaker -> bool (recordings,)
    for place, test in enumerate(people):
        kept = work_folder(NAME, quick, work) / "digits.keras" if test == people[-1] else None
        found = score(sounds, fold(who, index, people[(place + 1) % len(people)], test), settings, kept)
        for system, parts in found.items():
            for part, right in parts.items():
                heard.setdefault(system, {}).setdefault(part, {})[test] = right
        print(test, {name: f"{parts['unseen speaker'].mean():.3f}" for name, parts in found.items()}, flush=True)
    parts = {"train": index >= 10, "dev": (index >= 5) & (index < 10), "official split": index < 5}
    for system, found in score(sounds, parts, settings).items():
        heard[system]["official split"] = {"all": found["official split"]}
    figures = {
        system: {part: _mean(right) for part, right in parts.items()}
        | {f"unseen {name}": _mean({name: right}) for name, right in parts["unseen speaker"].items()}
        for system, parts in heard.items()
    }
    figures["blind"] = {"commonest digit": figure(0.1)}
    path = write_results(
        "audio", "spoken-digits", figures,
        command="python -m mmcourse.experiments audio-spoken-digits --data DIR",
        seeds=[SEED], data_hash=hash_captions(collection), minutes=(time.perf_counter() - start) / 60,
        settings=settings | {
            "recordings": len(collection), "cut": int((sounds["lengths"] > settings["frames"]).sum()),
            "folds": "each speaker is the test once, the next in the alphabet dev; the others train on recordings 5-49 "
            "and are the known speakers on 0-4; official: test 0-4, dev 5-9, train 10-49 of all",
            "interval": "95 %, bootstrap over folds for the means, over recordings for one speaker and one split",
        },
        quick=quick, folder=results,
    )  # fmt: skip
    print(f"Written: {path}")
    return path


def fold(who, index, dev, test):
    """The parts of one fold, {name: bool (recordings,)}. ``who`` speaks, and ``index`` counts a speaker's recordings of
    a digit, both (recordings,)."""
    taught = ~np.isin(who, [dev, test])
    return {
        "train": taught & (index >= 5), "dev": who == dev,
        "unseen speaker": who == test, "known speakers": taught & (index < 5),
    }  # fmt: skip


def describe(collection, settings=None):
    """What the systems hear of a collection: {"mel" (n, t, 32), "mfcc" (n, t, 13), "mask" (n, t), "labels" (n,),
    "mean" (n, 32), "lengths" in frames before the cut (n,)}. Each recording is scaled by itself: MFCC to mean 0 and
    standard deviation 1 in every coefficient, mel frames by their mean level."""
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
    # standard deviation of each channel on one dev speaker, theo.
    scaled = (mel - mel.sum(axis=(1, 2), keepdims=True) / (lengths * mel.shape[2])[:, None, None]) * mask[..., None]
    raw = (mel * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    labels = collection.labels()
    return {"mel": scaled, "mfcc": cepstra, "mean": raw, "mask": mask, "labels": labels, "lengths": whole}


def score(sounds, parts, settings, keep=None):
    """Train all systems on the rows of "train", with the epoch that is best on "dev" -> {system: {part: bool (rows,)}},
    which recordings of every other part each understands. ``parts``: {name: bool (recordings,)}."""
    labels, found, others = sounds["labels"], {}, [part for part in parts if part not in ("train", "dev")]
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    linear.fit(sounds["mean"][parts["train"]], labels[parts["train"]])
    right = linear.predict(sounds["mean"]) == labels
    found["mean spectrum"] = {part: right[parts[part]] for part in others}

    def understood(model, sounds, kind):
        return {part: _understood(model, sounds, kind, parts[part]) for part in others}

    mixed = sounds | {"mfcc": _shuffled(sounds["mfcc"], sounds["mask"], SEED)}
    rnn = fit(frame_rnn, sounds, "mfcc", parts, settings, **settings["rnn"])
    found["recurrent, MFCC"] = understood(rnn, sounds, "mfcc")
    found["recurrent, frames shuffled at test only"] = understood(rnn, mixed, "mfcc")
    if keep is not None:
        keep.parent.mkdir(parents=True, exist_ok=True)
        rnn.save(keep)
    control = fit(frame_rnn, mixed, "mfcc", parts, settings, shuffle=True, **settings["rnn"])
    found["recurrent, trained and tested on shuffled frames"] = understood(control, mixed, "mfcc")
    cnn = fit(spectrogram_cnn, sounds, "mel", parts, settings, **settings["cnn"])
    found["convolution, mel"] = understood(cnn, sounds, "mel")
    return found


def fit(build, sounds, kind, parts, settings, shuffle=False, **sizes):
    """One network, trained on the part "train", with the weights of the epoch that was best on "dev". ``shuffle``: in
    every epoch the frames of each training recording come in another random order."""
    keras.utils.set_random_seed(SEED)
    train, labels = np.flatnonzero(parts["train"]), sounds["labels"]
    x, mask = sounds[kind][train], sounds["mask"][train]
    statistics = train_statistics(x, mask)
    model = build(x.shape[-1], 10, statistics=statistics, dropout=settings["dropout"], seed=SEED, **sizes)
    steps = settings["epochs"] * -(-len(train) // settings["batch_size"])
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=5.0), loss)
    best, weights = -1.0, None
    for epoch in range(settings["epochs"]):
        given = {"audio": _shuffled(x, mask, SEED + 1 + epoch) if shuffle else x, "mask": mask}
        model.fit(given, labels[train], settings["batch_size"], epoch + 1, initial_epoch=epoch, verbose=0)
        right = _understood(model, sounds, kind, parts["dev"]).mean()
        if right > best:
            best, weights = right, model.get_weights()
    model.set_weights(weights)
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


def _shuffled(frames, mask, seed):
    """Frames (n, t, d) with the real ones of each recording in a random order; padding stays behind them."""
    keys = np.where(mask, np.random.default_rng(seed).random(mask.shape), 2.0)
    return np.take_along_axis(frames, keys.argsort(axis=1)[..., None], axis=1)


def _wide(array, t):
    array = array[:, :t]
    return np.pad(array, [(0, 0), (0, t - array.shape[1])] + [(0, 0)] * (array.ndim - 2))


def _mean(right):
    """The mean over folds (each a bool array), with a bootstrap interval: over the folds, or, where there is one, over
    the recordings."""
    rows = [part.mean() for part in right.values()] if len(right) > 1 else next(iter(right.values()))
    return mean_figure(rows)
