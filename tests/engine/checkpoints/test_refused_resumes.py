"""What can be resumed, and what is refused: another environment, other images, damage, and changed settings."""

import numpy as np
import pytest

import config
from engine import build_model, compile_model, open_dataset
from engine.checkpoints.files import checkpoints, load_checkpoint, save_checkpoint
from engine.checkpoints.restoring import load_weights, restore
from engine.run_folder.signals import StopSignal
from engine.training.run import TrainingRun
from engine.training.session import Session
from tests.commands import run_here
from utils import UserError


@pytest.fixture(scope="module")
def short_run(short):
    return short[0]


@pytest.fixture
def model(short_run):
    options = config.load_run(short_run)
    model = build_model(options)
    compile_model(model, options, steps_per_epoch=4)
    return model


@pytest.mark.long
def test_a_run_without_a_checkpoint_starts_from_the_beginning(short_run, tmp_path):
    options = config.load_run(short_run)
    config.save(options, tmp_path / "settings.yml")
    (tmp_path / "mine.txt").write_text("mine")
    dataset = open_dataset(options, "train", "validation", "test")
    training = TrainingRun(options, dataset, tmp_path, stop_signal=StopSignal(), resumed=True)
    Session(training).begin()
    assert training.step == 0 and config.load_run(tmp_path) == options and (tmp_path / "mine.txt").exists()


def environment_of(short_run):
    return load_checkpoint(checkpoints(short_run)[-1])[1]


def test_another_keras_or_other_images_are_refused_but_weights_can_be_loaded(short_run, model, tmp_path):
    arrays, metadata = load_checkpoint(checkpoints(short_run)[-1])
    changed = metadata | {"keras": "4.0.1", "tensorflow": "3.0.0"}
    save_checkpoint(tmp_path / "checkpoints", metadata["step"], arrays=arrays, metadata=changed)
    with pytest.raises(UserError, match=r"trained with Keras 4.0.1 and cannot be resumed with .* TensorFlow 3.0.0"):
        restore(tmp_path, model, metadata)
    with pytest.raises(UserError, match="its training images were others"):
        restore(short_run, model, metadata | {"data": "another"})
    with pytest.raises(UserError, match=f"took the images in another order; .* --output_pre_dir {short_run}"):
        restore(short_run, model, metadata | {"shuffle": "another"})
    del changed["shuffle"]  # as in earlier versions
    save_checkpoint(tmp_path / "checkpoints", metadata["step"], arrays=arrays, metadata=changed | {"keras": "3"})
    with pytest.raises(UserError, match="took the images in another order"):
        restore(tmp_path, model, metadata | {"keras": "3"})
    assert model.step_counter.value() == 0
    load_weights(model, tmp_path)
    np.testing.assert_array_equal(model.generator.get_weights()[0], arrays["generator"][0])


def test_a_run_whose_checkpoints_are_all_damaged_is_refused(short_run, model, tmp_path):
    save_checkpoint(tmp_path / "checkpoints", 4, arrays={}).write_bytes(b"")
    with pytest.raises(UserError, match="none of its checkpoints can be used"):
        restore(tmp_path, model, environment_of(short_run))


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--batch_size", "3"], "data.batch_size 6 -> 3"),
        (["--set", "losses.color=7"], "losses.color 20.0 -> 7.0"),
        (["--seed", "1", "--epochs", "5"], "run.seed 0 -> 1"),
        (["--task", "edges2photos"], "--task: got edges2photos, and"),
        (["--output_dir", "elsewhere"], "run.output_dir"),
        (["--overwrite"], "run.overwrite False -> True"),
        (["--config", "config/experiments/quick.yaml"], "does not go with --resume"),
        (["--variant", "released"], "--variant released does not go with --resume"),
    ],
)
def test_changed_settings_are_refused_in_one_sentence(short_run, arguments, message):
    before = (short_run / "settings.yml").read_bytes()
    done = run_here("train.py", "--resume", short_run, *arguments, status=2)
    assert message in done.stderr and len(done.stderr.splitlines()) == 1
    assert (short_run / "settings.yml").read_bytes() == before


def test_a_folder_that_is_not_a_run_is_refused(tmp_path):
    assert "is not a run" in run_here("train.py", "--resume", tmp_path / "run", status=2).stderr
    assert not list(tmp_path.iterdir())
