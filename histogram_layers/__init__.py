"""Differentiable histograms of images: functions, the Keras layers of them, and the dense oracle.

The folder imports nothing of the project: copy it into your own.
"""

from histogram_layers import reference
from histogram_layers.functional import hard_histogram, joint_histogram, soft_histogram
from histogram_layers.layers import JointHistogram, SoftHistogram

__all__ = ["JointHistogram", "SoftHistogram", "hard_histogram", "joint_histogram", "reference", "soft_histogram"]
