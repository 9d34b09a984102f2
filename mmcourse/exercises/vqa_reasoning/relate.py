"""Exercise `vqa_reasoning.relate`: a module that counts a large star four times."""

import numpy as np

from mmcourse.exercises import Exercise, case

relate = Exercise(
    "vqa_reasoning.relate",
    kind="find the bug",
    title="The larger the star, the more is left of it",
    returns="a map",
    otherwise=(
        "What is passed on at place j is thing j times the weighted mean of `kernel[:, j]`, each place i weighing as "
        "its share of the map: not so here."
    ),
    task=(
        "`relate_map(s, thing, kernel)` is the module *relate*: `s` `(m,)` is the map of the named thing, numbers from "
        "0 to 1, `thing` `(m,)` says where things are at all, and `kernel[i, j]` from 0 to 1 how well place `j` stands "
        "in the relation to place `i`. A large star covers four cells and a small one a single cell, and behind "
        "*relate* a *count* finds four times as many things left of the large one. **Put it right: the size of the "
        "named thing, and how sure its map is, must not matter, and no entry may be above 1.** Where `s` is 0 "
        "everywhere nothing was named, and the map that is passed on is 0 everywhere."
    ),
    hints=(
        "Call the code below with `s` and with `4 * s`. What of `s` should matter, and what not?",
        "Divide `s` by its sum before the product; where that sum is 0 there is nothing to divide.",
    ),
    plan=(
        "Make shares of the map, which sum to one.",
        "Take care of a map that is 0 everywhere.",
        "Weigh the kernel's rows by the shares, and keep only what is a thing.",
    ),
    minutes=6,
    difficulty=2,
    importance=2,
)


@relate.given
def relate_map(s, thing, kernel):
    """Map s (m,), thing (m,), kernel (m, m) -> what stands in the relation, a map (m,)."""
    return thing * (s @ kernel)


@relate.solved_by
def relate_map(s, thing, kernel):  # noqa: F811
    """Map s (m,), thing (m,), kernel (m, m) -> what stands in the relation, a map (m,)."""
    total = s.sum()
    share = s / total if total > 0 else s
    return thing * (share @ kernel)


@relate.cases
def _(rng):
    def inputs(m, few=3):
        s = np.zeros(m)
        s[rng.permutation(m)[:few]] = rng.uniform(0.3, 1, few)
        return s, rng.uniform(0.1, 1, m), rng.uniform(0.05, 1, (m, m))

    for m, few in ((6, 3), (9, 4), (5, 2), (7, 5)):
        yield case(*inputs(m, few))
    s, thing, kernel = inputs(6, 1)
    yield case(np.sign(s), thing, kernel, when="where a single cell is named, with 1")
    yield case(0.2 * s, thing, kernel, when="where the map is not sure")
    yield case(np.ones(6), thing, kernel, when="where the map is 1 everywhere")
    yield case(0 * s, thing, kernel, when="where nothing was named")
    s, thing, kernel = inputs(4, 2)
    yield case(s, np.eye(4)[1], kernel, when="where there is one thing alone")


@relate.oracle
def _(s, thing, kernel):
    m, total = len(s), sum(float(x) for x in s)
    out = []
    for j in range(m):
        mean = sum(s[i] * kernel[i, j] for i in range(m)) / total if total else 0.0
        out.append(thing[j] * mean)
    return np.array(out)
