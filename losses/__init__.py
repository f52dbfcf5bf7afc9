"""Losses as pure functions of histograms and logits, and thin Keras classes where (y_true, y_pred) fits."""

from losses.adversarial import discriminator_loss, generator_adversarial_loss
from losses.earth_movers import (
    CyclicEarthMoversDistance,
    EarthMoversDistance,
    colour_distance,
    cyclic_earth_movers_distance,
    earth_movers_distance,
)
from losses.information import conditional_entropy, joint_entropy, mutual_information, normalized_mi_distance

__all__ = [
    "CyclicEarthMoversDistance",
    "EarthMoversDistance",
    "colour_distance",
    "conditional_entropy",
    "cyclic_earth_movers_distance",
    "discriminator_loss",
    "earth_movers_distance",
    "generator_adversarial_loss",
    "joint_entropy",
    "mutual_information",
    "normalized_mi_distance",
]
