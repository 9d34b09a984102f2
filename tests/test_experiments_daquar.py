"""The recorded experiment on DAQUAR, on a few made questions about pictures of Scene World in the corpus's format."""

import json
from collections import Counter

import numpy as np
import pytest
import smoke
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_ridge import KernelRidge

from mmcourse.corpora.questions import Question
from mmcourse.experiments import vqa_daquar, vqa_daquar_rooms
from mmcourse.scenes import Scenes

pytestmark = pytest.mark.usefixtures("eagerly")

TRAIN, TEST = range(1, 13), range(13, 17)
NETWORKS = {"question only", "picture only", "joint embedding", "stacked attention"}
CLOSED = {"kernel of questions", "kernels", "stacked attention and kernels"}
COMMON = {"commonest answer", "commonest answer of the kind"}


def pairs():
    """(image, question, answers as the file has them) for each line of question."""
    found = []
    for i in (*TRAIN, *TEST):
        found.append((i, "how many chairs are there", "2" if i % 3 else "3"))
        found.append((i, "what is on the left of the table", "lamp" if i % 2 else "chair,sofa"))
        found.append((i, "what is the colour of the wall" if i % 4 else "what is right of the lamp", f"thing_{i % 5}"))
    return [*found, (13, "what is this", "unheard of")]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    from PIL import Image

    root = tmp_path_factory.mktemp("data")
    home = root / "daquar"
    (home / "images").mkdir(parents=True)
    for i, item in zip((*TRAIN, *TEST), Scenes("train", n=16), strict=True):
        Image.fromarray(item.image).save(home / "images" / f"image{i}.png")
    for side, images in {"train": TRAIN, "test": TEST}.items():
        (home / f"{side}_images_list.txt").write_text("".join(f"image{i}\n" for i in images))
    lines = [f"{text} in the image{i} ?\n{answers}\n" for i, text, answers in pairs()]
    (home / "all_qa_pairs.txt").write_text("".join(lines))
    (root / "word_vectors").mkdir()
    (root / "word_vectors" / vqa_daquar.VECTORS).write_text("table 1 0 2 0\nlamp 0 1 0 -1\n")
    return root


def test_vqa_daquar_smoke(data, tmp_path):
    record = smoke.run("vqa-daquar", tmp_path, "--data", str(data))
    found, settings = record["figures"], record["settings"]
    test, asked = found["test"], [(i, text, answers) for i, text, answers in pairs() if i in TEST]
    truth = np.array([", ".join(answers.split(",")) for *_, answers in asked])
    assert set(test) == NETWORKS | CLOSED | COMMON | {"equal weights"}
    assert settings["questions"] == {"train": 33, "dev": 3, "test": 13} and settings["answers"] == 9
    said = json.loads((tmp_path / "work" / "vqa-daquar-quick" / "answers.json").read_text())
    said = said.get("content", said)["answers"]
    learnt = [pair for pair in pairs() if pair[0] in TRAIN]
    said["commonest answer"] = [[_most(answers for *_, answers in learnt)] * len(asked)]
    mine = [_most(a for _, text, a in learnt if kind(text) == kind(question)) for _, question, _ in asked]
    said["commonest answer of the kind"] = [mine]
    blind = np.mean([np.array(one) == truth for one in said["question only"]], axis=0)
    parts = {"all": np.ones(13, bool), "one thing": np.array(["," not in answer for answer in truth])}
    parts |= {name: np.array([kind(text) == name for _, text, _ in asked]) for name in ("object", "number", "colour")}
    for name, runs in said.items():
        hits = np.array([np.array(one) == truth for one in runs])
        assert len(hits) == (1 if name in COMMON | CLOSED - {"stacked attention and kernels"} else 2)
        for part, rows in parts.items():
            assert smoke.value(test, name, part, "exact match") == pytest.approx(hits[:, rows].mean())
            gain = (hits.mean(0) - blind)[rows].mean()
            assert smoke.value(test, name, part, "gain over question only") == pytest.approx(gain, abs=1e-12)
        seeds = test[name]["over seeds"]
        assert seeds["interval"] == pytest.approx([hits.mean(1).min(), hits.mean(1).max()])
    assert said.keys() == test.keys() and not any(hits[:, -1])  # nobody can say what train never said
    assert smoke.value(found, "test answers that are classes") == pytest.approx(12 / 13)
    assert set(found["seeds together"]) == NETWORKS
    assert set(found["another photograph"]) == {"joint embedding", "stacked attention"}
    smoke.check_shares(found["seeds together"], 13)
    smoke.check_shares(found["another photograph"], 26)
    assert set(record["tried"]) == NETWORKS | CLOSED == set(settings["chosen"])
    for name, runs in record["tried"].items():  # what is best on dev was chosen
        best = max(run["dev"] for run in runs)
        assert settings["chosen"][name] == next(run for run in runs if run["dev"] == best)
        assert smoke.value(found, "dev", name) == best and best * 3 == pytest.approx(round(best * 3), abs=1e-3)
    changed = {"question only": 2, "picture only": 1, "joint embedding": 2, "stacked attention": 3}
    assert {name: len(record["tried"][name]) for name in NETWORKS} == changed


