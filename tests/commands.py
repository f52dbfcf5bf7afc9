"""Run train.py and test.py as a user does, and read what they write."""

import contextlib
import importlib.util
import io
import json
import multiprocessing
import os
import re
import resource
import runpy
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import tensorflow as tf

ROOT = Path(__file__).parents[1]
SIDE = 32  # of the images
SMALL_IMAGES = ["--dataset", "sample", "--img_h", str(SIDE), "--img_w", str(SIDE), "--bin_num", "32"]
SMALL_IMAGES += ["--batch_size", "6", "--sample_every", "0"]
SMALL = [*SMALL_IMAGES, "--filters", "8"]


# Their processes are forked from one that has imported TensorFlow, which takes seconds, and has used nothing of it.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["engine.training.run"])


def run(script, *arguments, cwd=ROOT, status=0):
    """Run train.py or test.py in a process of its own."""
    return run_function(_run_script, ROOT / script, arguments, cwd, status=status)


def start(script, *arguments, log, environment=None):
    """Start train.py or test.py in a process of its own, and return it. What it prints goes to the file ``log``.

    ``environment``: variables to set.
    """
    return _start(_run_script, (ROOT / script, arguments, ROOT, environment), (log, log))


def run_function(function, *arguments, status=0):
    """Call a function of a test file in a process of its own. Returns what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("stdout", "stderr")]
        process = _start(function, arguments, paths)
        process.join()
        out, err = (path.read_text() for path in paths)
    assert process.exitcode == status, err
    return SimpleNamespace(stdout=out, stderr=err)


def _start(function, arguments, paths):
    process = FORKED.Process(target=_call, args=(function, arguments, paths))
    process.start()
    return process


def _call(function, arguments, paths):
    for descriptor, path in zip((1, 2), paths, strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    function(*arguments)


def _run_script(path, arguments, cwd, environment=None):
    os.environ |= environment or {}
    os.chdir(cwd)
    sys.argv = [str(path), *map(str, arguments)]
    runpy.run_path(str(path), run_name="__main__")


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


def last_line(done):
    """The error that a command printed last."""
    return done.stderr.splitlines()[-1]


def page_data(path):
    """What the scripts of a page read."""
    return json.loads(re.search('<script type="application/json" id="data">(.*?)</script>', path.read_text())[1])


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
