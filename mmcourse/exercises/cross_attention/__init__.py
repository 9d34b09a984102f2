"""Exercises of the page `cross_attention`, in the order in which they are taught, and its quiz."""

EXERCISES = ("fuse", "values", "pointing", "view")