def kind(text):
    return "number" if "how many" in text else "colour" if "colour" in text else "object"


def _most(answers):
    counts = Counter(", ".join(one.split(",")) for one in answers)
    return min(counts, key=lambda answer: (-counts[answer], answer))


def rooms(held=(7, 8), n=9):
    rng = np.random.default_rng(0)
    maps = rng.random((n, 2, 4, 5)).astype("float16")
    asked = [
        Question(f"q{i}{k}", f"image{i}", text, "object", (answer,), answer)
        for i in range(n)
        for k, (text, answer) in enumerate([("what is left of it", f"thing{i % 3}"), (f"is it number {i}", "yes")])
    ]
    parts = [[q for q in asked if (int(q.image[5:]) in held) == of_it] for of_it in (False, True)]
    return maps, {f"image{i}": i for i in range(n)}, *parts


def test_what_is_held_shapes_nothing():
    maps, place, train, held = rooms()
    one = vqa_daquar_rooms.Rooms(maps, place, train, held, 3, 5)
    changed = maps.copy()
    changed[[7, 8]] *= 3
    other = vqa_daquar_rooms.Rooms(changed, place, train, held[:1], 3, 5)
    assert one.answers == other.answers and one.vocabulary == other.vocabulary
    np.testing.assert_array_equal(one.features[:7], other.features[:7])
    np.testing.assert_array_equal(one.whole[:7], other.whole[:7])
    assert np.abs(one.features[7:] - other.features[7:]).max() > 0.1
    assert "8" not in one.vocabulary and "6" in one.vocabulary


def test_rooms():
    maps, place, train, held = rooms()
    one = vqa_daquar_rooms.Rooms(maps, place, train, held, 5, 5)
    assert one.answers == ("yes", "thing0", "thing1", "thing2")
    assert one.labels["held"].tolist() == [2, 0, 3, 0] and one.sources["held"].tolist() == [7, 7, 8, 8]
    words = [[" ".join(one.vocabulary.decode([row])) for row in rows] for rows in one.tokens["train"]]
    assert (
        words[0] == ["what is left of it", "what is <unknown> of it"] and words[1][0] == words[1][1] == "is it number 0"
    )
    # All components kept: distances between regions are those of the standardised roots, but for one factor.
    roots = np.sqrt(maps.astype("float64"))
    seen = roots[:7, 0].reshape(-1, 5)
    roots = (roots - seen.mean(0)) / (seen.std(0) + 1e-3)
    ours, theirs = (np.linalg.norm(x[0, 0, 0] - x.reshape(-1, 5), axis=1)[1:] for x in (one.features, roots))
    np.testing.assert_allclose(ours / theirs, ours[0] / theirs[0], rtol=1e-3)
    assert one.features[:7, 0].std() == pytest.approx(1, rel=1e-4)
    assert one.others().tolist() == [8, 8, 7, 7]


def test_views():
    features = np.arange(1, 41, dtype="float32").reshape(2, 2, 2, 5)
    sources, labels = np.arange(40) % 2, np.arange(40)
    tokens = np.stack([np.full((40, 3), 4), np.full((40, 3), 5)], axis=1)
    batch, answers = vqa_daquar_rooms.Views(features, sources, tokens, labels, True, 0.5, 40, 3)[0]
    mirror = batch["text"][:, 0] == 5
    assert 8 < mirror.sum() < 32 and sorted(answers) == list(range(40))
    whole = features[sources[answers], mirror.astype(int)]
    kept = batch["image"] != 0
    assert (kept == kept[:, :1]).all() and 0.3 < kept.mean() < 0.7 and kept.any(axis=(1, 2)).mean() > 0.8
    np.testing.assert_array_equal(batch["image"][kept], 2 * whole[kept])
    plain, _ = vqa_daquar_rooms.Views(features, sources, tokens, labels, False, 0.0, 40, 3)[0]
    assert (plain["text"] == 4).all() and np.isin(plain["image"], features[:, 0]).all()


def test_left_and_right_change_places():
    assert vqa_daquar_rooms.mirrored("Left of the right, bright lamp") == "right of the left, bright lamp"


def test_kernels_are_ridge_regression():
    maps, place, train, held = rooms()
    one = vqa_daquar_rooms.Rooms(maps, place, train, held, 3, 5)
    found = list(vqa_daquar_rooms.by_kernels(one, [(0.0, 1.0), (2.0, 0.5)]))
    weigh = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+").fit([q.text for q in train])
    a, b = (weigh.transform([q.text for q in some]).toarray() for some in (train, held))
    target = np.array([[q.answer == answer for answer in one.answers] for q in train], float)
    pictures = one.whole.astype("float64") @ one.whole.T
    of_train, of_held = ([place[q.image] for q in some] for some in (train, held))
    for scores, (share, ridge) in zip(found, [(0.0, 1.0), (2.0, 0.5)], strict=True):
        k, test = (
            (c + c**2 / 2) * (1 + share * pictures[np.ix_(rows, of_train)])
            for c, rows in ((a @ a.T, of_train), (b @ a.T, of_held))
        )
        theirs = KernelRidge(alpha=ridge, kernel="precomputed").fit(k, target).predict(test)
        np.testing.assert_allclose(scores, theirs, atol=1e-4)
