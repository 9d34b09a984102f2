"""Programs of questions: the operations, how a program is written, its evaluation on a scene, and its trace.

After Johnson et al. (2017), "CLEVR": a question is a small program over the things of a scene. A program is a tuple of
steps in the order in which they are done; each step takes its operands from a stack and puts its result there.

=====================  ==================================  =====================================================
step                   takes                               puts
=====================  ==================================  =====================================================
scene                  nothing                             all things of the scene
filter NAME VALUE      things                              those whose attribute NAME is VALUE
unique                 things, which must be one           that thing
relate RELATION        a thing                             the things that stand in RELATION to it
exist                  things                              "yes" or "no"
count                  things                              their number
query NAME             a thing                             its attribute NAME
same NAME              two things                          "yes" if they are alike in NAME, else "no"
equal, more, fewer     two numbers                         "yes" if first = second, first > second, first < second
=====================  ==================================  =====================================================

Written, steps are separated by " | ": ``scene | filter shape star | unique | relate left of | count``.
"""

from mmcourse.scenes.scene import COLOURS, RELATIONS, SHAPES, SIZES, check_scene

VALUES = {"shape": SHAPES, "colour": COLOURS, "size": SIZES}
COMPARISONS = ("equal", "more", "fewer")

# What is on the stack, as letters (S: things, t: a thing, n: a number, w: a word): what each takes and puts.
_TYPES = {
    "scene": ("", "S"),
    "filter": ("S", "S"),
    "unique": ("S", "t"),
    "relate": ("t", "S"),
    "exist": ("S", "w"),
    "count": ("S", "n"),
    "query": ("t", "w"),
    "same": ("tt", "w"),
    **dict.fromkeys(COMPARISONS, ("nn", "w")),
}
OPERATIONS = tuple(_TYPES)

_STEPS = frozenset(
    [(name,) for name in ("scene", "unique", "exist", "count", *COMPARISONS)]
    + [("filter", name, value) for name in VALUES for value in VALUES[name]]
    + [("relate", relation) for relation in RELATIONS]
    + [(operation, name) for operation in ("query", "same") for name in VALUES]
)


def show(program):
    """A program as one line: "scene | filter colour red | count". ``read`` is the inverse."""
    return " | ".join(" ".join(step) for step in checked(program))


def read(text):
    """The program that ``show`` wrote as ``text``, a tuple of steps (each a tuple of str).

    Raises TypeError if ``text`` is no string, ValueError if it is not a whole program.
    """
    if not isinstance(text, str):
        raise TypeError(f"A written program is a string. Received: {type(text).__name__}. Allowed: str.")
    steps = []
    for part in text.split("|"):
        operation, *rest = part.split() or [""]
        # A relation ("left of") is one argument of two words.
        steps.append((operation, " ".join(rest)) if operation == "relate" else (operation, *rest))
    return checked(tuple(steps))


def checked(program):
    """The program, if it can be evaluated: every step is known, finds what it takes, and one answer is left.

    Raises ValueError otherwise, naming the step; TypeError for what is no sequence of steps, such as a written program.
    """
    if not isinstance(program, tuple | list):
        raise TypeError(f"A program is a tuple of steps. Received: {type(program).__name__}. Allowed: tuple.")
    stack = ""
    for step in program:
        # The second test keeps out what cannot be looked up, such as a step with a list in it.
        if not isinstance(step, tuple) or not all(isinstance(p, str) for p in step) or step not in _STEPS:
            raise ValueError(
                f"Unknown step. Received: {step!r}. Allowed: {', '.join(OPERATIONS)}, with their arguments."
            )
        takes, puts = _TYPES[step[0]]
        if not stack.endswith(takes):
            raise ValueError(f"A step lacks what it takes. Received: {step!r} in {program!r}. Allowed: see the table.")
        stack = stack[: len(stack) - len(takes)] + puts
    if stack not in ("n", "w"):
        raise ValueError(f"A program must end in one answer. Received: {program!r}. Allowed: exist, count, query, ...")
    return program


def evaluate(program, scene):
    """The answer of ``program`` (a tuple of steps) on ``scene`` (a Scene), a str: "yes" or "no", a number in digits, or
    the word of an attribute.

    Raises ValueError if the program is malformed, or if ``unique`` finds no thing or several: such a question has a
    referent that the scene does not have, and no answer. Raises TypeError for what is no Scene.
    """
    return str(_results(program, scene)[-1])


def trace(program, scene):
    """What each step of ``program`` looks at: for each step, in their order, a tuple of places in ``scene.things``.

    These are the things that the step puts on the stack: those that ``scene``, ``filter`` and ``relate`` leave, in the
    scene's order, and the one of ``unique``. A step that puts a number or a word holds none: ``()``.

    >>> from mmcourse.scenes.sampling import scene
    >>> trace(read("scene | filter colour blue | unique | query shape"), scene("train", 0, 7))
    ((0, 1, 2), (1,), (1,), ())

    Raises what ``evaluate`` raises.
    """
    return tuple(result if isinstance(result, tuple) else () for result in _results(program, scene))


def _results(program, scene):
    """What each step puts on the stack, a list: things as a tuple of places, a number as an int, a word as a str."""
    check_scene(scene)
    things, stack, results = scene.things, [], []
    for step in checked(program):
        operation = step[0]
        if operation == "scene":
            result = tuple(range(len(things)))
        elif operation == "filter":
            result = tuple(place for place in stack.pop() if getattr(things[place], step[1]) == step[2])
        elif operation == "unique":
            result = stack.pop()
            if len(result) != 1:
                raise ValueError(f"No one thing is meant. Received: {len(result)} things at `unique`. Allowed: 1.")
        elif operation == "relate":
            anchor = things[stack.pop()[0]]
            result = tuple(place for place, thing in enumerate(things) if scene.holds(step[1], thing, anchor))
        elif operation == "exist":
            result = _word(bool(stack.pop()))
        elif operation == "count":
            result = len(stack.pop())
        elif operation == "query":
            result = getattr(things[stack.pop()[0]], step[1])
        else:
            second, first = stack.pop(), stack.pop()
            if operation == "same":
                result = _word(getattr(things[first[0]], step[1]) == getattr(things[second[0]], step[1]))
            else:
                result = _word(compare(operation, first, second))
        stack.append(result)
        results.append(result)
    return results


def compare(comparison, first, second):
    """Whether two numbers are "equal", or the first is "more" or "fewer" than the second: a bool."""
    return first == second if comparison == "equal" else first > second if comparison == "more" else first < second


def _word(truth):
    return "yes" if truth else "no"
