"""Recorded experiment of the page `product_search`: three ways to ask, five to recommend, and two leaks."""

import time

import numpy as np

from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE, unit
from mmcourse.experiments.contrastive import towers
from mmcourse.experiments.results import hash_captions, over_seeds, write_results
from mmcourse.image import load_backbone
from mmcourse.metrics import chance_recall_at_k, ndcg, ranks, recall_at_k
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
from mmcourse.scenes import HELD_OUT, VERSION
from mmcourse.scenes.catalogue import Catalogue
from mmcourse.scenes.shoppers import shop
from mmcourse.text import bag_of_words, tf_idf

SETTINGS = {
    "train": 2000, "test": 800, "unseen": 200, "queries": 200, "changes": 6000, "test_changes": 1500, "hidden": 128,
    "d": 64, "rate": 3e-3, "batch": 200, "epochs": 10, "items": 600, "users": 400, "days": 100, "until": 60,
    "late": 40, "seeds": [0, 1, 2, 3, 4],
}  # fmt: skip
VISIBLE = ("size", "colour", "shape")
ASKED = (("colour", "shape"), ("size", "colour", "shape"), ("material", "shape"), ("colour", "material", "shape"))


def each_ndcg(scores, relevant):
    """nDCG@10 of each row, (n, m) and bool (n, m) -> (n,). Equal scores are in an order drawn by lot: the mean over all
    such orders."""
    relevant = relevant.astype("float64")
    return np.array([ndcg(s[None], r[None], 10, ties="lot") for s, r in zip(scores, relevant, strict=True)])


def chance_ndcg(relevant, m):
    """What nDCG@10 a random order has on average: relevant bool (n, all items), of which m, a number or (n,), take
    part."""
    right, discount = relevant.sum(axis=1), 1 / np.log2(np.arange(10) + 2)

    def total(k):  # of the first k discounts
        return np.array([discount[: int(one)].sum() for one in k])

    m = np.broadcast_to(m, right.shape)
    return float(np.mean(right / m * total(m) / total(right)))


