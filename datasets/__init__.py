"""Data sets: where images come from, how a task makes samples from them, and the tf.data pipeline of batches."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["download"],
    submod_attrs={
        "exemplars": ["open_exemplars"],
        "pipeline": ["SHUFFLE", "Pipeline"],
        "samples": ["Split", "open_dataset"],
        "sources": [
            "dataset_folder",
            "examine_files",
            "image_files",
            "other_images",
            "sample_photographs",
            "simulate_camera",
        ],
        "tasks": ["LAYOUTS", "PAIRINGS", "TASKS"],
    },
)
