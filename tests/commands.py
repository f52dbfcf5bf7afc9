"""Run train.py and test.py as a user does, and read what they write."""

import contextlib
import importlib.util
import io
import json
import resource
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import tensorflow as tf

ROOT = Path(__file__).parents[1]
SIDE = 32  # of the images
SMALL = ["--dataset", "sample", "--img_h", str(SIDE), "--img_w", str(SIDE), "--bin_num", "32", "--batch_size", "6"]
SMALL += ["--filters", "8"]


def run(script, *arguments, cwd=ROOT, status=0):
    done = subprocess.run([sys.executable, ROOT / script, *arguments], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    return done


def run_here(script, *arguments, cwd=ROOT, status=0):
    """As `run`, but in this process, which has imported TensorFlow already. For commands that do not train."""
    spec = importlib.util.spec_from_file_location(f"command_{script[:-3]}", ROOT / script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    out, err, exit_status = io.StringIO(), io.StringIO(), 0
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            module.main([str(argument) for argument in arguments])
        except SystemExit as exception:
            exit_status = exception.code
    assert exit_status == status, err.getvalue()
    return SimpleNamespace(stdout=out.getvalue(), stderr=err.getvalue())


def lines_of(folder):
    return [json.loads(line) for line in (folder / "logs" / "metrics.jsonl").read_text().splitlines()]


def events(folder):
    """The TensorBoard entries of a folder: tuples of tag, step and scalar (NaN for an image)."""
    files = sorted(str(path) for path in folder.rglob("events*"))
    read = [event for path in files for event in tf.compat.v1.train.summary_iterator(path)]
    return [
        (value.tag, event.step, float(tf.make_ndarray(value.tensor)) if value.tensor.dtype == 1 else np.nan)
        for event in read
        for value in event.summary.value
    ]


@contextlib.contextmanager
def small_files_only(size=2000):
    try:
        limit_files(size)
        yield
    finally:
        limit_files(resource.RLIM_INFINITY)


def limit_files(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
