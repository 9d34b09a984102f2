"""Exercise `graphical.cause`: a hidden cause that two decisions share, summed out."""

import numpy as np

from mmcourse.exercises import Exercise, case

cause = Exercise(
    "graphical.cause",
    kind="implement",
    title="Sum out the tone",
    returns="one probability for each label",
    otherwise=(
        "This is not p(label) times the sum over the tones of p(tone | label) · p(v | tone) · p(f | tone), divided by "
        "its total over the labels."
    ),
    minutes=10,
    difficulty=2,
    importance=3,
    task=(
        "Write `posterior(label, tone, voice, face, v, f)`: the probabilities of the labels when the voice's decision "
        "is `v` and the face's is `f`. The tables: `label` `(k,)` holds $p(\\text{label})$; `tone` `(k, c)`, in row "
        "`i`, $p(\\text{tone}\\mid\\text{label }i)$; `voice` `(c, a)` and `face` `(c, b)` hold, in row `j`, the "
        "probabilities of the decisions given tone `j`. Nobody has seen the tone. Return an array `(k,)` that sums to "
        "one."
    ),
    hints=(
        "Write the joint probability of one label, one tone, `v` and `f` as a product of four entries. The tone is "
        "unknown: which of the four depend on it, and so must stand under *one* sum?",
        "`seen = voice[:, v] * face[:, f]` has an entry for each tone. `tone @ seen` sums them for each label. "
        "Multiply by `label` and divide by the total.",
    ),
    plan=(
        "For each tone, multiply the probabilities of the two decisions that were seen.",
        "Sum them over the tones, weighted by how likely each tone is given the label.",
        "Multiply by the label's own probability, and divide by the total.",
    ),
)


@cause.solved_by
def posterior(label, tone, voice, face, v, f):
    """p(label | voice = v, face = f), the tone summed out: (k,)."""
    seen = voice[:, v] * face[:, f]  # (c,): both, for each tone
    joint = label * (tone @ seen)  # (k,): one sum over the tone
    return joint / joint.sum()


def _tables(rng, k, c, a, b):
    """Tables of random probabilities, none of them tiny."""
    label = rng.dirichlet(np.full(k, 2.0))
    rows = (rng.dirichlet(np.full(n, 0.7), m) * 0.94 + 0.06 / n for m, n in ((k, c), (c, a), (c, b)))
    return [label, *rows]


@cause.cases
def _(rng):
    # Also as many tones as labels or decisions, where an axis taken for another raises nothing.
    for k, c, a, b in ((3, 4, 5, 2), (2, 3, 4, 4), (4, 2, 3, 5), (3, 3, 3, 3), (5, 5, 2, 3)):
        yield case(*_tables(rng, k, c, a, b), int(rng.integers(a)), int(rng.integers(b)))
    yield case(*_tables(rng, 3, 4, 3, 3), 2, 0)
    yield case(*_tables(rng, 2, 5, 3, 3), 0, 2)
    label, tone, voice, face = _tables(rng, 4, 3, 3, 2)
    label[1], label[0] = 0, label[0] + label[1]
    yield case(label, tone, voice, face, 1, 1, when="where a label has the probability 0")
    label, tone, voice, face = _tables(rng, 3, 3, 4, 2)
    voice[0, 3], voice[0, 0] = 0, voice[0, 0] + voice[0, 3]
    yield case(label, tone, voice, face, 3, 0, when="where a decision is impossible under one tone")
    yield case(*_tables(rng, 3, 1, 2, 3), 1, 2, when="where there is one tone only")


@cause.oracle
def _(label, tone, voice, face, v, f):
    joint = np.zeros(len(label))
    for i in range(len(label)):  # the whole joint, entry by entry
        for j in range(len(voice)):
            joint[i] += label[i] * tone[i, j] * voice[j, v] * face[j, f]
    return joint / joint.sum()
