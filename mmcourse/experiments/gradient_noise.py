"""How noisy the gradient of a captioner's attention is, by each way of learning from draws, at the same weights."""

import numpy as np

from mmcourse.backend import keras
from mmcourse.captioning import Captioner
from mmcourse.text import PAD

ESTIMATORS = {
    "REINFORCE": {"attention": "hard"},
    "REINFORCE, one baseline for all words": {"attention": "hard", "baseline": "mean"},
    "REINFORCE, no baseline": {"attention": "hard", "baseline": None},
    "REINFORCE, judged by the whole caption": {"attention": "hard", "reward": "caption"},
    "Gumbel": {"attention": "gumbel"},
    "Gumbel, temperature 0.3": {"attention": "gumbel", "temperature": 0.3},
}


def estimators(settings, shape, vocabulary_size):
    """A captioner for each of ``ESTIMATORS``, whose step of plain descent at rate 1 moves weights by their gradient."""
    found = {}
    for name, own in ESTIMATORS.items():
        found[name] = captioner = Captioner(vocabulary_size, **settings["model"], **own, draw_seed=0)
        captioner.build({"image": (None, *shape), "tokens": (None, None)})
        captioner.compile(keras.optimizers.SGD(1.0))
    return found


def gradient_noise(captioners, weights, batch, draws):
    """Draw the gradient of the attention's own weights anew, again and again, on one batch at the same weights:
    {estimator: {"variance", "signal", "cosine", "length"}}.

    Variance: the mean squared distance of a draw's gradient from the mean of all. Signal: the squared length of that
    mean, less what noise adds to it. Cosine and length: of that mean, and as against REINFORCE's, which is unbiased.
    """
    found, means, targets = {}, {}, batch[1]
    for name, captioner in captioners.items():
        given = dict(weights)
        if captioner.config["baseline"] == "mean":  # one number for all words: the mean over those of the batch
            given["baseline"] = weights["baseline"][targets[targets != PAD]].mean()
        captioner.set_weights([given[w.path.split("/", 1)[1]] for w in captioner.weights])
        start, drawn = captioner.get_weights(), []
        own = {w.path for w in captioner.look.trainable_weights}
        which = [k for k, w in enumerate(captioner.weights) if w.path in own]
        for _ in range(draws):
            captioner.train_on_batch(*batch)
            after = captioner.get_weights()
            drawn.append(np.concatenate([(start[k] - after[k]).ravel() for k in which]).astype("float64"))
            captioner.set_weights(start)
        drawn = np.array(drawn)
        means[name] = mean = drawn.mean(axis=0)
        variance = ((drawn - mean) ** 2).sum() / (draws - 1)
        length, other = np.linalg.norm(mean), np.linalg.norm(means["REINFORCE"])
        found[name] = {
            "variance": variance,
            "signal": length**2 - variance / draws,
            "cosine": mean @ means["REINFORCE"] / max(length * other, 1e-12),
            "length": length / max(other, 1e-12),
        }
    return {name: {what: float(x) for what, x in row.items()} for name, row in found.items()}


def named_weights(captioner):
    """{"look/score/kernel": its value, ...}."""
    return {w.path.split("/", 1)[1]: keras.ops.convert_to_numpy(w) for w in captioner.weights}


def noise_figures(row, name):
    """What is recorded of an estimator: its variance as a multiple of REINFORCE's, and of its own signal (of what is
    there once noise is taken away; at least a thousandth of the variance, below which 100 draws tell nothing)."""
    own = row[name]
    return {
        "variance, as a multiple of REINFORCE's": own["variance"] / max(row["REINFORCE"]["variance"], 1e-30),
        "variance, as a multiple of the signal": own["variance"] / max(own["signal"], own["variance"] / 1000, 1e-30),
        "cosine with REINFORCE's mean": own["cosine"],
        "length, as a multiple of REINFORCE's": own["length"],
    }
