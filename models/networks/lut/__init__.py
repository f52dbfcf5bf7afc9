"""The generator that predicts one map of colors for the whole image."""

from models.networks.lut.generator import lut_generator
from models.networks.lut.map_network import MapNetwork, color_histogram, predict_coefficients
from models.networks.lut.polynomials import polynomial_terms

__all__ = ["MapNetwork", "color_histogram", "lut_generator", "polynomial_terms", "predict_coefficients"]
