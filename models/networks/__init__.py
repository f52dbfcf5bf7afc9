"""The generators, the discriminator, and their shared layers."""

from models.networks.bilateral import GRID, BilateralSlice, bilateral_slice
from models.networks.blocks import StatelessDropout
from models.networks.encoders import CountEmbedding
from models.networks.hdrnet import hdrnet_generator
from models.networks.lut import (
    MapNetwork,
    color_histogram,
    lut_generator,
    polynomial_terms,
    predict_coefficients,
)
from models.networks.matching import matching_generator
from models.networks.patchgan import patchgan_discriminator
from models.networks.resnet import resnet_generator
from models.networks.unet import unet_generator

__all__ = [
    "GRID",
    "BilateralSlice",
    "CountEmbedding",
    "MapNetwork",
    "StatelessDropout",
    "bilateral_slice",
    "color_histogram",
    "hdrnet_generator",
    "lut_generator",
    "matching_generator",
    "patchgan_discriminator",
    "polynomial_terms",
    "predict_coefficients",
    "resnet_generator",
    "unet_generator",
]
