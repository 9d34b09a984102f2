"""Quiz of the page `retrieval_index`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "retrieval_index",
    Question(
        "An exact search goes block by block. You double the number of vectors. What doubles?",
        Option(
            "The number of products of a query and a vector.",
            "Every query meets every vector, in whichever block it lies.",
            right=True,
            because="mathematics",
        ),
        Option(
            "The memory of the search beyond the vectors.",
            "It depends on the size of a block and the number of queries. Twice as many blocks come, one after the "
            "other.",
        ),
        Option(
            "The number of results to keep.",
            "For each query k are kept, whatever there is to choose from.",
        ),
    ),
    Question(
        "You divide only the *query* by its norm, and rank by products. What have you got?",
        Option(
            "The order of the cosines.",
            "That takes the items' norms, each its own.",
        ),
        Option(
            "The same order as without it.",
            "The query's norm is one factor for all items. It changes the scores, not their order.",
            right=True,
            because="mathematics",
        ),
        Option(
            "The order of the distances.",
            "Squared distances hold the items' squared norms as well.",
        ),
    ),
    Question(
        "The power fails while `save` writes the new file beside the old one. What does the next start find?",
        Option(
            "Half of the new index under the usual name.",
            "The usual name is given to the new file only when all of it is on the disk.",
        ),
        Option(
            "The old index, whole.",
            "The rename had not happened yet. A part of the new file may lie beside it, under another name.",
            right=True,
            claim="the old file is untouched",
        ),
        Option(
            "No index at all.",
            "That would be so if the old file were removed first. Nothing is removed before the new one is there.",
        ),
    ),
    Question(
        "An approximate index finds nine of the true ten. Where is the tenth?",
        Option(
            "Its score was rounded away.",
            "Scores are as exact as those of an exact search. What is looked at is scored rightly.",
        ),
        Option(
            "In a cell that was not looked into.",
            "It is near the query, but its centre is not among the nearest. More probes would find it.",
            right=True,
            because="definition",
        ),
        Option(
            "It was removed when the cells were made.",
            "Every vector is in one cell. It can be found; this query did not look there.",
        ),
    ),
    Predict(
        "A query looks into the cell that holds the vectors 1, 3 and 4. What does this code print?",
        """
import numpy as np
s = np.array([0.9, 0.1, 0.8, 0.3, 0.7])  # the cosines of all five vectors
inside = np.array([1, 3, 4])
print(int(s[inside].argmax()))
""",
        Option(
            "`4`",
            "That is the best vector of the cell, `inside[2]`. The code prints where it stands *among the three*.",
        ),
        Option(
            "`0`",
            "That is the best of all five. Vector 0 lies in another cell, which nobody has looked into.",
        ),
        Option(
            "`2`",
            "`s[inside]` has three numbers, and the third is the largest. To get the vector back, look the place up: "
            "`inside[2]` is 4.",
            right=True,
            because="definition",
        ),
    ),
    Question(
        "You read that an index reaches recall 0.99 and looks at one vector in a hundred. What must you know before "
        "you expect the same?",
        Option(
            "How the vectors lie, and where the queries come from.",
            "Tight groups make cells easy; without groups, in many dimensions, they help little. Measure on your own "
            "vectors, with your own queries.",
            right=True,
            claim="the looser the groups, the less cells find",
        ),
        Option(
            "Which processor they had.",
            "That changes how long it takes. The share that is looked at and the recall stay.",
        ),
        Option(
            "Nothing more: recall is a number between 0 and 1.",
            "On this page, the same two cells find nearly all in one kind of vectors and few in another.",
        ),
    ),
)
