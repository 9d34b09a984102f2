"""How fast Scene World is drawn and described, and what importing the package costs."""

import statistics
import subprocess
import sys

from mmcourse.scenes import Scenes, film
from mmcourse.scenes.utterances import Utterances
from tests.bench.timing import median_seconds

STREAM = """
import os, re, sys, time
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}) if hasattr(os, "sched_setaffinity") else None
from mmcourse.scenes import Scenes
scenes, captions = Scenes("train", n=int(sys.argv[1])), 0
start = time.perf_counter()
for first, pictures in zip(range(0, len(scenes), 256), scenes.render(256)):
    captions += sum(map(len, scenes[first : first + 256].captions()))
assert captions == 5 * len(scenes)
seconds = time.perf_counter() - start
# Not getrusage: what it calls the peak includes the parent's memory, from before this program was started.
status = open("/proc/self/status").read() if os.path.exists("/proc/self/status") else "VmHWM: 0"
print(seconds, int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) / 1024)
"""


def scenes_speed(sizes=(1000, 10_000)):
    """Scenes streamed on one core, 64×64 images and five captions each: time, and the process's greatest memory."""
    seconds, megabytes = {}, {}
    for n in sizes:
        runs = []
        for _ in range(3):
            done = subprocess.run([sys.executable, "-c", STREAM, str(n)], capture_output=True, text=True, check=True)
            runs.append([float(word) for word in done.stdout.split()])
        seconds[n], megabytes[n] = (statistics.median(column) for column in zip(*runs, strict=True))
    few, many = sizes
    return [
        (f"{many:,} scenes with five captions each", seconds[many], "s", "on one core; wanted: under 10"),
        ("the same, a second", many / seconds[many], "scenes/s", ""),
        (f"peak memory, {few:,} scenes streamed", megabytes[few], "MB", "of the whole process"),
        (f"peak memory, {many:,} scenes streamed", megabytes[many], "MB", "of the whole process"),
    ]


def modalities_speed(n=200):
    """Items a second of every other modality, one by one on one core."""
    scenes, said = Scenes("train", n=n), Utterances("train", n=n)
    ways = {
        "captions in Chinese, five each": lambda: Scenes("train", n=n, language="zh").captions(),
        "questions, five each": lambda: scenes.questions(5),
        "sounds, two seconds of stereo": lambda: [item.audio for item in scenes],
        "films, 24 frames": lambda: [item.frames for item in scenes],
        "soundtracks of films": lambda: [film.soundtrack(scene) for scene in scenes.truths()],
        "voices": lambda: [item.audio for item in said],
    }
    return [(name, n / median_seconds(way, repeats=3), "items/s", "") for name, way in ways.items()]


def import_time(repeats=5):
    """Seconds that the package's modules take to import when Keras is imported already."""
    modules = "mmcourse.scenes, mmcourse.text, mmcourse.image, mmcourse.captioning, mmcourse.decoding, mmcourse.metrics"
    code = (
        "import time; start = time.perf_counter(); from mmcourse.backend import keras; middle = time.perf_counter(); "
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
