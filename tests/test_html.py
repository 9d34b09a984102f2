"""The built site, page by page, and proof that the checks can fail. MMCOURSE_HTML: another folder than _build/html."""

import os
import sys
from pathlib import Path

import html_checks
import pytest
from bs4 import BeautifulSoup

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "book" / "_ext"))

from mmbook.policy import BUTTONS, with_policy

SITE = Path(os.environ.get("MMCOURSE_HTML") or Path(__file__).resolve().parent.parent / "_build" / "html")
RULES = "default-src 'self'; script-src 'self'{}; style-src 'self'; img-src data:; object-src 'none'; base-uri 'none'"
POLICY = '<meta http-equiv="Content-Security-Policy" content="{}">'
HEAD = f"<head>{POLICY.format(RULES.format(''))}</head>"
GOOD = '<html>{head}<body><article><h1 id="a">A</h1><p><a href="#a">up</a></p>{body}</article></body></html>'


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


def found(tmp_path, body, head=HEAD):
    page = tmp_path / "book" / "page.html"
    page.parent.mkdir()
    page.write_text(GOOD.format(body=body, head=head), "utf8")
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
        ("<script>go()</script>", "lets this not run: 'go()'"),
        ('<button onclick="go()">Go</button>', "lets this not run: 'go()'"),
        ('<audio src="data:audio/wav;base64,AA"></audio>', "lets this not load"),
    ],
)
def test_each_check_can_fail(tmp_path, body, message):
    assert any(message in problem for problem in found(tmp_path, body))


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("", "0 policies"),
        (f"<head><script src='x.js'></script>{HEAD[6:]}", "behind what it is for"),
        (
            HEAD.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
            "too wide: script-src 'unsafe-inline'",
        ),
        (HEAD.replace("style-src 'self'", "style-src *"), "too wide: style-src *"),
        (HEAD.replace("script-src 'self'", "script-src https://cdn.example"), "too wide: script-src https://cdn"),
        (HEAD.replace("script-src 'self';", ""), "too wide: script-src nothing"),
        (HEAD.replace("; object-src 'none'", ""), "too wide: object-src"),
    ],
)
def test_a_policy_that_is_none_or_too_wide_is_found(tmp_path, head, message):
    assert any(message in problem for problem in found(tmp_path, "", head))


SCRIPTS = """<!DOCTYPE html><html><head lang="en">
<meta charset="utf-8"><script src="x.js"></script><script>a = "&amp;"; // <b>
</script><script type="application/json">{"no": "code"}</script></head>
<body><button onclick="go(&quot;x&quot;)">Go</button><pre>&lt;script&gt;no()&lt;/script&gt;</pre></body></html>"""


def test_the_policy_is_of_what_stands_in_the_page_and_takes_the_place_of_an_older_one():
    page = with_policy(SCRIPTS)
    assert with_policy(page) == page and page.count("Content-Security-Policy") == 1
    whole = BeautifulSoup(page, "html.parser")
    assert not list(html_checks.policy(whole))
    assert page.count("sha256-") == 2 + len(BUTTONS), "neither data nor what is shown is allowed to run"
    other = with_policy(page.replace("a = ", "b = "))
    assert not list(html_checks.policy(BeautifulSoup(other, "html.parser"))) and len(other) == len(page)
    assert page.index("charset") < 1000 and page.index("charset") < page.index("Content-Security")
    assert with_policy("<p>a part</p>") == "<p>a part</p>"
