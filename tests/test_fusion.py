"""Every fusion layer against its formula, written once more in NumPy loops; identities between layers; weight counts,
costs and errors. The rest of the ladder is in test_fusion_ladder."""

import math
import warnings

import numpy as np
import pytest

from mmcourse import fusion
from mmcourse.backend import keras

RNG = np.random.default_rng(0)
B, U, SIZES = 5, 3, {"text": 4, "audio": 2, "image": 6}
INPUTS = {name: RNG.standard_normal((B, d)).astype("float32") for name, d in SIZES.items()}
PRESENT = {name: RNG.random(B) < 0.6 for name in SIZES}
for _name in SIZES:
    PRESENT[_name][0] = False  # of the first sample nothing is there

LAYERS = {
    "concatenation": lambda **k: fusion.ConcatenationFusion(U, **k),
    "mean": lambda **k: fusion.MeanFusion(U, **k),
    "fixed": lambda **k: fusion.WeightedFusion(U, {"text": 3, "audio": 1, "image": 0.5}, **k),
    "weighted": lambda **k: fusion.WeightedFusion(U, **k),
    "similarity": lambda **k: fusion.SimilarityFusion(U, **k),
    "gated": lambda **k: fusion.GatedFusion(U, **k),
    "experts": lambda **k: fusion.ProductOfExperts(U, **k),
    "bilinear": lambda **k: fusion.BilinearFusion(U, **k),
    "tensor": lambda **k: fusion.TensorFusion(U, **k),
    "low rank": lambda **k: fusion.LowRankFusion(U, rank=2, **k),
    "mlp": lambda **k: fusion.MLPFusion(U, hidden=7, **k),
    "recurrent": lambda **k: fusion.RecurrentFusion(U, **k),
    "attention": lambda **k: fusion.AttentionFusion(U, bottleneck=2, **k),
}
SUMS = ("mean", "fixed", "weighted", "similarity", "gated", "experts")
every_layer = pytest.mark.parametrize("kind", LAYERS)


def built(kind, inputs=INPUTS, seed=1, **kwargs):
    """A layer none of whose weights is zero or one, as biases are at first."""
    layer = LAYERS[kind](seed=seed, **kwargs)
    layer(inputs)
    rng = np.random.default_rng(7)
    for weight in layer.weights:
        weight.assign_add(rng.normal(0, 0.2, weight.shape))
    return layer


def a(weight):
    return np.asarray(weight, "float64")


# ── the formulas, one sample at a time ──────────────────────────────────────────────────────────────


def affine(layer, x):
    return x @ a(layer.kernel) + (a(layer.bias) if layer.use_bias else 0)


def softmax(x, axis=0):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def weigh(kind, layer, z, there):
    """The weights (m there, 1 or units) of a weighted sum and what they weigh (m there, units)."""
    h = np.array([affine(layer.projections[n], z[n]) for n in there])
    if kind == "mean":
        return np.full((len(there), 1), 1 / len(there)), h
    if kind == "fixed":
        given = np.array([{"text": 3, "audio": 1, "image": 0.5}[n] for n in there])
        return (given / given.sum())[:, None], h
    if kind == "weighted":
        return softmax(np.array([a(layer.logits)[layer.names.index(n)] for n in there]))[:, None], h
    if kind == "similarity":
        u = a(layer.query)[:, 0]
        cosines = [v @ u / math.sqrt(v @ v) / math.sqrt(u @ u) for v in h]
        return softmax(float(a(layer.scale)) * np.array(cosines))[:, None], h
    if kind == "gated":
        gate = affine(layer.gate, np.concatenate([z[n] for n in layer.names])).reshape(len(layer.names), U)
        return softmax(np.array([gate[layer.names.index(n)] for n in there])), np.tanh(h)
    precision = np.exp([affine(layer.certainties[n], z[n]) for n in there])
    return precision / (1 + precision.sum(0)), h


