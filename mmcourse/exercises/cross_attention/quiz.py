"""Quiz of the page `cross_attention`."""

from mmcourse.exercises import Numeric, Option, Predict, Question, Quiz

Quiz(
    "cross_attention",
    Question(
        "Twelve words look at 64 regions, with four heads. What is the shape of the weights for one pair of caption "
        "and picture?",
        Option(
            "`(4, 12, 64)`: for each head and each word, one weight a region.",
            "Each of the 4 · 12 rows sums to one, over the regions.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`(4, 64, 12)`",
            "That is the other direction, in which the regions ask.",
        ),
        Option(
            "`(4, 12, 12)`",
            "That is self-attention of the words. The keys are regions here.",
        ),
    ),
    Question(
        "A paper's code computes `softmax(text @ image.T) @ text`. It is called cross-modal, for the weights come from "
        "both. What does the output hold of the picture?",
        Option(
            "All of it: the weights were computed from the picture.",
            "Weights say how much of each *value*. The values are words.",
        ),
        Option(
            "Nothing but a re-weighting of the words: the values decide what comes in.",
            "Each output is a weighted mean of word vectors, whatever the picture shows.",
            right=True,
            claim="with one word for all they say nothing about the picture",
        ),
        Option(
            "Nothing at all: the output does not depend on the picture.",
            "It does, through the weights. But what they weigh are words, and nothing else comes out.",
        ),
    ),
    Question(
        "On new scenes, a model points rightly many times more often than chance and than the middle of the picture "
        "would. What is *not* shown by that?",
        Option(
            "That the alignment was learned.",
            "It was: training gave no pairs of words and regions, and before training the same model points badly.",
        ),
        Option(
            "That the model's answer rests on where it looked.",
            "A weight says what went into a sum. Whether another look would change the answer is another measurement.",
            right=True,
            because="logic",
        ),
        Option(
            "That it looks elsewhere in other pictures.",
            "One that does not would do as well on another picture. Here the same words there are right for few "
            "phrases.",
        ),
    ),
    Numeric(
        "A word may point at any of 3 of 64 regions. A model gives each of those three the weight 0.2 and all others "
        "equal weights. What is its *mass* on the right regions?",
        0.6,
        "Three times 0.2. It points rightly, and four tenths of what it takes in come from elsewhere.",
        wrong={
            1: "That is its pointing: the largest weights are right. The mass counts all weights.",
            0.2: "That is one of the three. Add them.",
            0.0469: "That is chance, 3 of 64.",
        },
        tolerance=0.01,
    ),
    Predict(
        "Two words look at four regions, the first everywhere alike. What does this code print?",
        """
import numpy as np
weights = np.array([[0.25, 0.25, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4]])
right = np.array([[True, False, False, False], [False, False, False, True]])
found = weights.argmax(axis=1)
print(float(right[[0, 1], found].mean()))
""",
        Option(
            "`0.5`",
            "So it would be if a tie counted against the word, which has chosen nothing. `argmax` knows no ties: of "
            "equal numbers it takes the first.",
        ),
        Option(
            "`0.625`",
            "That is a tie shared out, (1/4 + 1) / 2, what a draw among the four gets on average. `argmax` does not "
            "draw: it takes the first.",
        ),
        Option(
            "`1.0`",
            "Of four equal weights `argmax` takes the first, and that region happens to be right. So a word that looks "
            "everywhere alike gets a full point by luck.",
            right=True,
            because="definition",
        ),
    ),
    Question(
        "A captioner with soft attention has written “a red star”. When did it compute the weights that are drawn "
        "beside “star”?",
        Option(
            "When the sentence was finished, for each of its words.",
            "Then the weights could depend on later words. They do not: change what comes after, and they stay.",
        ),
        Option(
            "At the step that chose “star”, from its state after “a red”.",
            "It looked before it knew the word. The weights show where it looked when it chose, no more.",
            right=True,
            claim="the captioner's weights change only after the changed word",
        ),
        Option(
            "In the step after, when “star” was put in.",
            "Those weights belong to the word that comes next.",
        ),
    ),
    Question(
        "Two stars, one red and one blue; the caption says “a star is above a circle”. The model points at the lower "
        "star. Right or wrong?",
        Option(
            "Right by our score: both fit the phrase, and either counts.",
            "The score asks what the noun phrase describes. Relations would choose, and it does not use them.",
            right=True,
            because="definition",
        ),
        Option(
            "Wrong by our score: only one of them is above the circle.",
            "That would be a stricter score. Ours takes any thing that has all attributes the caption says of it.",
        ),
        Option(
            "It does not count: ambiguous phrases are left out.",
            "They are kept. Only phrases that nothing fits are left out.",
        ),
    ),
)
