"""Quiz of the page `scenes`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "scenes",
    Question(
        "A scene holds a red star and a blue circle. How true is the caption *A red star and a green circle*?",
        Option(
            "Wholly false: a caption with an error is false.",
            "One of its two claims holds. Truth is the share of claims that hold; whether a caption is *wholly* "
            "true is "
            "another question, and a stricter one.",
        ),
        Option(
            "Half true: one of its two claims holds.",
            "There is a red star, there is no green circle. Its coverage is one half as well: one of two things "
            "is named.",
            right=True,
            because="definition",
        ),
        Option(
            "It depends on the five reference captions.",
            "A score such as BLEU depends on references. Truth asks the scene itself, and needs none.",
        ),
    ),
    Predict(
        "A thing is drawn in row 1 of a picture, from column 2 to column 4. What does this code print?",
        """
import numpy as np
mask = np.zeros((4, 6), bool)
mask[1, 2:5] = True
columns = np.flatnonzero(mask.any(axis=0))
print(int(columns[-1] - columns[0]))
""",
        Option(
            "`3`",
            "The thing is three pixels wide, and so is its box. But from the first of its columns to the last it is "
            "one less: a box ends one after the last pixel.",
        ),
        Option(
            "`2`",
            "The columns are 2, 3 and 4, and 4 − 2 is 2. The width of the box is one more, as its edges lie before the "
            "first pixel and behind the last.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`0`",
            "That is what `axis=1` would give, which asks each row: only row 1 holds a pixel. `axis=0` goes through "
            "the rows and answers for each column.",
        ),
    ),
    Question(
        "Why does every modality of an item draw its random numbers from a stream of its own?",
        Option(
            "So that pictures and sounds are independent of one another.",
            "They are anything but independent: both are renderings of one scene. Only the small accidents, a "
            "detuning or "
            "the choice of a synonym, are drawn separately.",
        ),
        Option(
            "So that the numbers are better random numbers.",
            "The numbers would be as good in one stream. What would change is which of them is used for what.",
        ),
        Option(
            "So that adding or changing one modality changes nothing in the others.",
            "With one common stream, one more draw for the sound would shift all draws after it, and results measured "
            "yesterday could not be repeated today.",
            right=True,
            because="definition",
        ),
    ),
    Question(
        "You add near-copies of items to a data set, split it at random, and the test accuracy rises from one "
        "quarter to "
        "three quarters. What have you learnt about the model?",
        Option(
            "That it can recognise what it has already seen.",
            "Most test items have a near-copy in training. On new scenes it is as weak as before; a split by "
            "`sources()` "
            "shows it.",
            right=True,
            claim="with many copies a random split promises more",
        ),
        Option(
            "That more data helped it.",
            "No new scene came in. Had the copies helped, the accuracy on new scenes would have risen too.",
        ),
        Option(
            "That it generalises to small shifts.",
            "It does survive a shift of a quarter of a pixel, but that is not what the accuracy is taken for: it is "
            "read as what happens on new scenes.",
        ),
    ),
    Question(
        "In which kind of utterances do the words alone tell nothing of the label, and the voice alone tells "
        "nothing, yet "
        "both together tell everything?",
        Option("*redundant*", "There each of the two tells the whole label, and either could be missing."),
        Option("*words*", "There the words tell everything, and the voice has nothing to do with the label."),
        Option(
            "*synergy*",
            "The label is whether the two agree. Whoever hears only one of them can but guess.",
            right=True,
            because="definition",
        ),
    ),
    Question(
        "A classifier reaches nearly everything on the test split and almost nothing on `unseen_pairs`, when "
        "asked for the "
        "colour. What is the likeliest cause?",
        Option(
            "Colours look different in that split.",
            "All splits are drawn with the same palette. What differs is which colour comes with which shape.",
        ),
        Option(
            "A likely cause: it used the shape as a hint at the colour.",
            "In training no triangle is green, so a triangle speaks against green. Where that stops being so, the hint "
            "misleads.",
            right=True,
            claim="four pairs never occur",
        ),
        Option(
            "It was trained for too long.",
            "Overfitting alone would lower test accuracy as well: its items are just as new. What fails is only what "
            "never occurred.",
        ),
    ),
)
