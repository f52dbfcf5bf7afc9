"""One training run: its steps, and what happens beside them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "launch": ["train"],
        "run": ["run_training"],
        "schedules": ["compile_model"],
    },
)
