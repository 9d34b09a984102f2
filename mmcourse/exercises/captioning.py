"""Exercises and quiz of the page `captioning`."""

import numpy as np

from mmcourse.exercises import Exercise, Option, Question, Quiz, expect

PAD, START, END = 0, 1, 2


def _tokens(rng, rows, length):
    """Padded captions (rows, length): start, 1 … length − 2 words (ids from 4 on), end, pad. The first is the
    shortest."""
    counts = rng.integers(2, length - 2, size=rows)
    counts[0], counts[-1] = 1, length - 2
    tokens = np.full((rows, length), PAD, dtype="int32")
    for row, count in zip(tokens, counts, strict=True):
        row[0], row[count + 1] = START, END
        row[1 : count + 1] = rng.integers(4, 30, size=count)
    return tokens


def _log_softmax(x, axis=-1):
    x = x - x.max(axis=axis, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=axis, keepdims=True))


def _softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# ── captioning.shift ────────────────────────────────────────────────────────────────────────────────

shift = Exercise(
    "captioning.shift",
    kind="implement",
    title="Inputs and targets, shifted by one",
    task=(
        "A batch of captions is one integer array `tokens` of shape `(b, L)`: each row is `start`, the words, `end`, "
        "and then "
        "padding (ids: padding 0, start 1, end 2). Write `shift_tokens(tokens)`, which returns three arrays of shape "
        "`(b, L - 1)`: "
        "`inputs`, what the decoder reads at each step; `targets`, the token that it must predict there; and `mask`, "
        "which is `True` where the target is real. Predicting `end` counts, predicting padding does not."
    ),
    hints=(
        "Write one caption down by hand: `start a red star end`. What does the decoder know before it writes `a`? What "
        "does it "
        "know before it writes `end`? How many predictions is that?",
        "`inputs` is everything but the last column of `tokens`, `targets` everything but the first. "
        "Compare `targets`, not `inputs`, with the padding id.",
    ),
)


@shift.solution
def shift_tokens(tokens):
    """Padded captions (b, L) -> inputs, targets (integers) and mask (bool), each (b, L - 1)."""
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    return inputs, targets, targets != 0


@shift.check
def _(answer, rng):
    tokens = _tokens(rng, 5, 9)
    read, asked = tokens[:, :8].copy(), tokens[:, 1:].copy()
    inputs, targets, mask = expect.parts(expect.pure(answer, tokens), ("inputs", "targets", "mask"))
    why = "a caption of L tokens has L - 1 steps, as the first token is never predicted and the last never read"
    inputs = expect.array(inputs, (5, 8), why, kind="integer")
    targets = expect.array(targets, (5, 8), why, kind="integer")
    mask = expect.array(mask, (5, 8), why)
    expect.true(
        not np.array_equal(inputs, targets),
        "Inputs and targets are the same array: the decoder would learn to repeat the word it has just read.",
    )
    expect.true(
        not (np.array_equal(inputs, asked) and np.array_equal(targets, read)),
        "Inputs and targets are swapped: the decoder would learn to write captions backwards in time, the previous "
        "word "
        "from the next.",
    )
    expect.equal(inputs, read, "The inputs are not the tokens that stand before the targets.")
    expect.equal(targets, asked, "The targets are not the tokens that follow the inputs.")
    mask = mask.astype(bool)
    real = asked != PAD
    expect.true(not mask.all(), "The mask keeps everything, the padding too.")
    expect.true(not np.array_equal(mask, ~real), "The mask is the wrong way round: True means keep.")
    expect.true(
        not np.array_equal(mask, read != PAD),
        "You compared the inputs with the padding id. The input `end` is real, but what follows it is not: look at the "
        "targets.",
    )
    expect.true(
        not np.array_equal(mask, real & (asked != END)),
        "The mask drops the end token. Then nobody teaches the decoder to stop.",
    )
    expect.equal(mask, real, "The mask is not True exactly where the target is real.")
    unknown = tokens.copy()
    unknown[1, 1] = 3
    mask = expect.array(expect.parts(answer(unknown), ("inputs", "targets", "mask"))[2])
    expect.equal(
        mask.astype(bool), unknown[:, 1:] != PAD, "The mask drops the unknown word (id 3). It is a target as well."
    )


