"""Exercises of the page `audio`, in the order in which they are taught, and its quiz."""

EXERCISES = ("spectrum", "cepstrum", "direction", "leak")
