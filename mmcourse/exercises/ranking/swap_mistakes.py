"""What goes wrong in `ranking.swap`: planted mistakes with their messages."""

import math

import numpy as np

from mmcourse.exercises.ranking.swap import best, change_of, dcg, exchanged, share, swap, swap_gain


@swap.mistake("This is the change of DCG. nDCG is divided by the DCG of the best order.")
def not_normalised(grades, i, j):
    return abs(change_of(grades, i, j))


@swap.mistake(
    "The change is measured against the DCG of the list as it is. The best order is the measure, before the exchange "
    "and after it: sort the grades first."
)
def by_the_given(grades, i, j):
    return share(abs(change_of(grades, i, j)), dcg(grades))


@swap.mistake("You divide by the DCG of the *worst* order: `np.sort` begins with the smallest.")
def by_the_worst(grades, i, j):
    return share(abs(change_of(grades, i, j)), dcg(sorted(grades)))


@swap.mistake("Where are the places? An exchange of first and second is worth more than one of sixth and last.")
def without_places(grades, i, j):
    return share(abs(grades[i] - grades[j]), dcg(best(grades)))


@swap.mistake("Where are the grades? Two equal items may change places for nothing.")
def without_grades(grades, i, j):
    return share(abs(1 / math.log2(i + 2) - 1 / math.log2(j + 2)), dcg(best(grades)))


@swap.mistake("These are gains of 2^grade - 1. Here the gain of an item is its grade: that of grade 3 is 3.")
def exponential(grades, i, j):
    return swap_gain(2.0**grades - 1, i, j)


@swap.mistake("The discount is 1 / log₂(place + 1), not 1 / place.")
def reciprocal(grades, i, j):
    change = (grades[i] - grades[j]) * (1 / (i + 1) - 1 / (j + 1))
    return share(abs(change), dcg(best(grades)))


@swap.mistake("The discount is 1 / log₂(place + 1), not 1 / place.")
def reciprocal_throughout(grades, i, j):
    change = (grades[i] - grades[j]) * (1 / (i + 1) - 1 / (j + 1))
    return share(abs(change), sum(g / (place + 1) for place, g in enumerate(best(grades))))


@swap.mistake("The logarithm is missing: the discount is 1 / log₂(place + 1), not 1 / (place + 1).")
def without_logarithm(grades, i, j):
    change = (grades[i] - grades[j]) * (1 / (i + 2) - 1 / (j + 2))
    return share(abs(change), sum(g / (place + 2) for place, g in enumerate(best(grades))))


@swap.mistake("The discounts begin too late: the first place counts 1 / log₂ 2 = 1. Indices begin at 0.")
def late(grades, i, j):
    return share(abs(change_of(grades, i, j, shift=3)), dcg(best(grades), shift=3))


@swap.mistake("The logarithm of the first place is 0, and you divide by it. Index 0 is place 1: 1 / log₂(1 + 1).")
def infinite(grades, i, j):
    discount = np.divide(1, np.log2(np.arange(len(grades)) + 1))
    ideal = np.sort(grades)[::-1] @ discount
    return abs((grades[i] - grades[j]) * (discount[i] - discount[j])) / ideal if ideal > 0 else 0.0


@swap.mistake("You multiply by the logarithms. A discount is 1 / log₂(place + 1): it falls from place to place.")
def rising(grades, i, j):
    logarithm = np.log2(np.arange(len(grades)) + 2)
    change = (grades[i] - grades[j]) * (logarithm[i] - logarithm[j])
    return share(abs(change), np.sort(grades)[::-1] @ logarithm)


@swap.mistake("You multiply by the DCG of the best order. Divide by it.")
def multiplied(grades, i, j):
    return abs(change_of(grades, i, j)) * dcg(best(grades))


@swap.mistake(
    "You take `i` and `j` for places that are counted from 1. They are indices, from 0: the discount of index 0 is 1 / "
    "log₂ 2."
)
def early(grades, i, j):
    discount = 1 / np.log2(np.arange(len(grades)) + 2)
    return share(abs((grades[i] - grades[j]) * (discount[i - 1] - discount[j - 1])), dcg(best(grades)))


@swap.mistake("Where the exchange makes the list worse, your answer is negative. Asked for is the size.")
def signed(grades, i, j):
    return share(change_of(grades, i, j), dcg(best(grades)))


@swap.mistake("Where the exchange makes the list better, your answer is negative. Asked for is the size.")
def signed_otherwise(grades, i, j):
    return share(-change_of(grades, i, j), dcg(best(grades)))


