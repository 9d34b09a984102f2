"""Exercise `vqa.commonest`: what a blind guesser says, family by family."""

import numpy as np

from mmcourse.exercises import Exercise, case

commonest = Exercise(
    "vqa.commonest",
    kind="implement",
    title="The commonest answer of each family",
    returns="a number for each question that is asked",
    otherwise="These are not the commonest training answers of the families.",
    task=(
        "Write `guess(families, answers, asked)`, the blind baseline that knows only of which family a question is. "
        "`families` and `answers` `(n,)` are the families and the right answers of the training questions, as whole "
        "numbers from 0 on; `asked` `(q,)` are the families of the questions to answer. Return `(q,)`: for each the "
        "answer that is **commonest in training within its family**. Of answers that are equally common take the "
        "smallest. A family that training does not have gets the commonest answer of all."
    ),
    hints=(
        "One pass over the families of training, one over what is asked. Which function counts how often each number "
        "occurs, and which finds the place of the largest count?",
        "`np.bincount(answers[families == f]).argmax()` takes the first of equal counts, the smallest answer. Keep it "
        "in a dict, and ask that with `.get(f, …)`.",
    ),
    plan=(
        "Find the commonest answer of all training questions.",
        "Find the commonest answer within each family that training has.",
        "Answer each question with that of its family, or else with that of all.",
    ),
    minutes=6,
    difficulty=1,
    importance=3,
)


@commonest.solved_by
def guess(families, answers, asked):
    """Families (n,), answers (n,) and families asked (q,) -> an answer for each question asked (q,)."""
    overall = np.bincount(answers).argmax()
    best = {}
    for f in np.unique(families):
        best[f] = np.bincount(answers[families == f]).argmax()
    return np.array([best.get(f, overall) for f in asked])


def training(counts, rng):
    """Families and answers, shuffled, of a dict: for each family how often each answer from 0 on is right."""
    pairs = [(f, a) for f, many in counts.items() for a, n in enumerate(many) for _ in range(n)]
    families, answers = np.array(pairs)[rng.permutation(len(pairs))].T
    return families.copy(), answers.copy()


@commonest.cases
def _(rng):
    for kinds, choices, q in ((3, 4, 8), (5, 3, 11), (4, 6, 7), (2, 5, 13)):
        counts = {f: rng.permutation(3 * np.arange(1, choices + 1) + rng.integers(0, 3)) for f in range(kinds)}
        yield case(*training(counts, rng), rng.permutation(np.arange(q) % kinds))
    # The families have answers of their own, of which none is 0, and the one that is commonest of all is 5.
    counts = {0: [0, 4, 1, 2], 2: [0, 0, 3, 5], 3: [0, 1, 0, 0, 2, 9], 4: [0, 0, 7, 6]}
    yield case(*training(counts, rng), rng.permutation([0, 2, 3, 4, 0, 4, 2]), when="where family numbers leave a gap")
    yield case(*training(counts, rng), np.array([7, 1, 0, 9]), when="where training has no question of a family")
    counts = {1: [0, 2, 5, 5, 1], 2: [1, 4, 3, 4], 5: [0, 0, 0, 6, 2, 6]}
    for _ in range(3):
        order = rng.permutation([1, 2, 5, 5, 1, 2])
        yield case(*training(counts, rng), order, when="where two answers are equally common in a family")
    counts = {0: [0, 3, 0, 1], 1: [0, 0, 1, 3], 2: [0, 1, 1, 0, 2]}
    for _ in range(3):
        order = rng.permutation([6, 0, 1, 2, 8])
        yield case(*training(counts, rng), order, when="where two answers are equally common overall")
    yield case(*training({4: [0, 0, 3, 1]}, rng), np.array([4]), when="with one family and one question")


@commonest.oracle
def _(families, answers, asked):
    pairs = list(zip(families.tolist(), answers.tolist(), strict=True))
    found = []
    for family in asked.tolist():
        within = [a for f, a in pairs if f == family] or [a for _, a in pairs]
        found.append(min(within, key=lambda a: (-within.count(a), a)))
    return np.array(found)
