"""A run's logs: lines of JSON, and TensorBoard's curves and pictures."""

import contextlib
import errno
import json
import os

import tensorflow as tf

from utils.aside import written_aside


def append_line(path, values):
    """Append a dict to a file as a line of JSON: whole, or not at all (an OSError)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = (json.dumps(values) + "\n").encode()
    with open(path, "ab", buffering=0) as file:
        size = file.tell()
        if file.write(line) < len(line):
            file.truncate(size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_lines(path):
    """The dicts of a file of JSON lines: none where it is missing; a last line that is torn is left out."""
    if not path.exists():
        return []
    *whole, _ = path.read_text().split("\n")
    return [json.loads(line) for line in whole]


class Events:
    """TensorBoard's scalars and pictures of a folder; what is written is in its file at once."""

    def __init__(self, folder):
        self._folder, self._writer = folder, None

    def write(self, step, scalars=None, pictures=None):
        """Dicts by name: of floats, and of uint8 ``[H, W, 3]``. An OSError where they cannot be written."""
        with _os_errors():
            self._writer = self._writer or tf.summary.create_file_writer(str(self._folder))
            with self._writer.as_default(step):
                for name, value in (scalars or {}).items():
                    tf.summary.scalar(name, value)
                for name, picture in (pictures or {}).items():
                    tf.summary.image(name, picture[None])
                self._writer.flush()


def cut_logs(folder, epochs):
    """Leave in the logs only what is of so many epochs, so that going on from there repeats nothing.

    The samples before training are epoch 0's; -1 leaves nothing. An OSError where they cannot be written.
    """
    metrics = folder / "metrics.jsonl"
    lines = [json.dumps(line) + "\n" for line in read_lines(metrics) if line["epoch"] <= epochs]
    if metrics.exists():
        with written_aside(metrics, flush=True) as aside:
            aside.write_text("".join(lines))
    for path in folder.rglob("events.out.tfevents.*"):
        kept = [record for record in _records(path) if _is_of(record, epochs)]
        with written_aside(path) as aside, _os_errors(), tf.io.TFRecordWriter(str(aside)) as writer:
            for record in kept:
                writer.write(record)


def _is_of(record, epochs):
    """Whether an event, as a record of its file, is of so many epochs; those without values are of any."""
    event = tf.compat.v1.Event.FromString(record)
    return event.step <= epochs or not event.HasField("summary")


@contextlib.contextmanager
def _os_errors():
    """TensorFlow's errors, of files that cannot be written, as OSErrors."""
    try:
        yield
    except tf.errors.OpError as error:
        raise OSError(error.message) from None


def _records(path):
    """The records of a TensorBoard file; the last may be torn."""
    try:
        for record in tf.data.TFRecordDataset(str(path)):
            yield record.numpy()
    except tf.errors.DataLossError:
        return
