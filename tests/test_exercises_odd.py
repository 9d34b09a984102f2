"""Whatever a function returns, and whatever a value is, every exercise gives a verdict that says what came."""

import functools
import os
import re

import numpy as np
import pytest
from exercise_judge import Judge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_answers import INSERTED, NUMBERS, ODD, altered, anything

from mmcourse.exercises import check, get, names
from mmcourse.exercises.engine import UNREAD
from mmcourse.exercises.show import Result

ROUND = os.environ.get("MMCOURSE_FUZZ")
LATER = (
    "None", "ragged", "nothing and a list", "text", "a dict", "no rows", "seven axes", "two arrays of objects",
    "no axes, None", "NaNs", "far below", "no truth",
)  # fmt: skip
SEED = int(ROUND or 3)
MANY = 400 if ROUND else 60
# What was expected, and what came; four are well-known mistakes, and have a sentence of their own.
SAYS = re.compile(
    r"xpected .*?(got|Got|returned|there is still)|cannot be called as|returned a generator|Your result contains|"
    r"everywhere, whatever goes in",
    re.S,
)
KNOWN = {
    ("image_objects.suppress", "an empty list"): "Nothing was kept",
    ("image_objects.suppress", "an empty tuple"): "Nothing was kept",
    ("retrieval_index.whole", "None"): "You refuse files",
}


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch):
    monkeypatch.setenv("MMCOURSE_PROGRESS", "off")


def returns(value):
    return lambda *args, **kwargs: value


@functools.cache
def _judge(name):
    """The inputs of one seed, and what is right on them and what each mistake gives, are made once for all answers."""
    return Judge(name)


def verdict(name, answer, seed=SEED):
    result = Result(name, *_judge(name).says(answer, seed)) if seed == SEED else check(name, answer, seed=seed)
    assert UNREAD not in result.message, (name, result)
    assert 0 < len(result.message) < 1000 and str(result) and result._repr_html_()
    return result


@pytest.mark.parametrize("name", names())
def test_odd_answers_are_wrong(name):
    for label, odd in ODD.items():
        for answer in [odd, returns(odd)] if get(name).answers_with_value else [returns(odd)]:
            result = verdict(name, answer)
            assert result.status == "incorrect", (label, result)
            said = KNOWN.get((name, label))
            says = said in result.message if said else label in NUMBERS or SAYS.search(result.message)
            assert says, (label, result)


@pytest.mark.parametrize("name", [n for n in names() if not get(n).answers_with_value])
def test_right_answers_with_an_odd_part_are_wrong(name):
    exercise = get(name)
    for label in INSERTED:
        for position, _ in altered(_first_result(name), ODD[label]):

            def answer(*args, label=label, position=position, **kwargs):
                return dict(altered(exercise.solution(*args, **kwargs), ODD[label])).get(position)

            result = verdict(name, answer)
            assert result.status == "incorrect", (label, position, result)


@functools.cache
def _first_result(name):
    """What the solution returns at the check's first call. It is the same for all tests, and none changes it."""
    exercise, seen = get(name), []

    def answer(*args, **kwargs):
        seen.append(exercise.solution(*args, **kwargs))
        return seen[-1]

    assert check(name, answer, seed=SEED).status == "correct"
    return seen[0]


@pytest.mark.parametrize("name", [n for n in names() if not get(n).answers_with_value])
def test_odd_answers_to_a_later_call_are_wrong(name):
    exercise = get(name)
    for label in LATER:
        calls, odd = [], ODD[label]

        def answer(*args, odd=odd, calls=calls, **kwargs):
            calls.append(1)
            return exercise.solution(*args, **kwargs) if len(calls) == 1 else odd

        result = verdict(name, answer)
        assert result.status == ("incorrect" if len(calls) > 1 else "correct"), (label, result)


def test_there_are_many():
    count = len(names()) * len(ODD)
    print(f"{len(ODD)} odd answers to each of {len(names())} exercises: {count}")
    assert count > 7000


@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(names()), anything, st.integers(0, 2**32 - 1))
def test_anything_gets_a_verdict(name, value, seed):
    right = {"correct"} if get(name).answers_with_value else set()  # by chance: a number, or a text
    assert verdict(name, returns(value), seed).status in {"incorrect"} | right
    by_itself = {"not attempted"} if value is ... else {"incorrect", "error"} if callable(value) else {"incorrect"}
    assert verdict(name, value, seed).status in by_itself | right


@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(names()),
    st.sampled_from(["float32", "float16", "int8", "bool", "complex64", "U3", "object"]),
    st.lists(st.integers(0, 9), max_size=3),
    st.sampled_from([0, 1, 127, -1]),
    st.booleans(),
)
def test_any_array_gets_a_verdict(name, dtype, shape, fill, broken):
    array = np.full(shape, fill).astype(dtype)
    if broken and array.dtype.kind in "fc":
        array = array * np.nan
    for value in (array, (array, array), (array, array, array)):
        allowed = {"incorrect", "correct"} if get(name).answers_with_value and array.size == 1 else {"incorrect"}
        assert verdict(name, returns(value)).status in allowed


@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([n for n in names() if not get(n).answers_with_value]), anything, st.data())
def test_anything_inside_a_right_answer_gets_a_verdict(name, odd, data):
    exercise = get(name)
    positions = [label for label, _ in altered(_first_result(name), odd)]
    if not positions:
        return
    position, later = data.draw(st.sampled_from(positions)), data.draw(st.booleans())
    calls = []

    def answer(*args, **kwargs):
        right = exercise.solution(*args, **kwargs)
        calls.append(1)
        return right if later and len(calls) == 1 else dict(altered(right, odd)).get(position)

    assert verdict(name, answer).status in {"correct", "incorrect"}
