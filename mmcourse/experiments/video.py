"""The recorded video experiments: who can tell which way a thing moves, over several seeds, and how many frames it
takes; and what three times as many epochs change.

Films of Scene World with one thing. The label is the direction in which it leaves the middle frame, a label that the
middle frame by itself does not show. Every network is trained alike. Test is looked at once a network; each is also
asked about the films played backwards, whose direction is the opposite one.
"""

import time

import numpy as np

from mmcourse.backend import keras
from mmcourse.experiments.results import hash_captions, over_seeds, write_results
from mmcourse.scenes import VERSION, Scenes, film
from mmcourse.video import c3d, frame_differences, frame_recurrent

SEEDS = (0, 1, 2)
SETTINGS = {
    "train": 1200, "test": 1000, "size": 32, "first": 9, "frames": 7, "epochs": 10, "batch_size": 32,
    "learning_rate": 3e-3, "clip": 1.0,
}  # fmt: skip
LONGER = SETTINGS | {"epochs": 30}
FRAMES = (1, 2, 3, 5, 7)
OPPOSITE = np.array([film.DIRECTIONS.index(name) for name in ("right", "left", "down", "up")])


def motion_films(split, n, size=32, first=9, frames=7):
    """Films of one thing each: clips uint8 (n, frames, size, size, 3) that begin at frame ``first``; directions int
    (n,), places in ``film.DIRECTIONS``; and steady bool (n,): whether it arrives at the middle frame as it leaves."""
    clips, directions, steady = [], [], []
    for item in Scenes(split, n=n, image_size=size, things=1):
        told = film.script(item.truth)
        clips.append(item.frames[first : first + frames])
        directions.append(film.DIRECTIONS.index(told.direction))
        steady.append(told.direction_of(0, film.FRAMES // 2 - 1) == told.direction)
    return np.stack(clips), np.array(directions), np.array(steady)


def _inputs(clips):
    t = clips.shape[1]
    return {
        "one frame": np.repeat(clips[:, t // 2, None], t, axis=1),
        "mean of the frames": np.repeat(clips.mean(1, keepdims=True, dtype="float32"), t, axis=1),
        "all frames": clips,
    }


def with_changes(clips):
    """Clips (n, t, h, w, c) -> float32 (n, t, h, w, 2 c): each frame, and beside it what changed since the one before
    (for the first frame: nothing)."""
    still = np.zeros_like(clips[:, :1], "float32")
    changes = np.concatenate([still, frame_differences(clips)], axis=1)
    return np.concatenate([clips, changes], axis=-1)


def _predictor(model, x, y, settings, seed):
    steps = settings["epochs"] * -(-len(x) // settings["batch_size"])
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    optimizer = keras.optimizers.Adam(rate, global_clipnorm=settings["clip"])
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    keras.utils.set_random_seed(seed)  # the order of the films
    model.fit(x, y, batch_size=settings["batch_size"], epochs=settings["epochs"], verbose=0)
    return lambda clips: model.predict(clips, batch_size=200, verbose=0).argmax(-1)


def scenes(quick=False, results=None):
    """Train and score every network with every seed; writes ``video-scenes.json`` and returns its path. The interval of
    a figure is its lowest and its highest value over the seeds."""
    began = time.monotonic()
    settings = SETTINGS | ({"train": 32, "test": 20, "epochs": 1} if quick else {})
    seeds, lengths = (SEEDS[:1], FRAMES[:1]) if quick else (SEEDS, FRAMES)
    place = {key: settings[key] for key in ("size", "first", "frames")}
    x, y, _ = motion_films("train", settings["train"], **place)
    xt, yt, steady = motion_films("test", settings["test"], **place)
    systems = {
        "one frame": ("one frame", c3d),
        "mean of the frames": ("mean of the frames", c3d),
        "recurrent": ("all frames", frame_recurrent),
        "3-D convolution": ("all frames", c3d),
        "(2+1)-D convolution": ("all frames", lambda: c3d(factorised=True)),
    }
    if quick:
        systems = {name: systems[name] for name in ("one frame", "(2+1)-D convolution")}
    given, asked, backwards = _inputs(x), _inputs(xt), _inputs(xt[:, ::-1])
    figures = {name: {"accuracy": [], "axis": [], "both ways": []} for name in systems}
    for name, (what, build) in systems.items():
        for seed in seeds:
            keras.utils.set_random_seed(seed)
            predict = _predictor(build(), given[what], y, settings, seed)
            said, reverse = predict(asked[what]), predict(backwards[what])
            right = said == yt
            figures[name]["accuracy"].append(right.mean())
            figures[name]["axis"].append((said // 2 == yt // 2).mean())
            figures[name]["both ways"].append((right & (reverse == OPPOSITE[yt]))[steady].mean())
        print(name, figures[name], flush=True)
    frames, middle = {}, settings["frames"] // 2
    for n in lengths:
        part, found = slice(middle - (n - 1) // 2, middle + n // 2 + 1), []
        for seed in seeds:
            keras.utils.set_random_seed(seed)
            model = c3d((n, *x.shape[2:]))
            found.append((_predictor(model, x[:, part], y, settings, seed)(xt[:, part]) == yt).mean())
        frames[str(n)] = over_seeds(found)
        print(n, frames[str(n)], flush=True)
    figures = {name: {key: over_seeds(found) for key, found in kinds.items()} for name, kinds in figures.items()}
    data = [Scenes(split, n=settings[split], things=1) for split in ("train", "test")]
    return write_results(
        "video", "scenes", {"systems": figures, "frames": frames},
        command="python -m mmcourse.experiments video-scenes", seeds=seeds, data_hash=hash_captions(*data),
        minutes=(time.monotonic() - began) / 60, settings=settings | {"scenes": VERSION}, quick=quick, folder=results,
    )  # fmt: skip


def longer(quick=False, results=None):
    """The networks that see order, and the recurrent one with the changes beside each frame, trained as in ``scenes``
    but for more epochs; writes ``video-longer.json`` and returns its path."""
    began = time.monotonic()
    settings = LONGER | ({"train": 32, "test": 20, "epochs": 1} if quick else {})
    seeds = SEEDS[:1] if quick else SEEDS
    place = {key: settings[key] for key in ("size", "first", "frames")}
    x, y, _ = motion_films("train", settings["train"], **place)
    xt, yt, _ = motion_films("test", settings["test"], **place)
    beside = (settings["frames"], settings["size"], settings["size"], 6)
    systems = {
        "3-D convolution": (np.asarray, c3d),
        "recurrent": (np.asarray, frame_recurrent),
        "(2+1)-D convolution": (np.asarray, lambda: c3d(factorised=True)),
        "recurrent, changes beside": (with_changes, lambda: frame_recurrent(beside)),
    }
    figures = {}
    for name, (see, build) in systems.items():
        found = []
        for seed in seeds:
            keras.utils.set_random_seed(seed)
            predict = _predictor(build(), see(x), y, settings, seed)
            found.append({"accuracy": (predict(see(xt)) == yt).mean(), "known films": (predict(see(x)) == y).mean()})
            print(name, seed, found[-1], flush=True)
        figures[name] = over_seeds(found)
    data = [Scenes(split, n=settings[split], things=1) for split in ("train", "test")]
    return write_results(
        "video", "longer", figures, command="python -m mmcourse.experiments video-longer", seeds=seeds,
        data_hash=hash_captions(*data), minutes=(time.monotonic() - began) / 60,
        settings=settings | {"scenes": VERSION}, quick=quick, folder=results,
    )  # fmt: skip
