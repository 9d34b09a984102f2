"""Exercises and quiz of the page `retrieval_index`, a module for each."""

from importlib import import_module

# In the order in which they are taught. The registry keeps it; plain imports would be sorted by the linter.
for _part in ("blocks", "lengths", "whole", "cells", "quiz"):
    import_module(f"{__name__}.{_part}")
