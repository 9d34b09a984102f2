"""The page's figures of autoencoders, and the parts and judges of its recorded experiment."""

import numpy as np
import pytest
from figure_checks import check_drawing

from mmcourse import plots
from mmcourse.autoencoder import MultimodalAutoencoder, WordDecoder
from mmcourse.backend import keras
from mmcourse.experiments import autoencoder as experiment
from mmcourse.scenes import COLOURS, Scenes

pytestmark = pytest.mark.usefixtures("eagerly")

TEN = Scenes("test", n=10, things=1)
POINTS = np.random.default_rng(0).normal(size=(2, 40, 2))
BOTH = dict(zip("ab", POINTS, strict=True))
NAMES = [COLOURS[i % 6] for i in range(40)]


def told(scenes):
    """A caption of each scene that tells all."""
    return [f"There is a {t.size} {t.colour} {t.shape}." for t in (scene.things[0] for scene in scenes.truths())]


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.covered_pairs(TEN[0], "a large purple circle"),
        lambda: plots.covered_pairs(np.zeros((32, 32, 3)), "a very small and rather round orange triangle here"),
        lambda: plots.schematic_autoencoder(TEN[0], "a large purple circle"),
        lambda: plots.schematic_autoencoder(TEN[0], "a large purple circle", TEN[1], "a small purple cross"),
        lambda: plots.code_map({"one side": BOTH, "another": BOTH}, {"a": NAMES, "b": NAMES}),
        lambda: plots.code_map({"all on one spot": {"a": 0 * POINTS[0], "b": 0 * POINTS[0]}}, {"a": NAMES, "b": NAMES}),
        lambda: plots.code_map({"": {"a": POINTS[0][:3], "b": POINTS[1]}}, {"a": ["red"] * 3, "b": NAMES}),
    ],
)
def test_figures_are_svg_and_their_words_stay_inside(draw, capfd):
    check_drawing(draw())
    assert capfd.readouterr() == ("", "")


def test_names_of_groups_do_not_touch():
    """Even where all groups lie on one spot."""
    fig = plots.code_map({"": {"a": 1e-3 * POINTS[0], "b": POINTS[1]}}, {"a": NAMES, "b": NAMES})
    fig.canvas.draw()
    boxes = [text.get_window_extent() for text in fig.axes[0].texts]
    assert len(boxes) == 6
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize(
    "points, groups, said",
    [
        ({"a": POINTS[0]}, {"a": NAMES}, r"points of \['a'\]"),
        ({"a": POINTS[0], "b": POINTS[1]}, {"b": NAMES, "a": NAMES}, "Allowed: the same two"),
        ({"a": POINTS[0], "b": POINTS[1][:5]}, {"a": NAMES, "b": NAMES}, r"'b' with points of shape \(5, 2\)"),
        ({"a": POINTS[0], "b": POINTS[1]}, {"a": NAMES, "b": ["pink"] * 40}, "group 'pink'"),
    ],
)
def test_errors_of_the_map_name_what_came(points, groups, said):
    with pytest.raises(ValueError, match=said):
        plots.code_map({"a side": points}, groups)


# ── parts ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hidden", [None, 7])
@pytest.mark.parametrize("side", [8, 32])
def test_what_is_rebuilt_has_the_size_of_the_picture(hidden, side):
    """Erratum 23: an image output that has not the image's size."""
    encoder, decoder = experiment.picture_parts(5, side, hidden, filters=2)
    pictures = np.random.default_rng(0).random((3, side, side, 3)).astype("float32")
    read = encoder(pictures)
    assert read.shape == (3, 5 if hidden is None else hidden)
    drawn = np.asarray(decoder(np.ones((3, 5), "float32")))
    assert drawn.shape == pictures.shape and drawn.min() >= 0 and drawn.max() <= 1


def test_parts_are_drawn_from_their_seed_and_no_two_layers_start_alike():
    def weights(seed):
        return [w for part in experiment.picture_parts(5, 16, None, 4, seed) for w in part.get_weights()]

    for a, b in zip(weights(1), weights(1), strict=True):
        np.testing.assert_array_equal(a, b)
    assert all(np.abs(a - b).max() > 0 for a, b in zip(weights(1), weights(2), strict=True) if a.any())
    heads = [w.ravel()[:8].round(6).tobytes() for w in weights(1) if w.any()]
    assert len(set(heads)) == len(heads)


def test_a_side_that_cannot_be_halved_thrice_is_refused():
    with pytest.raises(ValueError, match=r"Received: side=20\. Allowed: a multiple of 8"):
        experiment.picture_parts(5, 20)


def test_the_word_reader_reads_a_set():
    read = experiment.word_reader(9, 4, units=3)
    rows = np.array([[1, 4, 5, 2], [1, 5, 4, 2], [1, 4, 4, 2]])
    a, b, c = np.asarray(read(rows))
    np.testing.assert_array_equal(a, b)
    assert np.abs(a - c).max() > 0


def test_the_network_has_as_many_dense_weights_as_asked_for():
    """What the record calls "as many weights" and the page "seven times"."""
    sizes = {
        name: sum(part.count_params() for part in experiment.picture_parts(32, hidden=hidden))
        for name, hidden in {"ours": None, **experiment.SETTINGS["hidden"]}.items()
    }
    assert abs(sizes["dense, as many weights"] / sizes["ours"] - 1) < 0.02
    assert abs(sizes["dense, wide"] / sizes["ours"] - 7) < 0.1


