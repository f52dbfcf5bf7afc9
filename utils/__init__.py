"""What any folder may use: errors, images, color spaces, files that are never half."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "color_conversion": ["batch_to_rgb", "convert", "gray", "to_network", "to_rgb"],
        "color_spaces": [
            "COLOR_SPACES",
            "IMAGE_SPACES",
            "boundaries",
            "channel_names",
            "channel_texts",
            "lightness_channel",
        ],
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
        "images": ["SavedImages", "image_sheet", "save_image", "to_float", "to_integers", "to_uint8", "with_depth"],
    },
)
