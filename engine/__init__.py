"""What a command does: options in; one training, evaluation, translation or export out.

The names are imported when they are asked for: TensorFlow, which takes seconds, is imported with the first of them.
"""

import os

import lazy_loader

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's start-up lines come only where they are asked for

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "build": ["build_model", "compile_model", "load_translator"],
        "checkpoint_files": ["load_checkpoint", "newest_checkpoint"],
        "data": ["open_dataset", "open_pipeline"],
        "evaluation": ["evaluate"],
        "exporting": ["export"],
        "inference": ["save_reference_histogram", "translate_images"],
        "pairs": ["translate_pairs"],
        "training": ["train"],
        "training_run": ["run_training"],
    },
)
