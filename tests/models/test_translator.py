"""The translator: it takes and returns 8-bit images of any size, and the exported model has the same outputs."""

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from tensorflow import keras

from losses import conditional_entropy, earth_movers_distance
from models import HueNet, NotFiniteError, Translator, augment, patchgan_discriminator, unet_generator
from models.translator import _mirror_pad
from utils.colors import gray, to_network, to_rgb
from utils.images import to_float, to_uint8

SIZE, BINS = 32, 16
PHOTOGRAPHS = [skimage.data.astronaut()[:90, 150:270], skimage.data.coffee()[:100, :80]]  # [90,120,3], [100,80,3]


def huenet(generator):
    return HueNet(
        augment(generator, bins=BINS),
        patchgan_discriminator(SIZE, condition=None, filters=8),
        losses={"adversarial": "vanilla", "structure": conditional_entropy, "color": earth_movers_distance},
        weights={"adversarial": 1.0},
    )


def make_unet():
    """A small network whose outputs have colors."""
    keras.utils.set_random_seed(3)
    generator = unet_generator(SIZE, bins=BINS, filters=8)
    kernel = generator.get_layer("image").weights[0]
    kernel.assign(1000 * kernel)  # otherwise this small network, not trained, returns gray
    return huenet(generator)


@pytest.fixture(scope="module")
def unet():
    return make_unet()


@pytest.fixture(scope="module")
def identity():
    """A network that returns its source."""
    source = keras.Input((SIZE, SIZE, 3), name="source")
    return huenet(keras.Model(source, keras.layers.Activation("linear")(source)))


def test_at_the_size_of_the_network_the_translator_is_the_network_on_8_bit_images(unet):
    source, reference = PHOTOGRAPHS[0][None, :SIZE, :SIZE], PHOTOGRAPHS[1][None]
    batch = {name: to_network(to_float(image), "yuv") for name, image in (("source", source), ("reference", reference))}
    expected = to_uint8(to_rgb(unet(batch), "yuv"))
    translated = Translator(unet, image_size=(SIZE, SIZE))(source, reference).numpy()
    assert translated.dtype == np.uint8 and np.ptp(translated) > 5
    np.testing.assert_array_equal(translated, expected)


@pytest.mark.parametrize("color_space", ("yuv", "rgb", "lab"))
def test_an_identity_network_returns_each_source_at_its_original_size(identity, color_space):
    for pad in (False, True):
        translator = Translator(identity, image_size=(SIZE, SIZE), color_space=color_space, pad=pad)
        image = PHOTOGRAPHS[0][None, :SIZE, :SIZE]
        assert np.abs(np.int16(translator(image, image)) - image).max() <= 1
        for photograph in PHOTOGRAPHS:
            source = photograph[None]
            small = tf.image.resize(tf.image.resize(source, (24, 24), antialias=True), source.shape[1:3])
            translated = translator(source, source).numpy()
            assert translated.shape == source.shape
            assert np.abs(translated - source.astype(float)).mean() < 1.3 * np.abs(small.numpy() - source).mean() + 1


def test_the_tasks_function_makes_the_source_of_any_image(identity):
    translator = Translator(identity, image_size=(SIZE, SIZE), to_source=gray)
    photograph = PHOTOGRAPHS[0][None, :SIZE, :SIZE]
    in_gray = to_uint8(gray(to_float(photograph)))
    np.testing.assert_array_equal(translator.source(photograph), in_gray)
    np.testing.assert_array_equal(translator.source(in_gray), in_gray)
    for source in (photograph, in_gray):
        assert np.abs(np.int16(translator(source, photograph)) - in_gray).max() <= 1
    # Named: TensorFlow's bound methods do not keep what they belong to alive.
    without_a_task = Translator(identity, image_size=(SIZE, SIZE))
    np.testing.assert_array_equal(without_a_task.source(photograph), photograph)


