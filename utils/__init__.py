"""Shared tools: errors, atomic writes, quiet imports, and the packages `utils.images` and `utils.colors`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["colors", "images"],
    submod_attrs={
        "errors": [
            "Parser",
            "UserError",
            "exit_on_user_error",
            "in_one_line",
            "reason",
            "warn",
            "warn_on_oserror",
        ],
        "files": ["atomic_folder", "atomic_write", "check_folder", "leftovers", "read_lines", "safe_name"],
        "start_up": ["attach_quietly"],
        "version": ["VERSION"],
    },
)
