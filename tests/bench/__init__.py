"""Benchmarks: ``make bench``. Ratios within one run, medians of several repeats; no test fails because of a timing.

Each function below returns rows (name, value, unit, note). What they print is also written to
``book/results/bench.json``, with the versions and the machine.
"""
