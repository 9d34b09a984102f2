"""Questions about a scene, with programs and answers, in English and Chinese: CLEVR's families in two dimensions.

>>> from mmcourse.scenes.sampling import scene
>>> for question in questions(scene("train", 0, 7), n=2):
...     print(question.text, question.answer, question.family, sep=" / ")
Is there a cross to the left of the little green star? / yes / relation exist
What shape is the object to the right of the blue object? / star / relation shape

What is asked is decided in no language (``families``), so that the questions of a scene are the same in both; each
language is one module of words. ``program`` says what the answer means, and computes it.
"""

from dataclasses import dataclass

import numpy as np

from mmcourse.scenes.questions import chinese, english
from mmcourse.scenes.questions.families import FAMILIES, draft, world
from mmcourse.scenes.questions.program import evaluate, read, show
from mmcourse.scenes.random import Stream
from mmcourse.scenes.scene import COLOURS, SHAPES, SIZES, check_scene

__all__ = ["ANSWERS", "FAMILIES", "LANGUAGES", "Question", "evaluate", "questions", "read", "show"]

_WORDS = {"en": english, "zh": chinese}
LANGUAGES = tuple(_WORDS)

# For each family its possible answers; a count goes up to the number of things (at most four in the splits).
ANSWERS = {
    "exist": ("yes", "no"),
    "count": ("0", "1", "2", "3", "4"),
    "query shape": SHAPES,
    "query colour": COLOURS,
    "query size": SIZES,
    "compare number": ("yes", "no"),
    "compare attribute": ("yes", "no"),
    "relation exist": ("yes", "no"),
    "relation count": ("0", "1", "2", "3"),
    "relation shape": SHAPES,
    "relation colour": COLOURS,
    "relation size": SIZES,
}
assert tuple(ANSWERS) == FAMILIES

# So many rounds at most where a number of questions is asked for: a scene has only so many.
ROUNDS = 24


@dataclass(frozen=True)
class Question:
    """A question about one scene.

    ``text`` is in ``language``. ``answer`` is a key that is the same in every language ("yes", "2", "red"): one set of
    classes serves both, and accuracies can be compared; ``answer_text`` says it in the language ("有", "2", "红色").
    ``family`` is one of ``FAMILIES``; ``program`` a tuple of steps, see ``program``; ``show(program)`` is one line.
    """

    text: str
    answer: str
    family: str
    program: tuple
    language: str

    @property
    def answer_text(self):
        """The answer in the words of ``language``."""
        if self.language == "zh" and self.family in ("exist", "relation exist"):
            return chinese.HAVING[self.answer]
        return _WORDS[self.language].ANSWERS.get(self.answer, self.answer)


def questions(
    scene, language="en", n=None, families=FAMILIES, *, rounds=None, shapes=SHAPES, colours=COLOURS, sizes=SIZES
):
    """Questions about a scene: a pure function of its things and its key, the same programs in both languages.

    In a round every family is tried once, in an order that differs from scene to scene. An attempt may fail (what is
    asked is chosen so that the words do not give the answer away, see ``families``): a round finds about four questions
    about a scene of one thing, eight or nine about larger ones. No program comes twice.

    - ``scene``: a Scene.
    - ``language``: "en" or "zh".
    - ``n``: how many at most; None for all that the rounds find. The first three of five are the three of three.
    - ``families``: a sequence of names of ``FAMILIES``. Leaving out one changes no question of the others.
    - ``rounds``: how many, at most; None for one if ``n`` is None, else for as many as it takes (24 at most).
    - ``shapes``, ``colours``, ``sizes``: the knobs that the scene was drawn with (see ``sampling.scene``), so that
      nothing is asked which the whole split would answer alike.

    Answers are balanced exactly in what one round finds. ``n=5`` of all families keeps that within a point; but to ask
    every scene for one question of one family insists where an attempt should fail, and moves shares by some points
    (of compare attribute, 54 % are then "no"): for a large set of one family take ``rounds`` rather than ``n``.

    Returns a tuple of Question. Raises ValueError for an unknown language, family or word, or a negative number.
    """
    check_scene(scene)
    if language not in LANGUAGES:
        allowed = ", ".join(map(repr, LANGUAGES))
        raise ValueError(f"Unknown language. Received: language={language!r}. Allowed: {allowed}.")
    families = families if isinstance(families, str) else tuple(families)
    wrong = [families] if isinstance(families, str) else [family for family in families if family not in FAMILIES]
    if wrong:
        kind = "Families come as a sequence." if isinstance(families, str) else "Unknown family."
        allowed = ", ".join(map(repr, FAMILIES))
        raise ValueError(f"{kind} Received: {wrong[0]!r}. Allowed: a tuple of {allowed}.")
    for name, value in (("n", n), ("rounds", rounds)):
        if value is not None and (not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 0):
            raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number >= 0, or None.")
    if rounds is None:
        rounds = 1 if n is None else ROUNDS
    # Every thing must be one that the split can draw, else twins of the scene would not be scenes of the split.
    drawn_from = world(tuple(shapes), tuple(colours), tuple(sizes))
    order = [f for f in Stream("questions", "order", *scene.key).shuffled(FAMILIES) if f in families]
    found, programs = [], set()
    for attempt in range(rounds):
        for family in order:
            if n is not None and len(found) >= n:
                return tuple(found)
            planned = draft(family, scene, drawn_from, Stream("questions", family, attempt, *scene.key))
            program = planned and planned.program()
            if program and program not in programs:
                programs.add(program)
                text = _said(planned, language, Stream("questions", "words", family, attempt, *scene.key))
                found.append(Question(text, evaluate(program, scene), family, program, language))
    return tuple(found)


def _said(planned, language, stream):
    """The text of a Draft."""
    words, chosen = _WORDS[language], {}

    def pick(table):
        if id(table) not in chosen:
            chosen[id(table)] = stream.choice(tuple(table), tuple(table.values()))
        return chosen[id(table)]

    kind = planned.comparison or planned.family
    if planned.family == "compare attribute":
        kind = "same"
    elif planned.family == "relation exist" and not any(planned.first):
        kind = "relation anything"
    return pick(words.TEMPLATES[kind]).format_map(words.Words(planned, pick))
