"""The devices that a run trains on, and what does not go with several of them."""

import contextlib
import re

import tensorflow as tf
from tensorflow import keras

from engine.distributed.workers import multi_worker_strategy
from utils import UserError

STRATEGIES = {
    "none": tf.distribute.get_strategy,
    "mirrored": tf.distribute.MirroredStrategy,
    "multi_worker": multi_worker_strategy,
}


def distribution_strategy(options):
    """The tf.distribute strategy of ``run.strategy``. It must be made before TensorFlow computes anything.

    Raises:
        UserError: for options that do not go with several devices, and where the other workers cannot be reached.
    """
    name = options.run.strategy
    if trains_on_several(options) and options.run.on_nonfinite == "skip":
        raise UserError(f"--on_nonfinite skip is for one device: give stop, or leave out --strategy {name}")
    if options.run.several_machines and options.run.xla:
        raise UserError("--xla is for one machine, since TensorFlow compiles no sums over several: leave it out")
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
    """Where the model is made that trains under the strategy.

    Batch norm's statistics are those of the whole batch, so the same on each device. Keras 2 would keep each device's
    own and average them whenever they are read, for which all machines have to read them.
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
