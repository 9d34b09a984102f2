"""Every registered exercise is proven: the solution is right, the stub not attempted, each planted mistake
diagnosed.

A check draws its inputs. Many seeds show that it never depends on their luck: each round of ``make fuzz`` has others,
and ``python tests/test_exercises_proven.py 20 contrastive.hardest …`` tries each (none named: all) for so many seconds.
"""

import os
import sys
import time

import pytest
from exercise_judge import SOME, Judge

from mmcourse.exercises import check, get, names, quiz
from mmcourse.exercises.registry import topics

ROUND = os.environ.get("MMCOURSE_FUZZ")
SEEDS = SOME if ROUND is None else (int(ROUND), int(ROUND) + 1)


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch):
    monkeypatch.setenv("MMCOURSE_PROGRESS", "off")


def run(source, name):
    space = {"__name__": "__main__"}
    exec(compile(source, "<cell>", "exec"), space)
    return space[name]


def misjudged(judge, seed):
    """What the check of an exercise says of the solution and of each planted mistake, where that is not as it
    should."""
    exercise = judge.exercise
    result = judge.says(exercise.solution, seed)
    wrong = [] if result[0] == "correct" else [("solution", result)]
    for label, answer in exercise.mistakes.items():
        status, message = judge.says(answer, seed)
        if status != "incorrect" or exercise.diagnoses[label] not in message:
            wrong.append((label, message))
    return wrong


@pytest.mark.fuzz
@pytest.mark.parametrize("name", names())
def test_exercise_is_proven(name, record_property):
    exercise, judge = get(name), Judge(name)
    assert len(exercise.mistakes) >= 3
    record_property("planted mistakes", len(exercise.mistakes))
    for seed in SEEDS[:1] if exercise.answers_with_value else SEEDS:
        assert misjudged(judge, seed) == []
    assert check(name, exercise.solution).status == "correct"

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
        assert 5 <= len(questions) <= 7
        # The right option's place tells nothing: it is not always the same.
        assert len({[o.right for o in q.options].index(True) for q in questions if hasattr(q, "options")}) > 1


def main(seconds, chosen):
    """Try each exercise with one seed after the other, and print how often a check was mistaken."""
    os.environ["MMCOURSE_PROGRESS"] = "off"
    for name in chosen or names():
        start, seeds, found, judge = time.perf_counter(), 0, [], Judge(name)
        while time.perf_counter() - start < seconds:
            found += [(seeds, *wrong) for wrong in misjudged(judge, seeds)]
            seeds += 1
        print(f"{name}: {len(found)} misjudged in {seeds} seeds", *found[:3], sep="\n  ", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
