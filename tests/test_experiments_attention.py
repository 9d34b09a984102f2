"""The recorded experiments on soft and hard attention: a smoke run, and what their figures rest on."""

import numpy as np
import pytest
import smoke
from test_experiments_real import photographs  # noqa: F401 (a fixture)

from mmcourse.captioning import Captioner, attention_maps, load_captioner, write_captions, write_tokens
from mmcourse.experiments import captioning_attention as ours
from mmcourse.experiments.captioning_attention_flickr import paired_difference
from mmcourse.experiments.gradient_noise import ESTIMATORS, estimators, gradient_noise, named_weights
from mmcourse.image import load_backbone, regions
from mmcourse.metrics import CAPTION_METRICS, attention_mass, bleu, caption_scores, pointing, sentence_statistics
from mmcourse.scenes import Scenes
from mmcourse.scenes.alignment import align, phrase_cells

pytestmark = pytest.mark.usefixtures("eagerly")


def test_scenes_smoke(tmp_path):
    record = smoke.run("captioning_attention-scenes", tmp_path)
    found = record["figures"]
    assert set(found) == {"soft", "hard", "gumbel", "differences", "gradients"}
    assert set(found["differences"]) == {"hard less soft", "gumbel less soft", "gumbel less hard"}
    for kind in ("soft", "hard", "gumbel"):
        smoke.check_shares({name: found[kind][name] for name in ours.MEASURES})
        smoke.check_shares({"perfect": found[kind]["perfect"]}, n=6)
        assert len(record["curves"][kind]) == len(record["seeds"]) and len(record["curves"][kind][0]) == 2
        assert record["best_epochs"][kind][0] in (1, 2)
        smoke.check_shares(found[kind]["elsewhere"])
        assert smoke.value(found, kind, "each seed", "truth") == pytest.approx(smoke.value(found, kind, "truth"))
    for stage in ("after one epoch", "at the end"):
        rows = found["gradients"][stage]
        assert set(rows) == set(ESTIMATORS)
        assert smoke.value(rows, "REINFORCE", "variance, as a multiple of REINFORCE's") == 1
        assert smoke.value(rows, "REINFORCE", "cosine with REINFORCE's mean") == pytest.approx(1)
        assert all(smoke.value(row, "variance, as a multiple of REINFORCE's") > 0 for row in rows.values())
    again = smoke.run("captioning_attention-scenes", tmp_path)  # what is measured is kept
    assert again["figures"] == record["figures"]


def test_flickr8k_smoke(photographs, tmp_path):  # noqa: F811
    record = smoke.run("captioning_attention-flickr8k", tmp_path, "--data", str(photographs))
    found = record["figures"]
    assert set(found) == {"soft", "hard", "hard less soft"}
    for way in ("greedy", "beam"):
        for name in CAPTION_METRICS:
            less = smoke.value(found, "hard", way, name) - smoke.value(found, "soft", way, name)
            assert smoke.value(found, "hard less soft", way, name) == pytest.approx(less, abs=1e-9)
        for kind in ("soft", "hard"):  # the counts are those of the scores
            kept = record["counts"][kind][way]
            sums = [np.sum(kept[name], axis=0) for name in ("correct", "guessed", "length", "reference_length")]
            assert smoke.value(found, kind, way, "BLEU-4") == pytest.approx(bleu(*sums)[3])
            assert len(kept["length"]) == 3


def test_looks_elsewhere_get_other_regions():
    x = np.random.default_rng(0).normal(size=(2, 6, 5)).astype("float32")
    model = {"units": 4, "attention": "soft", "places": True}
    one, other = Captioner(9, **model), ours.Elsewhere(9, **model)
    one.adapt(x)
    other.adapt(x)
    other.set_weights(one.get_weights())
    own, moved = one.start(x), other.start(x)
    for name in ("hidden", "cell", "keys"):
        np.testing.assert_array_equal(own[name], moved[name])
    far = np.abs(np.asarray(own["regions"])[:, :, None] - np.asarray(moved["regions"])[:, None]).max(axis=(0, 3))
    assert (far == 0).sum(axis=0).tolist() == [1] * 6 and not np.diag(far == 0).any()
    looked = [
        np.asarray(model({"image": x, "tokens": np.array([[1]] * 2)}, return_weights=True)[1]) for model in (one, other)
    ]
    np.testing.assert_array_equal(*looked)


@pytest.fixture(scope="module")
def shipped():
    """The shipped captioner, some test scenes' regions and truths, and what it writes."""
    captioner, vocabulary = load_captioner()
    scenes = Scenes("test", n=20)
    seen = regions(load_backbone("scene_vgg").predict(scenes.images(), verbose=0))
    return captioner, vocabulary, seen, scenes.truths(), write_captions(captioner, seen, vocabulary, max_length=17)


