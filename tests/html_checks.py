"""What must hold for every page of a built site; used on the book and on the toolchain's tiny book."""

import base64
import hashlib
import re
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag

LOADS = [("script", "src"), ("img", "src"), ("iframe", "src"), ("audio", "src"), ("video", "src"), ("source", "src")]
RELATIONS = {"stylesheet", "preload", "icon", "modulepreload"}
NAMES = ("aria-label", "aria-labelledby", "title", "data-bs-title")
REMOTE = ("http:", "https:", "//")
VERBATIM = {"pre", "code", "script", "style"}
RAW = re.compile(r"\{[a-z:+-]+\}`|^:::|\$\$|^```|\{glue|\(eq-", re.M)
WARNING = re.compile(r"^.*(?:WARNING:|Warning: ).*$", re.M)
# Only these addresses may stand in scripts and inline: the badge of Colab and MathJax's own namespaces load nothing.
LOADED_INLINE = re.compile(r"https?://(?:cdn|unpkg|ajax|fonts|www\.google)[^\"' ]+")


@cache
def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


@cache
def anchors(path: Path) -> set[str]:
    """What an address of this page may name behind its #. Found once: a page links hundreds of times."""
    return {tag[name] for name in ("id", "name") for tag in soup(path).find_all(attrs={name: True})}


def problems(site: Path) -> list[str]:
    """Every problem of the pages below `site/book`, as one line each: page, what is wrong, where."""
    site = site.resolve()
    pages = sorted((site / "book").rglob("*.html"))
    assert pages, f"There are no pages below {site / 'book'}."
    return [f"{page.relative_to(site)}: {what}" for page in pages for what in page_problems(page, site)]


def page_problems(page: Path, site: Path):
    whole = soup(page)
    yield from network(whole)
    yield from policy(whole)
    yield from links(whole, page)
    article = whole.find("article") or whole
    for image in article.find_all("img"):
        alt = (image.get("alt") or "").strip()
        if not alt or Path(image.get("src", "")).name in alt:
            yield f"image without a useful alt text: {image.get('src', '')[:60]}"
    for figure in article.find_all("figure"):
        if not figure.find("figcaption"):
            yield f"figure without a caption: {figure.get('id')}"
    names = Counter(tag["id"] for tag in whole.find_all(id=True))
    allowed = {"exercise-content", "solution-content"}  # sphinx-exercise gives these to each exercise of a page
    for name in sorted({n for n, times in names.items() if times > 1} - allowed):
        yield f"two elements have one id: {name}"
    yield from unnamed(whole)
    for output in article.select(".cell_output"):
        for said in WARNING.findall(output.get_text()):
            yield f"a cell printed a warning: {said[:80]}"
    for raw in RAW.findall("".join(prose(article))):
        yield f"raw MyST in the text: {raw!r}"


def prose(tag):
    """The text of an element without code and formulas, piece by piece."""
    for part in tag.children:
        if type(part) is NavigableString:  # no comment
            yield part
        elif isinstance(part, Tag) and part.name not in VERBATIM and "math" not in part.get("class", []):
            yield from prose(part)


def network(whole):
    """Resources that the page would load from elsewhere."""
    for name, attribute in LOADS:
        for tag in whole.find_all(name, **{attribute: True}):
            if tag[attribute].startswith(REMOTE):
                yield f"loads from the network: {tag[attribute]}"
    for tag in whole.find_all("link", href=True):
        if tag["href"].startswith(REMOTE) and RELATIONS & set(tag.get("rel", [])):
            yield f"loads from the network: {tag['href']}"
    for tag in whole.find_all("script", src=False):
        for address in LOADED_INLINE.findall(tag.string or ""):
            yield f"an inline script loads: {address}"


def policy(whole):
    """What a page's Content-Security-Policy lets through, or keeps from the page."""
    found = whole.select('head > meta[http-equiv="Content-Security-Policy"]')
    if len(found) != 1 or found[0].find_previous(["script", "link", "style"]):
        yield f"{len(found)} policies, or one behind what it is for"
        return
    rules = {name: values for name, *values in (rule.split() for rule in found[0]["content"].split(";"))}
    for name in ("script-src", "default-src", "style-src"):
        for value in rules.get(name, ["nothing"]):
            if not re.fullmatch(r"'(self|sha256-.{44}|unsafe-hashes)'|file:", value) and name != "style-src":
                yield f"the policy is too wide: {name} {value}"
            if re.match(r"(https?:)?//|https?:|\*", value):
                yield f"the policy is too wide: {name} {value}"
    for name in ("object-src", "base-uri"):
        if rules.get(name) != ["'none'"]:
            yield f"the policy is too wide: {name}"
    data = {"application/json", "text/x-mathjax-config"}
    run = [tag.string or "" for tag in whole.find_all("script", src=False) if tag.get("type") not in data]
    run += [value for tag in whole.find_all(True) for name, value in tag.attrs.items() if name.startswith("on")]
    for text in run:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in rules.get("script-src", []):
            yield f"the policy lets this not run: {text[:60]!r}"
    for tag in whole.find_all(["img", "audio", "video", "source"], src=True):
        kind = "img-src" if tag.name == "img" else "media-src"
        if tag["src"].startswith("data:") and "data:" not in rules.get(kind, []):
            yield f"the policy lets this not load: {tag['src'][:30]}"


def links(whole, page: Path):
    """Links to files or anchors that do not exist."""
    for tag in whole.find_all("a", href=True):
        address = urlsplit(tag["href"])
        if address.scheme or address.netloc:
            continue
        target = (page.parent / unquote(address.path)).resolve() if address.path else page
        if not target.exists():
            yield f"dead link: {tag['href']}"
        elif address.fragment and target.suffix == ".html" and unquote(address.fragment) not in anchors(target):
            yield f"dead anchor: {tag['href']}"


def unnamed(whole):
    """Buttons and form fields that a screen reader cannot name."""
    for tag in whole.find_all(["button", "input", "select", "textarea"]):
        if tag.get("type") == "hidden" or any(tag.get(name) for name in NAMES):
            continue
        labelled = tag.find_parent("label") or (tag.get("id") and whole.find("label", attrs={"for": tag["id"]}))
        if not labelled and not tag.get_text().strip() and tag.get("type") not in ("submit", "button", "reset"):
            yield f"control without a name: {str(tag)[:100]}"
