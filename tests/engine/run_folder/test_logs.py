"""Logs: a run that resumes truncates them to the epochs before."""

import json

import numpy as np
import pytest
import tensorflow as tf

from engine.run_folder.logs import Events, append_line, truncate_logs, truncate_samples
from tests.commands import events, small_files_only
from utils import leftovers


def logged(folder):
    return [(tag, step) for tag, step, _ in events(folder)]


def test_truncation_keeps_only_the_entries_of_the_first_epochs(tmp_path):
    for epoch in range(1, 6):
        append_line(tmp_path / "metrics.jsonl", {"epoch": epoch, "step": 4 * epoch, "pixel_loss": 0.1 * epoch})
        append_line(tmp_path / "steps.jsonl", {"epoch": epoch, "step": 4 * epoch - 2})
    for name, first in (("train", 1), ("samples", 0)):
        with tf.summary.create_file_writer(str(tmp_path / name)).as_default():
            for epoch in range(first, 6):
                tf.summary.scalar("a", 0.1, step=epoch)
                tf.summary.image("b", np.zeros([1, 4, 4, 3], np.uint8), step=epoch)
    with tf.summary.create_file_writer(str(tmp_path / "steps")).as_default():
        for step in (10, 14, 15):
            tf.summary.scalar("a", 0.1, step=step)
    with open(tmp_path / "metrics.jsonl", "a") as file:
        file.write('{"epoch": 6, "st')  # the process was killed here
    for path in tmp_path.rglob("events*"):
        path.write_bytes(path.read_bytes()[:-5])
    sessions = tmp_path / "sessions.jsonl"
    append_line(sessions, {"step": 0})

    truncate_logs(tmp_path, epochs=3, steps=14)
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    lines = [json.loads(line) for line in (tmp_path / "steps.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 6, 10, 14]
    assert logged(tmp_path / "steps") == [("a", 10), ("a", 14)]
    assert logged(tmp_path / "train") == [(name, epoch) for epoch in (1, 2, 3) for name in "ab"]
    assert logged(tmp_path / "samples") == [(name, epoch) for epoch in (0, 1, 2, 3) for name in "ab"]
    assert sessions.read_text() == '{"step": 0}\n'
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    truncate_logs(tmp_path, epochs=3, steps=14)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.*")}


def test_truncation_for_a_run_that_starts_again_removes_all_entries(tmp_path):
    append_line(tmp_path / "metrics.jsonl", {"epoch": 1, "step": 4})
    with tf.summary.create_file_writer(str(tmp_path / "samples")).as_default():
        tf.summary.scalar("a", 0.1, step=0)
    truncate_logs(tmp_path, epochs=-1, steps=0)
    assert (tmp_path / "metrics.jsonl").read_text() == "" and logged(tmp_path) == []


def test_a_full_disk_is_an_os_error_and_no_entry_is_lost(tmp_path):
    events = Events(tmp_path / "train")
    for epoch in range(3):
        events.write(epoch, scalars={"a": 0.1})
    (tmp_path / "file").write_text("")
    with small_files_only(100):
        with pytest.raises(OSError, match="File too large"):
            truncate_logs(tmp_path, epochs=1, steps=4)
        with pytest.raises(OSError, match="File too large"):
            events.write(3, scalars={"a": 0.1})
    with pytest.raises(OSError, match="file"):
        Events(tmp_path / "file" / "train").write(0, scalars={"a": 0.1})
    assert logged(tmp_path / "train") == [("a", epoch) for epoch in range(3)]
    assert not list(leftovers(tmp_path))


def test_truncation_accepts_a_folder_that_does_not_exist(tmp_path):
    truncate_logs(tmp_path / "logs", epochs=3, steps=12)


def test_samples_of_later_epochs_are_removed_and_nothing_else(tmp_path):
    kept = {"epoch-0000.png", "epoch-0003.png", "epoch-0003.npz", "epoch-notes.png", "epoch-0004.txt", "4.png"}
    for name in (*kept, "epoch-0004.png", "epoch-0004.npz", "epoch-10000.png"):
        (tmp_path / name).touch()
    truncate_samples(tmp_path, epochs=3)
    assert {path.name for path in tmp_path.iterdir()} == kept
    truncate_samples(tmp_path, epochs=-1)
    assert {path.name for path in tmp_path.iterdir()} == kept - {"epoch-0000.png", "epoch-0003.png", "epoch-0003.npz"}
    truncate_samples(tmp_path / "nowhere", epochs=3)
