"""Exercises and quizzes: ``check(name, answer)``, ``hint(name)``, ``solution(name)``, ``quiz(name)``, ``progress()``.

A folder a page holds its exercises and its quiz, a module for each, imported when it is first asked for.
"""

from mmcourse.exercises import expect
from mmcourse.exercises.cases import anew, case
from mmcourse.exercises.engine import Exercise, check, hint, progress, solution
from mmcourse.exercises.quizzes import Numeric, Option, Question, Quiz, quiz
from mmcourse.exercises.registry import get, names
from mmcourse.exercises.show import Result

__all__ = [
    "Exercise",
    "Numeric",
    "Option",
    "Question",
    "Quiz",
    "Result",
    "anew",
    "case",
    "check",
    "expect",
    "get",
    "hint",
    "names",
    "progress",
    "quiz",
    "solution",
]
