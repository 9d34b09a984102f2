"""Exercises and quiz of the page `captioning_decoding`."""

import math
from collections import Counter

import numpy as np

from mmcourse.exercises import Exercise, Option, Question, Quiz, expect

PAD, START, END = 0, 1, 2


def _log_softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


# ── captioning_decoding.greedy ──────────────────────────────────────────────────────────────────────

greedy = Exercise(
    "captioning_decoding.greedy",
    kind="implement",
    title="Greedy decoding for a batch",
    task=(
        "Write `greedy_decode(step, state, n, max_length)`: captions for a batch of `n` pictures, always with the most "
        "probable "
        "next word. `step(tokens, state)` takes the last token of each caption, an integer array `(n,)`, and the "
        "decoder's "
        "state, and returns the logits `(n, V)` and the next state. Begin with start (1). Return an integer array "
        "`(n, max_length)` of what was written: each row's words, its end token (2), then padding (0). "
        "A row may reach `max_length` without an end. Stop as soon as all rows have ended."
    ),
    hints=(
        "Which three things does the loop carry from one step to the next? A caption that has ended stays in the batch "
        "until the others have: what is written in its row?",
        "Keep `tokens` (begin with ones), `state` and a boolean `ended` (begin with `False`). In each step: "
        "`logits, state = step(tokens, state)`; the argmax over the last axis; 0 where `ended` was already True; "
        "then `ended |= tokens == 2`, and leave when `ended.all()`.",
    ),
)


@greedy.solution
def greedy_decode(step, state, n, max_length):
    """A step, its first state, batch size and length -> token ids (n, max_length), integers: words, end, padding."""
    written = np.zeros((n, max_length), dtype="int32")
    tokens, ended = np.ones(n, dtype="int32"), np.zeros(n, dtype=bool)
    for t in range(max_length):
        logits, state = step(tokens, state)
        tokens = np.where(ended, 0, logits.argmax(axis=-1)).astype("int32")
        written[:, t] = tokens
        ended = ended | (tokens == 2)
        if ended.all():
            break
    return written


class _Machine:
    """A decoder made of random numbers: row i's logits depend on its last token and on its state, a counter of its
    steps, and it ends at the step ``ends[i]``. Written row by row, with ``follow`` as the oracle."""

    def __init__(self, rng, ends, length, words=11):
        self.n, self.length, self.ends, self.words, self.calls = len(ends), length, ends, words, 0
        self.table = rng.normal(size=(self.n, length + 8, words, words))
        self.table[..., [PAD, START, END]] = -9

    def logits(self, row, count, token):
        scores = self.table[row, min(count, self.length + 7), token].copy()
        if count == self.ends[row]:
            scores[END] = 9
        return scores

    def follow(self, row):
        token, out = START, []
        for count in range(self.length):
            token = int(np.argmax(self.logits(row, count, token)))
            out.append(token)
            if token == END:
                break
        return out + [PAD] * (self.length - len(out))

    def step(self, tokens, state):
        tokens = expect.array(
            tokens, (self.n,), "`step` takes the last token of each caption of the batch", kind="integer"
        )
        expect.true(
            bool(((tokens >= 0) & (tokens < self.words)).all()),
            "`step` was called with a token that is not in the vocabulary.",
        )
        expect.true(
            isinstance(state, np.ndarray) and state.shape == (self.n,),
            "`step` was called with a state that no earlier `step` returned.",
        )
        self.calls += 1
        return np.stack(
            [self.logits(i, int(c), int(t)) for i, (c, t) in enumerate(zip(state, tokens, strict=True))]
        ), state + 1


