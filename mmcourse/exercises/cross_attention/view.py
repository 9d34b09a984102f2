"""Exercise `cross_attention.view`: a cell that looks beside itself."""

import numpy as np

from mmcourse.exercises import Exercise

view = Exercise(
    "cross_attention.view",
    kind="experiment and explain",
    title="A cell that looks beside itself",
    returns="a number of pixels",
    within=0.05 / 3.5,
    otherwise="Not so. Run `seen(3)`, take the middle of the two pixels, less 27.5, the middle of the cell.",
    task=(
        "In {numref}`fig-cross_attention-record` the same training points worse on average (not with every seed) with "
        "another encoder: three "
        'convolutions of kernel 3, stride 2 and padding "same", and a fourth of stride 1 that looks at neighbours '
        "on all sides alike (left out here: it moves no middle). A layer of stride 2 needs one pixel of padding "
        "in all, and gets it at the right (and lower) end. `seen(kernel)` finds by brute force which of 64 pixels of a "
        "line the fourth of eight cells sees; the cell itself is the pixels 24 to 31. **How many pixels does the "
        "middle of what it sees lie to the right of the cell's own middle?** Answer with a number, within 0.05. And "
        "with kernel 4?"
    ),
    hints=(
        "Run `seen(3)`: it returns the first and the last pixel. The middle of the cell is (24 + 31) / 2.",
        "Each layer shifts by half a pixel *of its own input*. In pixels of the picture these are 1, 2 and 4 wide. "
        "Kernel 4 is padded alike at both ends.",
    ),
    plan=(
        "Run `seen(3)` for the first and the last pixel that the cell sees.",
        "Take the middle of the two, and the middle of the cell itself.",
        "Subtract.",
    ),
    minutes=6,
    difficulty=2,
    importance=1,
)


def seen(kernel, layers=3, n=64, cell=3):
    """First and last pixel that a cell sees after layers of stride 2 with "same" padding, by changing each pixel."""

    def run(x):
        for _ in range(layers):
            out = len(x) // 2
            pad = max((out - 1) * 2 + kernel - len(x), 0)
            x = np.pad(x, (pad // 2, pad - pad // 2))  # the odd one at the end
            x = np.array([x[2 * i : 2 * i + kernel].sum() for i in range(out)])
        return x[cell]

    changed = [i for i in range(n) if run(np.eye(n)[i]) > 0]
    return changed[0], changed[-1]


@view.given
def _first_look():
    print(seen(3))
    print(seen(4))


@view.solved_by
def shift():
    """The middle of what a cell of kernel-3 layers sees, less its own middle, in pixels."""
    middle = (24 + 31) / 2
    first, last = seen(3)
    beside = (first + last) / 2 - middle
    assert beside == 0.5 * (1 + 2 + 4)
    assert sum(seen(4)) / 2 == middle
    # Half a pixel in each layer, but the pixels of later layers are wider:
    # 0.5 + 1 + 2. Nearly half a cell, so the cell left of a thing sees it as
    # well as the thing's own. Pointing may suffer.
    return beside
