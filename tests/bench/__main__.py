"""Run every benchmark, print a table, and write it to book/results/bench.json."""

import math
import sys
import time

from mmcourse.experiments import results
from tests.bench import attention, captioning, retrieval, world

BENCHMARKS = (
    attention.attention_speed,
    captioning.decoding_speed,
    captioning.scoring_speed,
    captioning.training_speed,
    retrieval.index_speed,
    world.scenes_speed,
    world.modalities_speed,
    world.import_time,
)


def main(names):
    """Run the benchmarks whose names contain one of ``names`` (none: all)."""
    chosen = [b for b in BENCHMARKS if not names or any(name in b.__name__ for name in names)]
    start, figures, units = time.perf_counter(), {}, {}
    for benchmark in chosen:
        print(f"\n{benchmark.__doc__.strip().splitlines()[0]}", flush=True)
        for name, value, unit, note in benchmark():
            shown = "–" if math.isnan(value) else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
            print(f"  {name:<52} {shown:>9} {unit:<9} {note}", flush=True)
            if not math.isnan(value):
                figures.setdefault(benchmark.__name__, {})[name] = results.figure(value)
                units[name] = f"{unit}; {note}".strip("; ")
    if not names:
        path = results.write_results(
            "bench", "speed", figures, name="bench", command="make bench", seeds=[0], data_hash="made by the benchmark",
            minutes=(time.perf_counter() - start) / 60, settings={"units": units},
        )  # fmt: skip
        print(f"\nWritten: {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
