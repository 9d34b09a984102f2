"""Recorded experiments: the record's schema, training that survives being killed, and a smoke test of each command."""

import json

import numpy as np
import pytest

from mmcourse.backend import keras
from mmcourse.captioning import load_captioner
from mmcourse.experiments import __main__ as command
from mmcourse.experiments import captioning, fusion, image, results, retrieval_flickr, training
from mmcourse.scenes import Scenes

GOOD = {"soft": {"BLEU-4": results.figure(0.2, (0.18, 0.22))}, "blind": results.figure(0)}
ENTRIES = {"command": "make x", "seeds": [0], "data_hash": "ab", "minutes": 1.234}


# The record


def test_a_record_is_written_whole_and_read_back(tmp_path):
    path = results.write_results("captioning", "scenes", GOOD, folder=tmp_path / "new", **ENTRIES)
    assert path.name == "captioning-scenes.json" and [p.name for p in path.parent.iterdir()] == [path.name]
    record = results.read_results(path)
    assert record["figures"] == GOOD and record["schema"] == results.SCHEMA and record["minutes"] == 1.23
    assert record["versions"]["keras"] == keras.__version__ and "cores" in record["machine"]
    assert "mmcourse" in record["versions"] and len(record["date"]) == 10


@pytest.mark.parametrize(
    "figures",
    [
        {"a": float("nan")},
        {"a": {"value": float("nan")}},
        {"a": {"value": 1, "interval": [2, 3]}},
        {"a": {"value": 1, "interval": [0]}},
        {"a": 3},
    ],
)
def test_a_figure_that_is_none_is_refused(figures, tmp_path):
    with pytest.raises(ValueError, match="figures"):
        results.write_results("t", "d", figures, folder=tmp_path, **ENTRIES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("missing", sorted(results.REQUIRED))
def test_a_damaged_record_is_named(missing, tmp_path):
    path = results.write_results("t", "d", GOOD, folder=tmp_path, **ENTRIES)
    record = json.loads(path.read_text())
    del record[missing]
    path.write_text(json.dumps(record))
    with pytest.raises(ValueError, match=rf"t-d.json: Received: {missing}=None"):
        results.read_results(path)


def test_the_hash_of_data_sees_captions_and_order():
    first, other = Scenes("dev", n=4), Scenes("dev", n=4, seed=1)
    assert results.hash_captions(first) == results.hash_captions(Scenes("dev", n=4))
    assert len({results.hash_captions(c) for c in (first, other, first[::-1], first[:3])}) == 4


def test_what_the_book_holds_are_records():
    for path in sorted(results.FOLDER.glob("captioning-*.json")):
        record = results.read_results(path)
        assert f"{record['topic']}-{record['data']}" in path.stem
        assert "--quick" not in record["command"]


# Training


class Data(keras.utils.PyDataset):
    """Batches whose order depends on the epoch."""

    x = np.random.default_rng(0).standard_normal((40, 3)).astype("float32")
    epoch = 0

    def __len__(self):
        return 10

    def __getitem__(self, index):
        rows = np.random.default_rng(self.epoch).permutation(40)[4 * index : 4 * index + 4]
        return self.x[rows], self.x[rows] @ np.array([[1.0], [2.0], [3.0]], "float32")

    def on_epoch_end(self):
        self.epoch += 1


def linear(folder, epochs, scores, stop_at=None):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.05), "mse")
    scores = iter(scores)

    def score():
        value = next(scores)
        if value == stop_at:
            raise KeyboardInterrupt
        return {"score": value}

    return model, training.train(model, Data(), epochs, folder, score, patience=2, verbose=0)


def test_a_killed_run_goes_on_to_the_same_end(tmp_path):
    whole, history = linear(tmp_path / "a", 3, [1, 3, 2])
    with pytest.raises(KeyboardInterrupt):
        linear(tmp_path / "b", 3, [1, 9], stop_at=9)
    resumed, again = linear(tmp_path / "b", 3, [3, 2])
    for old, new in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(new, old, atol=1e-6)
    assert [e["loss"] for e in again["epochs"]] == pytest.approx([e["loss"] for e in history["epochs"]], rel=1e-4)
    assert history["best"] == again["best"] == 1 and history["earlier"] == 0 < again["earlier"]
    finished, _ = linear(tmp_path / "b", 3, [])  # nothing left to do
    np.testing.assert_array_equal(finished.get_weights()[0], resumed.get_weights()[0])


