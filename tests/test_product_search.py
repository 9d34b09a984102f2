"""Product search: who is right for a change, the composer's ladder, and scores for customers."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from figure_checks import check_drawing
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse import plots
from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE
from mmcourse.product_search import (
    GatedComposer,
    blend,
    content,
    draw_changes,
    item_item,
    popularity,
    same_but,
    social,
)
from mmcourse.scenes.catalogue import Catalogue
from mmcourse.scenes.shoppers import shop

pytestmark = pytest.mark.usefixtures("eagerly")

RNG = np.random.default_rng(0)
N, D, C = 6, 5, 3
QUERY = {"image": RNG.normal(size=(N, D)).astype("float32"), "text": RNG.normal(size=(N, C)).astype("float32")}
tables = st.tuples(st.integers(1, 8), st.integers(1, 7), st.integers(0, 999))


def drawn_table(u, m, seed, share=0.4):
    return np.random.default_rng(seed).random((u, m)) < share


def drawn_attributes(m, seed=0):
    rng = np.random.default_rng(seed)
    return {"size": rng.choice(["s", "l"], m), "colour": rng.choice(["r", "g", "b"], m)}


# ── who is right ────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(0, 99))
def test_same_but_equals_loops(m, seed):
    attributes, rng = drawn_attributes(m, seed), np.random.default_rng(seed)
    rows = rng.integers(m, size=4)
    names = rng.choice(["size", "colour"], 4)
    values = np.array([rng.choice(["s", "l"] if name == "size" else ["r", "g", "b", "none"]) for name in names])
    before = {name: have.copy() for name, have in attributes.items()}
    right = same_but(attributes, rows, names, values)
    for q in range(4):
        for i in range(m):
            wanted = {k: v[rows[q]] for k, v in attributes.items()} | {names[q]: values[q]}
            assert right[q, i] == all(attributes[k][i] == v for k, v in wanted.items())
    for name, have in before.items():
        np.testing.assert_array_equal(attributes[name], have)


def test_drawn_changes_change_something_and_lead_somewhere():
    attributes = drawn_attributes(12)
    rows, names, values, targets = draw_changes(attributes, 300, seed=1, askers=[2, 5, 7])
    assert len(rows) == len(names) == len(values) == len(targets) == 300
    assert set(rows) == {2, 5, 7} and set(names) == {"size", "colour"}
    right = same_but(attributes, rows, names, values)
    assert right[np.arange(300), targets].all() and not right[np.arange(300), rows].any()
    assert all(attributes[name][row] != value for row, name, value in zip(rows, names, values, strict=True))
    whole = (rows == rows[0]) & (names == names[0]) & (values == values[0])
    assert set(targets[whole]) == set(np.flatnonzero(right[0])), "every right item is drawn"
    for a, b in zip(draw_changes(attributes, 20, seed=3), draw_changes(attributes, 20, seed=3), strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(draw_changes(attributes, 20, seed=3)[0], draw_changes(attributes, 20, seed=4)[0])


def test_errors_of_changes_name_what_came():
    attributes = drawn_attributes(4)
    with pytest.raises(ValueError, match=r"Received: a change of 'shape'\. Allowed: size, colour"):
        same_but(attributes, [0], ["shape"], ["star"])
    with pytest.raises(ValueError, match=r"Received: rows \(2,\), names \(1,\)"):
        same_but(attributes, [0, 1], ["size"], ["s"])
    with pytest.raises(ValueError, match="No change leads to an item"):
        draw_changes({"size": np.array(["s", "s"])}, 3)


# ── the composer ────────────────────────────────────────────────────────────────────────────────────


def composed(weights, x, t):
    """The oracle: float64, row by row."""
    w1, b1, w2, b2, w3, b3, w4, b4 = (np.asarray(w, "float64") for w in weights)
    rows = []
    for one, words in zip(x, t, strict=True):
        both = np.concatenate([one, words]).astype("float64")
        gate = 1 / (1 + np.exp(-(np.maximum(both @ w1 + b1, 0) @ w2 + b2)))
        rows.append(gate * one + np.maximum(both @ w3 + b3, 0) @ w4 + b4)
    return np.array(rows)


def layer_of(**kwargs):
    """A composer whose weights are all at work."""
    layer = GatedComposer(hidden=4, **kwargs)
    layer(QUERY)
    layer.set_weights([np.sin(np.arange(w.size).reshape(w.shape) + i) for i, w in enumerate(layer.get_weights())])
    return layer


def test_the_composer_equals_the_formula():
    layer = layer_of()
    output, gate = layer(QUERY, return_gate=True)
    np.testing.assert_allclose(output, composed(layer.get_weights(), *QUERY.values()), atol=1e-5)
    assert ((np.asarray(gate) > 0) & (np.asarray(gate) < 1)).all()
    assert layer.count_params() == 2 * ((D + C) * 4 + 4 + 4 * D + D)
    assert output.shape == layer.compute_output_shape({k: v.shape for k, v in QUERY.items()}) == (N, D)


def test_at_first_the_query_is_nearly_the_picture():
    x = np.asarray(GatedComposer(hidden=64)(QUERY))
    cosine = (x * QUERY["image"]).sum(1) / np.linalg.norm(x, axis=1) / np.linalg.norm(QUERY["image"], axis=1)
    assert (cosine > 0.95).all()


def test_neighbours_and_their_order_change_nothing():
    layer, order = layer_of(), RNG.permutation(N)
    whole = np.asarray(layer(QUERY))
    np.testing.assert_allclose(layer({k: v[order] for k, v in QUERY.items()}), whole[order], atol=1e-6)
    np.testing.assert_allclose(layer({k: v[2:3] for k, v in QUERY.items()}), whole[2:3], atol=1e-6)
    other = layer(QUERY | {"text": QUERY["text"][::-1]})
    assert np.abs(np.asarray(other) - whole).max() > 0.01, "the words count"


def test_seeds_are_the_layer_s_own():
    def weights(seed):
        layer = GatedComposer(hidden=4, seed=seed)
        layer(QUERY)
        return layer.get_weights()

    one, same, other = weights(1), weights(1), weights(2)
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0]) and not np.array_equal(one[0], one[4])


def model_of(layer):
    return DualEncoder({"query": layer, "target": keras.layers.Identity()}, InfoNCE())


def test_every_weight_moves_and_survives_saving(tmp_path):
    model = model_of(layer_of())
    batch = {"query": QUERY, "target": RNG.normal(size=(N, D)).astype("float32")}
    model.compile(keras.optimizers.SGD(0.1))
    before = model.encoders["query"].get_weights()
    model.fit(batch, np.arange(N), verbose=0)
    for old, weight in zip(before, model.encoders["query"].weights, strict=True):
        assert np.abs(np.asarray(weight) - old).max() > 0, weight.path
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded.encode("query", QUERY), model.encode("query", QUERY), atol=1e-6)
    assert loaded.encoders["query"].get_config() == model.encoders["query"].get_config()


@pytest.mark.compiled
def test_it_learns_a_change_that_no_sum_can_make():
    """The word turns the picture around: target = -picture, for half of the words; a sum adds the same to all."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, D)).astype("float32")
    turn = rng.random(400) < 0.5
    words = np.stack([turn, ~turn], 1).astype("float32")
    batch = {"query": {"image": x, "text": words}, "target": np.where(turn[:, None], -x, x)}
    keras.utils.set_random_seed(0)
    model = model_of(GatedComposer(64))
    model.compile(keras.optimizers.Adam(0.01))
    first = model.evaluate(batch, verbose=0)
    model.fit(batch, batch_size=100, epochs=15, verbose=0)
    assert model.evaluate(batch, verbose=0) < 0.5 * first


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_is_finite_and_close(policy):
    full, half = layer_of(), layer_of(dtype=policy)
    half.set_weights(full.get_weights())
    output = half({k: 10 * v for k, v in QUERY.items()})
    assert keras.backend.standardize_dtype(output.dtype) == policy.removeprefix("mixed_")
    wanted = np.asarray(full({k: 10 * v for k, v in QUERY.items()}))
    got = np.asarray(keras.ops.cast(output, "float32"))
    np.testing.assert_allclose(got, wanted, atol=1.0 if "bfloat" in policy else 0.1)
    model = model_of(half)
    model.compile(keras.optimizers.SGD(0.01))
    loss = model.fit({"query": QUERY, "target": QUERY["image"]}, verbose=0).history["loss"][0]
    assert np.isfinite(loss) and all(np.isfinite(w).all() for w in half.get_weights())


