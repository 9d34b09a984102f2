"""Exercises of the page `autoencoder`, in the order in which they are taught, and its quiz."""

EXERCISES = ("meeting", "named", "third", "line")