def test_training_stops_when_nothing_gets_better(tmp_path):
    _, history = linear(tmp_path, 9, [5, 4, 4, 9, 9])
    assert len(history["epochs"]) == 3 and history["best"] == 0


def test_the_best_weights_are_an_average(tmp_path):
    model, _ = linear(tmp_path, 1, [1])
    last = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    last.compile(keras.optimizers.Adam(0.05), "mse")
    last.optimizer.build(last.trainable_variables)
    last.load_weights(tmp_path / "epoch-001" / "last.weights.h5")
    assert np.abs(last.get_weights()[0] - model.get_weights()[0]).max() > 0


# The commands


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
    arguments = ["captioning-flickr8k", "--data", str(photographs), "--quick", "--language", "en"]
    path = command.main([*arguments, "--results", str(tmp_path / "r"), "--work", str(tmp_path / "w")])
    record = results.read_results(path)
    assert path.name == "captioning-flickr8k-en-quick.json"
    for kind in ("plain", "soft"):
        for which in ("greedy", "beam"):
            assert {"BLEU-4", "CIDEr-D"} <= set(record["figures"][kind][which])
    assert {"commonest caption", "another photograph"} <= set(record["figures"]["blind"])
    assert str(photographs) not in path.read_text() and str(tmp_path) not in path.read_text()
    for kind, attention in {"plain": None, "soft": "soft"}.items():
        trained, vocabulary = load_captioner(tmp_path / "w" / "captioning-flickr8k-en-quick" / "trained" / kind)
        assert trained.attention == attention and trained.vocabulary_size == len(vocabulary)


def test_retrieval_flickr8k_smoke(photographs, tmp_path):
    arguments = ["retrieval-flickr8k", "--data", str(photographs), "--quick", "--language", "en"]
    path = command.main([*arguments, "--results", str(tmp_path / "r"), "--work", str(tmp_path / "w")])
    record = results.read_results(path)
    assert path.name == "retrieval-flickr8k-quick.json" and set(record["figures"]) == {"dev", "test"}
    models = {"correlation", "correlation, without hubs", "network", "network, without hubs", "together"}
    assert set(record["figures"]["dev"]) == models
    assert set(record["figures"]["test"]) == models | {"chance", "photographs shuffled"}
    chance = record["figures"]["test"]["chance"]
    assert chance["text to image"]["R@1"]["value"] == pytest.approx(1 / 3)  # of three photographs
    assert set(record["tried"]) == models - {"network"} and record["settings"]["captions"]["test"] == 15
    assert str(photographs) not in path.read_text() and str(tmp_path) not in path.read_text()


