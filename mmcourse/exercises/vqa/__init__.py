"""Exercises of the page `vqa`, in the order in which they are taught, and its quiz."""

EXERCISES = ("commonest", "hops", "coattend", "how_many")
