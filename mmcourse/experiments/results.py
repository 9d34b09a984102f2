"""Recorded results: what was measured, by which command, with what, where and when.

One file a measurement, ``book/results/<topic>-<data>.json``; the pages read their figures from it, and from nowhere
else.
"""

import datetime
import hashlib
import importlib.metadata
import json
import math
import numbers
import os
import platform
import subprocess
from pathlib import Path

import numpy as np

from mmcourse._machinery.files import unsealed, write_sealed
from mmcourse.corpora import places
from mmcourse.metrics import mean_interval

SCHEMA = 1
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "book" / "results"
PACKAGES = ("mmcourse", "keras", "tensorflow", "jax", "torch", "numpy", "scikit-learn")
REQUIRED = {
    "schema": int, "topic": str, "data": str, "command": str, "commit": str, "versions": dict, "seeds": list,
    "data_hash": str, "date": str, "minutes": numbers.Real, "machine": str, "settings": dict, "figures": dict,
}  # fmt: skip


def figure(value, interval=None):
    """A number as it is recorded: {"value": v} or {"value": v, "interval": [low, high]}."""
    return {"value": float(value)} | ({} if interval is None else {"interval": [float(end) for end in interval]})


def mean_figure(values, groups=None):
    """The mean of numbers (n,) and its 95 % bootstrap interval, see ``metrics.mean_interval``, as it is recorded. (A
    skewed few may have a mean outside of that interval, which then is stretched to hold it.)"""
    mean = float(np.mean(values))
    low, high = mean_interval(values, groups, resamples=2000)
    return figure(mean, (min(low, mean), max(high, mean)))


def over_seeds(runs):
    """Numbers, one a seed, as they are recorded: their mean, and the range from the lowest to the highest of them.

    ``runs``: a list of numbers; or of dicts with the same keys, nested as one likes -> such a nest of figures.
    """
    if isinstance(runs[0], dict):
        return {name: over_seeds([run[name] for run in runs]) for name in runs[0]}
    mean = float(np.mean(runs))  # of equal numbers it may lie a rounding beside them
    return figure(mean, (min(*runs, mean), max(*runs, mean)))


def joined(nests):
    """Nests of arrays (seeds, items), one a split -> one nest of all items."""
    if isinstance(nests[0], dict):
        return {name: joined([nest[name] for nest in nests]) for name in nests[0]}
    return np.concatenate(nests, axis=1)


def write_results(
    topic, data, figures, *, command, seeds, data_hash, minutes, settings=None, quick=False, folder=None, name=None,
    **more,
):  # fmt: skip
    """Write ``<topic>-<data>.json`` (or ``<name>.json``) and return its path. An older file stays until the new one is
    whole.

    Args:
        figures: a nest of dicts with ``figure(...)`` at its leaves.
        command: what a reader types to measure it again.
        seeds: list of integers. data_hash: of ``hash_captions`` or alike. minutes: of the whole run.
        settings: what was chosen, and how. ``more``: further entries, such as examples.
        quick: whether it is a smoke test, whose command and file say so, and whose default folder is not the book's.
        folder: default ``book/results`` of the checkout.
    Raises ValueError for a figure that is no finite number or lies outside its own interval.
    """
    record = {
        "schema": SCHEMA,
        "topic": topic,
        "data": data,
        "command": command + " --quick" * quick,
        "commit": commit(),
        "versions": versions(),
        "seeds": list(seeds),
        "data_hash": data_hash,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "minutes": round(float(minutes), 2),
        "machine": machine(),
        "settings": settings or {},
        "figures": figures,
    } | more
    validate(record)
    folder = Path(folder or (places.cache("experiments") if quick else FOLDER))
    path = folder / f"{name or f'{topic}-{data}'}{'-quick' * quick}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_sealed(path, record)
    return path


def read_results(path):
    """The record in a file. Raises ValueError, naming the file, if it is not what ``write_results`` wrote."""
    path = Path(path)
    try:
        record = unsealed(path.read_bytes())
        validate(record)
    except ValueError as error:
        raise ValueError(f"Not a record of results: {path}: {error}") from error
    return record


def validate(record):
    """Raise ValueError unless ``record`` has all that a record has, of the right kind."""
    if not isinstance(record, dict):
        raise ValueError(f"A record is a dict. Received: {type(record).__name__}.")
    for name, kind in REQUIRED.items():
        if not isinstance(record.get(name), kind) or isinstance(record.get(name), bool):
            raise ValueError(f"Received: {name}={record.get(name)!r}. Allowed: {kind.__name__}.")
    if record["schema"] != SCHEMA:
        raise ValueError(f"Received: schema={record['schema']!r}. Allowed: {SCHEMA}.")
    _check_figures(record["figures"], "figures")


def _check_figures(nest, place):
    if not isinstance(nest, dict):
        raise ValueError(f"Received: {place}={nest!r}. Allowed: a dict of figures.")
    if "value" not in nest:
        for name, part in nest.items():
            _check_figures(part, f"{place}.{name}")
        return
    numbers_ = [nest["value"], *nest.get("interval", [])]
    if not all(isinstance(x, numbers.Real) and math.isfinite(x) for x in numbers_) or len(numbers_) not in (1, 3):
        raise ValueError(f"Received: {place}={nest!r}. Allowed: a finite value, and two ends if there is an interval.")
    if len(numbers_) == 3 and not numbers_[1] <= numbers_[0] <= numbers_[2]:
        raise ValueError(f"The value lies outside its interval. Received: {place}={nest!r}.")


def work_folder(name, quick=False, work=None):
    """Where the experiment ``name`` keeps features and checkpoints: in ``work``, else in the user's cache folder."""
    return Path(work or places.cache("experiments")) / (name + "-quick" * quick)


def hash_captions(*collections):
    """SHA-256, in hexadecimal, over the ids and captions of collections: which data it was. Images are not read."""
    digest = hashlib.sha256()
    for collection in collections:
        for item in collection:
            digest.update(json.dumps([item.split, item.id, *item.captions], ensure_ascii=False).encode())
    return digest.hexdigest()


def commit(root=ROOT, folders=("mmcourse",)):
    """The commit of a checkout, with "+" behind it if files in these folders of it were changed since; "unknown"
    outside one."""
    try:
        git = ["git", "-C", str(root)]
        head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run(
            [*git, "status", "--porcelain", "--untracked-files=no", "--", *folders],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        return head + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def versions():
    """{"python": ..., "keras": ..., ...}: the versions of what figures may depend on, as far as it is installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def machine():
    """This machine in words, without its name: "2 cores, Intel Xeon ..., 23 GB of memory, Linux"."""
    words = [f"{os.cpu_count()} cores"]
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        words.append(next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")))
    except (OSError, StopIteration):
        words.append(platform.processor() or platform.machine())
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        words.append(f"{memory / 2**30:.0f} GB of memory")
    except (AttributeError, ValueError, OSError):
        pass
    return ", ".join([*words, platform.system()])
