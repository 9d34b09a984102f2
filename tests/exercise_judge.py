"""Whether answers are right, for tests that try very many of them."""

import numpy as np

from mmcourse.exercises import check, get, judging, limits
from mmcourse.exercises.sandbox import Answer, NotAttempted, Wrong, surroundings

SEEDS = range(20)
LIMIT = 2.0  # seconds on all inputs of one seed; a mutant may loop without end


class Judge:
    """Whether an answer is right on the inputs of a seed, without the search for the reason. Inputs and right results
    are made once."""

    def __init__(self, name):
        self.exercise, self.made = get(name), {}

    def accepts(self, function, seed):
        if self.exercise._check:
            return check(self.exercise.name, function, seed=seed, seconds=LIMIT).status == "correct"
        if seed not in self.made:
            cases = self.exercise.inputs(np.random.default_rng(seed))
            self.made[seed] = [(case, self.exercise.wanted(case)) for case in cases]
        try:
            with surroundings():
                return limits.limited(lambda: all(self._right(function, *one) for one in self.made[seed]), LIMIT)
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
