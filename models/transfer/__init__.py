"""Color transfer for one pair of images: the map of colors, and the fit that finds it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "fitter": ["PairFitter"],
        "grid": ["apply_grid", "color_histogram", "translate_by_grid"],
    },
)
