"""The functions behind the commands: training, evaluation, translation and export with given options."""

from utils import attach_quietly

__getattr__, __dir__, __all__ = attach_quietly(
    __name__,
    {
        "checkpoints": ["load_checkpoint", "newest_checkpoint", "write_checkpoint"],
        "distributed": ["user_error_if_out_of_memory"],
        "factory": [
            "build_generator",
            "build_model",
            "load_translator",
            "make_translator",
            "network_images",
            "open_dataset",
            "open_pipeline",
        ],
        "inference": [
            "QuickFitter",
            "evaluate",
            "export",
            "save_reference_histogram",
            "transfer",
            "translate_images",
        ],
        "run_folder": ["stopped_by_signals"],
        "training": ["compile_model", "run_training", "train"],
    },
)