@greedy.check
def _(answer, rng):
    length = 9
    ends = np.array([2, 5, 99, 0, 4])  # one never ends, one at once
    machine = _Machine(rng, ends, length)
    expected = np.array([machine.follow(i) for i in range(5)])
    state = np.zeros(5, dtype=int)
    got = expect.pure(answer, machine.step, state, 5, length)
    got = expect.array(got, (5, length), "one row for each caption, padded to max_length", kind="integer")
    words = expected[:, 0] != END
    if not np.array_equal(got[words, 0], expected[words, 0]):
        expect.true(
            not (got[:, 0] == START).all(),
            "The start token stands in front of your captions. Return what was written after it.",
        )
        expect.equal(
            got[words, 0], expected[words, 0], "The first word is not the argmax of the logits that follow start."
        )
    stops = [int(np.argmax(row == END)) if (row == END).any() else length for row in expected]
    for what, message in (
        ("state", "Every step begins with the first state: hand the state that `step` returned to the next `step`."),
        ("token", "Every step reads start: hand the word just written to the next `step`."),
    ):
        as_mistaken = all(
            np.array_equal(got[i, :stop], _blind(machine, i, what)[:stop]) for i, stop in enumerate(stops)
        )
        expect.true(not as_mistaken, message)
    for row, (mine, right, stop) in enumerate(zip(got, expected, stops, strict=True)):
        if np.array_equal(mine[:stop], right[:stop]):
            continue
        expect.true(
            mine[:stop].any() and not (mine[:stop] == PAD).any(),
            f"Row {row} stops before its own end token: has another caption's end stopped the whole batch?",
        )
        expect.equal(mine[:stop], right[:stop], f"Row {row} is not the sequence of most probable words.")
    for row, (mine, stop) in enumerate(zip(got, stops, strict=True)):
        if stop < length:
            expect.true(
                mine[stop] == END,
                "The end token itself is missing. It belongs to what was written: without it, a finished caption looks "
                "cut off.",
            )
        expect.true(
            not mine[stop + 1 :].any(),
            f"Row {row} goes on after its end token. Write padding (0) there, whatever the step says.",
        )
    expect.equal(got, expected, "The tokens are not those of greedy decoding.")
    short = _Machine(rng, np.array([1, 2, 0]), 30)
    right = np.array([short.follow(i) for i in range(3)])
    got = expect.array(
        answer(short.step, np.zeros(3, dtype=int), 3, 30), (3, 30), "padded to max_length", kind="integer"
    )
    expect.equal(got, right, "Captions that all end early come out wrong.")
    expect.true(
        short.calls <= 4,
        f"All captions had ended after 3 steps, but `step` was called {short.calls} times. Each call costs a pass "
        f"through the "
        "decoder: leave the loop when all have ended.",
    )


def _blind(machine, row, what):
    token, out = START, []
    for count in range(machine.length):
        token = int(
            np.argmax(machine.logits(row, 0 if what == "state" else count, START if what == "token" else token))
        )
        out.append(token)
    return np.array(out)


