"""The networks; HueNet, the Keras model that trains them; and Translator, which uses and exports what was trained."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "augment": ["augment"],
        "generators": ["ENCODERS", "GENERATORS"],
        "huenet": ["HueNet"],
        "networks": [
            "BilateralSlice",
            "hdrnet_generator",
            "matching_generator",
            "patchgan_discriminator",
            "resnet_generator",
            "unet_generator",
        ],
        "pair_fit": ["PairFit", "apply_grid", "color_histogram", "translate_by_grid"],
        "translator": ["NOT_FINITE", "Translator", "export"],
    },
)
