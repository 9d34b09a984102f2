"""Exercises of the page `product_search`, in the order in which they are taught, and its quiz."""

EXERCISES = ("changed", "together", "popular", "lot")
