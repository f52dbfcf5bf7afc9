"""Colors: the table of color spaces, conversion between RGB and the network's colors, and lookup tables."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "conversion": ["convert", "gray", "to_network", "to_rgb"],
        "distinct": ["map_distinct"],
        "lattice": ["interpolate_lattices", "tent_weights"],
        "lut": [
            "apply_lut",
            "identity_lut",
            "is_lut",
            "read_cube",
            "read_hald",
            "read_lut",
            "write_cube",
            "write_hald",
        ],
        "spaces": [
            "COLOR_SPACES",
            "IMAGE_SPACES",
            "LAB_UNITS",
            "LUMINANCE",
            "boundaries",
            "channel_names",
            "channel_texts",
            "lightness_channel",
        ],
    },
)
