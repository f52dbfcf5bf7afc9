"""The translator: 8 bits in and out, any size, and the same function when it is exported."""

import subprocess
import sys

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from tensorflow import keras

from losses import conditional_entropy, earth_movers_distance
from models import HueNet, Translator, augment, export, patchgan_discriminator, unet_generator
from models.translator import _mirror_pad
from utils import to_float, to_network, to_rgb, to_uint8

SIZE, BINS = 32, 16
PHOTOGRAPHS = [skimage.data.astronaut()[:90, 150:270], skimage.data.coffee()[:100, :80]]  # [90,120,3], [100,80,3]


def huenet(generator):
    return HueNet(
        augment(generator, bins=BINS),
        patchgan_discriminator(SIZE, condition=None, filters=8),
        losses={"adversarial": "vanilla", "structure": conditional_entropy, "color": earth_movers_distance},
        weights={"adversarial": 1.0},
    )


@pytest.fixture(scope="module")
def unet():
    keras.utils.set_random_seed(3)
    generator = unet_generator(SIZE, bins=BINS, filters=8)
    kernel = generator.get_layer("image").weights[0]
    kernel.assign(1000 * kernel)  # so small a network, not trained, gives gray
    return huenet(generator)


@pytest.fixture(scope="module")
def copyist():
    """A network that gives its source back."""
    source = keras.Input((SIZE, SIZE, 3), name="source")
    return huenet(keras.Model(source, keras.layers.Activation("linear")(source)))


def test_at_the_networks_size_it_is_the_network_between_8_bits(unet):
    source, reference = PHOTOGRAPHS[0][None, :SIZE, :SIZE], PHOTOGRAPHS[1][None]
    batch = {name: to_network(to_float(p), "yuv") for name, p in (("source", source), ("reference", reference))}
    expected = to_uint8(to_rgb(unet(batch), "yuv"))
    translated = Translator(unet, image_size=(SIZE, SIZE))(source, reference).numpy()
    assert translated.dtype == np.uint8 and np.ptp(translated) > 5
    np.testing.assert_array_equal(translated, expected)


@pytest.mark.parametrize("color_space", ("yuv", "rgb", "lab"))
def test_a_copyist_gives_every_source_back_at_its_own_size(copyist, color_space):
    for pad in (False, True):
        translator = Translator(copyist, image_size=(SIZE, SIZE), color_space=color_space, pad=pad)
        same = PHOTOGRAPHS[0][None, :SIZE, :SIZE]
        assert np.abs(np.int16(translator(same, same)) - same).max() <= 1
        for photograph in PHOTOGRAPHS:
            given = photograph[None]
            small = tf.image.resize(tf.image.resize(given, (24, 24), antialias=True), given.shape[1:3])
            translated = translator(given, given).numpy()
            assert translated.shape == given.shape
            assert np.abs(translated - given.astype(float)).mean() < 1.3 * np.abs(small.numpy() - given).mean() + 1


def test_padding_keeps_the_proportions_and_stretching_does_not(unet):
    seen = []

    class Spy(Translator):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            translate = self._translate_inputs
            self._translate_inputs = lambda inputs: (seen.append(inputs["source"]), translate(inputs))[1]

    ball = np.zeros([1, 40, 80, 3], np.uint8)
    ball[:, 10:30, 30:50] = 255  # a square
    for pad, (height, width) in ((True, (8, 8)), (False, (16, 8))):
        seen.clear()
        with tf.init_scope():
            tf.config.run_functions_eagerly(True)
            Spy(unet, image_size=(SIZE, SIZE), color_space="rgb", pad=pad)(ball, ball)
            tf.config.run_functions_eagerly(False)
        bright = seen[0].numpy()[0, 8:24, :, 0] > 0 if pad else seen[0].numpy()[0, ..., 0] > 0  # not the mirror images
        assert (bright.any(1).sum(), bright.any(0).sum()) == pytest.approx((height, width), abs=1)


