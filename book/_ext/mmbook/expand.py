"""Exercises of a page, written out.

A page says only ```` ```{exercise-cell} topic.name ````. Before Sphinx parses it, this module puts plain MyST in the
place of that line: a numbered exercise with the stub and the check, the hints, and a collapsed solution whose cell is
executed with the page, so that the book shows the check turning green. In the place of ```` ```{error-help} topic ````
it puts the errors that students of the page meet most often. A removed cell that states claims stays, for
`evidence`.
"""

from __future__ import annotations

import importlib
import re

from .blocks import Block, PageError, page_blocks

NEEDS_DATA = "needs-data"
EVIDENCE = "evidence"  # the tag of a removed cell that states claims


def engine(module: str):
    """The exercise engine: `mmcourse.exercises`, or what `mm_exercises` in the configuration names."""
    return importlib.import_module(module)


def find(module: str, name: str, line: int = 0):
    """The exercise called `name`. Raises PageError, with what there is, when there is none."""
    exercises = engine(module)
    known = list(exercises.names())
    if name not in known:
        raise PageError(f"There is no exercise of this name. Received: {name!r}. Allowed: {', '.join(known)}.", line)
    return exercises.get(name)


def label(name: str) -> str:
    """The label of an exercise, for `{ref}` and `{numref}`: `exercise-topic-name`."""
    return "exercise-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def check_call(exercise, module: str, hint: bool = False) -> str:
    """The cell that checks the student's answer."""
    return f"from {module} import {'check, hint' if hint else 'check'}\n\n{exercise.check_source}"


def effort(exercise) -> str:
    """What an exercise costs and is worth, in words. All three are its author's estimates."""
    minutes, hard, worth = exercise.minutes, exercise.difficulty, exercise.importance
    return f"about {minutes} minutes, difficulty {hard} of 3, importance {worth} of 3 (estimates)"


def exercise_source(exercise, module: str) -> str:
    """MyST text of one exercise: task, stub, check, hints, and the solution in steps."""
    mark = label(exercise.name)
    kind = re.sub(r"\W+", "-", exercise.kind)
    parts = [
        f"``````{{exercise-start}} {exercise.title}\n:label: {mark}\n"
        f":class: exercise-{kind} exercise-{exercise.level}\n``````",
        f"[{exercise.kind}]{{.exercise-kind}} [{exercise.level}]{{.exercise-level}} "
        f"[{effort(exercise)}]{{.exercise-effort}}",
        str(exercise.task).strip(),
        cell(exercise.stub, "skip-execution", "exercise-stub"),
        cell(check_call(exercise, module), "skip-execution", "exercise-check"),
    ]
    for number, hint in enumerate(exercise.hints, 1):
        head = f"::::::{{dropdown}} Hint {number}\n:class-container: exercise-hint"
        parts.append(f"{head}\n\n{str(hint).strip()}\n::::::")
    plan = "\n".join(f"{number}. {step}" for number, step in enumerate(exercise.plan, 1))
    for title, inside in (("Plan", plan), ("Skeleton", f"```python\n{exercise.skeleton}\n```")):
        head = f"::::::{{dropdown}} {title}\n:class-container: exercise-{title.lower()}"
        parts.append(f"{head}\n\n{inside}\n::::::")
    parts += [
        "``````{exercise-end}\n``````",
        f"``````{{solution-start}} {mark}\n:label: solution{mark.removeprefix('exercise')}\n:class: dropdown\n``````",
        cell(exercise.solution_source, "exercise-solution"),
        cell(check_call(exercise, module), "exercise-solution"),
        "``````{solution-end}\n``````",
    ]
    return "\n\n".join(parts) + "\n"


def error_help_source(module: str, page: str, line: int = 0) -> str:
    """MyST text of a page's common errors, each folded. Raises PageError for a page that lists none."""
    try:
        found = engine(module).errors(page)
    except LookupError as error:
        raise PageError(str(error), line) from error
    if not found:
        raise PageError(f"This page lists no common errors. Received: {page!r}.", line)
    return "**Errors that are met often on this page**\n\n" + "\n\n".join(
        f"::::::{{dropdown}} I see `{one.shows}`\n:class-container: error-help\n\n{one.why}\n\nThis raises it:\n\n"
        f"```python\n{one.code.strip()}\n```\n\nInstead:\n\n```python\n{one.instead.strip()}\n```\n::::::"
        for one in found
    )


def cell(source: str, *tags: str) -> str:
    return f"``````{{code-cell}} ipython3\n:tags: [{', '.join(tags)}]\n\n{str(source).strip()}\n``````"


def expand(text: str, module: str, needs_data: bool = False) -> str:
    """The page with its exercises written out and its evidence kept; cells tagged `needs-data` are skipped unless asked
    for."""
    lines = text.split("\n")
    _, found = page_blocks(text)
    for block in reversed(found):
        first, last = block.line - 1, block.line - 1 + len(block.lines)
        if block.name == "exercise-cell":
            lines[first:last] = exercise_source(find(module, block.argument, block.line), module).split("\n")
        elif block.name == "error-help":
            lines[first:last] = error_help_source(module, block.argument, block.line).split("\n")
        elif block.name == "code-cell" and NEEDS_DATA in block.tags and not needs_data:
            lines[first:last] = tagged(block, [*block.tags, "skip-execution"])
        elif block.name == "code-cell" and "remove-cell" in block.tags and states_claims(block):
            kept = [tag for tag in block.tags if tag != "remove-cell"]
            lines[first:last] = tagged(block, [*kept, "remove-output", EVIDENCE])
    return "\n".join(lines)


def states_claims(block: Block) -> bool:
    return any(re.search(r"\bholds\(", line) for line in block.body)


def tagged(block: Block, tags: list[str]) -> list[str]:
    """A code cell with other tags, in as many lines."""
    fence = block.fence
    body = [f"{fence}{{code-cell}} {block.argument}".rstrip(), f":tags: [{', '.join(dict.fromkeys(tags))}]"]
    body += [*block.body, fence]
    return body + [""] * (len(block.lines) - len(body))
