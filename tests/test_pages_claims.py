"""The contract of claims, over all pages of the book: what a page says it has found has its evidence, where readers can
open it. And proof that each check can fail."""

from types import SimpleNamespace

import claim_contract
import pytest
from test_pages import CELL, every_notebook, page_of

from mmcourse import exercises
from mmcourse.exercises import Option


def quizzes(page):
    return [exercises.quiz(block.argument) for block in page.blocks if block.name == "quiz"]


@every_notebook
def test_findings_are_claims_and_bookkeeping_is_out_of_the_way(page):
    assert list(claim_contract.statements(page)) == []


@every_notebook
def test_every_moral_and_summary_line_has_a_claim_and_numbers_of_figures_are_bound(page):
    assert claim_contract.unbound(page) == []


@every_notebook
def test_every_answer_of_a_quiz_names_its_claim_or_why_it_needs_none(page):
    assert [problem for quiz in quizzes(page) for problem in claim_contract.keys(quiz)] == []


@every_notebook
def test_every_mark_leads_to_a_claim_and_to_every_claim_leads_one(page):
    assert list(claim_contract.unled(page, quizzes(page))) == []


# ── each check can fail ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("assert a > b", "remove-cell"),
        ('bind("a", 1)', "hide-input"),
        ('x = [bind("a", 1)]', "remove-cell"),
        ('holds("a beats b", True)\nholds("a beats b", False)', "remove-cell"),
    ],
)
def test_bookkeeping_in_the_way_is_found(tmp_path, cell, tags):
    page = page_of(tmp_path, f"```{{code-cell}}\n:tags: [{tags}]\n{cell}\n```")
    assert len(list(claim_contract.statements(page))) == 1


def test_claims_and_bindings_pass(tmp_path):
    cell = 'for n in "ab":\n    bind(f"x-{n}", 1)\ny = bind("y", 2)\nholds("a beats b", y > 1)'
    page = page_of(tmp_path, f"```{{code-cell}}\n:tags: [remove-cell]\n{cell}\n```")
    assert list(claim_contract.statements(page)) == []


@pytest.mark.parametrize(
    "text",
    [
        "**It grows.**",
        "**it** is, **and the more the more there are**, so.",
        "**It grows.** It ends.{claim}`ends`",
        "## Summary\n\n- It grows.\n  And grows.\n- It ends.{claim}`it ends`\n\n**Module:** `a`.",
        CELL.format("fig-a", "It grows.", "It reaches 4 at {glue:text}`end`."),
        CELL.format("fig-a", "It grows by 1,024.", "A line."),
        "```{figure} a.png\n:alt: 93 % of a dot\nA dot.\n```",
    ],
)
def test_a_moral_without_evidence_is_found(tmp_path, text):
    assert len(claim_contract.unbound(page_of(tmp_path, text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "**It grows.**{claim}`grows`",
        "**It grows. {claim}`grows`**",
        "**and the more the more there are** of $x=0.5$, it grows.\n{claim}`grows` So.",
        "A **term**, and **Motivation.** It is. ```**It grows.**```",
        "```{admonition} Box\n**It grows.**\n```",
        "## Summary\n\n- It grows.\n  And grows.{claim}`it\n  grows`\n\n**Module:** `a`.\n\n## Next\n\n- No moral.",
        CELL.format("fig-a", "By {glue:text}`a.5` in a 95 % interval, $x=1$.", "BLEU-4 of Flickr8k, 3-D."),
    ],
)
def test_a_moral_with_evidence_passes(tmp_path, text):
    assert claim_contract.unbound(page_of(tmp_path, text)) == []


@pytest.mark.parametrize("call", ["np.testing.assert_allclose(a, b)", "raise ValueError(a)", "assert_equal(a, b)"])
def test_an_assertion_that_nobody_sees_is_found(tmp_path, call):
    (problem,) = claim_contract.statements(page_of(tmp_path, f"```{{code-cell}}\n:tags: [remove-cell]\n{call}\n```"))
    assert "nobody sees" in problem
    assert list(claim_contract.statements(page_of(tmp_path, f"```{{code-cell}}\n{call}\n```"))) == []


CLAIMS = """\
```{code-cell}
:tags: [remove-cell]
holds("a beats b", True)
for name in "cd":
    holds(f"{name} beats [b]", True)
```
"""


def quiz_of(*options):
    """A quiz of one number and one question."""
    return SimpleNamespace(questions=[SimpleNamespace(answer=1), SimpleNamespace(options=options)])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("It does.{claim}`a beats` So.{claim}`c beats [b]`", []),
        ("It does.{claim}`a\nbeats b`", ["nothing leads to the claim '.* beats [b]'"]),
        ("It does.{claim}`beats` So.{claim}`a beats b`", ["'beats' leads to 2 claims"]),
        ("It.{claim}`a beats` So.{claim}`beats [b]`{claim}`c beats b`", ["'c beats b' leads to 0 claims"]),
    ],
)
def test_marks_and_claims_that_miss_each_other_are_found(tmp_path, text, problems):
    assert list(claim_contract.unled(page_of(tmp_path, CLAIMS + text))) == problems


def test_options_lead_to_claims_as_marks_do(tmp_path):
    page = page_of(tmp_path, CLAIMS + "It does.{claim}`c beats [b]`")
    given = quiz_of(Option("a", "b", right=True, claim="a beats"), Option("c", "d", claim="d beats b"))
    assert list(claim_contract.unled(page, [given])) == ["'d beats b' leads to 0 claims"]


def test_an_answer_without_ground_is_found():
    right = [Option("a", "b", right=True, claim="a"), Option("a", "b", right=True, because="logic")]
    assert list(claim_contract.keys(quiz_of(Option("c", "d"), *right))) == []
    (problem,) = claim_contract.keys(quiz_of(Option("c", "d", right=True)))
    assert "'c' names no claim" in problem
