"""The schematic of two towers, and the search box: its numbers are Python's, whatever is typed."""

import json
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from figure_checks import check_drawing

from mmcourse import plots
from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE
from mmcourse.plots import searching
from mmcourse.retrieval import ImageTower, TextTower
from mmcourse.scenes import COLOURS, SHAPES, Scenes
from mmcourse.text import Vocabulary

N, D = 90, 32
EVIL = "<img src=x onerror=\"document.title='pwned'\"></div><script>document.title='pwned'</script> \" & '"


@pytest.fixture(scope="module")
def trained():
    """A tower that has learned what things are called: the picture's side is told which of 30 kinds it shows."""
    kinds = [f"{colour} {shape}" for colour in COLOURS for shape in SHAPES]
    words = Vocabulary.build([f"a {kind}" for kind in kinds])
    tokens = words.encode([f"a {kind}" for kind in kinds])
    towers = {"image": ImageTower(D), "text": TextTower(len(words), D)}
    model = DualEncoder(towers, InfoNCE())
    model.compile(keras.optimizers.Adam(0.02))
    model.fit({"image": np.eye(30, dtype="float32"), "text": tokens}, batch_size=30, epochs=60, verbose=0)
    scenes = Scenes("test", n=N, things=1)
    shown = [f"{s.things[0].colour} {s.things[0].shape}" for s in scenes.truths()]
    vectors = np.asarray(model.encode("image", np.eye(30, dtype="float32")[[kinds.index(one) for one in shown]]))
    return model, words, vectors, list(scenes), [f"a {one}" for one in shown]


def box_of(trained, query="red circle", **more):
    model, words, vectors, scenes, alts = trained
    return plots.search_box(model.encoders["text"], words, vectors, scenes, alts, query, **more)


def test_the_schematic_is_tidy():
    check_drawing(plots.schematic_towers(list(Scenes("test", n=3)), "a large red circle to the left of a star"))
    with pytest.raises(ValueError, match="2 pictures"):
        plots.schematic_towers(list(Scenes("test", n=2)), "a red circle")


def test_the_words_of_a_mean_tower_are_its_own(trained):
    model, words, vectors, *_ = trained
    tower = model.encoders["text"]
    table, bias = searching.word_vectors(tower)
    for query in ("red circle", "a green star", "star star blue"):
        found, unknown = searching.search(words, table, bias, vectors, query)
        expected = vectors @ np.asarray(model.encode("text", words.encode([query])))[0]
        np.testing.assert_allclose(found, expected, atol=1e-5)
        assert unknown == []
    assert searching.search(words, table, bias, vectors, "a dog, red")[1] == ["dog"]


def test_without_scripts_the_first_querys_answers_stand_there(trained):
    html = box_of(trained)
    page = BeautifulSoup(html, "html.parser")
    pictures = page.select("li .mm-search-it")
    assert len(pictures) == 8 and pictures[0]["aria-label"] == "a red circle" and pictures[0]["role"] == "img"
    assert page.select_one(".mm-search-ask").has_attr("hidden")
    assert page.select_one(".mm-search-says").text == "The first 8 of 90 pictures; the nearest shows a red circle."
    assert not re.search(r"(?:https?:)?//\w", re.sub(r"base64,[^\"')]*", "", html))
    assert html == box_of(trained) and len(html) < 400_000


def test_texts_are_escaped(trained):
    model, words, vectors, scenes, _ = trained
    html = plots.search_box(model.encoders["text"], words, vectors, scenes, [EVIL] * N, EVIL, [EVIL])
    page = BeautifulSoup(html, "html.parser")
    assert len(page.find_all("script")) == 1 and "pwned" not in page.script.string and not page.find("img")
    assert page.input["value"] == EVIL and [b.text for b in page.find_all("button")] == [EVIL, EVIL]
    assert json.loads(page.select_one(".mm-search")["data-of"])["alts"][0] == EVIL


