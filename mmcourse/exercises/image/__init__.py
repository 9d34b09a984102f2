"""Exercises of the page `image`, in the order in which they are taught, and its quiz."""

EXERCISES = ("convolve", "prepare", "pool", "tune")
