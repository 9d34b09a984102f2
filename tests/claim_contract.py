"""What pages claim, and where a reader opens the evidence: the checks of tests/test_pages_claims.py, as functions that
return problems, so that each is tested."""

import ast
import contextlib
import re

from page_contract import NO_RESULT, plain  # which puts book/_ext on the path

from mmbook.notebooks import claims as in_notebooks  # isort: skip

MARK = re.compile(r"\{claim\}(`+)(.+?)\1", re.S)
BOLD = re.compile(r"\*\*(?!\s)(.+?)(?<!\s)\*\*", re.S)
NUMBER = re.compile(r"(?<!\w)(?<!\w-)\d[\d.,]*(?:\s?%)?(?!\w|-\w)")


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
    return [in_notebooks.pattern(call.args[0]) for cell in cells for call in in_notebooks.calls(cell, "holds")]


def led_to(words, claims):
    """The claims, of those of a page, that words are a part of, or the whole of."""
    found = [claim for claim in claims if re.fullmatch(claim, words)]
    return found or [claim for claim in claims if re.escape(words) in claim]


def unled(page, quizzes=()):
    """Words of marks and of options that lead to no claim of the page or to several; and claims that none leads to."""
    claims, left = stated(page), set(stated(page))
    marks = [" ".join(mark[2].split()) for mark in MARK.finditer(page.text)]
    options = [option for quiz in quizzes for one in quiz.questions for option in getattr(one, "options", ())]
    for words in marks + [option.claim for option in options if option.claim]:
        found = led_to(words, claims)
        left -= set(found)
        if len(found) != 1:
            yield f"{words!r} leads to {len(found)} claims"
    for claim in sorted(left):
        words = re.sub(r"\\(.)", r"\1", claim)
        yield f"nothing leads to the claim {words!r}"


def keys(quiz):
    """Right options that do not say what they rest on. A number is computed from what its question says."""
    for question in quiz.questions:
        for option in getattr(question, "options", ()):
            if option.right and not (option.claim or option.because):
                yield f"the answer {option.text!r} names no claim, and not why it needs none"


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
