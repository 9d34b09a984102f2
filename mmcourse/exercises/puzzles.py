"""Two kinds of question about code that nobody has to write: what does it print, and in which order do its lines
stand?

Both are proven by running their code (`tests/test_exercises_quizzes.py`): what `Predict` calls right is printed, and
the orders of `Order` that give the result are exactly those that it accepts.
"""

import contextlib
import io
import itertools

from mmcourse.exercises import limits, sandbox, show
from mmcourse.exercises.quizzes import Question


class Predict(Question):
    """What does this code print? The right option's text, between backquotes, is what running ``code`` prints."""

    def __init__(self, text, code, *options):
        super().__init__(text, *options)
        self.code = code.strip("\n")

    def printed(self):
        """What the code prints when it is run, without the last line end."""
        return _run(self.code)

    def body(self, ids):
        """The question's inside as HTML."""
        options, reasons = super().body(ids)
        return f'<pre class="mm-quiz-code"><code>{show.escape(self.code)}</code></pre>{options}', reasons


class Order:
    """Put these lines in order. ``lines`` are given in the right order, each with its indentation; ``also`` holds other
    right orders, as tuples of places from 0. ``shown`` is the order in which they are offered. ``before`` and ``after``
    are lines that stay where they are. ``why`` says why the order is as it is; ``pitfall`` what a frequent wrong one,
    ``wrong`` (places), would do."""

    def __init__(self, text, lines, *, shown, why, wrong, pitfall, before="", after="", also=()):
        right = tuple(range(len(lines)))
        self.text, self.lines, self.shown, self.why = text, tuple(lines), tuple(shown), why
        self.wrong, self.pitfall, self.before, self.after = tuple(wrong), pitfall, before, after
        self.right = (right, *map(tuple, also))
        for name, order in (("shown", self.shown), ("wrong", self.wrong), *(("also", one) for one in self.right)):
            if sorted(order) != list(right):
                raise ValueError(f"An order has each place once. Received: {name}={order}. Allowed: {list(right)}.")
            if name != "also" and order in self.right:
                raise ValueError(f"This order is right. Received: {name}={order}.")
        if len(lines) > 7:
            raise ValueError(f"More lines than one can keep in mind. Received: {len(lines)} lines. Allowed: 7.")

    def printed(self, order):
        """What the code prints with its lines in this order; None where it fails."""
        try:
            return _run("\n".join(filter(None, [self.before, *(self.lines[place] for place in order), self.after])))
        except Exception:
            return None

    def orders(self):
        """The orders that print the same as the right one."""
        wanted = self.printed(self.right[0])
        return {order for order in itertools.permutations(range(len(self.lines))) if self.printed(order) == wanted}

    def body(self, ids):
        """The question's inside as HTML: with scripts, each line has two buttons that move it."""
        rows = "".join(_row(place, self.lines[place]) for place in self.shown)
        told = " ".join("-".join(map(str, order)) for order in self.right)
        options = (
            f'{_code(self.before)}<ol class="mm-quiz-lines" data-orders="{told}" '
            f'data-wrong="{"-".join(map(str, self.wrong))}">{rows}</ol>{_code(self.after)}'
        )
        reasons = (
            f'<li data-why="right"><strong>Right:</strong> {_code(chr(10).join(self.lines))} '
            f"<span>{show.inline(self.why)}</span></li>"
            f'<li data-why="wrong"><strong>Wrong:</strong> <span>{show.inline(self.pitfall)}</span></li>'
        )
        return options, reasons


def _code(text):
    return f'<pre class="mm-quiz-code"><code>{show.escape(text)}</code></pre>' if text else ""


def _row(place, line):
    """A line and its two buttons."""
    name = show.escape(line.strip())
    buttons = "".join(
        f'<button type="button" class="mm-quiz-{way}" hidden aria-label="Line {way}: {name}">{arrow}</button>'
        for way, arrow in (("up", "↑"), ("down", "↓"))
    )
    return f'<li data-place="{place}"><code>{show.escape(line)}</code>{buttons}</li>'


def _run(code):
    printed = io.StringIO()
    with sandbox.turn(limits.SECONDS), contextlib.redirect_stdout(printed):
        exec(compile(code, "<question>", "exec"), {"__name__": "__main__"})
    return printed.getvalue().rstrip("\n")