def test_padding_keeps_the_proportions_and_stretching_does_not(unet):
    sources = []

    class Spy(Translator):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            translate = self._translate_inputs
            self._translate_inputs = lambda inputs: (sources.append(inputs["source"]), translate(inputs))[1]

    image = np.zeros([1, 40, 80, 3], np.uint8)
    image[:, 10:30, 30:50] = 255  # a square
    for pad, (height, width) in ((True, (8, 8)), (False, (16, 8))):
        sources.clear()
        with tf.init_scope():
            tf.config.run_functions_eagerly(True)
            Spy(unet, image_size=(SIZE, SIZE), color_space="rgb", pad=pad)(image, image)
            tf.config.run_functions_eagerly(False)
        # With padding, only the rows between the mirror images count.
        bright = sources[0].numpy()[0, 8:24, :, 0] > 0 if pad else sources[0].numpy()[0, ..., 0] > 0
        assert (bright.any(1).sum(), bright.any(0).sum()) == pytest.approx((height, width), abs=1)


@pytest.mark.parametrize("shape", ((32, 10), (3, 32), (32, 32), (32, 1)))
def test_mirror_padding_is_the_symmetric_padding_of_numpy(shape, rng):
    image = rng.uniform(size=(2, *shape, 3)).astype(np.float32)
    pads = [((SIZE - side) // 2, SIZE - side - (SIZE - side) // 2) for side in shape]
    expected = np.pad(image, [(0, 0), *pads, (0, 0)], mode="symmetric")
    np.testing.assert_array_equal(_mirror_pad(image, (SIZE, SIZE)), expected)


def test_histogram_and_translate_together_are_the_translator_for_references_of_any_size(unet):
    translator = Translator(unet, image_size=(SIZE, SIZE))
    sources, reference = np.stack([PHOTOGRAPHS[0][:40, :50], PHOTOGRAPHS[1][:40, :50]]), PHOTOGRAPHS[1][None]
    histogram = translator.histogram(reference)
    assert histogram.shape == (1, 3, BINS)
    np.testing.assert_allclose(tf.reduce_sum(histogram, -1), 1, atol=1e-6)
    doubled = translator.histogram(np.concatenate([reference, reference], axis=2))
    np.testing.assert_allclose(histogram, doubled, atol=1e-6)
    np.testing.assert_array_equal(translator(sources, reference), translator.translate(sources, histogram))


@pytest.mark.parametrize("sources,references", ((3, 2), (4, 2), (2, 3)))
def test_there_is_a_reference_for_each_source_or_one_for_all(unet, sources, references):
    images = PHOTOGRAPHS[0][None]
    with pytest.raises(tf.errors.InvalidArgumentError, match="one reference for each source, or one for all"):
        Translator(unet, image_size=(SIZE, SIZE))(np.repeat(images, sources, 0), np.repeat(images, references, 0))


def test_training_mode_does_not_change_the_weights(unet):
    before = [weight.copy() for weight in unet.generator.get_weights()]
    source = PHOTOGRAPHS[0][None, :SIZE, :SIZE]
    translated = Translator(unet, image_size=(SIZE, SIZE), training=True)(source, source)
    assert not np.array_equal(translated, Translator(unet, image_size=(SIZE, SIZE))(source, source))
    for weight, original in zip(unet.generator.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, original)


@pytest.mark.parametrize("strength", (0.0, 0.5, 1.0))
def test_strength_blends_the_references_histogram_with_the_sources_own(unet, strength):
    translator = Translator(unet, image_size=(SIZE, SIZE), to_source=gray)
    source, reference = PHOTOGRAPHS[0][None, :SIZE, :SIZE], translator.histogram(PHOTOGRAPHS[1][None])
    own = translator.histogram(translator.source(source))
    blended = translator.blend(source, reference, strength)
    np.testing.assert_allclose(blended, strength * reference + (1 - strength) * own, atol=1e-6)
    np.testing.assert_array_equal(
        translator.outputs(source, reference, strength),
        translator.translate(source, translator.blend(source, reference, strength)),
    )


def test_an_output_that_is_not_finite_is_an_error_that_names_the_checkpoint(identity):
    source = keras.Input((SIZE, SIZE, 3), name="source")
    broken = huenet(keras.Model(source, keras.layers.Rescaling(np.inf)(source)))
    image = PHOTOGRAPHS[0][None, :SIZE, :SIZE]
    with pytest.raises(NotFiniteError, match=r"step-7\.npz makes images that are not finite"):
        translator = Translator(broken, image_size=(SIZE, SIZE), label="step-7.npz")
        translator.outputs(image, translator.histogram(image))
