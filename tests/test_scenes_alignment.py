"""Which words name which things, and where: against a second reading of captions, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene_oracle import random_scene, thing

from mmcourse.scenes import Scenes
from mmcourse.scenes import language as lang
from mmcourse.scenes.alignment import Phrase, align, phrase_cells, thing_cells
from mmcourse.scenes.image import masks, region_shares
from mmcourse.scenes.language import chinese, english
from mmcourse.scenes.scene import Scene
from mmcourse.text import tokenize

RED_STAR, BLUE_STAR = thing("large red star", 250, 300), thing("small blue star", 780, 700)
CIRCLE = thing("small red circle", 700, 200)
PAIR = Scene((RED_STAR, CIRCLE, BLUE_STAR))


def said(caption, scene=PAIR, language="en"):
    words = tokenize(caption, language)
    join = " ".join if language == "en" else "".join
    return [(join(words[p.first : p.last + 1]), p.things) for p in align(caption, scene, language)]


def test_phrases_by_hand():
    assert said("A large red star is above a blue star.") == [("large red star", (0,)), ("blue star", (2,))]
    assert said("There are two stars, one red and one blue, and there is a circle.") == [
        ("stars", (0, 2)), ("red", (0,)), ("blue", (2,)), ("circle", (1,)),
    ]  # fmt: skip
    assert said("There are two red things, a star and a circle.") == [
        ("red things", (0, 1)), ("star", (0,)), ("circle", (1,)),
    ]  # fmt: skip
    assert said("There is no square. There is a star.") == [("star", (0, 2))], "either star is right"
    assert said("A blue star is below a red one.") == [("blue star", (2,))], "what is not understood names nothing"
    assert said("A green star.") == [("green star", ())], "nothing fits"
    assert said("") == []


def test_what_is_said_elsewhere_narrows_a_phrase():
    assert said("A star is below a circle. The star is blue.")[0] == ("star", (2,))
    assert said("A blue star. The star is small.") == [("blue star", (2,)), ("star", (2,))]


def test_phrases_in_chinese():
    assert said("一颗红色的大星星在一个圆形的左边。", language="zh") == [("红色的大星星", (0,)), ("圆形", (1,))]
    assert said("画面里有两颗星星，一红一蓝。", language="zh") == [("星星", (0, 2)), ("一红", (0,)), ("一蓝", (2,))]


@pytest.mark.parametrize("language", lang.LANGUAGES)
def test_every_caption_names_all_things_and_each_phrase_is_made_of_the_words_of_its_things(language):
    """The words of a phrase, looked up in the tables, say nothing that is false of its things."""
    grammar = {"en": english, "zh": chinese}[language]
    tables = {"shape": grammar.NOUNS, "colour": grammar.COLOUR_WORDS}
    ways = {
        (attribute, word): value
        for attribute, table in tables.items() for value, names in table.items()
        for name in names for word in name.split("|") if word
    }  # fmt: skip
    seen = 0
    for i in range(400):
        scene = random_scene(i)
        for caption in lang.captions(scene, language):
            words = tokenize(caption, language)
            phrases = align(caption, scene, language)
            assert {k for p in phrases for k in p.things} == set(range(len(scene))), caption
            assert all(0 <= p.first <= p.last < len(words) for p in phrases), caption
            assert [p.first for p in phrases] == sorted(p.first for p in phrases)
            for p in phrases:
                text = words[p.first : p.last + 1]
                tokens = text if language == "en" else ["".join(text)]
                for (attribute, word), value in ways.items():
                    if (word in tokens) if language == "en" else tokens[0].endswith(word) and attribute == "shape":
                        assert p.things and all(getattr(scene.things[k], attribute) == value for k in p.things), caption
                        seen += 1
    assert seen > 1000


def test_claims_are_those_of_parse():
    for i in range(100):
        for language in lang.LANGUAGES:
            for caption in lang.captions(random_scene(i), language):
                assert lang.parse_phrases(caption, language)[0] == lang.parse(caption, language)


@settings(deadline=None)
@given(st.lists(st.sampled_from([*lang.words("en"), "two", "zebra", "."]), max_size=14))
def test_any_text_is_read(words):
    text = " ".join(words)
    length = len(tokenize(text))
    for p in align(text, PAIR):
        assert isinstance(p, Phrase) and 0 <= p.first <= p.last < length


@settings(deadline=None)
@given(st.lists(st.sampled_from([*lang.words("zh"), "，", "马"]), max_size=14))
def test_any_chinese_text_is_read(words):
    text = "".join(words)
    for p in align(text, PAIR, "zh"):
        assert 0 <= p.first <= p.last < len(tokenize(text, "zh"))


def test_errors():
    with pytest.raises(ValueError, match="Received: language='fr'"):
        align("x", PAIR, "fr")
    with pytest.raises(TypeError, match="Received: int"):
        align(3, PAIR)


def test_cells_are_what_the_masks_say():
    for scene in Scenes("test", n=40).truths():
        drawn = masks(scene, 64).reshape(len(scene), 8, 8, 8, 8).mean((2, 4))  # the mean over each cell's pixels
        for mask, cells in zip(drawn, thing_cells(scene), strict=True):
            least = min(0.25, mask.max())
            clear = np.abs(mask - least) > 1e-5
            np.testing.assert_array_equal(cells[clear], (mask >= least)[clear])
            assert cells.any()


def test_small_things_have_a_cell_and_hidden_ones_none():
    small = Scene((thing("small red cross", 512, 512),))
    assert region_shares(small, 2, 2).max() < 0.25 and thing_cells(small, 2, 2).any()
    behind = Scene((thing("small red circle", 512, 512), thing("large blue square", 512, 512)))
    assert not thing_cells(behind)[0].any() and thing_cells(behind)[1].any()
    assert thing_cells(Scene(())).shape == (0, 8, 8)


def test_a_phrase_is_right_on_any_thing_it_fits():
    phrases = align("There is a star and a green star and a red circle.", PAIR)
    cells, things = phrase_cells(phrases, PAIR, 4, 6), thing_cells(PAIR, 4, 6)
    np.testing.assert_array_equal(cells[0], things[0] | things[2])
    assert not cells[1].any()
    np.testing.assert_array_equal(cells[2], things[1])
    assert phrase_cells((), PAIR).shape == (0, 8, 8)
