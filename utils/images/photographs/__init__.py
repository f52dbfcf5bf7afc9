"""An image with all that belongs to it: opacity, mask, profile and metadata, from reading to saving."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "encode": ["WITH_ALPHA", "encode"],
        "metadata": ["Metadata", "metadata_of_pillow", "metadata_of_raw", "metadata_of_tiff"],
        "photograph": ["Photograph", "as_mask", "to_photograph"],
        "weights": ["drawn_pixels", "evenly_by_weight", "fill", "weights_of"],
    },
)
