"""Exercises of the page `contrastive`, in the order in which they are taught, and its quiz."""

EXERCISES = ("loss", "hardest", "classify", "temperature")
