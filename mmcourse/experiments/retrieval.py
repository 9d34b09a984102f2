"""Recorded experiments of the page `retrieval`: which text tower and which loss find pictures, whether the order of
words matters, whether mined negatives help, and sentences that find films."""

import time

import numpy as np

from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE, Triplet
from mmcourse.experiments.results import figure, hash_captions, over_seeds, write_results
from mmcourse.image import load_backbone
from mmcourse.metrics import chance_recall_at_k, ndcg, ranks, retrieval_scores
from mmcourse.retrieval import ImageTower, MinedBatches, TextTower, hardest_wrong
from mmcourse.scenes import COLOURS, VERSION, Scenes, check, film
from mmcourse.text import Vocabulary
from mmcourse.video import c3d

SETTINGS = {
    "scenes": 2000, "test_scenes": 1000, "d": 128, "hidden": 256, "embedding": 64, "dropout": 0.1, "rate": 2e-3,
    "batch": 200, "epochs": 6, "length": 24, "blocks": 1,
    "mining_epochs": 4, "mining_rate": 5e-4, "warm_up": 200, "seeds": [0, 1, 2, 3, 4],
    "texts": ["mean", "lstm", "transformer"], "losses": ["InfoNCE", "triplet"],
}  # fmt: skip
ORDER = SETTINGS | {"texts": ["mean", "lstm", "lstm, sorted words"], "losses": ["InfoNCE"], "mining_epochs": 0}
FILMS = {
    "films": 1500, "test_films": 500, "size": 32, "first": 9, "frames": 7, "d": 64, "epochs": 12, "batch": 50,
    "rate": 3e-3, "seeds": [0, 1, 2, 3, 4],
}  # fmt: skip
TOLERANCE = 1e-6  # of cosines in float32
TURNED = {"above": "below", "below": "above", "left": "right", "right": "left"}


def pooled(scenes, backbone):
    """Pictures as vectors, in three ways: {"mean": (n, c), "max": (n, c), "mean+max": (n, 2 c)} of their grid. Pooling
    has no weights, so it is done once."""
    grid = backbone.predict(scenes.images(), batch_size=200, verbose=0)
    mean, top = grid.mean((1, 2)), grid.max((1, 2))
    return {"mean": mean, "max": top, "mean+max": np.concatenate([mean, top], axis=1)}


def vectors(model, name, x, batch=500):
    """Unit vectors of one modality, batch by batch, as NumPy: (n, ...) -> (n, d)."""
    return np.concatenate([np.asarray(model.encode(name, x[i : i + batch])) for i in range(0, len(x), batch)])


def own_picture(pictures, captions=5):
    """The explicit map: which picture each caption was written for, bool (captions · pictures, pictures)."""
    return np.repeat(np.arange(pictures), captions)[:, None] == np.arange(pictures)


def both_ways(images, texts, positives):
    """The scores of `retrieval_scores` of captions that look for pictures and of pictures that look for captions, and
    nDCG@10."""
    similarity = texts @ images.T
    found = {}
    for name, table, right in (
        ("text to image", similarity, positives),
        ("image to text", similarity.T, positives.T),
    ):
        found[name] = retrieval_scores(table, right, tolerance=TOLERANCE) | {"nDCG@10": ndcg(table, right, 10)}
    return found


def by_chance(positives):
    """`both_ways` of a random order: {direction: {"R@k": ...}}."""
    return {
        name: {f"R@{k}": chance_recall_at_k(right, k) for k in (1, 5, 10)}
        for name, right in (("text to image", positives), ("image to text", positives.T))
    }


def without_order(tokens):
    """Rows of tokens (n, length) with the words of each sorted by their numbers; padding, start and end stay where they
    are. Captions of the same words become equal, as they are to a mean: an order drawn for each would tell them apart.
    """
    rows = np.array(tokens)
    for row in rows:
        row[row > 2] = np.sort(row[row > 2])
    return rows