def formula(kind, layer, z, there):
    """z = g(z₁ … zₘ) of one sample. ``z``: {name: (d,)}, zeros where missing; ``there``: names, sorted."""
    side = np.concatenate([z[n] for n in layer.names])
    if kind in SUMS:
        if not there:
            return np.zeros(U)
        weights, h = weigh(kind, layer, z, there)
        return (weights * h).sum(0)
    if kind == "concatenation":
        return affine(layer.dense, side)
    if kind == "mlp":
        return affine(layer.second, np.maximum(affine(layer.first, side), 0))
    if kind == "bilinear":
        out = affine(layer.linear, side)
        for i, one in enumerate(layer.names):
            for other in layer.names[i + 1 :]:
                kernel = a(layer.pairs[one, other]).reshape(len(z[one]), len(z[other]), U)
                for p in range(len(z[one])):
                    for q in range(len(z[other])):
                        out = out + z[one][p] * z[other][q] * kernel[p, q]
        return out
    ones = {n: np.append(z[n], 1) for n in layer.names}
    if kind == "tensor":
        kernel = a(layer.kernel).reshape(*(len(v) for v in ones.values()), U)
        out = a(layer.bias)
        for place in np.ndindex(kernel.shape[:-1]):
            out = out + math.prod(v[k] for v, k in zip(ones.values(), place, strict=True)) * kernel[place]
        return out
    if kind == "low rank":
        out = a(layer.bias)
        for r in range(layer.rank):
            product = np.ones(U)
            for n, v in ones.items():
                product = product * (v @ a(layer.factors[n])[:, r * U : (r + 1) * U])
            out = out + a(layer.rank_weights)[r] * product
        return out
    if kind == "recurrent":
        kernel, recurrent, bias = map(a, layer.lstm.cell.weights)
        h = c = np.zeros(U)
        for n in there:
            gates = (affine(layer.projections[n], z[n]) @ kernel + h @ recurrent + bias).reshape(4, U)
            c = sigmoid(gates[1]) * c + sigmoid(gates[0]) * np.tanh(gates[2])
            h = sigmoid(gates[3]) * np.tanh(c)
        return h
    return attend(layer, {n: z[n][None] for n in there})[0]


def attend(layer, tokens):
    """The bottleneck over {name: (t, d)} real positions, and its weights (k, all positions)."""
    h = [affine(layer.projections[n], x) + a(layer.kinds)[layer.names.index(n)] for n, x in tokens.items()]
    h, outs, all_weights = np.concatenate(h) if h else np.zeros((0, U)), [], []
    for u in a(layer.queries):
        scores = affine(layer.key, h) @ affine(layer.query, u) / math.sqrt(U)
        weights = softmax(scores) if len(h) else scores
        u = u + affine(layer.output_projection, weights @ affine(layer.value, h))
        outs.append(u + affine(layer.second, np.maximum(affine(layer.first, u), 0)))
        all_weights.append(weights)
    return np.mean(outs, 0), np.array(all_weights)


def expected(kind, layer, inputs=INPUTS, present=None):
    rows = []
    for s in range(B):
        there = [n for n in layer.names if present is None or present[n][s]]
        z = {n: inputs[n][s].astype("float64") * (n in there) for n in layer.names}
        rows.append(formula(kind, layer, z, there))
    return np.array(rows)


@every_layer
def test_equals_the_formula(kind):
    layer = built(kind)
    assert layer(INPUTS).shape == (B, U)
    np.testing.assert_allclose(layer(INPUTS), expected(kind, layer), atol=2e-5)


@every_layer
def test_equals_the_formula_where_some_are_missing(kind):
    layer = built(kind)
    np.testing.assert_allclose(layer(INPUTS, present=PRESENT), expected(kind, layer, present=PRESENT), atol=2e-5)


@pytest.mark.parametrize("kind", [kind for kind in LAYERS if kind != "fixed"])  # its weights name three
def test_equals_the_formula_for_one_modality(kind):
    alone = {"text": INPUTS["text"]}
    layer = built(kind, alone)
    np.testing.assert_allclose(layer(alone), expected(kind, layer, alone), atol=2e-5)


def test_attention_looks_at_every_position():
    frames = RNG.standard_normal((B, 4, SIZES["audio"])).astype("float32")
    mask = np.arange(4)[None] < np.array([4, 1, 2, 3, 0])[:, None]
    inputs = INPUTS | {"audio": frames}
    layer = built("attention", inputs)
    z, weights = layer(inputs, mask={"audio": mask}, return_weights=True)
    assert [weights[n].shape for n in layer.names] == [(B, 2, 4), (B, 2, 1), (B, 2, 1)]
    total = sum(np.sum(w, -1) for w in weights.values())
    np.testing.assert_allclose(total, 1, atol=1e-6)
    for s in range(B):
        tokens = {"audio": frames[s][mask[s]], "image": INPUTS["image"][s][None], "text": INPUTS["text"][s][None]}
        wanted, shares = attend(layer, {n: x.astype("float64") for n, x in tokens.items()})
        np.testing.assert_allclose(z[s], wanted, atol=2e-5)
        kept = np.concatenate([np.asarray(weights["audio"][s])[:, mask[s]], weights["image"][s], weights["text"][s]], 1)
        np.testing.assert_allclose(kept, shares, atol=1e-5)


