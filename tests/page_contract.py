"""What a page must be: the checks of tests/test_pages.py, as functions that return problems, so that each is tested."""

import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mmbook import frontmatter  # noqa: E402
from mmbook.blocks import blocks  # noqa: E402

MATHS = re.compile(r"\$\$.+?\$\$|(?<![\\$])\$(?!\s)(?:[^$\\]|\\.)+?\$", re.S)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)
ROLE = re.compile(r"\{[a-z:]+\}`[^`]*`")
RESULT = re.compile(r"\d+(?:\.\d+)?\s?%|\b\d+\.\d+\b")
NO_RESULT = re.compile(
    r"(?:Python|Keras|TensorFlow|JAX|PyTorch|CUDA|version)\s+\d+(?:\.\d+)*(?:\s+(?:to|and|or)\s+\d+(?:\.\d+)*)?"
    r"|\b9[059]\s?%\s+(?:confidence\s+)?intervals?"
)
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*$", re.M)
PROSE = {None, "admonition", "page-box", "note", "tip", "warning", "important", "dropdown", "hint", "seealso", "figure"}
WORD_COMMANDS = re.compile(r"\\(?:text|operatorname\*?|mathrm|mathit|label|tag|begin|end)\{[^{}]*\}")
GREEK = re.compile(
    "alpha|beta|gamma|delta|(var)?epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|(var)?phi"
    "|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega|ell|bb[A-Z]"
)


def prose(lines, first=1):
    """(text, line) of everything that a reader reads as text, boxes included, code and listings not."""
    for block in blocks(lines, first):
        if block.name is None and not block.fence:
            yield block.text, block.line
        elif block.name in PROSE:
            yield block.argument if block.name != "figure" else "", block.line
            yield from prose(block.body, block.body_line)
        elif block.name == "code-cell":
            figure = (block.options.get("mystnb") or {}).get("figure") or {}
            yield str(figure.get("caption", "")), block.line


def page_prose(page):
    for block in page.blocks:
        yield from prose(block.lines, block.line)


def plain(text):
    """The text without mathematics, code, roles and addresses, every character in its line."""
    for pattern in (re.compile(r"\]\([^)]*\)"), ROLE, CODE, MATHS):
        text = pattern.sub(lambda m: "\n" * m[0].count("\n") + " ", text)
    return text


def headings(page):
    text = "\n".join(block.text for block in page.blocks if not block.fence)
    return [(len(mark), title) for mark, title in HEADING.findall(text)]


def typed_results(page):
    """Percentages and decimals that someone typed: outside mathematics, code, and tables that cite their source."""
    for text, line in page_prose(page):
        cites = "{cite" in text
        for offset, one in enumerate(plain(text).split("\n")):
            if one.lstrip().startswith("|") and cites:
                continue
            for found in RESULT.findall(NO_RESULT.sub("", one)):
                yield f"line {line + offset}: {found!r} is typed by hand; bind it, or cite its source in a table"


def pictures(page):
    """Pictures without alt text, and figures of cells without name or caption."""
    for block in page.blocks:
        options = block.options.get("mystnb") or {} if block.name == "code-cell" else {}
        figure, image = options.get("figure"), options.get("image") or {}
        if figure is not None:
            if not str(image.get("alt") or "").strip():
                yield f"line {block.line}: the figure has no alt text"
            for key in ("name", "caption"):
                if not str(figure.get(key) or "").strip():
                    yield f"line {block.line}: the figure has no {key}"
        if block.name in ("figure", "image") and not block.options.get("alt", "").strip():
            yield f"line {block.line}: {block.argument} has no alt text"
        if not block.fence:
            for found in re.finditer(r"!\[\s*\]\(", CODE.sub("", block.text)):
                yield f"line {block.line + block.text[: found.start()].count(chr(10))}: a picture has no alt text"


def front(page):
    """Entries of the front matter that are wrong, headings included."""
    yield from frontmatter.problems(page.front)
    known = {title for _, title in headings(page)}
    covers = page.front.get("covers") or {}
    for topic, title in covers.items() if isinstance(covers, dict) else []:
        for one in [title] if isinstance(title, str) else title:
            if one not in known:
                yield f"{topic} is said to be taught under {one!r}; there is no such heading"


def parts(page):
    """What every page with code has: a question, a picture before other code, a box, exercises, a quiz, a summary."""
    names = [block.name for block in page.blocks]
    cells = [block for block in page.blocks if block.name == "code-cell"]
    opening = "".join(block.text for block in page.blocks[: names.index("code-cell")]) if cells else ""
    if "?" not in opening:
        yield "opens without a question"
    if cells and not ((cells[0].options.get("mystnb") or {}).get("figure") and "hide-input" in cells[0].tags):
        yield "opens without a picture (a first cell with a figure, its code hidden)"
    for name, title in (("page-box", "box"), ("quiz", "quiz"), ("exercise-cell", "exercise")):
        if name not in names:
            yield f"has no {title}"
    if "Summary" not in [title for _, title in headings(page)]:
        yield "has no summary"
    pitfalls = sum("Pitfall" in block.argument for block in page.blocks if block.name == "admonition")
    if page.front.get("errata") and not pitfalls:
        yield "names errata and shows no pitfall"
    if page.front.get("needs_data") and not any("needs-data" in block.tags for block in cells):
        yield "says needs_data and has no cell with the tag needs-data"


