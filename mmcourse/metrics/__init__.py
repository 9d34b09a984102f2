"""Scores, as pure functions of what was predicted and what is true. They are fractions; the book prints percent."""

from mmcourse.metrics.answers import normalize_answer, vqa_accuracy
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
from mmcourse.metrics.intervals import mean_interval
from mmcourse.metrics.pointing import attention_mass, centre_prior, pointing
from mmcourse.metrics.representations import alignment, effective_rank, uniformity
from mmcourse.metrics.retrieval import (
    chance_recall_at_k,
    mean_average_precision,
    median_rank,
    mrr,
    ndcg,
    ranks,
    recall_at_k,
    retrieval_scores,
)

__all__ = [
    "CAPTION_METRICS",
    "Matches",
    "SentenceStatistics",
    "alignment",
    "attention_mass",
    "average_precision",
    "average_precision_interval",
    "bleu",
    "bootstrap_interval",
    "caption_scores",
    "centre_prior",
    "chance_recall_at_k",
    "effective_rank",
    "iou",
    "match_detections",
    "mean_average_precision",
    "mean_interval",
    "median_rank",
    "mrr",
    "ndcg",
    "normalize_answer",
    "pointing",
    "precision_recall",
    "ranks",
    "recall_at_k",
    "retrieval_scores",
    "sentence_statistics",
    "uniformity",
    "vqa_accuracy",
]
