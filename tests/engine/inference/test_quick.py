"""The network that comes with the project: one pass, as a run and as a map of colors."""

import itertools

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from skimage.io import imread
from tensorflow import keras

import config
from engine import load_translator
from engine.checkpoints import load_checkpoint
from engine.inference.quick import QuickFitter
from metrics import palette_distance
from models import SHIPPED, shipped_settings
from models.networks import color_histogram, predict_coefficients
from tests.commands import last_line, run_here
from utils.colors import read_lut

CAT, COFFEE = skimage.data.chelsea(), skimage.data.coffee()


@pytest.fixture
def images(tmp_path, save):
    return save(tmp_path / "cat.png", CAT), save(tmp_path / "coffee.png", COFFEE)


def test_the_weights_are_whole_small_and_of_half_precision():
    assert SHIPPED["looks"].stat().st_size < 4e6
    arrays, metadata = load_checkpoint(SHIPPED["looks"])  # it checks the digest
    assert {array.dtype.name for array in arrays["generator"]} == {"float16"} and arrays.keys() == {"generator"}
    assert metadata["settings"] == shipped_settings("looks") and metadata["settings"]["task"] == "color_transfer"


def test_coefficients_are_those_of_the_network_that_was_trained():
    weights, options = QuickFitter()._network
    source, reference = (tf.constant(np.float32(image[None, ::8, ::8]) / 255) for image in (CAT, COFFEE))
    found = predict_coefficients(weights, source, color_histogram(reference, **options), **options)[0]
    # Computed when each operation was a Keras layer, with the weights of its own. The order of weights matters.
    expected = [[-0.03031, 0.01337, -0.01033], [-0.08093, 0.09227, 0.07974], [0.00513, 0.02481, 0.04251]]
    np.testing.assert_allclose(found[:3], expected, atol=1e-4)
    np.testing.assert_allclose(np.abs(found).sum(), 1.44133, atol=1e-3)
    swapped = [*weights[:6], *weights[14:22], *weights[6:14], *weights[22:]]
    other = predict_coefficients(swapped, source, color_histogram(reference, **options), **options)[0]
    assert np.abs(other[:3] - expected).max() > 20 * 1e-4


@pytest.mark.long
def test_outputs_are_the_predicted_polynomials_in_float64():
    model, translator, _, _ = load_translator(config.load_run("looks"), "looks")
    histogram, colors = translator.histogram(COFFEE[None]), CAT / 255
    generator = model.generator.get_layer("generator")
    find = keras.Model(generator.inputs, generator.get_layer("coefficients").output)
    coefficients = np.float64(find([tf.constant(2 * colors[None] - 1, tf.float32), histogram])[0])
    degrees = np.polynomial.chebyshev.chebvander(2 * colors - 1, 3)  # [h,w,3,4]
    powers = [p for p in itertools.product(range(4), repeat=3) if sum(p) <= 3]
    terms = np.stack([degrees[..., 0, i] * degrees[..., 1, j] * degrees[..., 2, k] for i, j, k in powers], axis=-1)
    expected = 255 * np.clip(colors + terms @ coefficients, 0, 1)
    output = translator.translate(CAT[None], histogram).numpy()[0]
    assert np.abs(output - expected).max() < 0.51  # rounding alone
    assert np.abs(output - np.float64(CAT)).mean() > 10


@pytest.mark.long
def test_the_map_is_what_the_run_translates_to():
    color_map = QuickFitter().fit([CAT], COFFEE)
    _, translator, _, _ = load_translator(config.load_run("looks"), "looks")
    output = translator.outputs(CAT[None], translator.histogram(COFFEE[None]))[0]
    difference = np.abs(np.int32(color_map.translate(CAT)) - output)
    assert difference.max() <= 3 and difference.mean() < 0.3  # the table is interpolated
    assert palette_distance(output, COFFEE) < 0.9 * palette_distance(CAT, COFFEE)


@pytest.mark.long
def test_an_image_keeps_its_colors_if_it_is_its_own_reference():
    output = QuickFitter().fit([COFFEE], COFFEE).translate(COFFEE)
    assert np.abs(np.int32(output) - COFFEE).mean() < 6