def test_errors_of_the_composer_name_what_came():
    with pytest.raises(ValueError, match=r"Received: hidden=0\. Allowed: a whole number from 1"):
        GatedComposer(0)
    with pytest.raises(ValueError, match=r"Received: \['image', 'words'\]"):
        GatedComposer()({"image": QUERY["image"], "words": QUERY["text"]})


# ── recommenders ────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(tables, st.sampled_from([0.0, 1.5, 10.0]))
def test_item_item_equals_sets(size, shrink):
    bought = drawn_table(*size)
    u, m = bought.shape
    buyers = [set(np.flatnonzero(column)) for column in bought.T]
    wanted = np.zeros((u, m))
    for v in range(u):
        for j in range(m):
            for i in range(m):
                root = (len(buyers[i]) * len(buyers[j])) ** 0.5
                if i != j and v in buyers[i] and root:
                    wanted[v, j] += len(buyers[i] & buyers[j]) / (root + shrink)
    np.testing.assert_allclose(item_item(bought, shrink), wanted, atol=1e-9)


@settings(deadline=None)
@given(tables)
def test_counts_and_content_equal_loops(size):
    bought = drawn_table(*size)
    u, m = bought.shape
    rng = np.random.default_rng(size[2])
    friends = np.triu(rng.random((u, u)) < 0.4, 1)
    friends = friends | friends.T
    vectors = rng.normal(size=(m, 4))
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for v in range(u):
        mine = [units[i] for i in range(m) if bought[v, i]]
        centre = np.mean(mine, axis=0) if mine else np.zeros(4)
        length = np.linalg.norm(centre)
        for i in range(m):
            assert popularity(bought)[v, i] == sum(bought[:, i])
            assert social(bought, friends)[v, i] == sum(bought[w, i] for w in range(u) if friends[v, w])
            cosine = centre @ units[i] / length if length > 1e-9 else 0
            assert content(bought, 3 * vectors)[v, i] == pytest.approx(cosine, abs=1e-9)