@shift.mistake("repeat the word it has just read")
def not_shifted(tokens):
    return tokens[:, :-1], tokens[:, :-1], tokens[:, :-1] != PAD


@shift.mistake("swapped")
def swapped(tokens):
    return tokens[:, 1:], tokens[:, :-1], tokens[:, 1:] != PAD


@shift.mistake("L - 1 steps")
def rolled(tokens):
    targets = np.roll(tokens, -1, axis=1)
    return tokens, targets, targets != PAD


@shift.mistake("look at the targets")
def mask_of_inputs(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, :-1] != PAD


@shift.mistake("drops the end token")
def end_masked(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] > END


@shift.mistake("True means keep")
def mask_reversed(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] == PAD


@shift.mistake("drops the unknown word")
def words_only(tokens):
    return tokens[:, :-1], tokens[:, 1:], (tokens[:, 1:] > 3) | (tokens[:, 1:] == END)


@shift.mistake("changes its input")
def start_overwritten(tokens):
    targets = tokens[:, 1:].copy()
    tokens[tokens == END] = PAD
    return tokens[:, :-1], targets, targets != PAD


# ── captioning.loss ─────────────────────────────────────────────────────────────────────────────────

loss = Exercise(
    "captioning.loss",
    kind="implement",
    title="The loss per real token",
    task=(
        "Write `caption_loss(logits, targets)` in NumPy: the cross-entropy of a batch of captions, in nats, **per real "
        "token**. "
        "`logits` has the shape `(b, L, V)` (one row of scores for each step), `targets` the shape `(b, L)`; "
        "positions whose target is 0 are padding and count neither in the sum nor in the number that you divide by. "
        "It must stay finite for large logits."
    ),
    hints=(
        "Three steps: log-probabilities of all words, the log-probability of each target, a mean. Over which positions "
        "is the mean?",
        "Subtract each row's maximum from the logits, then the log of the sum of exponentials: these are "
        "log-probabilities. "
        "`np.take_along_axis(logp, targets[..., None], axis=-1)` picks the targets'. Sum them where the target is "
        "real, "
        "and divide by how many those are.",
    ),
)


@loss.solution
def caption_loss(logits, targets):
    """Logits (b, L, V) and targets (b, L), 0 for padding -> mean negative log-likelihood of the real targets, a
    number."""
    shifted = logits - logits.max(axis=-1, keepdims=True)  # the largest is 0: no exponential overflows
    logp = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # (b, L, V)
    of_targets = np.take_along_axis(logp, targets[..., None], axis=-1)[..., 0]  # (b, L)
    real = targets != 0
    return -of_targets[real].sum() / real.sum()


