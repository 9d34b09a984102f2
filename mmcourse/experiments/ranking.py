"""Recorded experiment of the page `ranking`: four learned orders, and search in two stages by what it costs."""

import functools
import itertools
import time

import numpy as np

from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE
from mmcourse.experiments.contrastive import towers
from mmcourse.experiments.results import figure, hash_captions, mean_figure, over_seeds, write_results
from mmcourse.image import load_backbone
from mmcourse.metrics import ndcg, ranks
from mmcourse.ranking import LambdaRank, MatchingBatches, MatchingClassifier, RankSVM, interaction_features, rerank
from mmcourse.scenes import VERSION, Scenes
from mmcourse.scenes.language import parse
from mmcourse.scenes.language.claims import Relation, check_claims
from mmcourse.text import Vocabulary, bag_of_words

SETTINGS = {
    "scenes": 2000, "dev_scenes": 400, "test_scenes": 400, "captions": 4, "words": 14,
    "world": {"things": 2, "colours": ["red", "green", "blue"], "shapes": ["circle", "square", "star"],
              "sizes": ["large"]},
    "towers": {"hidden": 256, "d": 64, "rate": 3e-3, "epochs": 8, "batch": 250},
    "joint": {"units": 64, "blocks": 2, "heads": 4, "rate": 1.5e-3, "batch": 64, "random_epochs": 2, "hard_epochs": 6},
    "candidates": 20, "recalled": [1, 2, 5, 10, 20, 50, 100, 200, 400], "cut": 10, "C": 0.01,
    "weights": {"candidates": [0, 3, 10, 30], "recalled": 50, "queries": 200}, "seeds": [0, 1, 2],
}  # fmt: skip


def truths(captions, scenes):
    """The share of each caption's claims that hold of each scene: n strings, m Scenes -> float64 (n, m)."""
    return np.array([[check_claims(claims, scene).truth for scene in scenes] for claims in map(parse, captions)])


def grades(truth):
    """Shares of claims -> whole grades: 3 if all hold, 2 from two thirds, 1 from one third, else 0."""
    return np.floor(3 * np.asarray(truth) + 1e-9)


def coarse(grids, like):
    """Grids (n, 8, 8, c) -> float32 (n, 4, 4, c): means of four neighbours, scaled by the mean and deviation of
    ``like``."""
    mean, deviation = like.mean((0, 1, 2)), like.std((0, 1, 2)) + 1e-6
    n, _, _, c = grids.shape
    return ((grids - mean) / deviation).reshape(n, 4, 2, 4, 2, c).mean((2, 4)).astype("float32")


def towers_weight(similarity, right, scorer, candidates, recalled, queries):
    """The weight of the towers' cosines beside the classifier's logits that finds most right pictures first, among
    ``candidates``; the first of equals. ``scorer``: see ``rerank``, called once for the first ``recalled`` pictures of
    the first ``queries`` queries."""
    similarity, right = similarity[:queries], right[:queries]
    logits = np.zeros(similarity.shape)

    def scored(i, j):
        logits[i, j] = scorer(i, j)
        return logits[i, j]

    def first(weight):
        places, _ = rerank(similarity, lambda i, j: logits[i, j] + weight * similarity[i, j], recalled)
        return float(np.mean(ranks(places, right, 1e-6) <= 1))

    rerank(similarity, scored, recalled)
    found = {weight: first(weight) for weight in candidates}
    print("R@1 on dev by the weight of the towers", found, flush=True)
    return max(found, key=found.get)


