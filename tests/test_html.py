"""The built site, page by page, and proof that the checks can fail. MMCOURSE_HTML: another folder than _build/html."""

import os
from pathlib import Path

import html_checks
import pytest

SITE = Path(os.environ.get("MMCOURSE_HTML") or Path(__file__).resolve().parent.parent / "_build" / "html")
GOOD = '<html><body><article><h1 id="a">A</h1><p><a href="#a">up</a></p>{}</article></body></html>'


@pytest.mark.built
def test_every_page_of_the_site_is_whole():
    assert SITE.is_dir(), f"The site is not built: there is no {SITE.name}. Run make book."
    assert html_checks.problems(SITE) == []


@pytest.mark.built
def test_every_notebook_page_offers_its_notebook():
    pages = [p for p in (SITE / "book").glob("*.html") if "colab.research.google.com" in p.read_text("utf8")]
    for page in pages:
        whole = html_checks.soup(page)
        colab = [a["href"] for a in whole.find_all("a", href=True) if "colab.research" in a["href"]]
        assert colab and all(address.endswith(f"/notebooks/{page.stem}.ipynb") for address in colab)


def found(tmp_path, body):
    page = tmp_path / "book" / "page.html"
    page.parent.mkdir()
    page.write_text(GOOD.format(body), "utf8")
    return html_checks.problems(tmp_path)


def test_a_sound_page_has_no_problems(tmp_path):
    assert found(tmp_path, '<img src="data:image/png;base64,AA" alt="A dot."><button>Go</button>') == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('<script src="https://cdn.example/x.js"></script>', "loads from the network"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "loads from the network"),
        ('<script>load("https://unpkg.com/thebe")</script>', "an inline script loads"),
        ('<a href="gone.html">x</a>', "dead link"),
        ('<a href="#gone">x</a>', "dead anchor"),
        ('<img src="x.png">', "alt text"),
        ('<img src="x.png" alt="../_images/x.png">', "alt text"),
        ('<figure id="f"><img src="x.png" alt="X."></figure>', "without a caption"),
        ("<p>as {numref}`fig-x` shows</p>", "raw MyST"),
        ("<p>$$x$$</p>", "raw MyST"),
        ("<button><i></i></button>", "without a name"),
        ('<input id="q" type="search">', "without a name"),
        ('<p id="a"></p>', "one id"),
    ],
)
def test_each_check_can_fail(tmp_path, body, message):
    assert any(message in problem for problem in found(tmp_path, body))
