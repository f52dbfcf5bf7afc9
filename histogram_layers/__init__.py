"""Differentiable histograms of images, for any Keras model: functions, layers and losses.

The package computes histograms and joint histograms, distances between histograms, and the entropy and mutual
information of joint histograms, and it matches histograms. It imports nothing from the rest of this project, so you can
copy it into your own.
"""

from histogram_layers import dense
from histogram_layers.boundary import Boundary
from histogram_layers.distances import cyclic_earth_movers_distance, earth_movers_distance
from histogram_layers.editing import match_channels, replace_channels
from histogram_layers.functional import hard_histogram, joint_histogram, soft_histogram
from histogram_layers.information import (
    conditional_entropy,
    joint_entropy,
    mutual_information,
    normalized_mi_distance,
)
from histogram_layers.layers import JointHistogram, MatchHistogram, SoftHistogram
from histogram_layers.losses import (
    ConditionalEntropy,
    CyclicEarthMoversDistance,
    EarthMoversDistance,
    MutualInformation,
    NormalizedMIDistance,
)
from histogram_layers.matching import match_histograms, match_histograms_lut, match_to_quantiles, sort_matching
from histogram_layers.matching_layer import HistogramMatching

reference = dense  # version 1's name of the module, kept so that older code still runs

__all__ = [
    "Boundary",
    "ConditionalEntropy",
    "CyclicEarthMoversDistance",
    "EarthMoversDistance",
    "HistogramMatching",
    "JointHistogram",
    "MatchHistogram",
    "MutualInformation",
    "NormalizedMIDistance",
    "SoftHistogram",
    "conditional_entropy",
    "cyclic_earth_movers_distance",
    "dense",
    "earth_movers_distance",
    "hard_histogram",
    "joint_entropy",
    "joint_histogram",
    "match_channels",
    "match_histograms",
    "match_histograms_lut",
    "match_to_quantiles",
    "mutual_information",
    "normalized_mi_distance",
    "replace_channels",
    "soft_histogram",
    "sort_matching",
]
