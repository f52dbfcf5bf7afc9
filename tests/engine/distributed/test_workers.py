"""Two processes on this machine train as one does, and end together."""

import contextlib
import json
import os
import signal
import socket
import time

import numpy as np
import pytest

from benchmarks.kills import make_images
from engine.checkpoints.files import checkpoints, load_checkpoint
from engine.distributed.workers import cluster_resolver, worker_of
from tests.commands import last_line, run, run_here, start

# With batch norm over both workers' images, dropout, and two networks. With a beta_1 of 0, Adam's first moments are the
# last gradient.
OPTIONS = ["--task", "colorization", "--dataset", "small", "--img_h", "32", "--img_w", "32", "--bin_num", "16"]
OPTIONS += ["--batch_size", "4", "--filters", "4", "--encoder", "dense", "--structure", "0", "--sample_every", "0"]
OPTIONS += ["--gen_beta_1", "0", "--dis_beta_1", "0", "--log_every", "1", "--ema_decay", "0.5"]
WORKERS = [*OPTIONS, "--strategy", "multi_worker", "--checkpoint_minutes", "1e-6", "--max_to_keep", "999"]
RUN = "colorization-small"
STEPS = 3
SENTENCE = "error: another worker has ended, stopped or cannot be reached, so this one ends"
MOST_SECONDS = 240  # of any wait


class Cluster:
    """Two workers that train; worker 0 is the chief."""

    def __init__(self, folder, *arguments, second=()):
        """``second``: more arguments of worker 1."""
        self.logs = [folder / f"{time.monotonic_ns()}-{number}.log" for number in range(2)]
        self.processes = [
            start("train.py", *arguments, *more, log=log, environment={"TF_CONFIG": json.dumps(config)})
            for log, config, more in zip(self.logs, _configs(), ((), second), strict=True)
        ]

    def wait_for(self, condition):
        end = time.monotonic() + MOST_SECONDS
        while not condition():
            assert all(process.is_alive() for process in self.processes), self.printed()
            assert time.monotonic() < end, self.printed()
            time.sleep(0.01)

    def stop(self, number, kind):
        """Send a signal to a worker. Returns the seconds until both have ended."""
        begin = time.monotonic()
        os.kill(self.processes[number].pid, kind)
        for process in self.processes:
            process.join(MOST_SECONDS)
        return time.monotonic() - begin

    def printed(self):
        return [log.read_text() for log in self.logs]


def _configs():
    with contextlib.ExitStack() as sockets:
        opened = [sockets.enter_context(socket.socket()) for _ in range(2)]
        for each in opened:
            each.bind(("127.0.0.1", 0))
        cluster = {"worker": [f"127.0.0.1:{each.getsockname()[1]}" for each in opened]}
    return [{"cluster": cluster, "task": {"type": "worker", "index": number}} for number in range(2)]


@contextlib.contextmanager
def cluster(folder, *arguments, second=()):
    """A `Cluster` of which nothing is left after the block."""
    started = Cluster(folder, *arguments, second=second)
    try:
        yield started
    finally:
        for process in started.processes:
            process.kill()
            process.join()


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """The arguments that name the images."""
    folder = tmp_path_factory.mktemp("images")
    make_images(folder / "small")
    return ["--dataroot", folder]


@pytest.fixture(scope="module")
def single(images, tmp_path_factory):
    """The run that one process makes of the same batches."""
    folder = tmp_path_factory.mktemp("single")
    run("train.py", *OPTIONS, *images, "--max_steps", STEPS, "--output_dir", folder)
    return folder / RUN


@pytest.fixture(scope="module")
def killed(images, tmp_path_factory):
    """Two workers' run whose worker 1 was killed: its folder, and the cluster with the ``seconds`` that it took."""
    folder = tmp_path_factory.mktemp("workers")
    with cluster(folder, *WORKERS, *images, "--output_dir", folder) as workers:
        workers.wait_for(lambda: len(checkpoints(folder / RUN)) > STEPS)
        workers.seconds = workers.stop(1, signal.SIGKILL)
        yield folder / RUN, workers


@pytest.fixture(scope="module")
def resumed(killed):
    """The same run, resumed, whose chief SIGTERM stops: the step that it began at, its last step, and the cluster."""
    folder, _ = killed
    begin = steps_of(folder)[-1]
    with cluster(folder.parent, "--resume", folder) as workers:
        workers.wait_for(lambda: steps_of(folder)[-1] > begin + 1)
        workers.seconds = workers.stop(0, signal.SIGTERM)
        yield begin, workers


def steps_of(folder):
    return [int(path.stem.removeprefix("step-")) for path in checkpoints(folder)]


def losses(folder):
    """The mean losses after each of the first steps."""
    lines = [json.loads(line) for line in (folder / "logs" / "steps.jsonl").read_text().splitlines()]
    return [[line[key] for key in sorted(line) if key.endswith("loss")] for line in lines[:STEPS]]


