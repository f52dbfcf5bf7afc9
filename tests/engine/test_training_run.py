"""A training run before its first step, and one that a signal stops in its last samples."""

import numpy as np
import pytest

import config
from engine import open_dataset
from engine.checkpoint_files import best_checkpoint, checkpoints, load_checkpoint
from engine.signals import StopSignal
from engine.training_run import TrainingRun
from tests.commands import last_line, run_here
from utils import UserError


def training_run(folder, side, resumed=False, **settings):
    options = config.load(
        "colorization", dataset="sample", img_h=side, img_w=side, bin_num=8, filters=2, jitter=False, **settings
    )
    dataset = open_dataset(options, "train", "validation", "test")
    return TrainingRun(options, dataset, folder, stop_signal=StopSignal(), resumed=resumed)


def test_a_memory_cache_says_what_it_takes_and_more_than_there_is_is_refused(tmp_path, capsys):
    run = training_run(tmp_path, side=512, cache="memory")
    run.begin()
    assert f"--cache memory takes {len(run.pipeline) * 512 * 512 * 3 / 1e9:.2f} GB" in capsys.readouterr().out
    sentence = r"^--cache memory would take \d+\.\d GB, but \d+\.\d GB of memory are available; give --cache disk or"
    with pytest.raises(UserError, match=sentence):
        training_run(tmp_path / "new", side=2**20, cache="memory")
    assert not (tmp_path / "new").exists()


def test_a_signal_in_the_last_samples_leaves_a_checkpoint_and_a_resume_completes_both(tmp_path):
    run = training_run(tmp_path, side=32, max_steps=1)
    draw = run.held_out.draw

    def draw_and_signal():
        run.stop_signal.exit_code = 143 if run.step else None
        return draw()

    run.held_out.draw = draw_and_signal
    run.begin()
    with pytest.raises(SystemExit):
        run.fit()

    def state():
        (checkpoint,) = checkpoints(tmp_path)
        return sorted(path.name for path in (tmp_path / "samples").glob("*.png")), load_checkpoint(checkpoint)[1]

    names, metadata = state()
    assert names == ["epoch-0000.png"] and metadata["step"] == 1 and "emd" not in metadata
    for _ in range(2):  # the second time there is nothing to do
        resumed = training_run(tmp_path, side=32, max_steps=1, resumed=True)
        resumed.begin()
        resumed.fit()
        names, metadata = state()
        assert names == ["epoch-0000.png", "epoch-0001.png"] and metadata["step"] == 1 and metadata["emd"] > 0


def test_outputs_that_are_not_finite_are_not_measured_and_test_py_refuses_them(tmp_path):
    folder = tmp_path / "colorization-sample"
    run = training_run(folder, side=32, max_steps=1, generator="hdrnet", output_dir=str(tmp_path), sample_every=0)
    folder.mkdir()
    run.begin()
    run.model.generator.set_weights([np.full_like(weight, np.nan) for weight in run.model.generator.get_weights()])
    saving = run._callbacks()[-2]
    saving.set_model(run.model)
    saving.save()
    (checkpoint,) = checkpoints(folder)
    assert np.isnan(load_checkpoint(checkpoint)[1]["emd"]) and best_checkpoint(folder) is None
    done = run_here("test.py", "--run", folder, status=2)
    assert last_line(done) == f"error: {checkpoint} makes images that are not finite; give another --checkpoint"
    assert not (folder / "test").exists()
