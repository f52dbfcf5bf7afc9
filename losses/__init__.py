"""Losses as pure functions of histograms, logits and images, and a table of the terms of the generator's loss."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "adversarial": ["discriminator_loss", "generator_adversarial_loss"],
        "color_difference": ["color_difference"],
        "contrast": ["false_contrast", "flat_share"],
        "grids": ["smoothness"],
        "histograms": [
            "CyclicEarthMoversDistance",
            "EarthMoversDistance",
            "color_distance",
            "conditional_entropy",
            "cyclic_earth_movers_distance",
            "earth_movers_distance",
            "joint_entropy",
            "mutual_information",
            "normalized_mi_distance",
            "structure_loss",
        ],
        "perceptual": ["PerceptualLoss"],
        "pixel": ["pixel_loss", "squared_excess"],
        "similarity": ["structural_dissimilarity"],
        "terms": ["TERMS", "loss_functions"],
    },
)