def test_errors_name_what_came(trained):
    model, words, vectors, scenes, alts = trained
    other = TextTower(len(words), D, "lstm")
    other.build()
    with pytest.raises(ValueError, match="a tower of kind 'lstm', pooling 'last'"):
        plots.search_box(other, words, vectors, scenes, alts, "red")
    with pytest.raises(ValueError, match="90 vectors, 89 pictures, 90 alts"):
        plots.search_box(model.encoders["text"], words, vectors, scenes[:-1], alts, "red")
    with pytest.raises(ValueError, match="none of them empty"):
        plots.search_box(model.encoders["text"], words, vectors, scenes, [" ", *alts[1:]], "red")


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_is_typed_is_found_with_pythons_numbers(chromium, trained, tmp_path, mode):
    model, words, vectors, _, alts = trained
    file = tmp_path / "a.html"
    file.write_text(f"<!doctype html><title>t</title><body>{box_of(trained, 'blue star', examples=['green cross'])}")
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=mode, offline=True)
    tab, said = context.new_page(), []
    tab.on("console", lambda m: said.append(m.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(file.as_uri())
    field = tab.get_by_role("searchbox", name="Look for")
    rounded = [searching.as_half(x) for x in (*searching.word_vectors(model.encoders["text"]), vectors)]

    def shown():
        return [(int(i.get_attribute("data-place")), float(i.get_attribute("data-cosine")))
                for i in tab.locator("li").all()]  # fmt: skip

    def expected(query):
        cosines, _ = searching.search(words, *rounded, query)
        order = np.argsort(-cosines, kind="stable")[:8]
        return [(int(i), cosines[i]) for i in order]

    tab.keyboard.press("Tab")  # the field is the first stop: everything works by keyboard
    assert tab.evaluate("document.activeElement.type") == "search"
    for query in ("red circle", "GREEN  star!", "a yellow square, please", "İ ｒｅｄ 12.5 it's"):
        field.fill("")
        tab.keyboard.type(query)
        for (i, got), (j, wanted) in zip(shown(), expected(query), strict=True):
            assert i == j and abs(got - wanted) < 1e-5
            exact = vectors[i] @ np.asarray(model.encode("text", words.encode([query])))[0]
            assert "please" in query or "it" in query or abs(got - exact) < 1e-3
        unknown = searching.search(words, *rounded, query)[1]
        assert all(word in tab.locator(".mm-search-says").inner_text() for word in unknown)
    field.fill("red circle")
    right = min(8, alts.count("a red circle"))
    assert right >= 2 and {alts[i] for i, _ in shown()[:right]} == {"a red circle"}
    assert tab.locator("li [role=img]").first.get_attribute("aria-label") == "a red circle"
    field.fill(EVIL[:120])
    assert shown() == [] and tab.title() == "t" and tab.locator("li img, .mm-search-says *").count() == 0
    assert "no word here that the tower has learned" in tab.locator(".mm-search-says").inner_text()
    tab.get_by_role("button", name="green cross").click()
    assert field.input_value() == "green cross" and shown()[0][0] == expected("green cross")[0][0]
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off on a phone"
    assert said == []
    context.close()


@pytest.mark.browser
def test_each_picture_is_cut_out_of_the_sheet_where_it_is(chromium, trained, tmp_path):
    """The colour in the middle of what is shown is that of the picture itself."""
    import io

    from PIL import Image

    *_, alts = trained
    model, words, vectors, *_ = trained
    flat = [np.full((64, 64, 3), (10 + 2 * i, 255 - 2 * i, 128), "uint8") for i in range(N)]
    html = plots.search_box(model.encoders["text"], words, vectors, flat, alts, "red circle", shown=N)
    (tmp_path / "a.html").write_text(f"<!doctype html><title>t</title><body style='background:#fff'>{html}")
    tab = chromium.new_page(viewport={"width": 900, "height": 900})
    tab.goto((tmp_path / "a.html").as_uri())
    for item in tab.locator("li").all()[::9]:
        shot = Image.open(io.BytesIO(item.locator(".mm-search-it").screenshot())).convert("RGB")
        i, side = int(item.get_attribute("data-place")), shot.size[0]
        for x in (0.06, 0.5, 0.94):
            colour = shot.getpixel((int(x * side), side // 2))
            np.testing.assert_allclose(colour, (10 + 2 * i, 255 - 2 * i, 128), atol=9)
    tab.close()
