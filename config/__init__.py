"""The options of a run (`load`, `save`, `load_run`) and the parsers of the command lines."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "demo": ["parse_demo"],
        "flags": ["FLAGS"],
        "loading": ["SETTINGS", "load", "save"],
        "resuming": ["changes", "in_words", "load_run"],
        "testing": ["parse_compare", "parse_export", "parse_plots", "parse_testing", "parse_transfer"],
        "training": ["add_set_option", "load_arguments", "parse_training", "training_parser"],
    },
)
