"""The networks of the recorded experiments: no two seeds share a weight, and no two weights are drawn from one."""

import itertools

import numpy as np
import pytest
from test_machinery_seeds import called, drawn, made, share

from mmcourse import fusion
from mmcourse.experiments import autoencoder, fusion_digits, fusion_levels, fusion_mosi, image
from mmcourse.experiments.fusion import network

VECTORS = {"text": (None, 5), "audio": (None, 5), "video": (None, 5)}
SENSORS = {"shape": (None, 8, 8, 1), "colour": (None, 8, 8, 3)}
GRIDS = {"audio": (None, 8, 8, 1), "image": (None, 8, 8, 1)}
CANDIDATE = fusion_mosi.LADDER[0] | {"units": 5, "fusion": "gated", "combine": "mean"}
SMALL = {"filters": (4, 4), "units": 5, "dropout": 0.1}


def two(names):
    return {name: VECTORS[name] for name in names}


BUILD = {
    **{f"words and voice, {level}": lambda s, level=level: called(fusion_levels.build(level, s), two(["text", "audio"]))
       for level in fusion_levels.LEVELS},
    **{f"sensors, {level}": lambda s, level=level: called(fusion_levels.build_sensors(level, s), SENSORS)
       for level in ("data", "feature", "maps")},
    **{f"MOSI, {system}": lambda s, system=system: called(fusion_mosi.build(system, CANDIDATE, s), VECTORS)
       for system in fusion_mosi.LEVELS},
    **{f"digits, {system}": lambda s, system=system: called(fusion_digits.build(system, SMALL, s), GRIDS)
       for system in ("data", "gated")},
    "choice": lambda s: called(
        network(("text", "audio"), lambda own: fusion.MLPFusion(5, seed=own), s, 5), two(["text", "audio"])
    ),
    "autoencoder": lambda s: made(
        autoencoder.network(9, 5, filters=4, seed=s), {"image": (None, 32, 32, 3), "text": (None, autoencoder.LENGTH)}
    ),
    "labels": lambda s: image.small_network(5, s, 16),
}  # fmt: skip


@pytest.mark.parametrize("build", BUILD.values(), ids=BUILD)
def test_no_two_seeds_share_a_weight_and_no_two_weights_a_seed(build):
    weights = [(seed, w) for seed in range(4) for w in drawn(build(seed))]
    assert weights
    for (seed, one), (other, another) in itertools.combinations(weights, 2):
        assert not share(one, another), f"seeds {seed} and {other} share a weight of {len(one)} numbers"


def test_one_seed_is_one_network():
    for build in BUILD.values():
        for one, another in zip(drawn(build(3)), drawn(build(3)), strict=True):
            np.testing.assert_array_equal(one, another)
