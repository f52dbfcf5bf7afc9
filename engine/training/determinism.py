"""Deterministic runs: seeded and, on a CPU, identical bit for bit."""

import contextlib

import tensorflow as tf
from tensorflow import keras


@contextlib.contextmanager
def deterministic(seed, to_the_bit=True):
    """Make random choices inside the block depend only on the seed. On a CPU, repeated runs agree bit for bit.

    On a GPU, or without ``to_the_bit``, runs agree only up to rounding. Training on several devices must disable
    ``to_the_bit`` because it needs ops that run in parallel.
    """
    keras.utils.set_random_seed(seed)
    if tf.config.list_physical_devices("GPU") or not to_the_bit:
        yield
        return
    tf.config.experimental.enable_op_determinism()
    # Sums of gradients must not depend on the order in which the gradients arrive. Therefore ops run one after another
    # (each on all cores), and grappler is disabled, because its memory optimizer adds each gradient as it arrives.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    with tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR"):
        yield