@greedy.mistake("first state")
def state_dropped(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    for t in range(max_length):
        logits, _ = step(tokens, state)
        written[:, t] = tokens = logits.argmax(-1)
    return written


@greedy.mistake("reads start")
def always_start(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    for t in range(max_length):
        logits, state = step(tokens, state)
        written[:, t] = logits.argmax(-1)
    return written


@greedy.mistake("goes on after its end token")
def never_stops(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    for t in range(max_length):
        logits, state = step(tokens, state)
        written[:, t] = tokens = logits.argmax(-1)
    return written


@greedy.mistake("another caption's end stopped the whole batch")
def stops_with_the_first(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    for t in range(max_length):
        logits, state = step(tokens, state)
        written[:, t] = tokens = logits.argmax(-1)
        if (tokens == END).any():
            break
    return written


@greedy.mistake("end token itself is missing")
def end_dropped(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.where(written == END, PAD, written)


@greedy.mistake("leave the loop")
def never_leaves(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    ended = np.zeros(n, dtype=bool)
    for t in range(max_length):
        logits, state = step(tokens, state)
        written[:, t] = tokens = np.where(ended, PAD, logits.argmax(-1))
        ended = ended | (tokens == END)
    return written


@greedy.mistake("start token stands in front")
def start_kept(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.concatenate([np.ones((n, 1), dtype="int32"), written[:, :-1]], axis=1)


@greedy.mistake("last token of each caption")
def whole_prefix(step, state, n, max_length):
    tokens = np.ones((n, 1), dtype="int32")
    for _ in range(max_length):
        logits, state = step(tokens, state)
        tokens = np.concatenate([tokens, logits.argmax(-1)[:, None]], axis=1)
    return tokens[:, 1:]


# ── captioning_decoding.length_penalty ──────────────────────────────────────────────────────────────

penalty = Exercise(
    "captioning_decoding.length_penalty",
    kind="implement",
    title="Which finished caption wins?",
    task=(
        "A beam search ends with several finished captions of one picture. Write `rerank(log_probs, lengths, alpha)`: "
        "from their "
        "log-probabilities `(k,)`, their lengths in tokens with the end token `(k,)` and the exponent α it computes "
        r"the score of each, $\log p \,/\, \left(\frac{5+\text{length}}{6}\right)^{\alpha}$, and returns two arrays of "
        "shape `(k,)`: `order`, the captions' numbers with the best first, and `scores`, in the captions' original "
        "order."
    ),
    hints=(
        "A log-probability is negative, and every further word makes it more so. Should a long caption's score come "
        "nearer to zero by "
        "the penalty, or go further away?",
        "`scores = log_probs / ((5 + lengths) / 6) ** alpha`. `np.argsort` puts the smallest first; the best score is "
        "the largest.",
    ),
)


@penalty.solution
def rerank(log_probs, lengths, alpha):
    """Log-probabilities (k,), lengths (k,) and exponent -> order (k,), best first, and scores (k,) of the captions
    as they came."""
    scores = log_probs / ((5 + lengths) / 6) ** alpha
    return np.argsort(-scores), scores


@penalty.check
def _(answer, rng):
    k, alpha = 7, float(rng.uniform(0.5, 0.9))
    best_first = np.arange(k)
    while np.array_equal(np.argsort(best_first), best_first):  # here ranks and order would be the same by chance
        lengths = rng.permutation(np.arange(3, 3 + 2 * k, 2))
        log_probs = -lengths * rng.uniform(0.5, 1.5, size=k)
        wanted = np.array([p / math.pow((5 + n) / 6, alpha) for p, n in zip(log_probs, lengths, strict=True)])
        best_first = np.array(sorted(range(k), key=lambda i: -wanted[i]))
    order, scores = expect.parts(expect.pure(answer, log_probs, lengths, alpha), ("order", "scores"))
    scores = expect.array(scores, (k,), "one score for each caption")
    order = expect.array(order, (k,), "the numbers of the captions, best first")
    expect.differs(scores, log_probs, "These are the bare log-probabilities: no penalty has been applied.")
    expect.differs(
        scores,
        log_probs * ((5 + lengths) / 6) ** alpha,
        "You multiplied by the penalty. Log-probabilities are negative, so this punishes long captions twice: divide.",
    )
    expect.differs(scores, log_probs / lengths**alpha, "You divided by length^α. Asked for is ((5 + length) / 6)^α.")
    expect.differs(scores, log_probs / lengths, "You divided by the length. Asked for is ((5 + length) / 6)^α.")
    expect.differs(
        scores,
        log_probs / (5 + lengths) ** alpha,
        "The division by 6 is missing: a caption of one token must have the penalty 1.",
    )
    expect.differs(
        scores, log_probs / (5 + lengths / 6) ** alpha, "Brackets: it is (5 + length) / 6, not 5 + length / 6."
    )
    expect.differs(scores, log_probs / ((5 + lengths) / 6 * alpha), "α is an exponent, not a factor.")
    expect.differs(
        scores,
        np.exp(log_probs) / ((5 + lengths) / 6) ** alpha,
        "You penalised the probabilities. Penalise their logarithms, as probabilities of captions differ by powers of "
        "ten.",
    )
    expect.differs(
        scores,
        wanted[best_first],
        "The scores are right but sorted. Return them in the order in which the captions came.",
    )
    expect.close(scores, wanted, "The scores are not log p / ((5 + length) / 6)^α.")
    expect.true(
        not np.array_equal(order, best_first[::-1]),
        "The worst caption comes first: `argsort` sorts from small to large, and the best score is the largest.",
    )
    expect.true(
        not np.array_equal(order, np.argsort(best_first)),
        "This is the rank of each caption, not the list of captions by rank: one `argsort` is enough.",
    )
    expect.equal(order, best_first, "The order does not follow the scores.")
    same = expect.parts(answer(log_probs, lengths, 0.0), ("order", "scores"))[1]
    expect.close(
        same, log_probs, "With α = 0 the scores must be the log-probabilities: do you use the alpha that is handed in?"
    )


@penalty.mistake("no penalty")
def no_penalty(log_probs, lengths, alpha):
    return np.argsort(-log_probs), log_probs.copy()


@penalty.mistake("You multiplied")
def multiplied(log_probs, lengths, alpha):
    scores = log_probs * ((5 + lengths) / 6) ** alpha
    return np.argsort(-scores), scores


@penalty.mistake("length^α")
def plain_length(log_probs, lengths, alpha):
    scores = log_probs / lengths**alpha
    return np.argsort(-scores), scores


@penalty.mistake("division by 6")
def not_divided(log_probs, lengths, alpha):
    scores = log_probs / (5 + lengths) ** alpha
    return np.argsort(-scores), scores


@penalty.mistake("worst caption comes first")
def ascending(log_probs, lengths, alpha):
    scores = rerank(log_probs, lengths, alpha)[1]
    return np.argsort(scores), scores


@penalty.mistake("one `argsort` is enough")
def ranks(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return np.argsort(order), scores


@penalty.mistake("penalised the probabilities")
def of_probabilities(log_probs, lengths, alpha):
    scores = np.exp(log_probs) / ((5 + lengths) / 6) ** alpha
    return np.argsort(-scores), scores


# ── captioning_decoding.bleu ────────────────────────────────────────────────────────────────────────

bleu = Exercise(
    "captioning_decoding.bleu",
    kind="find the bug",
    title="Corpus BLEU is not a mean",
    task=(
        "`corpus_bleu(candidates, references)` should be BLEU-4 of a whole set of captions, as a fraction. "
        "`candidates` is a list of "
        "captions, each a list of words; `references` holds for each candidate a list of captions. The function below "
        "gives plausible "
        "numbers, yet they do not agree with those of any paper. Put it right."
    ),
    hints=(
        "Count by hand: two candidates, the first with 1 of 2 four-grams right, the second with 0 of 8. How many of "
        "all "
        "four-grams are right, and what does the function compute instead?",
        "BLEU adds up matches, n-grams and lengths over all captions first, and only then divides, takes the geometric "
        "mean and the "
        "brevity penalty, once.",
    ),
)


def _ngrams(words, n):
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


@bleu.solution
def corpus_bleu(candidates, references):
    """Tokenised candidates and, for each, a list of tokenised references -> BLEU-4 of the corpus, between 0 and 1."""
    matches, totals, length, closest = np.zeros(4), np.zeros(4), 0, 0
    for candidate, captions in zip(candidates, references, strict=True):
        for n in range(1, 5):
            most = Counter()
            for caption in captions:
                most |= _ngrams(caption, n)  # for each n-gram the largest count in any one reference
            counts = _ngrams(candidate, n)
            matches[n - 1] += (counts & most).total()  # clipped
            totals[n - 1] += counts.total()
        length += len(candidate)
        closest += min((len(c) for c in captions), key=lambda r: (abs(r - len(candidate)), r))
    if not matches.all():
        return 0.0
    brevity = min(1.0, np.exp(1 - closest / length))
    return float(brevity * np.exp(np.log(matches / totals).mean()))


@bleu.given
def _given_bleu(candidates, references):
    """Tokenised candidates and, for each, a list of tokenised references -> BLEU-4 of the corpus, between 0 and 1."""
    scores = []
    for candidate, captions in zip(candidates, references, strict=True):
        matches, totals = np.zeros(4), np.zeros(4)
        for n in range(1, 5):
            most = Counter()
            for caption in captions:
                most |= _ngrams(caption, n)  # for each n-gram the largest count in any one reference
            counts = _ngrams(candidate, n)
            matches[n - 1] = (counts & most).total()  # clipped
            totals[n - 1] = counts.total()
        closest = min((len(c) for c in captions), key=lambda r: (abs(r - len(candidate)), r))
        brevity = min(1.0, np.exp(1 - closest / max(len(candidate), 1)))
        scores.append(brevity * np.exp(np.log(matches / totals).mean()) if matches.all() else 0.0)
    return float(np.mean(scores))


def _oracle(candidates, references, clip="each", brevity="closest"):
    """BLEU-4 by counting with plain lists, and its usual variants."""
    p, c, r = [], 0, 0
    for n in (1, 2, 3, 4):
        right = total = 0
        for words, captions in zip(candidates, references, strict=True):
            grams = [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]
            there = [[" ".join(x[i : i + n]) for i in range(len(x) - n + 1)] for x in captions]
            for g in set(grams):
                count = grams.count(g)
                most = {"each": max(t.count(g) for t in there), "sum": sum(t.count(g) for t in there)}
                most["none"] = count if most["sum"] else 0
                right += min(count, most[clip])
            total += len(grams)
        p.append(right / total)
    for words, captions in zip(candidates, references, strict=True):
        lengths = sorted(len(x) for x in captions)
        c += len(words)
        r += {"closest": min(lengths, key=lambda x: abs(x - len(words))), "longest": lengths[-1], "none": 0}[brevity]
    geometric = math.prod(p) ** 0.25
    return min(1, math.exp(1 - r / c)) * geometric, p


def _corpus(rng, short=True):
    """Candidates that share long pieces with their references, repeat a word too often, and are a little short."""
    words = [*"abcdefghijkl"]
    candidates, references = [], []
    for i in range(9):
        size = int(rng.integers(8, 14))
        truth = list(rng.choice(words, size=size))
        candidate = truth[: size - 2 * short] if i % 3 else list(rng.choice(words, size=6))
        candidate[0] = candidate[1] = candidate[2]  # one word three times: only clipping sees that this is too often
        others = [list(rng.choice(words, size=int(rng.integers(size, size + 5)))) for _ in range(2)]
        candidates.append(candidate)
        references.append([truth, *others])
    return [[str(w) for w in c] for c in candidates], [[[str(w) for w in r] for r in rs] for rs in references]


@bleu.check
def _(answer, rng):
    candidates, references = _corpus(rng)
    expected, p = _oracle(candidates, references)
    alone = [_oracle([c], [r])[0] for c, r in zip(candidates, references, strict=True)]
    got = expect.number(expect.pure(answer, candidates, references), "one number, the BLEU-4 of the corpus")
    if 1.5 < got < 101:
        expect.true(not np.isclose(got, 100 * expected, rtol=1e-3), "This is in percent. Return a fraction.")
    expect.differs(
        got,
        np.mean(alone),
        "This is the mean of the captions' own BLEU scores. A caption without a single matching four-gram scores 0 "
        "there, whatever "
        "else is right. Add up the counts of all captions first.",
    )
    expect.differs(
        got,
        _oracle(candidates, references, clip="none")[0],
        "Repeated words are counted as often as they are written: clip each n-gram's count by how often a reference "
        "has it.",
    )
    expect.differs(
        got,
        _oracle(candidates, references, clip="sum")[0],
        "You clip by the count in all references together. It is the largest count in any single one.",
    )
    unpenalised = _oracle(candidates, references, brevity="none")[0]
    if not np.isclose(unpenalised, expected, rtol=1e-3):
        expect.differs(got, unpenalised, "The brevity penalty is missing: short captions that risk nothing would win.")
    longest = _oracle(candidates, references, brevity="longest")[0]
    if not np.isclose(longest, expected, rtol=1e-3):
        expect.differs(
            got,
            longest,
            "The brevity penalty takes the longest reference. It takes, for each caption, the one closest in length.",
        )
    expect.differs(
        got,
        expected / math.prod(p) ** 0.25 * np.mean(p),
        "You took the arithmetic mean of the precisions. It is the geometric one.",
    )
    expect.close(got, expected, "This is not the corpus's BLEU-4.")
    far = [["x", "y"]] * 2, [[["a", "b", "c", "d", "e"]]] * 2
    expect.close(answer(*far), 0, "Captions without any matching word have BLEU 0.")


def _variant(candidates, references, **knobs):
    return _oracle(candidates, references, **knobs)[0]


@bleu.mistake("clip each n-gram's count")
def not_clipped(candidates, references):
    return _variant(candidates, references, clip="none")


@bleu.mistake("all references together")
def clipped_by_sum(candidates, references):
    return _variant(candidates, references, clip="sum")


@bleu.mistake("brevity penalty is missing")
def no_brevity(candidates, references):
    return _variant(candidates, references, brevity="none")


@bleu.mistake("longest reference")
def longest_reference(candidates, references):
    return _variant(candidates, references, brevity="longest")


@bleu.mistake("in percent")
def percent(candidates, references):
    return 100 * corpus_bleu(candidates, references)


@bleu.mistake("arithmetic mean")
def arithmetic(candidates, references):
    value, p = _oracle(candidates, references)
    return value / math.prod(p) ** 0.25 * np.mean(p)


@bleu.mistake("mean of the captions' own")
def mean_of_sentences(candidates, references):
    return float(np.mean([corpus_bleu([c], [r]) for c, r in zip(candidates, references, strict=True)]))


# ── captioning_decoding.beam ────────────────────────────────────────────────────────────────────────

beam = Exercise(
    "captioning_decoding.beam",
    kind="implement",
    level="stretch",
    title="One step of beam search",
    task=(
        "Write `expand(scores, logits, ended)`, one step of beam search for one picture. Of the `k` captions in the "
        "beam, "
        "`scores` `(k,)` are the log-probabilities so far, `logits` `(k, V)` what the decoder says about the next "
        "word, "
        "and `ended` `(k,)` says which have already written their end token. Return `parents`, `tokens` and `scores`, "
        "each `(k,)`: the "
        "best `k` of all continuations, best first, each as the number of the caption that it continues, the new "
        "token, and the new "
        "log-probability. A caption that has ended has exactly one continuation: padding (0), at an unchanged score."
    ),
    hints=(
        "Put the scores of all continuations into one array `(k, V)`. What stands in the row of a caption that has "
        "ended, "
        "so that it can win one place but never two?",
        "Row of a living caption: its score plus `log_softmax(logits)`. Row of an ended one: minus infinity, except "
        "its score at token "
        "0. Flatten, take the `k` largest, and split each flat index with `divmod(index, V)`.",
    ),
)


@beam.solution
def expand(scores, logits, ended):
    """Scores (k,), logits (k, V), ended (k,) bool -> parents (k,), tokens (k,), scores (k,), the best continuation
    first."""
    k, V = logits.shape
    shifted = logits - logits.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    nothing_more = np.where(np.arange(V) == 0, 0.0, -np.inf)  # certain padding: an ended caption keeps its score
    total = (scores[:, None] + np.where(ended[:, None], nothing_more, logp)).ravel()  # (k * V,)
    best = np.argsort(-total, kind="stable")[:k]
    parents, tokens = np.divmod(best, V)
    return parents, tokens, total[best]


@beam.check
def _(answer, rng):
    k, V = 5, 13
    # In each round the ended caption lies elsewhere: first in the middle, then in front, then all are alive.
    for place in (2, 0, None):
        scores = -np.sort(rng.uniform(2, 3, size=k))
        logits = rng.normal(size=(k, V)) + np.linspace(3, 0, k)[:, None]
        likely = np.array([rng.choice(np.arange(3, V), 2, replace=False) for _ in range(k)])
        logits[np.arange(k), likely[:, 0]] += 5
        logits[1, likely[1, 1]] = logits[1, likely[1, 0]] - 0.1  # two good continuations of one caption
        scores[-1] -= 4  # and none of another
        ended = np.zeros(k, dtype=bool)
        if place is not None:
            ended[place] = True
            scores[place] = -2.2
            logits[place, likely[place, 0]] += 5  # the decoder would know how to go on
        logp = _log_softmax(logits)
        every = []
        for i in range(k):
            every += [(scores[i], i, PAD)] if ended[i] else [(scores[i] + logp[i, w], i, w) for w in range(V)]
        wanted = sorted(every, reverse=True)[:k]
        _judge(answer, scores, logits, ended, logp, wanted)
    big = logits * 300
    one = expect.parts(answer(scores, big, np.zeros(k, dtype=bool)), ("parents", "tokens", "scores"))[2]
    every = np.sort((scores[:, None] + _log_softmax(big)).ravel())[::-1][:k]
    expect.close(one, every, "Large logits overflow: subtract each row's maximum before exponentiating.")


def _judge(answer, scores, logits, ended, logp, wanted):
    k, V = logits.shape
    parents, tokens, new = expect.parts(expect.pure(answer, scores, logits, ended), ("parents", "tokens", "scores"))
    parents = expect.array(parents, (k,), "one parent for each place in the beam", kind="integer")
    tokens = expect.array(tokens, (k,), "one token for each place in the beam", kind="integer")
    new = expect.array(new, (k,), "one score for each place in the beam")
    pairs = list(zip(parents.tolist(), tokens.tolist(), strict=True))
    right = [(int(i), int(w)) for _, i, w in wanted]
    swapped = bool((parents >= k).any()) or (pairs != right and set(pairs) == {(w, i) for i, w in right})
    expect.true(
        not swapped,
        "`parents` must be numbers of captions. Divide the flat index by V: the quotient is the parent, the rest the "
        "token.",
    )
    expect.true(
        bool((parents >= 0).all() and (tokens >= 0).all() and (tokens < V).all()),
        "There is a parent or token that does not exist.",
    )
    gone_on = [(p, t) for p, t in pairs if ended[p] and t != PAD]
    flat = np.zeros(k)
    for j, (p, t) in enumerate(pairs):
        flat[j] = scores[p] + logits[p, t]
    twice = [p for p in range(k) if ended[p] and sum(q == p for q, _ in pairs) > 1]
    expect.true(
        not twice, "An ended caption fills several places of the beam. It has exactly one continuation, padding."
    )
    expect.true(not gone_on, "A caption that has ended goes on writing. Its only continuation is padding.")
    for j, (p, _) in enumerate(pairs):
        expect.true(
            not ended[p] or np.isclose(new[j], scores[p]),
            "An ended caption's score has changed. Nothing more is written, so nothing more is added.",
        )
    living = ~ended[parents]
    if living.any() and np.allclose(new[living], flat[living]):
        expect.true(
            False, "You added the logits themselves. Only log-probabilities add up: log-softmax over the words first."
        )
    here = np.array([logp[p, t] for p, t in pairs])
    if living.any() and np.allclose(new[living], here[living]):
        expect.true(
            False,
            "These are the log-probabilities of the new words alone. Add the score of the caption that they continue.",
        )
    expect.true(
        pairs == right or sorted(pairs) != sorted((p, w) for p, w in _best_of_each(scores, logp, ended)),
        "You took the best word of each caption. The best k of *all* continuations may come from two captions, or from "
        "one.",
    )
    expect.true(
        not any(ended) or any(ended[p] for p, _ in pairs) or not any(ended[i] for i, _ in right),
        "An ended caption has disappeared from the beam, although its score is among the best.",
    )
    expect.true(
        pairs == right or sorted(pairs) != sorted(right),
        "The continuations are right, but not sorted: the best comes first.",
    )
    expect.true(pairs == right, "These are not the best continuations of all.")
    expect.close(new, np.array([s for s, _, _ in wanted]), "The continuations are right, their scores are not.")


def _best_of_each(scores, logp, ended):
    return [(i, PAD if ended[i] else int(np.argmax(logp[i]))) for i in range(len(scores))]


def _top(total):
    best = np.argsort(-total.ravel(), kind="stable")[: len(total)]
    return *np.divmod(best, total.shape[1]), total.ravel()[best]


@beam.mistake("goes on writing")
def never_ended(scores, logits, ended):
    return _top(scores[:, None] + _log_softmax(logits))


@beam.mistake("several places of the beam")
def repeated(scores, logits, ended):
    return _top(scores[:, None] + np.where(ended[:, None], 0.0, _log_softmax(logits)))


@beam.mistake("logits themselves")
def raw_logits(scores, logits, ended):
    keep = np.where(np.arange(logits.shape[1]) == 0, 0.0, -np.inf)
    return _top(scores[:, None] + np.where(ended[:, None], keep, logits))


@beam.mistake("best word of each caption")
def one_of_each(scores, logits, ended):
    logp = _log_softmax(logits)
    tokens = np.where(ended, PAD, logp.argmax(1))
    new = scores + np.where(ended, 0, logp[np.arange(len(scores)), tokens])
    order = np.argsort(-new)
    return order, tokens[order], new[order]


@beam.mistake("the quotient is the parent")
def divmod_swapped(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return tokens, parents, new


@beam.mistake("best comes first")
def worst_first(scores, logits, ended):
    return tuple(x[::-1] for x in expand(scores, logits, ended))


@beam.mistake("disappeared from the beam")
def ended_dropped(scores, logits, ended):
    return _top(scores[:, None] + np.where(ended[:, None], -np.inf, _log_softmax(logits)))


@beam.mistake("new words alone")
def scores_not_added(scores, logits, ended):
    keep = np.where(np.arange(logits.shape[1]) == 0, scores[:, None], -np.inf)
    return _top(np.where(ended[:, None], keep, _log_softmax(logits)))


# ── the quiz ────────────────────────────────────────────────────────────────────────────────────────

Quiz(
    "captioning_decoding",
    Question(
        "Beam search of width 5 finds a caption of higher probability than greedy decoding. Is it the better caption?",
        Option(
            "Yes: more probable means better.",
            "The model's probability is not what people mean by good. Probable captions are often short and say "
            "little.",
        ),
        Option(
            "Not necessarily: it must be measured.",
            "Search quality and caption quality are two things. Wide beams often lower the scores that people care "
            "about.",
            right=True,
        ),
        Option(
            "It cannot be: greedy decoding already takes the most probable word at every step.",
            "The most probable first word may lead to a less probable sentence. A beam keeps other beginnings alive.",
        ),
    ),
    Question(
        "Without length normalisation, beam search prefers short captions. Why?",
        Option(
            "Every further word adds a negative number to the log-probability.",
            "A caption of ten words has ten negative terms, one of five has five. Dividing by a power of the length "
            "makes up for it.",
            right=True,
        ),
        Option(
            "Short captions are commoner in the training data.",
            "It happens even where they are not: the reason lies in the sum that ranks them.",
        ),
        Option(
            "The beam is too narrow to hold long captions.",
            "A wider beam makes it worse: it is more likely to find the short caption that ends at once.",
        ),
    ),
    Question(
        "One caption of the beam has written its end token; the others go on. What happens to its score?",
        Option(
            "It stays as it is, and the caption is set aside or continued by padding alone.",
            "Nothing more is written, so that nothing more is added.",
            right=True,
        ),
        Option(
            "The decoder's log-probabilities of the following tokens are added, as for the others.",
            "The decoder was never trained on what comes after end. The score would be punished for noise.",
        ),
        Option(
            "It becomes minus infinity, so that its place is free.",
            "Then the best caption would be lost when it is finished.",
        ),
    ),
    Question(
        "You compute BLEU for each test caption and report the mean. What is wrong?",
        Option(
            "Nothing, if the number of captions is large.",
            "The two numbers do not approach each other as the corpus grows.",
        ),
        Option(
            "The median should be reported.",
            "No statistic of the captions' own scores is corpus BLEU.",
        ),
        Option(
            "BLEU adds up its counts over the corpus before it divides.",
            "A single caption seldom has matching four-grams, and scores 0. Corpus BLEU counts them all together.",
            right=True,
        ),
    ),
    Question(
        "A validation BLEU of 0.60 was computed from the argmax of the training model's outputs. Why do you not "
        "believe it?",
        Option(
            "The argmax should have been a beam search.",
            "That would change little. The trouble is what the model was given to read.",
        ),
        Option(
            "BLEU should be computed on training captions.",
            "The validation set is the right one; the text that is scored is not.",
        ),
        Option(
            "At each position the model had read the true words before it.",
            "Under teacher forcing the reference itself keeps the model on track. Score only text that the model wrote "
            "by itself.",
            right=True,
        ),
    ),
)
