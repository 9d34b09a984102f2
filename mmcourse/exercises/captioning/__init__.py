"""Exercises of the page `captioning`, in the order in which they are taught, and its quiz."""

EXERCISES = ("shift", "loss", "attend", "why")
