"""Quiz of the page `modalities_challenges`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "modalities_challenges",
    Question(
        "You centre the vectors of two separately trained encoders. The modality gap is gone. What is the retrieval?",
        Option(
            "Much better: the two clouds now overlap.",
            "Overlap says nothing about which point lies near which. Directions still mean different things in the "
            "two spaces.",
        ),
        Option(
            "Hardly better than guessing.",
            "The pairs have not been used. A map must be learned that turns one cloud so that pairs meet.",
            right=True,
            claim="once the gap is closed retrieval stays near chance",
        ),
        Option(
            "Perfect, if both have the same size.",
            "Equal size makes the cosine computable, not meaningful.",
        ),
    ),
    Predict(
        "Two texts look for two pictures; equal numbers belong together. The code should count, for each text, the "
        "pictures that are at least as similar as its own. What does it print?",
        """
import numpy as np
similar = np.array([[0.5, 0.6], [0.4, 0.3]])  # a row for each text
own = np.diag(similar)
print((similar >= own).sum(axis=1).tolist())
""",
        Option(
            "`[2, 2]`",
            "These are the right ranks, and `own[:, None]` would give them: then each row is compared with the one "
            "number of its own text.",
        ),
        Option(
            "`[2, 1]`",
            "`own` has the shape `(2,)` and lies along the columns: 0.4 is compared with 0.5 of the other text. The "
            "second rank is too good, and nothing complains.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`[1, 2]`",
            "That counts down each column, as `axis=0` does. `axis=1` counts along each row.",
        ),
    ),
    Question(
        "Half of your two thousand training pairs are false, at random. What happens to a linear bridge?",
        Option(
            "It loses little: false pairs pull in all directions, and largely cancel.",
            "With many pairs the true ones add up. With fifty pairs there is too little to average over.",
            right=True,
            claim="with two thousand pairs it costs little",
        ),
        Option(
            "It finds half as many.",
            "The map is one matrix that all pairs vote on. Random votes cancel; no share of the queries is spoilt.",
        ),
        Option(
            "It fails: a map learned from falsehoods is false.",
            "That holds when *all* are false, or most are false by one rule. Random ones are noise.",
        ),
    ),
    Question(
        "A paper reports that pictures and captions reach a mean cosine of 0.9. What is missing?",
        Option(
            "The temperature of the loss.",
            "It matters in training. The figure says nothing for a simpler reason.",
        ),
        Option(
            "The same figure on the training set.",
            "That would tell about overfitting, not about whether the right one is found.",
        ),
        Option(
            "The cosine of pictures with *other* captions, or better, ranks among all.",
            "If all vectors point the same way, strangers have a high cosine as well.",
            right=True,
            claim="a bridge that never looks has a paired cosine above one half",
        ),
    ),
    Question(
        "Permuting the words costs a model nothing. May you conclude that the words know nothing of the label?",
        Option(
            "No: another modality may say the same, and the model leans on that one.",
            "Permuting asks what this model uses, in the presence of all others. Train without the others to see what "
            "the words know.",
            right=True,
            claim="left out of redundant utterances neither modality is missed",
        ),
        Option(
            "Yes: if they knew something, permuting would cost something.",
            "Redundant modalities hide each other. Each alone may be dispensable, and one of them still needed.",
        ),
        Option(
            "Yes, if the test set is large.",
            "Size makes the figure precise. It is the precise answer to another question.",
        ),
    ),
)