def test_what_is_new_is_known_to_content_or_to_friends_alone():
    bought = drawn_table(9, 7, 1)
    bought[:, 2] = bought[4] = False  # an item nobody bought, a customer who bought nothing
    friends = np.ones((9, 9), bool) & ~np.eye(9, dtype=bool)
    vectors = np.random.default_rng(0).normal(size=(7, 3))
    for scores in (popularity(bought), item_item(bought), social(bought, friends)):
        assert not scores[:, 2].any()
    assert content(bought, vectors)[:4, 2].all()
    assert not item_item(bought)[4].any() and not content(bought, vectors)[4].any()
    assert popularity(bought)[4].any() and social(bought, friends)[4].any()


def test_nobody_s_order_depends_on_the_order_of_others():
    bought, order = drawn_table(9, 7, 2), np.random.default_rng(3).permutation(9)
    for method in (popularity, item_item, lambda b: content(b, np.eye(7))):
        np.testing.assert_allclose(method(bought[order]), method(bought)[order], atol=1e-12)


def test_blend_knows_no_units_and_ignores_what_says_nothing():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 4, 6))
    both = blend({"a": a, "b": b})
    np.testing.assert_allclose(both, blend({"a": 100 * a + 7, "b": 0.001 * b - 3}), atol=1e-9)
    z = [(x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) for x in (a, b)]
    np.testing.assert_allclose(both, (z[0] + z[1]) / 2, atol=1e-9)
    np.testing.assert_allclose(blend({"a": a, "b": b}, {"a": 3, "b": -1}), 3 * z[0] - z[1], atol=1e-9)
    for flat in (np.zeros((4, 6)), np.full((4, 6), 0.1), np.full((4, 6), 1e9)):
        np.testing.assert_allclose(blend({"a": a, "b": flat}), z[0] / 2, atol=1e-9)


def test_errors_of_recommenders_name_what_came():
    table = drawn_table(3, 4, 0)
    for method in (popularity, item_item):
        with pytest.raises(ValueError, match="type float64"):
            method(table * 1.0)
    with pytest.raises(ValueError, match=r"vectors \(3, 2\) for 4 items"):
        content(table, np.ones((3, 2)))
    for friends in (np.zeros((4, 4), bool), np.eye(3, dtype=bool)):
        with pytest.raises(ValueError, match="False on the diagonal"):
            social(table, friends)
    with pytest.raises(ValueError, match=r"weights of \['b'\] for scores of \['a'\]"):
        blend({"a": np.ones((2, 2))}, {"b": 1})


# ── pitfalls ────────────────────────────────────────────────────────────────────────────────────────


