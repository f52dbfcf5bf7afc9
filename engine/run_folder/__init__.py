"""The folder of a run with its lock and logs, the description of its environment, and signals that stop a run."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "environment": ["environment"],
        "folder": ["open_run_folder", "refuse_taken_folder", "user_error_if_not_writable"],
        "logs": ["Events", "append_line", "truncate_logs", "truncate_samples"],
        "signals": ["StopSignal", "cleaned_up_after_signals", "handling", "stopped_by_signals"],
    },
)