def scenes(quick=False, results=None):
    """Towers, RankSVM, LambdaRank and the joint classifier on the same test queries; and the curve of quality over the
    number of pairs scored, in the order of the classifier alone and of the sum of its logits and a weight times the
    towers' cosines. The weight is chosen on dev, in each seed. Figures are means over queries and seeds; "queries" has
    the bootstrap interval over queries, "seeds" the range of the seeds. Returns the record's path."""
    start = time.perf_counter()
    settings = SETTINGS | (
        {"scenes": 60, "dev_scenes": 30, "test_scenes": 30, "recalled": [1, 5, 10], "candidates": 10, "seeds": [0]}
        if quick else {}
    )  # fmt: skip
    world = {k: v if isinstance(v, int) else tuple(v) for k, v in settings["world"].items()}
    data = {
        s: Scenes(s, n=settings["scenes" if s == "train" else f"{s}_scenes"], seed=seed, **world)
        for s, seed in (("train", 0), ("dev", 0), ("test", 1))  # of this test, nothing was ever chosen
    }
    backbone = load_backbone("scene_vgg")
    grids = {s: backbone.predict(x.images(), batch_size=100, verbose=0) for s, x in data.items()}
    means = {s: x.mean((1, 2)) for s, x in grids.items()}
    centre, spread = means["train"].mean(0), means["train"].std(0) + 1e-6
    vectors = {s: (x - centre) / spread for s, x in means.items()}
    regions = {s: coarse(x, grids["train"]) for s, x in grids.items()}

    def short(five):
        return [one for one in five if len(one.split()) <= settings["words"]]

    told = [(one, i) for i, five in enumerate(data["train"].captions()) for one in short(five)[: settings["captions"]]]
    captions, own = [one for one, _ in told], np.array([i for _, i in told])
    asked = {s: [(short(five) or five)[0] for five in data[s].captions()] for s in ("dev", "test")}
    counter, vocabulary = bag_of_words(binary=True).fit(captions), Vocabulary.build(captions)
    words = {s: counter.transform(x).toarray().astype("float32") for s, x in (asked | {"train": captions}).items()}
    tokens = {s: vocabulary.encode(x) for s, x in (asked | {"train": captions}).items()}
    truth = {s: truths(asked[s], data[s].truths()) for s in asked}
    grade, right = {s: grades(t) for s, t in truth.items()}, truth["test"] == 1
    claims, shown = [parse(one) for one in captions], data["train"].truths()
    relates = np.array([any(isinstance(c, Relation) for c in parse(one)) for one in asked["test"]])
    n, m = truth["test"].shape
    found, weights, faults = {}, [], []  # found: (what, K) -> score -> a list of (n,), one a seed
    cut = f"nDCG@{settings['cut']}"

    def keep(what, k, places):
        scores = {
            "R@1": ranks(places, right, 1e-6) <= 1,
            cut: [ndcg(places[i : i + 1], grade["test"][i : i + 1], settings["cut"]) for i in range(n)],
        }
        for score, values in scores.items():
            found.setdefault((what, str(k)), {}).setdefault(score, []).append(np.asarray(values, "float64"))
        print(what, k, {score: round(float(np.mean(v)), 3) for score, v in scores.items()}, flush=True)

    for seed in settings["seeds"]:
        keras.utils.set_random_seed(seed)
        plan = settings["towers"]
        model = DualEncoder(towers(vectors["train"].shape[1], words["train"].shape[1], plan["hidden"], plan["d"]),
                            InfoNCE())  # fmt: skip
        model.compile(keras.optimizers.Adam(plan["rate"]))
        pairs = {"image": vectors["train"][own], "text": words["train"]}
        model.fit(pairs, own, batch_size=plan["batch"], epochs=plan["epochs"], verbose=0)
        pictures = {s: np.asarray(model.encode("image", x)) for s, x in vectors.items()}
        queries = {s: np.asarray(model.encode("text", x)) for s, x in words.items()}
        similar = {s: queries[s] @ pictures[s].T for s in asked}
        keep("towers", 0, similar["test"])

        # Rankers of pairs of vectors learn from what the towers recall of other scenes than those they were trained on.
        k = min(settings["candidates"], len(similar["dev"]))
        near = np.argsort(-similar["dev"], axis=1, kind="stable")[:, :k]
        rows, items = np.repeat(np.arange(len(near)), k), near.ravel()
        target = grade["dev"][rows, items]
        beside = RankSVM(settings["C"], seed=seed).fit(
            np.concatenate([queries["dev"][rows], pictures["dev"][items]], 1), target, rows
        )
        features = interaction_features(queries["dev"][rows], pictures["dev"][items])
        svm = RankSVM(settings["C"], seed=seed).fit(features, target, rows)
        trees = LambdaRank(trees=100, leaves=7, rate=0.05).fit(features, target, rows)
        q, v = queries["test"][:, None], pictures["test"][None]  # (n, 1, d) and (1, m, d): all pairs
        both = [np.broadcast_to(x, (n, m, x.shape[-1])) for x in (q, v)]
        features = interaction_features(q, v)
        for name, table in {
            "RankSVM, side by side": beside.score(np.concatenate(both, axis=-1)),
            "RankSVM": svm.score(features),
            "LambdaRank": trees.score(features),
        }.items():
            keep(name, k, rerank(similar["test"], lambda i, j, table=table: table[i, j], k)[0])

        plan, rng = settings["joint"], np.random.default_rng(seed)
        similar["train"] = queries["train"] @ pictures["train"].T
        hard = np.argsort(-similar["train"], axis=1, kind="stable")[:, : min(30, len(shown))]
        drawn = rng.integers(len(shown), size=(len(own), 10))
        longest = max(t.shape[1] for t in tokens.values())
        joint = MatchingClassifier(len(vocabulary), plan["units"], plan["heads"], plan["blocks"], longest, seed=seed)
        epochs = plan["random_epochs"] + plan["hard_epochs"]
        steps = -(-len(own) // plan["batch"])
        joint.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(plan["rate"], epochs * steps)))
        for candidates, some in ((drawn, plan["random_epochs"]),
                                 (np.concatenate([hard, drawn], 1), plan["hard_epochs"])):  # fmt: skip
            holds = np.array(
                [[check_claims(c, shown[j]).truth == 1 for j in row] for c, row in zip(claims, candidates, strict=True)]
            )
            has = ~holds.all(axis=1)  # captions that are true of all their candidates teach nothing
            batches = MatchingBatches(
                regions["train"], tokens["train"][has], own[has], candidates[has], holds[has], plan["batch"], seed
            )
            joint.fit(batches, epochs=some, shuffle=False, verbose=0)

        def pass_pairs(split, queries, items, joint=joint):
            """Logits of pairs of a query and an item of one split, (p,)."""
            parts = [slice(at, at + m) for at in range(0, len(items), m)]
            return np.concatenate([
                joint.predict_on_batch({"image": regions[split][items[p]], "text": tokens[split][queries[p]]})
                for p in parts
            ])  # fmt: skip

        chosen = towers_weight(
            similar["dev"], truth["dev"] == 1, functools.partial(pass_pairs, "dev"), **settings["weights"]
        )
        weights.append(chosen)
        logits = pass_pairs("test", *np.indices((n, m)).reshape(2, -1)).reshape(n, m)
        both = logits + chosen * similar["test"]
        for what, table in (("two stages", logits), ("two stages, both scores", both)):
            for k in settings["recalled"]:
                places, scored = rerank(similar["test"], lambda i, j, table=table: table[i, j], k)
                keep(what, k, places)
                found[what, str(k)].setdefault("pairs", []).append(scored.astype("float64"))
                found[what, str(k)].setdefault("recall", []).append(ranks(similar["test"], right, 1e-6) <= k)

        # Where the classifier errs: by the place that the towers gave, and how often the same picture is wrongly first.
        order = np.argsort(-similar["test"], axis=1, kind="stable")
        placed, wrong = np.take_along_axis(logits, order, 1), ~np.take_along_axis(right, order, 1)
        errors = {}
        for low, high in itertools.pairwise([0, *settings["recalled"][2:]]):
            errors[f"yes to wrong ones, places {low + 1} to {high}"] = np.mean(
                placed[:, low:high][wrong[:, low:high]] > 0
            )
        top = logits.argmax(axis=1)
        missed = top[~right[np.arange(n), top]]
        errors["queries with a wrong picture first"] = len(missed) / n
        errors["of them, by one and the same picture"] = np.bincount(missed, minlength=m).max() / max(len(missed), 1)
        faults.append({name: float(share) for name, share in errors.items()})

    def told_of(values):
        by_query, by_seed = np.mean(values, axis=0), np.mean(values, axis=1)
        return {"queries": mean_figure(by_query), "seeds": over_seeds(by_seed)}

    figures = {}
    first = found["towers", "0"]
    for (what, k), scores in found.items():
        entry = {score: told_of(values) for score, values in scores.items()}
        entry |= {
            f"{score} gained": told_of(np.array(values, "float64") - first[score])
            for score, values in scores.items() if score in first
        }  # fmt: skip
        hits = np.array(scores["R@1"], "float64")
        for name, some in (("with a relation", relates), ("without a relation", ~relates)):
            entry[f"R@1 {name}"] = told_of(hits[:, some])
            entry[f"R@1 gained {name}"] = told_of((hits - first["R@1"])[:, some])
        entry["R@1 of each seed"] = {
            f"seed {s}": figure(x) for s, x in zip(settings["seeds"], hits.mean(1), strict=True)
        }
        if what == "two stages, both scores":
            entry["R@1 above the classifier alone"] = told_of(hits - found["two stages", k]["R@1"])
        figures.setdefault(what, {})[k] = entry
    figures["weight of the towers, chosen on dev"] = over_seeds(weights)
    figures["the classifier on all pictures"] = over_seeds(faults)
    cost = joint.multiplications(tokens["test"].shape[1], 16, grids["train"].shape[-1])
    figures["cost"] = {
        "multiplications of a pair": figure(cost),
        "multiplications of a cosine": figure(settings["towers"]["d"]),
        "right pictures of a query": figure(right.sum(1).mean()),
        "R@1 by chance": figure(right.mean()),
        "queries with a relation": figure(relates.mean()),
    }
    return write_results(
        "ranking", "scenes", figures,
        command="python -m mmcourse.experiments ranking-scenes",
        seeds=settings["seeds"], data_hash=hash_captions(*(x[:200] for x in data.values())),
        minutes=(time.perf_counter() - start) / 60,
        settings=settings | {"scenes_version": VERSION}, quick=quick, folder=results,
    )  # fmt: skip
