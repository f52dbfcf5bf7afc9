"""What a command does: options in; one training, evaluation, translation or export out.

The names are imported when they are asked for: TensorFlow, which takes seconds, is imported with the first of them. Its
start-up lines come only where TF_CPP_MIN_LOG_LEVEL asks for them, and it takes a GPU's memory as it needs it, unless
TF_FORCE_GPU_ALLOW_GROWTH says otherwise.
"""

import os
import sys

import lazy_loader

from engine.start_up import without_start_up_lines

_import, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "build": ["build_model", "compile_model", "load_translator"],
        "checkpoint_files": ["load_checkpoint", "newest_checkpoint"],
        "data": ["open_dataset", "open_pipeline"],
        "demo": ["open_demo"],
        "evaluation": ["evaluate"],
        "exporting": ["export"],
        "inference": ["save_reference_histogram", "translate_images"],
        "pairs": ["translate_pairs"],
        "training": ["train"],
        "training_run": ["run_training"],
    },
)

_QUIET = "TF_CPP_MIN_LOG_LEVEL" not in os.environ
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")


def __getattr__(name):
    if not _QUIET or "tensorflow" in sys.modules:
        return _import(name)
    with without_start_up_lines():
        return _import(name)