@pytest.mark.parametrize("shape", ((32, 10), (3, 32), (32, 32), (32, 1)))
def test_what_is_filled_up_is_numpys_symmetric_padding(shape, rng):
    image = rng.uniform(size=(2, *shape, 3)).astype(np.float32)
    pads = [((SIZE - side) // 2, SIZE - side - (SIZE - side) // 2) for side in shape]
    expected = np.pad(image, [(0, 0), *pads, (0, 0)], mode="symmetric")
    np.testing.assert_array_equal(_mirror_pad(image, (SIZE, SIZE)), expected)


def test_the_halves_make_the_whole_and_histograms_are_of_the_reference_whatever_its_size(unet):
    translator = Translator(unet, image_size=(SIZE, SIZE))
    sources, reference = np.stack([PHOTOGRAPHS[0][:40, :50], PHOTOGRAPHS[1][:40, :50]]), PHOTOGRAPHS[1][None]
    histogram = translator.histogram(reference)
    assert histogram.shape == (1, 3, BINS)
    np.testing.assert_allclose(tf.reduce_sum(histogram, -1), 1, atol=1e-6)
    twice = translator.histogram(np.concatenate([reference, reference], axis=2))
    np.testing.assert_allclose(histogram, twice, atol=1e-6)
    np.testing.assert_array_equal(translator(sources, reference), translator.translate(sources, histogram))


def test_in_training_mode_what_batch_norm_learns_is_undone(unet):
    before = [weight.copy() for weight in unet.generator.get_weights()]
    source = PHOTOGRAPHS[0][None, :SIZE, :SIZE]
    translated = Translator(unet, image_size=(SIZE, SIZE), training=True)(source, source)
    assert not np.array_equal(translated, Translator(unet, image_size=(SIZE, SIZE))(source, source))
    for weight, kept in zip(unet.generator.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)


def assert_same_but_for_rounding(image, expected):
    """Another process may sum in another order: a value in a thousand may be one level off."""
    difference = np.abs(np.int16(image) - expected)
    assert difference.max() <= 1 and (difference > 0).mean() <= 1e-3


ALONE = """
import sys
import numpy as np, tensorflow as tf
try:
    import models
    sys.exit("the project can be imported")
except ImportError:
    pass
translator = tf.saved_model.load(sys.argv[1] + "/saved_model")
given = np.load(sys.argv[1] + "/given.npz")
outputs = [translator(given[f"source_{k}"], given["reference"]).numpy() for k in range(2)]
half = translator.translate(given["source_0"], translator.histogram(given["reference"])).numpy()
served = translator.signatures["serving_default"](source=given["source_0"], reference=given["reference"])
np.savez(sys.argv[1] + "/made.npz", *outputs, half, *[value.numpy() for value in served.values()])
"""


def test_the_exported_model_gives_the_same_images_with_tensorflow_alone(unet, tmp_path):
    # With dropout, and with what batch norm learns undone.
    translator = Translator(unet, image_size=(SIZE, SIZE), pad=True, training=True)
    folder = tmp_path / "exported"
    export(unet, translator, folder)
    sources, reference = [PHOTOGRAPHS[0][None], PHOTOGRAPHS[1][None, :SIZE, :SIZE]], PHOTOGRAPHS[1][None]
    np.savez(folder / "given.npz", source_0=sources[0], source_1=sources[1], reference=reference)
    expected = [translator(source, reference).numpy() for source in sources]
    subprocess.run([sys.executable, "-P", "-c", ALONE, folder], cwd=tmp_path, check=True)
    with np.load(folder / "made.npz") as made:
        for name, wanted in zip(made.files, [*expected, expected[0], expected[0]], strict=True):
            assert_same_but_for_rounding(made[name], wanted)


def test_the_generator_is_loaded_again_with_the_projects_layers(unet, tmp_path):
    export(unet, Translator(unet, image_size=(SIZE, SIZE)), tmp_path / "new" / "exported")
    again = keras.models.load_model(tmp_path / "new" / "exported" / "generator.keras")
    given = [np.float32(np.random.default_rng(0).uniform(-1, 1, [1, SIZE, SIZE, 3])), np.full([1, 3, BINS], 1 / BINS)]
    np.testing.assert_allclose(again(given), unet.image_generator(given), atol=1e-6)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["exported"]
