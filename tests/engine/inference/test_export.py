"""The exported model has the same outputs, in processes of its own."""

import subprocess
import sys
from pathlib import Path
from pkgutil import resolve_name

import numpy as np
import pytest
from tensorflow import keras

from engine.inference.export import write_export
from models import GENERATORS, Translator
from tests.models.test_translator import BINS, PHOTOGRAPHS, SIZE, huenet, make_unet


@pytest.fixture(scope="module")
def unet():
    return make_unet()


def assert_equal_except_for_rounding(image, expected):
    """Another process may sum in another order. So one value in a thousand may differ by one level."""
    difference = np.abs(np.int16(image) - np.int16(expected))  # a tensor would make it uint8, whose -1 is 255
    assert difference.max() <= 1 and (difference > 0).mean() <= 1e-3


LOAD_AND_TRANSLATE = """
import sys
import numpy as np, tensorflow as tf
try:
    import models
    sys.exit("the project can be imported")
except ImportError:
    pass
translator = tf.saved_model.load(sys.argv[1] + "/saved_model")
inputs = np.load(sys.argv[1] + "/inputs.npz")
outputs = [translator(inputs[f"source_{k}"], inputs["reference"]).numpy() for k in range(2)]
translated = translator.translate(inputs["source_0"], translator.histogram(inputs["reference"])).numpy()
served = translator.signatures["serving_default"](source=inputs["source_0"], reference=inputs["reference"])
try:
    translator(np.repeat(inputs["source_0"], 3, 0), np.repeat(inputs["reference"], 2, 0))
    sys.exit("three sources and two references were translated")
except tf.errors.InvalidArgumentError as error:
    assert "one reference for each source, or one for all; sources and references are] [3] [2]" in str(error), error
np.savez(sys.argv[1] + "/outputs.npz", *outputs, translated, *[value.numpy() for value in served.values()])
"""


@pytest.mark.long
def test_the_exported_model_has_the_same_outputs_and_needs_only_tensorflow(unet, tmp_path):
    # In training mode, with dropout and batch statistics.
    translator = Translator(unet, image_size=(SIZE, SIZE), pad=True, training=True)
    folder = tmp_path / "exported"
    folder.mkdir()
    write_export(unet, translator, folder)
    sources, reference = [PHOTOGRAPHS[0][None], PHOTOGRAPHS[1][None, :SIZE, :SIZE]], PHOTOGRAPHS[1][None]
    np.savez(folder / "inputs.npz", source_0=sources[0], source_1=sources[1], reference=reference)
    expected = [translator(source, reference).numpy() for source in sources]
    subprocess.run([sys.executable, "-P", "-c", LOAD_AND_TRANSLATE, folder], cwd=tmp_path, check=True)
    with np.load(folder / "outputs.npz") as outputs:
        for name, image in zip(outputs.files, [*expected, expected[0], expected[0]], strict=True):
            assert_equal_except_for_rounding(outputs[name], image)


@pytest.mark.long
def test_the_exported_generator_is_loaded_with_the_layers_of_the_project(unet, tmp_path):
    write_export(unet, Translator(unet, image_size=(SIZE, SIZE)), tmp_path)
    reloaded = keras.models.load_model(tmp_path / "generator.keras")
    inputs = [np.float32(np.random.default_rng(0).uniform(-1, 1, [1, SIZE, SIZE, 3])), np.full([1, 3, BINS], 1 / BINS)]
    np.testing.assert_allclose(reloaded(inputs), unet.image_generator(inputs), atol=1e-6)


LOAD_ALL = """
import sys
import numpy as np, tensorflow as tf
names, root = sys.argv[2:], sys.argv[1]
inputs = np.load("inputs.npz")
for name in names:
    image = tf.saved_model.load(f"{name}/saved_model")(inputs["photograph"], inputs["photograph"])
    np.save(f"{name}/image.npy", image.numpy())
sys.path.append(root)
import models.networks  # as docs/testing.md has it
for name in names:
    generator = tf.keras.models.load_model(f"{name}/generator.keras")
    np.save(f"{name}/output.npy", generator([inputs["source"], inputs["histogram"]]).numpy())
"""


@pytest.mark.long
def test_every_exported_generator_is_loaded_in_a_new_process_without_warnings_about_gradients(tmp_path, rng):
    photograph, histogram = PHOTOGRAPHS[0][None], rng.dirichlet(np.ones(BINS), [1, 3]).astype(np.float32)
    source = np.float32(rng.uniform(-1, 1, [1, SIZE, SIZE, 3]))
    np.savez(tmp_path / "inputs.npz", photograph=photograph, source=source, histogram=histogram)
    expected = {}
    more = {"hdrnet": {"guide": "network", "batch_norm": True, "matched": True, "source_histogram": True}}
    for name, row in GENERATORS.items():
        small = {"filters": 4, "blocks": 1, "encoder": row.encoders[0]} | more.get(name, {})
        small = {option: value for option, value in small.items() if option in row.options}
        model = huenet(resolve_name(row.function)(SIZE, bins=BINS, **small))
        translator = Translator(model, image_size=None if row.any_size else (SIZE, SIZE))
        (tmp_path / name).mkdir()
        write_export(model, translator, tmp_path / name)
        expected[name] = translator(photograph, photograph), model.image_generator([source, histogram])
    command = [sys.executable, "-P", "-c", LOAD_ALL, Path(__file__).parents[3], *expected]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "custom gradients" not in done.stderr and "WARNING:absl" not in done.stderr
    for name, (image, output) in expected.items():
        assert_equal_except_for_rounding(np.load(tmp_path / name / "image.npy"), image)
        np.testing.assert_allclose(np.load(tmp_path / name / "output.npy"), output, atol=1e-5)
