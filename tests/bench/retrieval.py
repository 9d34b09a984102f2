"""A thousand queries against a million vectors: our exact search beside FAISS' flat index, and the approximate one."""

import json
import subprocess
import sys

N, QUERIES, SIZE, K, CELLS, PROBES = 1_000_000, 1000, 256, 10, 1000, 10

# In a process of its own, so that its memory can be told. Arguments: numbers of vectors, queries, their size, k, cells,
# probes and turns. Output: a line of JSON.
SEARCH = """
import json, os, re, statistics, sys, time
import faiss
import numpy as np
from threadpoolctl import threadpool_limits
from mmcourse.retrieval import ApproximateIndex, ExactIndex

n, many, size, k, cells, probes, turns = map(int, sys.argv[1:])
threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
faiss.omp_set_num_threads(threads)
limits = threadpool_limits(threads)

def megabytes(what):
    return int(re.search(what + r":\\s*(\\d+)", open("/proc/self/status").read())[1]) / 1024

def grown(function):
    # By how much the process grows while it searches, at its greatest. Linux alone can tell.
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")  # the greatest so far is forgotten
        before = megabytes("VmRSS")
        function()
        return megabytes("VmHWM") - before
    except OSError:
        return None

def timed(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result

rng = np.random.default_rng(0)
centres = rng.standard_normal((max(1, n // 100), size), "float32")

def drawn(count):
    # Near centres: what is like a query lies together, as with vectors that were learned.
    out = centres[rng.integers(len(centres), size=count)]
    for first in range(0, count, 100_000):
        part = out[first : first + 100_000]
        part += 0.9 * rng.standard_normal(part.shape, "float32")
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return out

vectors, queries = drawn(n), drawn(many)
exact, flat = ExactIndex(size), faiss.IndexFlatIP(size)
exact.add(np.arange(n), vectors)
flat.add(vectors)
search = {
    "exact": lambda: exact.search(queries, k)[0], "flat": lambda: flat.search(queries, k)[1],
}
memory = {name: grown(one) for name, one in search.items()}  # and the first calls are done with
times, found = {name: [] for name in search}, {}
for turn in range(turns):
    for name in sorted(search, reverse=bool(turn % 2)):
        seconds, found[name] = timed(search[name])
        times[name].append(seconds)

def shared(a, b):
    return np.mean([len(set(x) & set(y)) / k for x, y in zip(a, b)])

equal = shared(found["exact"], found["flat"])
del exact, flat, search

index = ApproximateIndex(size, cells=cells, probes=probes)
build, _ = timed(lambda: index.add(np.arange(n), vectors))
stats = faiss.cvar.indexIVF_stats
index.search(queries, k)
stats.reset()
found["approximate"] = index.search(queries, k)[0]
looked = (stats.ndis / many + cells) / n  # the centres, too, are looked at
times["approximate"] = [timed(lambda: index.search(queries, k))[0] for _ in range(turns + 2)]
print(json.dumps({
    "threads": threads, "memory": memory, "equal": equal, "build": build, "looked": looked,
    "seconds": {name: statistics.median(s) for name, s in times.items()},
    "recall": shared(found["exact"], found["approximate"]),
}))
"""


def measured(n=N, queries=QUERIES, size=SIZE, k=K, cells=CELLS, probes=PROBES, turns=3):
    """What the process prints, as a dict."""
    numbers = map(str, (n, queries, size, k, cells, probes, turns))
    done = subprocess.run([sys.executable, "-c", SEARCH, *numbers], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"The process of the benchmark failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def index_speed():
    """1,000 queries against 1,000,000 vectors of 256 numbers: queries a second, and memory beyond the vectors."""
    got = measured()
    rate = {name: QUERIES / seconds for name, seconds in got["seconds"].items()}
    memory = {name: float("nan") if one is None else one for name, one in got["memory"].items()}
    threads, megabyte = f"{got['threads']} threads", 2**20
    return [
        ("exact search of a million vectors", rate["exact"], "queries/s", f"{QUERIES} at once, {threads}"),
        ("FAISS' flat index, the same", rate["flat"], "queries/s", f"{got['equal']:.2%} of the ten best are the same"),
        ("ratio to FAISS' flat index", rate["exact"] / rate["flat"], "×", "above 1: ours is faster"),
        ("memory of exact search beyond the vectors", memory["exact"], "MB", "at its greatest"),
        ("the same of FAISS' flat index", memory["flat"], "MB", ""),
        ("memory of the vectors", 4 * N * SIZE / megabyte, "MB", "calculated"),
        ("approximate search of a million vectors", rate["approximate"], "queries/s", f"{PROBES} of {CELLS} cells"),
        ("ratio of approximate to exact search", rate["approximate"] / rate["exact"], "×", "queries a second"),
        ("recall@10 of approximate search", got["recall"], "", "of the exact ten best"),
        ("share of vectors that approximate search looks at", got["looked"], "", "centres included"),
        ("making the cells", got["build"], "s", "once"),
    ]  # fmt: skip
