"""Quizzes: questions whose every option is explained, as small accessible HTML that needs nothing from outside.

Without scripts each question keeps its options and a folded list of explanations. With scripts a button checks the
chosen option, and its explanation is announced. Texts may hold `code`, $mathematics$, *emphasis* and **strong** words.
"""

import importlib
import math
from dataclasses import dataclass

from mmcourse.exercises import registry, show
from mmcourse.exercises.sandbox import safe_repr

_quizzes = {}
_rendered = {}


BECAUSE = ("definition", "mathematics", "logic")  # what an answer rests on that needs no measurement


@dataclass(frozen=True)
class Option:
    """One option of a question: its ``text``, why it is right or wrong (``why``), and whether it is ``right``.

    A right one says what it rests on: ``claim``, words of one claim of its page, to whose evidence the book leads; or
    ``because``, where it follows from what words mean ("definition"), from algebra, shapes or counting
    ("mathematics"), or from what the question says ("logic").
    """

    text: str
    why: str
    right: bool = False
    claim: str = ""
    because: str = ""

    def __post_init__(self):
        if self.because not in ("", *BECAUSE) or (self.claim and self.because):
            received = f"because={self.because!r}, claim={self.claim!r}"
            raise ValueError(f"Received: {received}. Allowed: a claim, or because one of {', '.join(BECAUSE)}.")

    def reason(self):
        """Why, as HTML; behind it the place of a mark, for the book."""
        mark = f'<span data-claim="{show.escape(self.claim)}"></span>' if self.claim else ""
        return show.inline(self.why) + mark


class Question:
    """A question with two or more options, exactly one of them right."""

    def __init__(self, text, *options):
        if len(options) < 2 or sum(o.right for o in options) != 1:
            count = sum(o.right for o in options)
            raise ValueError(
                f"A question has at least two options, one of them right. Received: {len(options)} options, {count} "
                f"right."
            )
        for option in options:
            if not option.why.strip():
                raise ValueError(f"Every option is explained. Received: why={option.why!r} for {option.text!r}.")
        self.text, self.options = text, options

    def body(self, ids):
        """The question's inside as HTML; ``ids`` begins every id and name in it."""
        options, reasons = [], []
        for i, option in enumerate(self.options):
            options.append(
                f'<div class="mm-quiz-option"><label><input type="radio" name="{ids}" value="{i}" '
                f'data-right="{int(option.right)}"> <span>{show.inline(option.text)}</span></label></div>'
            )
            reasons.append(
                f'<li data-why="{i}"><strong>{"Right" if option.right else "Wrong"}:</strong> '
                f"<span>{show.inline(option.text)}</span> — <span>{option.reason()}</span></li>"
            )
        return "".join(options), "".join(reasons)


class Numeric:
    """A question whose answer is a number: right within ``tolerance`` (relative). ``wrong`` maps well-known wrong
    numbers to what is wrong with them."""

    def __init__(self, text, answer, why, wrong=(), tolerance=0.01):
        self.text, self.answer, self.why, self.tolerance = text, float(answer), why, tolerance
        self.wrong = {float(k): v for k, v in dict(wrong).items()}
        for other in self.wrong:
            if math.isclose(other, self.answer, rel_tol=2 * tolerance):
                raise ValueError(
                    f"A wrong number lies too near the right one. Received: wrong={other}, answer={answer}."
                )

    def body(self, ids):
        """The question's inside as HTML; ``ids`` begins every id and name in it."""
        field = (
            f'<div class="mm-quiz-option"><label>Your number: <input type="text" inputmode="decimal" '
            f'autocomplete="off" '
            f'size="10" name="{ids}" data-tolerance="{self.tolerance}"></label></div>'
        )
        known = [(self.answer, "Right", self.why), *((k, "Wrong", v) for k, v in self.wrong.items())]
        return field, "".join(
            f'<li data-why="{i}" data-number="{n!r}"><strong>{word}:</strong> <span>{n:g}</span> '
            f"— <span>{show.inline(why)}</span></li>"
            for i, (n, word, why) in enumerate(known)
        )


