"""Quiz of the page `ranking`."""

from mmcourse.exercises import Option, Order, Question, Quiz

Quiz(
    "ranking",
    Question(
        "A RankSVM on [query; picture] side by side puts the pictures in the same order for every query. What helps?",
        Option(
            "More training pairs.",
            "The term of the query cancels in each of them, however many there are.",
        ),
        Option(
            "Features in which both meet, such as their product.",
            "A weight on a product of numbers acts on the picture in a way that depends on the query.",
            right=True,
            claim="with interaction features queries have orders of their own",
        ),
        Option(
            "An intercept.",
            "It is the same number for all pictures and cancels as well.",
        ),
    ),
    Order(
        "The second part of RankSVM's loss for three pictures, without the price: each pair in which the better "
        "picture does not win by a margin of 1 pays the square of what is lacking. Put the lines in order.",
        (
            "loss = 1 - (s[:, None] - s)",
            "loss = np.maximum(0, loss)",
            "loss = loss ** 2",
            "loss = loss[y[:, None] > y]",
            "loss = loss.sum()",
        ),
        shown=(3, 2, 4, 0, 1),
        wrong=(0, 2, 1, 3, 4),
        also=((0, 1, 3, 2, 4), (0, 3, 1, 2, 4)),
        why="What is lacking is cut at 0 and squared for each pair alone; only then are the pairs added up. Which of "
        "them count may be chosen at any moment in between.",
        pitfall="A square is never below 0, so the cut comes too late: a pair that is won by more than the margin pays "
        "for it.",
        before="import numpy as np\ns, y = np.array([2.0, 0.5, 1.2]), np.array([2, 0, 1])  # scores and grades",
        after="print(round(float(loss), 2))",
    ),
    Question(
        "Two pairs differ by one grade each. LambdaRank weighs the pair of places 1 and 2 more than that of places 41 "
        "and 42. Why?",
        Option(
            "The pair at the top is more often wrong.",
            "How wrong it is stands in the sigmoid. The weight would differ for two pairs that are just as wrong.",
        ),
        Option(
            "Their exchange changes nDCG more.",
            "The discounts of places 1 and 2 lie far apart, those of 41 and 42 hardly at all.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Grades are higher at the top.",
            "The difference of grades counts, and it is the same for both pairs.",
        ),
    ),
    Question(
        "A matching classifier reaches a training loss near zero within an epoch. All its pairs are true ones. What "
        "has it learned?",
        Option(
            "What a picture and a caption of it have in common.",
            "Nothing asked for it. There was no pair without.",
        ),
        Option(
            "To say yes.",
            "A large bias is a perfect answer to true pairs alone. Show it false ones before you believe it.",
            right=True,
            claim="taught by true pairs only it says yes",
        ),
        Option(
            "Too much: it overfits.",
            "It says yes to new pairs as well, true or false. That is no question of too few examples.",
        ),
    ),
    Question(
        "Your collection has a million pictures. What must be computed when a query comes in?",
        Option(
            "Towers: one vector and a million cosines. Cross-encoder: a million passes through the network.",
            "The pictures' vectors are made beforehand. A cross-encoder can prepare no score, for it looks at both at "
            "once.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Towers: a million passes. Cross-encoder: one.",
            "It is the other way round: the towers' passes are done before anybody asks.",
        ),
        Option(
            "The same for both, but the cross-encoder's pass is larger.",
            "Even with passes of one size there would be a million of them for each query.",
        ),
    ),
    Question(
        "Re-ranking 20 candidates helps. Can re-ranking all 400 be worse than not re-ranking at all?",
        Option(
            "No: more candidates hold the right picture more often.",
            "True of recall. But the classifier must also keep all of the others down.",
        ),
        Option(
            "Yes: each further wrong picture is one more that may fool the classifier.",
            "One error in four hundred is enough to lose the first place. So the depth is measured, on dev.",
            right=True,
            claim="the classifier alone loses on average with a hundred",
        ),
        Option(
            "Yes, but only because it takes too long.",
            "Time is one cost. Quality can fall as well.",
        ),
    ),
)
