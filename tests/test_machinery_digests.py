"""Digests: equal for equal things, another one for whatever differs; and all that is random, taken and given back."""

import json
import random
from types import SimpleNamespace

import numpy as np
import pytest

from mmcourse._machinery import digests, random_state
from mmcourse._machinery.digests import differing, digest
from mmcourse.backend import keras

X = np.arange(6, dtype="float32")
THINGS = [
    X, X.reshape(2, 3), X.reshape(3, 2), X.astype("int32"), X.view("int32"), X.tolist(), X[:5], -X,
    "1", 1, 1.0, True, None, b"1", [1, [2]], [[1], 2], [1, 2], {"a": 1}, {"a": None}, {}, [], "", np.array(1.0),
    np.random.default_rng(0), np.random.default_rng(1), np.array(["a"]), np.array(["a"], object), -0.0, 0.0,
    keras.random.SeedGenerator(1), keras.random.SeedGenerator(2), keras.optimizers.Adam(0.1), keras.optimizers.SGD(0.1),
    keras.layers.Dropout(0.1), keras.layers.Dropout(0.2), keras.layers.Dense(2), keras.layers.Dense(2, dtype="float16"),
]  # fmt: skip


def test_different_things_have_different_digests():
    found = [digest(thing) for thing in THINGS]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "one, other",
    [
        ((1, 2), [1, 2]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (X[::2], X[::2].copy()),
        (X.reshape(2, 3), np.asfortranarray(X.reshape(2, 3))),
        (X, X.astype(">f4")),
        (np.float32(0.5), 0.5),
        (np.random.default_rng(3), np.random.default_rng(3)),
        (keras.optimizers.Adam(0.1), keras.optimizers.Adam(0.1)),
        (keras.random.SeedGenerator(1), keras.random.SeedGenerator(1)),
        (keras.layers.Dropout(0.1, seed=1), keras.layers.Dropout(0.1, seed=1)),
    ],
)
def test_equal_things_have_equal_ones(one, other):
    assert digest(one) == digest(other)


def test_a_memory_map_is_read_in_pieces_to_the_last_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(digests, "CHUNK", 10)
    np.save(tmp_path / "x.npy", X.reshape(3, 2))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r+")
    assert digest(mapped) == digest(X.reshape(3, 2))
    mapped[2, 1] += 1
    assert digest(mapped) != digest(X.reshape(3, 2))


def test_what_has_no_digest_is_named():
    with pytest.raises(TypeError, match=r"Received: function\. Allowed: arrays"):
        digest([lambda: 1])


def test_keys_say_what_differs():
    assert differing({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == "b, c" and differing({"a": 1}, {"a": 1}) == ""


KINDS = [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64]


def test_all_that_is_random_is_given_back():
    def holder():
        held = {kind.__name__: np.random.Generator(kind(1)) for kind in KINDS}
        held |= {"old": np.random.RandomState(1), "seeds": keras.random.SeedGenerator(1)}
        return SimpleNamespace(noise=keras.layers.GaussianNoise(1.0, seed=1), other=3, **held)

    def draw(one):
        drawn = [getattr(one, kind.__name__).random(3).tolist() for kind in KINDS]
        ones = keras.ops.ones((3,))
        keras_ = [
            keras.random.uniform((3,), seed=one.seeds),
            keras.random.uniform((3,)),
            one.noise(ones, training=True),
        ]
        drawn += [keras.ops.convert_to_numpy(x).tolist() for x in keras_]
        return [*drawn, one.old.normal(), np.random.normal(), random.random(), random.gauss(0, 1)]

    first = holder()
    draw(first)
    state = json.loads(json.dumps(random_state.take(first)))
    drawn, again = draw(first), holder()
    random_state.give_back(state, again)
    assert draw(again) == drawn != draw(again)
    with pytest.raises(ValueError, match=r"Received: generators \['MT19937'.*Allowed: \[\]"):
        random_state.give_back(state, SimpleNamespace())