class Quiz:
    """A page's quiz: ``name`` (the page's) and ``questions``. Shows itself in a notebook; ``to_html`` is for the
    book."""

    def __init__(self, name, *questions):
        self.name, self.questions = name, questions
        _quizzes[name] = self

    def to_html(self, uid=None):
        """The quiz as one ``<section>`` with style and script inside.

        All ids begin with ``uid``; by default ``mm-quiz-NAME``, and ``-2``, ``-3`` … when shown again by the same
        process.
        """
        if uid is None:
            _rendered[self.name] = count = _rendered.get(self.name, 0) + 1
            uid = f"mm-quiz-{self.name}" + (f"-{count}" if count > 1 else "")
        uid = show.escape(uid)
        blocks = []
        for i, question in enumerate(self.questions, start=1):
            ids = f"{uid}-q{i}"
            options, reasons = question.body(ids)
            blocks.append(
                f'<fieldset id="{ids}" class="mm-quiz-question"><legend>{i}. '
                f"{show.inline(question.text)}</legend>{options}"
                f'<button type="button" class="mm-quiz-check" hidden>Check answer '
                f"{i}</button>"
                f'<p class="mm-quiz-says" id="{ids}-says" role="status" aria-live="polite"></p>'
                f"<details><summary>Every option explained (question "
                f"{i})</summary><ul>{reasons}</ul></details></fieldset>"
            )
        return (
            f'<section class="mm-quiz tex2jax_process mathjax_process" id="{uid}" aria-label="Quiz, '
            f'{len(self.questions)} questions"><style>{_STYLE}</style>{"".join(blocks)}'
            f'<script>({_SCRIPT})("{uid}");</script></section>'
        )

    def _repr_html_(self):
        return self.to_html()

    def __repr__(self):
        lines = []
        for i, question in enumerate(self.questions, start=1):
            lines.append(f"{i}. {question.text}")
            lines += [f"   | {line}" for line in getattr(question, "code", "").splitlines()]
            lines += [f"   | {question.lines[place]}" for place in getattr(question, "shown", ())]
            lines += [f"   ( ) {o.text}" for o in getattr(question, "options", ())]
        return "\n".join(lines)


def quiz(name):
    """The quiz of the page ``name``; a LookupError that proposes the nearest names where there is none, a TypeError
    where the name is no string."""
    if not isinstance(name, str):
        raise TypeError(f"A quiz has the name of its page. Received: name={safe_repr(name)}.")
    if name not in _quizzes:
        if name not in registry.topics():
            raise LookupError(registry.unknown("quiz", name, registry.topics()))
        importlib.import_module(f"{__package__}.{name}.quiz")
    return _quizzes[name]


_STYLE = """
.mm-quiz fieldset{border:1px solid var(--mm-muted,#808890);border-radius:6px;margin:0 0 1em;padding:.6em 1em}
.mm-quiz fieldset{min-width:0}
.mm-quiz [hidden]{display:none}
.mm-quiz legend{font-size:1em;font-weight:600;float:none;width:auto;padding:0 .3em;margin:0;line-height:1.5}
.mm-quiz label{display:inline-block;padding:.25em 0;line-height:1.5;cursor:pointer}
.mm-quiz input[type=radio]{margin-right:.4em}
.mm-quiz input,.mm-quiz button{font:inherit}
.mm-quiz button{color:inherit;background:transparent;border:1px solid currentColor;border-radius:4px}
.mm-quiz button{padding:.25em .9em;margin:.4em 0;cursor:pointer}
.mm-quiz .mm-quiz-says{margin:.3em 0;padding-left:.6em;border-left:4px solid transparent}
.mm-quiz .mm-quiz-says.mm-right{border-color:var(--mm-good,#2e9d5b)}
.mm-quiz .mm-quiz-says.mm-wrong{border-color:var(--mm-bad,#d0533f)}
.mm-quiz summary{cursor:pointer}
.mm-quiz .mm-quiz-code,.mm-quiz .mm-quiz-code code{white-space:pre-wrap;overflow-wrap:anywhere;overflow:visible}
.mm-quiz .mm-quiz-code{margin:.4em 0;padding:.4em .6em}
.mm-quiz .mm-quiz-lines{list-style:none;margin:.4em 0;padding:0}
.mm-quiz .mm-quiz-lines li{display:flex;gap:.4em;align-items:center;margin:.2em 0}
.mm-quiz .mm-quiz-lines code{flex:1;min-width:0;white-space:pre-wrap;overflow-wrap:anywhere;padding:.3em .5em}
.mm-quiz .mm-quiz-lines button{min-width:2.2em;padding:.15em .4em;margin:0}
""".strip()

