"""The networks; HueNet, the Keras model that trains them; and Painter, which uses and exports what was trained."""

from models.augment import augment
from models.huenet import HueNet
from models.painter import Painter, export
from models.patchgan import patchgan_discriminator
from models.resnet import resnet_generator
from models.unet import unet_generator

__all__ = ["HueNet", "Painter", "augment", "export", "patchgan_discriminator", "resnet_generator", "unet_generator"]