def test_naming_words_are_those_of_the_phrases(shipped):
    *_, truths, told = shipped
    scene, at, right, naming = ours.naming_words(told, truths)
    expected = []
    for i, (caption, truth) in enumerate(zip(told, truths, strict=True)):
        for phrase in align(caption, truth):
            cells = phrase_cells([phrase], truth).reshape(-1)
            for k in range(phrase.first, phrase.last + 1):
                word = caption.lower().replace(".", "").replace(",", "").split()[k]
                if phrase.things:
                    expected.append((i, k, word, cells))
    assert [(i, k) for i, k, *_ in expected] == list(zip(scene, at, strict=True))
    np.testing.assert_array_equal(right, [cells for *_, cells in expected])
    colours = {"red", "orange", "yellow", "green", "blue", "purple", "violet"}
    shapes = {"circle", "disc", "square", "box", "triangle", "star", "cross", "plus", "sign"}
    words = [word for _, _, word, _ in expected]
    plural = {f"{shape}s" for shape in shapes} | {"boxes", "crosses"}
    assert naming["colour"].tolist() == [word in colours for word in words] and naming["colour"].any()
    assert naming["shape"].tolist() == [word in shapes | plural for word in words] and naming["shape"].any()


def test_looks_are_those_of_each_caption_alone(shipped):
    captioner, vocabulary, seen, truths, _ = shipped
    untrained = Captioner(**captioner.config)
    untrained.build({"image": seen.shape, "tokens": (None, None)})
    prior = np.eye(64)[27]
    elsewhere = ours.Elsewhere(**captioner.config)
    elsewhere.build({"image": (None, *seen.shape[1:]), "tokens": (None, None)})
    elsewhere.set_weights(captioner.get_weights())
    found = ours.measure(captioner, untrained, elsewhere, seen, truths, vocabulary, 17, prior)
    tokens = write_tokens(captioner, seen, max_length=17)
    scene, at, right, _ = ours.naming_words(vocabulary.decode(tokens), truths)
    weights = np.stack([attention_maps(captioner, seen[i], tokens[i])[k] for i, k in zip(scene, at, strict=True)])
    np.testing.assert_allclose(found["looks"]["attention"]["mass"], attention_mass(weights, right), atol=1e-4)
    assert np.mean(found["looks"]["attention"]["pointing"]) == pytest.approx(pointing(weights, right).mean(), abs=0.02)
    np.testing.assert_allclose(found["looks"]["chance"]["pointing"], right.mean(1), atol=1e-9)
    np.testing.assert_array_equal(found["looks"]["best fixed cell"]["mass"], right[:, 27])
    mean = {name: np.mean(row["mass"]) for name, row in found["looks"].items()}
    assert mean["attention"] > 2 * max(mean["chance"], mean["untrained attention"])
    assert mean["attention"] > mean["the same words, another scene"]


def test_the_gradient_is_that_of_a_step_and_its_noise_that_of_draws():
    """For soft attention there is nothing to draw: no noise; and the step is the gradient."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    image = rng.normal(size=(4, 3, 5)).astype("float32")
    batch = {"image": image, "tokens": np.array([[1, 4, 5]] * 4)}, np.array([[4, 5, 2]] * 4)
    settings = {"model": {"units": 6}}
    captioners = estimators(settings, image.shape[1:], 8)
    soft = Captioner(8, 6, attention="soft")
    soft.build({"image": image.shape, "tokens": (None, None)})
    for weight in soft.trainable_weights:
        weight.assign(rng.normal(0, 0.5, weight.shape))
    weights = named_weights(soft) | {"baseline": np.full(8, -2.0, "float32")}
    soft.compile(captioners["REINFORCE"].optimizer.__class__(1.0))
    found = gradient_noise(
        {"REINFORCE": soft} | {k: c for k, c in captioners.items() if k != "REINFORCE"}, weights, batch, 6
    )
    assert found["REINFORCE"]["variance"] < 1e-10 < found["Gumbel"]["variance"]
    with tf.GradientTape() as tape:
        loss = soft.compute_loss(None, batch[1], soft(batch[0], training=True))
    exact = tape.gradient(loss, [w.value for w in soft.look.trainable_weights])
    assert found["REINFORCE"]["signal"] == pytest.approx(sum(float((g**2).numpy().sum()) for g in exact), rel=1e-3)
    for name, value in named_weights(soft).items():
        np.testing.assert_array_equal(value, weights[name], err_msg="weights are as they were")


def test_paired_differences_are_of_the_same_draws():
    references = [
        ["a dog runs fast", "the dog runs here now"],
        ["two cats sleep on a bed"],
        ["a man rides a red bike"],
    ] * 5
    good = [some[0] for some in references]
    poor = ["a dog runs", "a cat on a bed", "a man and a bike"] * 5
    statistics = [sentence_statistics(some, references) for some in (good, poor)]
    found = paired_difference(*statistics, resamples=200)
    scores = [caption_scores(some, references) for some in (good, poor)]
    for name, one in found.items():
        assert one["value"] == pytest.approx(scores[0][name] - scores[1][name])
        low, high = one["interval"]
        assert low <= one["value"] <= high
    same = paired_difference(statistics[0], statistics[0], resamples=20)
    assert all(one == {"value": 0.0, "interval": [0.0, 0.0]} for one in same.values())
