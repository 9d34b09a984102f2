"""Judging an answer on all inputs of a check, and saying what is wrong with it.

An answer is right if it is what the oracle gives on every input. If it is not, the first of these that is true on *all*
inputs is said: it does what a planted mistake does; it fails, or its form is wrong; it is the right result through one
more step (`relations`); it is right but under one condition. What is true of one input only is never called the cause.
"""

import functools
import itertools
from dataclasses import dataclass

import numpy as np

from mmcourse.exercises import expect, relations
from mmcourse.exercises.comparing import Unread, agree, alike, plain
from mmcourse.exercises.sandbox import Answer, Raised, Wrong, safe_repr, safe_text

SHOWN = 12  # numbers of an argument that a message still shows


@dataclass(frozen=True)
class Part:
    """One part of a result on one input: what came and what was wanted, as arrays (or texts, or None)."""

    name: str
    came: object
    wanted: object

    @property
    def right(self):
        return alike(self.came, self.wanted)


class Prepared:
    """The inputs of one check with what is right on them and what each planted mistake gives, all made once when first
    asked for, however many answers are judged on them."""

    def __init__(self, exercise, rng):
        self.exercise, self.cases = exercise, exercise.inputs(rng)
        self.wanted = [exercise.wanted(case) for case in self.cases]
        self._given = {}

    @functools.cached_property
    def mistakes(self):
        """(name, function) of each planted mistake; a right answer never asks for them."""
        return self.exercise.planted()

    def gives(self, name, mistake, place):
        """What a mistake gives on an input, as `plain` has it; or why it gives nothing."""
        came = self._once("gives", name, place, lambda: _tried(mistake, self.cases[place]))
        if isinstance(came, Exception):
            return came
        return self._once("plain", name, place, lambda: plain(came))

    def parts(self, name, mistake, place):
        """The same, read as a result."""
        came = self._once("gives", name, place, lambda: _tried(mistake, self.cases[place]))
        return self._once("parts", name, place, lambda: read(self.exercise, came, self.wanted[place]))

    def _once(self, what, name, place, make):
        if (what, name, place) not in self._given:
            self._given[what, name, place] = make()
        return self._given[what, name, place]


def judge(prepared, answer):
    """Raises Wrong or what the answer raised; returns quietly where it is right on every input."""
    exercise, cases, wanted = prepared.exercise, prepared.cases, prepared.wanted
    arguments = [case.fresh() for case in cases]
    came = [outcome(answer, given) for given in arguments]
    results = [read(exercise, one, other) for one, other in zip(came, wanted, strict=True)]
    failed = [place for place, parts in enumerate(results) if isinstance(parts, Exception) or not whole(parts)]
    if not failed:
        for given, one in zip(arguments, came, strict=True):
            exercise.looked_at(one, *given)
        return
    _planted(prepared, came, results)
    _other_order(exercise, came, wanted)
    under = _under(cases, failed)
    for place in failed:
        if isinstance(results[place], Raised):
            results[place].under = under and f", {under}"
            raise results[place]
    for place in failed:
        if isinstance(results[place], Exception):
            raise Wrong(f"{results[place]}{under and f' (This was {under}.)'}")
    name = next(part.name for part in results[failed[0]] if not part.right)
    parts = [next((part for part in one if part.name == name), None) for one in results]
    _related(exercise, name, cases, [part for part in parts if part is not None], parts, under)
    _twice(prepared, name, parts)
    _one_example(exercise, name, cases, parts, failed, under)


def outcome(function, arguments):
    """What a function returns, or the `Raised` that it ended with. What else stops a check is let pass."""
    try:
        return (function if isinstance(function, Answer) else Answer(function))(*arguments)
    except Raised as raised:
        return raised


def judge_value(exercise, answer):
    """The same for an answer that is a value: a number, one of several words, or a few of them. Never says what is
    right: the question has only one answer, and it is asked again."""
    right = exercise.right
    value = _value(exercise, answer, right)
    fraction = "whole number" in exercise.form and isinstance(value, float) and value != round(value)
    if _near(exercise, value, right) and not fraction:
        return
    planted = [(name, _value(exercise, one, right)) for name, one in exercise.planted()]
    for name, one in planted:
        if _near(exercise, value, one):
            raise Wrong(exercise.diagnoses[name])
    if isinstance(value, float) and 0 < abs(right) <= 1 < abs(value) and _near(exercise, value / 100, right):
        raise Wrong("That is a hundred times too large. Is it in percent? Answer with the number itself.")
    exercise.looked_at(value)
    raise Wrong(f"Expected {exercise.form}; got {value:g}." if fraction else exercise.otherwise)


