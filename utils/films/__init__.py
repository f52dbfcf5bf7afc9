"""Films, by the system's ffmpeg: what a file holds, some of its frames, and the film with other colors."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "film": ["Film", "is_film", "open_film"],
        "frames": ["read_frames", "spread_frames"],
        "recolor": ["WRITTEN", "check_recoloring", "recolor_film"],
    },
)
