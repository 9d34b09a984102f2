"""Scores, as pure functions of what was predicted and what is true. They are fractions; the book prints percent."""

from mmcourse.metrics.captions import (
    CAPTION_METRICS,
    SentenceStatistics,
    bleu,
    bootstrap_interval,
    caption_scores,
    sentence_statistics,
)

__all__ = [
    "CAPTION_METRICS",
    "SentenceStatistics",
    "bleu",
    "bootstrap_interval",
    "caption_scores",
    "sentence_statistics",
]
