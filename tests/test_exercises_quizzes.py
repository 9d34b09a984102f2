"""Quizzes: one right option, all explained; as HTML that asks for nothing outside, and by keyboard in a browser."""

import re
from collections import Counter

import numpy as np
import pytest
from bs4 import BeautifulSoup

from mmcourse.exercises import Numeric, Option, Order, Predict, Question, Quiz, quiz, quizzes, registry


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


PUZZLES = [
    (page, place)
    for page in registry.topics()
    for place, question in enumerate(quiz(page).questions)
    if isinstance(question, (Order, Predict))
]


def a_prediction(right="`3`"):
    return Predict(
        "What does this print?",
        "\nprint(1 + 2)\n",
        Option(right, "One and two.", right=True, because="mathematics"),
        Option("`12`", "These are numbers, no texts."),
    )


def an_order(**changes):
    how = {
        "shown": (2, 0, 1),
        "wrong": (1, 0, 2),
        "why": "First *x*.",
        "pitfall": "The sum is lost.",
        "before": "x = 1",
        "after": "print(x)",
    }
    return Order("Which order prints 10?", ("x = x + 1", "x = x * 4", "x = x + 2"), **{**how, **changes})


def test_a_prediction_is_what_its_code_prints():
    assert a_prediction().printed() == "3"
    page = BeautifulSoup(a_prediction().body("q")[0], "html.parser")
    assert page.select_one("pre").text == "print(1 + 2)" and len(page.select("input")) == 2


def test_an_order_knows_all_orders_that_give_the_same():
    assert an_order().orders() == {(0, 1, 2)}
    assert an_order().printed((1, 0, 2)) == "7"
    with pytest.raises(ValueError, match=r"each place once. Received: shown=\(0, 0, 1\)"):
        an_order(shown=(0, 0, 1))
    with pytest.raises(ValueError, match=r"This order is right. Received: wrong=\(0, 1, 2\)"):
        an_order(wrong=(0, 1, 2))
    failing = Order(
        "?", ("y = 1", "z = y"), shown=(1, 0), wrong=(1, 0), why="y first.", pitfall="No y.", after="print(z)"
    )
    assert failing.printed((1, 0)) is None and failing.orders() == {(0, 1)}


@pytest.mark.parametrize("page, place", PUZZLES)
def test_questions_about_code_are_answered_by_running_it(page, place):
    question = quiz(page).questions[place]
    if isinstance(question, Order):
        assert question.orders() == set(question.right)
        assert question.why.strip() and question.pitfall.strip()
        return
    said = question.printed()
    (right,) = [option.text for option in question.options if option.right]
    assert right.strip("`") == said, f"it prints {said!r}"
    assert len({option.text for option in question.options}) == len(question.options)


def test_every_page_asks_about_code_once():
    assert {page for page, _ in PUZZLES} == set(registry.topics())


@pytest.mark.browser
def test_lines_are_put_in_order_by_keyboard_in_a_browser(small, tmp_path, chromium):
    path = tmp_path / "order.html"
    body = Quiz("ordered", an_order(), a_prediction()).to_html()
    path.write_text(f"<!doctype html><html lang=en><title>q</title><main>{body}</main></html>", encoding="utf-8")
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(path.as_uri())
    says, check = page.locator(".mm-quiz-says"), page.get_by_role("button", name="Check answer 1")
    assert page.locator(".mm-quiz-lines code").all_inner_texts() == ["x = x + 2", "x = x + 1", "x = x * 4"]
    check.press("Enter")
    assert says.nth(0).inner_text() == "Not quite."
    down = page.get_by_role("button", name="Line down: x = x + 2")
    down.press("Enter")
    assert says.nth(0).inner_text() == "Line 2 of 3."
    down.press("Enter")  # the focus stays with the line
    down.press("Enter")
    assert says.nth(0).inner_text() == "This line stands last."
    check.press("Enter")
    assert says.nth(0).inner_text().startswith("Right.") and says.nth(0).inner_text().endswith("First x.")
    page.get_by_role("button", name="Line up: x = x * 4").press("Enter")
    check.press("Enter")
    assert says.nth(0).inner_text() == "Not quite. The sum is lost."
    page.get_by_label("3", exact=True).check()
    page.get_by_role("button", name="Check answer 2").press("Enter")
    assert says.nth(1).inner_text().startswith("Right. One and two.")
    assert not errors
    page.close()
    plain = chromium.new_context(java_script_enabled=False).new_page()
    plain.goto(path.as_uri())
    assert plain.locator("button:visible").count() == 0 and plain.locator("summary:visible").count() == 2
    plain.close()


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
