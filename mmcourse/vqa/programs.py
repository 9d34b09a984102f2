"""Programs of questions as numbers: a tuple of steps, each a tuple of words, such as ("filter", "colour", "red")."""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_ids, check_whole

NOTHING = 0  # the number of a place behind the program's end


class Steps:
    """The steps that programs are made of, numbered from 1 on; 0 is what stands behind a program's end.

    Args:
        steps: a sequence of steps, each a tuple of str, no two alike.

    ``Steps.of(programs)`` takes all steps of some programs (those of train), in the order of the alphabet.
    Raises ValueError for no steps, two alike, and what is no step.
    """

    def __init__(self, steps):
        self.steps = tuple(map(_step, _many("steps", steps)))
        if not self.steps or len(set(self.steps)) < len(self.steps):
            raise ValueError(
                f"Received: {len(self.steps)} steps, {len(set(self.steps))} different. Allowed: 1 or more."
            )
        self._numbers = {step: number for number, step in enumerate(self.steps, start=1)}

    @classmethod
    def of(cls, programs):
        programs = [_many("program", program) for program in _many("programs", programs)]
        return cls(sorted({_step(step) for program in programs for step in program}))

    def __len__(self):
        return len(self.steps)

    def encode(self, programs, length=None):
        """Programs -> int32 (n, T), steps from left to right, 0 behind the end. ``length``: T; None: the longest.

        Raises ValueError for a step that there is not, and a program longer than ``length``.
        """
        programs = [[_step(step) for step in _many("program", program)] for program in _many("programs", programs)]
        longest = max(map(len, programs), default=0)
        if length is not None:
            check_whole(length=length)
        if length is not None and longest > length:
            raise ValueError(f"Received: a program of {longest} steps. Allowed: up to length={length}.")
        rows = np.zeros((len(programs), length or max(longest, 1)), "int32")
        for row, program in zip(rows, programs, strict=True):
            for place, step in enumerate(program):
                if step not in self._numbers:
                    raise ValueError(f"Received: the step {step!r}. Allowed: {', '.join(map(' '.join, self.steps))}.")
                row[place] = self._numbers[step]
        return rows

    def decode(self, rows):
        """int (n, T) -> a list of programs; what stands behind the first 0 is left out. Raises ValueError for another
        shape, and numbers of no step."""
        rows = as_numbers("rows", rows, "n T", whole=True, empty=True)
        check_ids(len(self) + 1, rows=rows)
        programs = []
        for row in rows:
            end = int(np.argmax(row == NOTHING)) if (row == NOTHING).any() else len(row)
            programs.append(tuple(self.steps[number - 1] for number in row[:end]))
        return programs


def _many(name, found):
    """Steps or programs as a list; one string would be many letters."""
    if isinstance(found, (str, bytes, dict)) or not hasattr(found, "__iter__"):
        raise ValueError(f"Received: {name}={found!r}. Allowed: a list or a tuple.")
    return list(found)


def _step(step):
    """A step as a tuple: in a file, it is a list."""
    if not isinstance(step, (list, tuple)) or not step or not all(isinstance(word, str) and word for word in step):
        raise ValueError(f"Received: the step {step!r}. Allowed: a tuple of str, such as ('filter', 'colour', 'red').")
    return tuple(step)
