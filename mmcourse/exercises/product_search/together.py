"""Exercise `product_search.together`: who bought this also bought that."""

import numpy as np

from mmcourse.exercises import Exercise, expect

together = Exercise(
    "product_search.together",
    kind="implement",
    title="Who bought this also bought that",
    task=(
        "Write `also_bought(bought, shrink)`, as in {eq}`eq-product-together`, in NumPy. `bought` `(u, m)` holds 1.0 "
        "where a customer bought an item, else 0.0. The similarity of two different items is the number of customers "
        "who bought both, divided by (the root of the product of their numbers of buyers, plus `shrink`); of an item "
        "with itself it is 0. Return `(u, m)`: for each customer and item the sum of that item's similarities with all "
        "that the customer bought. `shrink` is above 0."
    ),
    hints=(
        "How many customers bought both i and j? That is a product of two columns, summed. All pairs at once are a "
        "matrix product. What stands on its diagonal?",
        "`both = bought.T @ bought`, `n = np.diag(both)`, `similar = both / (np.sqrt(np.outer(n, n)) + shrink)`, then "
        "`np.fill_diagonal(similar, 0)` and `bought @ similar`.",
    ),
)


@together.solved_by
def also_bought(bought, shrink):
    """0 and 1 (u, m), a number -> scores (u, m)."""
    both = bought.T @ bought  # (m, m)
    n = np.diag(both)
    similar = both / (np.sqrt(np.outer(n, n)) + shrink)
    np.fill_diagonal(similar, 0)
    return bought @ similar


def _similar(bought, shrink=0.0, itself=False):
    both = bought.T @ bought
    n = np.diag(both)
    similar = both / np.maximum(np.sqrt(np.outer(n, n)) + shrink, 1e-12)
    return similar if itself else similar * (1 - np.eye(len(n)))


@together.check
def _(answer, rng):
    u, m = 11, 7
    bought = (rng.random((u, m)) < rng.uniform(0.3, 0.7, m)).astype("float64")
    bought[:6, :2], bought[0], bought[1, 2:5] = [1, 1], 1, 1  # two items that many have, and two who have several
    bought[2:, 6] = bought[:2, 6] = 0  # one that nobody has
    bought[-1] = 0  # and somebody who has nothing
    shrink = float(rng.uniform(0.5, 3))
    buyers = [set(np.flatnonzero(column)) for column in bought.T]
    wanted = np.zeros((u, m))
    for v in range(u):  # the oracle, by sets
        for j in range(m):
            for i in range(m):
                if i != j and v in buyers[i]:
                    root = (len(buyers[i]) * len(buyers[j])) ** 0.5
                    wanted[v, j] += len(buyers[i] & buyers[j]) / (root + shrink)
    got = expect.array(expect.pure(answer, bought, shrink), (u, m), "a score for each customer and item")
    both = bought.T @ bought
    off = 1 - np.eye(m)
    for value, message in (
        (
            bought @ _similar(bought, shrink, itself=True),
            "An item is most like itself, so what the customer has comes first. Set the diagonal to 0.",
        ),
        (
            bought @ (both * off),
            "These are plain counts: what sells most is then alike to everything. Divide by the root and the shrink.",
        ),
        (bought @ _similar(bought), "Where is `shrink`? Without it, two items that one customer bought are twins."),
        (
            bought @ (both / (np.outer(np.diag(both), np.diag(both)) + shrink) * off),
            "The root is missing: you divide by the product of the numbers of buyers.",
        ),
        (
            bought @ (both / (np.sqrt(np.outer(np.diag(both), np.diag(both)) + shrink)) * off),
            "The shrink stands inside the root. It is added after it.",
        ),
        (
            np.where(bought > 0, 0.0, bought @ _similar(bought, shrink)),
            "What a customer has already got scores 0 here. Leaving that out is for later; asked for is the sum.",
        ),
    ):
        expect.differs(got, value, message)
    expect.close(got, wanted, "Sum of the similarities with all that the customer bought.")


@together.mistake("Set the diagonal to 0")
def itself(bought, shrink):
    return bought @ _similar(bought, shrink, itself=True)


@together.mistake("plain counts")
def counts(bought, shrink):
    return bought @ (bought.T @ bought * (1 - np.eye(bought.shape[1])))


@together.mistake("Where is `shrink`?")
def no_shrink(bought, shrink):
    return bought @ _similar(bought)


@together.mistake("The root is missing")
def no_root(bought, shrink):
    both = bought.T @ bought
    n = np.diag(both)
    return bought @ (both / (np.outer(n, n) + shrink) * (1 - np.eye(len(n))))


@together.mistake("inside the root")
def shrink_in_root(bought, shrink):
    both = bought.T @ bought
    n = np.diag(both)
    return bought @ (both / np.sqrt(np.outer(n, n) + shrink) * (1 - np.eye(len(n))))


@together.mistake("a score for each customer and item")
def of_customers(bought, shrink):
    return bought @ bought.T


@together.mistake("has already got")
def without_owned(bought, shrink):
    return np.where(bought > 0, 0.0, bought @ _similar(bought, shrink))
