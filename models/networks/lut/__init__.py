"""The generator that predicts one map of colors for the whole image."""

from models.networks.lut.generator import lut_generator
from models.networks.lut.moments import Quantiles

__all__ = ["Quantiles", "lut_generator"]
