"""Run every benchmark, print a table, and write it to book/results/bench.json."""

import math
import sys

from mmcourse.experiments import results
from tests.bench import captioning, world

BENCHMARKS = (
    captioning.decoding_speed,
    captioning.scoring_speed,
    captioning.training_speed,
    world.scenes_speed,
    world.import_time,
)


def main(names):
    """Run the benchmarks whose names contain one of ``names`` (none: all)."""
    chosen = [b for b in BENCHMARKS if not names or any(name in b.__name__ for name in names)]
    table = {}
    for benchmark in chosen:
        print(f"\n{benchmark.__doc__.strip().splitlines()[0]}", flush=True)
        for name, value, unit, note in benchmark():
            shown = "–" if math.isnan(value) else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
            print(f"  {name:<52} {shown:>9} {unit:<9} {note}", flush=True)
            table.setdefault(benchmark.__name__, []).append(
                {"name": name, "value": None if math.isnan(value) else value, "unit": unit, "note": note}
            )
    if not names:
        print("\nwritten:", results.write("bench", command="make bench", figures=table))


if __name__ == "__main__":
    main(sys.argv[1:])
