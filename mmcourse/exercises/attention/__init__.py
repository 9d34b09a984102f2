"""Exercises of the page `attention`, in the order in which they are taught, and its quiz."""

EXERCISES = ("attend", "words", "policy", "relu")
