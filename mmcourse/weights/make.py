"""Make the course's own weights anew: ``python -m mmcourse.weights.make scene_vgg``.

Each recipe trains with a fixed seed, tests on scenes that were not trained on, and writes NAME.weights.h5 with
NAME.weights.json (what was made, when, with what, and how good it is) beside it.
"""

import argparse
import datetime
import json
import math
import os
import platform
import time
from pathlib import Path

import numpy as np

from mmcourse import scenes
from mmcourse._machinery.files import sha256_of, whole, write_sealed
from mmcourse.backend import keras
from mmcourse.image import scene_vgg
from mmcourse.scenes import COLOURS, SHAPES, SIZES
from mmcourse.scenes.image import region_shares, render_batch
from mmcourse.scenes.scene import UNIT
from mmcourse.weights import FOLDER

ATTRIBUTES = {"shape": SHAPES, "colour": COLOURS, "size": SIZES}
KINDS = [(shape, colour, size) for shape in SHAPES for colour in COLOURS for size in SIZES]
KIND = {kind: number for number, kind in enumerate(KINDS)}
CLEARLY = 0.12  # a region shows a thing when the thing fills this share of it ...
HARDLY = 0.02  # ... and shows nothing when all things together fill less than this


@keras.saving.register_keras_serializable("mmcourse")
class NamesScenes(keras.Model):
    """An encoder, and on each region of its grid four linear readers: is there a thing, and its shape, colour and size.

    Pixels ``(batch, 64, 64, 3)`` -> dict:

    - ``thing`` ``(batch, 64)``, ``shape`` ``(batch, 64, 5)``, ``colour`` ``(batch, 64, 6)`` and ``size``
      ``(batch, 64, 2)``: logits for each region;
    - ``place`` ``(batch, 64, 2)``: the centre (x, y) of the region's thing in the frame, in [0, 1];
    - ``kinds`` ``(batch, 60)``: log-probability that some region shows a thing of that kind.

    Shape, colour and size are read apart and multiplied, so that a colour and a shape never seen together can be named.
    """

    def __init__(self, encoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.sizes = {"thing": 1, "place": 2, **{name: len(words) for name, words in ATTRIBUTES.items()}}
        self.readers = {name: keras.layers.Dense(width, name=name) for name, width in self.sizes.items()}

    def call(self, images, training=False):
        ops = keras.ops
        grid = self.encoder(images, training=training)
        seen = ops.reshape(grid, (-1, grid.shape[1] * grid.shape[2], grid.shape[3]))
        out = {name: reader(seen) for name, reader in self.readers.items()}
        shape, colour, size = (ops.log_softmax(out[name]) for name in ATTRIBUTES)  # (b, m, 5), (b, m, 6), (b, m, 2)
        thing = ops.log_sigmoid(out["thing"])[..., None, None]  # (b, m, 1, 1, 1)
        each = thing + shape[..., :, None, None] + colour[..., None, :, None] + size[..., None, None, :]
        out["kinds"] = ops.reshape(ops.max(each, axis=1), (-1, len(KINDS)))
        return out | {"thing": out["thing"][..., 0]}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        ops = keras.ops
        sure, there = y["sure"], y["there"]  # (b, m): regions that count for `thing`, and that show one
        thing = ops.sum(sure * ops.binary_crossentropy(there, y_pred["thing"], from_logits=True)) / ops.sum(sure)
        count = ops.sum(there) + 1e-6
        for name in ATTRIBUTES:
            one = ops.sparse_categorical_crossentropy(y[name], y_pred[name], from_logits=True)
            thing = thing + ops.sum(there * one) / count
        away = ops.sum(ops.square(y_pred["place"] - y["place"]), axis=-1)
        log_p = ops.minimum(y_pred["kinds"], -1e-6)
        log_not = ops.log(-ops.expm1(log_p))
        kinds = -ops.mean(ops.sum(y["kinds"] * log_p + (1 - y["kinds"]) * log_not, axis=-1))
        return thing + 0.5 * kinds + 4.0 * ops.sum(there * away) / count


def targets(collection, grid=8):
    """Pictures uint8 ``(n, 64, 64, 3)`` and what is true of them, a dict of arrays as `NamesScenes` wants it."""
    truths = [item.truth for item in collection]
    n, m = len(truths), grid * grid
    y = {name: np.zeros((n, m), "int32") for name in ATTRIBUTES}
    y |= {"sure": np.ones((n, m), "float32"), "there": np.zeros((n, m), "float32")}
    y |= {"place": np.zeros((n, m, 2), "float32"), "kinds": np.zeros((n, len(KINDS)), "float32")}
    for row, scene in enumerate(truths):
        shares = region_shares(scene, grid, grid).reshape(len(scene), m)  # (things, m)
        nearest = shares.argmax(axis=0)
        y["there"][row] = shares.max(axis=0) >= CLEARLY
        y["sure"][row] = (shares.max(axis=0) >= CLEARLY) | (shares.sum(axis=0) < HARDLY)
        for name, words in ATTRIBUTES.items():
            y[name][row] = np.array([words.index(getattr(thing, name)) for thing in scene.things])[nearest]
        y["place"][row] = (np.array([(thing.x, thing.y) for thing in scene.things]) / UNIT)[nearest]
        for thing in scene.things:
            y["kinds"][row, KIND[thing.shape, thing.colour, thing.size]] = 1
    return render_batch(truths, 64), y


def shares_named(model, images, y):
    """What share of scenes has every kind in it named and no other, and what share of attributes is right."""
    out = model.predict(images, batch_size=250, verbose=0)
    named = out["kinds"] > math.log(0.5)
    there = y["there"] > 0
    figures = {"all_things_named": float((named == (y["kinds"] > 0)).all(axis=1).mean())}
    for name in ATTRIBUTES:
        figures[f"regions_right_{name}"] = float((out[name].argmax(-1) == y[name])[there].mean())
    figures["mean_error_of_place"] = float(np.linalg.norm(out["place"] - y["place"], axis=-1)[there].mean())
    return {name: round(value, 4) for name, value in figures.items()}


def make_scene_vgg(folder=FOLDER, n=12_000, epochs=5, seed=0, verbose=1):
    """Train the course's encoder to name the things of Scene World; write its weights (the readers are dropped).

    Args:
        folder: where the two files go.
        n: how many train scenes; tests are as many as the standard splits hold, at most ``n``.
        epochs: passes over the train scenes.
        seed: of weights and order. The scenes are those of seed 0.
        verbose: 1 shows progress, 0 is silent.
    Returns the figures that the JSON file holds.
    """
    began = time.perf_counter()
    keras.utils.set_random_seed(seed)
    images, y = targets(scenes.Scenes("train", n=n))
    model = NamesScenes(scene_vgg())
    batch = min(64, n)
    steps = epochs * math.ceil(n / batch)
    warmup = steps // 20
    rate = keras.optimizers.schedules.CosineDecay(0.0, steps - warmup, warmup_target=1.5e-3, warmup_steps=warmup)
    model.compile(keras.optimizers.Adam(rate))
    model.fit(images, y, batch_size=batch, epochs=epochs, verbose=2 if verbose else 0)
    figures = {}
    for split in ("test", "unseen_pairs", "unseen_counts"):
        size = min(n, len(scenes.Scenes(split)))
        figures[split] = {"scenes": size, **shares_named(model, *targets(scenes.Scenes(split, n=size)))}
    record = {
        "what": "scene_vgg: the encoder alone; 64x64 pixels in [0, 255] to an 8x8x128 grid",
        "command": "python -m mmcourse.weights.make scene_vgg",
        "trained_on": f"the first {n} scenes of train, {epochs} epochs",
        "seed": seed,
        "figures": figures,
    }
    return _write("scene_vgg", model.encoder, record, began, folder)


def _write(name, model, record, began, folder):
    folder = Path(folder)
    file = folder / f"{name}.weights.h5"
    with whole(file) as part:
        model.save_weights(part)
    record |= {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "minutes": round((time.perf_counter() - began) / 60, 1),
        "machine": f"{os.cpu_count()} processor cores, {platform.machine()}, backend {keras.backend.backend()}",
        "versions": {"keras": keras.__version__, "numpy": np.__version__, "scenes": scenes.VERSION},
        "parameters": model.count_params(),
        "sha256": sha256_of(file),
    }
    write_sealed(folder / f"{name}.weights.json", record)
    return record


RECIPES = {"scene_vgg": make_scene_vgg}


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m mmcourse.weights.make", description=__doc__.split("\n")[0])
    parser.add_argument("name", choices=sorted(RECIPES))
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the two files go")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    record = RECIPES[options.name](folder=options.folder, seed=options.seed)
    print(json.dumps(record, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
