"""Exercises of the page `ranking`, in the order in which they are taught, and its quiz."""

EXERCISES = ("pairs", "swap", "scales", "deep")
