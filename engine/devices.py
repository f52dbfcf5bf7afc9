"""The devices that a run trains on, and what does not go with several of them."""

import contextlib
import re

import tensorflow as tf
from tensorflow import keras

from utils import UserError


def distribution_strategy(options):
    """The tf.distribute strategy: of all GPUs for ``run.strategy`` mirrored, else TensorFlow's default.

    Raises:
        UserError: for options that do not go with several devices.
    """
    if not trains_on_several(options):
        return tf.distribute.get_strategy()
    if options.run.on_nonfinite == "skip":
        raise UserError("--on_nonfinite skip is for one device: give stop, or leave out --strategy mirrored")
    strategy = tf.distribute.MirroredStrategy()
    replicas = strategy.num_replicas_in_sync
    if replicas > 1 and options.optimizer.clip_norm:
        raise UserError("--clip_norm is for one device: leave it out with --strategy mirrored")
    if options.data.batch_size % replicas:
        raise UserError(
            f"--batch_size: got {options.data.batch_size}, takes a multiple of the {replicas} devices that "
            "--strategy mirrored divides it among"
        )
    return strategy


def trains_on_several(options):
    """Whether the run's batches are divided among devices.

    Then a step that is not finite spoils the weights, since replicas cannot meet within a branch: such weights are not
    saved. And runs do not repeat to the bit.
    """
    return options.run.strategy != "none"


def set_precision(options):
    """Compute in bfloat16 where the options ask for mixed precision."""
    if options.run.mixed_precision:
        keras.mixed_precision.set_global_policy("mixed_bfloat16")


@contextlib.contextmanager
def user_error_if_out_of_memory(advice):
    """Turn TensorFlow's error about a device whose memory is full into a sentence that ends with the advice."""
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        tensor = re.search(r"tensor with shape\S*(?: and type \w+)?|$", error.message)[0]
        raise UserError(
            f"the device's memory is full{f' (a {tensor} was asked for)' if tensor else ''}; {advice}"
        ) from None
