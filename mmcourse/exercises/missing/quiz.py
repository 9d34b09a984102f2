"""Quiz of the page `missing`."""

from mmcourse.exercises import Option, Order, Question, Quiz

Quiz(
    "missing",
    Question(
        "A model of words and faces, trained on whole items, gets zeros for a missing face and answers worse than the "
        "words alone would let it. Why?",
        Option(
            "The information of the face is lost.",
            "It is lost for a model of the words alone, too, and that one does better. Something is added, not only "
            "lost.",
        ),
        Option(
            "It takes the zeros for a face, one that it never saw, and believes it.",
            "No shape is wrong and nothing warns. What the network makes of such an input was never trained.",
            right=True,
            claim="the mean friendly face in every gap does the same harm as black",
        ),
        Option(
            "Zeros switch the branch of the face off, and a fusion with one branch is weaker.",
            "Zeros in are not nothing out: biases, and a gate that reads them, still answer.",
        ),
    ),
    Question(
        "All vectors are scaled to mean 0 in training. How do zero fill and mean fill differ then?",
        Option(
            "Not at all, if zeros are filled in after scaling.",
            "The vector of zeros is the mean. Zeros filled in *before* scaling, such as a black picture, are something "
            "else.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Mean fill is always better, since it keeps the distribution.",
            "It keeps the mean and nothing else; and here both are the same vector.",
        ),
        Option(
            "Zero fill is better, since zeros are neutral.",
            "Zero is a value like any other. Whether it is neutral depends on the scale and on training.",
        ),
    ),
    Order(
        "`x` holds a number of three samples, NaN where it is missing. `present` shall say where, and a zero that *is* "
        "the mean shall stand in the gap. Which order does that?",
        (
            "mean = np.nanmean(x)",
            "x = x - mean",
            "present = ~np.isnan(x)",
            "x = np.nan_to_num(x)",
        ),
        shown=(3, 1, 2, 0),
        wrong=(0, 2, 3, 1),
        also=((0, 2, 1, 3), (2, 0, 1, 3)),
        why=(
            "The mean is that of what is there, and where it is there must be asked before a gap is filled. The zero "
            "comes last: only after the mean is taken off is it the mean."
        ),
        pitfall=(
            "The zero is filled in too soon and becomes *minus the mean*: a value far out, which a model reads as "
            "data, like the black picture."
        ),
        before="import numpy as np\nx = np.array([2.0, 4.0, np.nan])",
        after="print(x.tolist(), present.tolist())",
    ),
    Question(
        "A generator predicts the face from the words, as well as anything can. Label and face are connected only "
        "through irony: words and face disagree or not, half and half. What is its guess worth?",
        Option(
            "As much as a true face, if it is large enough.",
            "Words that go with happy and with sad faces equally often tell no network which it is.",
        ),
        Option(
            "Nothing: the best guess is the mean face, whatever the words.",
            "The conditional mean given such words is the mean. And any guess is a function of the words.",
            right=True,
            claim="where words and face are independent the guesses hardly differ",
        ),
        Option(
            "Half: it is right for every second utterance.",
            "It does not guess a happy or a sad face; squared error makes it guess the mean of the two.",
        ),
    ),
    Question(
        "Patients with a bad prognosis are too ill for the scanner, so the picture is missing more often for them. A "
        "model with a mask is excellent in the hospital where it was trained. In another one the scanner breaks down "
        "at times. What do you expect?",
        Option(
            "The same, since a mask hides what is missing.",
            "It hides the picture, and shows that one is missing. The model has learnt what that means in the first "
            "hospital.",
        ),
        Option(
            "Worse: it takes a broken scanner for a bad prognosis.",
            "The hole was a feature. Its meaning has changed, and the model cannot know.",
            right=True,
            claim="once cameras fail by chance the models that learned from holes by the label do worse",
        ),
        Option(
            "Better, for now the holes are random and easier.",
            "Random holes are easier to reason about. But this model has learnt that they are not random.",
        ),
    ),
)
