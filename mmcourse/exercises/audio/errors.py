"""Common errors of the page `audio`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="ValueError: The signal is shorter than a frame.",
        why="The last axis must be that of the samples. A voice of this course has the shape `(n, 1)`, so its last "
        "axis is the channel: take `voice[:, 0]`. A sound with fewer samples than a frame is refused as well.",
        code="""
import numpy as np

from mmcourse import audio

voice = np.zeros((16000, 1), "float32")  # samples, channels
audio.spectrogram(voice, 512, 160, pad="none")
""",
        instead="""
import numpy as np

from mmcourse import audio

voice = np.zeros((16000, 1), "float32")  # samples, channels
audio.spectrogram(voice[:, 0], 512, 160, pad="none")
""",
    ),
    CommonError(
        shows="ValueError: Allowed: a whole number of samples from 1.",
        why="Window and hop are counted in samples, not in seconds. Seconds times samples a second is a real number, "
        "even where it is 160.0: `round` it.",
        code="""
import numpy as np

from mmcourse import audio

x, rate = np.zeros(16000, "float32"), 16000
audio.spectrogram(x, 512, 0.01 * rate)
""",
        instead="""
import numpy as np

from mmcourse import audio

x, rate = np.zeros(16000, "float32"), 16000
audio.spectrogram(x, 512, round(0.01 * rate))
""",
    ),
    CommonError(
        shows="ValueError: filters are so narrow that they hold no frequency.",
        why="The frequencies of a spectrum lie `rate / n_fft` apart, and some of your filters fall between two of "
        "them. Take fewer filters, or a longer window.",
        code="""
from mmcourse import audio

filters = audio.mel_filters(16000, n_fft=256, n_mels=128)
""",
        instead="""
from mmcourse import audio

filters = audio.mel_filters(16000, n_fft=256, n_mels=40)
""",
    ),
    CommonError(
        shows="ValueError: all input arrays must have the same shape",
        why="Only arrays of one shape can be stacked. Frames that begin too near the end of the signal are cut short: "
        "the last one begins at `n - size` at the latest.",
        code="""
import numpy as np

x, size, hop = np.arange(10.0), 4, 3
frames = np.stack([x[i : i + size] for i in range(0, len(x), hop)])
""",
        instead="""
import numpy as np

x, size, hop = np.arange(10.0), 4, 3
last = len(x) - size
frames = np.stack([x[i : i + size] for i in range(0, last + 1, hop)])
""",
    ),
)
