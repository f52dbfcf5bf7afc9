"""translate.tflite and translate.onnx make the images that the translator makes, in runtimes without TensorFlow."""

import contextlib
import importlib.util
import os
import subprocess

import numpy as np
import pytest
import tensorflow as tf

from engine.inference.export import write_for_runtimes
from models import (
    Translator,
    hdrnet_generator,
    lut_generator,
    matching_generator,
    resnet_generator,
    unet_generator,
)
from tests.commands import run_here
from tests.models.test_translator import BINS, PHOTOGRAPHS, SIZE, huenet
from utils.colors import gray

SMALL = {"bins": BINS, "filters": 4}


def colorful_unet():
    generator = unet_generator(SIZE, **SMALL)
    kernel = generator.get_layer("image").weights[0]
    kernel.assign(1000 * kernel)  # otherwise this small network, not trained, returns gray
    return generator


GENERATORS = {
    "unet": colorful_unet,
    "unet, dense": lambda: unet_generator(SIZE, **SMALL, encoder="dense"),
    "resnet": lambda: resnet_generator(SIZE, **SMALL, blocks=1),
    "hdrnet": lambda: hdrnet_generator(SIZE, bins=BINS),
    "hdrnet, network": lambda: hdrnet_generator(SIZE, bins=BINS, guide="network", batch_norm=True),
    "hdrnet of enhancement": lambda: hdrnet_generator(SIZE, bins=BINS, encoder=None, identity=True),
    "hdrnet, matched": lambda: hdrnet_generator(SIZE, bins=BINS, matched=True),
    "lut": lambda: lut_generator(SIZE, bins=BINS),
    "matching": lambda: matching_generator(SIZE, bins=BINS),
}
ONE_SIZE = ("unet", "unet, dense", "resnet")
LEFT_OUT = {  # by the runtime, the table of docs/testing.md
    "tflite": ("hdrnet, matched", "matching"),  # and a lut with the histogram space "directions"
    "onnx": ("hdrnet, matched", "lut", "matching"),
}


def write(name, folder, size=(SIZE, SIZE), **options):
    """Write both files. Returns the translator, whether a reference is taken, and the lines about the files."""
    tf.keras.utils.set_random_seed(1)
    any_size, takes_reference = name not in ONE_SIZE, name != "hdrnet of enhancement"
    translator = Translator(huenet(GENERATORS[name]()), image_size=None if any_size else (SIZE, SIZE), **options)
    folder.mkdir(exist_ok=True)
    settings = {"size": size, "any_size": any_size, "takes_reference": takes_reference}
    return translator, takes_reference, write_for_runtimes(translator, folder, **settings)


def images(translator, size=(SIZE, SIZE)):
    """A source, the histogram of a reference, and the translator's output for them."""
    source, histogram = PHOTOGRAPHS[0][None, : size[0], : size[1]], translator.histogram(PHOTOGRAPHS[1][None]).numpy()
    return source, histogram, translator.translate(source, histogram).numpy()


def run_tflite(path, **inputs):
    with pytest.warns(UserWarning, match="LiteRT") if tf.__version__ > "2.19" else contextlib.nullcontext():
        interpreter = tf.lite.Interpreter(str(path))
    return interpreter.get_signature_runner("translate")(**inputs)["output"]


def largest_difference(image, expected):
    return np.abs(np.int16(image) - np.int16(expected)).max()


@pytest.mark.long
@pytest.mark.parametrize("name,size", [("unet", (SIZE, SIZE)), ("hdrnet", (48, 64))])
def test_the_model_of_litert_makes_the_translators_images_at_its_size(name, size, tmp_path, monkeypatch):
    monkeypatch.setattr("models.networks.bilateral.STRIP", 1000)  # several strips
    translator, _, lines = write(name, tmp_path, size)
    assert lines[0] == "translate.tflite, for {}x{} images".format(*size)
    source, histogram, expected = images(translator, size)
    assert expected.shape == (1, *size, 3) and np.ptp(expected) > 20
    assert (
        largest_difference(run_tflite(tmp_path / "translate.tflite", source=source, histogram=histogram), expected) <= 1
    )


@pytest.mark.long
def test_a_generator_without_a_reference_takes_the_source_alone_and_a_task_makes_its_own_source(tmp_path):
    translator, _, _ = write("hdrnet of enhancement", tmp_path, to_source=gray)
    source, _, expected = images(translator)
    assert largest_difference(run_tflite(tmp_path / "translate.tflite", source=source), expected) <= 1
    assert largest_difference(expected, source) > 5 and largest_difference(expected[..., 0], expected[..., 2]) <= 1


@pytest.mark.long
def test_without_tf2onnx_a_line_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    _, _, lines = write("matching", tmp_path)
    assert lines[1] == "translate.onnx is left out: tf2onnx is not installed: pip install tf2onnx"
    assert lines[0] == "translate.tflite is left out: LiteRT does not have all operations of this generator"
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "size,message",
    [
        ("64x64", "got 64x64, and this unet takes 32x32 alone; leave it out"),
        ("64", "got 64, takes a height and a width"),
    ],
)
def test_a_size_that_the_network_does_not_take_is_one_sentence(size, message, short, tmp_path):
    done = run_here("test.py", "--run", short[0], "--export", tmp_path / "to", "--size", size, status=2)
    assert f"error: --size: {message}" in done.stderr and not [*tmp_path.iterdir()]


RUN_IN_RUNTIMES = """
import sys
from pathlib import Path
import numpy as np, onnxruntime
from ai_edge_litert.interpreter import Interpreter
for module in ("tensorflow", "models"):
    assert module not in sys.modules
for folder in sorted(Path(sys.argv[1]).iterdir()):
    inputs = dict(np.load(folder / "inputs.npz"))
    if (folder / "translate.tflite").exists():
        translate = Interpreter(str(folder / "translate.tflite")).get_signature_runner("translate")
        np.save(folder / "tflite.npy", translate(**inputs)["output"])
    if (folder / "translate.onnx").exists():
        session = onnxruntime.InferenceSession(folder / "translate.onnx", providers=["CPUExecutionProvider"])
        np.save(folder / "onnx.npy", session.run(None, inputs)[0])
"""


@pytest.mark.long
@pytest.mark.skipif(
    "HUENET_RUNTIMES" not in os.environ,
    reason="needs HUENET_RUNTIMES, the Python of an environment with ai-edge-litert and onnxruntime",
)
def test_all_generators_in_the_runtimes_themselves(tmp_path):
    runtimes = ["tflite", *(["onnx"] if importlib.util.find_spec("tf2onnx") else [])]
    expected = {}
    for name in GENERATORS:
        translator, takes_reference, lines = write(name, tmp_path / name)
        source, histogram, expected[name] = images(translator)
        inputs = {"source": source} | ({"histogram": histogram} if takes_reference else {})
        np.savez(tmp_path / name / "inputs.npz", **inputs)
        for runtime in runtimes:
            left_out = any(line.startswith(f"translate.{runtime} is left out") for line in lines)
            assert left_out == (name in LEFT_OUT[runtime]), lines
    subprocess.run([os.environ["HUENET_RUNTIMES"], "-P", "-c", RUN_IN_RUNTIMES, tmp_path], cwd=tmp_path, check=True)
    for name, image in expected.items():
        for runtime in runtimes:
            if name not in LEFT_OUT[runtime]:
                difference = largest_difference(np.load(tmp_path / name / f"{runtime}.npy"), image)
                assert difference <= 1, f"{name}, {runtime}: {difference}"
