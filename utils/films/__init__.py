"""Films, by the system's ffmpeg: what a file holds, some of its frames, and the film with other colors."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cuts": ["BLEND", "Cut", "find_cuts"],
        "film": ["Film", "is_film", "open_film"],
        "frames": ["read_frames", "read_small_frames", "spread_frames"],
        "recolor": ["WRITTEN", "check_recoloring", "recolor_film"],
    },
)