@loss.check
def _(answer, rng):
    b, length, words = 4, 8, 31
    targets = _tokens(rng, b, length + 1)[:, 1:]
    logits = 2 * rng.normal(size=(b, length, words))
    logp = np.stack([[_log_softmax(step) for step in row] for row in logits])
    each = np.array([[-logp[i, t, targets[i, t]] for t in range(length)] for i in range(b)])
    real = targets != PAD
    expected = each[real].mean()
    got = expect.number(expect.pure(answer, logits, targets), "one number, the loss of the whole batch")
    if np.isfinite(got):
        expect.true(
            not np.isclose(got, -expected, rtol=1e-4),
            "The sign is the wrong way round: the loss is *minus* the log-likelihood.",
        )
    expect.differs(got, each.mean(), "Padding is counted: the loss must not see positions whose target is 0.")
    expect.differs(
        got,
        each[real].sum() / real.size,
        "The sum is right, but you divided by all positions, padding included: more padding would make the loss "
        "smaller.",
    )
    expect.differs(
        got, each[real].sum() / b, "You divided by the batch size: this is the loss per caption, not per real token."
    )
    expect.differs(got, each[real].sum(), "This is the sum over all tokens. Divide it by the number of real tokens.")
    expect.differs(
        got,
        np.mean([e[r].mean() for e, r in zip(each, real, strict=True)]),
        "You averaged each caption first, then the captions: a token of a short caption weighs more than one of a long "
        "one.",
    )
    expect.differs(got, expected / np.log(2), "This is in bits. Use the natural logarithm.")
    picked = np.take_along_axis(logits, targets[..., None], -1)[..., 0]
    expect.differs(
        got,
        -picked[real].mean(),
        "You averaged the logits themselves: they are no log-probabilities before the softmax.",
    )
    for axis, name in ((1, "positions"), (0, "captions of the batch")):
        wrong = -np.take_along_axis(_log_softmax(logits, axis), targets[..., None], -1)[..., 0]
        expect.differs(
            got, wrong[real].mean(), f"Your softmax runs over the {name}. It must run over the words, the last axis."
        )
    expect.close(got, expected, "This is not the mean negative log-probability of the real targets.")
    longer = np.concatenate([logits, rng.normal(size=(b, 3, words))], 1), np.pad(targets, ((0, 0), (0, 3)))
    expect.close(answer(*longer), expected, "Three more columns of padding change the loss. They must not.")
    big = 1e3 * logits
    logp = np.stack([[_log_softmax(step) for step in row] for row in big])
    large = -np.take_along_axis(logp, targets[..., None], -1)[..., 0][real].mean()
    expect.close(
        answer(big, targets),
        large,
        "Large logits overflow or underflow. Subtract each row's maximum first, and stay in logarithms: log(softmax) "
        "loses what "
        "the softmax rounded to zero.",
    )


def _each(logits, targets):
    return -np.take_along_axis(_log_softmax(logits), targets[..., None], axis=-1)[..., 0]


@loss.mistake("Padding is counted")
def padding_counted(logits, targets):
    return _each(logits, targets).mean()


@loss.mistake("divided by all positions")
def divided_by_positions(logits, targets):
    return (_each(logits, targets) * (targets != PAD)).mean()


@loss.mistake("divided by the batch size")
def divided_by_batch(logits, targets):
    return (_each(logits, targets) * (targets != PAD)).sum() / len(targets)


@loss.mistake("averaged each caption first")
def mean_of_means(logits, targets):
    real = targets != PAD
    return ((_each(logits, targets) * real).sum(1) / real.sum(1)).mean()


@loss.mistake("no log-probabilities before the softmax")
def no_softmax(logits, targets):
    picked = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return -picked[targets != PAD].mean()


@loss.mistake("over the positions")
def softmax_over_positions(logits, targets):
    picked = np.take_along_axis(_log_softmax(logits, axis=1), targets[..., None], axis=-1)[..., 0]
    return -picked[targets != PAD].mean()


@loss.mistake("overflow")
def overflows(logits, targets):
    e = np.exp(logits)
    p = np.take_along_axis(e / e.sum(-1, keepdims=True), targets[..., None], axis=-1)[..., 0]
    return -np.log(p[targets != PAD]).mean()


@loss.mistake("overflow")
def log_of_softmax(logits, targets):
    p = np.take_along_axis(_softmax(logits), targets[..., None], axis=-1)[..., 0]
    return -np.log(p[targets != PAD]).mean()


@loss.mistake("sign")
def log_likelihood(logits, targets):
    return -_each(logits, targets)[targets != PAD].mean()


@loss.mistake("one number")
def one_per_caption(logits, targets):
    real = targets != PAD
    return (_each(logits, targets) * real).sum(1) / real.sum(1)


# ── captioning.attend ───────────────────────────────────────────────────────────────────────────────

