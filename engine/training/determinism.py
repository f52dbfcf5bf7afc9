"""Deterministic runs: seeded and, on a CPU, the same to the bit."""

import contextlib

import tensorflow as tf
from tensorflow import keras


@contextlib.contextmanager
def deterministic(seed, to_the_bit=True):
    """Inside the block, random choices depend on the seed alone and, on a CPU, every run has the same bits.

    On a GPU, or without ``to_the_bit`` (several devices need ops that run in parallel), runs agree up to rounding.
    """
    keras.utils.set_random_seed(seed)
    if tf.config.list_physical_devices("GPU") or not to_the_bit:
        yield
        return
    tf.config.experimental.enable_op_determinism()
    # Sums of gradients must not depend on which comes first: ops run one after another (each on all cores), and the
    # graph is not rewritten by grappler, whose memory optimizer adds each gradient up as it arrives.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    with tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR"):
        yield
