"""The built site in Chromium, from ``file://`` and without a network: what a reader meets, in light and dark, wide and
narrow, by mouse and by keyboard.

The site is looked for in ``MMCOURSE_HTML`` (default: ``_build/html``), Chromium in ``MMCOURSE_CHROMIUM`` (default:
``/usr/bin/chromium``, else the one that Playwright installs). Each page is opened once in each mode; the tests read
what was found there.
"""

import functools
import importlib.resources
import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
SITE = Path(os.environ.get("MMCOURSE_HTML", ROOT / "_build" / "html")).resolve()
LOCAL = ("file:", "data:", "blob:", "about:")
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.glob("book/*.html"))
MODES = ("light", "dark")
EVERYWHERE = [(page, mode) for page in [*PAGES, "search.html"] for mode in MODES] if PAGES else [("none", "light")]


@pytest.fixture(scope="session")
def browser(chromium):
    if not PAGES:
        pytest.fail(f"The site is not built. Received: MMCOURSE_HTML={SITE}. Run `make book` first.")
    return chromium


@pytest.fixture(scope="session")
def opened(browser):
    """``opened(page, mode, size)`` -> (the page, what it asked for outside, what it said on the console)."""
    contexts = {}

    def open_(page, mode="light", size=WIDE):
        key = (mode, size["width"])
        if key not in contexts:
            contexts[key] = browser.new_context(viewport=size, color_scheme=mode, reduced_motion="reduce")
            contexts[key].set_default_timeout(60_000)
        tab, outside, said = contexts[key].new_page(), [], []

        tab.on("request", lambda r: None if r.url.startswith(LOCAL) else outside.append(r.url))
        tab.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("requestfailed", lambda r: said.append(f"failed: {r.url}") if r.url.startswith("file:") else None)
        tab.goto(f"{(SITE / page.partition('?')[0]).as_uri()}{page[len(page.partition('?')[0]) :]}")
        tab.evaluate("window.MathJax?.startup?.promise?.then(() => null)")
        return tab, outside, said

    yield open_
    for context in contexts.values():
        context.close()


# What is read from a page, once: everything that needs no click.
READ = """() => {
  const article = document.querySelector("article") || document.body;
  const formulas = [...article.querySelectorAll("mjx-container")];
  return {
    theme: document.documentElement.dataset.theme,
    pictures: [...document.images].filter(i => !(i.complete && i.naturalWidth > 0)).map(i => i.src.slice(0, 120)),
    unnamed: [...article.querySelectorAll("img")].filter(i => !i.alt.trim()).map(i => i.src.slice(0, 120)),
    formulas: formulas.length,
    empty: formulas.filter(f => f.getBoundingClientRect().width === 0 && f.offsetParent).length,
    broken: [...article.querySelectorAll("mjx-merror, [data-mjx-error]")].map(e => e.textContent.slice(0, 80)),
    raw: [...article.querySelectorAll(".math")].filter(m => !m.querySelector("mjx-container")).length,
    font: getComputedStyle(document.body).fontFamily,
    faces: [...document.fonts].filter(f => f.status === "error").map(f => f.family),
  };
}"""

AXE_RUN = """async (tags) => (await axe.run(document, {runOnly: tags, preload: false})).violations.map(v =>
  `${v.id} (${v.help}): ` + v.nodes.slice(0, 4).map(n =>
    [n.target.join(" "), n.html.slice(0, 140), (n.any[0] || n.all[0] || n.none[0] || {}).message].join(" | ")
  ).join(" ;; "))"""


@pytest.fixture(scope="session")
def visit(opened):
    """``visit(page, mode)`` -> all that was found on that page in that mode, read once."""
    axe = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf8")

    @functools.cache
    def read(page, mode):
        tab, outside, said = opened(page, mode)
        found = tab.evaluate(READ)
        tab.evaluate("document.querySelectorAll('.bd-article details').forEach(d => d.open = true)")
        tab.evaluate(axe)
        found["axe"] = tab.evaluate(AXE_RUN, AXE)
        tab.close()
        return SimpleNamespace(**found, outside=outside, said=said)

    return read


@pytest.mark.parametrize("page, mode", EVERYWHERE)
def test_the_page_asks_for_nothing_outside_and_the_console_is_silent(visit, page, mode):
    found = visit(page, mode)
    assert found.outside == []
    assert found.said == []
    assert found.theme == mode, "the page does not follow the system's colours"


@pytest.mark.parametrize("page, mode", EVERYWHERE)
def test_axe_finds_no_violation(visit, page, mode):
    assert not visit(page, mode).axe, "\n".join(visit(page, mode).axe)


@pytest.mark.parametrize("page", PAGES)
def test_figures_load_and_mathematics_is_set(visit, page):
    found = visit(page, "light")
    assert found.pictures == [] and found.unnamed == []
    assert found.broken == [] and found.empty == 0 and found.raw == 0
    assert found.faces == [] and "Literata" in found.font


def test_some_page_has_mathematics(visit):
    assert any(visit(page, "light").formulas for page in PAGES)


SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  const guilty = [...document.querySelectorAll("article *")].filter(e => {
    if (e.closest("mjx-assistive-mml") || e.getBoundingClientRect().right <= wide + 1) return false;
    for (let p = e.parentElement; p; p = p.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(p).overflowX)) return false;
    return true;
  });
  const locked = [...document.querySelectorAll("article *")].filter(e =>
    ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1 &&
    e.tabIndex < 0 && !e.querySelector("a, button, input, [tabindex='0']") && e.offsetParent);
  const name = e => `${e.tagName}.${e.className}`.slice(0, 100);
  return {over: document.documentElement.scrollWidth - wide, guilty: guilty.map(name), locked: locked.map(name)};
}"""


@pytest.mark.parametrize("page", PAGES or ["none"])
def test_a_phone_scrolls_only_downwards_and_wide_boxes_by_keyboard(opened, page):
    tab, _, _ = opened(page, "light", NARROW)
    tab.evaluate("document.querySelectorAll('.bd-article details').forEach(d => d.open = true)")
    tab.wait_for_timeout(100)  # the boxes that have just opened are measured
    found = tab.evaluate(SIDEWAYS)
    tab.close()
    assert found["over"] <= 0, f"wider than the phone: {found['guilty'][:5]}"
    assert found["locked"] == [], "these scroll sideways but cannot be reached by keyboard"


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
            tab.wait_for_function("document.querySelector('li:target')?.closest('details').open")
            box = claim.bounding_box()
            assert 0 < box["y"] < size["height"] and box["width"] > 200
            tab.evaluate("document.querySelectorAll('details.mm-evidence').forEach(d => d.open = false)")
        assert said == []
        tab.close()


def test_sounds_have_their_length_and_a_film_follows_its_soundtrack(opened):
    page = next((p for p in PAGES if "mm-film" in (SITE / p).read_text("utf8")), None)
    assert page, "no page has a film"
    tab, outside, said = opened(page)
    tab.wait_for_function("[...document.querySelectorAll('.mm-player audio')].every(a => a.duration > 0.5)")
    assert tab.evaluate("[...document.querySelectorAll('audio')].every(a => a.paused && !a.loop)"), "nothing plays yet"
    tab.locator(".mm-film audio").first.focus()
    tab.keyboard.press("Space")
    tab.wait_for_function("Number(document.querySelector('.mm-film .mm-screen').dataset.frame) >= 3")
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
