"""The convolutional autoencoder: sizes, the loss by hand, every weight learns, saving, half precision, backends."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend

from mmcourse.backend import keras
from mmcourse.image import ImageAutoencoder
from mmcourse.scenes import Scenes


def pixels(n=4, size=16, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, size, size, 3), "uint8")


def small(seed=0, **rest):
    return ImageAutoencoder(**({"input_size": 16, "code": 5, "filters": 3, "seed": seed} | rest))


@pytest.mark.parametrize("size, code, filters", [(8, 1, 1), (16, 5, 3), (40, 7, 2)])
def test_what_comes_out_is_as_large_as_what_went_in(size, code, filters):
    model, x = ImageAutoencoder(size, code, filters), pixels(3, size)
    drawn = model.predict(x, verbose=0)
    assert drawn.shape == x.shape and drawn.dtype == np.float32 and drawn.min() >= 0 and drawn.max() <= 255
    assert model.encode(x).shape == (3, code)


def test_any_type_of_pixels_gives_the_same_code():
    model, x = small(), pixels()
    for dtype in ("float32", "float64", "int64"):
        np.testing.assert_allclose(model.encode(x.astype(dtype)), model.encode(x), atol=1e-5)
    np.testing.assert_allclose(model.encode(x, batch_size=3), model.encode(x), atol=1e-5)
    assert model.encode(x[:0]).shape == (0, 5)


def test_the_picture_is_drawn_from_the_code_alone_and_by_itself():
    model, x = small(), pixels()
    whole = model.predict(x, verbose=0)
    np.testing.assert_allclose(255 * np.asarray(model.decoder(model.encode(x))), whole, atol=1e-3)
    np.testing.assert_allclose(model.predict(x[1:2], verbose=0), whole[1:2], atol=1e-3)


def test_the_loss_is_the_mean_squared_difference_of_shares():
    model, x = small(), pixels()
    drawn = model.predict(x, verbose=0)
    loss = float(model.compute_loss(x=x, y_pred=keras.ops.convert_to_tensor(drawn)))
    assert loss == pytest.approx(np.mean((x / 255 - drawn / 255) ** 2), rel=1e-5)
    model.compile(keras.optimizers.SGD(0.0))
    assert model.fit(x, verbose=0).history["loss"][0] == pytest.approx(loss, rel=1e-4)


def test_every_weight_learns_and_the_loss_falls():
    keras.utils.set_random_seed(0)
    model, x = ImageAutoencoder(code=16, filters=4), Scenes("train", n=64).images()
    before = model.get_weights()
    assert len(before) == 16
    model.compile(keras.optimizers.Adam(3e-3))
    history = model.fit(x, batch_size=16, epochs=12, verbose=0).history["loss"]
    assert history[-1] < 0.7 * history[0]
    assert all(np.abs(w - old).max() > 0 for w, old in zip(model.get_weights(), before, strict=True))


def test_saving_and_loading(tmp_path):
    model = small(4)
    model.save(tmp_path / "a.keras")
    again = keras.models.load_model(tmp_path / "a.keras")
    assert (again.input_size, again.code, again.filters, again.seed) == (16, 5, 3, 4)
    np.testing.assert_array_equal(again.predict(pixels(), verbose=0), model.predict(pixels(), verbose=0))


def test_seeds_decide():
    np.testing.assert_array_equal(small(0).get_weights()[0], small(0).get_weights()[0])
    assert np.abs(small(0).get_weights()[0] - small(1).get_weights()[0]).max() > 0


def test_half_precision():
    full = small()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        half = small()
        half.set_weights(full.get_weights())
        drawn, code = half.predict(pixels(), verbose=0), half.encode(pixels())
    finally:
        keras.config.set_dtype_policy("float32")
    assert drawn.dtype == np.float32 and code.dtype == np.float32
    np.testing.assert_allclose(drawn, full.predict(pixels(), verbose=0), atol=1.5)


@pytest.mark.parametrize("wrong", [{"input_size": 20}, {"code": 0}, {"filters": 1.5}])
def test_sizes_out_of_range_are_refused(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=rf"Received: {name}={value}\. Allowed"):
        small(**wrong)


def figures():
    """From weights that NumPy drew: every backend draws its own."""
    model, rng = small(), np.random.default_rng(3)
    model.set_weights([rng.normal(0, 0.2, w.shape) for w in model.get_weights()])
    return {"drawn": model.predict(pixels(), verbose=0), "code": model.encode(pixels())}


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    ours = on_backend(keras.config.backend(), figures)
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, ours[name], rtol=1e-4, atol=1e-4)
