"""What goes wrong in `text.orders`: planted mistakes with their messages."""

import itertools
import math

from mmcourse.exercises.text.orders import count_orders, orders

WORDS = ["a", "red", "circle", "is", "above", "a", "blue", "circle"]
ORDERS = math.factorial(len(WORDS))


@orders.mistake("This is 8!, as if all words were different. Exchange the two `a`, and the sentence is the same.")
def all_different():
    return ORDERS


@orders.mistake("This is 8! / 2: it allows for one word that stands there twice. There are two such words.")
def one_repeated():
    return ORDERS // 2


@orders.mistake(
    "This is 8! / 6. Two words stand there twice: divide by 2! for each of them, and multiply what you divide by."
)
def divided_by_six():
    return ORDERS // 6


@orders.mistake(
    "This is 7!, or 8! / 8. Which words stand there twice, and in how many ways can each pair be exchanged?"
)
def divided_by_eight():
    return ORDERS // 8


@orders.mistake(
    "This is 8! / 4!. Four of the words stand there twice, but they are two and two: only equal words can be exchanged."
)
def divided_by_four_factorial():
    return ORDERS // math.factorial(4)


@orders.mistake("You divided too often: only the two pairs of equal words ask for it, each by 2!.")
def divided_by_sixteen():
    return ORDERS // 16


@orders.mistake("This is 6!, the orders of the six *different* words. The caption has eight places to fill.")
def distinct_words():
    return math.factorial(len(set(WORDS)))


@orders.mistake("This is 6⁸: any of the six words at each place. A bag also knows how often each word is there.")
def any_words():
    return len(set(WORDS)) ** len(WORDS)


@orders.mistake("This is 8⁸: it uses a word again and again. Each stands there as often as in the caption.")
def with_repetition():
    return len(WORDS) ** len(WORDS)


@orders.mistake("Two is the number of sensible captions, perhaps. A bag does not know what is sensible: count all.")
def sensible():
    return 2


@orders.mistake("Four is in how many ways equal words can be exchanged: so often each sentence is counted in 8!.")
def exchanges():
    return 4


@orders.mistake("One would mean that a bag keeps the order. Write the words on slips of paper and shake the bag.")
def one():
    return 1


@orders.mistake("The caption itself has this bag too: count it.")
def without_itself():
    return count_orders() - 1


@orders.mistake("Eight is the number of words. Each of their orders is another sequence.")
def words():
    return len(WORDS)


@orders.mistake("Six is the number of different words. How many sequences can all eight form?")
def different_words():
    return len(set(WORDS))


@orders.mistake(
    "That is how many pairs of words there are. Exchanging two words is only one of the ways to another order."
)
def pairs():
    return math.comb(len(WORDS), 2)


@orders.mistake("You left out the `a`: a bag of words keeps it.")
def without_articles():
    rest = [word for word in WORDS if word != "a"]
    return len(set(itertools.permutations(rest)))


@orders.mistake(
    "This is 8 · 7, or 8! / 6!: the ways to place *two* words. All eight are to be placed, equal ones counted once."
)
def two_places():
    return len(WORDS) * (len(WORDS) - 1)


@orders.mistake("You took a few orders away from 8!. Each sequence is counted there several times: divide.")
def two_taken_away():
    return ORDERS - 2


@orders.mistake("You took a few orders away from 8!. Each sequence is counted there several times: divide.")
def four_taken_away():
    return ORDERS - 4


@orders.mistake("This is 2⁸, the number of choices of some of the eight places. Asked is in how many orders all stand.")
def choices():
    return 2 ** len(WORDS)


@orders.mistake("This is 8²: one word after each other one. All eight are to be placed, equal ones counted once.")
def square():
    return len(WORDS) ** 2


@orders.mistake("This is 8! / (2! · 3!): but no word stands there three times.")
def divided_by_twelve():
    return ORDERS // 12


@orders.mistake("This is 8! / 3. Two words stand there twice: divide by 2! for each of them.")
def divided_by_three():
    return ORDERS // 3


@orders.mistake(
    "In so many ways the places of the two pairs of equal words can be chosen. The other words have an order, too."
)
def places_of_the_pairs():
    return math.comb(len(WORDS), 2) * math.comb(len(WORDS) - 2, 2)


@orders.mistake("You counted the caption itself twice: it is one of the orders already.")
def itself_twice():
    return count_orders() + 1


@orders.mistake("You divided too often: only the two pairs of equal words ask for it, each by 2!.")
def divided_by_thirty_two():
    return ORDERS // 32


@orders.mistake("This is 9!. The caption has eight words, and two of them stand there twice.")
def nine():
    return ORDERS * 9


@orders.mistake("This is 4!, the orders of four words. All eight words of the caption are to be placed.")
def four_words():
    return math.factorial(4)


@orders.mistake("This is 4², or 2⁴. All eight words are to be placed, equal ones counted once.")
def sixteen():
    return 16


@orders.mistake("You multiplied 8! by 4. Equal words make *fewer* different sequences: divide.")
def multiplied():
    return ORDERS * 4
