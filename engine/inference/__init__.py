"""Evaluate, use and export a trained run, or transfer colors without one."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "evaluate": ["evaluate"],
        "export": ["export"],
        "quick": ["QuickFitter"],
        "samples": ["translated_samples"],
        "transfer": ["transfer"],
        "translate": ["save_reference_histogram", "translate_images"],
    },
)