def gradients(folder, network):
    """The last gradients, a list of arrays."""
    arrays, _ = load_checkpoint(folder / "checkpoints" / f"step-{STEPS:08d}.npz")
    _, *moments = arrays[f"training/{network}_optimizer"]  # after the number of steps, the first and the second of each
    return moments[::2]


@pytest.mark.long
@pytest.mark.parametrize("network", ("generator", "discriminator"))
def test_losses_and_gradients_are_those_of_one_process(single, killed, network):
    workers, _ = killed
    assert len(losses(single)) == STEPS and len(losses(single)[0]) == 4
    np.testing.assert_allclose(losses(workers), losses(single), rtol=1e-5)
    whole = np.linalg.norm(np.concatenate([np.ravel(gradient) for gradient in gradients(single, network)]))
    for gradient, expected in zip(gradients(workers, network), gradients(single, network), strict=True):
        # The gradient of a bias before batch norm is 0 but for rounding.
        assert np.linalg.norm(gradient - expected) < 1e-3 * np.linalg.norm(expected) + 1e-6 * whole


@pytest.mark.long
def test_a_worker_that_is_killed_ends_the_chief_within_a_minute_in_one_sentence(killed):
    folder, workers = killed
    chief, other = workers.printed()
    assert [process.exitcode for process in workers.processes] == [2, -signal.SIGKILL] and workers.seconds < 60
    assert chief.splitlines()[-1].startswith(SENTENCE) and f"--resume {folder}" in chief and "Traceback" not in chief
    assert other.startswith("worker 1 of 2 waits up to") and len(other.splitlines()) == 1


@pytest.mark.long
def test_all_go_on_from_the_last_checkpoint(killed, resumed):
    begin, workers = resumed
    first, second = (json.loads(line) for line in (killed[0] / "logs" / "sessions.jsonl").read_text().splitlines())
    assert (first["step"], second["step"]) == (0, begin)
    logged = [json.loads(line)["step"] for line in (killed[0] / "logs" / "steps.jsonl").read_text().splitlines()]
    assert logged == list(range(1, steps_of(killed[0])[-1] + 1))
    assert f"resumes at step {begin}" in workers.printed()[0] and "resumes" not in workers.printed()[1]


@pytest.mark.long
def test_a_chief_that_is_asked_to_stop_saves_and_ends_the_other(resumed):
    _, workers = resumed
    chief, other = workers.printed()
    assert [process.exitcode for process in workers.processes] == [143, 2] and workers.seconds < 60
    assert "saving, then stopping" in chief and "Traceback" not in other
    assert other.splitlines()[-1].startswith(SENTENCE)


@pytest.mark.long
@pytest.mark.parametrize(
    "both,second,sentence",
    [
        (["--batch_size", "5"], [], "--batch_size: got 5, takes a multiple of the 2 devices"),
        ([], ["--max_steps", "9"], "differ in their options and training images"),
    ],
)
def test_workers_that_do_not_fit_are_refused(images, tmp_path, both, second, sentence):
    with cluster(tmp_path, *WORKERS, *images, *both, "--output_dir", tmp_path, second=second) as workers:
        for process in workers.processes:
            process.join(MOST_SECONDS)
        for process, printed in zip(workers.processes, workers.printed(), strict=True):
            assert process.exitcode == 2 and sentence in printed.splitlines()[-1]


@pytest.mark.parametrize(
    "variables,sentence",
    [
        ({}, "set TF_CONFIG, or start it with Slurm's srun"),
        ({"TF_CONFIG": "worker 0"}, "cannot use TF_CONFIG (Expecting value"),
        ({"TF_CONFIG": "{}"}, "cannot use TF_CONFIG"),
        ({"TF_CONFIG": json.dumps(_configs()[0] | {"task": {"type": "worker", "index": 2}})}, "cannot use TF_CONFIG"),
        ({"SLURM_STEP_NUM_TASKS": "2"}, "cannot use Slurm's variables (SLURM_PROCID not found"),
    ],
)
def test_what_does_not_name_the_workers_is_a_sentence(monkeypatch, images, variables, sentence):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    done = run_here("train.py", *OPTIONS, *images, "--strategy", "multi_worker", status=2)
    assert sentence in last_line(done)


def test_slurm_s_variables_name_the_workers(monkeypatch):
    variables = {"PROCID": "3", "STEP_NUM_TASKS": "4", "STEP_NODELIST": "n[1-2]", "STEP_TASKS_PER_NODE": "2(x2)"}
    for name, value in variables.items():
        monkeypatch.setenv(f"SLURM_{name}", value)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")  # else TensorFlow asks nvidia-smi
    resolver = cluster_resolver()
    assert worker_of(resolver) == (3, 4)
    assert resolver.cluster_spec().as_dict() == {"worker": ["n1:8888", "n1:8889", "n2:8888", "n2:8889"]}
