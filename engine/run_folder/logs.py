"""The logs of a run: files of JSON lines, and TensorBoard's curves and images."""

import contextlib
import errno
import json
import os
import re

import tensorflow as tf

from utils import atomic_write, read_lines


def append_line(path, values):
    """Append a dict to a file as a line of JSON.

    Raises:
        OSError: if the whole line cannot be written. No part of it is left in the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = (json.dumps(values) + "\n").encode()
    with open(path, "ab", buffering=0) as file:
        size = file.tell()
        if file.write(line) < len(line):
            file.truncate(size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Events:
    """Writes TensorBoard's scalars and images to a folder. Each write is flushed at once."""

    def __init__(self, folder):
        self._folder, self._writer = folder, None

    def write(self, step, scalars=None, images=None):
        """Write scalars, ``{name: float}``, and images, ``{name: uint8 [H, W, 3]}``.

        Raises:
            OSError: if the file cannot be written.
        """
        with _os_errors():
            self._writer = self._writer or tf.summary.create_file_writer(str(self._folder))
            with self._writer.as_default(step):
                for name, value in (scalars or {}).items():
                    tf.summary.scalar(name, value)
                for name, image in (images or {}).items():
                    tf.summary.image(name, image[None])
                self._writer.flush()


def truncate_logs(folder, *, epochs, steps):
    """Remove log entries after epoch ``epochs`` or step ``steps``, so that a resumed run logs nothing twice.

    The curves in ``steps/`` count steps; all others count epochs. The samples before training belong to epoch 0, so
    ``epochs=-1`` removes them too.

    Raises:
        OSError: if a file cannot be read or written.
    """
    for name, key, last in (("metrics.jsonl", "epoch", epochs), ("steps.jsonl", "step", steps)):
        lines = [json.dumps(line) + "\n" for line in read_lines(folder / name) if line[key] <= last]
        if (folder / name).exists():
            with atomic_write(folder / name, flush=True) as temporary:
                temporary.write_text("".join(lines))
    for path in folder.rglob("events.out.tfevents.*"):
        last = steps if path.parent.name == "steps" else epochs
        kept = [record for record in _records(path) if _is_of(record, last)]
        with atomic_write(path) as temporary, _os_errors(), tf.io.TFRecordWriter(str(temporary)) as writer:
            for record in kept:
                writer.write(record)


def truncate_samples(folder, epochs):
    """Remove the samples after epoch ``epochs``: ``epoch-0007.png``, ``epoch-0007.npz`` and so on.

    Raises:
        OSError: if a file cannot be removed.
    """
    for path in folder.glob("epoch-*"):
        named = re.fullmatch(r"epoch-(\d+)\.(png|npz)", path.name)
        if named and int(named[1]) > epochs:
            path.unlink()


def _is_of(record, last):
    """Return whether to keep an event: its step is at most ``last``, or it has no values."""
    event = tf.compat.v1.Event.FromString(record)
    return event.step <= last or not event.HasField("summary")


@contextlib.contextmanager
def _os_errors():
    """Turn TensorFlow's errors inside the block, raised by writing files, into OSErrors."""
    try:
        yield
    except tf.errors.OpError as error:
        raise OSError(error.message) from None


def _records(path):
    """Yield the records of a TensorBoard file. Leave out the last one if it is incomplete."""
    try:
        for record in tf.data.TFRecordDataset(str(path)):
            yield record.numpy()
    except tf.errors.DataLossError:
        return
