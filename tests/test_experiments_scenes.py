"""The recorded experiments on Scene World, each run on a few scenes, and what their figures rest on."""

import numpy as np
import pytest
import smoke

from mmcourse.captioning import load_captioner, write_captions
from mmcourse.experiments import fusion
from mmcourse.scenes import SHAPES, Scenes
from mmcourse.scenes.language import truth_and_coverage

pytestmark = pytest.mark.usefixtures("eagerly")


def test_image_scenes_smoke(tmp_path):
    record = smoke.run("image-scenes", tmp_path)
    found, counts, every = record["figures"], record["settings"]["tested_on"], ("40", "60")
    blind = []
    for seed, n in zip(record["seeds"], counts, strict=True):
        small = {}
        for split, size in (("train", "scenes"), ("test", "test_scenes")):
            truths = Scenes(split, seed=seed, n=record["settings"][size], things=2).truths()
            of_each = [scene.find(size="small") for scene in truths]
            small[split] = [one[0].shape for one in of_each if len(one) == 1]
        often = np.bincount([SHAPES.index(shape) for shape in small["train"]]).argmax()
        assert n == len(small["test"]) > 10
        blind.append(small["test"].count(SHAPES[often]) / n)
    assert smoke.value(found.pop("blind: the commonest shape"), "0") == pytest.approx(np.mean(blind))
    trained = ("from scratch", "fine-tuned", "head alone")
    known = {name: found.pop(f"{name}, on its labelled scenes") for name in trained}
    smoke.check_shares(known)
    shares = {name: found.pop(name) for name in ("frozen encoder", "random weights", *trained)}
    smoke.check_shares(shares)
    assert all(tuple(by) == every for by in shares.values())
    curves = record["curves"]

    def mean(name, n):
        return smoke.value(shares, name, n)

    frozen, scratch = "frozen encoder", "from scratch"
    for one, other in (("fine-tuned", frozen), ("head alone", frozen), (frozen, scratch)):
        by = found.pop(f"{one} less {other}")
        assert all(smoke.value(by, n) == pytest.approx(mean(one, n) - mean(other, n)) for n in every)
    by = found.pop("frozen encoder with fewest labels less from scratch")
    assert all(smoke.value(by, n) == pytest.approx(mean(frozen, "40") - mean(scratch, n)) for n in every)
    for name, by in curves.items():
        changes = found.pop(f"{name}, change in its last part")
        for n in every:
            assert len(by[n]) == 2 and by[n][-1] == pytest.approx(mean(name, n), abs=1e-4)
            assert smoke.value(changes, n) == pytest.approx(by[n][-1] - by[n][-2], abs=2e-4)
    assert set(curves) == set(trained) and not found


def test_image_longer_smoke(tmp_path):
    record = smoke.run("image-longer", tmp_path)
    found = record["figures"]
    few = smoke.value(found, "frozen encoder", "40")
    by = found.pop("frozen encoder with fewest labels less from scratch")
    assert smoke.value(by, "60") == pytest.approx(few - smoke.value(found, "from scratch", "60"))
    smoke.check_shares(found)
    assert set(found) == {"frozen encoder", "from scratch"}


def test_video_longer_smoke(tmp_path):
    found = smoke.run("video-longer", tmp_path)["figures"]
    smoke.check_shares(found)
    assert set(found) == {"3-D convolution", "(2+1)-D convolution", "recurrent", "recurrent, changes beside"}
    assert all(set(of) == {"accuracy", "known films"} for of in found.values())


