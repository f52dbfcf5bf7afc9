"""Differentiable histograms of images, and histogram matching: functions, Keras layers, and the dense formulas.

The folder imports nothing of the project: copy it into your own.
"""

from histogram_layers import reference
from histogram_layers.editing import match_channels, replace_channels
from histogram_layers.functional import hard_histogram, joint_histogram, soft_histogram
from histogram_layers.layers import JointHistogram, MatchHistogram, SoftHistogram
from histogram_layers.matching import match_histograms, match_histograms_lut, match_to_quantiles, sort_matching
from histogram_layers.matching_layer import HistogramMatching

__all__ = [
    "HistogramMatching",
    "JointHistogram",
    "MatchHistogram",
    "SoftHistogram",
    "hard_histogram",
    "joint_histogram",
    "match_channels",
    "match_histograms",
    "match_histograms_lut",
    "match_to_quantiles",
    "reference",
    "replace_channels",
    "soft_histogram",
    "sort_matching",
]
