"""Exercises of the page `fusion_levels`, in the order in which they are taught, and its quiz."""

EXERCISES = ("decide", "tile", "lose")