@swap.mistake("Where the exchange makes the list worse, your answer is 0. That change is one as well: take its size.")
def gains_only(grades, i, j):
    return max(signed(grades, i, j), 0.0)


@swap.mistake("In a list without a grade above 0 the best DCG is 0. Do not divide by it: return 0.")
def zero_by_zero(grades, i, j):
    return np.divide(abs(change_of(grades, i, j)), dcg(best(grades)))


@swap.mistake("This is the nDCG of the list after the exchange. By how much is it another than before?")
def after(grades, i, j):
    return share(dcg(exchanged(grades, i, j)), dcg(best(grades)))


@swap.mistake("This is the nDCG of the list as it is. By how much does the exchange change it?")
def before(grades, i, j):
    return share(dcg(grades), dcg(best(grades)))


@swap.mistake("The two discounts are added. What counts is how far they are apart.")
def discounts_added(grades, i, j):
    discount = 1 / np.log2(np.arange(len(grades)) + 2)
    return share(abs(grades[i] - grades[j]) * (discount[i] + discount[j]), dcg(best(grades)))


@swap.mistake(
    "You discount the distance of the two places. Take the discount of each place, and then the difference: an "
    "exchange at the top is worth more than one at the end."
)
def distance(grades, i, j):
    return share(abs(grades[i] - grades[j]) / math.log2(abs(i - j) + 2), dcg(best(grades)))


@swap.mistake("`i` and `j` are indices of the list as it stands. You exchange places of the *sorted* list.")
def sorted_before(grades, i, j):
    return swap_gain(np.sort(grades)[::-1], i, j)


@swap.mistake(
    "Only the place `i` counts here. At `j` the gain is another as well (in code both are written at once: `a[i], a[j] "
    "= a[j], a[i]`)."
)
def only_i(grades, i, j):
    return share(abs(grades[i] - grades[j]) / math.log2(i + 2), dcg(best(grades)))


@swap.mistake("Only the place `j` counts here. At `i` the gain is another as well.")
def only_j(grades, i, j):
    return share(abs(grades[i] - grades[j]) / math.log2(j + 2), dcg(best(grades)))


@swap.mistake(
    "In your exchange one of the two grades is lost: it is overwritten before it is read. Write both at once, `a[i], "
    "a[j] = a[j], a[i]`."
)
def overwritten(grades, i, j):
    other = grades.copy()
    other[i] = other[j]
    return abs(share(dcg(other), dcg(best(other))) - share(dcg(grades), dcg(best(grades))))


@swap.mistake("The item is taken out and put in at the other place, so all between them move. Exchange the two alone.")
def moved(grades, i, j):
    other = np.insert(np.delete(grades, i), j, grades[i])
    return share(abs(dcg(other) - dcg(grades)), dcg(best(grades)))


@swap.mistake("`argsort` gives places, not grades: the best order is `np.sort(grades)[::-1]`.")
def places_for_grades(grades, i, j):
    return share(abs(change_of(grades, i, j)), dcg(np.argsort(-grades)))


@swap.mistake(
    "Here the first and the second place count alike. The discount is 1 / log₂(place + 1), from the first on."
)
def two_firsts(grades, i, j):
    discount = 1 / np.log2(np.maximum(np.arange(len(grades)) + 1, 2))
    return share(abs((grades[i] - grades[j]) * (discount[i] - discount[j])), np.sort(grades)[::-1] @ discount)


@swap.mistake("You divide by the sum of the grades. nDCG is divided by the DCG of the best order: discount them, too.")
def by_the_sum(grades, i, j):
    return share(abs(change_of(grades, i, j)), sum(grades))


@swap.mistake(
    "The best order is that of the whole list, not of the two alone: all grades belong into what you divide by."
)
def by_the_two(grades, i, j):
    return share(abs(change_of(grades, i, j)), dcg(best([grades[i], grades[j]])))


@swap.mistake("The best order is the measure, not the list after the exchange: sort the grades.")
def by_dcg_after(grades, i, j):
    return share(abs(change_of(grades, i, j)), dcg(exchanged(grades, i, j)))


@swap.mistake("You take `i` and `j` for places from 1. They are indices, from 0.")
def counted_from_one(grades, i, j):
    return swap_gain(grades, i - 1, j - 1)


@swap.mistake("You cut the list behind the lower of the two. The best order is that of the *whole* list.")
def cut_behind(grades, i, j):
    return swap_gain(grades[: max(i, j) + 1], i, j)


@swap.mistake("You count an item as relevant or not. Its gain is its grade.")
def relevant_or_not(grades, i, j):
    return swap_gain(np.sign(grades), i, j)