def search(seed, settings, encoder):
    """Search by words, by picture and by picture with a change, in catalogues of that seed -> {name: {…: number}}."""
    data = {
        "train": Catalogue("train", seed, settings["train"]),
        "test": Catalogue("test", seed, settings["test"]),
        "unseen": Catalogue("unseen_pairs", seed, settings["unseen"]),
    }
    grids = {s: encoder.predict(x.images(), verbose=0) for s, x in data.items()}
    mean, deviation = grids["train"].mean(0), grids["train"].std(0) + 1e-6
    grids = {s: (x - mean) / deviation for s, x in grids.items()}
    titles = {s: x.titles() for s, x in data.items()}
    counter = bag_of_words(binary=True).fit(titles["train"])
    told, fit = lambda captions: counter.transform(captions).toarray(), {"verbose": 0, "batch_size": settings["batch"]}
    keras.utils.set_random_seed(seed)
    model = DualEncoder(towers(128, len(counter.vocabulary_), settings["hidden"], settings["d"]), InfoNCE())
    model.compile(keras.optimizers.Adam(settings["rate"]))
    model.fit({"image": grids["train"], "text": told(titles["train"])}, epochs=settings["epochs"], **fit)

    def vector(name, x):
        return np.asarray(model.encode(name, x))

    shop_window = np.vstack([grids["test"], grids["unseen"]])
    z, named = vector("image", shop_window), titles["test"] + titles["unseen"]
    attributes = {name: data["train"].attributes()[name] for name in (*VISIBLE, "material")}
    gallery = {
        name: np.concatenate([data["test"].attributes()[name], data["unseen"].attributes()[name]])
        for name in attributes
    }
    rng, out = np.random.default_rng(seed), {"words": {}, "picture": {}, "change": {}}
    rarity = tf_idf().fit(titles["train"])
    rows = rng.choice(len(z), settings["queries"], replace=False)
    for names in ASKED:
        asked = [" ".join(gallery[name][i] for name in names) for i in rows]
        right = np.all([gallery[name][rows][:, None] == gallery[name] for name in names], axis=0)
        scores = {
            "title": (rarity.transform(asked) @ rarity.transform(named).T).toarray(),
            "picture": vector("text", told(asked)) @ z.T,
        }
        scores["both"] = blend(scores)
        found = {name: each_ndcg(score, right).mean() for name, score in scores.items()}
        out["words"][", ".join(names)] = found | {"chance": chance_ndcg(right, len(z))}

    pixels = np.vstack([data[s].images().reshape(len(data[s]), -1) for s in ("test", "unseen")]).astype("float32")
    same = np.all([gallery[name][rows][:, None] == gallery[name] for name in VISIBLE], axis=0)
    same[np.arange(len(rows)), rows] = False
    asking = same.any(axis=1)
    for name, x in {"pixels": pixels - pixels.mean(0), "frozen": shop_window, "contrast": z}.items():
        x = np.asarray(unit(x))
        similar = x[rows] @ x.T
        similar[np.arange(len(rows)), rows] = -np.inf  # a picture finds itself
        out["picture"][name] = recall_at_k(ranks(similar[asking], same[asking]), 1)
    out["picture"]["chance"] = chance_recall_at_k(same[asking], 1)

    seen = {name: attributes[name] for name in VISIBLE}
    rows, _, values, targets = draw_changes(seen, settings["changes"], seed)
    kinds = np.unique([" ".join(kind) for kind in zip(*seen.values(), strict=True)], return_inverse=True)[1]
    pictures = vector("image", grids["train"])
    model_of_changes = DualEncoder(
        {"query": GatedComposer(settings["hidden"], seed), "target": keras.layers.Identity()}, InfoNCE()
    )
    model_of_changes.compile(keras.optimizers.Adam(settings["rate"]))
    triplets = {
        "query": {"image": pictures[rows], "text": vector("text", told(list(values)))},
        "target": pictures[targets],
    }
    model_of_changes.fit(triplets, kinds[targets], epochs=settings["epochs"], **fit)

    shown = {name: gallery[name] for name in VISIBLE}
    rows, names, values, _ = draw_changes(shown, settings["test_changes"], seed, range(settings["test"]))
    right = same_but(shown, rows, names, values)
    words = vector("text", told(list(values)))
    before = vector("text", told([gallery[name][i] for name, i in zip(names, rows, strict=True)]))
    queries = {
        "picture alone": z[rows],
        "words alone": words,
        "sum": z[rows] + words,
        "sum less the old": z[rows] + words - before,
        "composer": np.asarray(model_of_changes.encode("query", {"image": z[rows], "text": words})),
    }
    pair = zip(*(np.where(names == name, values, shown[name][rows]) for name in ("colour", "shape")), strict=True)
    new = np.array([one in HELD_OUT for one in pair])
    others = np.ones(right.shape, bool)
    others[np.arange(len(rows)), rows] = False  # the picture that asks is no answer
    for kind, keep in {"known pairs": ~new, "unseen pairs": new}.items():
        scores = {name: np.where(others[keep], q[keep] @ z.T, -np.inf) for name, q in queries.items()}
        found = {name: ranks(score, right[keep]) for name, score in scores.items()}
        left = right[keep][others[keep]].reshape(-1, len(z) - 1)
        out["change"][kind] = {
            f"R@{k}": {name: recall_at_k(rank, k) for name, rank in found.items()}
            | {"chance": chance_recall_at_k(left, k)}
            for k in (1, 10)
        }
    out["composer less arithmetic"] = {
        kind: {name: score["composer"] - score["sum less the old"] for name, score in one.items()}
        for kind, one in out["change"].items()
    }
    return out


