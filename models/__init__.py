"""The networks, `HueNet`, which trains them, and `Translator`, which applies and exports them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "augment": ["augment"],
        "generators": ["ENCODERS", "GENERATORS"],
        "huenet": ["HueNet"],
        "network_batch": ["network_batch"],
        "networks": [
            "BilateralSlice",
            "bilateral_slice",
            "hdrnet_generator",
            "lut_generator",
            "matching_generator",
            "patchgan_discriminator",
            "resnet_generator",
            "unet_generator",
        ],
        "predict_map": ["predict_map"],
        "shipped": ["SHIPPED", "SHIPPED_FOLDER", "shipped_settings"],
        "transfer": ["ColorMap", "PairFitter"],
        "translator": ["NotFiniteError", "Translator"],
    },
)