# ── weights ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", SUMS)
def test_weights_are_those_of_the_formula_and_sum_to_one(kind):
    layer = built(kind)
    z, weights = layer(INPUTS, present=PRESENT, return_weights=True)
    np.testing.assert_allclose(z, layer(INPUTS, present=PRESENT), atol=0)
    weights = np.asarray(weights)
    assert weights.dtype == np.float32 and weights.shape[:2] == (B, 3) and weights.min() >= 0
    for s in range(1, B):
        there = [n for n in layer.names if PRESENT[n][s]]
        if not there:
            continue
        wanted, _ = weigh(kind, layer, {n: INPUTS[n][s] * (n in there) for n in layer.names}, there)
        np.testing.assert_allclose(weights[s][[layer.names.index(n) for n in there]], wanted, atol=1e-5)
        if kind != "experts":
            np.testing.assert_allclose(weights[s].sum(0), 1, atol=1e-6)
        else:
            assert (weights[s].sum(0) < 1).all()
    assert not weights[~np.stack([PRESENT[n] for n in layer.names], 1)].any()


def test_a_sum_weighs_alike_at_first_and_fixed_weights_keep_their_ratio():
    for kind in ("mean", "weighted"):
        layer = LAYERS[kind](seed=0)
        np.testing.assert_allclose(layer(INPUTS, return_weights=True)[1], 1 / 3, atol=1e-6)
    _, weights = built("fixed")(INPUTS, return_weights=True)
    np.testing.assert_allclose(np.asarray(weights)[0, :, 0] * 4.5, [1, 0.5, 3], atol=1e-5)  # audio, image, text


def test_similarity_to_each_other_weighs_nothing_but_to_a_query_it_does():
    x, y = INPUTS["text"], RNG.standard_normal((B, 4)).astype("float32")
    cosine = np.sum(x * y, 1) / np.linalg.norm(x, axis=1) / np.linalg.norm(y, axis=1)
    np.testing.assert_allclose(softmax(np.stack([cosine, cosine])), 0.5)  # erratum 48
    _, weights = built("similarity", {"x": x, "y": y})({"x": x, "y": y}, return_weights=True)
    assert np.ptp(np.asarray(weights)[:, 0, 0]) > 0.05


def test_a_vector_of_zeros_does_not_throw_the_similarity_out():
    inputs = {name: np.zeros_like(x) for name, x in INPUTS.items()}
    layer = LAYERS["similarity"](seed=0)
    entries = {name: keras.Input((d,), name=name) for name, d in SIZES.items()}
    model = keras.Model(entries, layer(entries))
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.train_on_batch(inputs, np.ones((B, U), "float32"))
    assert all(np.abs(a(w)).max() < 100 for w in model.weights)


# ── identities ──────────────────────────────────────────────────────────────────────────────────────


def test_concatenation_is_a_sum_of_matrices():
    """[W₁ … Wₘ][z₁; …; zₘ] = Σ Wᵢ zᵢ: and so a linear layer before it and one after make one matrix (erratum 1)."""
    layer = built("concatenation")
    parts = np.split(a(layer.dense.kernel), np.cumsum([SIZES[n] for n in layer.names])[:-1])
    wanted = sum(INPUTS[n] @ part for n, part in zip(layer.names, parts, strict=True)) + a(layer.dense.bias)
    np.testing.assert_allclose(layer(INPUTS), wanted, atol=1e-5)


def test_tensor_is_low_rank_with_the_kernel_that_its_factors_make():
    low, full = built("low rank"), built("tensor")
    kernel = np.zeros([SIZES[n] + 1 for n in low.names] + [U])
    for r in range(low.rank):
        one, two, three = (a(low.factors[n])[:, r * U : (r + 1) * U] for n in low.names)
        kernel += a(low.rank_weights)[r] * np.einsum("iu,ju,ku->ijku", one, two, three)
    full.kernel.assign(kernel.reshape(-1, U))
    full.bias.assign(low.bias)
    np.testing.assert_allclose(full(INPUTS), low(INPUTS), atol=2e-5)
    np.testing.assert_allclose(full(INPUTS, present=PRESENT), low(INPUTS, present=PRESENT), atol=2e-5)


