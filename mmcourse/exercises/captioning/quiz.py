"""Quiz of the page `captioning`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "captioning",
    Question(
        "A training caption is `start a red star end`. How many "
        "predictions does the decoder make under teacher forcing?",
        Option("Three, one for each word.", "The end token must be predicted too, or the model never learns to stop."),
        Option(
            "Four.",
            "`a`, `red`, `star` and `end`: every token but the first has a prediction.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Five, one for each token.", "The start token is given. Nothing comes before it from which to predict it."
        ),
    ),
    Question(
        "You lengthen all captions from 12 to 20 positions by padding, "
        "and the printed loss falls by two fifths. What happened?",
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
            "A mean over all positions is diluted by positions that are trivially "
            "right. Divide by the number of real tokens, and padding changes nothing.",
            right=True,
            claim="more padding lowers the mean over all",
        ),
    ),
    Question(
        "In soft attention, what decides where the decoder looks when it writes its third word?",
        Option(
            "The decoder's state after two words, compared with each region.",
            "The state carries what has been said, so that each word can have its own weights over the regions.",
            right=True,
            because="definition",
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
    Predict(
        "All weight lies on the first of two regions. What does this code print?",
        """
import numpy as np
a = np.array([1.0, 0.0])  # the weights
r = np.array([[1.0, 2.0], [3.0, 4.0]])  # a row for each region
print((a * r).sum(axis=0).tolist())
""",
        Option(
            "`[4.0, 0.0]`",
            "`a` meets the *columns* of `r`: each region keeps its first number and loses its second, and then the two "
            "regions are added. Weights of rows need a column, `a[:, None]`.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`[1.0, 2.0]`",
            "That is the first region, `a @ r`, and what was meant. But `*` lines shapes up from the last axis, where "
            "the numbers of a region stand. With three numbers a region it would fail; with two it runs.",
        ),
        Option(
            "`[1.0, 3.0]`",
            "That is `sum(axis=1)`, the first number of each region. The sum over `axis=0` goes down the rows.",
        ),
    ),
    Question(
        "A captioner reaches 0.35 nats per token, and the uniform model would have 3. Has it learnt to see?",
        Option(
            "Yes: 0.35 is far below 3.",
            "Much of that distance may be grammar. A decoder that never "
            "sees the picture also learns which words follow which.",
        ),
        Option(
            "It cannot be said before a blind decoder's loss is known.",
            "What the picture contributes is the difference to the same "
            "decoder without the picture. Print that baseline beside the result.",
            right=True,
            because="logic",
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
            because="definition",
        ),
        Option(
            "Only the scores of the last word.",
            "A decoder for training returns its output at every step, "
            "or there would be nothing to compare with the targets.",
        ),
    ),
)