attend = Exercise(
    "captioning.attend",
    kind="find the bug",
    title="Whose regions?",
    task=(
        "`attend_regions(state, regions, W, U, v)` is one step of additive attention for a batch: from the decoder's "
        "`state` (one row for "
        "each caption) and the `regions` of its picture it computes the mean of the regions, weighted by the softmax "
        "of "
        "`tanh(state W + region U) v`. It runs, its shapes are right, and a model trained with it even learns a "
        "little. "
        "Put it right."
    ),
    hints=(
        "Call it with a batch of one. What are the weights, whatever the numbers are? What should they sum to, and "
        "over what?",
        "The scores have the shape (batch, regions). A caption's weights must sum to one over the regions of its own "
        "picture: "
        "along which axis are the exponentials divided by their sum?",
    ),
)


@attend.solution
def attend_regions(state, regions, W, U, v):
    """State (b, u), regions (b, m, d), W (u, a), U (d, a), v (a,) -> context (b, d) and weights (b, m)."""
    scores = np.tanh((state @ W)[:, None] + regions @ U) @ v  # (b, m)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.given
def _given_attend(state, regions, W, U, v):
    """State (b, u), regions (b, m, d), W (u, a), U (d, a), v (a,) -> context (b, d) and weights (b, m)."""
    scores = np.tanh((state @ W)[:, None] + regions @ U) @ v  # (b, m)
    e = np.exp(scores - scores.max(axis=0, keepdims=True))
    weights = e / e.sum(axis=0, keepdims=True)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.check
def _(answer, rng):
    b, m, d, u, a = 3, 7, 5, 4, 6
    state, regions = rng.normal(size=(b, u)), rng.normal(size=(b, m, d))
    W, U, v = rng.normal(size=(u, a)), rng.normal(size=(d, a)), rng.normal(size=a)
    wanted = np.empty((b, m))
    for i in range(b):  # the oracle: one caption and one region at a time
        s = np.array([np.tanh(state[i] @ W + region @ U) @ v for region in regions[i]])
        wanted[i] = _softmax(s)
    mean = np.stack([w @ r for w, r in zip(wanted, regions, strict=True)])

    def both(*inputs):
        n = len(inputs[0])
        context, weights = expect.parts(answer(*inputs), ("context", "weights"))
        weights = expect.array(weights, (n, m), "one weight for each region of each caption's picture")
        return expect.array(context, (n, d), "one context vector for each caption, of the regions' size"), weights

    context, weights = both(state, regions, W, U, v)
    alone = both(state[:1], regions[:1], W, U, v)
    expect.true(
        np.allclose(alone[1], weights[:1], atol=1e-5),
        "The first caption's weights change when its neighbours leave the batch: captions still compete with each "
        "other. "
        "Each softmax must run over the regions of one picture.",
    )
    expect.close(weights.sum(1), 1, "A caption's weights do not sum to one over the regions.")
    linear = _softmax(((state @ W)[:, None] + regions @ U) @ v)
    expect.differs(
        weights,
        linear,
        "The tanh is missing. Without it the state adds the same number to all of a picture's scores, and the softmax "
        "cancels it.",
    )
    moved = both(rng.normal(size=(b, u)), regions, W, U, v)[1]
    expect.true(
        not np.allclose(moved, weights),
        "Another decoder state gives the same weights. The decoder asks where to look: its state belongs in the "
        "scores, at every step.",
    )
    expect.close(
        weights,
        wanted,
        "The weights sum to one over the regions, but they are not the softmax of tanh(state W + region U) v.",
    )
    expect.differs(context, regions.mean(1), "The context is the plain mean of the regions: use the weights.")
    expect.close(
        context, mean, "The weights are right, but the context is not the weighted mean of the picture's own regions."
    )


@attend.mistake("captions still compete")
def renormalised(state, regions, W, U, v):
    weights = _softmax(np.tanh((state @ W)[:, None] + regions @ U) @ v, axis=0)
    weights = weights / weights.sum(axis=1, keepdims=True)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("do not sum to one")
