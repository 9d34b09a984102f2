"""Common errors of the page `captioning_decoding`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: The truth value of an array with more than one element is ambiguous",
        why="Something, such as `if`, `while`, `and`, `not`, `max` or `sorted`, asks an array of several numbers for "
        "one yes or no. For a batch say which is meant, `ended.all()` or `ended.any()`; to choose row by row, use "
        "`np.where`.",
        code="""
import numpy as np
ended = np.zeros(2, bool)
for tokens in np.array([[5, 4], [2, 6], [0, 2]]):  # of two captions
    ended = ended | (tokens == 2)
    if ended:
        break
""",
        instead="""
import numpy as np
ended = np.zeros(2, bool)
for tokens in np.array([[5, 4], [2, 6], [0, 2]]):  # of two captions
    ended = ended | (tokens == 2)
    if ended.all():
        break
""",
    ),
    CommonError(
        shows="TypeError: unhashable type: 'list'",
        why="What is counted in a `Counter`, or looked up in a dict or a set, must not change later, and a list can. "
        "An n-gram is a tuple: `tuple(words[i : i + n])`.",
        code="""
from collections import Counter
words = "the star is red".split()
print(Counter(words[i : i + 2] for i in range(3)))
""",
        instead="""
from collections import Counter
words = "the star is red".split()
print(Counter(tuple(words[i : i + 2]) for i in range(3)))
""",
    ),
    CommonError(
        shows="TypeError: The references of an image are a list",
        why="Each candidate is compared with several references, so `references` is a list of lists. With one "
        "reference for each picture every list holds one sentence: `[[one] for one in references]`.",
        code="""
from mmcourse.metrics import caption_scores
said = ["a red star", "two blue circles"]
references = ["there is a red star", "two circles"]
print(caption_scores(said, references)["BLEU-1"])
""",
        instead="""
from mmcourse.metrics import caption_scores
said = ["a red star", "two blue circles"]
references = ["there is a red star", "two circles"]
print(caption_scores(said, [[one] for one in references])["BLEU-1"])
""",
    ),
    CommonError(
        shows="ValueError: Received: a state with arrays of shapes",
        why="From the state `greedy` and `beam_search` learn how many sentences are asked for. A step that remembers "
        "nothing gets an array with a row for each sentence all the same, `np.zeros((n, 1))`, neither None nor a "
        "number.",
        code="""
import numpy as np
from mmcourse.backend import keras
from mmcourse.decoding import greedy
table = keras.ops.convert_to_tensor(np.log(np.full((4, 4), 0.25, "float32")))
def step(tokens, state):
    return keras.ops.take(table, tokens, axis=0), state
tokens, score = greedy(step, None, max_length=3)
""",
        instead="""
import numpy as np
from mmcourse.backend import keras
from mmcourse.decoding import greedy
table = keras.ops.convert_to_tensor(np.log(np.full((4, 4), 0.25, "float32")))
def step(tokens, state):
    return keras.ops.take(table, tokens, axis=0), state
tokens, score = greedy(step, np.zeros((1, 1), "float32"), max_length=3)
""",
    ),
)