def test_counts_from_all_days_know_tomorrow():
    """The leak of the page: a table with the purchases that are to be predicted finds them."""
    store = shop(Catalogue("test", n=600).attributes(), users=200)
    past, later = store.bought(store.day < 60), store.bought(store.day >= 60)
    asking = later.any(axis=1)

    def hits(counted):
        scores = np.where(past, -np.inf, item_item(counted))[asking]
        return later[asking][np.arange(asking.sum()), scores.argmax(axis=1)].mean()

    assert hits(past | later) > 0.5 > 2 * hits(past)


# ── drawings, experiment, backends ──────────────────────────────────────────────────────────────────


def test_drawings():
    toys = [Catalogue("test", n=8)[i] for i in range(8)]
    check_drawing(plots.schematic_composer(toys[0], "but a triangle", toys[1]))
    rows = {"picture alone": toys[:6], "composer": toys[2:8]}
    right = {name: np.arange(6) % 2 == 0 for name in rows}
    fig = plots.result_rows(rows, (toys[0], "but red"), right)
    check_drawing(fig)
    frames = [patch for patch in fig.axes[0].patches if not patch.get_fill() and patch.get_linewidth() == 2.6]
    assert len(frames) == 6
    one = {"title": (0.5, 0.4, 0.6), "both": (0.7, 0.6, 0.75)}
    fig = plots.method_dots({"first\nkind": one, "second": one}, "score", {"first\nkind": 0.1, "second": 0.2}, limit=1)
    told = plots.method_dots({"first": one, "second": one}, "score", {"second": 0.2}, tick="always the same")
    assert [text.get_text() for text in told.legends[0].get_texts()][-1] == "always the same"
    check_drawing(fig)
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["title", "both", "chance"]
    with pytest.raises(ValueError, match="Allowed"):
        plots.method_dots({"a": one, "b": {"title": (0, 0, 0)}})
    with pytest.raises(ValueError, match="one bool a picture"):
        plots.result_rows(rows, (toys[0], "but red"), {"composer": right["composer"]})


def test_the_recorded_experiment_runs(tmp_path):
    from mmcourse.experiments import __main__ as command
    from mmcourse.experiments.results import read_results

    record = read_results(command.main(["product_search-scenes", "--quick", "--results", str(tmp_path)]))
    parts = {"words", "picture", "change", "composer less arithmetic", "recommend", "leak", "differences"}
    assert set(record["figures"]) == parts
    assert set(record["figures"]["recommend"]) == {"known to known", "new toys", "new customers"}
    leak, usual = record["figures"]["leak"], record["figures"]["recommend"]["known to known"]
    assert leak["behaviour"]["counted from all"]["value"] > 0
    for name in ("popularity", "behaviour", "chance"):  # known customers and toys, by day: the same task, once more
        assert leak[name]["by day, among the known"]["value"] == pytest.approx(usual[name]["value"])
    new = record["figures"]["recommend"]["new toys"]
    assert new["behaviour"]["value"] == pytest.approx(
        new["chance"]["value"]
    )  # it knows nothing, so it is as good as lot


def test_chance_is_what_random_orders_come_to():
    from mmcourse.experiments.product_search import chance_ndcg, each_ndcg

    rng = np.random.default_rng(0)
    relevant = rng.random((400, 14)) < 0.3
    relevant[:, 0] = True
    mean = np.mean([each_ndcg(rng.random(relevant.shape), relevant).mean() for _ in range(30)])
    assert chance_ndcg(relevant, 14) == pytest.approx(mean, abs=0.005)
    few = relevant & (np.arange(14) < 6)
    shown = [np.where(np.arange(14) < 6, rng.random(few.shape), -np.inf) for _ in range(30)]
    assert chance_ndcg(few, np.full(400, 6)) == pytest.approx(
        np.mean([each_ndcg(s, few).mean() for s in shown]), abs=0.005
    )


def figures():
    layer = layer_of()
    output, gate = layer(QUERY, return_gate=True)
    model = model_of(layer)
    model.compile(keras.optimizers.SGD(0.1))
    batch = {"query": QUERY, "target": QUERY["image"][::-1].copy()}
    losses = model.fit(batch, np.arange(N), epochs=3, shuffle=False, verbose=0).history["loss"]
    return {"output": output, "gate": gate, "losses": losses, "after": layer(QUERY)}


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    expected = on_backend(keras.config.backend(), figures)
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-4, atol=1e-4, err_msg=name)
