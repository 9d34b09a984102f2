"""Exercise `graphical.cause`: a hidden cause that two decisions share, summed out."""

import numpy as np

from mmcourse.exercises import Exercise, expect

cause = Exercise(
    "graphical.cause",
    kind="implement",
    title="Sum out the tone",
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
)


@cause.solved_by
def posterior(label, tone, voice, face, v, f):
    """p(label | voice = v, face = f), the tone summed out: (k,)."""
    seen = voice[:, v] * face[:, f]  # (c,): both, for each tone
    joint = label * (tone @ seen)  # (k,): one sum over the tone
    return joint / joint.sum()


def _normal(x):
    return x / x.sum()


@cause.check
def _(answer, rng):
    k, c, a, b = 3, 4, 5, 2
    label = rng.dirichlet(np.full(k, 2.0))
    tone, voice, face = (rng.dirichlet(np.full(n, 0.7), m) for m, n in ((k, c), (c, a), (c, b)))
    v, f = int(rng.integers(a)), int(rng.integers(b))
    wanted = np.zeros(k)
    for i in range(k):  # the oracle: the whole joint, entry by entry
        for j in range(c):
            wanted[i] += label[i] * tone[i, j] * voice[j, v] * face[j, f]
    joint, wanted = wanted, wanted / wanted.sum()
    got = expect.array(expect.pure(answer, label, tone, voice, face, v, f), (k,), "one probability for each label")
    expect.differs(
        got,
        _normal(label * (tone @ voice[:, v]) * (tone @ face[:, f])),
        "You summed the tone out twice, once for the voice and once for the face, as if each had a tone of its own. "
        "That is naive Bayes, and it counts the one tone twice. Both belong under one sum.",
    )
    expect.differs(got, joint, "These are joint probabilities. Divide by their sum.")
    expect.differs(
        got, _normal(tone @ (voice[:, v] * face[:, f])), "The label's own probabilities are missing: multiply by them."
    )
    expect.differs(
        got,
        _normal(label * (tone * (voice[:, v] * face[:, f])).max(axis=1)),
        "You took the likeliest tone in place of all of them. It is unknown: sum over it.",
    )
    expect.differs(
        got,
        _normal(label * ((voice[:, v] * face[:, f]).sum())),
        "This is the label's own distribution: the tone was summed out without its table, so nothing connects the "
        "label with what was seen.",
    )
    expect.differs(got, _normal(label * (tone @ voice[:, v])), "The face is not used.")
    expect.close(got, wanted, "Multiply the four tables, sum over the tone, divide by the total.")


@cause.mistake("as if each had a tone of its own")
def twice(label, tone, voice, face, v, f):
    return _normal(label * (tone @ voice[:, v]) * (tone @ face[:, f]))


@cause.mistake("joint probabilities")
def not_divided(label, tone, voice, face, v, f):
    return label * (tone @ (voice[:, v] * face[:, f]))


@cause.mistake("own probabilities are missing")
def no_prior(label, tone, voice, face, v, f):
    return _normal(tone @ (voice[:, v] * face[:, f]))


@cause.mistake("likeliest tone in place of all")
def maximum(label, tone, voice, face, v, f):
    return _normal(label * (tone * (voice[:, v] * face[:, f])).max(axis=1))


@cause.mistake("without its table")
def disconnected(label, tone, voice, face, v, f):
    return _normal(label * (voice[:, v] * face[:, f]).sum())


@cause.mistake("The face is not used")
def deaf(label, tone, voice, face, v, f):
    return _normal(label * (tone @ voice[:, v]))
