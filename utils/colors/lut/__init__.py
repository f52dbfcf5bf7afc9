"""Color lookup tables (LUTs): apply them, and read or write them as ``.cube`` files or Hald images."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cube": ["read_cube", "write_cube"],
        "hald": ["read_hald", "write_hald"],
        "reading": ["is_lut", "read_lut"],
        "table": ["apply_lut", "identity_lut"],
    },
)
