"""Exercises of the page `modalities_challenges`, in the order in which they are taught, and its quiz."""

EXERCISES = ("bridge", "ranks", "importance")
