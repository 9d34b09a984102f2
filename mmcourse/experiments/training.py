"""Training that may be killed at any moment and goes on where it was."""

import time
from pathlib import Path

import numpy as np

from mmcourse._machinery import random_state
from mmcourse._machinery.arrays import ArrayFile
from mmcourse._machinery.digests import differing, digest, of_code, of_model, of_variables
from mmcourse._machinery.locks import locked
from mmcourse.backend import keras

CHECKPOINT = ArrayFile(b"MMTRAIN1", "a checkpoint", "Delete it: the training then begins anew.")
FILE = "checkpoint.bin"


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


class _Epoch(keras.utils.PyDataset):
    """One epoch of batches. How often Keras says that it is over, and which batches it looks at before the first step
    (more of them in a process's first call), must not matter: the order stays, and no batch is drawn a second time."""

    LOOKED_AT = 2

    def __init__(self, batches):
        super().__init__()
        self.batches, self.drawn = batches, {}

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        if index not in self.drawn:
            self.drawn[index] = self.batches[index]
        return self.drawn[index] if index < self.LOOKED_AT else self.drawn.pop(index)


def train(model, batches, epochs, folder, score, patience=None, verbose="auto", judged_by=()):
    """Train a built and compiled model; after each epoch score the average of its weights, and keep the best.

    A run that was killed goes on after the last whole epoch, to the very end that it would have had: weights, optimizer
    and average are in the checkpoint, and so is all that is random. The checkpoint knows what it was made from; one of
    something else, of an older version or one that is damaged is not used: it says so and begins anew. Two runs in one
    folder take turns.

    Args:
        model: its weights are the best ones when this returns.
        batches: a dataset of ``mmcourse.batches``, whose order is a function of its ``epoch``; what it draws otherwise,
            it draws from generators that it holds as attributes.
        folder: for the checkpoint.
        score: function without arguments, called with the averaged weights in the model -> dict of numbers; the one
            named "score" is to be large.
        patience: stop when so many epochs brought nothing better. None: never.
        judged_by: what ``score`` looks at: arrays, texts, settings (as `digests.digest` takes them).
    Returns:
        {"epochs": [{"loss": ..., "seconds": ..., and what ``score`` gave}, ...], "best": index of the best epoch,
        "earlier": seconds of the epochs that an earlier call trained}
    Raises TypeError for batches or ``judged_by`` with something in it of which no digest can be made.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    telling = f"Process {{process}} trains in {folder}: this one waits until it has ended."
    with locked(folder / "training.lock", telling):
        batches.epoch = 0
        key = {
            "model": of_model(model),
            "first weights": of_variables(model),
            "optimizer": digest(model.optimizer),
            "loss": digest(_plain(model.get_compile_config() or {})),
            "batches": digest(type(batches).__qualname__, vars(batches)),
            "what it is judged by": digest(judged_by),
            "epochs": [epochs, patience],
            "code": of_code(),
            "versions": [keras.config.backend(), keras.__version__, np.__version__],
        }
        return _train(model, batches, epochs, folder / FILE, score, patience, verbose, key)


def _train(model, batches, epochs, path, score, patience, verbose, key):
    average = WeightAverage()
    model.optimizer.build(model.trainable_variables)
    history, best, kept = _restore(model, batches, average, path, key)
    earlier = sum(epoch["seconds"] for epoch in history)
    while len(history) < epochs and not (patience and len(history) - 1 - best >= patience and history):
        start = time.perf_counter()
        number = len(history) + 1
        batches.epoch = number
        epoch = _Epoch(batches)  # it has an order of its own: Keras must not shuffle it once more
        fitted = model.fit(
            epoch, initial_epoch=number - 1, epochs=number, callbacks=[average], shuffle=False, verbose=verbose
        )
        seconds = time.perf_counter() - start
        own = model.get_weights()
        model.set_weights(average.weights)
        scores = {name: float(value) for name, value in score().items()}
        history.append({"loss": float(fitted.history["loss"][-1]), "seconds": round(seconds, 1)} | scores)
        better = scores["score"] > max((epoch["score"] for epoch in history[:-1]), default=-np.inf)
        if better or kept is None:
            best, kept = number - 1, average.weights
        model.set_weights(own)
        _save(model, batches, average, path, {"key": key, "epochs": history, "best": best}, kept)
        if verbose:
            told = ", ".join(f"{name} {value:.4g}" for name, value in history[-1].items())
            print(f"epoch {number} of {epochs}: {told}", flush=True)
    model.set_weights(kept)
    return {"epochs": history, "best": best, "earlier": earlier}


def _state(model):
    """Variables that hold where the training is: weights, seed generators and the optimizer's; not those of metrics."""
    return [*model.variables, *model.optimizer.variables]


def _save(model, batches, average, path, state, kept):
    """One file, so that nothing in it is of another epoch than the rest."""
    parts = {f"state {i}": keras.ops.convert_to_numpy(v) for i, v in enumerate(_state(model))}
    parts |= {f"average {i}": x for i, x in enumerate(average.weights)} | {f"best {i}": x for i, x in enumerate(kept)}
    random = random_state.take(batches)
    state = state | {"seen": average.seen, "taken": average.taken, "random": random}
    CHECKPOINT.write(path, {"kind": "training"} | state, parts)


def _restore(model, batches, average, path, key):
    """Set what the checkpoint holds -> (history, best, weights of the best epoch); empty where none fits."""
    nothing = [], 0, None
    if not path.exists():
        if any(path.parent.glob("epoch-???")):
            print(f"In {path.parent} is a checkpoint of an older version: the training begins anew.", flush=True)
        return nothing
    try:
        state, parts = CHECKPOINT.read(path, "training")
    except ValueError as error:
        print(f"{error} It begins anew now.", flush=True)
        return nothing
    if state["key"] != key:
        other = differing(key, state["key"])
        print(f"The checkpoint is of another training ({other}), so this one begins anew: {path}", flush=True)
        return nothing
    for place, variable in enumerate(_state(model)):
        variable.assign(parts[f"state {place}"])
    random_state.give_back(state["random"], batches)
    average.weights = _several(parts, "average")
    average.seen, average.taken = state["seen"], state["taken"]
    return state["epochs"], state["best"], _several(parts, "best")


def _several(parts, name):
    return [x for part, x in parts.items() if part.startswith(f"{name} ")]


def _plain(config):
    """What Keras wrote down of how a model was compiled, without the optimizer, which has a digest of its own."""
    return {name: repr(part) for name, part in config.items() if name != "optimizer"}
