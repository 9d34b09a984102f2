"""Frames, layers across time and the three small networks: oracles in loops, time reversed, padding, three backends."""

import json

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse import video
from mmcourse.backend import keras
from mmcourse.image import load_backbone

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
SHAPE = (5, 16, 16, 3)
FILMS = np.random.default_rng(0).integers(0, 256, (3, *SHAPE), "uint8")
OPPOSITE = [1, 0, 3, 2]


def conv3d(x, kernel, strides=(1, 1, 1)):
    """The oracle: a "valid" 3-D convolution in loops, float64. x (b, t, h, w, c), kernel (kt, kh, kw, c, d)."""
    size = [(n - k) // s + 1 for n, k, s in zip(x.shape[1:4], kernel.shape[:3], strides, strict=True)]
    out = np.zeros((len(x), *size, kernel.shape[-1]))
    for b, t, i, j in np.ndindex(len(x), *size):
        a, p, q = t * strides[0], i * strides[1], j * strides[2]
        seen = x[b, a : a + kernel.shape[0], p : p + kernel.shape[1], q : q + kernel.shape[2]]
        for d in range(kernel.shape[-1]):
            out[b, t, i, j, d] = (seen * kernel[..., d]).sum()
    return out


def models():
    """The four networks, tiny."""
    return {
        "c3d": video.c3d(SHAPE, filters=(4, 6)),
        "factorised": video.c3d(SHAPE, filters=(4, 6), factorised=True),
        "gru": video.frame_recurrent(SHAPE, units=5, encoder=video.frame_encoder(SHAPE[1:], (4, 6))),
        "lstm": video.frame_recurrent(
            (None, *SHAPE[1:]), units=5, cell="lstm", encoder=video.frame_encoder(SHAPE[1:], (4, 6)), masked=True
        ),
    }


def inputs(name, films=FILMS, lengths=(5, 3, 1)):
    if name != "lstm":
        return films
    return {"video": films, "mask": {"video": np.arange(films.shape[1]) < np.array(lengths)[: len(films), None]}}


@pytest.fixture(scope="module")
def built():
    keras.utils.set_random_seed(0)
    return models()


every_model = pytest.mark.parametrize("name", ["c3d", "factorised", "gru", "lstm"])


# Frames.


@given(st.integers(1, 40), st.data())
@settings(max_examples=60, deadline=None)
def test_sampled_frames_are_the_middles_of_equal_parts(t, data):
    n = data.draw(st.integers(1, t))
    film = np.arange(t)[:, None, None, None]
    chosen = video.sample_frames(film, n)[:, 0, 0, 0]
    assert chosen.tolist() == [int((i + 0.5) * t / n + 1e-9) for i in range(n)]
    assert len(set(chosen.tolist())) == n and np.ptp(np.diff(chosen)) <= 1 if n > 1 else chosen[0] == t // 2


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_clips_are_the_windows_of_the_film(t, length, stride):
    film = np.arange(t)[:, None, None, None]
    if length > t:
        with pytest.raises(ValueError, match=f"Received: length={length}. Allowed: a whole number from 1 to {t}"):
            video.cut_clips(film, length)
        return
    expected = [list(range(a, a + length)) for a in range(0, t - length + 1, stride)]
    assert video.cut_clips(film, length, stride)[..., 0, 0, 0].tolist() == expected


def test_frames_of_a_batch_and_of_tensors_are_those_of_each_film():
    for take in (lambda x: video.sample_frames(x, 2), lambda x: video.cut_clips(x, 3, 2), video.frame_differences):
        together = np.asarray(take(FILMS))
        np.testing.assert_array_equal(together, np.stack([take(film) for film in FILMS]))
        np.testing.assert_array_equal(ops.convert_to_numpy(take(ops.convert_to_tensor(FILMS))), together)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32", "float16"])
def test_differences_do_not_wrap(dtype):
    film = np.array([3, 5, 255, 0], dtype).reshape(4, 1, 1, 1)
    out = video.frame_differences(film)
    assert keras.backend.standardize_dtype(out.dtype) == (dtype if dtype.startswith("float") else "float32")
    np.testing.assert_array_equal(np.asarray(out)[:, 0, 0, 0], [2, 250, -255])
    wrapped = np.diff(np.array([5, 3], "uint8"))  # what this guards against
    assert wrapped[0] == 254


def test_a_film_played_backwards_has_the_opposite_differences():
    out = np.asarray(video.frame_differences(FILMS))
    np.testing.assert_array_equal(np.asarray(video.frame_differences(FILMS[:, ::-1])), -out[:, ::-1])


# 3-D convolution, whole and in two steps.


@pytest.mark.parametrize("strides", [(1, 1, 1), (2, 1, 3)])
def test_3d_convolution_by_hand(strides):
    rng = np.random.default_rng(1)
    x, kernel = rng.normal(size=(2, 5, 6, 7, 2)), rng.normal(size=(3, 2, 3, 2, 4))
    ours = ops.conv(x.astype("float32"), kernel.astype("float32"), strides=strides)
    np.testing.assert_allclose(ours, conv3d(x, kernel, strides), rtol=1e-4, atol=1e-4)


def test_the_two_steps_are_two_convolutions():
    x = np.random.default_rng(2).normal(size=(2, 6, 7, 7, 3)).astype("float32")
    layer = video.Conv2Plus1D(4, (3, 3, 2), (2, 2, 1), padding="valid")
    out = np.asarray(layer(x))
    layer.space.bias.assign(np.linspace(-1, 1, layer.space.filters))
    layer.time.bias.assign([1, 2, 3, 4])
    out = np.asarray(layer(x))
    space, space_bias, time, time_bias = (np.asarray(w, "float64") for w in layer.weights)
    middle = np.maximum(conv3d(x.astype("float64"), space, (1, 2, 1)) + space_bias, 0)
    np.testing.assert_allclose(out, conv3d(middle, time, (2, 1, 1)) + time_bias, rtol=1e-4, atol=1e-4)
    assert layer.compute_output_shape(x.shape) == out.shape


@given(st.integers(0, 2**31))
@settings(max_examples=10, deadline=None)
def test_a_rank_one_kernel_is_its_factorisation(seed):
    """One channel in and out: kernel[t, i, j] = time[t] · space[i, j] is exactly a (2+1)-D convolution of width 1."""
    rng = np.random.default_rng(seed)
    time, space = rng.normal(size=3), rng.normal(size=(3, 3))
    x = rng.normal(size=(1, 5, 6, 6, 1)).astype("float32")
    layer = video.Conv2Plus1D(1, 3, padding="valid", middle=1, between=None, use_bias=False)
    layer.build(x.shape)
    layer.space.kernel.assign(space[None, :, :, None, None])
    layer.time.kernel.assign(time[:, None, None, None, None])
    whole = np.einsum("t,ij->tij", time, space)[..., None, None]
    np.testing.assert_allclose(layer(x), conv3d(x.astype("float64"), whole), rtol=1e-4, atol=1e-4)


def test_width_three_is_enough_for_any_kernel_of_one_channel():
    """A kernel of 3 x 9 numbers has at most rank 3: its singular vectors are the two steps."""
    rng = np.random.default_rng(3)
    kernel, x = rng.normal(size=(3, 3, 3)), rng.normal(size=(1, 5, 6, 6, 1)).astype("float32")
    u, s, v = np.linalg.svd(kernel.reshape(3, 9), full_matrices=False)
    expected = conv3d(x.astype("float64"), kernel[..., None, None])
    for width, exact in ((3, True), (2, False)):
        layer = video.Conv2Plus1D(1, 3, padding="valid", middle=width, between=None, use_bias=False)
        layer.build(x.shape)
        layer.space.kernel.assign((s[:width, None] * v[:width]).T.reshape(1, 3, 3, 1, width))
        layer.time.kernel.assign(u[:, :width].reshape(3, 1, 1, width, 1))
        assert np.allclose(layer(x), expected, rtol=1e-4, atol=1e-4) == exact


@given(st.integers(1, 64), st.integers(1, 64), st.tuples(*[st.integers(1, 5)] * 3))
@settings(max_examples=100, deadline=None)
def test_the_middle_width_keeps_the_number_of_weights(channels, filters, kernel):
    t, rows, columns = kernel
    width, whole = video.middle_width(channels, filters, kernel), t * rows * columns * channels * filters

    def weights(m):
        return rows * columns * channels * m + t * m * filters

    assert (width == 1 or weights(width) <= whole) and weights(width + 1) > whole


def test_weights_are_counted():
    layer = video.Conv2Plus1D(16)
    layer.build((None, 7, 8, 8, 8))
    m = video.middle_width(8, 16)
    assert m == 3456 // 120 == 28
    assert layer.count_params() == 9 * 8 * m + m + 3 * m * 16 + 16
    full = keras.layers.Conv3D(16, 3)
    full.build((None, 7, 8, 8, 8))
    assert full.count_params() == 27 * 8 * 16 + 16
    assert layer.space.kernel.shape[-1] == m and prodsum(layer) <= 27 * 8 * 16 < prodsum(layer) + 9 * 8 + 3 * 16


def prodsum(layer):
    return int(np.prod(layer.space.kernel.shape) + np.prod(layer.time.kernel.shape))


def test_multiplications_by_hand():
    c3d = video.c3d((5, 16, 16, 3), classes=4, filters=(4, 6))
    assert video.multiplications(c3d) == 27 * 3 * 4 * (5 * 8 * 8) + 27 * 4 * 6 * (5 * 4 * 4) + 5 * 6 * 4
    encoder = video.frame_encoder((16, 16, 3), (4, 6))
    gru = video.frame_recurrent((5, 16, 16, 3), units=5, encoder=encoder)
    frame = 9 * 3 * 4 * 64 + 9 * 4 * 6 * 16
    assert video.multiplications(encoder) == frame
    assert video.multiplications(gru) == 5 * (frame + 3 * 5 * (96 + 5)) + 5 * 4
    layer = video.Conv2Plus1D(6, strides=(1, 2, 2))
    inputs = keras.Input((5, 8, 8, 4))
    m = video.middle_width(4, 6)
    assert video.multiplications(keras.Model(inputs, layer(inputs))) == 5 * 4 * 4 * (36 * m + 3 * m * 6)
    with pytest.raises(ValueError, match="Received: EinsumDense"):
        inputs = keras.Input((5, 8))
        video.multiplications(keras.Model(inputs, keras.layers.EinsumDense("abc,cd->abd", (None, 3))(inputs)))
    with pytest.raises(ValueError, match="is not known"):
        video.multiplications(video.frame_recurrent((None, 16, 16, 3)))


# Frame by frame.


def test_per_frame_is_each_frame_by_itself():
    keras.utils.set_random_seed(0)
    inner = keras.Sequential([keras.layers.Conv2D(4, 3), keras.layers.GlobalMaxPooling2D()])
    x = FILMS.astype("float32")
    ours = np.asarray(video.PerFrame(inner)(x))
    assert ours.shape == (3, 5, 4)
    for film, of_film in zip(x, ours, strict=True):
        np.testing.assert_allclose(of_film, np.concatenate([inner(frame[None]) for frame in film]), rtol=1e-5)
    np.testing.assert_allclose(ours, keras.layers.TimeDistributed(inner)(x), rtol=1e-5, atol=1e-5)


def test_a_frozen_backbone_reads_the_frames():
    backbone = load_backbone("scene_vgg", output="vector", input_size=32)
    model = video.frame_recurrent((3, 32, 32, 3), units=4, encoder=backbone)
    assert not any("block" in weight.path for weight in model.trainable_weights)
    grid = load_backbone("scene_vgg", input_size=32)
    films = np.random.default_rng(0).integers(0, 256, (2, 3, 32, 32, 3), "uint8")
    assert video.frame_recurrent((3, 32, 32, 3), units=4, encoder=grid)(films).shape == (2, 4)
    x = np.asarray(video.PerFrame(backbone)(films))
    np.testing.assert_allclose(x[1, 2], backbone(films[1, 2:])[0], rtol=1e-4, atol=1e-4)


# The networks.


@every_model
def test_films_do_not_see_each_other(built, name):
    together = np.asarray(built[name](inputs(name)))
    assert together.shape == (3, 4) and np.isfinite(together).all()
    for i, length in enumerate((5, 3, 1)):
        alone = built[name](inputs(name, FILMS[i : i + 1], (length,)))
        np.testing.assert_allclose(alone[0], together[i], rtol=1e-4, atol=1e-5)


@every_model
def test_every_type_of_pixels_gives_the_same(built, name):
    np.testing.assert_allclose(
        built[name](inputs(name, FILMS.astype("float64"))), built[name](inputs(name)), rtol=1e-4, atol=1e-5
    )


@every_model
def test_order_matters_to_a_network_across_time(built, name):
    forwards, backwards = (np.asarray(built[name](inputs(name, f, (5, 5, 5)))) for f in (FILMS, FILMS[:, ::-1]))
    assert np.abs(forwards - backwards).max() > 1e-3


@every_model
def test_what_has_no_order_is_the_same_backwards(built, name):
    """The mean of the frames, repeated: every network gives a film and its reverse the same answer, bit for bit."""
    mean = [np.repeat(f.mean(1, keepdims=True, dtype="float32"), 5, axis=1) for f in (FILMS, FILMS[:, ::-1])]
    np.testing.assert_array_equal(mean[0], mean[1])
    said = [np.asarray(built[name](inputs(name, f, (5, 5, 5)))) for f in mean]
    np.testing.assert_array_equal(said[0], said[1])


def test_padded_frames_change_nothing_whatever_they_hold(built):
    model = built["lstm"]
    short = np.asarray(model(inputs("lstm", FILMS, (5, 5, 5))))
    longer = np.concatenate([FILMS, np.full_like(FILMS[:, :2], 255)], axis=1)
    np.testing.assert_allclose(model(inputs("lstm", longer, (5, 5, 5))), short, rtol=1e-4, atol=1e-5)
    assert np.abs(np.asarray(model(inputs("lstm", longer, (7, 7, 7)))) - short).max() > 1e-3
    assert np.isfinite(np.asarray(model(inputs("lstm", FILMS, (0, 0, 0))))).all(), "a film without any frame"


@every_model
def test_every_weight_moves(name):
    keras.utils.set_random_seed(0)
    model = models()[name]
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    before = [w.copy() for w in model.get_weights()]
    model.fit(inputs(name, lengths=(5, 3, 2)), np.array([0, 1, 3]), epochs=2, verbose=0)
    for old, new, weight in zip(before, model.get_weights(), model.weights, strict=True):
        assert np.abs(new - old).max() > 0, weight.path


@every_model
def test_saves_and_loads(built, name, tmp_path):
    built[name].save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(inputs(name)), built[name](inputs(name)), rtol=1e-5, atol=1e-6)
    json.dumps(built[name].get_config())


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@every_model
def test_mixed_precision_is_finite_and_close(built, name, policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        half = models()[name]
    finally:
        keras.config.set_dtype_policy(before)
    half.set_weights(built[name].get_weights())
    out, expected = half(inputs(name)), np.asarray(built[name](inputs(name)))
    assert keras.backend.standardize_dtype(out.dtype) == "float32"
    np.testing.assert_allclose(out, expected, atol=0.05 * max(1, np.abs(expected).max()))


@pytest.mark.compiled
def test_a_network_across_time_learns_what_no_frame_shows():
    """A bright bar that starts anywhere and moves a pixel a frame, left or right, round and round: each frame by itself
    is equally likely either way. The maximum over places makes the answer independent of where the bar is."""
    rng = np.random.default_rng(0)
    way, start = rng.integers(0, 2, 96), rng.integers(0, 16, 96)
    films = np.zeros((96, *SHAPE), "uint8")
    for film, w, s in zip(films, way, start, strict=True):
        for t in range(SHAPE[0]):
            film[t, :, (s + (2 * w - 1) * t) % 16] = 255
    keras.utils.set_random_seed(0)
    model = video.c3d(SHAPE, classes=2, filters=(6, 8))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(films[:64], way[:64], batch_size=16, epochs=12, verbose=0)
    said, reverse = (model.predict(f[64:], verbose=0).argmax(-1) for f in (films, films[:, ::-1]))
    assert (said == way[64:]).mean() > 0.9 and (reverse == 1 - way[64:]).mean() > 0.9


def test_errors_name_what_came():
    for call, message in {
        (lambda: video.sample_frames(FILMS, 6)): r"Received: n=6. Allowed: a whole number from 1 to 5",
        (lambda: video.sample_frames(FILMS, 2.0)): r"Received: n=2.0",
        (lambda: video.sample_frames(FILMS[0, 0], 1)): r"Received: frames.shape=\(16, 16, 3\)",
        (lambda: video.cut_clips(FILMS, 2, 0)): r"Received: stride=0. Allowed: a whole number from 1",
        (lambda: video.frame_differences(FILMS[:, :1])): r"takes two frames. Received: frames.shape=\(3, 1, 16",
        (lambda: video.Conv2Plus1D(0)): r"Received: filters=0",
        (lambda: video.Conv2Plus1D(3, (3, 3))): r"Received: kernel_size=\(3, 3\). Allowed: three whole numbers",
        (lambda: video.Conv2Plus1D(3, padding="causal")): r"Received: padding='causal'. Allowed: same, valid",
        (lambda: video.Conv2Plus1D(3)(FILMS[0])): r"Received: shape=\(5, 16, 16, 3\)",
        (lambda: video.PerFrame(keras.layers.Flatten())(FILMS[0, 0, 0])): r"Expected \(batch, t, ...\)",
        (lambda: video.frame_recurrent(cell="rnn")): r"Received: cell='rnn'. Allowed: gru, lstm",
    }.items():
        with pytest.raises(ValueError, match=message):
            call()


def numbers():
    """What every backend must agree on; weights from NumPy, since seeds differ between backends."""
    found = {
        "sampled": video.sample_frames(ops.convert_to_tensor(FILMS), 2),
        "clips": video.cut_clips(ops.convert_to_tensor(FILMS), 3, 2),
        "differences": video.frame_differences(FILMS),
    }
    rng = np.random.default_rng(5)
    for name, model in models().items():
        for weight in model.weights:
            weight.assign(rng.normal(size=weight.shape) * 0.3)
        found[name] = model.predict_on_batch(inputs(name))
    return found


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    ours = on_backend(keras.config.backend(), numbers)
    for name, value in on_backend(backend, numbers).items():
        np.testing.assert_allclose(value, ours[name], rtol=1e-4, atol=1e-5, err_msg=name)
