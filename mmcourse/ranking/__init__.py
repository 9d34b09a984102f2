"""Learning to rank: from one similarity for all to a learned order.

- pointwise: ``MatchingClassifier`` sees a caption and a picture at once and says yes or no;
- pairwise: ``RankSVM`` learns which of two items is the better answer;
- listwise: ``LambdaRank`` weighs each pair by what it does to the whole list, with ``lambda_gradient``;
- ``rerank`` puts the first k of a cheap search in the order of a dear one.
"""

from mmcourse._machinery.lazy import lazy

__all__ = [
    "LambdaRank", "MatchingBatches", "MatchingClassifier", "RankSVM", "interaction_features", "lambda_gradient",
    "pair_differences", "rerank", "swap_gains",
]  # fmt: skip

__getattr__, __dir__ = lazy(
    __name__,
    {
        "features": ("interaction_features",),
        "lambdas": ("LambdaRank", "lambda_gradient", "swap_gains"),
        "matching": ("MatchingBatches", "MatchingClassifier"),
        "stages": ("rerank",),
        "svm": ("RankSVM", "pair_differences"),
    },
    layers=("matching",),
)
