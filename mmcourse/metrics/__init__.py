"""Scores, as pure functions of what was predicted and what is true. They are fractions; the book prints percent."""

from mmcourse.metrics.captions import (
    CAPTION_METRICS,
    SentenceStatistics,
    bleu,
    bootstrap_interval,
    caption_scores,
    sentence_statistics,
)
from mmcourse.metrics.detection import (
    Matches,
    average_precision,
    average_precision_interval,
    iou,
    match_detections,
    precision_recall,
)
from mmcourse.metrics.representations import alignment, effective_rank, uniformity

__all__ = [
    "CAPTION_METRICS",
    "Matches",
    "SentenceStatistics",
    "alignment",
    "average_precision",
    "average_precision_interval",
    "bleu",
    "bootstrap_interval",
    "caption_scores",
    "effective_rank",
    "iou",
    "match_detections",
    "precision_recall",
    "sentence_statistics",
    "uniformity",
]
