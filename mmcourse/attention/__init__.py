"""Attention: who looks at what, and how much.

==============================  ====================================================================================
scaled_dot_product_attention    softmax(q kᵀ / √d) v
MultiHeadAttention              several of them side by side, each in a space of its own
AdditiveAttention               scores by a small network, as a captioner looks at regions
CrossAttention                  queries of one modality, keys and values of another; what becomes of the query
CrossBlock, CoAttention         a Transformer block that looks at another modality; two that look at each other
sample_key, policy_loss         hard attention: one key is drawn, and learned by REINFORCE
gumbel_key                      hard attention that lets a smooth draw's gradient through
attention_entropy               how undecided weights are
==============================  ====================================================================================

All take ``mask`` with True = keep, and return their weights when asked.
"""

from mmcourse.attention.additive import AdditiveAttention
from mmcourse.attention.cross import CoAttention, CrossAttention, CrossBlock
from mmcourse.attention.dot import masked_softmax, scaled_dot_product_attention
from mmcourse.attention.hard import attention_entropy, gumbel_key, policy_loss, sample_key
from mmcourse.attention.heads import MultiHeadAttention

__all__ = [
    "AdditiveAttention",
    "CoAttention",
    "CrossAttention",
    "CrossBlock",
    "MultiHeadAttention",
    "attention_entropy",
    "gumbel_key",
    "masked_softmax",
    "policy_loss",
    "sample_key",
    "scaled_dot_product_attention",
]
