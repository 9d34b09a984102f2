"""Training that may be killed at any moment and goes on where it was."""

import json
import os
import shutil
import time
from pathlib import Path

import numpy as np

from mmcourse._machinery.files import whole, write_json
from mmcourse.backend import keras


class WeightAverage(keras.callbacks.Callback):
    """A running average of the weights, taken every ``every`` batches: average ← decay · average + (1 - decay) ·
    weights.

    The average of the last steps generalises better than the last step (Polyak and Juditsky, 1992); it costs nothing at
    test time. The decay starts low, so that the random first weights are soon forgotten.
    """

    def __init__(self, decay=0.9, every=20):
        super().__init__()
        self.decay, self.every = decay, every
        self.weights, self.seen, self.taken = None, 0, 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen % self.every == 0 or self.weights is None:
            self.taken += 1
            decay = min(self.decay, self.taken / (10 + self.taken)) if self.weights is not None else 0.0
            new = self.model.get_weights()
            old = new if self.weights is None else self.weights
            self.weights = [decay * a + (1 - decay) * b for a, b in zip(old, new, strict=True)]


def train(model, batches, epochs, folder, score, patience=None, verbose="auto"):
    """Train a built and compiled model; after each epoch score the average of its weights, and keep the best.

    Args:
        model: its weights are the best ones when this returns.
        batches: a dataset of ``mmcourse.batches``, whose order is a function of its ``epoch``.
        folder: for the checkpoints. A second call with the same folder goes on after the last whole epoch (the
            optimizer's state and the average included), so a folder belongs to one set of settings.
        score: function without arguments, called with the averaged weights in the model -> dict of numbers; the one
            named "score" is to be large.
        patience: stop when so many epochs brought nothing better. None: never.
    Returns:
        {"epochs": [{"loss": ..., "seconds": ..., and what ``score`` gave}, ...], "best": index of the best epoch,
        "earlier": seconds of the epochs that an earlier call trained}
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    average = WeightAverage()
    history, best, earlier = [], 0, 0.0
    finished = sorted(folder.glob("epoch-???"))
    if finished:
        history, best = _restore(model, average, finished[-1])
        earlier = sum(epoch["seconds"] for epoch in history)
    while len(history) < epochs and not (patience and len(history) - 1 - best >= patience and history):
        start = time.perf_counter()
        number = len(history) + 1
        # The batches have an order of their own, a function of seed and epoch: Keras must not shuffle them once more,
        # and how often it says that an epoch is over (more often than there are epochs) must not matter.
        batches.epoch = number - 1
        fitted = model.fit(
            batches, initial_epoch=number - 1, epochs=number, callbacks=[average], shuffle=False, verbose=verbose
        )
        seconds = time.perf_counter() - start
        own = model.get_weights()
        model.set_weights(average.weights)
        scores = {name: float(value) for name, value in score().items()}
        history.append({"loss": float(fitted.history["loss"][-1]), "seconds": round(seconds, 1)} | scores)
        better = scores["score"] > max((epoch["score"] for epoch in history[:-1]), default=-np.inf)
        if better:
            best = number - 1
            with whole(folder / "best.weights.h5") as part:
                model.save_weights(part)
        model.set_weights(own)
        _save(model, average, folder / f"epoch-{number:03d}", {"epochs": history, "best": best})
        if verbose:
            told = ", ".join(f"{name} {value:.4g}" for name, value in history[-1].items())
            print(f"epoch {number} of {epochs}: {told}", flush=True)
    model.load_weights(folder / "best.weights.h5")
    return {"epochs": history, "best": best, "earlier": earlier}


def _save(model, average, folder, state):
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    model.save_weights(part / "last.weights.h5")  # with the optimizer's state, since the model is compiled
    np.savez(part / "average.npz", *average.weights)
    write_json(part / "state.json", state | {"seen": average.seen, "taken": average.taken})
    os.replace(part, folder)  # only now is the epoch whole
    for older in sorted(folder.parent.glob("epoch-???"))[:-1]:
        shutil.rmtree(older)


def _restore(model, average, folder):
    state = json.loads((folder / "state.json").read_text("utf-8"))
    model.optimizer.build(model.trainable_variables)
    model.load_weights(folder / "last.weights.h5")
    with np.load(folder / "average.npz") as saved:
        average.weights = [saved[name] for name in saved.files]
    average.seen, average.taken = state["seen"], state["taken"]
    return state["epochs"], state["best"]
