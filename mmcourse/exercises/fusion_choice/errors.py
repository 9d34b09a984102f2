"""Common errors of the page `fusion_choice`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: Received: scores of shapes",
        why=(
            "A paired difference needs both scores of every run, and two runs at least. Train both methods with the "
            "same seeds, in the same order, and hand over one number for each run."
        ),
        code="""
from mmcourse.fusion_choice import paired_difference
gated, low_rank = [0.81, 0.84, 0.80], [0.85, 0.86]
paired_difference(low_rank, gated)
""",
        instead="""
from mmcourse.fusion_choice import paired_difference
gated, low_rank = [0.81, 0.84, 0.80], [0.85, 0.86, 0.83]
paired_difference(low_rank, gated)
""",
    ),
    CommonError(
        shows="TypeError: unsupported operand type(s) for -: 'list' and 'list'",
        why=(
            "Lists hold numbers, they do not compute with them. What was gathered by `append`, such as "
            '`kept["masks"]`, is a list: make arrays of both first, `np.array(...)`.'
        ),
        code="""
masks = [0.91, 0.88, 0.93]
dropna = [0.84, 0.86, 0.85]
more = masks - dropna
""",
        instead="""
import numpy as np
masks = np.array([0.91, 0.88, 0.93])
dropna = np.array([0.84, 0.86, 0.85])
more = masks - dropna
""",
    ),
    CommonError(
        shows="TypeError: arrays to stack must be passed as a",
        why=(
            "The arrays to stack must stand in a list or a tuple. The `.values()` of a dict are neither, and a "
            "generator is none: write `list(...)` around them."
        ),
        code="""
import numpy as np
present = {"text": np.array([True, True]), "audio": np.array([True, False])}
there = np.stack(present.values())
""",
        instead="""
import numpy as np
present = {"text": np.array([True, True]), "audio": np.array([True, False])}
there = np.stack(list(present.values()))
""",
    ),
    CommonError(
        shows="AttributeError: 'dict' object has no attribute",
        why=(
            "`dev`, `test` and `present` are dicts with an array for each name, and a dict has no methods of arrays. "
            'Take one array, `dev["gated"]`, or go through all of them, `for name, scores in dev.items()`.'
        ),
        code="""
import numpy as np
dev = {"gated": np.array([0.9, 0.8]), "low rank": np.array([0.7, 0.9])}
means = dev.mean()
""",
        instead="""
import numpy as np
dev = {"gated": np.array([0.9, 0.8]), "low rank": np.array([0.7, 0.9])}
means = {name: scores.mean() for name, scores in dev.items()}
""",
    ),
)
