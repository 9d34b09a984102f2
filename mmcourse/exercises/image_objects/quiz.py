"""Quiz of the page `image_objects`."""

from mmcourse.exercises import Numeric, Option, Predict, Question, Quiz

Quiz(
    "image_objects",
    Numeric(
        "Two squares of side 2 overlap in a square of side 1. What is their intersection over union?",
        1 / 7,
        "The intersection is 1, the union 4 + 4 − 1 = 7.",
        wrong={
            1 / 8: "The intersection stands in both areas; the union counts it once: 4 + 4 − 1.",
            1 / 4: "That is the share of one square. The union has the rest of the other one too.",
            1 / 3: "Areas, not sides: the intersection is 1 · 1, the union 7.",
        },
    ),
    Predict(
        "The box `a` lies above and to the left of `b`, and they do not touch. What does this code print?",
        """
import numpy as np
a, b = np.array([0, 0, 2, 2]), np.array([5, 4, 7, 7])
low = np.maximum(a[:2], b[:2])
high = np.minimum(a[2:], b[2:])
print(int(np.prod(high - low)))
""",
        Option(
            "`0`",
            "That is what they have in common. But nothing here sets negative lengths to zero: "
            "`np.maximum(high - low, 0)` would, before the product.",
        ),
        Option(
            "`-6`",
            "It would be negative if they were apart in one direction only. Here both differences are negative.",
        ),
        Option(
            "`6`",
            "`high - low` is −3 and −2, and their product is positive: boxes that lie apart would overlap. So negative "
            "lengths become zero before they are multiplied.",
            right=True,
            because="mathematics",
        ),
    ),
    Question(
        "In `SceneDetector`'s loss, why do colours and boxes count only in cells that hold a centre?",
        Option("To save time.", "All cells are computed either way. It is about what is learnt."),
        Option(
            "An empty cell has no colour and no box, and sixty such cells would outvote the two that have.",
            "A target that means nothing teaches nothing but to please it.",
            right=True,
            claim="most cells are empty",
        ),
        Option(
            "Because softmax cannot say that there is nothing.",
            "True of a softmax over colours, but whether something is there has a term of its own.",
        ),
    ),
    Question(
        "A detector finds each thing twice at similar scores, both boxes overlap the true one by more than half, and "
        "nothing is suppressed. What happens to average precision?",
        Option(
            "It falls: the second box on a thing is an error.",
            "A true box can be taken once. The duplicate is a false detection at nearly the same score.",
            right=True,
            because="definition",
        ),
        Option("Nothing: both boxes are right.", "Then a detector could print a thousand boxes for each thing."),
        Option("It rises, since more is found.", "Recall cannot rise by finding the same thing again."),
    ),
    Question(
        "An average precision of 0.94 is printed without anything beside it. What do you ask first?",
        Option("How many weights the detector has.", "Size is no measure of what the figure means."),
        Option("On how many processors it was trained.", "That is the cost, not the meaning."),
        Option(
            "At which overlap, and on which scenes.",
            "On this page a detector that was trained briefly has far less at a stricter overlap, and on scenes with "
            "unseen pairs much less by shape.",
            right=True,
            claim="four times as many epochs change AP50 little",
        ),
    ),
    Question(
        "Why does a linear model answer relations better from a graph vector than from the grid?",
        Option("The grid does not hold the answer.", "It does: the graph was detected from nothing else."),
        Option(
            "The graph has one number for *red left of blue*; from the grid it would have to compare places.",
            "A comparison of two places combines features of both, and a linear model only adds them up. The graph was "
            "built with such comparisons, and a network on the grid learns them from more scenes.",
            right=True,
            claim="a network reads the answer from the grid, a linear reader does not",
        ),
        Option(
            "The graph is shorter, so it overfits less.",
            "The pooled vector is shorter too, and answers far less than the graph. And a linear reader of the grid "
            "stays far behind a network with five times as many scenes.",
        ),
    ),
)
