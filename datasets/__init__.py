"""Where pictures come from, and the tf.data pipelines that feed them to a network.

What is named here is imported when it is asked for: `find_files` tells what is wrong with a folder before TensorFlow,
which takes seconds, is imported.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "examples": ["open_examples"],
        "exemplars": ["open_exemplars"],
        "layouts": ["find_files"],
        "pipeline": ["Pipeline"],
    },
)
