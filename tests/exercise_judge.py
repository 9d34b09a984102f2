"""Whether answers are right, and what they are told, for tests that try very many of them."""

import os

import numpy as np

from mmcourse.exercises import check, engine, get, judging, limits
from mmcourse.exercises.sandbox import Answer, NotAttempted, Wrong, surroundings

THOROUGH = "MMCOURSE_THOROUGH" in os.environ  # `make exercises`: as many seeds as the course promises
SEEDS = range(20)
SOME = SEEDS if THOROUGH else range(3)  # where each seed takes long
LIMIT = 2.0  # seconds on all inputs of one seed; a mutant may loop without end


class Judge:
    """An exercise's check, with the inputs of a seed, their right results and what its mistakes give made once."""

    def __init__(self, name):
        self.exercise, self._prepared = get(name), {}

    def prepared(self, seed):
        """What ``judging`` prepares for a seed; None for an exercise that has a check of its own."""
        if self.exercise._check or self.exercise.answers_with_value:
            return None
        return self._cases_of(seed)

    def _cases_of(self, seed):
        if seed not in self._prepared:
            self._prepared[seed] = judging.Prepared(self.exercise, np.random.default_rng(seed))
        return self._prepared[seed]

    def says(self, answer, seed):
        """(status, message) as ``check`` gives them."""
        return engine._judge(self.exercise, answer, seed, limits.SECONDS, self.prepared(seed))

    def accepts(self, function, seed):
        """Whether an answer is right on the inputs of a seed, without the search for the reason."""
        if self.exercise._cases and not self._right_on_cases(function, seed):
            return False
        if self.prepared(seed) is not None:
            return True
        return check(self.exercise.name, function, seed=seed, seconds=LIMIT).status == "correct"

    def _right_on_cases(self, function, seed):
        prepared = self._cases_of(seed)
        inputs = zip(prepared.cases, prepared.wanted, strict=True)
        try:
            with surroundings():
                return limits.limited(lambda: all(self._right(function, *one) for one in inputs), LIMIT)
        except (limits.TimeUp, Wrong, NotAttempted):
            return False

    def _right(self, function, case, wanted):
        arguments = case.fresh()
        came = judging.outcome(Answer(function), arguments)
        parts = judging.read(self.exercise, came, wanted)
        if isinstance(parts, Exception) or not judging.whole(parts):
            return False
        self.exercise.looked_at(came, *arguments)
        return True