def test_a_known_look_is_found():
    look = np.uint8(255 * np.clip((CAT / 255) ** 1.4 * [1, 0.9, 0.7] + [0, 0.02, 0.1], 0, 1))
    source, reference, target = CAT[:, :225], look[:, 225:], look[:, :225]
    errors = [
        np.abs(np.float64(x) - target).mean()
        for x in (source, QuickFitter().fit([source], reference).translate(source))
    ]
    assert errors[1] < 0.5 * errors[0]


@pytest.mark.long
def test_frames_share_the_mean_of_their_maps():
    predictor = QuickFitter()
    both = predictor.fit([CAT, COFFEE], COFFEE).table
    alone = [predictor.fit([image], COFFEE).table for image in (CAT, COFFEE)]
    np.testing.assert_allclose(both, np.mean(alone, axis=0), atol=1e-5)


def test_quick_writes_an_image_and_a_look(images, tmp_path):
    command = ["--source", images[0], "--reference", images[1], "--quick"]
    run_here("test.py", *command, "--out", tmp_path / "out.png", "--lut", tmp_path / "look.cube")
    by_look = ["--source", images[0], "--reference", tmp_path / "look.cube", "--out", tmp_path / "again.png"]
    run_here("test.py", *by_look)
    first, again = (np.int32(imread(tmp_path / name)) for name in ("out.png", "again.png"))
    assert read_lut(tmp_path / "look.cube").shape == (33, 33, 33, 3) and np.abs(first - again).max() <= 1
    run_here("test.py", "--run", "looks", *command[:-1], "--out", tmp_path / "run.png")
    assert np.abs(first - imread(tmp_path / "run.png")).max() <= 3


def test_a_folder_named_looks_does_not_replace_the_network(tmp_path, monkeypatch):
    expected = QuickFitter().fit([CAT], COFFEE).table
    monkeypatch.chdir(tmp_path)
    (tmp_path / "looks").mkdir()
    config.save(config.load("colorization"), tmp_path / "looks" / "settings.yml")
    np.testing.assert_array_equal(QuickFitter().fit([CAT], COFFEE).table, expected)


def test_options_of_a_fit_are_refused(images, tmp_path):
    command = [
        "--source",
        images[0],
        "--reference",
        images[1],
        "--quick",
        "--steps",
        "5",
        "--out",
        tmp_path / "out.png",
    ]
    done = run_here("test.py", *command, status=2)
    assert "--steps: not taken by --quick" in done.stderr


def test_results_of_a_test_need_a_folder_of_their_own(tmp_path):
    done = run_here("test.py", "--run", "looks", cwd=tmp_path, status=2)
    assert "looks comes with the project and has no folder for results: give --out FOLDER" in last_line(done)
    assert not [*tmp_path.iterdir()]


def test_a_folder_of_a_run_has_priority(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "looks").mkdir()
    config.save(config.load("colorization"), tmp_path / "looks" / "settings.yml")
    assert config.load_run("looks").task == "colorization"


@pytest.mark.long
def test_the_export_makes_the_images_of_test_py(images, tmp_path):
    run_here("test.py", "--run", "looks", "--export", tmp_path / "to")
    command = ["--source", images[0], "--reference", images[1], "--out", tmp_path / "run.png"]
    run_here("test.py", "--run", "looks", *command)
    saved = tf.saved_model.load(str(tmp_path / "to" / "saved_model"))
    generator = keras.models.load_model(tmp_path / "to" / "generator.keras")
    network_output = generator([tf.constant(CAT[None] / 127.5 - 1, tf.float32), saved.histogram(COFFEE[None])])
    by_keras = np.clip(np.round(255 * (np.float64(network_output[0]) + 1) / 2), 0, 255)
    expected = np.int32(imread(tmp_path / "run.png"))
    for image in (saved(CAT[None], COFFEE[None])[0].numpy(), by_keras):
        assert np.abs(expected - image).max() <= 1
