"""Exercises of the page `captioning_attention`, in the order in which they are taught, and its quiz."""

EXERCISES = ("to_go", "gumbel", "penalty", "quietest")
