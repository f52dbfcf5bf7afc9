"""Color transfer for one pair of images: color maps and the functions that fit them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "color_map": ["ColorMap"],
        "fitter": ["PairFitter"],
    },
)
