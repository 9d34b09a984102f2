"""Visual question answering: a picture and a question in, an answer out.

=====================  =============================================================================================
JointEmbedding         one vector of the picture times one vector of the question; and both blind models
StackedAttention       the question looks at the picture, hop by hop; with ``words=True`` at its own words, too
CoAttentionNetwork     words and regions choose each other (`ParallelCoAttention`)
RelationNetwork        every pair of regions is asked about
FiLMNetwork            a convolutional network whose every block is steered by the question
WordsAndRegions        a Transformer over words and regions in one sequence
NeuralModules          reads a program from the question, and carries it out with modules (`Steps`)
=====================  =============================================================================================

All take {"image": regions (b, m, d), "text": int (b, L)} and return logits over the answers (`VQAModel`).
"""

from mmcourse.vqa.joint import JointEmbedding
from mmcourse.vqa.looking import CoAttentionNetwork, ParallelCoAttention, StackedAttention
from mmcourse.vqa.model import VQAModel
from mmcourse.vqa.modules import NeuralModules
from mmcourse.vqa.programs import Steps
from mmcourse.vqa.relations import FiLMNetwork, RelationNetwork
from mmcourse.vqa.transformer import WordsAndRegions

__all__ = [
    "CoAttentionNetwork", "FiLMNetwork", "JointEmbedding", "NeuralModules", "ParallelCoAttention", "RelationNetwork",
    "StackedAttention", "Steps", "VQAModel", "WordsAndRegions",
]  # fmt: skip
