"""What goes with a question: the things it speaks of, the same in other words, and the questions that it consists of.

A model that has understood a question answers it alike in any words, says "more" where it counted more, and looks at
the things that are meant. Each of these can be tested, for each follows from the program.
"""

from dataclasses import replace

from mmcourse._machinery.checks import check_whole
from mmcourse.scenes.questions.drafts import Draft, draft_of
from mmcourse.scenes.questions.program import COMPARISONS, show, trace
from mmcourse.scenes.questions.question import LANGUAGES, Question, check_about, check_language, question_of, said
from mmcourse.scenes.random import Stream

TRIES = 24  # texts drawn for each one that is wanted: some are drawn twice


def referents(question, scene):
    """The things that a question refers to, by role: {"asked": places, "anchor": places}.

    Places are those in ``scene.things``, as rows of ``image.masks`` and ``image.boxes``, in tuples without repetition.

    - "asked": the things that the answer is read from, whatever is done with them last.

      - query, relation query and chain: the one thing whose attribute is asked for;
      - exist and count: all that fit, in a relation those that fit and stand in it; in the scene's order, maybe none;
      - compare attribute: the two that are compared, in the order of the question;
      - compare number: all that are counted, those of the first description before those of the second (where a thing
        fits both, it stands with the first).

    - "anchor": the things that others are related to, in the order of the program: of a relation the one that is named,
      of a chain the named one and then the one in between, of all other questions none. Where a chain of one's own
      leads back to its start, a thing can be both asked and anchor.

    ``question`` is a Question or a program. Raises what ``trace`` raises, such as ValueError where the scene lacks a
    thing that the question names.
    """
    program = question.program if isinstance(question, Question) else question
    held = trace(program, scene)
    names = [step[0] for step in program]
    # The last step takes what the one before it put, and of two branches also what the first ended with.
    ends = [len(names) - 2]
    if names.count("scene") == 2:
        ends.insert(0, names.index("scene", 1) - 1)
    if names[-1] in COMPARISONS:
        ends = [end - 1 for end in ends]  # numbers: what was counted stands a step before
    anchors = [held[place - 1] for place, name in enumerate(names) if name == "relate"]
    return {"asked": _once(held[end] for end in ends), "anchor": _once(anchors)}


def _once(tuples):
    return tuple(dict.fromkeys(place for places in tuples for place in places))


def reworded(question, scene, n=1):
    """The same question in other words of its language: a tuple of up to ``n`` (an integer >= 0) Question that differ
    from it and from each other in ``text`` only.

    A pure function of the scene's key, the program, the language and the text; the first three of five are the three of
    three. There are fewer than ``n`` where 24 tries for each found no more: of a short question there are few wordings.

    Raises TypeError for what is no Question or no Scene, ValueError for a question about another scene.
    """
    check_about(question, scene)
    check_whole(0, n=n)
    planned, line = draft_of(question.program), show(question.program)
    texts = {question.text: None}  # a dict, for it keeps the order
    for attempt in range(TRIES * n):
        if len(texts) <= n:
            stream = _stream("reworded", question.language, line, attempt, scene)
            texts[said(planned, question.language, stream)] = None
    return tuple(replace(question, text=text) for text in list(texts)[1:])


def translated(question, scene, language=None):
    """The same question in ``language`` ("en" or "zh"; None for the one that it is not in): a Question with the same
    program, answer and family. In its own language it is the question itself.

    A pure function of the scene's key, the program and the language. The words are drawn anew, so they are seldom the
    ones in which ``questions(scene, language)`` asks the same.

    Raises TypeError for what is no Question or no Scene, ValueError for an unknown language or a question about another
    scene.
    """
    check_about(question, scene)
    if language is None:
        language = next(other for other in LANGUAGES if other != question.language)
    check_language(language)
    if language == question.language:
        return question
    stream = _stream("translated", language, show(question.program), 0, scene)
    return replace(question, text=said(draft_of(question.program), language, stream), language=language)


def counts(question, scene):
    """The two questions that a comparison of numbers consists of: "How many ... are there?" of its first description
    and of its second, a tuple of two Question of the family "count", with their answers.

    Their answers decide that of the question: a model that answers the three of them otherwise contradicts itself.
    A pure function of the scene's key, the program and the language.

    Raises TypeError for what is no Question or no Scene, ValueError for a question of another family or scene.
    """
    check_about(question, scene)
    if question.family != "compare number":
        raise ValueError(f"Received: question.family={question.family!r}. Allowed: 'compare number'.")
    planned, line = draft_of(question.program), show(question.program)
    return tuple(
        question_of(
            Draft("count", description), scene, question.language, _stream("counts", question.language, line, k, scene)
        )
        for k, description in enumerate((planned.first, planned.second))
    )


def _stream(name, language, line, number, scene):
    return Stream("questions", name, language, line, number, *scene.key)
