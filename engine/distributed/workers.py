"""The processes of ``--strategy multi_worker``: finding each other, comparing their settings, and ending together.

Worker 0 is the chief. Only the chief writes files and reports progress. The other workers compute their part of
each step.
"""

import contextlib
import json
import os
import signal
import time
import zlib
from typing import NamedTuple

import tensorflow as tf
from tensorflow import keras

from engine.run_folder import handling
from utils import UserError, in_one_line

START_SECONDS = 300  # the maximum wait for the other workers to start
GRACE_SECONDS = 10  # the time for which workers other than the chief continue after a signal


class Worker(NamedTuple):
    """One of ``count`` processes that train together. ``number`` counts from 0."""

    number: int = 0
    count: int = 1

    @property
    def is_chief(self):
        return self.number == 0


def this_worker(strategy):
    """Return the `Worker` of this process under a tf.distribute strategy."""
    resolver = strategy.cluster_resolver
    return worker_of(resolver) if resolver else Worker()


def multi_worker_strategy():
    """Create the strategy for all machines that ``TF_CONFIG`` or Slurm lists. Wait until they have all started.

    Raises:
        UserError: if neither lists any machines, or TensorFlow cannot reach them.
    """
    resolver = cluster_resolver()
    worker = worker_of(resolver)
    waits = f"waits up to {START_SECONDS} s for the others; worker 0 prints and writes"
    print(f"worker {worker.number} of {worker.count} {waits}", flush=True)
    with _ending_in_time():
        try:
            return tf.distribute.MultiWorkerMirroredStrategy(resolver)
        except (tf.errors.OpError, RuntimeError, ValueError) as error:
            raise UserError(
                f"worker {worker.number} of {worker.count} cannot start ({in_one_line(error)}): its address must be "
                "this machine's, with a free port"
            ) from None


@contextlib.contextmanager
def user_error_if_a_worker_ends(folder):
    """Turn TensorFlow's errors about a lost worker into a UserError. TensorFlow detects the loss within 30 seconds."""
    try:
        yield
    except (tf.errors.UnavailableError, tf.errors.DeadlineExceededError, tf.errors.AbortedError):
        raise UserError(
            f"another worker has ended, stopped or cannot be reached, so this one ends: read its messages, then "
            f"start all workers with --resume {folder}"
        ) from None


def meet(strategy, number, what):
    """Wait for the other workers, and raise a UserError unless all have the same ``number``.

    The function sums the numbers of all workers. All workers must call it, and other sums over the workers, in the
    same order. ``what`` names the meaning of the number in the error message.
    """
    worker = this_worker(strategy)
    if worker.count == 1:
        return
    if int(strategy.reduce("SUM", tf.constant(number, tf.int64), axis=None)) != worker.count * number:
        raise UserError(f"worker {worker.number} and the others differ in their {what}: give all of them the same")


def checksum(options, fingerprint):
    """Return a checksum of ``fingerprint`` and the options, except the paths and the cache of the data."""
    places = {"data": {"dataroot", "tfds_data_dir", "cache"}}
    return zlib.crc32(json.dumps([options.model_dump(mode="json", exclude=places), fingerprint]).encode())


class Follower(keras.callbacks.Callback):
    """Ends a worker other than the chief when a signal asks it to stop.

    A scheduler signals all workers at the same time. The chief then saves after a step, and needs the other workers to
    finish that step. Therefore this worker continues for `GRACE_SECONDS` before it ends.

    Args:
        stop_signal: `engine.run_folder.StopSignal`.

    Raises:
        SystemExit: if a signal asked it to stop.
    """

    def __init__(self, stop_signal):
        super().__init__()
        self._stop_signal, self._deadline = stop_signal, None
        stop_signal.message = f"stopping with worker 0, or after {GRACE_SECONDS} s"

    def on_train_batch_end(self, batch, logs=None):
        self._stop_signal.armed = True
        if self._stop_signal.exit_code:
            self._deadline = self._deadline or time.monotonic() + GRACE_SECONDS
            if time.monotonic() > self._deadline:
                self.on_train_end()

    def on_train_end(self, logs=None):
        self.model.step_counter.value()  # waits until the step is finished
        if self._stop_signal.exit_code:
            raise SystemExit(self._stop_signal.exit_code)


def cluster_resolver():
    """Return TensorFlow's cluster resolver for ``TF_CONFIG`` or, if it is not set, for Slurm's variables.

    Raises:
        UserError: if neither is set, or the cluster they describe cannot be used.
    """
    resolvers = tf.distribute.cluster_resolver
    if "TF_CONFIG" in os.environ:
        name, make = "TF_CONFIG", resolvers.TFConfigClusterResolver
    elif "SLURM_STEP_NUM_TASKS" in os.environ:
        name, make = "Slurm's variables", resolvers.SlurmClusterResolver
    else:
        raise UserError("--strategy multi_worker: set TF_CONFIG, or start it with Slurm's srun (docs/scaling.md)")
    try:
        resolver = make()
        worker_of(resolver)
    except Exception as error:  # the variables may hold anything
        raise UserError(
            f"--strategy multi_worker cannot use {name} ({in_one_line(error)}): see docs/scaling.md"
        ) from None
    return resolver


def worker_of(resolver):
    """Return the `Worker` of this process in a resolver's cluster."""
    tasks = [(job, task) for job, addresses in _cluster(resolver).items() for task in range(len(addresses))]
    return Worker(tasks.index((resolver.task_type, resolver.task_id)), len(tasks))


def _cluster(resolver):
    """Return the addresses of each job. Slurm's resolver knows its own task only after this call."""
    cluster = resolver.cluster_spec().as_dict()
    return {job: cluster[job] for job in ("chief", "worker") if job in cluster}


@contextlib.contextmanager
def _ending_in_time():
    """End the process if the block takes longer than `START_SECONDS`, and let Ctrl-C end it at once.

    TensorFlow can wait for an hour without returning to Python, so only the system's default handlers can end it.
    TensorFlow also replaces the handler of SIGTERM. All handlers are restored after the block.
    """
    with handling(dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGALRM), signal.SIG_DFL)):
        signal.alarm(START_SECONDS)
        try:
            yield
        finally:
            signal.alarm(0)
