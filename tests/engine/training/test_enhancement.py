"""The task enhancement, whole: it learns the sample, takes 16-bit files, and says what is wrong with a pair."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
import skimage.data
import tifffile
from tensorflow import keras

import config
from datasets import open_dataset
from engine.factory import build_model
from engine.training import session
from engine.training.schedules import compile_model
from tests.commands import run, run_here
from tests.vgg import seeded_vgg
from utils import UserError
from utils.images import decode, with_depth

SMALL = ["--img_h", "64", "--img_w", "64", "--bin_num", "32", "--sample_every", "0"]


@pytest.fixture(scope="module")
def sixteen_bits(tmp_path_factory):
    """A data set of 16-bit TIFF pairs, of two sizes: the input has half the light of the target."""
    folder = tmp_path_factory.mktemp("data") / "fivek"
    for name in ("input", "expertC"):
        (folder / name).mkdir(parents=True)
    coffee = with_depth(skimage.data.coffee(), np.uint16)
    for number in range(10):
        target = coffee[20 * number : 20 * number + 70 + number % 2, 10 * number : 10 * number + 90]
        tifffile.imwrite(folder / "expertC" / f"{number}.tif", target)
        tifffile.imwrite(folder / "input" / f"{number}.tif", target // 2)
    return folder


@pytest.fixture(scope="module")
def trained(sixteen_bits, tmp_path_factory):
    """A run on the 16-bit pairs."""
    out = tmp_path_factory.mktemp("runs")
    arguments = ["--dataroot", sixteen_bits.parent, "--output_dir", out, *SMALL, "--generator_learning_rate", "5e-3"]
    arguments += ["--color", "1", "--epochs", "30", "--validation", "0", "--batch_size", "2"]
    done = run("train.py", "--task", "enhancement", *arguments)
    assert "20 of 20 files of 16 bits" in done.stdout and "8 training, 2 test images" in done.stdout
    assert "in the generator" in done.stdout and "discriminator" not in done.stdout
    assert "settings are meant for" not in done.stdout  # all of its epochs are trained
    return out / "enhancement-fivek"


@pytest.mark.long
def test_it_learns_and_is_measured_on_whole_images(trained):
    run_here("test.py", "--run", trained)
    report = json.loads((trained / "test" / "own" / "metrics.json").read_text())
    means = {name: value["mean"] for name, value in report["metrics"].items()}
    assert report["size"] == "whole images"
    assert means["psnr"] > means["psnr_source"] + 3 and means["delta_e"] < means["delta_e_source"]
    assert {"ssim", "ssim_source"} <= means.keys()
    output = decode(next((trained / "test" / "own" / "images").glob("*_output.png")).read_bytes())
    assert output.shape[0] in (70, 71) and output.shape[1:] == (90, 3)


@pytest.mark.long
@pytest.mark.parametrize("name,dtype", [("a.tif", np.uint16), ("a.png", np.uint16), ("a.jpg", np.uint8)])
def test_an_image_of_16_bits_is_enhanced_without_a_reference(name, dtype, trained, sixteen_bits, tmp_path):
    done = run_here("test.py", "--run", trained, "--source", sixteen_bits / "input" / "3.tif", "--out", tmp_path / name)
    assert f"the result: {tmp_path / name}" in done.stdout
    output = decode((tmp_path / name).read_bytes())
    assert output.dtype == dtype and output.shape == (71, 90, 3)
    if dtype == np.uint16:
        assert len(np.unique(output)) > 2000


def test_a_pair_of_16_bits_is_fitted_without_a_run(sixteen_bits, own, tmp_path):
    pair = ["--source", sixteen_bits / "input" / "3.tif", "--reference", own[0], "--steps", "2"]
    run_here("test.py", *pair, "--out", tmp_path / "out.tif")
    output = decode((tmp_path / "out.tif").read_bytes())
    assert output.dtype == np.uint16 and output.shape == (71, 90, 3) and len(np.unique(output)) > 2000


@pytest.mark.long
def test_a_reference_is_refused_where_none_is_taken_and_asked_for_where_one_is(trained, short, own, tmp_path):
    source, reference, _ = own
    both = ["--source", source, "--reference", reference, "--out", tmp_path / "out.png"]
    done = run_here("test.py", "--run", trained, *both, status=2)
    assert f"--reference: the generator of {trained} takes no reference; leave it out" in done.stderr
    strength = ["--source", source, "--strength", "0.5", "--out", tmp_path / "out.png"]
    done = run_here("test.py", "--run", trained, *strength, status=2)
    assert f"--strength: the generator of {trained} takes no reference; leave it out" in done.stderr
    done = run_here("test.py", "--run", short[0], "--source", source, "--out", tmp_path / "out.png", status=2)
    assert "--reference FILE (whose colors are wanted) is missing" in done.stderr
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("fault", ("sizes", "missing"))
def test_wrong_pairs_are_one_sentence(fault, sixteen_bits, tmp_path):
    for folder in ("input", "expertC"):
        (tmp_path / "fivek" / folder).mkdir(parents=True)
        for number in range(4):
            image = tifffile.imread(sixteen_bits / folder / f"{number}.tif")
            tifffile.imwrite(tmp_path / "fivek" / folder / f"{number}.tif", image)
    if fault == "sizes":
        tifffile.imwrite(tmp_path / "fivek" / "expertC" / "2.tif", np.zeros([50, 90, 3], np.uint16))
        reason = "expertC/2.tif (its size is 50x90, and 70x90 that of"
    else:
        (tmp_path / "fivek" / "expertC" / "2.tif").unlink()
        reason = "the images 2 are in only one of the folders input and expertC"
    arguments = ["--dataroot", tmp_path, "--output_dir", tmp_path / "runs", *SMALL]
    done = run_here("train.py", "--task", "enhancement", *arguments, status=2)
    assert done.stderr.startswith("error: ") and reason in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "runs").exists()


@pytest.mark.long
def test_the_study_of_losses_runs_on_the_sample_and_a_run_with_vgg_is_used_without_its_weights(tmp_path, own):
    weights = seeded_vgg(tmp_path / "vgg.weights.h5")
    arguments = ["--dataset", "sample", *SMALL, "--max_steps", "2", "--output_dir", tmp_path]
    arguments += ["--config", "config/experiments/enhancement_vgg.yaml", "--vgg_weights", weights]
    done = run("train.py", *arguments)
    assert re.search(
        r"2 steps, 252 an epoch \(0\.00159 % of the 500 epochs that the settings are meant for\)", done.stdout
    )
    steps = (tmp_path / "enhancement-sample" / "logs" / "metrics.jsonl").read_text()
    assert "perceptual_loss" in steps and "pixel_loss" in steps and "color_loss" not in steps
    weights.unlink()
    run_here("test.py", "--run", tmp_path / "enhancement-sample", "--source", own[0], "--out", tmp_path / "out.png")
    assert decode((tmp_path / "out.png").read_bytes()).shape == skimage.data.chelsea().shape


@pytest.mark.long
def test_no_photograph_is_both_for_training_and_for_testing():
    splits = open_dataset("enhancement", "sample").splits
    names = {split: {name.split("_")[0] for name in splits[split].images.names} for split in ("train", "test")}
    assert len(names["train"]) == 6 and len(names["test"]) == 2 and not names["train"] & names["test"]
    again = open_dataset("enhancement", "sample").splits["train"].images
    for index in (0, 7):
        source, target = splits["train"].images.read(index)
        np.testing.assert_array_equal(source, again.read(index)[0])
        assert np.abs(np.int16(source) - target).mean() > 5


def test_the_rate_falls_by_the_same_factor_each_epoch():
    options = config.load("enhancement", dataset="sample", max_steps=1, img_h=64, img_w=64, bin_num=16)
    model = build_model(options)
    compile_model(model, options, steps_per_epoch=10)
    schedule = model.optimizer.get_config()["learning_rate"]["config"]
    assert schedule["initial_learning_rate"] == 1e-4
    rate = keras.optimizers.schedules.ExponentialDecay.from_config(schedule)
    np.testing.assert_allclose(
        [rate(step) for step in (0, 5, 10, 30)], 1e-4 * 0.99 ** np.array([0, 0.5, 1, 3]), rtol=1e-5
    )
    with pytest.raises(UserError, match=r"decay_from_epoch must be none where optimizer\.decay is exponential"):
        config.load("enhancement", decay_from_epoch=2)


@pytest.mark.parametrize("steps,words", [(2, "0.0267 %"), (3750, "50 %"), (7490, "99.9 %"), (7500, "epoch")])
def test_the_share_of_the_epochs_is_a_plain_number(steps, words):
    run = SimpleNamespace(last_step=steps, pipeline=SimpleNamespace(steps_per_epoch=15))
    run.options = SimpleNamespace(run=SimpleNamespace(epochs=500))
    text = session._length(run)
    assert words in text and "e+" not in text
