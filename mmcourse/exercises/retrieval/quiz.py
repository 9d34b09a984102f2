"""Quiz of the page `retrieval`."""

from mmcourse.exercises import Numeric, Option, Predict, Question, Quiz

Quiz(
    "retrieval",
    Question(
        "Why do two towers make search fast?",
        Option(
            "Their networks are smaller than one that sees both.",
            "They may be as large as you like. What counts is *when* they run.",
        ),
        Option(
            "Every item is encoded once, beforehand; a query costs one pass and one product.",
            "A network that sees picture and sentence together must run anew for each pair.",
            right=True,
            because="definition",
        ),
        Option(
            "They look at a part of the items only.",
            "They look at all. Looking at a part is for cells, on the next page.",
        ),
    ),
    Question(
        "A new model's true pairs have a mean cosine of 0.97, the old one's 0.86. Which searches better?",
        Option(
            "The new one: its pairs are nearer.",
            "If all vectors are near to all others, pairs are near, too. Wrong pairs may lie at 0.97 as well.",
        ),
        Option(
            "The old one: 0.97 is a collapse.",
            "It may be one, or not. From pairs alone you cannot tell.",
        ),
        Option(
            "You cannot tell before every query has met every item.",
            "A rank compares the right item with the wrong ones, and of these a paired mean knows nothing.",
            right=True,
            claim="the blind vectors win by the paired cosine",
        ),
    ),
    Question(
        "Two hundred captions of 5,000 are left out because they are long. What must happen to the evaluation?",
        Option(
            "The map from caption to picture is cut along, with the same places.",
            "Then each caption that is left still knows its picture, whatever its place.",
            right=True,
            claim="without the map nearly every caption belongs to another picture",
        ),
        Option(
            "Nothing: `i // 5` still finds the picture.",
            "Behind the first one left out, one caption in five slips to another picture; behind the fifth, all do.",
        ),
        Option(
            "Pictures with fewer than five captions must go.",
            "One right answer is enough for a query. A map allows any number.",
        ),
    ),
    Numeric(
        "Ten pictures, five captions each. A picture asks, and the 50 captions stand in random order. What is the "
        "chance that the first is one of its own?",
        0.1,
        "Five of fifty. (And 1 in 10 when a caption asks. At larger $k$ the two directions differ.)",
        {
            0.02: "That is one of fifty. Five captions are right.",
            0.2: "That is one of five. There are fifty captions.",
            0.5: "Five of ten would be that. There are fifty captions.",
        },
    ),
    Question(
        "Your model gives every item the same score for a query. Its rank, by the rule of this page, among m items of "
        "which one is right?",
        Option("1, for nothing is more similar.", "Then a model that knows nothing is perfect."),
        Option(
            "m, for all others are as similar.",
            "Ties count against the right answer, so knowing nothing is worth nothing.",
            right=True,
            because="definition",
        ),
        Option(
            "It depends on where the right one stands in the list.",
            "That is what happens with a sort, and why sorting is no evaluation.",
        ),
    ),
    Predict(
        "Picture 0 is the right one, and somebody looks up its rank. What does this code print?",
        """
import numpy as np
s = np.array([0.5, 0.9, 0.2, 0.7])  # the cosines of four pictures
order = np.argsort(-s)
print(int(order[0]) + 1)
""",
        Option(
            "`3`",
            "That is its rank, for two pictures are more similar. But `argsort` says for each *place* which picture "
            "stands there; `order[0]` asks who comes first, not where picture 0 stands.",
        ),
        Option(
            "`1`",
            "That is the number of the picture that comes first, and the code adds one to it.",
        ),
        Option(
            "`2`",
            "Picture 1 comes first, and one is added to its number. The rank of picture 0 is found by counting, "
            "`1 + (s[1:] >= s[0]).sum()`, which is 3.",
            right=True,
            because="definition",
        ),
    ),
    Question(
        "Mined hard negatives gained little on scenes. What does the page suggest as a reason?",
        Option(
            "InfoNCE cannot use hard negatives.",
            "It weighs negatives by how similar they are, so it uses them more than others.",
        ),
        Option(
            "Many of the hardest negatives are none: the sentence is true of them.",
            "Short sentences are true of many pictures, and the map knows only for which each was written.",
            right=True,
            claim="of many of the hardest negatives the sentence is true",
        ),
        Option(
            "There were too few of them.",
            "Half of every batch was mined.",
        ),
    ),
)
