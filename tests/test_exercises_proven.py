"""Every registered exercise is proven: the solution is right, the stub not attempted, each planted mistake
diagnosed."""

import pytest

from mmcourse.exercises import check, get, names, quiz
from mmcourse.exercises.engine import topics

SEEDS = (0, 1, 2, None)  # None: fresh inputs


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch):
    monkeypatch.setenv("MMCOURSE_PROGRESS", "off")


def run(source, name):
    space = {"__name__": "__main__"}
    exec(compile(source, "<cell>", "exec"), space)
    return space[name]


@pytest.mark.parametrize("name", names())
def test_exercise_is_proven(name):
    exercise = get(name)
    assert len(exercise.mistakes) >= 3
    for seed in SEEDS:
        result = check(name, exercise.solution, seed=seed)
        assert result.status == "correct", result
        for label, answer in exercise.mistakes.items():
            result = check(name, answer, seed=seed)
            assert result.status == "incorrect", (label, result)
            assert exercise.diagnoses[label] in result.message, (label, result)

    # The two texts that a notebook gets run by themselves: the stub is "not attempted", the solution is right.
    stub = run(exercise.stub, exercise.function_name)
    assert check(name, stub).status == "not attempted"
    assert check(name, run(exercise.solution_source, exercise.function_name)).status == "correct"

    if exercise.kind == "find the bug":  # and the bug is one: the same code, behind another function, is wrong

        def disguised(*args):
            return stub(*args)

        result = check(name, disguised)
        assert result.status == "incorrect", result
    if exercise.answers_with_value:
        assert "answer = ..." in exercise.stub
    else:
        assert f"`{exercise.function_name}(" in exercise.task, "the task names the function as the stub does"
    assert f"{exercise.function_name})" in exercise.check_source


@pytest.mark.parametrize("name", names())
def test_texts(name):
    exercise = get(name)
    assert exercise.title and len(exercise.task) > 80 and len(exercise.hints) == 2
    for text in (exercise.task, *exercise.hints):
        assert text.count("`") % 2 == 0 and text.count("$") % 2 == 0 and text[-1] in ".?!", text
    assert exercise.page in topics()
    for shown in (exercise.stub, exercise.solution_source):
        assert "def _(" not in shown, "the check is not for the student's eyes"


def test_every_page_has_a_quiz_and_three_kinds_of_exercise():
    assert topics()
    for page in topics():
        exercises = [get(n) for n in names(page)]
        assert 3 <= len(exercises) <= 5
        assert len({e.kind for e in exercises}) >= 2
        questions = quiz(page).questions
        assert 4 <= len(questions) <= 6
        # The right option's place tells nothing: it is not always the same.
        assert len({[o.right for o in q.options].index(True) for q in questions if hasattr(q, "options")}) > 1
