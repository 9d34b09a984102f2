"""DAQUAR as systems take it: features of photographs and their mirrored copies, questions as numbers, batches; and the
kernels of questions and of pictures."""

import re
from functools import partial

import numpy as np
from scipy import linalg
from sklearn.decomposition import PCA

from mmcourse._machinery.order import Batches
from mmcourse._machinery.pictures import read_image
from mmcourse.backend import keras
from mmcourse.captioning import shuffle_images
from mmcourse.corpora.questions import classes
from mmcourse.experiments.captioning import photograph_backbone
from mmcourse.image import extract_features, load_backbone
from mmcourse.items import Item
from mmcourse.text import END, PAD, Vocabulary, tf_idf

SIDES = ("train", "held")


def photographs(data, splits, settings, folder, quick):
    """Float16 (n, 2, m, c), the regions of every photograph and of its mirrored copy, and {image: row}."""
    # MobileNetV2's random weights would make nothing but zeros, rounded to float16.
    backbone = load_backbone("scene_vgg") if quick else photograph_backbone(data, settings["pixels"])
    pooled = keras.layers.AveragePooling2D(2, name="pooled")(backbone.output)
    backbone = keras.Model(backbone.input, pooled, name=backbone.name)
    maps, place, many = [], {}, 4 if quick else 16
    for split, collection in splits.items():
        files = collection.images()
        items = [Item(id=image, split=split, image=partial(read_image, file)) for image, file in files.items()]
        both = [
            extract_features(backbone, items, folder / f"{split}-{name}.npy", many, flip=flip, rebuild=True)
            for name, flip in (("plain", False), ("mirrored", True))
        ]
        place |= {image: len(place) + i for i, image in enumerate(files)}
        maps.append(np.stack(both, axis=1).reshape(len(items), 2, -1, both[0].shape[-1]))
    return np.concatenate(maps), place


class Rooms:
    """Questions and photographs as numbers. Vocabulary, answers and components are those of ``train`` alone.

    Args:
        maps: float16 (n, 2, m, c), not negative: the regions of each photograph, and of its mirrored copy.
        place: {image: row of ``maps``}. train, held: lists of `Question`.
        components: how many numbers describe a region. length: words of a question; a longer one is cut.
    Attributes, of which some are dicts with "train" and "held":
        answers: tuple of str. vocabulary. asked: the questions. labels: int (q,), -1 for what is no answer of train.
        sources: int (q,), rows of photographs. tokens: int32 (q, 2, L), as asked of the photograph and of its copy.
        features: float32 (n, 2, m, components). whole: float32 (n, c), one vector of length 1 a photograph.
    """

    def __init__(self, maps, place, train, held, components, length):
        self.asked = dict(zip(SIDES, (train, held), strict=True))
        self.answers = classes(train)
        self.vocabulary = Vocabulary.build(question.text for question in train)
        number = {answer: i for i, answer in enumerate(self.answers)}
        self.labels, self.sources, self.tokens = {}, {}, {}
        for side, asked in self.asked.items():
            self.labels[side] = np.array([number.get(question.answer, -1) for question in asked])
            self.sources[side] = np.array([place[question.image] for question in asked])
            ways = [[way(question.text) for question in asked] for way in (str, mirrored)]
            ids = np.stack([self.vocabulary.encode(texts, length + 2)[:, 1:-1] for texts in ways], axis=1)
            self.tokens[side] = np.where(ids == END, PAD, ids)
        seen = np.unique(self.sources["train"])
        whole = np.sqrt(maps[:, 0].mean(axis=1, dtype="float32"))
        whole = (whole - whole[seen].mean(0)) / (whole[seen].std(0) + 1e-3)
        self.whole = whole / np.linalg.norm(whole, axis=1, keepdims=True)
        self.features = _components(maps, seen, components)

    def others(self):
        """Instead of ``sources["held"]``: another photograph's, the same one for all questions about one."""
        mine = np.unique(self.sources["held"])
        return shuffle_images(mine)[np.searchsorted(mine, self.sources["held"])]


def _components(maps, seen, n):
    """Roots of maps, each channel standardised and all turned by a PCA, both from the photographs ``seen``. Not
    whitened: with all components of one size, networks learn the last ones by heart."""
    roots = np.sqrt(maps[seen, 0].astype("float32").reshape(-1, maps.shape[-1]))
    mean, spread = roots.mean(0), roots.std(0) + 1e-3
    roots = (roots - mean) / spread
    pca = PCA(min(n, *roots.shape), svd_solver="randomized", random_state=0).fit(roots)
    turned = np.stack([pca.transform((np.sqrt(x, dtype="float32") - mean) / spread) for one in maps for x in one])
    turned = turned.reshape(*maps.shape[:3], -1)
    return (turned / turned[seen, 0].std()).astype("float32")


def mirrored(text):
    """A question as it is asked of the mirrored photograph: left and right exchanged."""
    other = {"left": "right", "right": "left"}
    return re.sub(r"\b(left|right)\b", lambda found: other[found[0].lower()], text, flags=re.IGNORECASE)


class Views(Batches):
    """Questions to train with: where ``mirror``, half of them, drawn anew in every epoch, are asked of the mirrored
    photograph; a share ``hidden`` of a photograph's components is 0, in all its regions.

    ``features`` (n, 2, m, d), ``tokens`` (q, 2, L), ``sources`` and ``labels`` (q,): as of `Rooms`.
    """

    def __init__(self, features, sources, tokens, labels, mirror, hidden, batch_size, seed):
        self.features, self.sources, self.tokens, self.labels = features, sources, tokens, labels.astype("int32")
        self.mirror, self.hidden = mirror, hidden
        super().__init__(len(labels), batch_size, True, seed)

    def __getitem__(self, index):
        rows, random = self._rows(index), np.random.default_rng((self.seed, self.epoch, index))
        view = random.integers(0, 2, len(rows)) * self.mirror
        image = self.features[self.sources[rows], view]
        kept = random.random((len(rows), 1, image.shape[-1])) >= self.hidden
        image = image * (kept / (1 - self.hidden)).astype("float32")
        return {"image": image, "text": self.tokens[rows, view]}, self.labels[rows]


def by_kernels(rooms, choices):
    """Ridge regression to the answers, with the kernel k(question, question′) (1 + a k(picture, picture′)): a generator
    of scores (q, answers) of the held questions, one for each (a, ridge) of ``choices``.

    k of questions: c + c² / 2, with c the cosine of tf-idf vectors of words and pairs of words. k of pictures: the
    cosine of ``rooms.whole``. With a = 0 no picture is seen.
    """
    weigh = tf_idf(longest=2)
    first, *later = ([question.text for question in rooms.asked[side]] for side in SIDES)
    x = dict(zip(SIDES, [weigh.fit_transform(first), *map(weigh.transform, later)], strict=True))
    near = {side: (x[side] @ x["train"].T).toarray().astype("float32") for side in SIDES}
    near = {side: c + c**2 / 2 for side, c in near.items()}
    pictures, mine = rooms.whole @ rooms.whole.T, rooms.sources["train"]
    target = np.eye(len(rooms.answers), dtype="float32")[rooms.labels["train"]]
    for share, ridge in choices:
        k = {side: near[side] * (1 + share * pictures[np.ix_(rooms.sources[side], mine)]) for side in SIDES}
        k["train"][np.diag_indices(len(mine))] += ridge
        yield k["held"] @ linalg.solve(k["train"], target, assume_a="pos", overwrite_a=True, check_finite=False)
