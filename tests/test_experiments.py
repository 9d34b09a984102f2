"""Recorded experiments: the record's schema, training that survives being killed, and the command."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mmcourse._machinery.files import seal
from mmcourse.backend import keras
from mmcourse.experiments import __main__ as command
from mmcourse.experiments import results, training
from mmcourse.scenes import Scenes

pytestmark = pytest.mark.usefixtures("eagerly")
GOOD = {"soft": {"BLEU-4": results.figure(0.2, (0.18, 0.22))}, "blind": results.figure(0)}
ENTRIES = {"command": "make x", "seeds": [0], "data_hash": "ab", "minutes": 1.234}


# The record


def test_a_record_is_written_whole_and_read_back(tmp_path):
    path = results.write_results("captioning", "scenes", GOOD, folder=tmp_path / "new", **ENTRIES)
    assert path.name == "captioning-scenes.json" and [p.name for p in path.parent.iterdir()] == [path.name]
    record = results.read_results(path)
    assert record["figures"] == GOOD and record["schema"] == results.SCHEMA and record["minutes"] == 1.23
    assert record["versions"]["keras"] == keras.__version__ and "cores" in record["machine"]
    assert "mmcourse" in record["versions"] and len(record["date"]) == 10


@pytest.mark.parametrize(
    "figures",
    [
        {"a": float("nan")},
        {"a": {"value": float("nan")}},
        {"a": {"value": 1, "interval": [2, 3]}},
        {"a": {"value": 1, "interval": [0]}},
        {"a": 3},
    ],
)
def test_a_figure_that_is_none_is_refused(figures, tmp_path):
    with pytest.raises(ValueError, match="figures"):
        results.write_results("t", "d", figures, folder=tmp_path, **ENTRIES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("missing", sorted(results.REQUIRED))
def test_a_damaged_record_is_named(missing, tmp_path):
    path = results.write_results("t", "d", GOOD, folder=tmp_path, **ENTRIES)
    record = json.loads(path.read_text())
    del record[missing]
    path.write_text(json.dumps(record))
    with pytest.raises(ValueError, match=r"t-d\.json: its checksum is not the one noted in it"):
        results.read_results(path)
    path.write_text(json.dumps(seal(record)))
    with pytest.raises(ValueError, match=rf"t-d.json: Received: {missing}=None"):
        results.read_results(path)


def test_the_hash_of_data_sees_captions_and_order():
    first, other = Scenes("dev", n=4), Scenes("dev", n=4, seed=1)
    assert results.hash_captions(first) == results.hash_captions(Scenes("dev", n=4))
    assert len({results.hash_captions(c) for c in (first, other, first[::-1], first[:3])}) == 4


def test_what_the_book_holds_are_records():
    for path in sorted(results.FOLDER.glob("captioning-*.json")):
        record = results.read_results(path)
        assert f"{record['topic']}-{record['data']}" in path.stem
        assert "--quick" not in record["command"]


# Training


class Data(keras.utils.PyDataset):
    """Batches whose order depends on the epoch."""

    x = np.random.default_rng(0).standard_normal((40, 3)).astype("float32")
    epoch = 0

    def __len__(self):
        return 10

    def __getitem__(self, index):
        rows = np.random.default_rng(self.epoch).permutation(40)[4 * index : 4 * index + 4]
        return self.x[rows], self.x[rows] @ np.array([[1.0], [2.0], [3.0]], "float32")

    def on_epoch_end(self):
        self.epoch += 1


def linear(folder, epochs, scores, stop_at=None):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.05), "mse")
    scores = iter(scores)

    def score():
        value = next(scores)
        if value == stop_at:
            raise KeyboardInterrupt
        return {"score": value}

    return model, training.train(model, Data(), epochs, folder, score, patience=2, verbose=0)


def test_a_killed_run_goes_on_to_the_same_end(tmp_path):
    whole, history = linear(tmp_path / "a", 3, [1, 3, 2])
    with pytest.raises(KeyboardInterrupt):
        linear(tmp_path / "b", 3, [1, 9], stop_at=9)
    resumed, again = linear(tmp_path / "b", 3, [3, 2])
    for old, new in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(new, old, atol=1e-6)
    assert [e["loss"] for e in again["epochs"]] == pytest.approx([e["loss"] for e in history["epochs"]], rel=1e-4)
    assert history["best"] == again["best"] == 1 and history["earlier"] == 0 < again["earlier"]
    finished, _ = linear(tmp_path / "b", 3, [])  # nothing left to do
    np.testing.assert_array_equal(finished.get_weights()[0], resumed.get_weights()[0])


def test_training_stops_when_nothing_gets_better(tmp_path):
    _, history = linear(tmp_path, 9, [5, 4, 4, 9, 9])
    assert len(history["epochs"]) == 3 and history["best"] == 0


def test_the_best_weights_are_an_average(tmp_path):
    model, _ = linear(tmp_path, 1, [1])
    _, saved = training.CHECKPOINT.read(tmp_path / training.FILE, "training")
    assert np.abs(saved["state 0"] - model.get_weights()[0]).max() > 0
    np.testing.assert_array_equal(saved["best 0"], model.get_weights()[0])


# The command


def test_an_unknown_experiment_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        command.main(["captioning-moon"])
    assert "captioning-scenes" in capsys.readouterr().err


def test_every_experiment_is_a_function_and_takes_what_it_needs():
    for name in (*command.EXPERIMENTS, *command.REAL):
        takes = inspect.signature(command.load(name)).parameters
        assert {"quick", "results"} <= set(takes) <= {"quick", "results", "work", "data", "language", "weights"}, name
        assert ("data" in takes) == (name in command.REAL), name


def test_help_names_each_in_a_line_and_one_experiment_imports_no_other():
    """In a Python of its own, with a stand-in for the module of one experiment."""
    code = """
