"""The sources of images: folders, TensorFlow Datasets, and photographs that come with scikit-image."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "checking": ["examine", "examine_files", "find_bad", "load_image"],
        "decoding": ["SUFFIXES", "decode"],
        "dividing": ["divide"],
        "files": ["image_files"],
        "folders": ["dataset_folder", "open_folder"],
        "image_list": ["ImageList", "file_images", "joined"],
        "sample": ["open_sample", "sample_photographs"],
        "sixteen_bits": ["SIXTEEN_BIT_SUFFIXES", "encode_sixteen_bits"],
        "tfds": ["open_tfds"],
    },
)
