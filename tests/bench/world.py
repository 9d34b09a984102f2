"""How fast Scene World is drawn and described, and what importing the package costs."""

import subprocess
import sys

from mmcourse.scenes import Scenes
from tests.bench.timing import median_seconds


def scenes_speed(n=2000):
    """Scenes a second on one core: truth and picture, and five captions beside."""
    def images():
        Scenes("train", n=n).images()

    def captions():
        for item in Scenes("train", n=n):
            item.captions  # noqa: B018  (asking for them is what computes them)

    a, b = median_seconds(images, repeats=3), median_seconds(captions, repeats=3)
    return [
        ("scenes, 64×64 images", n / a, "scenes/s", ""),
        ("scenes, five captions each", n / b, "scenes/s", ""),
        ("10,000 scenes with five captions each", 10_000 * (a + b) / n, "s", "under 10 is wanted of the next part"),
    ]


def import_time(repeats=5):
    """Seconds that the package's modules take to import when Keras is imported already."""
    modules = "mmcourse.scenes, mmcourse.text, mmcourse.image, mmcourse.captioning, mmcourse.decoding, mmcourse.metrics"
    code = (
        "import time; start = time.perf_counter(); from mmcourse.quiet import keras; middle = time.perf_counter(); "
        f"import {modules}; print(middle - start, time.perf_counter() - middle)"
    )
    runs = []
    for _ in range(repeats):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        runs.append([float(word) for word in done.stdout.split()])
    keras, ours = (sorted(column)[repeats // 2] for column in zip(*runs, strict=True))
    return [
        ("import of Keras and its backend", keras, "s", ""),
        ("import of mmcourse's modules beyond Keras", ours, "s", f"{ours / keras:.1%} more"),
    ]
