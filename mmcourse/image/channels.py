"""What is typical of each channel of features, so that a model can bring all channels to one size."""

import numpy as np

from mmcourse._machinery.checks import check_finite, check_given, check_shapes, check_whole, shape_of


def channel_statistics(features, samples=2000):
    """(mean, deviation) of each channel of train images, both float32 (d,): features (n, m, d), (n, d) or a grid
    (n, h, w, d), an array or a memory map. Of more than ``samples`` images every so-manieth is looked at.

    Channels of a frozen network differ a hundredfold in size; brought to one, what reads them learns several times
    faster. The deviation of a channel that (nearly) never changes is given as 1, so that it is left as it is. Raises
    ValueError where there is no image, for another shape, and for numbers looked at that are not finite.
    """
    check_given(images=features)
    check_shapes(images=(features, "n …"))
    check_whole(samples=samples)
    shape = shape_of(features)
    if len(shape) not in (2, 3, 4):
        raise ValueError(f"Received: images of shape {shape}. Allowed: (n, d), (n, m, d) or (n, h, w, d).")
    if 0 in shape:
        raise ValueError(f"Received: images of shape {shape}. Allowed: one image or more.")
    some = np.asarray(features[:: -(-len(features) // samples)], "float32").reshape(-1, shape[-1])
    check_finite(images=some)
    deviation = some.std(axis=0)
    return some.mean(axis=0), np.where(deviation > 1e-3 * deviation.max(), deviation, 1.0).astype("float32")
