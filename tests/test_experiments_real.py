"""The recorded experiments on real data, each run on a few made items in the corpora's formats."""

import math
import wave

import numpy as np
import pytest
import smoke
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from mmcourse.backend import keras
from mmcourse.captioning import load_captioner, write_captions
from mmcourse.corpora import Flickr8k
from mmcourse.experiments import audio, captioning, image, retrieval_flickr
from mmcourse.image import regions
from mmcourse.metrics import caption_scores
from mmcourse.scenes import Scenes
from mmcourse.text import tokenize

pytestmark = pytest.mark.usefixtures("eagerly")


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """A made folder in Flickr8k's format: pictures of Scene World in the place of photographs."""
    from PIL import Image

    root = tmp_path_factory.mktemp("data")
    images, text = root / "flickr8k" / "images", root / "flickr8k" / "text"
    images.mkdir(parents=True)
    text.mkdir()
    lines = []
    for split, n in {"train": 6, "dev": 3, "test": 3}.items():
        names = [f"{split}_{i}.jpg" for i in range(n)]
        for name, item in zip(names, Scenes(split, n=n), strict=True):
            Image.fromarray(item.image).save(images / name)
            lines += [f"{name}#{k}\t{caption}" for k, caption in enumerate(item.captions)]
        (text / f"Flickr_8k.{split}Images.txt").write_text("\n".join(names) + "\n")
    (text / "Flickr8k.token.txt").write_text("\n".join(lines) + "\n")
    return root


def test_captioning_flickr8k_smoke(photographs, tmp_path):
    record = smoke.run("captioning-flickr8k", tmp_path, "--data", str(photographs), "--language", "en")
    found, folder = record["figures"], tmp_path / "work" / "captioning-flickr8k-en-quick"
    assert set(found) == {"plain", "soft", "blind"} and set(found["blind"]) == {
        "commonest caption",
        "another photograph",
    }
    splits = {split: [item.captions for item in Flickr8k(photographs, split)] for split in ("train", "dev", "test")}
    features = {split: regions(np.load(folder / f"{split}.npy")) for split in ("dev", "test")}
    for kind, attention in {"plain": None, "soft": "soft"}.items():
        trained, vocabulary = load_captioner(folder / "trained" / kind)
        assert trained.attention == attention and trained.vocabulary_size == len(vocabulary)
        for split, row in (("test", found[kind]["greedy"]), ("dev", found[kind]["dev"]["greedy"])):
            # What the kept captioner writes scores what the record says.
            written = write_captions(trained, features[split], vocabulary, 1, 0.0, record["settings"]["length"] - 1)
            scores = caption_scores(written, splits[split], "en")
            assert {name: smoke.value(row, name) for name in scores} == pytest.approx(scores)
        penalty = smoke.value(found, kind, "greedy", "brevity penalty")
        without = {f"{name} without brevity penalty" for name in scores if "BLEU" in name}
        for name in without:
            penalised = smoke.value(found, kind, "greedy", name.split()[0])
            assert smoke.value(found, kind, "greedy", name) * penalty == pytest.approx(penalised)
        both = set(scores) | without | {"brevity penalty"}
        assert set(found[kind]["beam"]) == set(found[kind]["greedy"]) == both
        chosen = record["settings"]["chosen"][kind]
        assert (chosen["width"], chosen["length_penalty"]) == (2, 0.6) and len(chosen["history"]) == 1
    blind = caption_scores([smoke.commonest(c for some in splits["train"] for c in some)] * 3, splits["test"], "en")
    assert {n: smoke.value(found, "blind", "commonest caption", n) for n in blind} == pytest.approx(blind)
    smoke.check_shares({place: one for place, one in smoke.figures(found).items() if "CIDEr" not in place})


def test_retrieval_flickr8k_smoke(photographs, tmp_path):
    record = smoke.run("retrieval-flickr8k", tmp_path, "--data", str(photographs), "--language", "en")
    found, tried, chosen = record["figures"], record["tried"], record["settings"]["chosen"]
    models = {"correlation", "correlation, without hubs", "network", "network, without hubs", "together"}
    assert set(found) == {"dev", "test"} and set(found["dev"]) == models
    assert set(found["test"]) == models | {"chance", "photographs shuffled"}
    for way, right in (("text to image", 1), ("image to text", 5)):  # of three photographs, fifteen captions
        for k in (1, 5, 10):
            n = 3 * right
            lost = math.comb(n - right, min(k, n)) / math.comb(n, min(k, n))  # none of the right ones is drawn
            assert smoke.value(found, "test", "chance", way, f"R@{k}") == pytest.approx(1 - lost)
        for model in models | {"photographs shuffled"}:
            row = found["test"][model][way]
            smoke.check_shares({name: row[name] for name in ("R@1", "R@5", "R@10")}, 15 if right == 1 else 3)
            recalls = [smoke.value(row, f"R@{k}") for k in (1, 5, 10)]
            assert recalls == sorted(recalls) and 1 <= smoke.value(row, "median rank") <= 3 * right
            assert 1 / (3 * right) <= smoke.value(row, "MRR") <= 1
    assert set(tried) == models - {"network"} and record["settings"]["captions"]["test"] == 15
    for model, runs in tried.items():  # what is best on dev was chosen, and dev's figures are its own
        best = max(run["sum"] for run in runs)
        recalls = [one["value"] for one in smoke.figures(found["dev"][model]).values()]
        assert best == pytest.approx(100 * sum(recalls), abs=0.01) and len(recalls) == 6
        kept = next(run for run in runs if run["sum"] == best)
        assert all(kept[name] == value for name, value in chosen[model].items() if name in kept)