def never_divided(state, regions, W, U, v):
    weights = np.exp(np.tanh((state @ W)[:, None] + regions @ U) @ v)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("Another decoder state gives the same weights")
def state_of_encoder(state, regions, W, U, v):
    weights = _softmax(np.tanh((regions.mean(1) @ U)[:, None] + regions @ U) @ v)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("tanh is missing")
def without_tanh(state, regions, W, U, v):
    weights = _softmax(((state @ W)[:, None] + regions @ U) @ v)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("not the softmax of tanh")
def tanh_of_state_only(state, regions, W, U, v):
    weights = _softmax(np.einsum("ba,bma->bm", np.tanh(state @ W), regions @ U))
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("plain mean")
def context_without_weights(state, regions, W, U, v):
    return regions.mean(1), attend_regions(state, regions, W, U, v)[1]


@attend.mistake("of the regions' size")
def projected_regions(state, regions, W, U, v):
    weights = attend_regions(state, regions, W, U, v)[1]
    return np.einsum("bm,bma->ba", weights, regions @ U), weights


# ── captioning.why ──────────────────────────────────────────────────────────────────────────────────

why = Exercise(
    "captioning.why",
    kind="experiment and explain",
    title="How far a blind decoder gets",
    task=(
        "Eight pictures have the captions of the list `captions`. A decoder that sees the picture can reach a loss of "
        "0. What is "
        "the lowest loss, in nats per real token (the end token counts, start does not), that a decoder can reach "
        "under "
        "teacher forcing **without seeing the picture at all**? Answer with a number, within 1 %. Then explain to "
        "yourself "
        "what a loss of that size says about a captioning model."
    ),
    hints=(
        "At each step the blind decoder knows the words before. Its best prediction is the share of each next word "
        "among the "
        "captions that begin that way. At how many steps is there anything to guess?",
        "Only the colour (four against four) and the shape (three against one, given the colour) are uncertain. Their "
        "entropies are "
        "ln 2 and −¾ ln ¾ − ¼ ln ¼. Each caption has four real tokens.",
    ),
)


@why.given
def _captions():
    captions = ["a red circle"] * 3 + ["a red star"] + ["a blue star"] * 3 + ["a blue circle"]
    return captions  # the body alone, without this line, stands in the student's cell


@why.solution
def blind_loss():
    """The entropy of the next token given the tokens before it, averaged over the real tokens of all captions."""
    captions = ["a red circle"] * 3 + ["a red star"] + ["a blue star"] * 3 + ["a blue circle"]
    rows = [[*caption.split(), "end"] for caption in captions]
    losses = []
    for row in rows:
        for t, token in enumerate(row):
            follow = [other[t] for other in rows if other[:t] == row[:t]]  # what comes after the same beginning
            losses.append(-np.log(follow.count(token) / len(follow)))
    return float(np.mean(losses))


@why.check
def _(answer, rng):
    got = expect.number(answer, "a number, the loss in nats per token")
    two, given_colour = np.log(2), -0.75 * np.log(0.75) - 0.25 * np.log(0.25)
    known = (
        (0, "A loss of 0 means that every word is certain. Without the picture, nobody knows the colour."),
        (
            np.log(6),
            "This is ln 6, the loss of a model that has learnt nothing and finds all six tokens equally likely at each "
            "step. A blind decoder learns the grammar.",
        ),
        (
            np.log(5),
            "This is the logarithm of the number of words: a model that has learnt nothing. A blind decoder learns the "
            "grammar.",
        ),
        (
            2 * two / 4,
            "You took the shape as a free choice, ln 2. But the decoder has just read the colour, and after `red` "
            "three "
            "of four captions go on with `circle`.",
        ),
        (two + given_colour, "This is the loss of a whole caption. Divide it by the caption's real tokens."),
        (
            (two + given_colour) / 3,
            "You divided by three: the end token is a real token too, and counts even though it is easy.",
        ),
        ((two + given_colour) / 5, "You divided by five: start is given to the decoder, never predicted."),
        ((two + given_colour) / 4 / two, "This is in bits. Use the natural logarithm."),
    )
    for value, message in known:
        expect.true(not np.isclose(got, value, rtol=0.01, atol=1e-3), message)
    expect.close(
        got,
        (two + given_colour) / 4,
        "Sum, over the steps, the entropy of the next token given the ones before, and divide by the number of real "
        "tokens.",
        rtol=0.01,
    )


