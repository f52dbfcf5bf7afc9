"""Training on several devices and machines."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "devices": [
            "distribution_strategy",
            "model_scope",
            "set_precision",
            "trains_on_several",
            "user_error_if_out_of_memory",
        ],
        "workers": ["Follower", "checksum", "meet", "this_worker", "user_error_if_a_worker_ends"],
    },
)