def made_false(captions, scenes):
    """What makes true captions false by the order of words: {"colours exchanged": [(caption's number, the false one)],
    "places turned round": ...}. The first has the same words; in the second "above" has become "below", and so on.
    ``captions`` is a flat list, five in a row for each of ``scenes``."""
    found = {"colours exchanged": [], "places turned round": []}
    for number, caption in enumerate(captions):
        words = caption.split()
        named = [place for place, word in enumerate(words) if word in COLOURS]
        exchanged = list(words)
        if len(named) == 2:
            first, second = named
            exchanged[first], exchanged[second] = words[second], words[first]
        turned = [TURNED.get(word, word) for word in words]
        for name, other in zip(found, (exchanged, turned), strict=True):
            if other != words and check(" ".join(other), scenes[number // 5]).truth < 1:
                found[name].append((number, " ".join(other)))
    return found


def rehearsed(model, pairs, identity, partners, settings, seed):
    """Trains some epochs more, at a lower rate: on pairs in any order (``partners`` None), or with those that each one
    brings along."""
    model.compile(keras.optimizers.Adam(settings["mining_rate"]))
    keras.utils.set_random_seed(seed)
    plan = {"epochs": settings["mining_epochs"], "verbose": 0}
    if partners is None:
        model.fit(pairs, identity, batch_size=settings["batch"], **plan)
    else:  # as many batches, of as many pairs
        model.fit(MinedBatches(pairs, identity, partners, settings["batch"], seed), **plan)


def scenes(quick=False, results=None):
    """Three text towers with two losses, and what some epochs more come to, with and without mined negatives. See
    `compared`."""
    return compared("scenes", SETTINGS, quick, results)


def order(quick=False, results=None):
    """Whether the LSTM's gain is that of the order of words: beside it one that is trained and asked with the words of
    each caption sorted, and the mean of words; and how often each tells a caption from what `made_false` makes of it.
    See `compared`."""
    return compared("order", ORDER, quick, results)


def compared(name, settings, quick=False, results=None):
    """Text towers and losses on Scene World, both ways of search, on test and on pairs of colour and shape that
    training lacks. How pictures are pooled is chosen by scenes of dev, with the plainest tower. Figures are means over
    the seeds, intervals the range of the seeds. Returns the record's path."""
    start = time.perf_counter()
    settings = settings | (
        {"scenes": 20, "test_scenes": 20, "length": 8, "epochs": 1, "seeds": [0], "batch": 50}
        | {"mining_epochs": min(1, settings["mining_epochs"])}
        if quick
        else {}
    )
    # Another seed for what is scored: pooling was first chosen while looking at scenes of seed 0.
    data = {
        "train": Scenes("train", n=settings["scenes"]),
        "dev": Scenes("dev", n=settings["test_scenes"]),
        "test": Scenes("test", seed=1, n=settings["test_scenes"]),
        "unseen_pairs": Scenes("unseen_pairs", seed=1, n=settings["test_scenes"]),
    }
    backbone = load_backbone("scene_vgg", output="grid")
    pools = {split: pooled(x, backbone) for split, x in data.items()}

    def scaled(pooling):
        mean, deviation = pools["train"][pooling].mean(0), pools["train"][pooling].std(0) + 1e-6
        return {split: (x[pooling] - mean) / deviation for split, x in pools.items()}

    told = {split: [caption for five in x.captions() for caption in five] for split, x in data.items()}
    words = Vocabulary.build(told["train"])
    length = settings["length"]  # few captions are longer, and lose their last words
    ordered = {split: words.encode(x, length) for split, x in told.items()}
    falsified = made_false(told["test"], data["test"].truths()) if name == "order" else {}
    each = np.repeat(np.arange(settings["scenes"]), 5)
    same_words = np.unique(told["train"], return_inverse=True)[1]
    identity = np.stack([each, same_words + settings["scenes"]], axis=1)  # one picture, or one sentence
    positives = own_picture(settings["test_scenes"])
    d, seeds = settings["d"], settings["seeds"]

    def trained(kind, loss, seed, seen):
        keras.utils.set_random_seed(seed)
        kind, pairs = kind.split(",")[0], paired(kind, seen)
        image = ImageTower(d, hidden=settings["hidden"], dropout=settings["dropout"], seed=seed)
        more = {name: settings[name] for name in ("embedding", "dropout", "length", "blocks")} | {"seed": seed}
        model = DualEncoder({"image": image, "text": TextTower(len(words), d, kind, **more)}, loss)
        model({name: x[:2] for name, x in pairs.items()})
        steps = settings["epochs"] * -(-len(each) // settings["batch"])
        rate = keras.optimizers.schedules.CosineDecay(settings["rate"], steps, alpha=0.1)
        model.compile(keras.optimizers.Adam(rate))
        model.fit(pairs, identity, batch_size=settings["batch"], epochs=settings["epochs"], verbose=0)
        return model

    def told_to(kind, tokens):
        return without_order(tokens) if "sorted" in kind else tokens

    def paired(kind, seen):
        return {"image": seen["train"][each], "text": told_to(kind, ordered["train"])}

    def scored(model, split, kind="mean"):
        a, b = vectors(model, "image", seen[split]), vectors(model, "text", told_to(kind, ordered[split]))
        found = both_ways(a, b, positives)
        found["text to image"]["first is true"] = shown(b @ a.T, split)
        if split == "test":
            found |= {made: preferred(model, a, b, kind, pairs) for made, pairs in falsified.items()}
        return found

    def preferred(model, pictures, true, kind, pairs):
        """How often the true caption is nearer to its picture than the false one; a tie counts one half."""
        numbers = np.array([number for number, _ in pairs])
        false = vectors(model, "text", told_to(kind, words.encode([caption for _, caption in pairs], length)))
        ahead = np.sum((true[numbers] - false) * pictures[numbers // 5], axis=1)
        return {"right": np.mean(ahead > TOLERANCE) + np.mean(np.abs(ahead) <= TOLERANCE) / 2}

    def shown(similarity, split):
        """The share of captions that are wholly true of the first picture found, their own or not."""
        truths, best = data[split].truths(), similarity.argmax(axis=1)
        return np.mean([check(c, truths[i]).truth == 1 for c, i in zip(told[split], best, strict=True)])

    by_dev = {}
    for pooling in pools["dev"]:
        seen = scaled(pooling)
        model = trained("mean", InfoNCE(), seeds[0], seen)
        by_dev[pooling] = float(np.mean([way["R@1"] for way in scored(model, "dev").values()]))
        print("dev", pooling, by_dev[pooling], flush=True)
    chosen = max(by_dev, key=by_dev.get)
    seen = scaled(chosen)
    pairs = paired("mean", seen)

    losses = {"InfoNCE": InfoNCE, "triplet": lambda: Triplet(warm_up=settings["warm_up"])}
    figures, again = {}, {}
    for kind in settings["texts"]:
        for loss in settings["losses"]:
            runs = []
            for seed in seeds:
                model = trained(kind, losses[loss](), seed, seen)
                runs.append({split: scored(model, split, kind) for split in ("test", "unseen_pairs")})
                if kind == "mean" and loss == "InfoNCE" and settings["mining_epochs"]:
                    before = model.get_weights()
                    queries = vectors(model, "text", ordered["train"])
                    items = vectors(model, "image", seen["train"])
                    picture = hardest_wrong(queries, items, each, np.arange(len(items)))[:, 0]
                    partners = 5 * picture + np.random.default_rng(seed).integers(0, 5, len(picture))
                    for more, brought in {"more epochs": None, "more epochs, mined": partners}.items():
                        model.set_weights(before)
                        rehearsed(model, pairs, identity, brought, settings, seed)
                        again.setdefault(more, []).append(
                            {split: scored(model, split) for split in ("test", "unseen_pairs")}
                        )
            figures[f"{kind}, {loss}"] = over_seeds(runs)
            shown_now = figures[f"{kind}, {loss}"]["test"]["text to image"]["R@1"]
            print(kind, loss, shown_now, f"{time.perf_counter() - start:.0f} s", flush=True)
    if again:
        figures |= {more: over_seeds(runs) for more, runs in again.items()}
        mined, plain = (again[more] for more in ("more epochs, mined", "more epochs"))
        gains = [
            {split: {way: m[split][way]["R@1"] - p[split][way]["R@1"] for way in m[split]} for split in m}
            for m, p in zip(mined, plain, strict=True)
        ]
        figures["gain of mining in R@1"] = over_seeds(gains)
    chance = {way: {k: figure(v) for k, v in of.items()} for way, of in by_chance(positives).items()}
    figures["chance"] = {"test": chance, "unseen_pairs": chance}
    counted = {"captions made false": {made: len(pairs) for made, pairs in falsified.items()}} if falsified else {}
    return write_results(
        "retrieval", name, figures,
        command=f"python -m mmcourse.experiments retrieval-{name}",
        seeds=seeds, data_hash=hash_captions(*(x[:200] for x in data.values())),
        minutes=(time.perf_counter() - start) / 60,
        settings=settings | {"pooling": chosen, "R@1 on dev by pooling": by_dev, "scenes_version": VERSION} | counted,
        quick=quick, folder=results,
    )  # fmt: skip


def moving(split, n, size=32, first=9, frames=7):
    """Films of one thing each, uint8 (n, frames, size, size, 3), and of each a sentence that says what moves which way
    from the middle frame on."""
    clips, told = [], []
    for item in Scenes(split, n=n, image_size=size, things=1):
        thing = item.truth.things[0]
        clips.append(item.frames[first : first + frames])
        told.append(f"a {thing.colour} {thing.shape} moves {film.script(item.truth).direction}")
    return np.stack(clips), told


def films(quick=False, results=None):
    """Sentences that look for films: a tower that sees all frames beside one that sees only the middle one. A film is
    right if the sentence is true of it. Means over the seeds, intervals the range of the seeds."""
    start = time.perf_counter()
    settings = FILMS | ({"films": 40, "test_films": 20, "epochs": 1, "seeds": [0]} if quick else {})
    place = {key: settings[key] for key in ("size", "first", "frames")}
    clips, told = moving("train", settings["films"], **place)
    asked_clips, asked = moving("test", settings["test_films"], **place)
    words = Vocabulary.build(told)
    identity = np.unique(told, return_inverse=True)[1]
    sentences = sorted(set(asked))
    positives = np.array([[sentence == one for one in asked] for sentence in sentences])
    things = np.array([one.split(" moves ")[0] for one in asked])
    thing = np.array([[s.startswith(one + " ") for one in things] for s in sentences])
    shape, middle = clips.shape[1:], settings["frames"] // 2
    sees = {"all frames": lambda x: x, "middle frame": lambda x: np.repeat(x[:, middle, None], x.shape[1], axis=1)}
    figures = {}
    for name, see in sees.items():
        runs = []
        for seed in settings["seeds"]:
            keras.utils.set_random_seed(seed)
            towers = {"video": c3d(shape, settings["d"]), "text": TextTower(len(words), settings["d"], seed=seed)}
            model = DualEncoder(towers, InfoNCE())
            steps = settings["epochs"] * -(-len(clips) // settings["batch"])
            rate = keras.optimizers.schedules.CosineDecay(settings["rate"], steps)
            model.compile(keras.optimizers.Adam(rate, global_clipnorm=1.0))
            pairs = {"video": see(clips), "text": words.encode(told)}
            model.fit(pairs, identity, batch_size=settings["batch"], epochs=settings["epochs"], verbose=0)
            table = vectors(model, "text", words.encode(sentences)) @ vectors(model, "video", see(asked_clips), 100).T
            scores = retrieval_scores(table, positives, tolerance=TOLERANCE)
            first = ranks(table, thing, TOLERANCE) == 1
            runs.append(scores | {"thing right": np.mean(first)})
        figures[name] = {"text to video": over_seeds(runs)}
        print(name, figures[name]["text to video"]["R@1"], f"{time.perf_counter() - start:.0f} s", flush=True)
    chance = by_chance(positives)["text to image"] | {"thing right": chance_recall_at_k(thing, 1)}
    figures["chance"] = {"text to video": {k: figure(v) for k, v in chance.items()}}
    return write_results(
        "retrieval", "films", figures,
        command="python -m mmcourse.experiments retrieval-films",
        seeds=settings["seeds"], data_hash=hash_captions(*(Scenes(s, n=200, things=1) for s in ("train", "test"))),
        minutes=(time.perf_counter() - start) / 60, settings=settings | {"scenes_version": VERSION},
        quick=quick, folder=results,
    )  # fmt: skip
