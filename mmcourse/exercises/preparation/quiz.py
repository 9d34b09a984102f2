"""Quiz of the page `preparation`."""

from mmcourse.exercises import Numeric, Option, Order, Question, Quiz

Quiz(
    "preparation",
    Question(
        "Which of these steps may run on the whole table, before it is split?",
        Option(
            "Filling holes with the column's median.",
            "The median is estimated, and test rows take part in it. It belongs behind the split.",
        ),
        Option(
            "Emptying cells whose pitch is above 500 Hz, since nobody here speaks as high as that.",
            "The rule comes from knowledge of speakers. No row of the table had a say in it.",
            right=True,
            because="definition",
        ),
        Option(
            "Keeping the hundred columns that go best with the label.",
            "That is the gravest of the three: the labels of the test rows help to choose.",
        ),
    ),
    Order(
        "These are the lengths of four *training* recordings. One is not known, and holds a 0; one is in milliseconds. "
        "Put the lines in order, so that no step sees what an earlier one should have removed.",
        (
            "seconds[seconds > 100] /= 1000  # milliseconds",
            "middle = np.median(seconds[known])",
            "seconds = np.where(known, seconds, middle)",
            "seconds = (seconds - seconds.min()) / (seconds.max() - seconds.min())",
        ),
        shown=(3, 1, 0, 2),
        wrong=(1, 2, 0, 3),
        before="import numpy as np\n"
        "seconds = np.array([1.0, 0.0, 3.0, 2000.0])\n"
        "known = np.array([True, False, True, True])",
        after="print(seconds.round(2).tolist())",
        why="The rule about units comes from knowledge and goes first: neither the median nor the scale should see "
        "2000 seconds. The hole is filled before scaling: else its 0 counts as the smallest length.",
        pitfall="The median is taken while 2000 still stands among the seconds: it is 3 and not 2, and fills the hole.",
    ),
    Question(
        "A colleague scales all columns before fitting a decision tree. What changes?",
        Option(
            "Nothing that matters.",
            "A tree asks whether a value lies above a threshold. A shift and a stretch move value and "
            "threshold together.",
            right=True,
            because="mathematics",
        ),
        Option(
            "The tree hears all columns equally loudly.",
            "That is true of distances, as in nearest neighbours. A tree looks at one column at a time.",
        ),
        Option(
            "The noise of the columns is reduced.", "No scaler reduces noise: signal and noise are stretched alike."
        ),
    ),
    Numeric(
        "A column of training values has the smallest 2, the largest 10. What does min–max scaling, "
        "fitted on them, make of the *test* value 14?",
        1.5,
        "(14 − 2) / (10 − 2). A test value may lie outside 0 … 1, and that is no error: the scale is the "
        "training rows'.",
        wrong={
            1: "Only if the scale were fitted on the test row too, or the value were cut off. Neither is asked for.",
            1.75: "You forgot to subtract the smallest value from 14 as well.",
            1.4: "14 / 10 divides by the largest value. Min–max divides by the largest less the smallest.",
        },
    ),
    Question(
        "The audio of a recording is missing. What does `SimpleImputer(strategy='median', add_indicator=True)` give "
        "the model?",
        Option(
            "The voice that the recording would most likely have had.",
            "A median is no voice. It is a harmless number, and that it stands for nothing is said elsewhere.",
        ),
        Option(
            "A zero in each column of the voice.",
            "Zero may be a value far from all others: zero seconds, zero hertz. Medians are unobtrusive.",
        ),
        Option(
            "The training medians, and columns that say that they are not measured.",
            "So a linear model can take back what the medians add, and one that is not linear can rely on the words "
            "where there is no voice.",
            right=True,
            because="definition",
        ),
    ),
    Question(
        "Twelve people, forty sentences each. A model recognises moods, and new customers will use it. "
        "How do you cross-validate?",
        Option(
            "By rows, stratified by mood.",
            "Then each person stands on both sides, and the score is for people who are already known.",
        ),
        Option(
            "By person: whole people are held out.",
            "That asks what will be asked: how well does it do for a stranger?",
            right=True,
            claim="by pitch, alone or with brightness, a random split scores too high",
        ),
        Option(
            "By rows, but without the column that names the person.",
            "Pitch and brightness give hints of the person, too. Leaving out a name hides nobody.",
        ),
    ),
)
