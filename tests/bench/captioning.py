"""Decoding, scoring and training of captions, each beside the obvious other way of doing it."""

import importlib.util

import numpy as np

from mmcourse.backend import keras
from mmcourse.captioning import Captioner, write_tokens
from mmcourse.metrics import caption_scores
from mmcourse.text import END, START, tokenize
from tests.bench.timing import median_seconds

REGIONS, CHANNELS, VOCABULARY, UNITS, LENGTH = 49, 256, 2000, 256, 20


def captioner():
    """A soft-attention captioner of Flickr8k's size with random weights: what it says does not matter for its speed."""
    keras.utils.set_random_seed(0)
    model = Captioner(VOCABULARY, UNITS, attention="soft")
    model({"image": np.zeros((1, REGIONS, CHANNELS), "float32"), "tokens": np.zeros((1, 2), "int32")})
    return model


def images(n):
    return np.random.default_rng(0).normal(size=(n, REGIONS, CHANNELS)).astype("float32")


def one_image_calling_the_model_again(model, image, width=3, penalty=0.6):
    """Beam search as most tutorials write it: one image at a time, and for each further token the model is called
    again with every word so far."""
    beams, finished = [([START], 0.0)], []
    for _ in range(LENGTH):
        tokens = np.array([words for words, _ in beams], "int32")
        inputs = {"image": np.repeat(image[None], len(beams), axis=0), "tokens": tokens}
        logits = keras.ops.convert_to_numpy(model(inputs))[:, -1]
        logits[:, [0, START]] = -np.inf
        log_p = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
        options = [
            ([*words, int(token)], score + log_p[row, token])
            for row, (words, score) in enumerate(beams)
            for token in np.argsort(-log_p[row])[: 2 * width]
        ]
        options.sort(key=lambda option: -option[1])
        finished += [(w, s / ((5 + len(w) - 1) / 6) ** penalty) for w, s in options[:width] if w[-1] == END]
        beams = [option for option in options if option[0][-1] != END][:width]
    best = max(finished or beams, key=lambda option: option[1])[0][1:]
    return best + [0] * (LENGTH - len(best))


def decoding_speed():
    """Beam search of width 3: images a second, batched and compiled, against the one-at-a-time loop of tutorials."""
    model, batch, few = captioner(), images(256), 3
    ours = median_seconds(lambda: write_tokens(model, batch, 3, 0.6, LENGTH, batch_size=128)) / len(batch)
    theirs = (
        median_seconds(
            lambda: [one_image_calling_the_model_again(model, image) for image in batch[:few]], repeats=3, warm_up=1
        )
        / few
    )
    same = np.array([one_image_calling_the_model_again(model, image) for image in batch[:few]])
    agree = (same == write_tokens(model, batch[:few], 3, 0.6, LENGTH)).all(axis=1).mean()
    rows = [
        ("beam-3 decoding", 1 / ours, "images/s", f"{REGIONS} regions, {UNITS} units, {VOCABULARY} words"),
        ("the same, one image and one more call per token", 1 / theirs, "images/s", f"{agree:.0%} of captions equal"),
        ("ratio", theirs / ours, "×", "at least 20 is wanted"),
    ]
    return rows + keras_hub_speed(model, batch[:64])


def keras_hub_speed(model, batch):
    """The same step under keras-hub's beam sampler, where that library is installed."""
    if importlib.util.find_spec("keras_hub") is None:
        return [("keras-hub's BeamSampler", float("nan"), "images/s", "not installed: pip install keras-hub")]
    import keras_hub

    sampler = keras_hub.samplers.BeamSampler(num_beams=3)

    def sample():
        prompt = keras.ops.zeros((len(batch), LENGTH + 1), "int32") + keras.ops.one_hot(0, LENGTH + 1, dtype="int32")
        state = model.start(batch)

        def following(tokens, cache, index):
            logits, cache = model.step(tokens[:, index - 1], cache)
            return logits, tokens, cache

        return keras.ops.convert_to_numpy(sampler(following, prompt=prompt, cache=state, index=1, stop_token_ids=[END]))

    try:
        theirs = median_seconds(sample, repeats=3) / len(batch)
    except Exception as error:
        return [("keras-hub's BeamSampler", float("nan"), "images/s", f"failed: {type(error).__name__}: {error}"[:90])]
    ours = median_seconds(lambda: write_tokens(model, batch, 3, 0.6, LENGTH, batch_size=64), repeats=3) / len(batch)
    return [
        ("keras-hub's BeamSampler, same step", 1 / theirs, "images/s", f"keras-hub {keras_hub.__version__}"),
        ("ratio to keras-hub", theirs / ours, "×", ""),
    ]


def scoring_speed(images=5000):
    """caption_scores against pycocoevalcap's BLEU, ROUGE and CIDEr on the same tokens; the numbers must be equal."""
    from pycocoevalcap.bleu.bleu import Bleu
    from pycocoevalcap.cider.cider import Cider
    from pycocoevalcap.rouge.rouge import Rouge

    from mmcourse.scenes import Scenes

    scenes = Scenes("train", n=images + 1)
    tokens = [[" ".join(tokenize(caption)) for caption in scene.captions] for scene in scenes]
    references, candidates = tokens[:images], [five[0] for five in tokens[1:]]

    def theirs():
        gts, res = dict(enumerate(references)), {i: [c] for i, c in enumerate(candidates)}
        bleu = Bleu(4).compute_score(gts, res, verbose=0)[0]
        return [*bleu, Rouge().compute_score(gts, res)[0], Cider().compute_score(gts, res)[0]]

    def ours():
        return list(caption_scores(candidates, references).values())

    difference = np.abs(np.array(ours()) - np.array(theirs())).max()
    a, b = median_seconds(ours, repeats=3), median_seconds(theirs, repeats=3)
    return [
        (f"caption_scores, {images:,} × 5 captions", a, "s", f"largest difference {difference:.1e}"),
        ("pycocoevalcap, BLEU + ROUGE + CIDEr", b, "s", ""),
        ("ratio", b / a, "×", "above 1: ours is faster"),
    ]


def training_speed(batch=128):
    """Tokens a second through one training step, without and with attention."""
    rng, rows = np.random.default_rng(0), []
    tokens = rng.integers(4, VOCABULARY, size=(batch, LENGTH), dtype="int32")
    for attention in (None, "soft"):
        keras.utils.set_random_seed(0)
        model = Captioner(VOCABULARY, UNITS, attention=attention)
        model.compile(optimizer="adam")
        inputs = {"image": images(batch), "tokens": tokens}
        seconds = median_seconds(lambda m=model, x=inputs: m.train_on_batch(x, tokens), repeats=5, warm_up=2)
        name = "soft attention" if attention else "no attention"
        rows.append((f"training, {name}", batch * LENGTH / seconds, "tokens/s", f"batch {batch}, length {LENGTH}"))
    return rows