import contextlib, io, sys, types
from mmcourse.experiments import __main__ as command
out = io.StringIO()
with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
    command.main(["--help"])
lines = out.getvalue().split("\\n")
assert all(sum(line.startswith(name + " ") for line in lines) == 1 for name in command.ALL), lines
assert "keras" not in sys.modules and "numpy" not in sys.modules
module = types.ModuleType("mmcourse.experiments.video")
module.scenes = lambda quick=False, results=None: [quick, results]
sys.modules[module.__name__] = module
assert command.main(["video-scenes", "--quick", "--results", "r", "--work", "w", "--data", "d"]) == [True, "r"]
here = {name.removeprefix("mmcourse.experiments.") for name in sys.modules if name.startswith("mmcourse.experiments.")}
assert here == {"__main__", "video"}, here
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_one_corpus_lacks_does_not_stop_the_others(monkeypatch, capsys):
    there = {"image-flickr8k"}

    def run(name, chosen):
        if name not in there:
            raise FileNotFoundError(f"no data for {name}")
        return f"{name}.json"

    monkeypatch.setattr(command, "run", run)
    assert command.main(["real"]) == "image-flickr8k.json"
    left_out = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Left out: ")]
    assert len(left_out) == len(command.REAL) - 1 and "Left out: fusion-mosi. no data for fusion-mosi" in left_out
    there.clear()
    with pytest.raises(FileNotFoundError, match="no data"):
        command.main(["real"])


def test_a_quick_run_writes_nothing_into_the_book(monkeypatch, tmp_path):
    monkeypatch.setattr(results.places, "cache", lambda kind: tmp_path / kind)
    path = results.write_results("t", "d", GOOD, quick=True, **ENTRIES)
    assert path == tmp_path / "experiments" / "t-d-quick.json"
    assert results.read_results(path)["command"] == "make x --quick"
    assert results.work_folder("t-d", quick=True) == tmp_path / "experiments" / "t-d-quick"
    assert results.work_folder("t-d", work="here") == Path("here") / "t-d"


def test_what_seeds_gave_is_recorded_as_mean_and_range():
    found = results.over_seeds([{"a": {"b": 1.0}, "c": 2.0}, {"a": {"b": 4.0}, "c": 2.0}])
    assert found == {"a": {"b": {"value": 2.5, "interval": [1.0, 4.0]}}, "c": {"value": 2.0, "interval": [2.0, 2.0]}}
