"""Features of films: frames, their differences, and networks that look across time.

``frames`` chooses and compares frames, ``layers`` has what looks across them, ``models`` three small networks built of
that, and ``cost`` counts what each computes. Everywhere a film is ``(t, h, w, c)``, a batch of films
``(batch, t, h, w, c)``.
"""

from mmcourse.video.cost import multiplications
from mmcourse.video.frames import cut_clips, frame_differences, sample_frames
from mmcourse.video.layers import Conv2Plus1D, PerFrame, middle_width
from mmcourse.video.models import c3d, frame_encoder, frame_recurrent

__all__ = [
    "Conv2Plus1D", "PerFrame", "c3d", "cut_clips", "frame_differences", "frame_encoder", "frame_recurrent",
    "middle_width", "multiplications", "sample_frames",
]  # fmt: skip
