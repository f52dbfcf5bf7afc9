"""The options of a run (`load`, `save`, `load_run`), and the command lines."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "demo": ["parse_demo"],
        "flags": ["FLAGS", "training_parser"],
        "loading": ["SETTINGS", "load", "save"],
        "resuming": ["changes", "in_words", "load_arguments", "load_run"],
        "testing": ["parse_testing"],
    },
)
