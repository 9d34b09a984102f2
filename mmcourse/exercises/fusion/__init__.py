"""Exercises of the page `fusion`, in the order in which they are taught, and its quiz."""

EXERCISES = ("weighted", "query", "low_rank", "three")
