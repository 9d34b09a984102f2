"""Exercises of the page `image_objects`, in the order in which they are taught, and its quiz."""

EXERCISES = ("overlap", "suppress", "precision")
