"""The generators, the discriminator, and their shared layers."""

from models.networks.bilateral import GRID, BilateralSlice, bilateral_slice
from models.networks.blocks import StatelessDropout
from models.networks.encoders import CountEmbedding
from models.networks.hdrnet import hdrnet_generator
from models.networks.lut import Quantiles, lut_generator, polynomial_terms
from models.networks.matching import matching_generator
from models.networks.patchgan import patchgan_discriminator
from models.networks.resnet import resnet_generator
from models.networks.unet import unet_generator

__all__ = [
    "GRID",
    "BilateralSlice",
    "CountEmbedding",
    "Quantiles",
    "StatelessDropout",
    "bilateral_slice",
    "hdrnet_generator",
    "lut_generator",
    "matching_generator",
    "patchgan_discriminator",
    "polynomial_terms",
    "resnet_generator",
    "unet_generator",
]
