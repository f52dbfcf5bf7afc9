"""Kill training runs and resume them: `python -m benchmarks.kills`. The tests of resuming use the same small run."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"small_run": ["EVERY_STEP", "OPTIONS", "differing", "make_images", "state_of"]},
)
