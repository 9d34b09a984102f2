"""What goes wrong in `ranking.deep`: planted mistakes with their messages."""

import math

from mmcourse.exercises.ranking.deep import RIGHT, deep


@deep.mistake(said="One candidate leaves")
def one():
    return 1


@deep.mistake(said="gains more recall than it costs")
def few():
    return 5


@deep.mistake(said="gains more recall than it costs")
def half_of_all_recalled():
    return math.ceil(math.log(0.5) / math.log(0.8))


@deep.mistake(said="gains more recall than it costs")
def as_many_as_their_mean_place():
    return int(1 / 0.2)


@deep.mistake(said="gains more recall than it costs")
def nine_of_ten_recalled():
    return math.floor(math.log(0.1) / math.log(0.8))


@deep.mistake(said="Too deep")
def nearly_all_recalled():
    return math.ceil(math.log(0.01) / math.log(0.8))


@deep.mistake(said="Too deep")
def more():
    return 30


@deep.mistake(said="Recall is nearly 1")
def every_second_query_fooled():
    return round(math.log(0.5) / math.log(0.99)) + 1


@deep.mistake(said="Recall is nearly 1")
def recall_alone():
    return 100


@deep.mistake(said="Recall is nearly 1")
def everything():
    return 200_000


@deep.mistake(said="a whole number from 1")
def share():
    return (1 - 0.8**RIGHT) * 0.99 ** (RIGHT - 1)


@deep.mistake(said="a whole number from 1")
def none():
    return 0


@deep.mistake(said="a whole number from 1")
def depth_below_zero():
    return -RIGHT
