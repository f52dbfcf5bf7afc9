"""What is done with a trained run, or without one: evaluate, translate, transfer, export."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "evaluate": ["evaluate"],
        "export": ["export"],
        "samples": ["translated_samples"],
        "transfer": ["transfer"],
        "translate": ["save_reference_histogram", "translate_images"],
    },
)
