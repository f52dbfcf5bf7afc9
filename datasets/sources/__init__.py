"""Where images come from: folders, TensorFlow Datasets, and photographs that come with scikit-image."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "checking": ["find_bad", "load_image"],
        "decoding": ["FORMATS", "SUFFIXES", "decode"],
        "files": ["image_files"],
        "folders": ["open_folder"],
        "image_list": ["ImageList", "file_images", "joined"],
        "sample": ["open_sample"],
        "tfds": ["open_tfds"],
    },
)
