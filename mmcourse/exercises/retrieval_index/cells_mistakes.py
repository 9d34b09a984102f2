"""What goes wrong in `retrieval_index.cells`: planted mistakes with their messages."""

import math

from mmcourse.exercises.retrieval_index.cells import PROBES, VECTORS, how_many, looks


@how_many.mistake(
    "That is the best of the powers of ten, and the root of a million: the best for *one* cell looked into. Here it is "
    "nine, so the lists weigh more. Try more finely around it."
)
def root():
    return math.sqrt(VECTORS)


@how_many.mistake(
    "That is how many looks there are at the best place, centres and vectors together. Asked for is the number of "
    "cells."
)
def value():
    return 2 * math.sqrt(PROBES * VECTORS)


@how_many.mistake("Nine times the root of a million: the nine stands inside the root, too.")
def nine_roots():
    return PROBES * math.sqrt(VECTORS)


@how_many.mistake("Of the powers of ten another has fewer looks than this. Try more finely around the best of them.")
def coarse():
    return sorted((10, 100, 1000, 10_000, 100_000), key=looks)[1]


@how_many.mistake(
    "That is a third of the root of a million. With *more* cells to look into, the lists weigh more, and shorter ones "
    "are better."
)
def wrong_way():
    return math.sqrt(VECTORS / PROBES)


@how_many.mistake("That is the square of the number: the root of 9 · 1,000,000 is missing.")
def squared():
    return PROBES * VECTORS


@how_many.mistake("One cell for each vector: then the centres alone are a million looks.")
def one_for_each():
    return VECTORS


@how_many.mistake("That is how many cells a query looks into. Asked for is how many there are.")
def probes():
    return PROBES


FACTOR = (
    "The derivative of 9 · 1,000,000 / c is -9 · 1,000,000 / c², without a factor of two. Where the looks are fewest, "
    "there are as many centres as vectors in the lists."
)


@how_many.mistake(FACTOR)
def half_inside():
    return math.sqrt(PROBES * VECTORS / 2)


@how_many.mistake(FACTOR)
def twice_inside():
    return math.sqrt(PROBES * VECTORS * 2)


@how_many.mistake(said="lists are long")
def logarithm():
    return math.log2(VECTORS)


@how_many.mistake(said="centres outweigh")
def many():
    return 100_000


@how_many.mistake(said="lists are long")
def few():
    return 100


@how_many.mistake(said="at least one cell")
def none():
    return 0


@how_many.mistake(said="More cells than vectors")
def more_than_vectors():
    return 3 * VECTORS
