"""Exercises of the page `graphical`, in the order in which they are taught, and its quiz."""

EXERCISES = ("cause", "fuse", "count", "wash")
