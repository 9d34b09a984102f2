"""Fusion: what several modalities say, z₁ … zₘ, as one vector z = φ(z₁, …, zₘ).

Every function φ is a layer with one interface, `Fusion`:

    layer(inputs, mask=None, present=None)        # {name: (batch, d) or (batch, t, d)} -> (batch, units)

============================  ======================================================================================
ConcatenationFusion           one matrix on all vectors side by side
MeanFusion                    each brought to one size, equal weights
WeightedFusion                the same with fixed weights, or with learned ones
SimilarityFusion              weights by similarity to a learned query
GatedFusion                   weights that depend on the inputs, one for each unit
ProductOfExperts              weights by how sure each modality is
BilinearFusion                products of every two modalities
TensorFusion, LowRankFusion   products of all modalities: in full, or as a sum of a few simple ones
MLPFusion                     a layer of rectified units between
RecurrentFusion               an LSTM that reads one modality after the other
AttentionFusion               a few learned queries that look at every position of every modality
============================  ======================================================================================

`levels` says where in a network fusion happens.
"""

from mmcourse.fusion.base import Fusion
from mmcourse.fusion.networks import AttentionFusion, ConcatenationFusion, MLPFusion, RecurrentFusion
from mmcourse.fusion.products import BilinearFusion, LowRankFusion, TensorFusion
from mmcourse.fusion.sums import GatedFusion, MeanFusion, ProductOfExperts, SimilarityFusion, WeightedFusion

__all__ = [
    "AttentionFusion",
    "BilinearFusion",
    "ConcatenationFusion",
    "Fusion",
    "GatedFusion",
    "LowRankFusion",
    "MLPFusion",
    "MeanFusion",
    "ProductOfExperts",
    "RecurrentFusion",
    "SimilarityFusion",
    "TensorFusion",
    "WeightedFusion",
]
