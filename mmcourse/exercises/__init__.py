"""Exercises and quizzes: ``check(name, answer)``, ``hint(name)``, ``solution(name)``, ``quiz(name)``, ``progress()``.

One module a page holds its exercises and its quiz; they are imported when first asked for.
"""

from mmcourse.exercises import expect
from mmcourse.exercises.engine import Exercise, Result, check, get, hint, names, solution
from mmcourse.exercises.quizzes import Numeric, Option, Question, Quiz, quiz
from mmcourse.exercises.records import progress

__all__ = [
    "Exercise",
    "Numeric",
    "Option",
    "Question",
    "Quiz",
    "Result",
    "check",
    "expect",
    "get",
    "hint",
    "names",
    "progress",
    "quiz",
    "solution",
]