def test_the_rate_warms_up_and_falls_to_nothing(monkeypatch):
    seen = []
    monkeypatch.setattr(MultimodalAutoencoder, "fit", lambda self, *args, **how: seen.append(self.optimizer))
    model = experiment.network(9, latent=2, filters=1)
    experiment.train(model, {"image": np.zeros((320, 1))}, epochs=20, rate=0.01, size=32, warm_up=50)
    schedule = seen[0]._learning_rate
    rates = [float(schedule(step)) for step in (0, 25, 50, 125, 200)]
    assert rates[0] == pytest.approx(0.0005) and rates[2] == pytest.approx(0.01) and rates[4] < 1e-6
    assert rates[0] < rates[1] < rates[2] > rates[3] > rates[4]


# ── judges ──────────────────────────────────────────────────────────────────────────────────────────


def test_windows_hold_the_thing_in_their_middle_and_its_colour_is_read():
    many = Scenes("test", n=60, things=1)
    pictures = experiment.windows(many)
    assert (
        pictures.shape == (60, 32, 32, 3)
        and pictures.dtype == np.float32
        and 0 <= pictures.min() <= pictures.max() <= 1
    )
    np.testing.assert_array_equal(experiment.colours_read(pictures), experiment.colour_of(many))
    assert set(experiment.colours_read(np.full((2, 32, 32, 3), [0, 158, 115]) / 255)) == {"green"}


def test_facts_count_what_is_said_and_right():
    truths = TEN.truths()
    assert all(hits.all() for hits in experiment.facts(told(TEN), truths).values())
    vague = [f"There is a {scene.things[0].shape}." for scene in truths]
    found = experiment.facts(vague, truths)
    assert found["shape"].all() and not found["colour"].any() and not found["size"].any()
    wrong = [caption.replace(s.things[0].colour, COLOURS[COLOURS.index(s.things[0].colour) - 1])
             for caption, s in zip(told(TEN), truths, strict=True)]  # fmt: skip
    assert not experiment.facts(wrong, truths)["colour"].any() and experiment.facts(wrong, truths)["size"].all()
    assert experiment.tells(told(TEN), "colour").all() and not experiment.tells(vague, "colour").any()


def test_the_nearest_code_is_of_the_same_kind():
    kind = np.array(["a", "b", "a"])
    codes = np.array([[1.0, 0], [0, 2], [3, 0.1]])
    assert experiment.nearest_is_right(codes, codes, kind).all()
    assert list(experiment.nearest_is_right(codes[::-1], codes, kind)) == [True, True, True]
    assert list(experiment.nearest_is_right(codes[[1, 0, 1]], codes, kind)) == [False, False, False]
    assert np.isfinite(experiment.nearest_is_right(np.zeros((3, 2)), codes, kind)).all()


@pytest.mark.compiled
def test_a_code_is_written_as_words():
    from mmcourse.text import Vocabulary

    words = Vocabulary.build(["a red star"])
    model = MultimodalAutoencoder(
        encoders={"text": experiment.word_reader(len(words), 6)}, decoders={"text": WordDecoder(len(words), 8, 4, 0)},
        losses={"text": "words"}, latent=3, rate=0.0, seed=0,
    )  # fmt: skip
    row = words.encode(["a red star"], 6)
    model.compile(keras.optimizers.Adam(0.05))
    model.fit({"text": np.repeat(row, 16 * 60, 0)}, batch_size=16, verbose=0)
    assert experiment.written(model, model.encode({"text": row}), words, 6) == ["a red star"]


@pytest.mark.parametrize("model", [MultimodalAutoencoder, experiment.HiddenFromLoss])
def test_what_is_hidden_is_asked_for_but_by_the_control(model):
    """With all captions hidden in every step, the decoder of captions learns all the same; in the control nothing."""
    rows, pictures = np.ones((4, 5), "int32"), np.zeros((4, 8, 8, 3), "float32")
    encoder, decoder = experiment.picture_parts(3, 8, hidden=2)
    net = model(
        encoders={"image": encoder, "text": experiment.word_reader(6, 5)},
        decoders={"image": decoder, "text": WordDecoder(6, 4, 4, 0)},
        losses={"image": "squared", "text": "words"}, latent=3, rate=0.5, seed=0,
    )  # fmt: skip
    net.drop = lambda batch, training=False: batch | {"present": {"text": np.zeros(4, bool)}}
    batch = {"image": pictures, "text": rows}
    net.compile(keras.optimizers.SGD(0.1), run_eagerly=True)
    net(batch)
    before = [w.numpy() for w in net.decoders["text"].trainable_weights]
    net.fit(batch, epochs=1, verbose=0)
    moved = any((a != w.numpy()).any() for a, w in zip(before, net.decoders["text"].trainable_weights, strict=True))
    assert moved == (model is MultimodalAutoencoder)


def test_the_recorded_experiment_runs(tmp_path):
    from mmcourse.experiments import __main__ as command
    from mmcourse.experiments.results import read_results

    path = command.main(["autoencoder-scenes", "--quick", "--results", str(tmp_path)])
    figures = read_results(path)["figures"]
    assert set(figures) >= {"latent", "parts", "hiding", "commonest caption", "given captions", "chance"}
    hiding = {"nothing hidden", "nothing hidden, longer", "hidden from the loss, too"}
    assert set(figures["hiding"]["facts from image"]) == hiding == set(figures["hiding"]["facts from text, filled in"])
    assert figures["given captions"]["truth"]["value"] == 1
    assert figures["colours read from real pictures"]["right"]["value"] == 1