def _value(exercise, answer, right):
    """An answer as a float, one of the choices, or a tuple of those."""
    if isinstance(right, tuple):
        return tuple(
            _value(exercise, one, other) for one, other in zip(expect.parts(answer, exercise.parts), right, strict=True)
        )
    if isinstance(right, str):
        return expect.choice(answer, exercise.choices)
    return expect.number(answer, exercise.form or "one number")


def _near(exercise, value, other):
    if isinstance(other, tuple):
        return all(_near(exercise, a, b) for a, b in zip(value, other, strict=True))
    if isinstance(other, str):
        return value == other
    return abs(value - other) <= exercise.within * abs(other) + 1e-9


# ── reading what came ───────────────────────────────────────────────────────────────────────────────


def read(exercise, came, wanted):
    """The parts of a result, or the exception that says why it cannot be read."""
    if isinstance(came, Raised):
        return came
    if isinstance(came, Wrong):
        return came
    try:
        names = exercise.parts
        if isinstance(wanted, tuple):
            came = expect.parts(came, names)
            return [part for one in zip(names, came, wanted, strict=True) for part in _parts(*one, "")]
        return list(_parts("", came, wanted, exercise.form))
    except Wrong as wrong:
        return wrong


def _parts(name, came, wanted, form):
    """What came, against what was wanted, part by part. Raises Wrong where it is of another kind."""
    of = f" for `{name}`" if name else ""
    if isinstance(wanted, (dict, list, set, frozenset)):
        yield from _inside(name, came, wanted, form, of)
    elif isinstance(wanted, (str, bytes)) or wanted is None:
        if wanted is not None and not isinstance(came, type(wanted)):
            what = "a text" if isinstance(wanted, str) else "bytes"
            raise Wrong(f"Expected {what}{of}; got {expect.described(came)}.")
        if wanted is None and came is not None:
            yield Part(name, plain(came), None)
        else:
            yield Part(name, came, wanted)
    elif isinstance(wanted, np.ndarray) and wanted.dtype.kind in "US":
        came = plain(came)
        if not isinstance(came, np.ndarray) or came.dtype.kind not in "US":
            raise Wrong(f"Expected an array of texts{of}; got {expect.described(came)}.")
        yield Part(name, came, wanted)
    else:
        wanted = np.asarray(wanted)
        yield Part(name, _array(came, wanted, form or (f"the part `{name}`" if name else ""), of), wanted)


def _inside(name, came, wanted, form, of):
    """Dicts, sets and lists."""
    if isinstance(wanted, dict):
        if not isinstance(came, dict):
            raise Wrong(f"Expected a dict{of}; got {expect.described(came)}.")
        if set(came) != set(wanted):
            raise Wrong(f"Expected the keys {safe_repr(list(wanted))}{of}; got {safe_repr(list(came))}.")
        for key, right in wanted.items():
            yield from _parts(f"{name}[{key!r}]", came[key], right, form)
        return
    if isinstance(wanted, (set, frozenset)):
        try:
            came = {item.item() if hasattr(item, "item") else item for item in came}
        except TypeError:
            raise Wrong(f"Expected a set{of}; got {expect.described(came)}.") from None
        yield Part(name, came, set(wanted))
        return
    length = _length(came)
    if length is None:
        raise Wrong(f"Expected a list{of}{form and f', {form}'}; got {expect.described(came)}.")
    if length != len(wanted):
        counted = f"Expected {len(wanted)} item{'s' * (len(wanted) != 1)}{of}{form and f', {form}'}"
        raise Wrong(f"{counted}; got {length}: {safe_repr(list(came) if length <= SHOWN else came)}.")
    for place, (one, right) in enumerate(zip(came, wanted, strict=True)):
        yield from _parts(f"{name}[{place}]", one, right, form)


def _length(came):
    """How many items a list, tuple or array has; None for what is none of these."""
    if isinstance(came, (str, dict)):
        return None
    try:
        return len(came)
    except Exception:
        return None


def _array(came, wanted, form, of):
    """What came as an array of the kind that was wanted. Its shape is not looked at, but of single numbers."""
    if (
        wanted.ndim == 0
        and wanted.dtype.kind in "iuf"
        and isinstance(came, (str, bool, np.bool_, type(None), dict, set))
    ):
        expect.number(came, form or "one number", finite=False)
    array = expect.array(came, kind="complex" if wanted.dtype.kind == "c" else "number")
    if wanted.ndim == 0 and array.size == 1:  # an array of one number is one
        array = array.reshape(())
    if array.shape == (0,) and wanted.ndim and wanted.shape[0] == 0:  # an empty list has lost its columns
        array = array.reshape(wanted.shape)
    if wanted.dtype.kind == "b":
        if (odd := array[(array != 0) & (array != 1)]).size:
            raise Wrong(f"Expected True and False{of}; got {safe_repr(odd.flat[0].item())}.")
        return array.astype(bool)
    if wanted.dtype.kind in "iu" and array.dtype.kind == "f":
        odd = array[~np.isfinite(array) | (array != np.round(array))]
        if odd.size:
            raise Wrong(f"Expected whole numbers{of}; got {safe_repr(odd.flat[0].item())}.")
    if array.dtype.kind == "b" and wanted.dtype.kind in "iufc" and array.ndim:
        raise Wrong(f"Expected numbers{of}; got True and False, in {expect.described(came, array)}.")
    return array


