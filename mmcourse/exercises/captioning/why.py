"""Exercise `captioning.why`: what a loss says as long as no blind decoder's loss stands beside it."""

import numpy as np

from mmcourse.exercises import Exercise, expect

why = Exercise(
    "captioning.why",
    kind="experiment and explain",
    title="How far a blind decoder gets",
    returns="a number, the loss in nats per token",
    within=0.01,
    otherwise=(
        "Go through a caption step by step: which words can follow what was read so far, with which shares? Add up the "
        "entropies of these steps, and divide by the number of real tokens."
    ),
    minutes=12,
    difficulty=2,
    importance=2,
    plan=(
        "Write down, for each step, which words can follow the ones before, and with which shares.",
        "Take the entropy of each step, in nats.",
        "Take their mean over the real tokens of a caption.",
    ),
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


@why.also
def _(value):
    expect.true(value >= 0, "A loss is the mean of -log p, which is never negative.")
    expect.true(
        abs(value - blind_loss()) > 0.05 * blind_loss(),
        "That is near, but not within 1 %. Was something rounded on the way? Round nothing.",
    )
