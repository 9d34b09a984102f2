"""Captioners trained in the recorded experiments: one optimizer, one way of fitting, for scenes and photographs."""

import hashlib
import json
from pathlib import Path

from mmcourse.backend import keras
from mmcourse.batches import CaptionBatches
from mmcourse.captioning import Captioner
from mmcourse.experiments.training import train


def optimizer(learning_rate, steps, weight_decay=0.0):
    """Adam (with ``weight_decay``: AdamW) with a short warm-up and a cosine down to a tenth; gradients longer than 5
    are shortened."""
    warm = max(min(200, steps // 10), 1)
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate / 10, max(steps - warm, 1), alpha=0.1, warmup_target=learning_rate, warmup_steps=warm
    )
    if weight_decay:
        return keras.optimizers.AdamW(schedule, weight_decay=weight_decay, global_clipnorm=5.0)
    return keras.optimizers.Adam(schedule, global_clipnorm=5.0)


def fit(name, folder, settings, features, tokens, vocabulary, score, judged_by, quick=False, seed=0):
    """Build a captioner, train it (going on where an earlier call with equal settings and data stopped) and return it
    with its history. ``judged_by``: what ``score`` looks at, see `train`."""
    keras.utils.set_random_seed(seed)
    settings = settings | {"tokens": hashlib.sha256(tokens.tobytes()).hexdigest(), "features": list(features.shape)}
    mark = hashlib.sha256(json.dumps([name, quick, settings], sort_keys=True).encode()).hexdigest()[:12]
    captioner = Captioner(len(vocabulary), **settings["model"])
    captioner.adapt(features)
    batches = CaptionBatches(features, tokens, settings["batch_size"], settings.get("captions", "all"), seed=seed)
    captioner.compile(optimizer(settings["learning_rate"], settings["epochs"] * len(batches)))
    print(f"{name}: {captioner.count_params():,} weights, {len(batches)} batches an epoch", flush=True)
    history = train(
        captioner, batches, settings["epochs"], Path(folder) / f"{name}-{mark}", lambda: score(captioner),
        settings.get("patience"), verbose=1, judged_by=[settings, vocabulary.tokens, *judged_by],
    )  # fmt: skip
    return captioner, history
