"""Exercises of the page `preparation`, in the order in which they are taught, and its quiz."""

EXERCISES = ("standardise", "split_speakers", "selection", "dropping")
