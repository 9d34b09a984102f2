"""Probabilistic fusion: Bayesian networks and Markov random fields over the decisions of a few modalities.

A model is a list of factors, small tables over named variables; ``enumeration`` and ``elimination`` answer questions
about them exactly. A ``BayesianNetwork`` learns its tables by counting, a ``MarkovField`` its weights by gradient.
Grids of regions and chains of frames have methods of their own. NumPy only.
"""

from mmcourse.graphical.chain import forward_backward, viterbi
from mmcourse.graphical.factor import Factor, product
from mmcourse.graphical.grid import gibbs, grid_factors, grid_score, icm, learn_grid, mean_field
from mmcourse.graphical.inference import Elimination, elimination, enumeration, most_probable
from mmcourse.graphical.markov import MarkovField
from mmcourse.graphical.network import MISSING, BayesianNetwork

__all__ = [
    "MISSING", "BayesianNetwork", "Elimination", "Factor", "MarkovField", "elimination", "enumeration",
    "forward_backward", "gibbs", "grid_factors", "grid_score", "icm", "learn_grid", "mean_field", "most_probable",
    "product", "viterbi",
]  # fmt: skip
