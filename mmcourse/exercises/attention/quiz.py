"""Quiz of the page `attention`."""

from mmcourse.exercises import Numeric, Option, Order, Question, Quiz

Quiz(
    "attention",
    Numeric(
        "What is the cosine similarity of $(1, 1, 0, 0)$ and $(1, 1, 1, 1)$?",
        0.7071,
        "The dot product is 2, the norms are $\\sqrt2$ and 2: $2/(2\\sqrt2)=1/\\sqrt2$.",
        wrong={
            2: "That is the dot product. Divide by both norms.",
            0.5: "You divided by the *squared* norm of the second vector, or by the number of entries.",
            1: "The vectors do not point the same way: the second has two entries more.",
        },
        tolerance=0.01,
    ),
    Question(
        "Weights of shape `(n, m)`, for `n` queries and `m` keys, are all between 0 and 1, and each *column* sums to "
        "one. What happened?",
        Option(
            "Nothing: a softmax puts weights between 0 and 1, and so it did.",
            "So does a softmax along any axis. Here the queries compete for each key, and one query may get nothing.",
        ),
        Option(
            "The softmax ran over the queries. Each row must sum to one, over the keys.",
            "The last axis of the scores is that of the keys.",
            right=True,
            because="mathematics",
        ),
        Option(
            "The scale was left out.",
            "Without the scale the weights are harder, but each row sums to one all the same.",
        ),
    ),
    Question(
        "Queries and keys have $d=1024$ independent entries of mean 0 and variance 1, and you forget to divide the "
        "scores by $\\sqrt d$. What do you notice?",
        Option(
            "An error: the shapes no longer fit.",
            "They fit. Nothing complains, which is why it goes unnoticed.",
        ),
        Option(
            "The weights no longer sum to one.",
            "A softmax always sums to one along its axis, however large its inputs are.",
        ),
        Option(
            "Hardly any gradient gets through: one weight is near 1 from the start, and slopes are near 0.",
            "Scores have the variance 1024 in place of 1, and the softmax is almost an argmax.",
            right=True,
            claim="without the scale the slope vanishes",
        ),
    ),
    Question(
        "Sentences of a batch are padded at their end, and attend to themselves. What must the mask do?",
        Option(
            "Lower the scores of padded keys, for every query, before the softmax.",
            "Then no query looks at padding, and the weights over the real words sum to one.",
            right=True,
            claim="only the last way sums to one",
        ),
        Option(
            "Lower the scores of padded queries.",
            "Then rows that nobody reads are changed, and real words still look at padding.",
        ),
        Option(
            "Multiply the weights of padded keys by 0.",
            "After the softmax the rest sums to less than one, and the more padding, the less.",
        ),
    ),
    Order(
        "Of four keys `a` holds the scores, and the last key is padding. Which order turns `a` into its weights?",
        (
            "a = a - a.max()",
            "a = np.exp(a)",
            "a = a * keep",
            "a = a / a.sum()",
        ),
        shown=(2, 1, 3, 0),
        wrong=(2, 0, 1, 3),
        why=(
            "A product with `keep` takes padding out of the exponentials, before they are divided by their sum. (So "
            "does the lowest number there is, put into the scores.)"
        ),
        pitfall=(
            "A score of 0 is a score like any other: its exponential is not 0, and padding gets weight. Only the "
            "lowest number there is takes a key out of the *scores*; a product takes it out of the exponentials."
        ),
        before="import numpy as np\na, keep = np.array([1.0, 2.0, 4.0, 3.0]), np.array([True, True, True, False])",
        after="print(a.round(2).tolist())",
    ),
    Question(
        "A model computes `softmax(text @ image.T) @ image`, both of shape `(batch, d)`. Its accuracy on a test set "
        "depends on how the test set is cut into batches. Why?",
        Option(
            "Rounding: large batches sum more numbers.",
            "Rounding changes the last digits. Here answers change altogether.",
        ),
        Option(
            "Each text attends to the pictures of the whole batch, its neighbours' among them.",
            "Attention must range over the parts of one sample: its regions, its words.",
            right=True,
            because="mathematics",
        ),
        Option(
            "The softmax runs over the wrong axis; over the other it would be right.",
            "Over the other axis the samples of the batch still meet. There are no parts of one sample in it.",
        ),
    ),
    Question(
        "Hard attention takes the argmax of the weights, and the loss is passed back through it. What does the network "
        "before the argmax learn?",
        Option(
            "Nothing: the gradient is zero.",
            "A small change of a score does not change which is largest. Draw instead, and use REINFORCE.",
            right=True,
            claim="argmax stays where it began",
        ),
        Option(
            "The same as with soft attention, only with more noise.",
            "A draw with REINFORCE is noisy, and on average follows the slope of the expected reward. The argmax is "
            "not noisy: it is flat.",
        ),
        Option(
            "To look at the region that is largest already.",
            "It does look there, but nothing teaches it to look elsewhere, nor to stay.",
        ),
    ),
)
