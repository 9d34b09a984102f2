"""Medians of repeated runs."""

import statistics
import time


def median_seconds(function, repeats=5, warm_up=1):
    """The median time of ``function()`` over ``repeats`` runs, after ``warm_up`` runs that do not count."""
    for _ in range(warm_up):
        function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
