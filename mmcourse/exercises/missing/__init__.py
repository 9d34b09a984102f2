"""Exercises of the page `missing`, in the order in which they are taught, and its quiz."""

EXERCISES = ("rate", "drop", "average", "ceiling")
