"""Color transfer for one pair of images: maps of colors, and the fits that find them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "color_map": ["ColorMap"],
        "fitter": ["PairFitter"],
    },
)
