"""Trainings that are killed and resumed: `python -m benchmarks.kills`. Tests of resuming use the same small run."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"small_run": ["EVERY_STEP", "OPTIONS", "differing", "make_images", "state_of"]},
)