def test_captioning_scenes_smoke(tmp_path):
    record = smoke.run("captioning-scenes", tmp_path)
    found, folder = record["figures"], tmp_path / "work" / "captioning-scenes-quick"
    assert set(found) == {"greedy", "beam 3", "blind"}
    smoke.check_shares(found)
    train, test = (Scenes(split, n=n) for split, n in (("train", 12), ("test", 6)))
    captioner, vocabulary = load_captioner(folder / "weights")
    assert captioner.vocabulary_size == len(vocabulary)
    assert (folder / "weights" / "captioner.weights.h5").stat().st_size < 3_000_000
    seen = np.load(folder / "test.npy").reshape(6, 64, -1)
    written = write_captions(captioner, seen, vocabulary, max_length=record["settings"]["length"])
    texts = {
        "greedy": written,
        "commonest caption": [smoke.commonest(c for five in train.captions() for c in five)] * 6,
    }
    for name, some in texts.items():
        scores = truth_and_coverage(some, test.truths())
        scores["perfect"] = [t == c == 1 for t, c in zip(scores["truth"], scores["coverage"], strict=True)]
        row = (found | found["blind"])[name]
        assert {n: smoke.value(row, n) for n in scores} == pytest.approx({n: np.mean(v) for n, v in scores.items()})


def test_fusion_scenes_smoke(tmp_path):
    record = smoke.run("fusion-scenes", tmp_path)
    found, runs, chosen = record["figures"], record["runs"]["mixture"], record["chosen"]["mixture"]
    assert set(found) == {"kinds", "layers", "imbalance"} and set(found["kinds"]) == {"mixture"}
    mixture = found["kinds"]["mixture"]
    assert set(mixture["layers"]) == set(found["layers"]) == {"concatenation", "low rank"}
    assert set(mixture["alone"]) == {"text", "audio", "image"} and set(mixture["best"]) == {"words", "voice", "both"}
    for name, row in mixture["layers"].items():
        assert smoke.value(row, "accuracy") == runs[name][0] == pytest.approx(round(12 * runs[name][0]) / 12)
        assert smoke.value(row, "gain") == pytest.approx(runs[name][0] - runs[chosen["single"]][0])
        assert chosen[name]["rate"] in (0.003, 0.02) and chosen[name]["steps"] in (1, 2)
    assert {name: smoke.value(mixture, "alone", name) for name in mixture["alone"]} == {
        name: runs[name][0] for name in mixture["alone"]
    }
    smoke.check_shares({name: mixture[name] for name in ("alone", "best", "floor")})
    said = fusion.collections(fusion.MIXTURE, fusion.NOISE, record["settings"])
    labels = {split: said[split].labels().tolist() for split in ("train", "test")}
    often = max((0, 1), key=labels["train"].count)
    assert smoke.value(mixture, "floor") == pytest.approx(labels["test"].count(often) / 12)
    assert smoke.value(found, "layers", "concatenation", "training time") == 1
    last = {name: curves["accuracy"][-1] for name, curves in record["curves"].items()}
    for name, row in found["imbalance"].items():
        assert smoke.value(row, "accuracy") == pytest.approx(last[name], abs=1e-4)
        for other, of in (("the voice alone", "voice alone"), ("together", "together")):
            assert smoke.value(row, f"against {other}") == pytest.approx(last[name] - last[of], abs=2e-4)
    assert all(len(curve) == 4 for curves in record["curves"].values() for curve in curves.values())
    # What is not there is not learned from, and changes nothing.
    for alone, other in (("words", "voice"), ("voice", "words")):
        curves = record["curves"][f"{alone} alone"]
        assert not any(curves[f"{other} moved"]) and all(curves[f"{alone} moved"])
        assert curves[f"{other} exchanged"] == curves["accuracy"]


def test_seeds_draw_items_and_all_methods_get_the_same():
    data = {s: ({"text": np.arange(n)[:, None]}, np.arange(n)) for s, n in (("train", 30), ("dev", 5), ("test", 20))}
    first, again, other = (fusion.draws(data, 12, seed)[0] for seed in (0, 0, 1))
    for split in data:
        np.testing.assert_array_equal(first[split][1], again[split][1])
        np.testing.assert_array_equal(first[split][0]["text"][:, 0], first[split][1])
    assert len(set(first["train"][1])) == 12 and len(first["test"][1]) == 20 > len(set(first["test"][1]))
    assert set(first["train"][1]) != set(other["train"][1])


def test_every_fusion_function_is_in_the_contest():
    from mmcourse import fusion as functions

    made = [type(make(0)).__name__ for make in fusion.layers().values()]
    assert set(made) == set(functions.__all__) - {"Fusion"} and made.count("WeightedFusion") == 2
