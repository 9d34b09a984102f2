"""Quiz of the page `fusion`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "fusion",
    Question(
        "A text calls its method “average fusion” and gives the words a weight of 0.7 and the picture 0.3. What is it?",
        Option(
            "The mean, since the weights sum to one.",
            "The weights of every weighted average sum to one. In the mean they are equal.",
        ),
        Option(
            "A weighted sum with fixed weights.",
            "Somebody chose 0.7 and 0.3, and they are the same for every item. Ask who chose, and by what.",
            right=True,
            because="definition",
        ),
        Option(
            "Gated fusion.",
            "A gate computes its weights from the inputs, anew for each item.",
        ),
    ),
    Question(
        "Each of two modalities goes through three linear layers, the results are concatenated, and two more linear "
        "layers follow. There is no activation anywhere. How many matrices does this amount to?",
        Option(
            "Eight: three and three and two.",
            "So many are stored. But a product of matrices is a matrix: multiply them out.",
        ),
        Option(
            "Two, one for each modality.",
            "Nearly: the two stand side by side as the blocks of one, applied to both vectors in one row.",
        ),
        Option(
            "One, on the concatenated inputs.",
            "It adds what each modality says, and cannot tell XOR. Depth without a non-linearity is no depth.",
            right=True,
            because="mathematics",
        ),
    ),
    Predict(
        "The numbers of face (6), voice (3) and words (4) stand side by side in one row. What does this print?",
        """
import numpy as np
row = np.arange(6 + 3 + 4)
parts = np.split(row, [6, 3])
print([len(part) for part in parts])
""",
        Option(
            "`[6, 3, 4]`",
            "These are the sizes, and `np.split` takes *places*, at which the next part begins. For this result they "
            "are `[6, 9]`.",
        ),
        Option(
            "`[6, 0, 10]`",
            "A part begins at each of these places: one goes up to 6, one from 6 to 3, which is empty, and one from 3 "
            "to the end. Nothing is raised, and the blocks are wrong.",
            right=True,
            because="definition",
        ),
        Option(
            "`[6, 3]`",
            "Two places cut a row in three parts, and no number gets lost.",
        ),
    ),
    Question(
        "Four modalities of 32 numbers each shall be fused with all their products. The full tensor has too many "
        "weights. What does low-rank fusion give up?",
        Option(
            "Nothing: it is the same function with fewer weights.",
            "With a few terms not every tensor of weights can be made. With very many terms it could, and would no "
            "longer be small.",
        ),
        Option(
            "The products of more than two modalities.",
            "That is bilinear fusion. Each term of low-rank fusion is a product of all four.",
        ),
        Option(
            "Freedom of the weights: they must be a sum of a few simple tensors.",
            "All products are still there, but their weights are tied together. Often that is enough; measure it.",
            right=True,
            because="mathematics",
        ),
    ),
    Question(
        "In a product of experts, the voice of an item is missing. What do you do?",
        Option(
            "Leave its factor out.",
            "Who says nothing multiplies by one. The product of the others, and the prior, is still a distribution.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Give it the mean 0 and the precision 1.",
            "That is a witness who says “0”, as sure as the prior. Silence has the precision 0.",
        ),
        Option(
            "Put in zeros for its vector.",
            "Then it says whatever its biases say, and may be quite sure of it.",
        ),
    ),
)
