"""Every public function and layer with wrong arguments of every kind: refused in our words, or answered as on record.

`hostile` makes of one right argument some twenty wrong ones. What comes is a ValueError (or TypeError) of the course
that names what was received; or an answer, where what was given has one (one row, a list, integers for floats), and
then it stands in ``bad_inputs_answered.txt``, which a person has read. A new silent answer is a failure; so is an error
of NumPy or of a backend. ``python tests/test_bad_inputs_everywhere.py`` writes that file anew.
"""

import sys
import traceback
import warnings
from pathlib import Path

import pytest
from hostile import hostile
from hostile_calls import CALLS

pytestmark = pytest.mark.usefixtures("eagerly")

# Before a layer is asked Keras makes tensors of strings and complex numbers, and it refuses some things in its own
# words, which name what it was given, or both shapes.
STRANGE_TO_KERAS = ("strings", "complex", "None in it")
SAID_BY_KERAS = (
    *("cannot mix tensors and non-tensors", "Only input tensors may", "incompatible with the layer"),
    *("is not optional, but None was passed", "Inputs to a layer should be tensors", "named input(s) with keys"),
    "Invalid input shape for input",
)
OF_ENCODERS = {("DualEncoder", "a dict")}  # what is inside a modality is between it and its encoder
RECORD = Path(__file__).with_name("bad_inputs_answered.txt")


def outcome(function, right, name, changed):
    """None where it is refused in our words; else the answer, in a list. AssertionError for another error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [function(**right | {name: changed})]
    except Exception as error:
        where = Path(traceback.extract_tb(error.__traceback__)[-1].filename).parts
        ours = isinstance(error, (ValueError, TypeError)) and "mmcourse" in where and "Received: " in str(error)
        said = any(words in str(error) for words in SAID_BY_KERAS)
        assert ours or said or isinstance(error, FileNotFoundError), f"{type(error).__name__}: {error}"


def walk(name):
    """How many were refused; what was answered, {argument: [what]}; and other errors."""
    function, right = CALLS[name]
    refused, answered, others = 0, {}, []
    function(**right)  # a layer is built for what is right
    for argument, value in right.items():
        for what, changed in hostile(value):
            last = what.rpartition(": ")[2]
            if (getattr(function, "by_keras", False) and last in STRANGE_TO_KERAS) or (name, last) in OF_ENCODERS:
                continue
            try:
                found = outcome(function, right, argument, changed)
            except AssertionError as error:
                others.append(f"{argument}: {what}: {error}")
                continue
            refused += found is None
            if found is not None:
                answered.setdefault(argument, []).append(what)
    return refused, answered, others


def on_record():
    """{"function(argument)": what is answered}."""
    lines = RECORD.read_text("utf-8").splitlines()
    return {key: set(rest.split("; ")) for key, _, rest in (line.partition(" -> ") for line in lines)}


@pytest.mark.parametrize("name", CALLS)
def test_it_is_refused_in_words_or_answered_as_on_record(name, record_property):
    refused, answered, others = walk(name)
    assert not others, "\n".join(others)
    known = on_record()
    for argument, found in answered.items():
        assert set(found) <= known.get(f"{name}({argument})", set()), f"{name}({argument}) -> {'; '.join(found)}"
    record_property("bad inputs refused", refused)
    record_property("odd inputs answered", sum(map(len, answered.values())))


if __name__ == "__main__":
    lines = []
    for name in sys.argv[1:] or CALLS:
        _, answered, others = walk(name)
        print(*(f"{name}({other}" for other in others), sep="\n", end="\n" * bool(others))
        lines += [f"{name}({argument}) -> {'; '.join(found)}" for argument, found in answered.items()]
    if sys.argv[1:]:
        print(*lines, sep="\n")
    else:
        RECORD.write_text("\n".join(lines) + "\n", "utf-8")
