"""Exercises of the page `fusion_choice`, in the order in which they are taught, and its quiz."""

EXERCISES = ("paired", "peeking", "holes", "winner")
