"""Exercises of the page `video`, in the order in which they are taught, and its quiz."""

EXERCISES = ("differences", "sample", "width", "fold", "stripes")
