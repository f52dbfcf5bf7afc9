"""Training: the steps of a run, with its logs, samples and checkpoints."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "launch": ["train"],
        "run": ["run_training"],
        "schedules": ["compile_model"],
    },
)
