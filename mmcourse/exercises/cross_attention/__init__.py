"""Exercises and quiz of the page `cross_attention`, a module for each."""

from importlib import import_module

# In the order in which they are taught. The registry keeps it; plain imports would be sorted by the linter.
for _part in ("fuse", "values", "pointing", "view", "quiz"):
    import_module(f"{__name__}.{_part}")