def test_no_batch_of_pairs_holds_a_photograph_twice():
    images, tokens = np.arange(6.0)[:, None], np.arange(12).reshape(6, 2, 1)
    batches = retrieval_flickr.PairBatches(images, tokens, 3, seed=1)
    seen = [batches[i] for i in range(len(batches))]
    assert all(len(set(who)) == 3 and (x["text"][:, 0] // 2 == who).all() for x, who in seen)
    assert all((x["image"][:, 0] == who).all() for x, who in seen)
    assert sorted(np.concatenate([x["text"][:, 0] for x, _ in seen])) == list(range(12))


def test_image_flickr8k_smoke(photographs, tmp_path):
    arguments = ["image-flickr8k", "--data", str(photographs), "--quick", "--results", str(tmp_path / "r")]
    record = results.read_results(command.main([*arguments, "--work", str(tmp_path / "w")]))
    assert {"MobileNetV2", "pixels", "random pairs"} <= set(record["figures"])
    assert record["settings"]["photographs"] == 3


def test_image_scenes_smoke(tmp_path):
    arguments = ["image-scenes", "--quick", "--results", str(tmp_path / "r"), "--work", str(tmp_path / "w")]
    record = results.read_results(command.main(arguments))
    assert {"pixels", "from scratch", "fine-tuned", "encoder, maximum"} <= set(record["figures"])


def test_shared_words_and_neighbours():
    words = [image.content_words(c) for c in (("A dog runs.", "the dog"), ("Dogs run",), ("a dog on a hill",))]
    assert words == [{"dog", "runs"}, {"dogs", "run"}, {"dog", "hill"}]
    np.testing.assert_allclose(image.shared_words(words), [[1, 0, 1 / 3], [0, 1, 0], [1 / 3, 0, 1]])
    assert image.nearest([[1, 0], [0, 2], [5, 0.1], [0.1, 1]]).tolist() == [2, 3, 0, 1]


def test_without_a_run_there_is_no_captioner_for_photographs(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"make real.*folder="):
        captioning.photograph_captioner("soft", work=tmp_path)


def test_captioning_scenes_smoke(tmp_path):
    path = command.main(["captioning-scenes", "--quick", "--results", str(tmp_path / "r"), "--work", str(tmp_path)])
    record = results.read_results(path)
    assert set(record["figures"]) == {"greedy", "beam 3", "blind"}
    made = tmp_path / "captioning-scenes-quick" / "weights"
    captioner, vocabulary = load_captioner(made)
    assert captioner.vocabulary_size == len(vocabulary)
    assert (made / "captioner.weights.h5").stat().st_size < 3_000_000


def test_an_unknown_experiment_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        command.main(["captioning-moon"])
    assert "captioning-scenes" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:.*")
def test_the_digits_experiment_runs(tmp_path, monkeypatch):
    """On noise in the corpus's form: the path through all folds, not the figures."""
    import wave

    from mmcourse.experiments import audio

    folder, rng = tmp_path / "fsdd" / "recordings", np.random.default_rng(0)
    folder.mkdir(parents=True)
    for speaker in ("george", "jackson", "lucas"):
        for digit in range(10):
            for index in (0, 5, 10):
                with wave.open(str(folder / f"{digit}_{speaker}_{index}.wav"), "wb") as file:
                    file.setparams((1, 2, 8000, 0, "NONE", ""))
                    file.writeframes(rng.integers(-9999, 9999, 600 + 100 * digit).astype("<i2").tobytes())
    monkeypatch.setattr(audio.SpokenDigits, "__getitem__", _unsliced(audio.SpokenDigits.__getitem__))
    arguments = ["audio-spoken-digits", "--data", str(tmp_path), "--quick"]
    path = command.main([*arguments, "--results", str(tmp_path / "r"), "--work", str(tmp_path / "w")])
    assert path.name == "audio-spoken-digits-quick.json"
    figures = results.read_results(path)["figures"]
    assert set(figures) == {"mean spectrum", "recurrent, MFCC", "convolution, mel", "blind"}
    for name in ("mean spectrum", "recurrent, MFCC", "convolution, mel"):
        assert {"unseen speaker", "unseen george", "unseen jackson", "official split"} <= set(figures[name])
    assert (tmp_path / "w" / "audio-spoken-digits-quick" / "digits.keras").is_file()
    with pytest.raises(FileNotFoundError, match="make real"):
        audio.spoken_digit_network(tmp_path / "w")


def _unsliced(getitem):
    """The small corpus is used whole, where a quick run would take every seventh recording."""
    return lambda self, index: self if isinstance(index, slice) else getitem(self, index)


def test_fusion_scenes_smoke(tmp_path):
    record = results.read_results(command.main(["fusion-scenes", "--quick", "--results", str(tmp_path)]))
    assert set(record["figures"]) == {"kinds", "layers", "imbalance"}
    mixture = record["figures"]["kinds"]["mixture"]
    assert set(mixture["layers"]) == set(record["figures"]["layers"]) == {"concatenation", "low rank"}
    assert set(mixture["alone"]) == {"text", "audio", "image"} and set(mixture["best"]) == {"words", "voice", "both"}
    single = record["chosen"]["mixture"]["single"]
    for name, figures in mixture["layers"].items():
        runs = record["runs"]["mixture"]
        assert figures["gain"]["value"] == pytest.approx(runs[name][0] - runs[single][0])
        assert set(record["chosen"]["mixture"][name]) == {"rate", "steps"}
    assert record["figures"]["layers"]["concatenation"]["training time"]["value"] == 1
    assert all(len(curve) == 8 for curves in record["curves"].values() for curve in curves.values())


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


def test_what_seeds_gave_is_recorded_as_mean_and_range():
    found = results.over_seeds([{"a": {"b": 1.0}, "c": 2.0}, {"a": {"b": 4.0}, "c": 2.0}])
    assert found == {"a": {"b": {"value": 2.5, "interval": [1.0, 4.0]}}, "c": {"value": 2.0, "interval": [2.0, 2.0]}}
