"""Shared tools: errors, atomic writes, quiet imports, and the packages `images`, `films` and `colors` of this one."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["colors", "films", "images"],
    submod_attrs={
        "errors": [
            "FullDiskError",
            "Parser",
            "UserError",
            "exit_on_user_error",
            "in_one_line",
            "reason",
            "user_error_on_oserror",
            "warn",
            "warn_on_oserror",
        ],
        "files": ["atomic_write", "check_file", "leftovers", "probe", "read_lines", "safe_name"],
        "folders": ["atomic_folder", "check_folder"],
        "start_up": ["attach_quietly"],
        "version": ["VERSION"],
    },
)