def test_bilinear_is_tensor_for_two():
    pair = {n: INPUTS[n] for n in ("audio", "text")}
    two, full = built("bilinear", pair), built("tensor", pair)
    kernel = np.zeros((SIZES["audio"] + 1, SIZES["text"] + 1, U))
    kernel[:-1, :-1] = a(two.pairs["audio", "text"]).reshape(SIZES["audio"], SIZES["text"], U)
    kernel[:-1, -1], kernel[-1, :-1] = np.split(a(two.linear.kernel), [SIZES["audio"]])
    kernel[-1, -1] = a(two.linear.bias)
    full.kernel.assign(kernel.reshape(-1, U))
    full.bias.assign(np.zeros(U))
    np.testing.assert_allclose(two(pair), full(pair), atol=2e-5)


def test_gate_of_two_is_the_sigmoid_of_arevalo():
    pair = {n: INPUTS[n] for n in ("audio", "text")}
    layer = built("gated", pair)
    gates = np.split(a(layer.gate.kernel), 2, axis=1), np.split(a(layer.gate.bias), 2)
    side = np.concatenate([pair["audio"], pair["text"]], 1)
    s = sigmoid(side @ (gates[0][0] - gates[0][1]) + gates[1][0] - gates[1][1])
    h = {n: np.tanh(affine(layer.projections[n], pair[n])) for n in pair}
    np.testing.assert_allclose(layer(pair), s * h["audio"] + (1 - s) * h["text"], atol=1e-5)


def test_product_of_experts_multiplies_densities():
    layer = built("experts")
    z = a(layer(INPUTS))
    grid = np.linspace(-12, 12, 20001)
    for s in range(B):
        for unit in range(U):
            log_density = -0.5 * grid**2  # the prior
            for n in SIZES:
                mean, log_precision = (
                    affine(layers[n], INPUTS[n][s])[unit] for layers in (layer.projections, layer.certainties)
                )
                log_density = log_density - 0.5 * np.exp(log_precision) * (grid - mean) ** 2
            density = np.exp(log_density - log_density.max())
            assert abs((density @ grid) / density.sum() - z[s, unit]) < 1e-4


def test_recurrent_and_attention_pass_over_what_is_missing():
    for kind in ("recurrent", "attention"):
        layer = built(kind)
        present = {"image": np.zeros(B, bool)}
        there = {n: INPUTS[n] for n in ("audio", "text")}
        wanted = [
            formula(kind, layer, {n: x[s].astype("float64") for n, x in INPUTS.items()}, sorted(there))
            for s in range(B)
        ]
        np.testing.assert_allclose(layer(INPUTS, present=present), wanted, atol=2e-5)


# ── numbers of weights, costs ───────────────────────────────────────────────────────────────────────

D, M = sum(SIZES.values()), len(SIZES)
PAIRS = 4 * 2 + 4 * 6 + 2 * 6
LSTM = 4 * (U * U + U * U + U)
COUNTS = {
    "concatenation": D * U + U,
    "mean": D * U + M * U,
    "fixed": D * U + M * U,
    "weighted": D * U + M * U + M,
    "similarity": D * U + M * U + U + 1,
    "gated": D * U + M * U + (D + 1) * M * U,
    "experts": 2 * (D * U + M * U),
    "bilinear": (D + 1) * U + PAIRS * U,
    "tensor": (5 * 3 * 7 + 1) * U,
    "low rank": 2 * U * (D + M) + 2 + U,
    "mlp": (D + 1) * 7 + (7 + 1) * U,
    "recurrent": D * U + M * U + LSTM,
    "attention": D * U + M * U + M * U + 2 * U + 2 * U * U + 2 * (U * U + U) + (U + 1) * 2 * U + (2 * U + 1) * U,
}


@every_layer
def test_counts_its_weights(kind):
    layer = built(kind)
    assert layer.count_params() == sum(math.prod(w.shape) for w in layer.trainable_weights) == COUNTS[kind]


def test_low_rank_for_ten_and_ten_has_47_weights():
    layer = fusion.LowRankFusion(2, rank=1)
    layer({"a": np.ones((1, 10), "float32"), "b": np.ones((1, 10), "float32")})
    assert layer.count_params() == sum(math.prod(w.shape) for w in layer.trainable_weights) == 47


