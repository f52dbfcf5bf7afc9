"""The networks, and HueNet: the Keras model that trains them."""

from models.augment import augment
from models.huenet import HueNet
from models.patchgan import patchgan_discriminator
from models.resnet import resnet_generator
from models.unet import unet_generator

__all__ = ["HueNet", "augment", "patchgan_discriminator", "resnet_generator", "unet_generator"]
