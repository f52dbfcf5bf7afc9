"""The generator that predicts one map of colors for the whole image."""

from models.networks.lut.generator import lut_generator
from models.networks.lut.moments import Quantiles
from models.networks.lut.polynomials import polynomial_terms

__all__ = ["Quantiles", "lut_generator", "polynomial_terms"]
