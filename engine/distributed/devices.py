"""Select the devices that a run trains on, and refuse options that several devices do not support."""

import contextlib
import re

import tensorflow as tf
from tensorflow import keras

from engine.distributed.workers import multi_worker_strategy
from utils import UserError, in_one_line

STRATEGIES = {
    "none": tf.distribute.get_strategy,
    "mirrored": tf.distribute.MirroredStrategy,
    "multi_worker": multi_worker_strategy,
}


def distribution_strategy(options):
    """Create the tf.distribute strategy of ``run.strategy``. Call this before TensorFlow computes anything.

    Raises:
        UserError: if several devices do not support an option, or the other workers cannot be reached.
    """
    name = options.run.strategy
    if trains_on_several(options) and options.run.on_nonfinite == "skip":
        raise UserError(f"--on_nonfinite skip is for one device: give stop, or leave out --strategy {name}")
    if options.run.several_machines and options.run.xla:
        raise UserError("--xla is for one machine, because TensorFlow cannot compile sums over several: leave it out")
    strategy = STRATEGIES[name]()
    replicas = strategy.num_replicas_in_sync
    if replicas > 1 and options.optimizer.clip_norm:
        raise UserError(f"--clip_norm is for one device: leave it out with --strategy {name}")
    if options.data.batch_size % replicas:
        raise UserError(
            f"--batch_size: got {options.data.batch_size}, takes a multiple of the {replicas} devices that "
            f"--strategy {name} divides it among"
        )
    return strategy


@contextlib.contextmanager
def model_scope(strategy):
    """A scope for creating a model that trains under the strategy.

    Batch norm computes its statistics over the whole batch, so they are the same on every device. The scope keeps one
    value of them. By default, Keras 2 keeps a value for each device and averages them at each read, and then all
    machines would have to read at the same time.
    """

    def create(next_creator, **kwargs):
        kept_apart = kwargs.get("synchronization") == tf.VariableSynchronization.ON_READ
        if kept_apart and kwargs.get("aggregation") == tf.VariableAggregation.MEAN:
            kwargs["synchronization"] = tf.VariableSynchronization.AUTO
            kwargs["aggregation"] = tf.VariableAggregation.ONLY_FIRST_REPLICA
        return next_creator(**kwargs)

    with strategy.scope(), tf.variable_creator_scope(create):
        yield


def trains_on_several(options):
    """Return whether the run divides its batches among several devices.

    If it does, a non-finite step spoils the weights, because replicas cannot synchronize within a branch. Spoiled
    weights are not saved. Repeated runs do not agree bit for bit.
    """
    return options.run.strategy != "none"


def set_precision(options):
    """Use bfloat16 for computations if the options ask for mixed precision."""
    if options.run.mixed_precision:
        keras.mixed_precision.set_global_policy("mixed_bfloat16")


@contextlib.contextmanager
def user_error_if_out_of_memory(advice):
    """Turn the out-of-memory errors of TensorFlow and NumPy into a UserError that ends with the advice."""
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        tensor = re.search(r"tensor with shape\S*(?: and type \w+)?|$", error.message)[0]
        raise UserError(
            f"the device's memory is full{f' (a {tensor} was asked for)' if tensor else ''}; {advice}"
        ) from None
    except MemoryError as error:
        detail = f" ({in_one_line(error)})" if str(error) else ""
        raise UserError(f"the memory is full{detail}; {advice}") from None
