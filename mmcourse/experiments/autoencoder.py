"""Recorded experiment of the page `autoencoder`: how long a code must be, and what it keeps of two modalities."""

import time

import numpy as np

from mmcourse._machinery.masks import split_batch, zero_masked
from mmcourse._machinery.seeds import independent
from mmcourse.autoencoder import MultimodalAutoencoder, WordDecoder
from mmcourse.backend import keras
from mmcourse.captioning.baselines import commonest_caption, shuffle_images
from mmcourse.decoding import greedy
from mmcourse.experiments.results import figure, hash_captions, over_seeds, write_results
from mmcourse.missing import presence
from mmcourse.scenes import COLOURS, VERSION, Scenes, parse
from mmcourse.scenes.language import Exists, truth_and_coverage
from mmcourse.scenes.scene import PALETTE
from mmcourse.text import Vocabulary

SIDE, LENGTH = 32, 14  # pixels of a window, tokens of a row

SETTINGS = {
    "scenes": 3000, "test_scenes": 1000, "things": 1, "side": SIDE, "length": LENGTH, "epochs": 6, "batch": 32,
    "rate": 3e-3, "warm_up": 60, "text_weight": 20.0, "filters": 16,
    "hidden": {"dense, as many weights": 18, "dense, wide": 128},
    "latent": 32, "latents": [2, 4, 8, 32, 128], "longer": 3, "seeds": [0, 1, 2],
}  # fmt: skip


