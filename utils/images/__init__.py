"""Images: decode, load, resize, convert between 8 bits, 16 bits and floats, and save."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "arrays": ["image_sheet", "to_float", "to_integers", "to_uint8", "with_depth"],
        "decode": ["decode"],
        "formats": ["ACCEPTED", "MAX_MEGAPIXELS", "OTHER_SUFFIXES", "SUFFIXES"],
        "load": ["READ_BY", "SavedImages", "examine", "load_image", "load_mask", "load_photograph"],
        "photographs": [
            "Photograph",
            "as_mask",
            "drawn_pixels",
            "evenly_by_weight",
            "fill",
            "to_photograph",
            "weights_of",
        ],
        "pixels": ["TooLargeError"],
        "resize": [
            "INTERPOLATIONS",
            "resize",
            "resize_and_crop",
            "resized_size",
            "scaled_size",
            "shrink",
            "shrunk_size",
        ],
        "save": ["check_size", "save_image", "write_photograph"],
    },
)
