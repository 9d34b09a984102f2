"""Exercise `product_search.together`: who bought this also bought that."""

import numpy as np

from mmcourse.exercises import Exercise, case

together = Exercise(
    "product_search.together",
    kind="implement",
    title="Who bought this also bought that",
    returns="a score for each customer and item",
    otherwise=(
        "A score is the sum, over what the customer bought, of (buyers of both items) / (root of the product of their "
        "numbers of buyers, plus `shrink`), and 0 for the item itself."
    ),
    task=(
        "Write `also_bought(bought, shrink)`, as in {eq}`eq-product-together`, in NumPy. `bought` `(u, m)` holds 1.0 "
        "where a customer bought an item, else 0.0. The similarity of two different items is the number of customers "
        "who bought both, divided by (the root of the product of their numbers of buyers, plus `shrink`); of an item "
        "with itself it is 0. Return `(u, m)`: for each customer and item the sum of that item's similarities with all "
        "that the customer bought, also for items that the customer has. `shrink` is above 0; there may be items that "
        "nobody bought, and customers who bought nothing."
    ),
    hints=(
        "How many customers bought both i and j? That is a product of two columns, summed. All pairs at once are a "
        "matrix product. What stands on its diagonal?",
        "`both = bought.T @ bought`, `n = np.diag(both)`, `similar = both / (np.sqrt(np.outer(n, n)) + shrink)`, then "
        "`np.fill_diagonal(similar, 0)` and `bought @ similar`.",
    ),
    plan=(
        "Count for each pair of items the customers who bought both, and for each item its buyers.",
        "Divide by the root of the product of both numbers of buyers, plus the shrink.",
        "Set the similarity of an item with itself to 0.",
        "Sum, for each customer, over the items bought: a matrix product.",
    ),
    minutes=10,
    difficulty=2,
    importance=3,
)


@together.solved_by
def also_bought(bought, shrink):
    """0 and 1 (u, m), a number -> scores (u, m)."""
    both = bought.T @ bought  # (m, m)
    n = np.diag(both)
    similar = both / (np.sqrt(np.outer(n, n)) + shrink)
    np.fill_diagonal(similar, 0)
    return bought @ similar


def _table(rng, u, m):
    """Purchases of items that differ in how often they sell. Two customers have several, the first two items sell to
    many."""
    bought = (rng.random((u, m)) < rng.uniform(0.3, 0.7, m)).astype("float64")
    bought[: (u + 1) // 2, :2], bought[0], bought[-1, 2:4] = 1, 1, 1
    return bought


@together.cases
def _(rng):
    for u, m, shrink in ((11, 7, 0.7), (6, 9, 2.0), (8, 5, 10.0), (7, 7, 1.0)):
        yield case(_table(rng, u, m), shrink * float(rng.uniform(1, 1.3)))
    yield case(_table(rng, 9, 4), 0.01)
    bought = _table(rng, 10, 6)
    bought[:, int(rng.integers(2, 6))] = 0
    yield case(bought, 0.8, when="where an item has no buyer")
    bought = _table(rng, 9, 6)
    bought[int(rng.integers(5, 8))] = 0
    yield case(bought, 1.5, when="where a customer has bought nothing")
    bought = _table(rng, 7, 5)
    bought[:, 3] = bought[:, 0]
    yield case(bought, 0.5, when="where two items have the same buyers")
    yield case(np.array([[1.0, 1, 0, 1]]), 3.0, when="with one customer")
    yield case(np.array([[1.0], [0], [1]]), 2.0, when="with one item, which is like no other")


@together.oracle
def _(bought, shrink):
    u, m = bought.shape
    buyers = [{v for v in range(u) if bought[v, j]} for j in range(m)]
    wanted = np.zeros((u, m))
    for v in range(u):
        for j in range(m):
            for i in range(m):
                if i != j and v in buyers[i]:
                    root = (len(buyers[i]) * len(buyers[j])) ** 0.5
                    wanted[v, j] += len(buyers[i] & buyers[j]) / (root + shrink)
    return wanted
