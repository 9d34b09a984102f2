"""Quizzes: one right option, all explained; as HTML that asks for nothing outside, and by keyboard in a browser."""

import re
from collections import Counter

import numpy as np
import pytest
from bs4 import BeautifulSoup

from mmcourse.exercises import Numeric, Option, Question, Quiz, quiz, quizzes


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(quizzes, "_quizzes", dict(quizzes._quizzes))
    monkeypatch.setattr(quizzes, "_rendered", {})
    return Quiz(
        "small",
        Question(
            "Is `a < b` & $a<b$ *the* same?",
            Option("<img src=x onerror=alert(1)>", "No & no.", right=False),
            Option("Yes", "Because $x$ is **bold**.", right=True),
        ),
        Numeric("How many nats are ln 2?", np.log(2), "It is 0.693.", {1: "That is bits."}),
    )


def test_quiz_html(small):
    page = BeautifulSoup(small.to_html() + small.to_html() + quiz("captioning").to_html(), "html.parser")
    ids = [e["id"] for e in page.select("[id]")]
    assert max(Counter(ids).values()) == 1
    assert page.img is None and "<img src=x" in page.text
    assert page.legend.code.text == "a < b" and page.legend.select_one(".math").text == r"\(a<b\)"
    assert page.legend.em.text == "the"
    groups = Counter(e["name"] for e in page.select("input[type=radio]"))
    assert all(n >= 2 for n in groups.values())
    for box in page.select("fieldset"):
        assert box.legend.text and all(i.find_parent("label") for i in box.select("input"))
        assert box.select_one("[aria-live=polite]") is not None
        assert len(box.select("details li")) >= 2
    assert not re.search(r"https?://", str(page))  # nothing from outside
    assert small.to_html(uid="again") == small.to_html(uid="again")


def test_a_right_option_may_name_its_claim_or_say_why_it_needs_none():
    option = Option("Yes", "It *is*.", right=True, claim='"a" > b')
    place = BeautifulSoup(option.reason(), "html.parser").span
    assert place["data-claim"] == '"a" > b' and place.text == ""
    assert Option("Yes", "It is.", because="mathematics").reason() == "It is."
    with pytest.raises(ValueError, match=r"Received: because='taste'.* one of definition, mathematics, logic"):
        Option("Yes", "It is.", because="taste")
    with pytest.raises(ValueError, match="claim='a'"):
        Option("Yes", "It is.", because="definition", claim="a")


def test_quizzes_are_checked():
    with pytest.raises(ValueError, match="one of them right"):
        Question("?", Option("a", "b"), Option("c", "d"))
    with pytest.raises(ValueError, match="Every option is explained"):
        Question("?", Option("a", " "), Option("c", "d", right=True))
    with pytest.raises(ValueError, match="too near"):
        Numeric("?", 1, "why", {1.001: "no"})


@pytest.mark.browser
def test_quiz_in_a_browser(small, tmp_path, chromium):
    path = tmp_path / "quiz.html"
    body = small.to_html()
    path.write_text(f"<!doctype html><html lang=en><title>q</title><main>{body}</main></html>", encoding="utf-8")
    page = chromium.new_page()
    errors, requests = [], []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("request", lambda r: requests.append(r.url))
    page.goto(path.as_uri())
    says = page.locator(".mm-quiz-says")
    page.keyboard.press("Tab")  # by keyboard alone: into the options, down to the second, on to the button
    page.keyboard.press("Space")
    assert says.nth(0).inner_text() == ""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert says.nth(0).inner_text().startswith("Not quite. No & no.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    assert says.nth(0).inner_text() == ""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert says.nth(0).inner_text().startswith("Right. Because")
    number = page.get_by_label("Your number:")
    for typed, said in (
        ("", "Write a number"),
        ("1", "Not quite. That is bits."),
        ("5", "Not quite."),
        ("0,69", "Right."),
    ):
        number.fill(typed)
        number.press("Enter")
        assert says.nth(1).inner_text().startswith(said)
    assert not errors and requests == [path.as_uri()]

    page.close()
    plain = chromium.new_context(java_script_enabled=False).new_page()  # no dead button, all explained
    plain.goto(path.as_uri())
    assert plain.locator("button:visible").count() == 0 and plain.locator("summary:visible").count() == 2
    plain.close()
