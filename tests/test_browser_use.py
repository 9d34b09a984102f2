"""The built site in Chromium, as a reader uses it: by mouse and by keyboard."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from built_site import NARROW, PAGES, ROOT, SITE, WIDE

pytestmark = pytest.mark.browser


def until(tab, holds):
    """Wait until an expression is true. (A page's policy forbids the eval by which ``wait_for_function`` waits.)"""
    for _ in range(300):
        if tab.evaluate(holds):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"after fifteen seconds it is still false: {holds}")


def test_the_switch_changes_the_colours_and_they_stay(opened):
    tab, _, _ = opened(PAGES[0])
    seen = set()
    for _ in range(3):
        tab.locator(".article-header-buttons .theme-switch-button").click()
        seen.add(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(seen) == 2, f"light and dark have different paper: {seen}"
    while tab.evaluate("document.documentElement.dataset.mode") != "dark":
        tab.locator(".article-header-buttons .theme-switch-button").click()
    tab.reload()
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    tab.evaluate("localStorage.clear()")
    tab.close()


def test_colab_opens_the_pages_own_notebook(opened):
    found = {}
    for page in PAGES:
        text = (SITE / page).read_text("utf8")
        links = re.findall(r'href="(https://colab\.research\.google\.com/[^"]+)"', text)
        if links:
            found[Path(page).stem] = set(links)
    assert found, "no page has a Colab button"
    for name, links in found.items():
        assert all(link.endswith(f"/notebooks/{name}.ipynb") for link in links), (name, links)
        assert (ROOT / "notebooks" / f"{name}.ipynb").is_file()


def test_a_quiz_is_answered_by_keyboard_alone(opened):
    page = next((p for p in PAGES if 'class="mm-quiz' in (SITE / p).read_text("utf8")), None)
    assert page, "no page has a quiz"
    tab, _, _ = opened(page)
    question = tab.locator(".mm-quiz fieldset:has(input[type=radio])").first
    count = question.locator("input[type=radio]").count()
    heard = []
    for option in range(count):
        question.locator("input[type=radio]").first.focus()
        tab.keyboard.press("Space")
        for _ in range(option):
            tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.tagName") == "BUTTON", "the button follows the options"
        tab.keyboard.press("Enter")
        heard.append(question.locator("[aria-live]").inner_text())
    assert all(len(said) > 15 for said in heard) and len(set(heard)) == count, heard
    assert sum(said.startswith("Right") for said in heard) == 1
    tab.close()


def test_a_mark_opens_the_evidence_that_it_leads_to(opened):
    page = next((p for p in PAGES if 'class="mm-claim"' in (SITE / p).read_text("utf8")), None)
    assert page, "no page has a mark"
    for size in (WIDE, NARROW):
        tab, _, said = opened(page, "light", size)
        mark = tab.locator("a.mm-claim").last
        claim = tab.locator(f"[id='{mark.get_attribute('href')[1:]}']")
        for _ in range(2):  # the second time the address stays the same
            assert not claim.is_visible()
            mark.focus()
            tab.keyboard.press("Enter")
            until(tab, "document.querySelector('li:target')?.closest('details').open")
            box = claim.bounding_box()
            assert 0 < box["y"] < size["height"] and box["width"] > 200
            tab.evaluate("document.querySelectorAll('details.mm-evidence').forEach(d => d.open = false)")
        assert said == []
        tab.close()


def test_sounds_have_their_length_and_a_film_follows_its_soundtrack(opened):
    page = next((p for p in PAGES if "mm-film" in (SITE / p).read_text("utf8")), None)
    assert page, "no page has a film"
    tab, outside, said = opened(page)
    until(tab, "[...document.querySelectorAll('.mm-player audio')].every(a => a.duration > 0.5)")
    assert tab.evaluate("[...document.querySelectorAll('audio')].every(a => a.paused && !a.loop)"), "nothing plays yet"
    tab.locator(".mm-film audio").first.focus()
    tab.keyboard.press("Space")
    until(tab, "Number(document.querySelector('.mm-film .mm-screen').dataset.frame) >= 3")
    assert tab.evaluate("parseFloat(document.querySelector('.mm-screen').style.backgroundPositionX)") > 0
    assert tab.locator(".mm-player figcaption").first.inner_text().strip(), "what is heard stands there in words"
    assert outside == said == []
    tab.close()


def test_attention_can_be_tried_and_its_numbers_are_those_of_mmcourse(opened):
    from mmcourse.attention import scaled_dot_product_attention

    page = next((p for p in PAGES if 'class="mm-ask"' in (SITE / p).read_text("utf8")), None)
    assert page, "no page has attention to try"
    tab, outside, said = opened(page, "dark", NARROW)
    box = tab.locator(".mm-ask").first
    of = json.loads(box.get_attribute("data-of"))
    words = box.locator(".mm-ask-says").inner_text()
    box.locator('[data-colour="green"]').focus()
    tab.keyboard.press("End")
    query = np.array([float(one.input_value()) for one in box.locator("[data-colour]").all()])
    q = query / 10 ** float(box.locator(".mm-ask-heat").input_value())
    keys = np.array(of["keys"])[None]
    _, expected = scaled_dot_product_attention(q[None, None], keys, keys, return_weights=True)
    weights = [float(one.get_attribute("data-weight")) for one in box.locator("button").all()]
    np.testing.assert_allclose(weights, np.asarray(expected)[0, 0], rtol=1e-4, atol=1e-7)
    assert query[of["colours"].index("green")] == 1 and box.locator(".mm-ask-says").inner_text() != words
    assert outside == said == []
    tab.close()


def test_the_first_tab_stop_skips_to_the_text(opened):
    tab, _, _ = opened(PAGES[0])
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    tab.close()


def test_search_finds_a_word_without_a_server(opened):
    tab, outside, _ = opened("search.html?q=glossary")
    tab.locator("#search-results li").first.wait_for()
    assert any("glossary" in item.lower() for item in tab.locator("#search-results li").all_inner_texts())
    assert outside == []
    tab.close()


def test_the_landing_page_says_what_it_is_in_one_screen(opened):
    tab, _, _ = opened("book/index.html")
    for what in (".mm-ways", ".mm-hero img", ".mm-map"):
        box = tab.locator(what).first.bounding_box()
        assert box and box["y"] + box["height"] <= WIDE["height"], f"{what} ends below the first screen: {box}"
    tab.close()


def test_it_prints_without_the_frame(opened):
    tab, _, _ = opened(PAGES[0])
    tab.emulate_media(media="print")
    for frame in (".bd-sidebar-primary", ".prev-next-footer"):
        assert not tab.locator(frame).first.is_visible()
    assert tab.locator("article h1").first.is_visible()
    tab.close()
