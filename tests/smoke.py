"""Smoke runs of recorded experiments: the command in its quick mode, and what every record must hold."""

import numpy as np

from mmcourse.experiments import __main__ as command
from mmcourse.experiments import results
from mmcourse.text import tokenize


def run(name, folder, *arguments):
    """Run the experiment ``name``, with features and checkpoints in ``folder / "work"`` -> its record, checked."""
    places = ["--results", str(folder / "results"), "--work", str(folder / "work")]
    path = command.main([name, "--quick", *places, *arguments])
    assert path.parent == folder / "results" and [p.name for p in path.parent.iterdir()] == [path.name]
    assert str(folder) not in path.read_text(), "a record names no folder of this machine"
    record = results.read_results(path)
    assert path.stem.endswith("-quick") and record["command"].endswith(" --quick") and name in record["command"]
    return record


def figures(nest, place=""):
    """All figures of a nest, by their place: {"dev, network, R@1": {"value": …, "interval": …}}."""
    if "value" in nest:
        return {place.removeprefix(", "): nest}
    return {k: v for name, part in nest.items() for k, v in figures(part, f"{place}, {name}").items()}


def check_shares(nest, n=None):
    """All figures of a nest are shares, from 0 to 1, and so are the ends of their intervals; with ``n`` the value is
    one of 0, 1/n, … 1."""
    found = figures(nest)
    assert found
    for place, one in found.items():
        assert all(0 <= x <= 1 for x in (one["value"], *one.get("interval", []))), place
        if n:
            np.testing.assert_allclose(one["value"] * n, np.round(one["value"] * n), atol=1e-6, err_msg=place)


def value(nest, *path):
    """The value of the figure at that path."""
    for name in path:
        nest = nest[name]
    return nest["value"]


def commonest(captions):
    """The caption that occurs most often, of several the first; how it is joined again does not matter here."""
    told = [" ".join(tokenize(one, "en")) for one in captions]
    return max(dict.fromkeys(told), key=told.count)
