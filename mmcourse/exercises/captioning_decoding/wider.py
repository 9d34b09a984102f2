"""Exercise `captioning_decoding.wider`: a wider beam finds the likelier caption, which is not the better one."""

import math

from mmcourse.exercises import Exercise, expect

wider = Exercise(
    "captioning_decoding.wider",
    kind="experiment and explain",
    title="Likelier, and worse",
    returns="a number, the smallest α",
    within=0.01,
    minutes=15,
    difficulty=2,
    importance=2,
    plan=(
        "Try α = 0, 0.1, 0.2 and so on with a beam of two, and see between which values the winner changes.",
        "Write down log p and L of the two captions.",
        "Set their two scores equal and solve for α.",
    ),
    task=(
        "A picture shows a star above two circles. `NEXT` is a decoder for this picture as a table: the "
        "words that may follow each word, and their probabilities. `search(width, alpha)` is beam search "
        "over it. It returns the caption that wins, and its log-probability. The winner has the highest "
        r"score $\log p \,/\, \left(\frac{5+L}{6}\right)^{\alpha}$, where $L$ counts the end token. With α = 0 "
        "a beam of one writes the true caption, and a beam of two a worse one. Raise α and keep the width at "
        "two. **From which α on does the beam of two write the true caption?** Answer with a number, within "
        "1 %. Then raise α further, up to 2. Explain to yourself why the beam is not at fault, "
        "and why one picture cannot tell you the right α."
    ),
    hints=(
        "Let `search(2, alpha)` run for α = 0, 0.1, 0.2 and so on. Between which two values does "
        "the winner change? And what do the scores of the two captions have in common just there?",
        "At that α the two scores are equal. Write down log p and L of both "
        "captions, divide one score by the other, and take logarithms: α is "
        "ln(ratio of the log-probabilities) / ln(ratio of the two values of 5 + L).",
    ),
)

NEXT = {
    "start": {"a": 0.65, "shapes": 0.35},
    "shapes": {"end": 1.0},
    "a": {"star": 0.8, "circle": 0.2},
    "star": {"above": 0.8, "end": 0.2},
    "circle": {"end": 1.0},
    "above": {"two": 0.8, "three": 0.2},
    "two": {"circles": 1.0},
    "three": {"circles": 1.0},
    "circles": {"end": 0.65, "and": 0.35},
    "and": {"one": 1.0},
    "one": {"cross": 1.0},
    "cross": {"end": 1.0},
}


def search(width, alpha):
    """The caption that wins, and its log-probability."""
    living, finished = [(0.0, ["start"])], []
    while living:
        longer = [(s + math.log(p), [*words, w]) for s, words in living for w, p in NEXT[words[-1]].items()]
        best = sorted(longer, reverse=True)[:width]
        # The start token is not written.
        finished += [(s, words[1:]) for s, words in best if "end" in words]
        living = [(s, words) for s, words in best if "end" not in words]

    def score(caption):
        return caption[0] / ((5 + len(caption[1])) / 6) ** alpha

    log_p, words = max(finished, key=score)
    return " ".join(words[:-1]), log_p


@wider.given
def _first_look():
    print(search(width=1, alpha=0))
    print(search(width=2, alpha=0))


@wider.solved_by
def smallest_alpha():
    """The α at which the likeliest caption and the true one score alike."""
    short, log_p_short = search(2, alpha=0)
    true, log_p_true = search(1, alpha=0)
    length_short = len(short.split()) + 1  # the end token is one
    length_true = len(true.split()) + 1
    # log p / ((5 + L) / 6)^α is the same for both: solved for α.
    alpha = math.log(log_p_true / log_p_short)
    alpha /= math.log((5 + length_true) / (5 + length_short))
    assert search(2, 0.99 * alpha)[0] == short
    assert search(2, 1.01 * alpha)[0] == true
    # The beam did its work: it found what the score asked for. The score
    # preferred the short caption. Nor is more better: at α = 2 the caption
    # names a cross that nobody can see. On this picture α is right between
    # two bounds, on the next between two others: choose it on dev.
    assert search(2, alpha=2)[0] == f"{true} and one cross"
    return alpha


# The three captions that can win, by hand: log-probability, and length with the end token.
SHORT, TRUE, LONG = (math.log(0.35), 2), (math.log(0.65**2 * 0.8**3), 6), (math.log(0.65 * 0.8**3 * 0.35), 9)


def crossing(one, other, add=5):
    """The α at which two captions have the same score; ``add`` is the 5 of the penalty."""
    return math.log(other[0] / one[0]) / math.log((add + other[1]) / (add + one[1]))


@wider.also
def _(value):
    expect.true(value >= crossing(SHORT, TRUE), "At this α `shapes` still wins: α must be larger.")
    expect.true(
        value <= crossing(TRUE, LONG),
        "At this α the caption is too long: it names a cross that is not in the picture. α must be smaller.",
    )
    expect.true(False, "At a smaller α the true caption has won already: look for the first.")