@swap.mistake("You divide by the largest grade. nDCG is divided by the DCG of the best order, all its items.")
def by_largest(grades, i, j):
    discount = 1 / np.log2(np.arange(len(grades)) + 2)
    return share(abs((grades[i] - grades[j]) * (discount[i] - discount[j])), max(grades))


@swap.mistake("You took the difference of the logarithms. A discount is *one divided by* the logarithm.")
def difference_of_logarithms(grades, i, j):
    change = (grades[i] - grades[j]) * (np.log2(i + 2) - np.log2(j + 2))
    return share(abs(change), dcg(best(grades)))


@swap.mistake("The grades are rounded down to whole numbers. They may be any numbers from 0.")
def grades_rounded_down(grades, i, j):
    return swap_gain(np.floor(grades), i, j)


@swap.mistake("Your result is rounded. Round nothing.")
def rounded(grades, i, j):
    return round(float(swap_gain(grades, i, j)), 4)


@swap.mistake("You say 0 where one of the two has the grade 0. The exchange moves the other one all the same.")
def zero_with_one_zero(grades, i, j):
    return swap_gain(grades, i, j) if grades[i] and grades[j] else 0.0


@swap.mistake("The two discounts have the natural logarithm, the best DCG that to the base 2. Take log₂ in both.")
def two_bases(grades, i, j):
    return swap_gain(grades, i, j) / math.log(2)


@swap.mistake("You take the grade of one of the two. What changes is the *difference* of the grades.")
def one_grade(grades, i, j):
    return swap_gain(grades, i, j) * share(grades[i], abs(grades[i] - grades[j]))


@swap.mistake("You take the grade of one of the two. What changes is the *difference* of the grades.")
def other_grade(grades, i, j):
    return swap_gain(grades, i, j) * share(grades[j], abs(grades[i] - grades[j]))


@swap.mistake("The changes of the two places are added up without their signs. One gains what the other loses in part.")
def without_signs(grades, i, j):
    return swap_gain(grades, i, j) * share(grades[i] + grades[j], abs(grades[i] - grades[j]))


@swap.mistake("1 is added to the best DCG. Only where it is 0 needs it care.")
def one_added(grades, i, j):
    return share(abs(change_of(grades, i, j)), 1 + dcg(best(grades)))


@swap.mistake("A best DCG below 1 counts as 1. Only 0 needs care: divide by all others as they are.")
def at_least_one(grades, i, j):
    return abs(change_of(grades, i, j)) / max(dcg(best(grades)), 1)


@swap.mistake("You say 0 where the *first* of the list has the grade 0. Only a list without any grade above 0 gets 0.")
def zero_with_first_zero(grades, i, j):
    return swap_gain(grades, i, j) if grades[0] > 0 else 0.0


@swap.mistake("You say 0 where the *last* of the list has the grade 0. Only a list without any grade above 0 gets 0.")
def zero_with_last_zero(grades, i, j):
    return swap_gain(grades, i, j) if grades[-1] > 0 else 0.0


@swap.mistake("The list is cut off behind the later of the two places. Asked for is the nDCG of the *whole* list.")
def cut_off(grades, i, j):
    return share(abs(change_of(grades, i, j)), dcg(best(grades)[: max(i, j) + 1]))


@swap.mistake("A small number is added to the best DCG. Divide by it as it is, and return 0 where it is 0.")
def little_added(grades, i, j):
    return abs(change_of(grades, i, j)) / (dcg(best(grades)) + 1e-6)


@swap.mistake("A small number is added to the best DCG. Divide by it as it is, and return 0 where it is 0.")
def more_added(grades, i, j):
    return abs(change_of(grades, i, j)) / (dcg(best(grades)) + 1e-4)


@swap.mistake("Where `i` is larger than `j` your answer is negative. The two come in any order: take the size.")
def signed_by_order(grades, i, j):
    return swap_gain(grades, i, j) * (-1 if i > j else 1)


@swap.mistake("Where `i` is larger than `j` your answer is 0. The two come in any order.")
def zero_in_other_order(grades, i, j):
    return swap_gain(grades, i, j) if i <= j else 0.0


@swap.mistake("The discount is that of the upper place alone. What changes is the *difference* of the two discounts.")
def upper_discount(grades, i, j):
    change = abs(grades[i] - grades[j]) / math.log2(min(i, j) + 2) if i != j else 0.0
    return share(change, dcg(best(grades)))


@swap.mistake("The best DCG has gains of 2^grade - 1, the change has not. Here every gain is the grade itself.")
def exponential_below(grades, i, j):
    return share(abs(change_of(grades, i, j)), dcg(best(grades), gain=lambda g: 2.0**g - 1))
