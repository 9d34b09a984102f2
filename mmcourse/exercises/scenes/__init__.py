"""Exercises of the page `scenes`, in the order in which they are taught, and its quiz."""

EXERCISES = ("boxes", "split", "negatives", "mixture")
