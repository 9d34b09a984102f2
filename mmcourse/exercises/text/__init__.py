"""Exercises of the page `text`, in the order in which they are taught, and its quiz."""

EXERCISES = ("tf_idf", "unknown", "negatives", "orders")
