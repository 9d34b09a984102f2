"""What a page must be: the checks of tests/test_pages.py, as functions that return problems, so that each is tested."""

import ast
import contextlib
import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mmbook import frontmatter  # noqa: E402
from mmbook.blocks import blocks  # noqa: E402
from mmbook.notebooks.claims import calls, pattern  # noqa: E402

MATHS = re.compile(r"\$\$.+?\$\$|(?<![\\$])\$(?!\s)(?:[^$\\]|\\.)+?\$", re.S)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)
ROLE = re.compile(r"\{[a-z:]+\}`[^`]*`")
RESULT = re.compile(r"\d+(?:\.\d+)?\s?%|\b\d+\.\d+\b")
NO_RESULT = re.compile(
    r"(?:Python|Keras|TensorFlow|JAX|PyTorch|CUDA|version)\s+\d+(?:\.\d+)*(?:\s+(?:to|and|or)\s+\d+(?:\.\d+)*)?"
    r"|\b9[059]\s?%\s+(?:confidence\s+)?intervals?"
)
MARK = re.compile(r"\{claim\}(`+)(.+?)\1", re.S)
BOLD = re.compile(r"\*\*(?!\s)(.+?)(?<!\s)\*\*", re.S)
NUMBER = re.compile(r"(?<!\w)(?<!\w-)\d[\d.,]*(?:\s?%)?(?!\w|-\w)")
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


def marked(text):
    """The plain text with one ✓ for each mark, every character in its line."""
    return plain(MARK.sub(lambda m: "✓" + "\n" * m[0].count("\n"), text))


def unbound(page):
    """Morals without evidence: bold sentences and summary lines without a mark, numbers of captions and alt texts."""
    texts = [(marked(block.text), block.line) for block in page.blocks if block.name is None and not block.fence]
    found = [f"line {line + n}: {moral!r} has no claim" for text, line in texts for moral, n in bold_sentences(text)]
    summary = re.search(r"^## Summary$(.*?)(?=^## |\Z)", "\n".join(text for text, _ in texts), re.M | re.S)
    for item in re.split(r"^- ", summary[1], flags=re.M)[1:] if summary else []:
        item = " ".join(item.split("\n\n")[0].split())
        found += [] if "✓" in item else [f"summary: {item!r} has no claim"]
    for block in page.blocks:
        found += [f"line {block.line}: {n!r} in the {what} is typed by hand" for what, n in typed_in_figures(block)]
    return found


def bold_sentences(text):
    """(words, lines before it) of the bold sentences whose sentence has no mark; one word is no sentence."""
    for one in BOLD.finditer(text):
        words = one[1].replace("✓", "").split()
        ends = one[1].rstrip("✓ ")[-1:] in (".", "!", "?") and len(words) > 1
        rest = r"\s*✓" if ends else r"(?:(?!\n\n)[^.!?])*[.!?]?\s*✓"
        if (ends or len(words) > 6) and "✓" not in one[1] and not re.match(rest, text[one.end() :]):
            yield " ".join(words), text[: one.start()].count("\n")


def typed_in_figures(block):
    """(caption or alt text, number) of every number that someone typed there."""
    mystnb = (block.options.get("mystnb") or {}) if block.name == "code-cell" else {}
    caption, alt = (mystnb.get("figure") or {}).get("caption"), (mystnb.get("image") or {}).get("alt")
    if block.name in ("figure", "image"):
        caption, alt = "\n".join(block.body), block.options.get("alt")
    for what, text in (("caption", caption), ("alt text", alt)):
        for number in NUMBER.findall(NO_RESULT.sub("", plain(str(text or "")))):
            yield what, number.rstrip(".,")


def stated(page):
    """The claims of a page, as regular expressions: words that a run puts in are any."""
    cells = [ast.Module(body, []) for tags, body, _ in code_cells(page) if "remove-cell" in tags]
    return [pattern(call.args[0]) for cell in cells for call in calls(cell, "holds")]