def whole(parts):
    """Whether every part of a result is right."""
    return all(part.right for part in parts)


# ── saying what is wrong ────────────────────────────────────────────────────────────────────────────


def _planted(prepared, came, results):
    """Raises the message of the first planted mistake that gives what came on every input; then of the first that gives
    it but for parts that are right; then of the first that gives it on every ordinary input: two mistakes at once."""
    exercise, places = prepared.exercise, range(len(prepared.cases))
    ours = [one if isinstance(one, Raised) else plain(one) for one in came]

    def same(name, mistake, some):
        return all(_as_another(ours[place], prepared.gives(name, mistake, place)) for place in some)

    for name, mistake in prepared.mistakes:
        if same(name, mistake, places):
            raise Wrong(exercise.diagnoses[name])
    readable = exercise.parts and not any(isinstance(parts, Exception) for parts in results)
    wrong = [part for part in exercise.parts if any(_wrong(parts, part) for parts in results)] if readable else ()
    for name, mistake in prepared.mistakes if readable else ():
        others = [prepared.parts(name, mistake, place) for place in places]
        if not any(isinstance(parts, Exception) for parts in others) and all(
            _same_part(a, b, part) for a, b in zip(results, others, strict=True) for part in wrong
        ):
            parts = " and ".join(f"`{part}`" for part in wrong)
            raise Wrong(f"{exercise.diagnoses[name]} (Judged by {parts}: the rest is right.)")
    ordinary = [place for place in places if not prepared.cases[place].when]
    if all(isinstance(results[place], list) and whole(results[place]) for place in ordinary):
        return
    for name, mistake in prepared.mistakes:
        if same(name, mistake, ordinary):
            raise Wrong(f"{exercise.diagnoses[name]} (Judged by the ordinary inputs. On others, more is wrong.)")


def _tried(mistake, case):
    """What a mistake gives, or why it gives nothing."""
    try:
        return outcome(mistake, case.fresh())
    except Wrong as wrong:  # it changes an input, or calls a function of the case wrongly
        return wrong


def _as_another(ours, theirs):
    if isinstance(theirs, Wrong):
        return False
    if isinstance(ours, Raised) or isinstance(theirs, Raised):
        both = isinstance(ours, Raised) and isinstance(theirs, Raised)
        return both and type(ours.error) is type(theirs.error) and safe_text(ours) == safe_text(theirs)
    return alike(ours, theirs)


def _of(parts, name):
    return [part for part in parts if part.name == name or part.name.startswith(f"{name}[")]


def _wrong(parts, name):
    return any(not part.right for part in _of(parts, name))


def _same_part(ours, theirs, name):
    a, b = _of(ours, name), _of(theirs, name)
    return len(a) == len(b) and all(alike(x.came, y.came) for x, y in zip(a, b, strict=True))


def _other_order(exercise, came, wanted):
    """Raises Wrong where a function returns the right parts, but not in the order that was asked for."""
    count = len(exercise.parts)
    if count < 2 or not all(isinstance(one, (tuple, list)) and len(one) == count for one in came):
        return
    ours, rights = ([[plain(part) for part in one] for one in some] for some in (came, wanted))
    for order in itertools.permutations(range(count)):
        turned = [[one[place] for place in order] for one in rights]
        if order != tuple(range(count)) and all(alike(tuple(a), tuple(b)) for a, b in zip(ours, turned, strict=True)):
            names = ", ".join(exercise.parts)
            raise Wrong(f"The parts are right, but in another order. Return `{names}`, in this order.")


def _related(exercise, name, cases, known, parts, under):
    """Raises Wrong where a relation between what came and what was wanted holds on every input."""
    if not all(isinstance(part.came, np.ndarray) and part.came.dtype.kind in "biufc" for part in known):
        return
    pairs = [
        (part.came, part.wanted, _sizes(exercise, case))
        for case, part in zip(cases, parts, strict=True)
        if part is not None and isinstance(part.wanted, np.ndarray)
    ]
    sentence = relations.explained(pairs)
    if sentence:
        of = f" (In `{name}`.)" if name else ""
        raise Wrong((f"Right on the other inputs, but not {under}. " if under else "") + sentence + of)


