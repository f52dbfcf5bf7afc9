"""Color transfer of single pairs (`python -m benchmarks.pairs`): methods, figures and their chart."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "chart": ["distance_and_similarity", "save_chart"],
        "methods": ["classical_methods", "fit"],
    },
)
