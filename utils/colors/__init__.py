"""Colors: the table of color spaces, and conversion between RGB and the network's colors."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "conversion": ["convert", "gray", "to_network", "to_rgb"],
        "spaces": [
            "COLOR_SPACES",
            "IMAGE_SPACES",
            "boundaries",
            "channel_names",
            "channel_texts",
            "lightness_channel",
        ],
    },
)
