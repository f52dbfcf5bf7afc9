"""Data sets: the sources of images, the samples that a task makes of them, and the tf.data pipeline of batches."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "exemplars": ["open_exemplars"],
        "pipeline": ["Pipeline"],
        "resizing": ["resize", "scaled_size", "shrink", "shrunk_size"],
        "samples": ["Split", "open_dataset"],
        "sources": [
            "SIXTEEN_BIT_SUFFIXES",
            "SUFFIXES",
            "dataset_folder",
            "decode",
            "encode_sixteen_bits",
            "examine",
            "examine_files",
            "image_files",
            "load_image",
            "sample_photographs",
        ],
        "tasks": ["LAYOUTS", "TASKS"],
    },
)
