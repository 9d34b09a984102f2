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
_SHORT, _TRUE, _LONG = (math.log(0.35), 2), (math.log(0.65**2 * 0.8**3), 6), (math.log(0.65 * 0.8**3 * 0.35), 9)


def _crossing(one, other, add=5):
    """The α at which two captions have the same score; ``add`` is the 5 of the penalty."""
    return math.log(other[0] / one[0]) / math.log((add + other[1]) / (add + one[1]))


@wider.also
def _(value):
    expect.true(value >= _crossing(_SHORT, _TRUE), "At this α `shapes` still wins: α must be larger.")
    expect.true(
        value <= _crossing(_TRUE, _LONG),
        "At this α the caption is too long: it names a cross that is not in the picture. α must be smaller.",
    )
    expect.true(False, "At a smaller α the true caption has won already: look for the first.")


@wider.mistake(
    "With α = 0 nothing is divided. The beam of two found the caption `shapes`, and 0.35 is more than 0.22: by its "
    "probability alone it wins."
)
def no_penalty():
    return 0


@wider.mistake(
    "0.6 is a value that some programs come with. It was chosen for other models and other data: here `shapes` still "
    "wins."
)
def usual_value():
    return 0.6


@wider.mistake("You took length^α. The penalty is ((5 + L) / 6)^α: the 5 makes short captions less different.")
def bare_lengths():
    return _crossing(_SHORT, _TRUE, add=0)


@wider.mistake(
    "You counted the words alone. The end token has a probability too, and belongs to the length: `shapes` has L = 2."
)
def end_not_counted():
    return _crossing(_SHORT, _TRUE, add=4)


@wider.mistake("You counted the start token. It is given to the decoder, never written: `shapes` has L = 2.")
def start_counted():
    return _crossing(_SHORT, _TRUE, add=6)


@wider.mistake(
    "You divided the probabilities by the penalty. Divide their logarithms: their ratio counts, not their difference."
)
def of_probabilities():
    return math.log(0.35 / (0.65**2 * 0.8**3)) / math.log(11 / 7)


@wider.mistake("The logarithm above is missing: α is a ratio of two logarithms, that of log p and that of 5 + L.")
def no_logarithm_above():
    return _TRUE[0] / _SHORT[0] / math.log(11 / 7)


@wider.mistake("The logarithm below is missing: α is a ratio of two logarithms, that of log p and that of 5 + L.")
def no_logarithm_below():
    return math.log(_TRUE[0] / _SHORT[0]) / (11 / 7)


@wider.mistake("You left the end token out of the true caption's probability. After `circles` it is not certain.")
def end_probability_left_out():
    return math.log(math.log(0.65 * 0.8**3) / _SHORT[0]) / math.log(11 / 7)


@wider.mistake("The fraction is upside down: the logarithm of the ratio of the log-probabilities stands above.")
def upside_down():
    return 1 / smallest_alpha()


@wider.mistake("The sign is the wrong way round. A negative α punishes the longer caption once more.")
def sign():
    return -smallest_alpha()


@wider.mistake(
    "This is where the true caption stops winning: beyond it the beam adds `and one cross`, and there is no cross. "
    "Where does it begin to win?"
)
def upper_bound():
    return _crossing(_TRUE, _LONG)


@wider.mistake("Here `shapes` loses against the caption with the cross. The true one has overtaken it before.")
def against_the_longest():
    return _crossing(_SHORT, _LONG)


@wider.mistake("This is the probability of the true caption. Asked for is an exponent, α.")
def probability():
    return math.exp(_TRUE[0])


@wider.mistake(said="has won already")
def first_that_works():
    return 1.0


@wider.mistake(said="has won already")
def next_tenth():
    return 0.9


@wider.mistake(said="still wins: α must be larger")
def too_small():
    return 0.8


@wider.mistake(said="names a cross")
def longest():
    return 2.0
