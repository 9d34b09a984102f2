"""Exercises of the page `modalities`, in the order in which they are taught, and its quiz."""

EXERCISES = ("ceiling", "blind", "scales", "witness")
