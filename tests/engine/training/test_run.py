"""A training run before its first step, and one that a signal stops in its last samples."""

import numpy as np
import pytest
from tensorflow import keras

import config
from engine import open_dataset
from engine.checkpoints.files import best_checkpoint, checkpoints, load_checkpoint
from engine.run_folder.signals import StopSignal
from engine.training.callbacks import Epochs
from engine.training.run import TrainingRun
from engine.training.session import Session
from tests.commands import last_line, run_here
from utils import UserError


def training_run(folder, side, resumed=False, **settings):
    keras.utils.set_random_seed(0)
    options = config.load("colorization", dataset="sample", img_h=side, img_w=side, bin_num=8, jitter=False, **settings)
    dataset = open_dataset(options, "train", "validation", "test")
    return TrainingRun(options, dataset, folder, stop_signal=StopSignal(), resumed=resumed)


@pytest.mark.long
def test_a_memory_cache_says_what_it_takes_and_more_than_there_is_is_refused(tmp_path, capsys):
    run = training_run(tmp_path, side=512, filters=2, cache="memory")
    Session(run).begin()
    assert f"--cache memory takes {len(run.pipeline) * 512 * 512 * 3 / 1e9:.2f} GB" in capsys.readouterr().out
    sentence = r"^--cache memory would take \d+\.\d GB, but \d+\.\d GB of memory are available; give --cache disk or"
    with pytest.raises(UserError, match=sentence):
        training_run(tmp_path / "new", side=2**20, filters=2, cache="memory")
    assert not (tmp_path / "new").exists()


@pytest.mark.long
def test_a_signal_in_the_last_samples_or_the_last_measuring_is_made_good_by_a_resume(tmp_path):
    settings = {"generator": "hdrnet", "guide": "network", "batch_norm": True, "adversarial": 0, "structure": 0}
    settings |= {"side": 32, "max_steps": 1}

    def train(folder, *, signal_in=None, resumed=False):
        run = training_run(folder, resumed=resumed, **settings)
        session = Session(run)
        if signal_in:
            function = getattr(session.validation, signal_in)

            def run_and_signal():
                run.stop_signal.exit_code = 143 if run.step else None
                return function()

            setattr(session.validation, signal_in, run_and_signal)
        session.begin()
        run.fit(session)
        (checkpoint,) = checkpoints(folder)
        names = sorted(path.name for path in (folder / "samples").glob("*.png"))
        return names, checkpoint.stat().st_mtime_ns, *load_checkpoint(checkpoint)

    (tmp_path / "whole").mkdir()
    names, _, expected, _ = train(tmp_path / "whole")
    assert names == ["epoch-0000.png", "epoch-0001.png"]
    folder = tmp_path / "interrupted"
    folder.mkdir()
    for place, drawn in (("draw", 1), ("measure", 2)):
        with pytest.raises(SystemExit):
            train(folder, signal_in=place, resumed=drawn > 1)
        (checkpoint,) = checkpoints(folder)
        metadata = load_checkpoint(checkpoint)[1]
        assert metadata["step"] == 1 and "delta_e" not in metadata
        assert len([*(folder / "samples").glob("*.png")]) == drawn
    first, second = (train(folder, resumed=True) for _ in range(2))  # the second time there is nothing to do
    assert first[0] == names and first[3]["delta_e"] > 0 and second[1] == first[1]
    for name, arrays in expected.items():
        for array, other in zip(arrays, first[2][name], strict=True):
            np.testing.assert_allclose(other, array, rtol=1e-3, atol=1e-6, err_msg=name)


@pytest.mark.long
def test_outputs_that_are_not_finite_are_not_measured_and_test_py_refuses_them(tmp_path):
    folder = tmp_path / "colorization-sample"
    settings = {"generator": "hdrnet", "filters": 2, "output_dir": str(tmp_path), "sample_every": 0}
    run = training_run(folder, side=32, max_steps=1, **settings)
    folder.mkdir()
    session = Session(run)
    session.begin()
    run.model.generator.set_weights([np.full_like(weight, np.nan) for weight in run.model.generator.get_weights()])
    saving = session.callbacks(Epochs(run.pipeline.steps_per_epoch, run.last_step))[-1]
    saving.set_model(run.model)
    saving.save()
    (checkpoint,) = checkpoints(folder)
    assert np.isnan(load_checkpoint(checkpoint)[1]["delta_e"]) and best_checkpoint(folder) is None
    done = run_here("test.py", "--run", folder, status=2)
    assert last_line(done) == f"error: {checkpoint} makes images that are not finite; give another --checkpoint"
    assert not (folder / "test").exists()