def real_data(page, recorded):
    """Cells for real data before which no text says how to get the data; and, once there is a record, without one."""
    text, cells = "", recorded.get(page.docname, {}).get("cells", [])
    count = sum(block.name == "code-cell" and "needs-data" in block.tags for block in page.blocks)
    if recorded and len(cells) != count:
        yield f"has {count} cells for real data and {len(cells)} recorded outputs: make real-pages PAGES={page.name}"
    for block in page.blocks:
        if block.name == "code-cell" and "needs-data" in block.tags and "mmcourse.corpora.download" not in text:
            yield f"line {block.line}: no text says how anyone gets the data (python -m mmcourse.corpora.download ...)"
        text = block.text if block.name is None and not block.fence and block.text.strip() else text


def exercises(page, engine):
    """Exercises that the page names and nobody proves, or that belong to it and are not shown."""
    shown = [block.argument for block in page.blocks if block.name == "exercise-cell"]
    known = set(engine.names())
    for name in shown:
        if name not in known:
            yield f"there is no exercise {name!r}"
        elif len(engine.get(name).mistakes) < 3:
            yield f"the exercise {name!r} has fewer than three planted mistakes"
    for name in sorted(known):
        if name.split(".")[0] == page.name and name not in shown:
            yield f"the exercise {name!r} is registered for this page and not on it"
    if len(shown) != len(set(shown)):
        yield "an exercise is shown twice"


def symbols(tex):
    """The letters that a formula uses: Latin letters one by one, Greek ones by name."""
    tex = re.sub(r"\\mathbb\{?(\w)\}?", r"\\bb\1 ", WORD_COMMANDS.sub(" ", tex))
    found = {name for name in re.findall(r"\\([A-Za-z]+)", tex) if GREEK.fullmatch(name)}
    return found | set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", tex)))


def formulas(page):
    """(formula, line) of a page."""
    for text, line in page_prose(page):
        bare = re.sub(r"\{glue[^}]*\}`[^`]*`|(?<!\$)`[^`$]*`", lambda m: " " * len(m[0]), text)
        for found in MATHS.finditer(bare):
            yield found[0].strip("$"), line + bare[: found.start()].count("\n")
    for block in page.blocks:
        if block.name == "math":
            yield "\n".join(block.body), block.body_line


def notation_rows(text):
    """The first cells of the tables of symbols of the notation page."""
    body = text.split("## In code")[0]
    rows = re.findall(r"^\|\s*(\$[^|]*(?:\\\|[^|]*)*?)\s*\|", body.replace("\\mid", "MID"), re.M)
    return [row.replace("MID", "\\mid") for row in rows]


def unexplained(page, explained):
    """Symbols of a page that the notation page does not have."""
    for formula, line in formulas(page):
        for symbol in sorted(symbols(formula) - explained):
            yield f"line {line}: {symbol!r} in ${formula.strip()[:60]}$ is not on the notation page"


def words_of(page):
    """How many words of prose a page has."""
    return sum(len(plain(text).split()) for text, _ in page_prose(page))


def lines_of(block):
    """How many lines of code a cell has."""
    return sum(bool(line.strip()) for line in block.body)


def too_long(page):
    """A page that asks too much of one reading: its topic needs two."""
    words = words_of(page)
    cells = [block for block in page.blocks if block.name == "code-cell"]
    lines = sum(lines_of(block) for block in cells if not {"remove-cell", "hide-input"} & set(block.tags))
    for length, most, what in ((words, 2200, "words"), (lines, 200, "lines of code that nothing hides")):
        if length > most:
            yield f"{length} {what}. Allowed: {most}"


def report(page):
    """Lengths and densities, in one line."""
    cells = [block for block in page.blocks if block.name == "code-cell"]
    lengths = [lines_of(block) for block in cells] or [0]
    words = words_of(page)
    figures = sum(bool((block.options.get("mystnb") or {}).get("figure")) for block in cells)
    shown = sum(block.name == "exercise-cell" for block in page.blocks)
    second = sum(level == 2 for level, _ in headings(page))
    return (
        f"{page.name}: {words} words, {second} sections, {sum(lengths)} lines of code in {len(cells)} cells "
        f"(median {statistics.median(lengths):g}, longest {max(lengths)}), {figures} figures, {shown} exercises"
    )
