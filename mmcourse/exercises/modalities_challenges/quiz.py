"""Quiz of the page `modalities_challenges`."""

from mmcourse.exercises import Option, Question, Quiz

Quiz(
    "modalities_challenges",
    Question(
        "You subtract from the vectors of each modality their mean. The modality gap is gone. What is the retrieval?",
        Option(
            "Much better: the two clouds now overlap.",
            "Overlap says nothing about which point lies near which. Directions still mean different things in the "
            "two spaces.",
        ),
        Option(
            "As good as guessing.",
            "The pairs have not been used. A map must be learned that turns one cloud so that pairs meet.",
            right=True,
            claim="once the gap is closed retrieval stays at chance",
        ),
        Option(
            "Perfect, if both have the same size.",
            "Equal size makes the cosine computable, not meaningful.",
        ),
    ),
    Question(
        "Half of your two thousand training pairs are false, at random. What happens to a linear bridge?",
        Option(
            "It loses little: false pairs pull in all directions, and cancel.",
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
            claim="a bridge that never looks has a high paired cosine",
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
            "Size makes the figure exact. It is the exact answer to another question.",
        ),
    ),
)
