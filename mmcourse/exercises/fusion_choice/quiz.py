"""Quiz of the page `fusion_choice`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "fusion_choice",
    Question(
        "A colleague says: “We have video and audio, so we take attention.” What do you answer?",
        Option(
            "Right: attention is made for sequences.",
            "It can read sequences. Whether it is best for this label, this noise and this many items is another "
            "question, and only a contest answers it.",
        ),
        Option(
            "Measure it beside concatenation and each modality alone, with one budget for all.",
            "The names of the modalities do not say where the label is. The contest does.",
            right=True,
            claim="no one method heads all columns",
        ),
        Option(
            "No: concatenation is for video and audio.",
            "That is a rule of the same kind, and fails the same way.",
        ),
    ),
    Question(
        "Five seeds, two methods. The paired difference is 1.5 points, its interval −0.5 to 3.5. What now?",
        Option(
            "The first is better: 1.5 is more than 0.",
            "The interval holds zero. Another five seeds may turn the order round.",
        ),
        Option(
            "They are equally good.",
            "That is not shown either: 3.5 points are in the interval as well.",
        ),
        Option(
            "Undecided. Take the cheaper one, or add seeds, as many as the power that you want asks for.",
            "With as many as `seeds_needed` says, a difference of this size is found in half of all contests only. "
            "If 1.5 points do not matter to you, take the cheaper one at once.",
            right=True,
            because="logic",
        ),
    ),
    Predict(
        "Three methods draw the rows of their bootstrap. What does this print?",
        """
import numpy as np
rng = np.random.default_rng(0)
one = rng.integers(0, 400, 400)
two = rng.integers(0, 400, 400)
three = np.random.default_rng(0).integers(0, 400, 400)
print(bool((one == two).all()), bool((one == three).all()))
""",
        Option(
            "`False True`",
            "A generator goes on where it stopped; a new one of the same seed begins where the first began. So each "
            "method gets one of its own, made of the seed of the run: then all train on the same items, and runs are "
            "paired.",
            right=True,
            because="definition",
        ),
        Option(
            "`True True`",
            "A seed says where a generator begins. Its second draw goes on from there and is another one.",
        ),
        Option(
            "`False False`",
            "The two generators have the same seed, and their first draws are the same.",
        ),
    ),
    Question(
        "The words alone reach 76 %, all three modalities 77 %, interval of the gain −1 to 3 points. You take",
        Option(
            "the words alone.",
            "No gain is shown, and two modalities less have to be recorded, kept and computed.",
            right=True,
            because="logic",
        ),
        Option(
            "all three: more information cannot harm.",
            "It can, where items are few or a quick modality keeps a better one back. And here it does not help "
            "measurably.",
        ),
        Option(
            "a larger fusion, until the interval lies above zero.",
            "Who tries until it works has chosen by the test, and will find luck.",
        ),
    ),
    Question(
        "Together with the words, a voice is worth 92 %; alone, 99 %. What may have happened?",
        Option(
            "The words hold information against the voice.",
            "Information does not work against anything: a network that ignores the words would reach 99 %.",
        ),
        Option(
            "The words were learned first, which perhaps left the voice little gradient.",
            "Test it: train the voice alone first, and look whether its features are much smaller than those of the "
            "words.",
            right=True,
            claim="the joint network leans on the words",
        ),
        Option(
            "The network is too small for two modalities.",
            "With the voice trained first, or its features at full scale, the same network reaches what the voice "
            "does.",
        ),
    ),
)
