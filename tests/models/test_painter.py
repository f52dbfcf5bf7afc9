"""The painter: 8 bits in and out, any size, and the same function when it is exported."""

import subprocess
import sys

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from tensorflow import keras

from losses import conditional_entropy, earth_movers_distance
from models import HueNet, Painter, augment, export, patchgan_discriminator, unet_generator
from models.painter import _mirrored
from utils.color_spaces import to_network, to_rgb
from utils.images import to_float, to_uint8

SIZE, BINS = 32, 16
PHOTOGRAPHS = [skimage.data.astronaut()[:90, 150:270], skimage.data.coffee()[:100, :80]]  # [90,120,3], [100,80,3]


def huenet(generator):
    return HueNet(
        augment(generator, bins=BINS),
        patchgan_discriminator(SIZE, condition=None),
        losses={"adversarial": "vanilla", "structure": conditional_entropy, "colour": earth_movers_distance},
        weights={"adversarial": 1.0},
    )


@pytest.fixture(scope="module")
def unet():
    keras.utils.set_random_seed(3)
    return huenet(unet_generator(SIZE, bins=BINS))


@pytest.fixture(scope="module")
def copyist():
    """A network that gives its source back."""
    source = keras.Input((SIZE, SIZE, 3), name="source")
    return huenet(keras.Model(source, keras.layers.Activation("linear")(source)))


def test_at_the_networks_size_it_is_the_network_between_8_bits(unet):
    source, reference = PHOTOGRAPHS[0][None, :SIZE, :SIZE], PHOTOGRAPHS[1][None]
    batch = {name: to_network(to_float(p), "yuv") for name, p in (("source", source), ("reference", reference))}
    expected = to_uint8(to_rgb(unet(batch), "yuv"))
    painted = Painter(unet, (SIZE, SIZE))(source, reference).numpy()
    assert painted.dtype == np.uint8 and np.ptp(painted) > 5
    np.testing.assert_array_equal(painted, expected)


@pytest.mark.parametrize("color_space", ("yuv", "rgb", "lab"))
def test_a_copyist_gives_every_source_back_at_its_own_size(copyist, color_space):
    for pad in (False, True):
        painter = Painter(copyist, (SIZE, SIZE), color_space, pad=pad)
        same = PHOTOGRAPHS[0][None, :SIZE, :SIZE]
        assert np.abs(np.int16(painter(same, same)) - same).max() <= 1
        for photograph in PHOTOGRAPHS:
            given = photograph[None]
            small = tf.image.resize(tf.image.resize(given, (24, 24), antialias=True), given.shape[1:3])
            painted = painter(given, given).numpy()
            assert painted.shape == given.shape
            assert np.abs(painted - given.astype(float)).mean() < 1.3 * np.abs(small.numpy() - given).mean() + 1


def test_padding_keeps_the_proportions_and_stretching_does_not(unet):
    seen = []

    class Spy(Painter):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            painted = self._painted
            self._painted = lambda inputs: (seen.append(inputs["source"]), painted(inputs))[1]

    ball = np.zeros([1, 40, 80, 3], np.uint8)
    ball[:, 10:30, 30:50] = 255  # a square
    for pad, (height, width) in ((True, (8, 8)), (False, (16, 8))):
        seen.clear()
        with tf.init_scope():
            tf.config.run_functions_eagerly(True)
            Spy(unet, (SIZE, SIZE), "rgb", pad=pad)(ball, ball)
            tf.config.run_functions_eagerly(False)
        bright = seen[0].numpy()[0, 8:24, :, 0] > 0 if pad else seen[0].numpy()[0, ..., 0] > 0  # not the mirror images
        assert (bright.any(1).sum(), bright.any(0).sum()) == pytest.approx((height, width), abs=1)


@pytest.mark.parametrize("shape", ((32, 10), (3, 32), (32, 32), (32, 1)))
def test_what_is_filled_up_is_numpys_symmetric_padding(shape, rng):
    picture = rng.uniform(size=(2, *shape, 3)).astype(np.float32)
    pads = [((SIZE - side) // 2, SIZE - side - (SIZE - side) // 2) for side in shape]
    expected = np.pad(picture, [(0, 0), *pads, (0, 0)], mode="symmetric")
    np.testing.assert_array_equal(_mirrored(picture, (SIZE, SIZE)), expected)


def test_the_halves_make_the_whole_and_histograms_are_of_the_reference_whatever_its_size(unet):
    painter = Painter(unet, (SIZE, SIZE))
    sources, reference = np.stack([PHOTOGRAPHS[0][:40, :50], PHOTOGRAPHS[1][:40, :50]]), PHOTOGRAPHS[1][None]
    histogram = painter.histogram(reference)
    assert histogram.shape == (1, 3, BINS)
    np.testing.assert_allclose(tf.reduce_sum(histogram, -1), 1, atol=1e-6)
    np.testing.assert_allclose(histogram, painter.histogram(np.concatenate([reference, reference], axis=2)), atol=1e-6)
    np.testing.assert_array_equal(painter(sources, reference), painter.paint(sources, histogram))


def test_in_training_mode_what_batch_norm_learns_is_undone(unet):
    before = [weight.copy() for weight in unet.generator.get_weights()]
    source = PHOTOGRAPHS[0][None, :SIZE, :SIZE]
    painted = Painter(unet, (SIZE, SIZE), training=True)(source, source)
    assert not np.array_equal(painted, Painter(unet, (SIZE, SIZE))(source, source))
    for weight, kept in zip(unet.generator.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)


ALONE = """
import sys
import numpy as np, tensorflow as tf
try:
    import models
    sys.exit("the project can be imported")
except ImportError:
    pass
painter = tf.saved_model.load(sys.argv[1] + "/saved_model")
given = np.load(sys.argv[1] + "/given.npz")
outputs = [painter(given[f"source_{k}"], given["reference"]).numpy() for k in range(2)]
half = painter.paint(given["source_0"], painter.histogram(given["reference"])).numpy()
served = painter.signatures["serving_default"](source=given["source_0"], reference=given["reference"])
np.savez(sys.argv[1] + "/made.npz", *outputs, half, *[value.numpy() for value in served.values()])
"""


def test_the_exported_model_gives_the_same_bytes_with_tensorflow_alone(unet, tmp_path):
    painter = Painter(unet, (SIZE, SIZE), pad=True, training=True)  # with dropout, and what batch norm learns undone
    folder = tmp_path / "exported"
    export(unet, painter, folder)
    sources, reference = [PHOTOGRAPHS[0][None], PHOTOGRAPHS[1][None, :SIZE, :SIZE]], PHOTOGRAPHS[1][None]
    np.savez(folder / "given.npz", source_0=sources[0], source_1=sources[1], reference=reference)
    expected = [painter(source, reference).numpy() for source in sources]
    subprocess.run([sys.executable, "-P", "-c", ALONE, folder], cwd=tmp_path, check=True)
    with np.load(folder / "made.npz") as made:
        for name, wanted in zip(made.files, [*expected, expected[0], expected[0]], strict=True):
            np.testing.assert_array_equal(made[name], wanted)


def test_the_generator_is_loaded_again_with_the_projects_layers(unet, tmp_path):
    export(unet, Painter(unet, (SIZE, SIZE)), tmp_path / "new" / "exported")
    again = keras.models.load_model(tmp_path / "new" / "exported" / "generator.keras")
    given = [np.float32(np.random.default_rng(0).uniform(-1, 1, [1, SIZE, SIZE, 3])), np.full([1, 3, BINS], 1 / BINS)]
    np.testing.assert_allclose(again(given), unet.painter(given), atol=1e-6)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["exported"]
