"""Logs that are cut to where a run goes on."""

import json

import numpy as np
import pytest
import tensorflow as tf

from engine.logs import Events, append_line, truncate_logs
from tests.commands import events, small_files_only
from utils import leftovers


def shown(folder):
    return [(tag, step) for tag, step, _ in events(folder)]


def test_only_what_was_there_after_so_many_epochs_stays(tmp_path):
    for epoch in range(1, 6):
        append_line(tmp_path / "metrics.jsonl", {"epoch": epoch, "step": 4 * epoch, "l1_loss": 0.1 * epoch})
    for name, first in (("train", 1), ("samples", 0)):
        with tf.summary.create_file_writer(str(tmp_path / name)).as_default():
            for epoch in range(first, 6):
                tf.summary.scalar("a", 0.1, step=epoch)
                tf.summary.image("b", np.zeros([1, 4, 4, 3], np.uint8), step=epoch)
    with open(tmp_path / "metrics.jsonl", "a") as file:
        file.write('{"epoch": 6, "st')  # killed here
    for path in tmp_path.rglob("events*"):
        path.write_bytes(path.read_bytes()[:-5])
    append = tmp_path / "sessions.jsonl"
    append_line(append, {"step": 0})

    truncate_logs(tmp_path, epochs=3)
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    assert shown(tmp_path / "train") == [(name, epoch) for epoch in (1, 2, 3) for name in "ab"]
    assert shown(tmp_path / "samples") == [(name, epoch) for epoch in (0, 1, 2, 3) for name in "ab"]
    assert append.read_text() == '{"step": 0}\n'
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    truncate_logs(tmp_path, epochs=3)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.*")}


def test_nothing_stays_of_a_run_that_starts_again(tmp_path):
    append_line(tmp_path / "metrics.jsonl", {"epoch": 1, "step": 4})
    with tf.summary.create_file_writer(str(tmp_path / "samples")).as_default():
        tf.summary.scalar("a", 0.1, step=0)
    truncate_logs(tmp_path, epochs=-1)
    assert (tmp_path / "metrics.jsonl").read_text() == "" and shown(tmp_path) == []


def test_where_the_disk_is_full_it_is_an_os_error_and_nothing_is_lost(tmp_path):
    events = Events(tmp_path / "train")
    for epoch in range(3):
        events.write(epoch, scalars={"a": 0.1})
    (tmp_path / "file").write_text("")
    with small_files_only(100):
        with pytest.raises(OSError, match="File too large"):
            truncate_logs(tmp_path, epochs=1)
        with pytest.raises(OSError, match="File too large"):
            events.write(3, scalars={"a": 0.1})
    with pytest.raises(OSError, match="file"):
        Events(tmp_path / "file" / "train").write(0, scalars={"a": 0.1})
    assert shown(tmp_path / "train") == [("a", epoch) for epoch in range(3)]
    assert not list(leftovers(tmp_path))


def test_no_logs_are_no_lines(tmp_path):
    truncate_logs(tmp_path / "logs", epochs=3)
