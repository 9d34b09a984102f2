"""The control of the recorded transfer on Scene World: the same networks, trained with twice as many steps."""

import time

import numpy as np

from mmcourse.backend import keras
from mmcourse.experiments.fusion import gain
from mmcourse.experiments.image import SCENES, make_networks, probe, seen_by, watched
from mmcourse.experiments.results import hash_captions, over_seeds, write_results
from mmcourse.image import load_backbone
from mmcourse.scenes import VERSION

LONGER = SCENES | {"from scratch": SCENES["from scratch"] | {"every": 2 * SCENES["from scratch"]["every"]}}


def longer(quick=False, results=None):
    """Training from scratch as in ``image-scenes``, with the most labels and twice the steps (a cosine twice as long),
    against the frozen encoder with the fewest; writes ``image-longer.json`` -> its path.

    The scenes, labels and first weights of a seed are those of ``image-scenes``. Figures are means over seeds with
    their range; the difference is paired and has an interval by Student's t.
    """
    start = time.perf_counter()
    settings = LONGER | (
        {"labels": (40, 60), "seeds": (1, 2), "scenes": 160, "test_scenes": 60, "C": (0.1,),
         "from scratch": {"every": 1, "looks": 2, "rate": 1e-3}}
        if quick else {}
    )  # fmt: skip
    few, many = settings["labels"][0], settings["labels"][-1]
    encoder, networks, frozen, scratch, hashed = load_backbone("scene_vgg"), {}, [], [], []
    for seed in settings["seeds"]:
        keras.utils.set_random_seed(seed)
        parts, collections = seen_by(encoder, load_backbone("scene_vgg", None), settings, seed)
        (train, labels), (test, truth) = parts["train"], parts["test"]
        hashed += [collection[:50] for collection in collections.values()]
        networks = networks or make_networks(encoder, train, settings)
        reader = probe(train["vectors"][:few], labels[:few], settings["C"])
        frozen.append(float(reader.score(test["vectors"], truth)))
        network, plan = networks["from scratch"]
        network.start(seed)
        found, _ = watched(network, parts, many, np.random.default_rng(seed), plan)
        scratch.append(found[-1])
        print(f"seed {seed:2} frozen {frozen[-1]:.3f} from scratch {found[-1]:.3f}", flush=True)
    figures = {
        "frozen encoder": {str(few): over_seeds(frozen)},
        "from scratch": {str(many): over_seeds(scratch)},
        "frozen encoder with fewest labels less from scratch": {str(many): gain(frozen, scratch)},
    }
    return write_results(
        "image", "longer", figures, command="python -m mmcourse.experiments image-longer",
        seeds=list(settings["seeds"]), data_hash=hash_captions(*hashed), minutes=(time.perf_counter() - start) / 60,
        settings=settings | {"scenes_version": VERSION, "interval": (
            "of accuracies: the range over seeds; of the difference: 95 %, Student's t over seeds, paired"
        )},
        quick=quick, folder=results,
    )  # fmt: skip
