"""What goes wrong in `attention.relu`: planted mistakes with their messages."""

import math

from mmcourse.exercises.attention.relu import EXACT, MEAN, SQUARE, VARIANCE, relu, scaled_scores


@relu.mistake("That is what the scale promises for entries of mean 0 and variance 1. Run the code with many keys.")
def one():
    return 1.0


@relu.mistake(
    "That is what the code prints for five keys. So few say next to nothing: take thousands, and many queries."
)
def as_printed():
    return scaled_scores(1, 5, seed=3).std()


@relu.mistake(
    "That is the deviation over queries and keys together. What all keys of one query share is cancelled by its "
    "softmax: take the deviation along the axis of the keys."
)
def pooled():
    return math.sqrt(SQUARE**2 - MEAN**4)


@relu.mistake("That is the variance. Asked for is the standard deviation, its root.")
def variance():
    return EXACT**2


@relu.mistake(
    "That is about a variance over queries and keys together, or else how much *mean* scores differ, from query to "
    "query or from key to key. Asked for is the deviation of one query's scores over its keys."
)
def pooled_variance():
    return SQUARE**2 - MEAN**4


@relu.mistake("These are the scores before the scale. Divide them by the root of d.")
def unscaled():
    return 16 * EXACT


@relu.mistake("You divided by the root of d twice: `scaled_scores` has done so already.")
def scaled_twice():
    return EXACT / 16


@relu.mistake("That is the deviation of one *entry* after a ReLU. A score is a sum of products of such entries.")
def of_an_entry():
    return math.sqrt(VARIANCE)


@relu.mistake(
    "That is the variance of one *entry* after a ReLU. It would be the score's deviation if the entries of the query "
    "had the mean 0."
)
def variance_of_an_entry():
    return VARIANCE


@relu.mistake("So it would be if the entries had the mean 0 and the variance 1/2. After a ReLU their mean is not 0.")
def mean_forgotten():
    return SQUARE


@relu.mistake("So large is an entry after a ReLU, its root mean square. Asked for is how much a *score* varies.")
def size_of_an_entry():
    return math.sqrt(SQUARE)


@relu.mistake("That is the reciprocal: what the scores would have to be multiplied by to have the deviation 1.")
def reciprocal():
    return 1 / EXACT


@relu.mistake("That is the mean of the scores. All keys share it, and the softmax cancels it.")
def mean():
    return 16 * MEAN**2


@relu.mistake(
    "That is about the mean of the scores before the scale. (Or a hundred times a deviation? Answer with the number "
    "itself.)"
)
def mean_unscaled():
    return 256 * MEAN**2


@relu.mistake(said="With few keys")
def two_keys():
    return 0.31


@relu.mistake(said="too much")
def too_much():
    return 0.55


@relu.mistake(said="a positive number")
def negative():
    return -EXACT


@relu.mistake("So large is the mean square of *one* product of entries. Their mean is still in it: take it off.")
def square_of_a_product():
    return SQUARE**2


@relu.mistake(
    "That is about a variance over queries and keys together, or else how much *mean* scores differ, from query to "
    "query or from key to key. Asked for is the deviation of one query's scores over its keys."
)
def of_the_means():
    return MEAN * math.sqrt(VARIANCE)


@relu.mistake(
    "That is the mean *absolute* deviation, not the root of the mean square. Take `std`, or the root of a variance."
)
def mean_absolute():
    return EXACT * math.sqrt(2 / math.pi)


@relu.mistake("That is the deviation divided by the mean. Asked for is the deviation itself.")
def relative():
    return EXACT / (16 * MEAN**2)


@relu.mistake(
    "You multiplied by d. `scaled_scores` has divided by the root of d already: leave the scores as they are."
)
def times_d():
    return 256 * EXACT
