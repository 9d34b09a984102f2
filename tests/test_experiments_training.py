"""Training that goes on after a kill: to the digit with all that is random, from its own checkpoint or from none."""

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from mmcourse._machinery import digests
from mmcourse._machinery.order import Batches
from mmcourse.backend import keras
from mmcourse.experiments import training

ROOT = Path(__file__).parent.parent
X = np.random.default_rng(0).standard_normal((24, 5)).astype("float32")
KILL = {"at": None}  # this batch


class Drawn(Batches):
    """Rows with noise of NumPy's and of Keras's: two generators beside the order, which is a function of the epoch."""

    def __init__(self, x, factor):
        self.x, self.factor = x, factor
        self.noise = keras.layers.GaussianNoise(0.1, seed=3)
        self.draws = np.random.default_rng(4)
        self.asked = 0
        super().__init__(len(x), 4, True, 0)

    def __getitem__(self, index):
        self.asked += 1
        if self.asked == KILL["at"]:
            os._exit(9)
        rows = self._rows(index)
        x = self.x[rows] + self.draws.normal(0, 0.1, (len(rows), 1)).astype("float32")
        x = keras.ops.convert_to_numpy(self.noise(x, training=True))
        return x, self.factor * x.sum(1, keepdims=True)


def run(folder, *, x=X, factor=1.0, seed=1, rate=0.4, learning_rate=0.02, judged_by=(), epochs=4):
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    parts = [layers.Dense(8), layers.BatchNormalization(), layers.Dropout(rate), layers.Dense(1)]
    model = keras.Sequential([keras.Input((5,)), layers.GaussianNoise(0.1), *parts])
    model.compile(keras.optimizers.Adam(learning_rate), "mse")

    def score():  # draws from everything that has no owner
        drawn = np.random.normal() + random.random() + float(keras.random.uniform(()))
        return {"score": float(np.mean(model.get_weights()[0])) + drawn, "drawn": drawn}

    batches = Drawn(x, factor)
    history = training.train(model, batches, epochs, folder, score, verbose=0, judged_by=judged_by)
    told = [{name: value for name, value in epoch.items() if name != "seconds"} for epoch in history["epochs"]]
    return {"told": told, "best": history["best"], "weights": digests.of_variables(model), "asked": batches.asked}


KILLED = """
import sys
sys.path.insert(0, "tests")
import test_experiments_training as t
t.KILL["at"] = int(sys.argv[2])
t.run(sys.argv[1])
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return run(tmp_path_factory.mktemp("whole"))


def same(found, whole):
    return all(found[name] == whole[name] for name in ("told", "best", "weights"))


def test_killed_and_resumed_it_ends_as_if_never_stopped(tmp_path, whole):
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(whole["asked"] * 5 // 8)]
    killed = subprocess.run(command, cwd=ROOT, env=os.environ | {"KERAS_BACKEND": keras.config.backend()})
    assert killed.returncode == 9
    resumed = run(tmp_path)
    assert resumed["asked"] < whole["asked"], "what was trained is not trained again"
    assert resumed["told"] == whole["told"] and same(resumed, whole)


def test_what_is_finished_is_not_trained_again_and_what_is_of_another_training_is(tmp_path, whole, capsys):
    first = run(tmp_path, epochs=1)
    again = run(tmp_path, epochs=1)
    assert same(again, first) and again["asked"] == 0 and "anew" not in capsys.readouterr().out
    other = run(tmp_path, epochs=1, x=-X)
    assert other["asked"] > 0 and other["told"] != first["told"], "losses of other data never come back"
    assert f"another training (batches), so this one begins anew: {tmp_path}" in capsys.readouterr().out


CHANGES = {
    "batches": {"x": np.concatenate([X[:-1], X[-1:] + 1e-6])},
    "batches ": {"factor": 1.0 + 1e-12},
    "model": {"rate": 0.4 + 1e-9},
    "first weights": {"seed": 2},
    "optimizer": {"learning_rate": 0.02 + 1e-9},
    "what it is judged by": {"judged_by": [X]},
    "epochs": {"epochs": 5},
}


def test_the_key_holds_all_that_decides_the_end(tmp_path, monkeypatch):
    keys = []

    def instead(model, batches, epochs, path, score, patience, verbose, key):
        keys.append(key)
        return {"epochs": [], "best": 0}

    monkeypatch.setattr(training, "_train", instead)
    for change in ({}, {}, *CHANGES.values()):
        run(tmp_path, **change)
    first, again, *others = keys
    assert first == again, "nor do names count that Keras gave"
    assert [digests.differing(first, other) for other in others] == [name.strip() for name in CHANGES]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-100], lambda data: data[:5000] + bytes([data[5000] ^ 4]) + data[5001:]]
)
def test_a_damaged_checkpoint_is_told_and_the_training_begins_anew(tmp_path, damage, capsys):
    first = run(tmp_path, epochs=1)
    path = tmp_path / training.FILE
    path.write_bytes(damage(path.read_bytes()))
    assert same(run(tmp_path, epochs=1), first)
    told = capsys.readouterr().out
    assert str(path) in told and "It begins anew now." in told and ("cut off" in told or "altered" in told)


def test_what_an_older_version_left_is_told(tmp_path, monkeypatch, capsys):
    def instead(model, batches, epochs, path, score, patience, verbose, key):
        assert training._restore(model, batches, None, path, key) == ([], 0, None)
        return {"epochs": [], "best": 0}

    monkeypatch.setattr(training, "_train", instead)
    (tmp_path / "epoch-003").mkdir()
    run(tmp_path)
    assert f"In {tmp_path} is a checkpoint of an older version" in capsys.readouterr().out


def test_two_trainings_in_one_folder_take_turns(tmp_path, monkeypatch, capsys):
    entered, leave, order = threading.Event(), threading.Event(), []

    def instead(*arguments):
        order.append("in")
        entered.set()
        assert leave.wait(60)
        order.append("out")
        return {"epochs": [], "best": 0}

    monkeypatch.setattr(training, "_train", instead)
    both = [threading.Thread(target=run, args=(tmp_path,)) for _ in range(2)]
    both[0].start()
    assert entered.wait(60)
    both[1].start()
    told = ""
    while f"Process {os.getpid()} trains in {tmp_path}: this one waits" not in told and both[1].is_alive():
        told += capsys.readouterr().out
        time.sleep(0.02)  # the other thread needs the interpreter as well
    leave.set()
    for one in both:
        one.join()
    assert order == ["in", "out", "in", "out"]


def test_what_has_no_digest_is_refused(tmp_path):
    with pytest.raises(TypeError, match="Received: function"):
        run(tmp_path, judged_by=[len, lambda: 1][1:])
