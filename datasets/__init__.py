"""Where pictures come from, and the tf.data pipelines that feed them to a network.

What is named here is imported when it is asked for: `open_dataset` tells what is wrong with a data set before
TensorFlow, which takes seconds, is imported.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "decoding": ["SUFFIXES"],
        "checking": ["load_picture"],
        "examples": ["open_dataset"],
        "exemplars": ["open_exemplars"],
        "pipeline": ["Pipeline"],
    },
)
