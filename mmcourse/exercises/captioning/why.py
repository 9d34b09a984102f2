"""Exercise `captioning.why`: what a loss says as long as no blind decoder's loss stands beside it."""

import numpy as np

from mmcourse.exercises import Exercise, expect

why = Exercise(
    "captioning.why",
    kind="experiment and explain",
    title="How far a blind decoder gets",
    task=(
        "Eight pictures have the captions of the list `captions`. A decoder that sees the picture can reach "
        "a loss of 0. What is the lowest loss, in nats per real token (the end token counts, start does not), "
        "that a decoder can reach under teacher forcing **without seeing the picture at all**? Answer with a "
        "number, within 1 %. Then explain to yourself what a loss of that size says about a captioning model."
    ),
    hints=(
        "At each step the blind decoder knows the words before. Its best prediction is the share of each "
        "next word among the captions that begin that way. At how many steps is there anything to guess?",
        "Only the colour (four against four) and the shape (three against one, given the colour) are "
        "uncertain. Their entropies are ln 2 and −¾ ln ¾ − ¼ ln ¼. Each caption has four real tokens.",
    ),
)


@why.given
def _captions():
    captions = ["a red circle"] * 3 + ["a red star"]
    captions += ["a blue star"] * 3 + ["a blue circle"]
    return captions  # the body alone, without this line, stands in the student's cell


@why.solved_by
def blind_loss():
    """The entropy of the next token given the tokens before it.

    The mean over the real tokens of all captions.
    """
    captions = ["a red circle"] * 3 + ["a red star"]
    captions += ["a blue star"] * 3 + ["a blue circle"]
    rows = [[*caption.split(), "end"] for caption in captions]
    losses = []
    for row in rows:
        for t, token in enumerate(row):
            # What comes after the same beginning.
            follow = [other[t] for other in rows if other[:t] == row[:t]]
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
            "This is ln 6, the loss of a model that has learnt nothing and finds all "
            "six tokens equally likely at each step. A blind decoder learns the grammar.",
        ),
        (
            np.log(5),
            "This is the logarithm of the number of words: a model that "
            "has learnt nothing. A blind decoder learns the grammar.",
        ),
        (
            2 * two / 4,
            "You took the shape as a free choice, ln 2. But the decoder has just read "
            "the colour, and after `red` three of four captions go on with `circle`.",
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
        "Sum, over the steps, the entropy of the next token given "
        "the ones before, and divide by the number of real tokens.",
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
