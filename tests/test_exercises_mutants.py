"""Wrong answers made by machine: small changes of every solution, each rejected on twenty seeds or judged equivalent.

``python tests/test_exercises_mutants.py [NAME …]`` prints every survivor; ``--say`` what the others are told.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from exercise_equivalents import EQUIVALENT
from exercise_judge import SEEDS, Judge
from mutations import mutants

from mmcourse.exercises import check, get, names

FUNCTIONS = [name for name in names() if not get(name).answers_with_value]


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch):
    monkeypatch.setenv("MMCOURSE_PROGRESS", "off")


def changed(name):
    """(what is changed, the function) of every mutant of an exercise's solution that can be compiled and run."""
    exercise = get(name)
    for mutant in mutants(exercise.solution_source, more=True):
        space = {"__name__": "__main__"}
        try:
            exec(compile(mutant.tree(), "<mutant>", "exec"), space)
        except Exception:
            continue
        yield mutant, space[exercise.function_name]


def equivalent(name, mutant):
    """Why nobody could see this change; "" where that was not judged."""
    for (change, begins), why in EQUIVALENT.get(name, {}).items():
        if mutant.change == change and mutant.statement.startswith(begins):
            return why
    return ""


def tried(name):
    """(how many mutants, how many of them equivalent, [(mutant, seeds on which it passes)])."""
    judge, count, same, alive = Judge(name), 0, 0, []
    for mutant, function in changed(name):
        count += 1
        if equivalent(name, mutant):
            same += 1
            continue
        passed = [seed for seed in SEEDS if judge.accepts(function, seed)]
        if passed:
            alive.append((mutant, passed))
    return count, same, alive


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_mutant_of_the_solution_is_rejected(name, record_property):
    count, same, alive = tried(name)
    record_property("answers made by machine", [count, same, len(alive)])
    assert [f"{mutant.change}   in: {mutant.statement}   seeds {seeds}" for mutant, seeds in alive] == []


@pytest.mark.parametrize("name", EQUIVALENT)
def test_what_was_judged_equivalent_is_still_there(name):
    found = [(mutant.change, mutant.statement) for mutant, _ in changed(name)]
    for change, begins in EQUIVALENT[name]:
        assert any(change == one and statement.startswith(begins) for one, statement in found), (change, begins)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=FUNCTIONS)
    parser.add_argument("--say", action="store_true", help="what the rejected ones are told")
    asked = parser.parse_args()
    os.environ["MMCOURSE_PROGRESS"] = "off"
    total = np.zeros(3, int)
    for name in asked.names:
        count, same, alive = tried(name)
        total += (count, same, len(alive))
        print(f"{name}: {count} mutants, {same} equivalent, {len(alive)} pass", flush=True)
        for mutant, seeds in alive:
            print(f"    passes on {len(seeds)} of {len(SEEDS)}: {mutant.change}   in: {mutant.statement}", flush=True)
        for mutant, function in changed(name) if asked.say else ():
            print(f"    {mutant.change}: {check(name, function, seed=0).message[:200]}", flush=True)
    count, same, alive = total
    print(f"{count - same - alive} of {count - same} rejected on {len(SEEDS)} seeds; {same} equivalent")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main())
