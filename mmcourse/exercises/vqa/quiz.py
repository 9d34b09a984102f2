"""Quiz of the page `vqa`."""

from mmcourse.exercises import Numeric, Option, Predict, Question, Quiz

Quiz(
    "vqa",
    Question(
        "A model answers 88 of 100 yes/no questions about photographs rightly. What do you ask first?",
        Option(
            "How many photographs it was trained on.",
            "That may explain the number. It does not say what the number is worth.",
        ),
        Option(
            "How many it answers with no photograph, or with another one.",
            "Where the questions were not balanced, always saying the commoner word can be right nearly as often.",
            right=True,
            claim="without a picture a careless set of questions is nearly solved",
        ),
        Option(
            "Whether its attention maps look right.",
            "A few maps prove little, and the number may not need the picture at all. First see what is blind.",
        ),
    ),
    Numeric(
        "Of 100 questions 60 ask for a colour, of which “red” is right for 15; 40 are yes/no questions, of which “no” "
        "is right for 21. What is the accuracy of the commonest answer of each family, as a share of all? (Both "
        "answers are the commonest in training, too.)",
        0.36,
        "(15 + 21) / 100. A model must beat it, and a question-only model, before it can be said to see.",
        wrong={
            0.3875: "That is the mean of the two shares, 15/60 and 21/40. Questions count, not families.",
            0.21: "That is “no” for all questions. The family says when a colour is wanted.",
            0.775: "The two shares are not added. Add what is right, and divide by all.",
        },
        tolerance=0.005,
    ),
    Question(
        "Two hops of attention answer more than two hops in which all regions weigh the same, in the same network with "
        "the same training. What does that comparison rule out?",
        Option(
            "That the gain comes from more weights, or from adding to the question twice.",
            "Both have them. What differs is whether regions may weigh differently.",
            right=True,
            claim="attention answers more questions than equal weights",
        ),
        Option(
            "That another seed would gain less.",
            "It is one training each. The intervals are over scenes, and say nothing about seeds.",
        ),
        Option(
            "That the answer can be had without the picture.",
            "That is what the blind models are for.",
        ),
    ),
    Predict(
        "Regions of two kinds, stars and floor; the score of a star is 3, that of floor 0. What does this code print?",
        """
import numpy as np
star, floor = [1.0, 0.0], [0.0, 1.0]

def look(regions):
    r = np.array(regions)
    e = np.exp(3 * r[:, 0])
    return e / e.sum() @ r

print(np.allclose(look([star]), look([star] * 2)),
      np.allclose(look([star, floor]), look([star] * 2 + [floor])))
""",
        Option(
            "`True True`",
            "The first is `True`. With floor beside them, two stars have a larger share of the weight than one.",
        ),
        Option(
            "`False False`",
            "Two equal stars share the weight that one has: their mean is a star.",
        ),
        Option(
            "`True False`",
            "Of stars alone the mean is a star, however many. Beside floor, two of them weigh more: a little of the "
            "number is left.",
            right=True,
            because="mathematics",
        ),
    ),
    Question(
        "In the table of families attention leaves *compare* at one half. What follows?",
        Option(
            "That attention cannot compare.",
            "CLEVR's table has the counterexample: tuned, with a trained encoder, it compares far better than a coin.",
        ),
        Option(
            "That this model, trained in this way, does not compare.",
            "A result is one of a model, data and training. Other training is another experiment.",
            right=True,
            claim="comparisons are a coin toss, with attention and without",
        ),
        Option(
            "That the questions of that family cannot be answered.",
            "Their programs answer all of them from the scene.",
        ),
    ),
    Question(
        "A model points at the thing that is asked about three times as often as chance and the middle of the picture. "
        "Which guess is still to be beaten before you say that it reads the question?",
        Option(
            "One that looks at a random cell.",
            "That is chance, which is beaten.",
        ),
        Option(
            "One that looks at the darkest cell.",
            "Things here are not darker than what is behind them. Take a guess that is good for another reason.",
        ),
        Option(
            "One that looks at things, whichever.",
            "It knows pictures and no question. With two or three things in a scene it is often right.",
            right=True,
            claim="it points at the thing that is meant and not at any thing",
        ),
    ),
)