def test_low_rank_says_once_that_its_products_have_grown():
    layer = fusion.LowRankFusion(2, rank=1, seed=0)
    small = {name: np.ones((3, 2), "float32") for name in "abc"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer(small)
    large = {name: 30 * x for name, x in small.items()}
    with pytest.warns(UserWarning, match=r"z up to ±\d+, a product of 3 factors .*LayerNormalization behind"):
        layer(large)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer(large)  # once
        keras.Sequential([keras.layers.LayerNormalization()])(layer(large))


class Counted(np.ndarray):
    """An array that counts every multiplication done with it."""

    count = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [np.asarray(x) for x in inputs]
        out = getattr(ufunc, method)(*plain, **kwargs)
        if ufunc is np.multiply:
            Counted.count += out.size
        if ufunc is np.matmul:
            Counted.count += out.size * plain[0].shape[-1]
        return np.asarray(out).view(Counted)


def multiplied(kind):
    """How many multiplications the formula takes, written with plain products of matrices, and counted by NumPy."""
    z = {n: np.ones(d).view(Counted) for n, d in SIZES.items()}

    def by(x, rows, columns):
        return x @ np.ones((rows, columns))

    Counted.count = 0
    h = [by(x, len(x), U) for x in z.values()]
    projected, Counted.count = Counted.count, 0
    ones = [np.ones(SIZES[n] + 1).view(Counted) for n in sorted(SIZES)]
    if kind in SUMS:
        Counted.count = projected
        for x in h:
            x * 1.0
            if kind == "similarity":
                by(x, U, 1)
        for x in z.values():
            if kind == "experts":
                by(x, len(x), U)
        if kind == "gated":
            by(np.ones(D).view(Counted), D, M * U)
    elif kind == "concatenation":
        by(np.ones(D).view(Counted), D, U)
    elif kind == "mlp":
        by(by(np.ones(D).view(Counted), D, 7), 7, U)
    elif kind == "bilinear":
        by(np.ones(D).view(Counted), D, U)
        for one, other in (("text", "audio"), ("text", "image"), ("audio", "image")):
            by((z[one][:, None] * z[other][None]).reshape(-1), SIZES[one] * SIZES[other], U)
    elif kind == "tensor":
        tensor = ones[0]
        for x in ones[1:]:
            tensor = (tensor[:, None] * x[None]).reshape(-1)
        by(tensor, len(tensor), U)
    elif kind == "low rank":
        product, *others = (by(x, len(x), 2 * U) for x in ones)
        for x in others:
            product = product * x
        product * np.ones(2 * U)
    elif kind == "recurrent":
        Counted.count = projected
        for x in h:
            by(x, U, 4 * U), by(x, U, 4 * U)
            x * 1.0, x * 1.0, x * 1.0  # forget · cell, input · candidate, output · tanh(cell)
    else:
        Counted.count = projected
        tokens, queries = np.ones((M, U)).view(Counted), np.ones((2, U)).view(Counted)
        by(tokens, U, U), by(tokens, U, U), by(queries, U, U)
        by(by(queries, U, M), M, U)  # scores, and their weighted sum of values
        by(by(by(queries, U, U), U, 2 * U), 2 * U, U)
    return Counted.count


@every_layer
def test_says_what_it_costs(kind):
    assert built(kind).multiplications() == multiplied(kind)


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────


@every_layer
@pytest.mark.parametrize("units", [0, -1, 2.0, True, "three"])
def test_units_are_a_whole_number(kind, units):
    with pytest.raises(ValueError, match=f"Received: units={units!r}"):
        type(LAYERS[kind]())(units)


@pytest.mark.parametrize(
    "make, said",
    [
        (lambda: fusion.LowRankFusion(2, rank=0), "Received: rank=0"),
        (lambda: fusion.AttentionFusion(2, bottleneck=0), "Received: bottleneck=0"),
        (lambda: fusion.MLPFusion(2, hidden=0), "Received: hidden=0"),
        (lambda: fusion.WeightedFusion(2, {"a": 1, "b": -1}), r"Received: weights\['b'\]=-1"),
        (lambda: fusion.WeightedFusion(2, {"text": 1})(INPUTS), r"Received: weights=\{'text': 1\}"),
        (lambda: fusion.MeanFusion(2)({}), "not empty"),
        (lambda: fusion.MeanFusion(2)(INPUTS["text"]), "a dict of modalities"),
        (lambda: fusion.MeanFusion(2)({"text": np.ones((1, 2, 3, 4))}), r"Received: text of shape \(1, 2, 3, 4\)"),
        (lambda: built("mean")({"text": INPUTS["text"]}), r"Received: inputs=\['text'\]"),
        (lambda: built("mean")(INPUTS, present={"smell": np.ones(B, bool)}), "'smell'"),
        (lambda: built("mean")(INPUTS, mask={"text": np.ones((B, 4), bool)}), "Received: mask for 'text'"),
    ],
)
def test_errors_name_what_came(make, said):
    with pytest.raises(ValueError, match=said):
        make()
