"""Exercises of the page `modalities_tasks`, in the order in which they are taught, and its quiz."""

EXERCISES = ("multilabel", "choose", "constant")
