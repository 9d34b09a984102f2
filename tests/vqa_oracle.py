"""The formulas of visual question answering in NumPy, one question at a time, and small models to hold against them."""

import math

import numpy as np

from mmcourse.backend import keras
from mmcourse.vqa import (
    CoAttentionNetwork,
    FiLMNetwork,
    JointEmbedding,
    NeuralModules,
    RelationNetwork,
    StackedAttention,
    WordsAndRegions,
)

ops = keras.ops
V, A, B, M, D, U, L = 11, 5, 3, 4, 6, 8, 5
RNG = np.random.default_rng(0)
IMAGE = RNG.normal(size=(B, M, D)).astype("float32")
TEXT = np.array([[4, 5, 6, 7, 8], [8, 7, 0, 0, 0], [5, 0, 0, 0, 0]], "int32")
ANSWERS = np.array([1, 4, 0])
STEPS = [("scene",), ("filter", "colour", "red"), ("filter", "colour", "blue"), ("filter", "shape", "star"),
         ("relate", "left of"), ("relate", "above"), ("unique",), ("count",), ("query", "shape"), ("same", "colour"),
         ("more",)]  # fmt: skip
PROGRAM = np.array([[1, 2, 8, 0, 0, 0], [1, 4, 7, 5, 3, 9], [1, 6, 8, 1, 11, 0]], "int32")
INPUTS = {"image": IMAGE, "text": TEXT}
KINDS = {
    "joint": (JointEmbedding, {}),
    "text": (JointEmbedding, {"uses": "text"}),
    "image": (JointEmbedding, {"uses": "image"}),
    "stacked": (StackedAttention, {}),
    "stacked, words": (StackedAttention, {"words": True, "hops": 3}),
    "co-attention": (CoAttentionNetwork, {}),
    "relation": (RelationNetwork, {"pair_units": 7}),
    "film": (FiLMNetwork, {"blocks": 2}),
    "transformer": (WordsAndRegions, {"blocks": 2, "heads": 2}),
    "modules": (NeuralModules, {"steps": STEPS, "program_length": 6}),
}


def make(name, image=IMAGE, **settings):
    """A small model whose weights are all away from zero (so that a forgotten bias shows)."""
    kind, own = KINDS[name]
    model = kind(V, A, **{"units": U, "embedding": 5} | own | settings)
    model.build({"image": (None, *image.shape[1:]), "text": (None, None)})
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(0, 0.4, w.shape) for w in model.get_weights()])
    model.image_deviation.assign(rng.uniform(0.5, 2.0, image.shape[-1]))  # a deviation is positive
    return model


def weights(model):
    """{name: value} without the model's own name before it."""
    return {w.path.split("/", 1)[1]: np.asarray(ops.convert_to_numpy(w), "float64") for w in model.weights}


def call(model, image=IMAGE, text=TEXT, **more):
    return np.asarray(ops.convert_to_numpy(model({"image": image, "text": text, **more})))


def batch(name):
    return INPUTS | {"program": PROGRAM} if name == "modules" else INPUTS


def softmax(scores):
    return np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()


def dense(w, name, x):
    return x @ w[f"{name}/kernel"] + w.get(f"{name}/bias", 0)


def norm(x, scale=1, shift=0):
    return (x - x.mean()) / np.sqrt(x.var() + 1e-5) * scale + shift


def look(w, name, query, keys):
    """Additive attention of one query -> what it sees, its weights."""
    scores = [
        np.tanh(dense(w, f"{name}/query_projection", query) + dense(w, f"{name}/key_projection", key))
        @ w[f"{name}/score/kernel"][:, 0]
        for key in keys
    ]
    a = softmax(np.array(scores))
    return a @ keys, a


def joint(w, regions, words, question):
    return np.tanh(dense(w, "of_image", regions.mean(0))) * np.tanh(dense(w, "of_text", question)), {}


def stacked(w, regions, words, question, hops=2, reads=False):
    u, seen = question, {"image": [], "text": []}
    for hop in range(hops):
        if reads:
            read, a = look(w, f"read_{hop}", u, words)
            seen["text"].append(a)
            u = u + read
        found, a = look(w, f"look_{hop}", u, regions)
        seen["image"].append(a)
        u = u + found
    return u, {key: value for key, value in seen.items() if value}


def co_attention(w, regions, words, question):
    fits = np.array([[np.tanh(word @ w["look/affinity"] @ region) for region in regions] for word in words])
    of_regions, of_words = regions @ w["look/of_regions"], words @ w["look/of_words"]
    looks = [
        np.tanh(of_regions[i] + sum(fits[t, i] * of_words[t] for t in range(len(words)))) @ w["look/score_regions"]
        for i in range(len(regions))
    ]
    reads = [
        np.tanh(of_words[t] + sum(fits[t, i] * of_regions[i] for i in range(len(regions)))) @ w["look/score_words"]
        for t in range(len(words))
    ]
    looks, reads = softmax(np.ravel(looks)), softmax(np.ravel(reads))
    return looks @ regions + reads @ words, {"image": [looks], "text": [reads]}


PLACES = np.array([(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)])  # x, y of the four cells, row by row


