"""A question: its text, program and answer, and how a draft is put into words."""

from dataclasses import dataclass

from mmcourse.scenes.questions import chinese, english
from mmcourse.scenes.questions.families import CHAINS, FAMILIES
from mmcourse.scenes.questions.program import evaluate
from mmcourse.scenes.scene import COLOURS, SHAPES, SIZES, check_scene

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
    "chain shape": SHAPES,
    "chain colour": COLOURS,
    "chain size": SIZES,
}
assert tuple(ANSWERS) == FAMILIES + CHAINS


@dataclass(frozen=True)
class Question:
    """A question about one scene.

    ``text`` is in ``language``. ``answer`` is a key that is the same in every language ("yes", "2", "red"): one set of
    classes serves both, and accuracies can be compared; ``answer_text`` says it in the language ("有", "2", "红色").
    ``family`` is one of ``FAMILIES`` (or of ``CHAINS``); ``program`` a tuple of steps, see ``program``;
    ``show(program)`` is one line.
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


def question_of(planned, scene, language, stream):
    """The Question that a Draft is, about a scene; its words are drawn from the stream."""
    program = planned.program()
    return Question(said(planned, language, stream), evaluate(program, scene), planned.family, program, language)


def said(planned, language, stream):
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


def check_language(language):
    """Raise ValueError for a language in which no question can be asked."""
    if language not in LANGUAGES:
        allowed = ", ".join(map(repr, LANGUAGES))
        raise ValueError(f"Unknown language. Received: language={language!r}. Allowed: {allowed}.")


def check_about(question, scene):
    """Raise TypeError for what is no Question or no Scene, ValueError where the scene gives the question no answer, or
    another one: then the question is about another scene."""
    check_scene(scene)
    if not isinstance(question, Question):
        raise TypeError(f"Received: question, {type(question).__name__}. Allowed: a Question.")
    answer = evaluate(question.program, scene)
    if answer != question.answer:
        raise ValueError(
            f"The question is about another scene. Received: question.answer={question.answer!r}. "
            f"Allowed: {answer!r}, the answer of this scene."
        )
