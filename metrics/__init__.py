"""The metrics of test.py: registered functions of one `EvaluationSample` or of all images, grouped by module."""

from metrics import color, distribution, joint_color, likeness, palette, patches, structure  # noqa: F401  (importing registers them)
from metrics.criteria import CRITERIA, validation_error
from metrics.joint_color import color_transport
from metrics.palette import palette_distance
from metrics.patches import consistency, tint
from metrics.registry import explain, measure, measure_set, summarize
from metrics.sample import EvaluationSample, evaluation_samples, mean_histograms

__all__ = [
    "CRITERIA",
    "EvaluationSample",
    "color_transport",
    "consistency",
    "evaluation_samples",
    "explain",
    "mean_histograms",
    "measure",
    "measure_set",
    "palette_distance",
    "summarize",
    "tint",
    "validation_error",
]
