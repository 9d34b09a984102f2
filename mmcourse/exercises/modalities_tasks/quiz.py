"""Quiz of the page `modalities_tasks`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "modalities_tasks",
    Question(
        "A model shall say which of six colours occur in a picture. Which head, and which loss?",
        Option(
            "Softmax over six, with cross-entropy.",
            "The six probabilities would sum to one. Where three colours occur, each gets about a third, and none "
            "is likely.",
        ),
        Option(
            "Six sigmoids, each with its own cross-entropy.",
            "Each colour is a question of its own, and any number of them may be answered yes.",
            right=True,
            claim="with several colours at one half the softmax finds hardly any",
        ),
        Option(
            "One output, with the squared error to the number of the colour.",
            "Colours are not numbers on a line, and there may be several.",
        ),
    ),
    Question(
        "Shapes are numbered from 0, the circle, to 4. A regression on that number says 2 for a certain picture. What "
        "may have happened?",
        Option(
            "It must be sure that the shape is number 2.",
            "It need not be. The squared error also asks for 2 when shapes 0 and 4 are equally likely.",
        ),
        Option(
            "It cannot decide between 0 and 4, and 2 is their mean.",
            "The squared error asks for a mean, and a mean of classes is another class, which may be quite unlikely.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Its learning rate is too large.",
            "That is another fault, and would show in the loss. This one is in the question itself.",
        ),
    ),
    Question(
        "One label in ten of a regression was written in the wrong unit. Which loss suffers less, and why?",
        Option(
            "The absolute error: every item pulls with the same force, however far away it is.",
            "With the squared error an item pulls in proportion to its distance, and the wrong ones are far away.",
            right=True,
            claim="leaves the absolute error well below the blind median",
        ),
        Option(
            "The squared error: it averages the outliers away.",
            "It averages, and that is the trouble: a mean follows the far values.",
        ),
        Option(
            "Both alike: a wrong label is a wrong label.",
            "They are wrong by different amounts, and the losses weigh amounts differently.",
        ),
    ),
    Predict(
        "A head with one output gives a column of predictions. What does this print?",
        """
import numpy as np
predicted = np.array([[0.0], [1.0], [2.0]])
target = np.array([0.0, 1.0, 2.0])
print(round(float(np.abs(predicted - target).mean()), 2))
""",
        Option(
            "`0.0`",
            "So it would be if each prediction were compared with its own target. But a column less a row is a table "
            "of all pairs.",
        ),
        Option(
            "`ValueError`",
            "NumPy refuses lengths that differ where neither is 1. `(3, 1)` and `(3,)` have such a 1, and fit.",
        ),
        Option(
            "`0.89`",
            "`(3, 1)` and `(3,)` give `(3, 3)`: each prediction meets all targets, and the mean distance is 8/9. Cut "
            "the column to a row first, `predicted[:, 0]`.",
            right=True,
            because="mathematics",
        ),
    ),
    Question(
        "You try two hundred settings and print the best test score. What is wrong with it?",
        Option(
            "Nothing: the model really had this score on the test items.",
            "So did the luckiest of two hundred coins. On new items the score falls back.",
        ),
        Option(
            "It was measured on too few seeds.",
            "More seeds make each score steadier. The choice on test remains.",
        ),
        Option(
            "It is the largest of two hundred scores, and so partly luck. Choose on dev, then score the chosen one on "
            "test, once.",
            "Whatever chose is spent as a measurement. That is why there are two held-out splits.",
            right=True,
            claim="the luckiest of two hundred coins",
        ),
    ),
)
