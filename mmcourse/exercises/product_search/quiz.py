"""Quiz of the page `product_search`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "product_search",
    Question(
        "Customers ask for size, colour and shape. Pictures alone find more than pictures and titles with equal "
        "weights. Why?",
        Option(
            "Fusion needs training, and `blend` has none.",
            "Equal weights can do well without training, as for colour and shape. The reason lies in what titles know.",
        ),
        Option(
            "Titles leave words out, have other words, or a false one, and so draw right toys down.",
            "The picture shows all three. A second voice that is often silent or wrong, and counted as much, costs "
            "more than it brings.",
            right=True,
            claim="where the picture knows all, the sellers' titles lower the joined score",
        ),
        Option(
            "The scores have different units.",
            "`blend` brings both to the same mean and spread for each query.",
        ),
    ),
    Question(
        "For “like this, but red”, a model has a hit among ten places in four of ten queries. Chance is about one in "
        "seven. What do you ask first?",
        Option(
            "What the word “red” alone reaches.",
            "Just that: red toys of any shape fill the ten places, and sometimes one is right. A blind half may "
            "explain all of the score.",
            right=True,
            claim="words alone have a hit among ten more than twice as often",
        ),
        Option(
            "Whether it also works for twenty places.",
            "That would look better still, and say as little.",
        ),
        Option(
            "Nothing. It is far above chance.",
            "Chance knows no half of the query. Each half alone is the fair thing to beat.",
        ),
    ),
    Predict(
        "Which toys are as asked? What does this code print?",
        """
import numpy as np
toys = np.array([[0, 1], [2, 1], [2, 0]])  # colour and shape of three toys
wanted = toys[0]  # like this one,
wanted[0] = 2  # but red
print((toys == wanted).all(axis=1).tolist())
""",
        Option(
            "`[False, True, False]`",
            "So it would be with `toys[0].copy()`. A row of an array is a view, no copy: what is written into it "
            "stands in the catalogue.",
        ),
        Option(
            "`[True, True, True]`",
            "That is `any`, for which one attribute is enough. `all` asks for both, and toy 2 has another shape.",
        ),
        Option(
            "`[True, True, False]`",
            "`wanted` is row 0 itself, so the first toy has become red in the catalogue, and now counts as right. Take "
            "a copy before you change a row.",
            right=True,
            because="definition",
        ),
    ),
    Question(
        "In the gated composer, what if the gate is 1 everywhere and the residual 0?",
        Option(
            "The query is the picture alone.",
            "1 ⊙ z + 0 = z. Near to that the layer begins, so that only the change has to be learned.",
            right=True,
            because="mathematics",
        ),
        Option(
            "The query is the words alone.",
            "Words come in by the gate and by the residual. Both say nothing here.",
        ),
        Option(
            "The query is zero.",
            "A gate of 0 would do that. A gate of 1 lets everything pass.",
        ),
    ),
    Question(
        "You count who bought what together from all purchases, then hold the last month back to test. What is wrong?",
        Option(
            "Nothing, for the test purchases are not trained on.",
            "They are counted, and counting is this method's training.",
        ),
        Option(
            "The customer's own next purchase is already in the counts.",
            "So the score is many times what it will be tomorrow. Count from purchases before the day that is asked.",
            right=True,
            claim="in the record counts of all purchases flatter behaviour",
        ),
        Option(
            "The last month has too few purchases.",
            "Then the interval would be wide. It would not be many times too high.",
        ),
    ),
    Question(
        "A toy came in this morning. Which recommender can place it better than by lot?",
        Option(
            "Behaviour: similar customers will find it.",
            "Nobody has bought it, so it has nothing in common with any item.",
        ),
        Option(
            "Friends: they bought it, or they will.",
            "They have not yet. What they will buy is not known today.",
        ),
        Option(
            "Content: its picture and title are there.",
            "It needs no purchase of the toy, only purchases of the customer.",
            right=True,
            claim="of new toys content alone knows something",
        ),
    ),
)