def windows(scenes, side=SIDE):
    """The window around the one thing of each scene, as a detector would cut it out; beyond the frame the edge goes on
    -> float32 (n, side, side, 3), shares of 255."""
    edge, size = side // 2, scenes.image_size
    pictures = np.pad(scenes.images(), ((0, 0), (edge, edge), (edge, edge), (0, 0)), mode="edge")
    centres = [(scene.things[0].y * size // 1024, scene.things[0].x * size // 1024) for scene in scenes.truths()]
    cut = [p[y : y + side, x : x + side] for p, (y, x) in zip(pictures, centres, strict=True)]
    return np.stack(cut) / np.float32(255)


def picture_parts(latent, side=SIDE, hidden=None, filters=16, seed=0):
    """An encoder and a decoder of pictures (b, side, side, 3), shares of 255: convolutional, or dense on raw pixels.

    - convolutional: three 3x3 convolutions with stride 2, so many ``filters`` in the first, twice as many in the next,
      and a linear map to ``latent`` numbers; the decoder goes the same way back and ends in a sigmoid. Everything is
      padded, so that what comes out has the size of what came in. ``side`` is a multiple of 8.
    - dense, with ``hidden`` given: so many units on either side.

    All layers are leaky, for a relu that dies early in training leaves the picture without a colour. Returns two
    ``keras.Sequential``.

    Raises ValueError for a side that three halvings do not divide.
    """
    if hidden is None and side % 8:
        raise ValueError(f"Received: side={side}. Allowed: a multiple of 8.")
    layers, small = keras.layers, side // 8
    starts = map(keras.initializers.HeNormal, independent(seed, 9, "picture_parts"))

    def leaky(layer, units, *args, **how):
        return layer(units, *args, activation="leaky_relu", kernel_initializer=next(starts), **how)

    half = {"strides": 2, "padding": "same"}
    encoder = [keras.Input((side, side, 3)), layers.Rescaling(2.0, -1.0)]
    decoder = [keras.Input((latent,))]
    if hidden is None:
        encoder += [leaky(layers.Conv2D, filters * 2**i, 3, **half) for i in range(3)]
        encoder += [layers.Flatten(), layers.Dense(latent, kernel_initializer=next(starts))]
        decoder += [leaky(layers.Dense, small * small * 4 * filters), layers.Reshape((small, small, 4 * filters))]
        decoder += [leaky(layers.Conv2DTranspose, n, 3, **half) for n in (2 * filters, filters)]
        last = layers.Conv2DTranspose(3, 3, activation="sigmoid", kernel_initializer=next(starts), **half)
        return keras.Sequential(encoder), keras.Sequential([*decoder, last])
    encoder += [layers.Flatten(), leaky(layers.Dense, hidden)]
    decoder += [leaky(layers.Dense, hidden)]
    last = layers.Dense(side * side * 3, "sigmoid", kernel_initializer=next(starts))
    return keras.Sequential(encoder), keras.Sequential([*decoder, last, layers.Reshape((side, side, 3))])


def word_reader(vocabulary_size, length=LENGTH, units=128, seed=0):
    """An encoder of captions, rows of tokens (b, length) -> (b, units): which words occur, through a dense layer."""
    start = keras.initializers.HeNormal(*independent(seed, 1, "word_reader"))
    bag = keras.layers.CategoryEncoding(vocabulary_size, output_mode="multi_hot")
    dense = keras.layers.Dense(units, "relu", kernel_initializer=start)
    return keras.Sequential([keras.Input((length,)), bag, dense])


class HiddenFromLoss(MultimodalAutoencoder):
    """A control: what is hidden from the encoders is not asked for, either."""

    def call(self, batch, training=False):
        batch = self.complete(batch)
        seen = self.drop(batch, training=training)
        self.seen = presence(seen)
        return self.decode(self.encode(seen, training), zero_masked(*split_batch(batch)), training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return super().compute_loss({**split_batch(x)[0], "present": self.seen}, y, y_pred, sample_weight, training)


def network(
    vocabulary_size, latent=32, hidden=None, rate=0.42, seed=0, text_weight=20.0, filters=16,
    model=MultimodalAutoencoder,
):  # fmt: skip
    """The autoencoder of pictures and captions."""
    encoder, decoder = picture_parts(latent, SIDE, hidden, filters, seed=seed)
    return model(
        encoders={"image": encoder, "text": word_reader(vocabulary_size, LENGTH, seed=seed)},
        decoders={"image": decoder, "text": WordDecoder(vocabulary_size, seed=seed)},
        losses={"image": "squared", "text": "words"},
        latent=latent, rate=rate, weights={"text": text_weight}, seed=seed,
    )  # fmt: skip


def train(
    model, batch, epochs=SETTINGS["epochs"], rate=SETTINGS["rate"], size=SETTINGS["batch"],
    warm_up=SETTINGS["warm_up"], seed=0,
):  # fmt: skip
    """Train on a batch {name: (n, ...)} with Adam. Its rate rises over the first steps, for a large one at once leaves
    units dead, and falls to 0 along a cosine. Returns Keras' history."""
    keras.utils.set_random_seed(seed)  # the order of the items
    steps = epochs * -(-len(batch["image"]) // size)
    warm_up = min(warm_up, steps - 1)
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 20, steps - warm_up, warmup_target=rate, warmup_steps=warm_up
    )
    model.compile(keras.optimizers.Adam(schedule))
    return model.fit(batch, batch_size=size, epochs=epochs, verbose=0)


def written(model, code, vocabulary, length=LENGTH):
    """The captions that the model writes from codes (n, d), word by word and without any help: a list of n str."""
    writer = model.decoders["text"]
    tokens, _ = greedy(writer.step, writer.start(keras.ops.convert_to_tensor(code)), length)
    return vocabulary.decode(keras.ops.convert_to_numpy(tokens))


def facts(captions, scenes):
    """Which captions name the colour, shape and size of their scene's one thing, and rightly: {"colour": bool (n,),
    "shape": ..., "size": ...}. What a caption does not say counts as not told, so a vague caption is no good one."""
    told = {name: np.zeros(len(captions), bool) for name in ("colour", "shape", "size")}
    for i, (caption, scene) in enumerate(zip(captions, scenes, strict=True)):
        (thing,) = scene.things
        claims = [claim for claim in parse(caption) if isinstance(claim, Exists)]
        for name, hits in told.items():
            hits[i] = len(claims) == 1 and getattr(claims[0], name) == getattr(thing, name)
    return told


def tells(captions, name):
    """Whether each caption says the "colour", "shape" or "size" of a thing at all, (n,) bool."""
    return np.array([any(isinstance(c, Exists) and bool(getattr(c, name)) for c in parse(text)) for text in captions])


def colours_read(pictures):
    """The colour of the palette that is nearest to the middle of each window (n, h, w, 3), shares of 255: (n,) str."""
    h, w = (size // 2 for size in pictures.shape[1:3])
    middle = np.median(pictures[:, h - 3 : h + 3, w - 3 : w + 3], axis=(1, 2))  # (n, 3)
    palette = np.array([PALETTE[name] for name in COLOURS]) / 255
    return np.array(COLOURS)[((middle[:, None] - palette) ** 2).sum(axis=-1).argmin(axis=1)]


def colour_of(scenes):
    """The colour of the one thing of each scene, (n,) str."""
    return np.array([scene.things[0].colour for scene in scenes.truths()])


def kinds(scenes):
    """What each scene of one thing shows, (n,) str, such as "large red star"."""
    return np.array([f"{t.size} {t.colour} {t.shape}" for t in (scene.things[0] for scene in scenes.truths())])


def nearest_is_right(asking, answers, kind):
    """Whether the code of ``answers`` (n, d) with the largest cosine to each of ``asking`` is of the same kind."""
    a, b = (x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12) for x in (asking, answers))
    return kind[(a @ b.T).argmax(axis=1)] == kind


def scenes(quick=False, results=None):
    """Errors, truth and coverage of all four ways between picture and caption: against the length of the code, for
    dense and convolutional parts, and with nothing hidden in training, for as long and for ``longer`` times as long, or
    with what is hidden not asked for, either. "from one half, filled in": beside the half that is seen stands the mean
    proposal of the other one over the training items, for a decoder that never met one proposal alone. Figures are
    means over the seeds, intervals their range. Returns the record's path."""
    begin = time.perf_counter()
    plan = SETTINGS | ({"scenes": 60, "test_scenes": 20, "epochs": 1, "latents": [2], "seeds": [0]} if quick else {})
    # Another seed for the test: the settings were chosen while looking at items of the first.
    data = {
        "train": Scenes("train", n=plan["scenes"], things=1),
        "test": Scenes("test", seed=1, n=plan["test_scenes"], things=1),
    }
    pictures = {s: windows(x) for s, x in data.items()}
    captions = {s: [five[0] for five in x.captions()] for s, x in data.items()}
    words = Vocabulary.build(captions["train"])
    tokens = {s: words.encode(x, LENGTH) for s, x in captions.items()}
    truths, kind, colour = data["test"].truths(), kinds(data["test"]), colour_of(data["test"])
    told = tells(captions["test"], "colour")
    mean = pictures["train"].mean(axis=0)
    blind = np.mean((pictures["test"] - mean) ** 2)
    known = kinds(data["train"])  # what the best caption could tell: the mean picture of a kind
    of_kind = [pictures["train"][known == one].mean(axis=0) if one in known else mean for one in kind]
    runs, sizes = {}, {}

    def truth(texts):
        return {name: float(x.mean()) for name, x in truth_and_coverage(texts, truths).items()}

    def keep(group, setting, seed, times=1, **how):
        model = network(len(words), seed=seed, **{"latent": plan["latent"]} | how)
        train(model, {"image": pictures["train"], "text": tokens["train"]}, times * plan["epochs"], seed=seed)
        seen = {"image": pictures["test"], "text": tokens["test"]}
        code = {"image": model.encode({"image": seen["image"]}), "text": model.encode({"text": seen["text"]}),
                "both": model.encode(seen)}  # fmt: skip
        code = {name: keras.ops.convert_to_numpy(z) for name, z in code.items()}
        other = {"image": {"text": tokens["train"]}, "text": {"image": pictures["train"]}}
        for name, unseen in other.items():
            proposals = [
                model.encode({k: x[i : i + 500] for k, x in unseen.items()}) for i in range(0, len(known), 500)
            ]
            proposal = np.concatenate(list(map(keras.ops.convert_to_numpy, proposals))).mean(axis=0)
            code[f"{name}, filled in"] = (code[name] + proposal) / 2
        scores = {}
        for name, z in code.items():
            drawn = keras.ops.convert_to_numpy(model.decode(z)["image"])
            texts = written(model, z, words)
            scores |= {f"{what} from {name}": value for what, value in truth(texts).items()}
            scores[f"picture error from {name}"] = np.mean((drawn - seen["image"]) ** 2) / blind
            scores[f"facts from {name}"] = np.mean(list(facts(texts, truths).values()))
            if name == "image":
                scores |= {f"{what} from image": np.mean(hits) for what, hits in facts(texts, truths).items()}
            if name.startswith("text"):
                scores[f"colour read from {name}"] = np.mean((colours_read(drawn) == colour)[told])
        untrained = network(len(words), seed=seed + 100, **{"latent": plan["latent"]} | how)
        alone = seen | {"present": {"text": np.zeros(len(truths), bool)}}
        for name, z in (("another picture", shuffle_images(code["image"], seed)),
                        ("random weights", keras.ops.convert_to_numpy(untrained.encode(alone)))):  # fmt: skip
            texts = written(model, z, words)
            scores |= {f"{what} from {name}": value for what, value in truth(texts).items()}
            scores[f"facts from {name}"] = np.mean(list(facts(texts, truths).values()))
        scores["nearest is right"] = np.mean(nearest_is_right(code["text"], code["image"], kind))
        parts = (model.encoders["image"], model.decoders["image"])
        sizes.setdefault(group, {})[str(setting)] = figure(sum(part.count_params() for part in parts))
        print(group, setting, seed, {k: round(float(v), 3) for k, v in scores.items()}, flush=True)
        for score, value in scores.items():
            runs.setdefault(group, {}).setdefault(score, {}).setdefault(str(setting), []).append(float(value))

    for seed in plan["seeds"]:
        for latent in plan["latents"]:
            keep("latent", latent, seed, latent=latent)
        for name, hidden in plan["hidden"].items():
            keep("parts", name, seed, hidden=hidden)
        keep("hiding", "nothing hidden", seed, rate=0.0)
        keep("hiding", "nothing hidden, longer", seed, plan["longer"], rate=0.0)
        keep("hiding", "hidden from the loss, too", seed, model=HiddenFromLoss)
    texts_of = {
        "commonest caption": [commonest_caption(captions["train"])] * len(truths),
        "given captions": captions["test"],
    }
    figures = {
        group: {score: {setting: over_seeds(v) for setting, v in by.items()} for score, by in scores.items()}
        | {"weights": sizes[group]}
        for group, scores in runs.items()
    }
    for name, texts in texts_of.items():
        figures[name] = {what: figure(value) for what, value in truth(texts).items()}
        figures[name]["facts"] = figure(np.mean(list(facts(texts, truths).values())))
    figures["mean picture of the kind"] = {"picture error": figure(np.mean((pictures["test"] - of_kind) ** 2) / blind)}
    figures["colours read from real pictures"] = {"right": figure(np.mean(colours_read(pictures["test"]) == colour))}
    figures["chance"] = {"nearest is right": figure(np.mean(kind[:, None] == kind)), "colour": figure(1 / len(COLOURS))}
    return write_results(
        "autoencoder", "scenes", figures,
        command="python -m mmcourse.experiments autoencoder-scenes",
        seeds=plan["seeds"], data_hash=hash_captions(*(x[:200] for x in data.values())),
        minutes=(time.perf_counter() - begin) / 60, settings=plan | {"scenes_version": VERSION},
        quick=quick, folder=results,
    )  # fmt: skip
