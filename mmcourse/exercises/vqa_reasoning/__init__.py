"""Exercises of the page `vqa_reasoning`, in the order in which they are taught, and its quiz."""

EXERCISES = ("pairs", "film", "relate", "area")
