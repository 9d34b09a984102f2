"""The built site in Chromium, page by page, in light and dark, wide and narrow: what a reader meets.

Each page is opened once in each mode; the tests read what was found there. All tests of a page are one group: one
process (``-n auto --dist loadgroup``) has them all.
"""

import functools
import importlib.resources
from types import SimpleNamespace

import pytest
from built_site import NARROW, PAGES, SITE

pytestmark = pytest.mark.browser

AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
MODES = ("light", "dark")


def of(page, *rest):
    return pytest.param(page, *rest, marks=pytest.mark.xdist_group(page))


EVERYWHERE = [of(page, mode) for page in [*PAGES, "search.html"] for mode in MODES] if PAGES else [("none", "light")]


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

# Five of six texts of a page are spans of highlighted code, thousands in a few colours, and axe takes longest over the
# contrast of each. Of those that look alike, on grounds that look alike, it gets one; the others become plain text.
ALIKE = """() => {
  const look = (e, ...of) => of.map(one => getComputedStyle(e)[one]).join();
  const seen = new Set(), again = [];
  for (const box of document.querySelectorAll("pre")) {
    let ground = "";
    for (let e = box; e; e = e.parentElement) ground += look(e, "backgroundColor", "backgroundImage", "opacity") + "/";
    for (const span of box.querySelectorAll("span:not(:has(*))")) {
      let looks = ground;
      for (let e = span; e !== box; e = e.parentElement)
        looks += look(e, "color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight") + "/";
      if (seen.has(looks)) again.push(span);
      seen.add(looks);
    }
  }
  again.forEach(span => span.replaceWith(span.textContent));
  document.body.normalize();
}"""

AXE_RUN = """async (tags) => (await axe.run(document, {runOnly: tags, preload: false, resultTypes: ["violations"]}))
  .violations.map(v => `${v.id} (${v.help}): ` + v.nodes.slice(0, 4).map(n =>
    [n.target.join(" "), n.html.slice(0, 140), (n.any[0] || n.all[0] || n.none[0] || {}).message].join(" | ")
  ).join(" ;; "))"""


@functools.cache
def axe():
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf8")


def violations(tab):
    """What axe finds on a page, whose code loses most of its colours."""
    tab.evaluate(ALIKE)
    tab.evaluate(axe())
    return tab.evaluate(AXE_RUN, AXE)


@pytest.fixture(scope="session")
def visit(opened):
    """``visit(page, mode)`` -> all that was found on that page in that mode, read once."""

    @functools.cache
    def read(page, mode):
        tab, outside, said = opened(page, mode)
        found = tab.evaluate(READ)
        tab.evaluate("document.querySelectorAll('.bd-article details').forEach(d => d.open = true)")
        found["axe"] = violations(tab)
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


@pytest.mark.parametrize("marked", ["", "style='color: #aaa'", "class=on"])
def test_axe_finds_the_one_span_that_is_hard_to_read(chromium, marked):
    code = "<span class=k>def</span> <span class=n>one</span> <span class=k>return</span>\n" * 50
    tab = chromium.new_page()
    tab.set_content(
        "<!doctype html><html lang=en><title>t</title><style>pre {background: #fff; color: #000} .k {color: #00c}"
        f" .on {{background: #00a}}</style><main><h1>t</h1><pre>{code}</pre><pre>"
        f"{code}<span class=k {marked}>if</span></pre></main></html>".replace("class=k class=on", "class='k on'")
    )
    found = violations(tab)
    assert tab.locator("span").count() == 2 + bool(marked)
    tab.close()
    assert len(found) == bool(marked) and all(one.startswith("color-contrast") for one in found)


@pytest.mark.parametrize("page", [of(page) for page in PAGES])
def test_figures_load_and_mathematics_is_set(visit, page):
    found = visit(page, "light")
    assert found.pictures == [] and found.unnamed == []
    assert found.broken == [] and found.empty == 0 and found.raw == 0
    assert found.faces == [] and "Literata" in found.font


MATHEMATICS = next((page for page in PAGES if 'class="math' in (SITE / page).read_text("utf8")), "none")


@pytest.mark.xdist_group(MATHEMATICS)
def test_some_page_has_mathematics(visit):
    assert visit(MATHEMATICS, "light").formulas


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


@pytest.mark.parametrize("page", [of(page) for page in PAGES or ["none"]])
def test_a_phone_scrolls_only_downwards_and_wide_boxes_by_keyboard(opened, page):
    tab, _, _ = opened(page, "light", NARROW)
    tab.evaluate("document.querySelectorAll('.bd-article details').forEach(d => d.open = true)")
    tab.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")  # what has opened is measured
    found = tab.evaluate(SIDEWAYS)
    tab.close()
    assert found["over"] <= 0, f"wider than the phone: {found['guilty'][:5]}"
    assert found["locked"] == [], "these scroll sideways but cannot be reached by keyboard"
