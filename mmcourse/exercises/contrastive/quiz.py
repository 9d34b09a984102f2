"""Quiz of the page `contrastive`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "contrastive",
    Question(
        "You train two encoders to minimise the distance of true pairs, and nothing else. The loss falls to nearly "
        "zero. What do you look at next?",
        Option(
            "Nothing: pairs lie together, as they should.",
            "They do, and perhaps everything else lies there too. The loss alone cannot tell.",
        ),
        Option(
            "The spread of the vectors, or the recall against chance.",
            "Where all vectors are equal the loss is zero and nothing is known. Alignment needs uniformity beside it.",
            right=True,
            claim="by pulling alone the loss falls to nearly zero",
        ),
        Option(
            "A larger network, to get the loss to exactly zero.",
            "A constant reaches exactly zero without any network.",
        ),
    ),
    Question(
        "A triplet loss with a margin of 0.2 and the hardest negative stays at 0.2 for epochs. What has happened?",
        Option(
            "The margin is reached, so training is done.",
            "Where the margin is kept, a row costs 0. It costs the margin where its hardest negative is as similar as "
            "its partner.",
        ),
        Option(
            "The learning rate is too small.",
            "Then it would stay where it began, wherever that is. That it stays just at the margin says more.",
        ),
        Option(
            "Rows cost, on average, what a row costs whose hardest negative is as similar as its partner: all vectors "
            "may be nearly equal, or each row has a copy of its partner among its negatives.",
            "Both cost the margin. Score the search before you call it a collapse. Warm up with all negatives, and "
            "give the loss the map of what shows the same.",
            right=True,
            claim="with the hardest negative from the first step the loss comes down to the margin",
        ),
    ),
    Question(
        "A learned temperature is stored as ln(1/τ) and limited to ln 100. What is the limit good for?",
        Option(
            "It keeps the model from making the loss small by making everything sharp.",
            "Where pairs are already right, each step down in temperature lowers the loss. In the end one pair decides "
            "the gradient, and careless code overflows.",
            right=True,
            because="mathematics",
        ),
        Option(
            "It keeps cosines below 1.",
            "Cosines never exceed 1, whatever the temperature.",
        ),
        Option(
            "It makes training faster on a GPU.",
            "It costs and saves nothing. It is about the loss's own way of cheating.",
        ),
    ),
    Predict(
        "Two vectors are brought to norm one. What does this print?",
        """
import numpy as np
x = np.array([[6.0, 8.0], [0.0, 5.0]])
unit = x / np.linalg.norm(x, axis=1)
print(unit.tolist())
""",
        Option(
            "`[[0.6, 0.8], [0.0, 1.0]]`",
            "So it would be with `keepdims=True`. The norms `[10, 5]` have the shape `(2,)`, which is a row, not a "
            "column.",
        ),
        Option(
            "`ValueError`",
            "With three vectors of two numbers it would be one. Here as many vectors as numbers hide the mistake.",
        ),
        Option(
            "`[[0.6, 1.6], [0.0, 1.0]]`",
            "The norms are a row, so the first *column* is divided by the first norm and the second by the second. "
            "`keepdims=True` makes a column of them.",
            right=True,
            because="mathematics",
        ),
    ),
    Question(
        "A batch holds one picture twice, each time with another caption. Own partners are the only positives. Which "
        "loss suffers?",
        Option(
            "InfoNCE, since it pushes a picture from its own caption.",
            "With equal pictures both rows have the same softmax, and the two targets average to what the map would "
            "give. Different pictures of the same are what costs it.",
        ),
        Option(
            "The triplet loss with the hardest negative.",
            "The copy is a negative exactly as similar as the partner. No training can push it away.",
            right=True,
            claim="a copy costs a triplet unless the map says what it is",
        ),
        Option(
            "Neither: two in a batch are too few to matter.",
            "On average those rows never cost less than the margin.",
        ),
    ),
    Question(
        "Captions are said to be cheap, so you train on pictures and captions from two crawls of the same subject, "
        "without knowing which belong together. What can contrast learn?",
        Option(
            "Less than from pairs, but something: the subject is the same.",
            "Drawn independently, every caption is as likely with every picture: no picture tells which caption is its "
            "own.",
        ),
        Option(
            "Nothing about which belongs to which: the pairs are the supervision.",
            "Recall stays near chance. That no class labels are needed does not make the method unsupervised.",
            right=True,
            claim="without true pairs search stays near chance",
        ),
        Option(
            "The same: no labels were used before either.",
            "No class labels, but the knowledge which belong together. That is what was taken away.",
        ),
    ),
)
