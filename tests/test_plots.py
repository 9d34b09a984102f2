"""Figures: words stay inside them, nothing is printed, and what they say is true."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from mmcourse import plots
from mmcourse.plots import cover, curves, pictures
from mmcourse.scenes.sampling import scene
from mmcourse.scenes.scene import Scene, Thing
from mmcourse.scenes.utterances import Utterances

SCENES = [scene("train", 0, i) for i in range(4)]
RNG = np.random.default_rng(0)
MAPS = RNG.dirichlet(np.ones(64), size=9).reshape(9, 8, 8)
WORDS = ["a", "small", "yellow", "circle", "above", "a", "big", "star", "end"]
TREE = [
    [(0, "a", -0.2, True), (0, "one", -1.9, True), (0, "the", -2.6, False)],
    [(0, "purple", -0.6, True), (1, "triangle", -1.1, True), (1, "red", -2.4, False)],
    [(0, "end", -0.9, True), (1, "end", -1.3, True)],
]
UTTERANCES = list(Utterances("test", n=3))
TONE = np.sin(np.arange(900) / 9)
LOUD = -60 * RNG.random((30, 20))
BOXES = np.array([[0.1, 0.1, 0.4, 0.3], [0.5, 0.02, 0.95, 0.6]])
LONG = "a rather small yellow circle is to the left of a very large green triangle, and above a tiny purple cross"

CORNERS = tuple(
    Thing(shape, "purple", "large", x, y, 160)
    for shape, x, y in (("triangle", 170, 170), ("square", 850, 170), ("circle", 170, 850), ("star", 850, 850))
)
FILM = RNG.integers(0, 256, (12, 20, 20, 3), "uint8")

FIGURES = {
    "scene": lambda: plots.scene(SCENES[0], "a short caption"),
    "scene with five captions": lambda: plots.scene(SCENES[0], ["one", LONG, "three", "four", LONG], width=5.2),
    "scenes": lambda: plots.scenes(SCENES, [LONG, "a star", [LONG, "x"], "y"], titles=["greedy"] * 4, marks=False),
    "scenes with truth": lambda: plots.scenes(SCENES, [LONG, "a star", "a red circle", "y"], columns=2),
    "scenes with references": lambda: plots.scenes(SCENES[:2], ["a", "b"], marks=False, references=[LONG, "c"]),
    "photograph": lambda: plots.scene(RNG.integers(0, 256, (40, 60, 3), "uint8"), LONG),
    "regions": lambda: plots.regions(SCENES[0], 8, 8, marked=[(0, 0), (7, 7)]),
    "attention_over_words": lambda: plots.attention_over_words(SCENES[0], WORDS, MAPS, truth=[None, 0.5, *[1.0] * 7]),
    "patches": lambda: plots.patches({"a row": [RNG.random((5, 5, 3))] * 6, "b": [SCENES[0]] * 6}, list("abcdef")),
    "boxes": lambda: plots.boxes(SCENES[:3], [BOXES] * 3, [["a blue star"] * 2] * 3, [BOXES] * 3, list("abc")),
    "schematic_encoder": lambda: plots.schematic_encoder(),
    "nested": lambda: plots.nested(SCENES[0], [0.1, 0.4, 0.9], ["three pixels", "thirteen", "twenty-nine"], (0.3, 0.6)),
    "schematic_captioner": lambda: plots.schematic_captioner(),
    "schematic without attention": lambda: plots.schematic_captioner(SCENES[1], attention=False),
    "schematic of long words": lambda: plots.schematic_captioner(SCENES[1], ("a", "purple", "triangle"), MAPS[:4]),
    "schematic_looking": lambda: plots.schematic_looking(),
    "schematic of another picture": lambda: plots.schematic_looking(SCENES[1], MAPS[0], (7, 0), "triangle"),
    "looks_over_words": lambda: plots.looks_over_words(
        SCENES[0], WORDS, {"soft": MAPS, "a draw": MAPS[::-1]}, {"soft": [None, 0.5, *[1.0] * 7]}
    ),
    "lines": lambda: plots.lines(
        [1, 3, 10], {"truth": [0.8, 0.82, 0.83], "a longer name": [0.8, 0.81, 0.829]}, "width", "share",
        bands={"truth": ([0.7, 0.8, 0.8], [0.9, 0.9, 0.9])}, floor=(0.2, "blind"), ceiling=0.95, percent=True,
    ),
    "lines over names": lambda: plots.lines(["few", "many"], {"a": [1.0, 2.0]}, ylabel="words"),
    "lines on logarithms": lambda: plots.lines([4, 64, 1024], {"a": [1, 0.1, 0.01]}, log_x=True, log_y=True),
    "lines with a gap": lambda: plots.lines([1, 2, 3], {"a": [1.0, np.nan, np.nan], "b": [np.nan] * 3}),
    "bars": lambda: plots.bars(
        {"the same caption for all": 0.21, "attention": 1.0}, {"attention": (0.97, 1.0)},
        baselines=["the same caption for all"], xlabel="captions that are wholly true", title="Truth",
    ),
    "bars of numbers": lambda: plots.bars({"a": 3.0, "b": 0.0}, percent=False, intervals={"a": (2.0, 4.5)}),
    "beam_tree": lambda: plots.beam_tree(TREE, best=(2, 0), score="log-probability"),
    "beam_tree of one step": lambda: plots.beam_tree(TREE[:1]),
    "table_faults": lambda: plots.table_faults(
        pd.DataFrame({"a": ["", "missing"] * 30, "b": ["unit", ""] * 30}), {"words": ["a"], "voice": ["b"]}
    ),
    "schematic_choice": lambda: plots.schematic_choice(),
    "gain_table": lambda: plots.gain_table(
        {"a kind of data": {"one": 12.0, "another function": -3.0}, "b": {"one": 0.2, "another function": 45.0}},
        marked=[("b", "another function")],
    ),
    "trade": lambda: plots.trade(
        {kind: {"methods": {"cheap": (0.6, 0.55, 0.65), "dear": (0.7, 0.6, 0.8)}, "floor": 0.5, "ceiling": 1,
                "single": 0.6}
         for kind in ("a", "b", "c")},
        {"cheap": 10, "dear": 4000}, ["dear"], "multiplications",
    ),
    "schematic_preparation": lambda: plots.schematic_preparation(),
    "scaled_feature": lambda: plots.scaled_feature(
        {"standard": np.r_[np.zeros(30), 9.0], "min–max": np.linspace(0, 1, 31), "robust": np.arange(31.0)},
        np.arange(31) > 29,
        dict.fromkeys(["clean", "with wrong units"], dict.fromkeys(["standard", "min–max", "robust"], (0.5, 0.4, 0.6))),
    ),
    "leaks": lambda: plots.leaks(
        {"a very long name of\na case": ((0.5, 0.45, 0.55), (0.9, 0.8, 1.0)), "b": ((0.5,) * 3, (0.5,) * 3)},
        chance={"b": 0.5},
    ),
    "utterances": lambda: plots.utterances(UTTERANCES[:2], ["meant as said", "irony"]),
    "three utterances": lambda: plots.utterances(UTTERANCES),
    "schematic_learning": lambda: plots.schematic_learning(),
    "schematic_levels": lambda: plots.schematic_levels(),
    "level_panels": lambda: plots.level_panels(
        {s: {p: {"a": {"value": 0.8, "interval": [0.7, 0.9]}, "b": {"value": 0.5}, "ceiling": {"value": 1.0}}
             for p in ("none", "much")} for s in ("one", "two")},
        {"a": "data level", "b": "words alone", "ceiling": "ceiling of both"}, ["One", "Two"], ["noise", "synergy"],
    ),
    "sensor_pictures": lambda: plots.sensor_pictures(
        {"shape": np.ones((2, 9, 9, 1)), "colour": np.ones((2, 9, 9, 3))}, ["circle is orange", "circle is blue"],
        moved=np.zeros((2, 9, 9, 3)),
    ),
    "spaces": lambda: plots.spaces(
        {"before": (RNG.normal(size=(50, 2)), RNG.normal(size=(50, 2)) + 6), "after": (np.eye(2), np.eye(2))},
        ["pictures", "captions"],
    ),
    "sum_and_product": lambda: plots.sum_and_product(*RNG.normal(size=(2, 30)), RNG.random(30) < 0.5),
    "schematic_fusion": lambda: plots.schematic_fusion(),
    "experts": lambda: plots.experts({"both": {"words": (-1, 4), "voice": (2, 4)}, "one": {"words": (-1, 4)}}),
    "seed_dots": lambda: plots.seed_dots(
        {title: {"a long name of a method": RNG.random(5), "b": [0.5]} for title in ("accuracy", "loss")},
        {"accuracy": (0.5, "floor")}, ["accuracy"],
    ),
    "schematic_contrast": lambda: plots.schematic_contrast(
        SCENES[:4], ["a small yellow triangle", "a star", "two large squares", "a star"], np.eye(4) > 0
    ),
    "trajectories": lambda: plots.trajectories(
        {"a name": RNG.normal(size=(5, 2)), "another": np.arange(6).reshape(3, 2)}, "x", "y",
        places={"another": (-9, 0)},
    ),
    "waveform": lambda: plots.waveform([TONE, TONE[:500]], 1000, ["a tone", "a shorter one"]),
    "waveform of silence": lambda: plots.waveform(np.zeros((300, 1)), 1000),
    "spectrograms": lambda: plots.spectrogram([LOUD, LOUD[:9]], 8000, [80, 40], names=["calm", "angry"]),
    "mel spectrogram": lambda: plots.spectrogram(LOUD, 8000, 80, mels=np.linspace(50, 3900, 20)),
    "mel_filters": lambda: plots.mel_filters({"slaney": np.eye(33)[:, :9], "htk": np.eye(33)[:, 3:9]}, 8000),
    "confusion": lambda: plots.confusion([[9, 1, 0], [0, 12, 0], [2, 0, 0]], ["calm", "happy", "a longer name"]),
    "schematic_frames": lambda: plots.schematic_frames(TONE, LOUD),
    "word_map": lambda: plots.word_map(
        np.array([[0, 0], [0.01, 0], [0.02, 0.01], [1, 1], [0.98, 1]]), ["underneath", "b", "c", "d", "triangles"],
        ["place", "place", "shape", "shape", "plural"],
    ),
    "vector_cloud": lambda: plots.vector_cloud(
        RNG.normal(size=(60, 2)) * 0.1, ["red", "green", "blue"] * 20, fixed="one and the same",
    ),
    "schematic_text": lambda: plots.schematic_text(),
    "cover": cover.cover,
    "masks and boxes": lambda: plots.masks_and_boxes(SCENES[0]),
    "masks and boxes at the edge": lambda: plots.masks_and_boxes(Scene(CORNERS)),
    "scene_graph": lambda: plots.scene_graph(SCENES[0]),
    "scene_graph of four": lambda: plots.scene_graph(Scene(CORNERS)),
    "scene_graph beside its picture": lambda: plots.scene_graph(SCENES[1], picture=SCENES[1]),
    "scene_graph of one": lambda: plots.scene_graph(Scene(CORNERS[:1])),
    "sound_picture": lambda: plots.sound_picture(RNG.normal(0, 0.1, (16000, 2)), 16000, [(0, "bell"), (0.5, "wood")]),
    "sound_picture of one channel": lambda: plots.sound_picture(RNG.normal(0, 0.1, 8000), 8000, top=3000),
    "film_strip": lambda: plots.film_strip(FILM, [(3, LONG), (3, "twice"), (9, "it ends")]),
    "film_strip without events": lambda: plots.film_strip(FILM),
    "pair_counts": lambda: plots.pair_counts([[1000, 0], [12, 3]], ["orange", "purple"], ["triangle", "square"]),
    "panels": lambda: plots.panels([
        {"title": "Noise", "x": ["none", "much"], "curves": {"a": [[1, 0.5], [1, 0.4]], "b": [1, 0.45]}},
        {"title": "Gaps", "x": [0, 20], "curves": {"one": [1, 0.8]}, "expected": {"possible": [1, 0.8]}, "xlabel": "%"},
        {"title": "Third", "x": [0, 20], "curves": {"one": [0, 0.8]}},
    ]),
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn():
    """Each figure, drawn once."""
    made = {}

    def get(name):
        if name not in made:
            made[name] = FIGURES[name]()
        return made[name]

    return get


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_is_clipped(name, drawn):
    fig = drawn(name)
    fig.canvas.draw()
    whole = fig.bbox
    kept = set()  # labels of ticks outside the axes, which Matplotlib keeps but does not draw
    for axis in [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]:
        kept |= set(map(id, {tick.label1 for tick in [*axis.majorTicks, *axis.minorTicks]}))
        kept -= set(map(id, {tick.label1 for tick in axis._update_ticks()}))
    for text in fig.findobj(Text):
        if not text.get_text().strip() or not text.get_visible() or id(text) in kept:
            continue
        box = text.get_window_extent()
        inside = box.x0 >= whole.x0 - 1.5 and box.x1 <= whole.x1 + 1.5
        inside = inside and box.y0 >= whole.y0 - 2.5 and box.y1 <= whole.y1 + 2.5
        assert inside, f"{text.get_text()!r} leaves the figure: {box} of {whole}"


@pytest.mark.parametrize("name", FIGURES)
def test_a_notebook_shows_it_once_as_svg_and_nothing_is_printed(name, capfd):
    from matplotlib import _pylab_helpers

    fig = FIGURES[name]()
    shown = fig._repr_mimebundle_()
    assert ET.fromstring(shown["image/svg+xml"]).tag.endswith("svg")
    assert fig.get_figwidth() <= 12 and not _pylab_helpers.Gcf.get_all_fig_managers()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["schematic_captioner", "lines", "beam_tree"])
def test_the_same_bytes_at_each_run(name):
    assert FIGURES[name]().to_svg() == FIGURES[name]().to_svg()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: plots.scenes(SCENES, ["one"]), "One of captions for each picture. Received: 1 for 4"),
        (lambda: plots.scene("star"), "Not a picture. Received: 'star'"),
        (lambda: plots.attention_over_words(SCENES[0], WORDS, MAPS[:3]), "Received: 9 words"),
        (lambda: plots.lines([1, 2], {"a": [1]}), "Received: 'a' of shape"),
        (lambda: plots.looks_over_words(SCENES[0], WORDS, {"a": MAPS[:3]}), "Received: 'a' of shape (3, 8, 8)"),
        (lambda: plots.schematic_looking(drawn=(8, 0)), "Received: drawn=(8, 0)"),
        (lambda: plots.beam_tree([TREE[0], [(3, "x", 0.0, True)]]), "Received: parent=3"),
        (lambda: plots.table([(1, 2)], ["a"]), "Received: row 0 with 2 cells"),
        (lambda: plots.utterances(UTTERANCES, ["one"]), "Received: 3 items, titles=['one']"),
        (lambda: plots.spaces({"a": (np.eye(2), np.eye(3))}, ["x", "y"]), "Received: 'a' of shapes (2, 2) and (3, 3)"),
        (lambda: plots.schematic_contrast(SCENES[:3], ["a"], np.eye(3)), "Received: 3 pictures, 1 captions"),
        (lambda: plots.trajectories({"a": np.zeros(3)}, "x", "y"), "Received: 'a' of shape (3,)"),
        (lambda: plots.word_map(np.zeros((2, 2)), ["a"], ["x", "y"]), "Received: 2 points, 1 words, 2 kinds"),
        (lambda: plots.vector_cloud(np.zeros((1, 2)), ["pink"]), "Received: group 'pink'"),
        (lambda: plots.cards(SCENES[:1], ["a"], [""]), "Received: 1 pictures"),
        (lambda: plots.experts({"t": dict.fromkeys("abc", (0, 1))}), "Received: experts ['a', 'b', 'c']"),
        (lambda: plots.seed_dots({"x": {"a": [1]}, "y": {"b": [1]}}), "Received: methods ['b'] in 'y'"),
        (lambda: plots.panels([{"title": "t", "x": [1, 2], "curves": {"a": [1]}}]), "Received: 'a' of shape (1, 1)"),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        call()


def test_the_mark_below_a_caption_says_what_the_scene_says():
    things = (Thing("star", "red", "large", 300, 500, 150), Thing("circle", "blue", "small", 800, 500, 90))

    def written(caption):
        return [t.get_text() for t in plots.scenes([Scene(things)], [caption]).texts]

    assert "✓ true · names 1 of 2" in written("a red star")
    assert "✗ false · names 0 of 2" in written("a green cross")


def test_the_scene_graph_tells_every_relation_once():
    from matplotlib.patches import FancyArrowPatch

    for truth in [*SCENES, Scene(CORNERS)]:
        fig = plots.scene_graph(truth)
        words = [t.get_text() for t in fig.findobj(Text)]
        told = " and ".join(words)
        wanted = [r for _, r, _ in truth.relations()]
        for one, other in (("left of", "right of"), ("above", "below")):
            assert told.count(one) == wanted.count(one) == wanted.count(other) and other not in told
        pairs = {(i, j) for i, r, j in truth.relations() if r in ("left of", "above")}
        assert len(fig.findobj(FancyArrowPatch)) == len(pairs)
        assert all(thing.shape in words and f"{thing.size}, {thing.colour}" in words for thing in truth.things)


def test_held_out_pairs_are_said_in_words():
    words = [t.get_text() for t in plots.pair_counts([[1000, 0], [12, 3]], "ab", "cd").findobj(Text)]
    assert words.count("held out") == 1 and "1,000" in words


def test_the_strip_shows_the_frames_of_events_at_their_times():
    fig = plots.film_strip(FILM, [(3, "a flash"), (3, "a bounce")], fps=12)
    words = [t.get_text() for t in fig.texts]
    assert [w for w in words if w.endswith(" s")] == ["0.0 s", "0.2 s", "0.9 s"]
    assert "a flash; a bounce" in " ".join(words)
    shown = [np.asarray(ax.images[0].get_array()) for ax in fig.axes]
    assert all(np.array_equal(a, FILM[k]) for a, k in zip(shown, (0, 3, 11), strict=True))


def test_attention_lifts_the_fog_where_the_weight_is():
    image = np.full((80, 80, 3), 250, "uint8")
    weights = np.zeros((4, 4))
    weights[1, 2] = 1
    shown = pictures.in_fog(image, weights)
    assert shown[30, 50].min() > 245 and shown[70, 10].max() < 180


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_names_at_the_ends_of_curves_never_touch(wanted):
    placed = np.sort(curves.spread(wanted, 7.0))
    assert np.all(np.diff(placed) > 6.5)
    if len(wanted) == 1:
        assert placed[0] == wanted[0]


def test_a_table_says_where_it_is_chinese():
    made = plots.table([["红色", "red", 1], ["blue", "蓝色", 2]], ["word", "meaning", "n"])
    assert '<th scope="row" lang="zh-Hans">红色</th><td>red</td>' in made
    assert '<th scope="row">blue</th><td lang="zh-Hans">蓝色</td>' in made


def test_tables_and_cards_escape_what_they_are_given():
    shown = plots.table([("a<b", 0.5), ("c", "7%")], ["<name>", "truth"], highlight=[1], caption="x & y")._repr_html_()
    assert all(part in shown for part in ("a&lt;b", "&lt;name&gt;", "x &amp; y"))
    assert shown.count('class="mm-best"') == 1
    assert '<th scope="col">truth</th>' not in shown and '<th scope="col" class="mm-number">truth</th>' in shown
    words = plots.table([("goes in", "a", "2"), ("comes out", "red", "")], ["step", 1, 2])
    assert '<th scope="col">1</th>' in words and '<td class="mm-number">2</td>' in words
    assert 'tabindex="0"' in shown and 'aria-label="x &amp; y"' in shown
    card = plots.cards(SCENES[:1], ["一颗星"], ['a "star"'], language="zh")
    assert 'lang="zh-Hans"' in card and 'alt="a &quot;star&quot;"' in card and "data:image/png;base64," in card


def test_leaks_and_scaled_features_say_what_they_were_given():
    words = [text.get_text() for text in FIGURES["leaks"]().findobj(Text)]
    assert "+40.0" in words and "±0.0" in words
    assert "1 beyond →" in [text.get_text() for text in FIGURES["scaled_feature"]().findobj(Text)]