def recommend(seed, settings, encoder):
    """Recommenders in the shop of that seed, honest and with leaks, and "differences" within that shop ->
    {name: {…: number}}."""
    catalogue = Catalogue("test", seed, settings["items"])
    store = shop(catalogue.attributes(), seed, settings["users"], settings["days"], settings["late"])
    pictures = np.asarray(encoder.predict(catalogue.images(), verbose=0))
    pictures = np.asarray(unit((pictures - pictures.mean(0)) / (pictures.std(0) + 1e-6)))
    titles = tf_idf().fit_transform(catalogue.titles()).toarray()
    until = settings["until"]
    past, later = store.bought(store.day < until), store.bought(store.day >= until)
    scores = {
        "popularity": popularity(past),
        "behaviour": item_item(past),
        "content": content(past, np.hstack([pictures, titles])),
        "friends": social(past, store.friends),
    }
    scores["all four"] = blend(scores)
    scores["picture alone"], scores["title alone"] = content(past, pictures), content(past, titles)
    old_item, old_user = store.released < until, store.joined < until
    out = {"recommend": {}, "leak": {}}
    for name, users, items in (
        ("known to known", old_user, old_item),
        ("new toys", old_user, ~old_item),
        ("new customers", ~old_user, old_item),
    ):
        right = later & items
        asking = users & right.any(axis=1)
        left = (items & ~past)[asking].sum(axis=1)
        shown = {k: np.where(items & ~past, v, -np.inf)[asking] for k, v in scores.items()}
        found = {k: each_ndcg(v, right[asking]).mean() for k, v in shown.items()}
        out["recommend"][name] = found | {"chance": chance_ndcg(right[asking], left)}

    rng = np.random.default_rng(seed)
    drawn = rng.random(len(store.day)) < np.mean(store.day < until)
    some, others = store.bought(drawn), store.bought(~drawn)
    ways = {
        "by day": (past, past, later),
        "at random": (some, some, others),
        "counted from all": (past | later, past, later),
    }
    for whom, among in (("", np.ones_like(past)), (", among the known", old_user[:, None] & old_item)):
        for how, (counted, bought, later_on) in ways.items():
            asked, open_to = later_on & among, among & ~bought
            asking = asked.any(axis=1)
            right = asked[asking]
            blind = chance_ndcg(right, open_to[asking].sum(axis=1))
            out["leak"].setdefault("chance", {})[how + whom] = blind
            for name, method in (("popularity", popularity), ("behaviour", item_item)):
                shown = np.where(open_to, method(counted), -np.inf)[asking]
                out["leak"].setdefault(name, {})[how + whom] = each_ndcg(shown, right).mean()
    known, person = out["recommend"]["known to known"], out["recommend"]["new customers"]
    out["differences"] = {
        "popularity less titles": known["popularity"] - known["title alone"],
        "all four less friends": known["all four"] - known["friends"],
        "all four less friends, new customers": person["all four"] - person["friends"],
    } | {
        f"{name}, at random less by day{whom}": leak["at random" + whom] - leak["by day" + whom]
        for name, leak in out["leak"].items()
        for whom in ("", ", among the known")
    }
    return out


def scenes(quick=False, results=None):
    """Both halves for each seed: another catalogue, other training, another shop. Figures are means over the seeds,
    intervals the range of the seeds. Returns the record's path."""
    start = time.perf_counter()
    small = {
        "train": 300, "test": 200, "unseen": 80, "queries": 20, "changes": 200, "test_changes": 200, "epochs": 1,
        "items": 60, "users": 60, "seeds": [0],
    }  # fmt: skip
    settings = SETTINGS | (small if quick else {})
    encoder = load_backbone("scene_vgg", output="vector")
    runs = []
    for seed in settings["seeds"]:
        runs.append(search(seed, settings, encoder) | recommend(seed, settings, encoder))
        print(seed, round(time.perf_counter() - start), "s", flush=True)

    return write_results(
        "product_search", "scenes", over_seeds(runs),
        command="python -m mmcourse.experiments product_search-scenes",
        seeds=settings["seeds"], data_hash=hash_captions(*(Catalogue(s, n=200) for s in ("train", "test"))),
        minutes=(time.perf_counter() - start) / 60, settings=settings | {"scenes_version": VERSION},
        quick=quick, folder=results,
    )  # fmt: skip