def relation(w, regions, words, question):
    things = [np.concatenate([region, place]) for region, place in zip(regions, PLACES, strict=True)]
    kernel = np.concatenate([w["first/kernel"], w["second/kernel"], w["asked/kernel"]])
    total = 0
    for one in things:
        for other in things:
            inner = np.maximum(np.concatenate([one, other, question]) @ kernel + w["first/bias"], 0)
            total = total + np.maximum(dense(w, "inner", inner), 0)
    return total / len(things) ** 2, {}


def film(w, regions, words, question, blocks=2):
    x = np.concatenate([regions, PLACES], axis=1).reshape(2, 2, -1)
    for i in range(blocks):
        y = np.maximum(x @ w[f"one_{i}/kernel"][0, 0] + w[f"one_{i}/bias"], 0)
        z = np.tile(w[f"three_{i}/bias"], (2, 2, 1))
        for r, c, dr, dc in np.ndindex(2, 2, 3, 3):
            row, column = r + dr - 1, c + dc - 1
            if 0 <= row < 2 and 0 <= column < 2:
                z[r, c] += y[row, column] @ w[f"three_{i}/kernel"][dr, dc]
        gamma, beta = np.split(dense(w, f"steer_{i}", question), 2)
        x = np.array([[y[r, c] + np.maximum((1 + gamma) * norm(z[r, c]) + beta, 0) for c in (0, 1)] for r in (0, 1)])
        top, mean, x = x.max((0, 1)), x.mean((0, 1)), np.concatenate([x, np.reshape(PLACES, (2, 2, 2))], axis=-1)
    return np.concatenate([top, mean]), {}


def transformer(w, regions, words, question, blocks=2, heads=2):
    x, seen = np.concatenate([w["ask"][0], words, regions]), {"text": [], "image": []}
    gelu = np.vectorize(lambda a: a / 2 * (1 + math.erf(a / math.sqrt(2))))
    for i in range(blocks):
        y = np.array([norm(row, w[f"norm_{i}/gamma"], w[f"norm_{i}/beta"]) for row in x])
        q, k, v = (dense(w, f"attention_{i}/{part}", y) for part in ("query", "key", "value"))
        out, first = np.zeros_like(q), []
        for head in np.split(np.arange(U), heads):
            a = np.array([softmax(q[row, head] @ k[:, head].T / math.sqrt(U / heads)) for row in range(len(x))])
            out[:, head] = a @ v[:, head]
            first.append(a[0])
        x = x + dense(w, f"attention_{i}/output", out)
        y = np.array([norm(row, w[f"inner_norm_{i}/gamma"], w[f"inner_norm_{i}/beta"]) for row in x])
        x = x + dense(w, f"outer_{i}", gelu(dense(w, f"inner_{i}", y)))
        seen["text"].append(np.mean(first, 0)[1 : 1 + len(words)])
        seen["image"].append(np.mean(first, 0)[1 + len(words) :])
    return norm(x[0], w["last_norm/gamma"], w["last_norm/beta"]), seen


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def carried_out(model, program, regions):
    """One program, a step at a time, by names: what is joined, and the map after each step."""
    w, steps = weights(model), [STEPS[number - 1] for number in program if number]
    filters = [step[1:] for step in STEPS if step[0] == "filter"]
    values = dict(zip(filters, sigmoid(dense(w, "concepts", regions)).T, strict=True))
    thing = sigmoid(dense(w, "thing", regions)[:, 0] - 2)
    relations = [step[1] for step in STEPS if step[0] == "relate"]

    def kernel(relation, i, j):
        hidden = np.tanh(dense(w, "offset_hidden", PLACES[j] - PLACES[i]))
        return sigmoid(dense(w, "offset_relation", hidden))[relations.index(relation)]

    top, below, maps = thing, 0 * thing, []
    for word, *rest in steps:
        if word == "scene":
            top, below = thing, top
        elif word == "filter":
            top = top * values[tuple(rest)]
        elif word == "relate":
            share = top / top.sum()
            top = np.array([thing[j] * sum(share[i] * kernel(rest[0], i, j) for i in range(M)) for j in range(M)])
        maps.append(top)
    maps += [top] * (len(program) - len(steps))
    last, reads = (
        steps[-1] if steps else None,
        [step for step in STEPS if step[0] in ("count", "query", "same", "more")],
    )

    def shown(s):
        return {value: float(s @ values[value]) / s.sum() for value in filters}

    queried = [shown(top)[value] * (last == ("query", value[0])) for value in filters]
    same = []
    for name in ("colour", "shape"):
        one, other = ({v: x for v, x in shown(s).items() if v[0] == name} for s in (top, below + 1e-30))
        alike = sum(one[v] / sum(one.values()) * other[v] / sum(other.values()) for v in one)
        same.append(alike * (last == ("same", name)))
    read = [float(last == step) for step in reads]
    numbers = [top.sum(), below.sum(), top.max(), below.max(), below.sum() - top.sum(), float(last in reads)]
    return np.array([*read, *numbers, *queried, *same]), np.array(maps)


ORACLES = {
    "joint": joint,
    "text": lambda w, regions, words, question: (np.tanh(dense(w, "of_text", question)), {}),
    "image": lambda w, regions, words, question: (np.tanh(dense(w, "of_image", regions.mean(0))), {}),
    "stacked": stacked,
    "stacked, words": lambda *given: stacked(*given, hops=3, reads=True),
    "co-attention": co_attention,
    "relation": relation,
    "film": film,
    "transformer": transformer,
}
