"""What is typical of each channel of features, so that a model can bring all channels to one size."""

import numpy as np

from mmcourse._machinery.checks import shape_of


def channel_statistics(features, samples=2000):
    """(mean, deviation) of each channel of train images, both float32 (d,): features (n, m, d), (n, d) or a grid
    (n, h, w, d), an array or a memory map. Of more than ``samples`` images every so-manieth is looked at.

    Channels of a frozen network differ a hundredfold in size; brought to one, what reads them learns several times
    faster. The deviation of a channel that (nearly) never changes is given as 1, so that it is left as it is. Raises
    ValueError where there is no image.
    """
    if not len(features):
        raise ValueError(f"Received: images of shape {shape_of(features)}. Allowed: one image or more.")
    some = np.asarray(features[:: -(-len(features) // samples)], "float32").reshape(-1, features.shape[-1])
    deviation = some.std(axis=0)
    return some.mean(axis=0), np.where(deviation > 1e-3 * deviation.max(), deviation, 1.0).astype("float32")