def test_no_batch_of_pairs_holds_a_photograph_twice():
    images, tokens = np.arange(6.0)[:, None], np.arange(12).reshape(6, 2, 1)
    batches = retrieval_flickr.PairBatches(images, tokens, 3, seed=1)
    seen = [batches[i] for i in range(len(batches))]
    assert all(len(set(who)) == 3 and (x["text"][:, 0] // 2 == who).all() for x, who in seen)
    assert all((x["image"][:, 0] == who).all() for x, who in seen)
    assert sorted(np.concatenate([x["text"][:, 0] for x, _ in seen])) == list(range(12))


def test_image_flickr8k_smoke(photographs, tmp_path):
    record = smoke.run("image-flickr8k", tmp_path, "--data", str(photographs))
    found, items = record["figures"], list(Flickr8k(photographs, "test"))
    assert record["settings"]["photographs"] == 3
    wrong = {"MobileNetV2 fed raw pixels", "MobileNetV2 fed pixels from 0 to 1"}
    assert set(found) == {"MobileNetV2", "MobileNetV2, random weights", "pixels", "random pairs"} | wrong
    best = smoke.value(found, "MobileNetV2", "shared words")
    for name in set(found) - {"MobileNetV2"}:
        fewer = found[name].pop("fewer than by MobileNetV2")["value"]
        assert fewer == pytest.approx(best - smoke.value(found, name, "shared words"))
    smoke.check_shares(found)
    words = [{w for c in item.captions for w in tokenize(c, "en")} - ENGLISH_STOP_WORDS for item in items]
    words = [{word for word in some if len(word) > 1} for some in words]
    shared = {(i, j): len(words[i] & words[j]) / len(words[i] | words[j]) for i in range(3) for j in range(3)}
    others = [shared[i, j] for i, j in shared if i != j]
    assert smoke.value(found, "random pairs", "shared words") == pytest.approx(np.mean(others))
    pixels = [item.image.reshape(16, 4, 16, 4, 3).mean((1, 3)).ravel() for item in items]
    cosine = [[x @ y / np.sqrt((x @ x) * (y @ y)) - 9 * (x is y) for y in pixels] for x in pixels]
    nearest = [shared[i, int(np.argmax(row))] for i, row in enumerate(cosine)]
    assert smoke.value(found, "pixels", "shared words") == pytest.approx(np.mean(nearest))


def test_shared_words_and_neighbours():
    words = [image.content_words(c) for c in (("A dog runs.", "the dog"), ("Dogs run",), ("a dog on a hill",))]
    assert words == [{"dog", "runs"}, {"dogs", "run"}, {"dog", "hill"}]
    np.testing.assert_allclose(image.shared_words(words), [[1, 0, 1 / 3], [0, 1, 0], [1 / 3, 0, 1]])
    assert image.nearest([[1, 0], [0, 2], [5, 0.1], [0.1, 1]]).tolist() == [2, 3, 0, 1]


def test_without_a_run_there_is_no_captioner_for_photographs(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"make real.*folder="):
        captioning.photograph_captioner("soft", work=tmp_path)


@pytest.mark.filterwarnings("ignore:.*")
def test_the_digits_experiment_runs(tmp_path, monkeypatch):
    """On noise in the corpus's form: the path through all folds, and that its figures are those of what is kept."""
    folder, rng = tmp_path / "fsdd" / "recordings", np.random.default_rng(0)
    folder.mkdir(parents=True)
    for speaker in ("george", "jackson", "lucas"):
        for digit in range(10):
            for index in (0, 5, 10):
                with wave.open(str(folder / f"{digit}_{speaker}_{index}.wav"), "wb") as file:
                    file.setparams((1, 2, 8000, 0, "NONE", ""))
                    file.writeframes(rng.integers(-9999, 9999, 600 + 100 * digit).astype("<i2").tobytes())
    monkeypatch.setattr(audio.SpokenDigits, "__getitem__", _unsliced(audio.SpokenDigits.__getitem__))
    found = smoke.run("audio-spoken-digits", tmp_path, "--data", str(tmp_path))["figures"]
    rnn = "recurrent, MFCC"
    mixed = {"recurrent, frames shuffled at test only", "recurrent, trained and tested on shuffled frames"}
    systems = {"mean spectrum", rnn, "convolution, mel"} | mixed
    assert set(found) == systems | {"blind"} and smoke.value(found, "blind", "commonest digit") == 0.1
    for name in systems:
        each = [smoke.value(found, name, f"unseen {person}") for person in ("george", "jackson")]
        assert smoke.value(found, name, "unseen speaker") == pytest.approx(np.mean(each))
        smoke.check_shares({k: v for k, v in found[name].items() if k in ("unseen george", "official split")}, 30)
        smoke.check_shares(found[name], 60)
    kept = tmp_path / "work" / "audio-spoken-digits-quick" / "digits.keras"
    sounds = audio.describe(audio.SpokenDigits(tmp_path, None))
    logits = keras.saving.load_model(kept).predict({"audio": sounds["mfcc"], "mask": sounds["mask"]}, verbose=0)
    # It has heard neither jackson nor lucas.
    right = (logits.argmax(1) == sounds["labels"])[30:60]
    assert smoke.value(found, "recurrent, MFCC", "unseen jackson") == pytest.approx(right.mean())
    with pytest.raises(FileNotFoundError, match="make real"):
        audio.spoken_digit_network(tmp_path / "work")


def _unsliced(getitem):
    """The small corpus is used whole, where a quick run would take every seventh recording."""
    return lambda self, index: self if isinstance(index, slice) else getitem(self, index)