def _twice(prepared, name, parts):
    """Raises Wrong where the answer is, on every input, what a planted mistake gives, and then one more step."""
    cases, exercise = prepared.cases, prepared.exercise
    ours = [part and part.came for part in parts]
    if len(cases) < 2 or not all(map(_numbers, ours)):
        return
    for label, mistake in prepared.mistakes:
        read = [prepared.parts(label, mistake, place) for place in range(len(cases))]
        if any(isinstance(one, Exception) for one in read):
            continue
        named = [next((part for part in one if part.name == name), None) for one in read]
        theirs = [part and part.came for part in named]
        telling = any(part and not part.right and not case.when for part, case in zip(named, cases, strict=True))
        if not telling or not all(map(_numbers, theirs)):
            continue
        step = relations.second(list(zip(ours, theirs, strict=True)))
        if step == relations.NOTHING_MORE:
            raise Wrong(f"{exercise.diagnoses[label]} (This is seen in `{name}`. Something else is wrong, too.)")
        if step and len(exercise.parts) < 2:
            raise Wrong(f"{exercise.diagnoses[label]} And not only that: your result is what this gives, {step}.")


def _numbers(array):
    return isinstance(array, np.ndarray) and array.dtype.kind in "biuf"


def _sizes(exercise, case):
    """Name -> length of each axis of each array among the arguments, as far as they have one."""
    found = {}
    for name, argument in zip(exercise.argument_names, case.arguments, strict=False):
        if isinstance(argument, np.ndarray):
            for axis, length in enumerate(argument.shape):
                found[f"the length of axis {axis} of `{name}`"] = length
        elif isinstance(argument, (int, np.integer)) and not isinstance(argument, bool):
            found[f"`{name}`"] = int(argument)
        elif isinstance(argument, (list, tuple)):
            found[f"the length of `{name}`"] = len(argument)
    return found


def _under(cases, failed):
    """The condition under which alone it fails: "where two scores are equal", or two such; "" where it fails otherwise,
    too."""
    conditions = list(dict.fromkeys(cases[place].when for place in failed))
    return " or ".join(conditions) if all(conditions) and len(conditions) < 3 and len(failed) < len(cases) else ""


def _one_example(exercise, name, cases, parts, failed, under):
    """Raises Wrong: what was expected and what came of the first input on which it is wrong."""
    place = next(place for place in failed if parts[place] is not None and not parts[place].right)
    part, of = parts[place], f" of `{name}`" if name else ""
    if under:
        head = f"Right on the other inputs, but not {under}."
    elif len(failed) < len(cases):
        head = f"{exercise.otherwise} It is right on {len(cases) - len(failed)} of {len(cases)} inputs."
    else:
        head = exercise.otherwise
    given = exercise.shown(cases[place])
    came, wanted = part.came, part.wanted
    if isinstance(came, np.ndarray) and isinstance(wanted, np.ndarray):
        if came.shape != wanted.shape:
            form = f": {exercise.form}" if exercise.form else ""
            head, given = f"{head} " if under else "", given and f" ({given.strip(' :')}.)"
            short = max(came.ndim, wanted.ndim) == 1 and max(came.size, wanted.size) <= SHOWN
            lists = f" Expected {safe_repr(wanted)}; got {safe_repr(came)}." if short else ""
            shapes = f"Expected the shape {wanted.shape}{of}{form}; got the shape {came.shape}.{lists}"
            raise Wrong(head + shapes + given)
        at = tuple(int(i) for i in np.argwhere(~np.atleast_1d(_agree(came, wanted)).reshape(came.shape or (1,)))[0])
        at = at if came.ndim else ()
        where = f" at position {list(at)}" if at else ""
        raise Wrong(f"{head}{given} Expected {_figure(wanted[at])}{of}{where}; got {_figure(came[at])}.")
    came = came.value if isinstance(came, Unread) else came
    raise Wrong(f"{head}{given} Expected {safe_repr(wanted)}{of}; got {safe_repr(came)}.")


def is_short(value):
    """Whether a message can show it."""
    if isinstance(value, np.ndarray):
        return value.size <= SHOWN and value.dtype != object
    if isinstance(value, (list, tuple)):
        return len(value) <= SHOWN and all(map(is_short, value))
    return isinstance(value, (bool, int, float, np.number)) or (isinstance(value, str) and len(value) < 60)


def _agree(came, wanted):
    return came == wanted if came.dtype.kind in "US" else agree(came, wanted)


def _figure(value):
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return "NaN" if np.isnan(value) else f"{value:.5g}"
    return safe_text(safe_repr(value))
