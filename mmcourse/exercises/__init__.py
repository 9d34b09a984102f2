"""Exercises and quizzes: ``check(name, answer)``, ``hint(name)``, ``solution(name)``, ``quiz(name)``, ``progress()``,
``export_progress()``.

A folder a page holds its exercises and its quiz, a module for each, imported when it is first asked for.
"""

from mmcourse.exercises import expect
from mmcourse.exercises.cases import anew, case
from mmcourse.exercises.common_errors import CommonError, errors
from mmcourse.exercises.engine import Exercise, check, export_progress, hint, progress, solution
from mmcourse.exercises.puzzles import Order, Predict
from mmcourse.exercises.quizzes import Numeric, Option, Question, Quiz, quiz
from mmcourse.exercises.registry import get, names
from mmcourse.exercises.show import Result

__all__ = [
    "CommonError",
    "Exercise",
    "Numeric",
    "Option",
    "Order",
    "Predict",
    "Question",
    "Quiz",
    "Result",
    "anew",
    "case",
    "check",
    "errors",
    "expect",
    "export_progress",
    "get",
    "hint",
    "names",
    "progress",
    "quiz",
    "solution",
]
