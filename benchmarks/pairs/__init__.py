"""Compare methods of color transfer on pairs without a right answer. Run it with `python -m benchmarks.pairs`.

It measures the distance to the reference's colors against the structure kept from the source. `benchmarks.looks` is for
cases where the right answer is known.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "classical": ["METHODS"],
        "chart": ["distance_and_similarity", "save_chart"],
        "methods": ["classical_methods", "fit", "on_integers", "trained"],
    },
)
