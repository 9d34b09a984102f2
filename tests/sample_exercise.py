"""An exercise that the tests of the engine share, written here and gone after each test; and a place for progress.

``pytest_plugins = ["sample_exercise"]`` in a test file makes these fixtures known to it.
"""

import numpy as np
import pytest

from mmcourse.exercises import Exercise, engine, expect, records, registry


@pytest.fixture
def store(monkeypatch, tmp_path):
    """Progress goes to a file of the test."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("MMCOURSE_PROGRESS", str(path))
    monkeypatch.setattr(records, "_said", False)
    monkeypatch.setattr(engine, "_hints_given", {})
    return path


@pytest.fixture
def registered():
    """Exercises that are written here are gone afterwards."""
    yield
    for name in set(registry._registry) - {name for topic in registry.topics() for name in registry.taught(topic)}:
        del registry._registry[name]


@pytest.fixture
def halve(registered):
    exercise = Exercise(
        "sample.halve",
        kind="implement",
        task="Write `halved(x, factor)`.",
        hints=("Divide.", "`x / 2`"),
        level="stretch",
    )

    @exercise.solved_by
    def halved(x, factor=1.0):
        """Array (n, 3) -> its half (n, 3), times the factor."""
        return factor * np.asarray(x) / _two()

    @exercise.check
    def _(answer, rng):
        x = rng.normal(size=(4, 3))
        a = expect.array(expect.pure(answer, x, factor=1.0), (4, 3), "as many rows as before")
        expect.close(a, x / 2, "This is not the half.")

    @exercise.mistake("not the half")
    def doubled(x, factor=1.0):
        return 2 * x

    return exercise


def _two():
    """A helper of the solution above; the cell of the solution must carry it along."""
    return _ONE + 1


_ONE = 1
