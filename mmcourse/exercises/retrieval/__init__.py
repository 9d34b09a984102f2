"""Exercises of the page `retrieval`, in the order in which they are taught, and its quiz."""

EXERCISES = ("ranks", "last", "hardest", "paired")
