"""The sources of images: folders, TensorFlow Datasets, and photographs that come with scikit-image."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cameras": ["simulate_camera"],
        "checking": ["examine_files", "find_bad"],
        "dividing": ["divide"],
        "files": ["image_files", "other_images"],
        "folders": ["dataset_folder", "open_folder"],
        "image_list": ["ImageList", "file_images", "joined"],
        "sample": ["open_sample", "sample_photographs"],
        "tfds": ["open_tfds"],
    },
)
