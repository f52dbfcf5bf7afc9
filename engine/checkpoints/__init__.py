"""Checkpoints: their file format, saving them during training, and restoring a model from them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "files": ["checkpoints", "is_measured", "load_checkpoint", "newest_checkpoint", "write_checkpoint"],
        "restoring": ["load_weights", "restore", "training_state"],
        "saving": ["Checkpoints"],
    },
)
