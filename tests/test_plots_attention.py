"""Drawings of attention, and attention to try: what is shown is what mmcourse computes, by mouse and by keyboard."""

import importlib.resources
import json
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from mmcourse import plots
from mmcourse.attention import scaled_dot_product_attention
from mmcourse.image import colour_shares
from mmcourse.scenes import COLOURS, Scenes

ITEM = Scenes("test", n=3)[0]
KEYS = colour_shares(ITEM.image)
THINGS = {"thing <b>": np.arange(16).reshape(4, 4) < 2}


def explorer(query=None, temperature=0.01, alt="A scene & more", things=THINGS):
    return plots.attention_explorer(ITEM, KEYS, query or {"red": 1, "blue": 0.5}, temperature, alt, things)


def true_weights(query, tau, keys=KEYS):
    q = np.array([query.get(name, 0) for name in COLOURS]) / tau
    k = np.asarray(keys, "float64").reshape(1, 16, 6)
    return np.asarray(scaled_dot_product_attention(q[None, None], k, k, return_weights=True)[1])[0, 0]


@pytest.mark.parametrize("query", [{"red": 1}, {"green": 0.4, "purple": 1}, {}])
@pytest.mark.parametrize("tau", [1, 0.1, 0.01])
def test_what_stands_there_without_scripts_is_what_mmcourse_computes(query, tau):
    page = BeautifulSoup(plots.attention_explorer(ITEM, KEYS, query, tau, "A scene", THINGS), "html.parser")
    shown = [float(button["data-weight"]) for button in page.find_all("button")]
    expected = true_weights(query, tau)
    np.testing.assert_allclose(shown, expected, rtol=1e-4, atol=1e-7)
    assert [int(button.text) for button in page.find_all("button")] == [int(100 * w + 0.5) for w in shown]
    mass = int(100 * sum(shown[:2]) + 0.5)
    assert f"On the thing <b>: {mass} % (by chance 13 %)." in page.select_one(".mm-ask-says").text
    assert page.select_one(".mm-ask-controls").has_attr("hidden"), "what needs a script shows only with it"


def test_it_has_names_and_words_and_nothing_from_outside():
    html = explorer(alt='a "quoted" <script>alert(1)</script> & more')
    page = BeautifulSoup(html, "html.parser")
    assert page.select_one("[role=img]")["aria-label"] == 'a "quoted" <script>alert(1)</script> & more'
    assert all(tag["aria-label"] for tag in page.find_all(["button", "input"]))
    assert [button["tabindex"] for button in page.find_all("button")] == ["0"] + 15 * ["-1"]
    assert json.loads(page.select_one(".mm-ask")["data-of"])["things"]["thing <b>"] == 2 * [True] + 14 * [False]
    assert not re.search(r"(?:https?:)?//\w", re.sub(r"base64,[^\"')]*", "", html))
    assert html == explorer(alt='a "quoted" <script>alert(1)</script> & more')


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: explorer({"pink": 1}), "pink"),
        (lambda: explorer(temperature=0), "temperature=0"),
        (lambda: explorer(alt=" "), "alt=' '"),
        (lambda: plots.attention_explorer(ITEM, KEYS[0], {}, 1, "a"), "(4, 6)"),
        (lambda: plots.saturation([1, 2], {"a": {"x": [1, 2]}, "b": {"y": [1, 2]}}), "[['x'], ['y']]"),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_the_drawings_are_drawn_and_the_same_twice():
    values = np.stack(np.divmod(np.arange(16), 4), 1)
    scores = KEYS.reshape(16, 6)[:, 0] * 40

    def drawn():
        sizes = [4, 16, 64]
        yield plots.schematic_attention(ITEM, KEYS, np.eye(6)[0], scores, values, shown=(0, 5, 9)).to_svg()
        panels = {"variance of it": {"a": sizes, "b": [1, 1, 1]}, "entropy": {"a": [3, 2, 1], "b": [2, 2, 2]}}
        yield plots.saturation(sizes, panels, {"entropy": (2.8, "at most")}).to_svg()

    assert list(drawn()) == list(drawn())


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    path = tmp_path_factory.mktemp("ask") / "a.html"
    path.write_text(
        '<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>t</title>'
        f"</head><body><main><h1>t</h1>{explorer()}{explorer()}</main></body></html>",
        "utf8",
    )

    def open_(width=1280):
        tab = chromium.new_page(viewport={"width": width, "height": 800})
        tab.goto(path.as_uri())
        return tab

    return open_


