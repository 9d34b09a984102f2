"""What goes wrong in `ranking.pairs`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.ranking.pairs import compared, pairs


@pairs.mistake(
    "Rows of different queries are compared. A picture that is good for one query says nothing here about a picture "
    "that is bad for another."
)
def across_queries(grades, queries):
    return grades[:, None] > grades


@pairs.mistake("Pairs of equal grades are in it, and each row with itself: there is no order to learn.")
def ties(grades, queries):
    return (grades[:, None] >= grades) & (queries[:, None] == queries)


@pairs.mistake("Both directions are True: then nobody learns which of the two is better.")
def both(grades, queries):
    return (grades[:, None] != grades) & (queries[:, None] == queries)


@pairs.mistake("This is upside down: True belongs where row i is the *better* one.")
def turned(grades, queries):
    return (grades[:, None] < grades) & (queries[:, None] == queries)


@pairs.mistake("All pairs of a query are True. Which of the two is better?")
def all_of_a_query(grades, queries):
    return queries[:, None] == queries


@pairs.mistake("Only pairs that are one grade apart. A 3 stands above a 0 as well.")
def next_grade(grades, queries):
    return (grades[:, None] == grades + 1) & (queries[:, None] == queries)


@pairs.mistake("These are the differences of the grades. Asked for is True or False: which of the two stands above?")
def differences(grades, queries):
    return (grades[:, None] - grades) * (queries[:, None] == queries)


@pairs.mistake(said="True and False")
def numbers(grades, queries):
    return np.sign(grades[:, None] - grades) * (queries[:, None] == queries)


@pairs.mistake(
    "Pairs of equal grades are in it: only each row with itself is left out. Of two equal ones neither stands above."
)
def off_the_diagonal(grades, queries):
    return ties(grades, queries) & ~np.eye(len(grades), dtype=bool)


@pairs.mistake("You keep exactly the pairs of *different* queries. Only rows of the same query are compared.")
def other_queries(grades, queries):
    return (grades[:, None] > grades) & (queries[:, None] != queries)


@pairs.mistake("One of the two conditions is enough for you. Both must hold of a pair: `&`, not `|`.")
def either(grades, queries):
    return (grades[:, None] > grades) | (queries[:, None] == queries)


@pairs.mistake(
    "Grades and queries are exchanged: you compare rows of the same *grade* and ask which has the larger query."
)
def exchanged(grades, queries):
    return compared(queries, grades)


@pairs.mistake("Only pairs whose better row stands earlier. The place of a row in the table says nothing.")
def earlier_only(grades, queries):
    return np.triu(compared(grades, queries))


@pairs.mistake("Only pairs whose better row stands later. The place of a row in the table says nothing.")
def later_only(grades, queries):
    return np.tril(compared(grades, queries))


@pairs.mistake("You compare with grade 0 only. A 3 stands above a 1 as well.")
def above_zero(grades, queries):
    return (grades[:, None] > 0) & (grades == 0) & (queries[:, None] == queries)


@pairs.mistake("Only the best rows of a query stand above others here. A 2 stands above a 1 as well.")
def best_only(grades, queries):
    same = queries[:, None] == queries
    best = np.where(same, grades, -1).max(axis=1) == grades
    return best[:, None] & compared(grades, queries)


@pairs.mistake("Only rows that are neighbours in the table are compared. Every pair of a query counts.")
def neighbours(grades, queries):
    n = len(grades)
    return compared(grades, queries) & (np.abs(np.arange(n)[:, None] - np.arange(n)) == 1)


@pairs.mistake("The queries are compared by size. Which number a query has means nothing: are the two the same?")
def larger_query(grades, queries):
    return (grades[:, None] > grades) & (queries[:, None] >= queries)


@pairs.mistake("The queries are compared by size. Which number a query has means nothing: are the two the same?")
def later_query(grades, queries):
    return (grades[:, None] > grades) & (queries[:, None] > queries)


@pairs.mistake("This is a list of the pairs. Return a table `(n, n)` with True at their places.")
def listed(grades, queries):
    return np.argwhere(compared(grades, queries))


@pairs.mistake("Only rows of the first query are compared. Each query has pairs of its own.")
def first_query(grades, queries):
    return compared(grades, queries) & (queries == queries[0])


@pairs.mistake("Queries with neighbouring numbers are taken for one. Only rows of the *same* query are compared.")
def near_queries(grades, queries):
    return (grades[:, None] > grades) & (np.abs(queries[:, None] - queries) <= 1)


@pairs.mistake("Others stand only above the worst row of a query. A 2 stands above a 1 as well.")
def above_the_worst(grades, queries):
    worst = np.array([grades[queries == query].min() for query in queries])
    return compared(grades, queries) & (grades == worst)


@pairs.mistake("Rows of grade 1 or less stand above nothing. A 1 stands above a 0 of the same query.")
def above_one(grades, queries):
    return compared(grades, queries) & (grades > 1)[:, None]


@pairs.mistake("Rows of grade 0 or less stand above nothing. Of two grades below 0 the larger one stands above, too.")
def none_below_zero(grades, queries):
    return compared(grades, queries) & (grades > 0)[:, None]


@pairs.mistake("The grades lost their signs. A grade below 0 is less than 0.")
def without_signs(grades, queries):
    return compared(np.abs(grades), queries)


@pairs.mistake("The rows were sorted by query first. Row i of the table is row i as it came.")
def sorted_by_query(grades, queries):
    order = np.argsort(queries, kind="stable")
    return compared(grades[order], queries[order])


@pairs.mistake("Only rows of the largest query are compared. Each query has pairs of its own.")
def largest_query(grades, queries):
    return compared(grades, queries) & (queries == np.bincount(queries).argmax())


@pairs.mistake("Pairs that are one grade apart are left out. A 2 stands above a 1 as well.")
def far_apart(grades, queries):
    return compared(grades, queries) & (grades[:, None] - grades > 1)


@pairs.mistake("Each row stands above itself in your table. Leave the diagonal False: the grade is the same.")
def above_itself(grades, queries):
    return compared(grades, queries) | np.eye(len(grades), dtype=bool)


@pairs.mistake("A row stands only above those of the next lower grade. It stands above all that are lower.")
def next_lower(grades, queries):
    table = compared(grades, queries)
    return table & ~(table.astype(int) @ table > 0)


@pairs.mistake("The rows were sorted by grade first. Row i of the table is row i as it came.")
def sorted_by_grade(grades, queries):
    order = np.argsort(-grades, kind="stable")
    return compared(grades[order], queries[order])


@pairs.mistake("Rows of grade 0 have nothing above them. They are what a 1 stands above, too.")
def nothing_above_zero(grades, queries):
    return compared(grades, queries) & (grades > 0)


@pairs.mistake(
    "Each two of different grades are True once, at the place above the diagonal, whichever is better. True belongs in "
    "the row of the *better* one."
)
def once_each(grades, queries):
    return np.triu((grades[:, None] != grades) & (queries[:, None] == queries))


@pairs.mistake("You compare with the mean grade: rows above it with those below. A 3 stands above a 2 as well.")
def above_the_mean(grades, queries):
    good = grades > grades.mean()
    return good[:, None] & ~good & (queries[:, None] == queries)