# The script only reads what stands in the page: it is the same for every quiz. It may run twice (in a notebook).
_SCRIPT = """function (id) {
  var root = document.getElementById(id);
  if (!root || root.dataset.ready) return;
  root.dataset.ready = "1";
  root.querySelectorAll("fieldset").forEach(function (box) {
    var button = box.querySelector(".mm-quiz-check"), says = box.querySelector(".mm-quiz-says");
    var number = box.querySelector("input[type=text]");
    function say(right, head, reason) {
      says.className = "mm-quiz-says" + (right === null ? "" : right ? " mm-right" : " mm-wrong");
      says.textContent = head;
      if (reason) {
        says.append(" ");
        reason.childNodes.forEach(function (n) { says.append(n.cloneNode(true)); });
      }
    }
    function why(li) { return li && li.lastElementChild; }
    var lines = box.querySelector(".mm-quiz-lines");
    if (lines) {
      lines.querySelectorAll("button").forEach(function (b) {
        b.hidden = false;
        b.addEventListener("click", function () {
          var li = b.parentElement, up = b.className === "mm-quiz-up";
          var other = up ? li.previousElementSibling : li.nextElementSibling;
          if (!other) return say(null, up ? "This line stands first." : "This line stands last.");
          lines.insertBefore(up ? li : other, up ? other : li);
          b.focus();
          var place = Array.prototype.indexOf.call(lines.children, li) + 1;
          say(null, "Line " + place + " of " + lines.children.length + ".");
        });
      });
    }
    function check() {
      if (lines) {
        var order = Array.prototype.map.call(lines.children, function (li) { return li.dataset.place; }).join("-");
        var fits = lines.dataset.orders.split(" ").indexOf(order) >= 0;
        var known = fits ? "right" : order === lines.dataset.wrong ? "wrong" : null;
        var reason = known && why(box.querySelector('li[data-why="' + known + '"]'));
        return say(fits, fits ? "Right." : "Not quite.", reason);
      }
      if (number) {
        var value = Number(number.value.trim().replace(",", ".")), found = null;
        var tolerance = Number(number.dataset.tolerance);
        if (!number.value.trim() || isNaN(value)) return say(null, "Write a number first.");
        box.querySelectorAll("li[data-number]").forEach(function (li) {
          var n = Number(li.dataset.number);
          if (!found && Math.abs(value - n) <= tolerance * Math.abs(n) + 1e-12) found = li;
        });
        var right = !!found && found.dataset.why === "0";
        return say(right, right ? "Right." : "Not quite.", why(found));
      }
      var chosen = box.querySelector("input:checked");
      if (!chosen) return say(null, "Choose an option first.");
      var ok = chosen.dataset.right === "1";
      say(ok, ok ? "Right." : "Not quite.", why(box.querySelector('li[data-why="' + chosen.value + '"]')));
    }
    button.hidden = false;
    button.addEventListener("click", check);
    if (number) number.addEventListener("keydown", function (e) {
      if (e.key === "Enter") { e.preventDefault(); check(); }
    });
    box.addEventListener("input", function () { say(null, ""); });
  });
}"""