@why.mistake("every word is certain")
def certain():
    return 0.0


@why.mistake("learnt nothing")
def uniform():
    return np.log(6)


@why.mistake("has just read the colour")
def words_independent():
    return 2 * np.log(2) / 4


@why.mistake("loss of a whole caption")
def per_caption():
    return 4 * blind_loss()


@why.mistake("end token is a real token")
def end_not_counted():
    return 4 * blind_loss() / 3


@why.mistake("in bits")
def in_bits():
    return blind_loss() / np.log(2)


# ── the quiz ────────────────────────────────────────────────────────────────────────────────────────

Quiz(
    "captioning",
    Question(
        "A training caption is `start a red star end`. How many predictions does the decoder make under teacher "
        "forcing?",
        Option("Three, one for each word.", "The end token must be predicted too, or the model never learns to stop."),
        Option("Four.", "`a`, `red`, `star` and `end`: every token but the first has a prediction.", right=True),
        Option(
            "Five, one for each token.", "The start token is given. Nothing comes before it from which to predict it."
        ),
    ),
    Question(
        "You lengthen all captions from 12 to 20 positions by padding, and the printed loss falls by two fifths. What "
        "happened?",
        Option(
            "The model has learnt to predict padding, which is useful at the end of a caption.",
            "Padding is there to make arrays rectangular. Predicting it is no skill, and nobody reads it.",
        ),
        Option(
            "Nothing else can be expected: longer captions are easier.",
            "The captions are as long as before; only the arrays are wider.",
        ),
        Option(
            "The loss counts the padding.",
            "A mean over all positions is diluted by positions that are trivially right. "
            "Divide by the number of real tokens, and padding changes nothing.",
            right=True,
        ),
    ),
    Question(
        "In soft attention, what decides where the decoder looks when it writes its third word?",
        Option(
            "The decoder's state after two words, compared with each region.",
            "The state carries what has been said, so that each word can have its own weights over the regions.",
            right=True,
        ),
        Option(
            "The finished sentence, compared with each region.",
            "The sentence is not finished at that step. The weights are computed while writing, one set for each word.",
        ),
        Option(
            "The regions alone: the most striking one wins.",
            "Then all words would look at the same place. The weights must depend on what the decoder is about to say.",
        ),
    ),
    Question(
        "A captioner reaches 0.35 nats per token, and the uniform model would have 3. Has it learnt to see?",
        Option(
            "Yes: 0.35 is far below 3.",
            "Most of that distance is grammar. A decoder that never sees the picture also learns which words follow "
            "which.",
        ),
        Option(
            "It cannot be said before a blind decoder's loss is known.",
            "What the picture contributes is the difference to the same decoder without the picture. "
            "Print that baseline beside the result.",
            right=True,
        ),
        Option(
            "No: a model that sees has the loss 0.",
            "People describe one picture in different ways, so that no model of real captions reaches 0.",
        ),
    ),
    Question(
        "You call `model.predict` with a picture and the padded true caption. What is in the array that it returns?",
        Option(
            "The model's caption, one word for each position.",
            "Each position was predicted from the *true* words before it. Read as a caption, it cheats at every step.",
        ),
        Option(
            "For each position, scores for the next word given the true words before.",
            "That is teacher forcing. A caption needs a loop in which the model reads its own words.",
            right=True,
        ),
        Option(
            "Only the scores of the last word.",
            "A decoder for training returns its output at every step, or there would be nothing to compare with the "
            "targets.",
        ),
    ),
)