def state(tab):
    """(query, τ, weights) as the first one shows them."""
    return tab.evaluate(
        """() => { const box = document.querySelector(".mm-ask"), of = q => [...box.querySelectorAll(q)];
        return [Object.fromEntries(of("[data-colour]").map(i => [i.dataset.colour, Number(i.value)])),
                10 ** Number(of(".mm-ask-heat")[0].value), of("button").map(b => Number(b.dataset.weight))]}"""
    )


@pytest.mark.browser
def test_sliders_move_the_weights_by_keyboard_and_they_are_those_of_mmcourse(page):
    tab, seen = page(), []
    for selector, key in (
        ('[data-colour="red"]', "Home"), ('[data-colour="green"]', "End"), ('[data-colour="green"]', "ArrowLeft"),
        (".mm-ask-heat", "ArrowRight"), (".mm-ask-heat", "End"), (".mm-ask-heat", "Home"),
    ):  # fmt: skip
        tab.locator(f".mm-ask >> nth=0 >> {selector}").focus()
        tab.keyboard.press(key)
        query, tau, weights = state(tab)
        np.testing.assert_allclose(weights, true_weights(query, tau), rtol=1e-4, atol=1e-7)
        seen.append(tuple(weights))
    assert len(set(seen)) == len(seen), "each key moved something"
    second = tab.locator(".mm-ask").nth(1).locator("button").all_inner_texts()
    assert second == [str(int(100 * w + 0.5)) for w in true_weights({"red": 1, "blue": 0.5}, 0.01)], "it stands still"
    tab.close()


@pytest.mark.browser
def test_regions_are_one_stop_and_ask_for_their_colours(page):
    tab = page()
    buttons = tab.locator(".mm-ask >> nth=0 >> button")
    buttons.first.focus()
    for key in ("ArrowUp", "ArrowLeft", "ArrowRight", "ArrowDown"):  # beyond the edge nothing happens
        tab.keyboard.press(key)
    assert tab.evaluate("document.activeElement.getAttribute('aria-label')").startswith("row 2, column 2")
    brightest = int(np.argmax(KEYS.reshape(16, 6).max(1)))
    buttons.nth(brightest).focus()
    tab.keyboard.press("Enter")
    query, tau, weights = state(tab)
    key = KEYS.reshape(16, 6)[brightest]
    np.testing.assert_allclose(list(query.values()), key / key.max(), atol=0.026)  # a slider has steps
    np.testing.assert_allclose(weights, true_weights(query, tau), rtol=1e-4, atol=1e-7)
    grey = int(np.argmin(KEYS.reshape(16, 6).max(1)))
    assert not KEYS.reshape(16, 6)[grey].any()
    buttons.nth(grey).click()
    np.testing.assert_allclose(state(tab)[2], 1 / 16)
    said = tab.locator(".mm-ask-says").first.inner_text()
    assert said.startswith("Most weight: row 1, column 1: 6 %") and "On the thing <b>: 13 % (by chance 13 %)." in said
    for _ in buttons.all():  # from wherever one was last, whatever was pressed
        tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.dataset.colour") == "red", "one stop for all regions"
    tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_and_axe_finds_no_violation(page, width):
    tab = page(width)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.evaluate(importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf8"))
    found = tab.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
    assert found == []
    tab.close()
