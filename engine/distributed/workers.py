"""The processes of ``--strategy multi_worker``: how they find each other, which one this is, and how they end.

Worker 0 is the chief. It alone writes and prints; the others take part in each step.
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

START_SECONDS = 300  # for the others to start
GRACE_SECONDS = 10  # from a signal to the end of a worker that is not the chief


class Worker(NamedTuple):
    """One of ``count`` processes that train together, counted from 0."""

    number: int = 0
    count: int = 1

    @property
    def is_chief(self):
        return self.number == 0


def this_worker(strategy):
    """The `Worker` that this process is under a tf.distribute strategy."""
    resolver = strategy.cluster_resolver
    return worker_of(resolver) if resolver else Worker()


def multi_worker_strategy():
    """The strategy for all machines that ``TF_CONFIG`` or Slurm name. It waits until they have started.

    Raises:
        UserError: where neither names any, or TensorFlow cannot reach them.
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
    """Turn TensorFlow's errors about a lost worker into a UserError. TensorFlow notices within half a minute."""
    try:
        yield
    except (tf.errors.UnavailableError, tf.errors.DeadlineExceededError, tf.errors.AbortedError):
        raise UserError(
            f"another worker has ended, stopped or cannot be reached, so this one ends: see what it printed, then "
            f"start all of them with --resume {folder}"
        ) from None


def meet(strategy, number, what):
    """Wait for the other workers, and raise a UserError unless all have the same number.

    It is a sum over all workers, which must reach their sums in the same order. ``what``: what the number stands for.
    """
    worker = this_worker(strategy)
    if worker.count == 1:
        return
    if int(strategy.reduce("SUM", tf.constant(number, tf.int64), axis=None)) != worker.count * number:
        raise UserError(f"worker {worker.number} and the others differ in their {what}: give all of them the same")


def checksum(options, fingerprint):
    """A checksum of the options, except paths of data, and of the training images."""
    places = {"data": {"dataroot", "tfds_data_dir", "cache"}}
    return zlib.crc32(json.dumps([options.model_dump(mode="json", exclude=places), fingerprint]).encode())


class Follower(keras.callbacks.Callback):
    """Ends a worker that is not the chief when a signal asks it to.

    A scheduler signals all workers at once, and the chief saves after a step that all have taken. So this worker
    continues for `GRACE_SECONDS` first.

    Args:
        stop_signal: `engine.run_folder.StopSignal`.

    Raises:
        SystemExit: when it was asked to stop.
    """

    def __init__(self, stop_signal):
        super().__init__()
        self._stop_signal, self._deadline = stop_signal, None
        stop_signal.message = f"stopping with worker 0, or else in {GRACE_SECONDS} s"

    def on_train_batch_end(self, batch, logs=None):
        self._stop_signal.armed = True
        if self._stop_signal.exit_code:
            self._deadline = self._deadline or time.monotonic() + GRACE_SECONDS
            if time.monotonic() > self._deadline:
                self.on_train_end()

    def on_train_end(self, logs=None):
        self.model.step_counter.value()  # waits until the step is taken
        if self._stop_signal.exit_code:
            raise SystemExit(self._stop_signal.exit_code)


def cluster_resolver():
    """TensorFlow's resolver of ``TF_CONFIG``, else of Slurm's variables. A UserError where they name no workers."""
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
    except Exception as error:  # whatever stands in the variables
        raise UserError(
            f"--strategy multi_worker cannot use {name} ({in_one_line(error)}): see docs/scaling.md"
        ) from None
    return resolver


def worker_of(resolver):
    """The `Worker` that this process is in a resolver's cluster."""
    tasks = [(job, task) for job, addresses in _cluster(resolver).items() for task in range(len(addresses))]
    return Worker(tasks.index((resolver.task_type, resolver.task_id)), len(tasks))


def _cluster(resolver):
    """The addresses of each job. Slurm's resolver finds its task only here."""
    cluster = resolver.cluster_spec().as_dict()
    return {job: cluster[job] for job in ("chief", "worker") if job in cluster}


@contextlib.contextmanager
def _ending_in_time():
    """End the process if the block takes longer than `START_SECONDS`, and on Ctrl-C at once, by the system's signals.

    TensorFlow waits for an hour without returning to Python. It also replaces SIGTERM's handler, which is restored.
    """
    with handling(dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGALRM), signal.SIG_DFL)):
        signal.alarm(START_SECONDS)
        try:
            yield
        finally:
            signal.alarm(0)