def led_to(words, claims):
    """The claims, of those of a page, that words are a part of, or the whole of."""
    found = [claim for claim in claims if re.fullmatch(claim, words)]
    return found or [claim for claim in claims if re.escape(words) in claim]


def unled(page, quizzes=()):
    """Words, of marks and of options, that lead to no claim of the page or to several; and claims that none leads to."""
    claims, left = stated(page), set(stated(page))
    marks = [" ".join(mark[2].split()) for mark in MARK.finditer(page.text)]
    options = [option for quiz in quizzes for one in quiz.questions for option in getattr(one, "options", ())]
    for words in marks + [option.claim for option in options if option.claim]:
        found = led_to(words, claims)
        left -= set(found)
        if len(found) != 1:
            yield f"{words!r} leads to {len(found)} claims"
    for claim in sorted(left):
        yield f"nothing leads to the claim {claim!r}"


def keys(quiz):
    """Right options that do not say what they rest on. A number is computed from what its question says."""
    for question in quiz.questions:
        for option in getattr(question, "options", ()):
            if option.right and not (option.claim or option.because):
                yield f"the answer {option.text!r} names no claim, and not why it needs none"


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


def report(page):
    """Lengths and densities, in one line; no page is written to please them."""
    cells = [block for block in page.blocks if block.name == "code-cell"]
    lengths = [len([one for one in block.body if one.strip()]) for block in cells] or [0]
    words = sum(len(plain(text).split()) for text, _ in page_prose(page))
    figures = sum(bool((block.options.get("mystnb") or {}).get("figure")) for block in cells)
    shown = sum(block.name == "exercise-cell" for block in page.blocks)
    second = sum(level == 2 for level, _ in headings(page))
    return (
        f"{page.name}: {words} words, {second} sections, {sum(lengths)} lines of code in {len(cells)} cells "
        f"(median {statistics.median(lengths):g}, longest {max(lengths)}), {figures} figures, {shown} exercises"
    )


def code_cells(page):
    """(tags, statements, line) of every code cell that Python can read."""
    for block in page.blocks:
        if block.name == "code-cell":
            with contextlib.suppress(SyntaxError):
                yield block.tags, ast.parse("\n".join(block.body)).body, block.body_line


def asserts(node):
    """Whether a node calls a function such as np.testing.assert_allclose."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2].startswith("assert")


def called(node, name):
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == name


def statements(page):
    """Findings are claims, which say in a notebook what came instead; bookkeeping stands alone, in removed cells."""
    claims = []
    for tags, body, line in code_cells(page):
        whole = ast.Module(body, [])
        lines = [s for s in ast.walk(whole) if isinstance(s, ast.Expr | ast.Assign)]
        alone = {id(s.value) for s in lines if called(s.value, "bind")}
        for node in ast.walk(whole):
            place = f"line {line - 1 + getattr(node, 'lineno', 1)}"
            if isinstance(node, ast.Assert):
                yield f"{place}: a bare assert: say it with holds, or with numpy.testing where it is mathematics"
            if called(node, "bind") and "remove-cell" not in tags:
                yield f"{place}: bind stands in a removed cell"
            if "remove-cell" in tags and (isinstance(node, ast.Raise) or asserts(node)):
                yield f"{place}: an assertion that nobody sees: say it with holds, or show the cell"
            if called(node, "holds") and "remove-cell" not in tags:
                yield f"{place}: holds stands in a removed cell, of which the book makes evidence"
            if called(node, "bind") and id(node) not in alone:
                yield f"{place}: bind is a statement of its own"
            if called(node, "bind") and ":" in ast.unparse(node.args[0]):
                yield f"{place}: a colon in a name is not found again by glue"
            if called(node, "holds"):
                claim = node.args[0]
                claims.append(claim.value if isinstance(claim, ast.Constant) else ast.unparse(claim))
    for claim in sorted({c for c in claims if claims.count(c) > 1}):
        yield f"two claims of the same words: {claim!r}"
