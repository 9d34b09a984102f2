"""After an error in `evaluate`, `fit` or `predict` a model on JAX is what it was before the step that failed."""

from importlib.util import find_spec

import numpy as np
import pytest
from backends import on_backend

needs_jax = pytest.mark.skipif(find_spec("jax") is None, reason="jax is not installed")


def x(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def models():
    """(name, model, a batch, targets, loss): one of each way to make a model, of most rooms that have models."""
    from mmcourse import audio, captioning, contrastive, fusion
    from mmcourse.backend import keras
    from mmcourse.fusion.levels import FeatureLevel
    from mmcourse.image import SceneDetector

    crossed = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    two, labels = {"image": x(6, 3), "text": x(6, 2)}, np.arange(6) % 2
    tokens = np.arange(24).reshape(6, 4) % 9

    def dense():
        return keras.layers.Dense(3)

    cells = {name: np.zeros((6, 4, 4), int) for name in ("there", "shape", "colour", "size")} | {"box": x(6, 4, 4, 4)}
    sound = {"audio": x(6, 5, 4), "mask": np.ones((6, 5), bool)}
    encoders = {"image": dense(), "text": dense()}
    yield "fusion", FeatureLevel(encoders, fusion.MeanFusion(4), 2), two, labels, crossed
    yield "captioner", captioning.Captioner(9, 8), {"image": x(6, 4, 6), "tokens": tokens}, tokens, None
    towers = {"image": dense(), "text": dense()}
    yield "towers", contrastive.DualEncoder(towers, contrastive.InfoNCE()), two, np.arange(6), None
    detector = SceneDetector(8)
    detector.adapt(x(6, 4, 4, 5))
    yield "detector", detector, x(6, 4, 4, 5), cells, None
    yield "functional", audio.frame_rnn(4, 2, units=4), sound, labels, crossed
    yield "sequential", keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(2)]), x(6, 3), labels, crossed


def what_is_left():
    """How far each model's predictions moved by failing calls, and what those raised."""
    from mmcourse.backend import keras

    left = {}
    for name, model, batch, targets, loss in models():
        model.compile("adam", **({"loss": loss} if loss else {}))
        model.fit(batch, targets, verbose=0)
        before = flat(model.predict(batch, verbose=0))
        wrong = keras.tree.map_structure(lambda part: part[..., :1, None] * np.ones(7, part.dtype), batch)
        for way in ("evaluate", "fit", "predict"):
            for what, data in (("wrong", [(wrong, targets)]), ("late", [(batch, targets), (wrong, targets)])):
                with pytest.raises(Exception) as caught:  # whatever each model says to its wrong batch
                    getattr(model, way)(given(data), verbose=0, **{"shuffle": False} if way == "fit" else {})
                assert "NoneType" not in str(caught.value) and "deleted" not in str(caught.value), str(caught.value)
                after = flat(model.predict(batch, verbose=0))
                if (way, what) == ("fit", "late"):  # its first step was whole
                    assert np.isfinite(after).all() and np.abs(after - before).max() > 0, name
                    before = after
                left[f"{name} {way} {what}"] = np.abs(after - before).max()
        assert np.isfinite(model.evaluate(batch, targets, verbose=0))
        model.fit(batch, targets, verbose=0)
    return left


def flat(outputs):
    parts = outputs.values() if isinstance(outputs, dict) else [outputs]
    return np.concatenate([np.ravel(part) for part in parts])


def given(data):
    """Batches one after the other, as `PyDataset`."""
    from mmcourse.backend import keras

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return len(data)

        def __getitem__(self, index):
            return data[index]

    return Batches()


@pytest.mark.backends
@needs_jax
def test_after_an_error_a_model_predicts_as_before():
    left = on_backend("jax", what_is_left)
    assert len(left) == 36 and max(left.values()) == 0


def interrupted():
    """A cell that is interrupted while it trains, or whose data ends in an error: what was learnt until then stays."""
    from mmcourse.backend import keras

    class Data(keras.utils.PyDataset):
        def __init__(self, error):
            super().__init__()
            self.error = error

        def __len__(self):
            return 4

        def __getitem__(self, index):
            if index == 2 and self.error:
                raise self.error("stop")
            return x(6, 3), x(6, 2)

    model = keras.Sequential([keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    seen = {}
    for error in (KeyboardInterrupt, ValueError):
        model.fit(Data(None), verbose=0)
        steps = int(model.optimizer.iterations)
        with pytest.raises(error):
            model.fit(Data(error), verbose=0, shuffle=False)
        seen[error.__name__] = np.array(int(model.optimizer.iterations) - steps)
        model.predict(x(2, 3), verbose=0)
    return seen


@needs_jax
def test_what_was_learnt_before_an_interruption_stays():
    assert {name: int(steps) for name, steps in on_backend("jax", interrupted).items()} == {
        "KeyboardInterrupt": 2,
        "ValueError": 2,
    }


def spent():
    """A step that began, and failed inside the device: its values are used up, and the error is its own."""
    from mmcourse._machinery.jax_state import keep_values

    class Spent:
        def is_deleted(self):
            return True

    class Model:
        def _get_jax_state(self, **asked):
            return ([Spent()],)

        def jax_state_sync(self):
            raise RuntimeError("Array has been deleted")

        def evaluate(self):
            self._get_jax_state(trainable_variables=True, purge_model_variables=True)
            raise MemoryError("of the device")

        fit = predict = evaluate

    class Other:
        def evaluate(self):
            return 3

    before = Other.evaluate
    keep_values(Other)  # a later Keras, perhaps: left alone
    keep_values(Model)
    once = Model.evaluate
    keep_values(Model)
    with pytest.raises(MemoryError, match="of the device"):
        Model().evaluate()
    return {"alike": np.array([before is Other.evaluate, once is Model.evaluate])}


def test_values_that_are_used_up_do_not_hide_the_error_and_another_keras_is_left_alone():
    assert spent()["alike"].all()
