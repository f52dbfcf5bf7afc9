"""The U-Net generator: as released at 256 px, and at all allowed sizes."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from models import unet_generator
from models.networks.blocks import StatelessDropout

FLAT_HISTOGRAM = np.full([2, 3, 16], 1 / 16, np.float32)


def test_the_unet_has_the_parameters_of_the_released_one():
    model = unet_generator(256)
    assert model.count_params() == 42_124_486
    assert tuple(model.output_shape) == (None, 256, 256, 3)


@pytest.mark.long
@pytest.mark.parametrize(
    "size,levels,bottleneck", [(256, 8, (1, 1)), (128, 7, (1, 1)), (512, 8, (2, 2)), ((64, 96), 5, (2, 3))]
)
def test_the_image_size_determines_the_number_of_levels(size, levels, bottleneck):
    model = unet_generator(size, encoder=None)
    downs = [layer for layer in model.layers if layer.name.startswith("down") and layer.name.endswith("conv")]
    assert [layer.filters for layer in downs] == [64, 128, 256] + [512] * (levels - 3)
    assert tuple(downs[-1].output.shape[1:3]) == bottleneck
    assert sum(isinstance(layer, StatelessDropout) for layer in model.layers) == 3


@pytest.mark.parametrize("size", (100, 48, (256, 40)))
def test_a_size_that_is_not_a_multiple_of_32_is_an_error(size):
    with pytest.raises(ValueError, match=r"(100x100|48x48|256x40).*multiples of 32"):
        unet_generator(size)


@pytest.mark.long
def test_the_layers_are_those_of_the_released_network():
    model = unet_generator(128)
    assert keras.layers.LeakyReLU in [type(layer) for layer in model.layers]
    np.testing.assert_allclose(model.get_layer("down_0_relu")(tf.constant([-1.0, 2.0])), [-0.3, 2.0], rtol=1e-6)
    kernel = model.get_layer("down_4_conv").kernel.numpy()
    assert abs(kernel.mean()) < 1e-3 and abs(kernel.std() - 0.02) < 1e-3
    assert model.get_layer("down_1_conv").bias is None and model.get_layer("up_1_conv").bias is not None
    assert not [layer for layer in model.layers if layer.name == "down_0_norm"]


@pytest.mark.parametrize("encoder", ("embedding", "dense"))
@pytest.mark.parametrize("size", (64, (64, 96)))
def test_the_reference_histogram_changes_the_output(encoder, size, rng):
    model = unet_generator(size, bins=16, encoder=encoder, filters=16)
    height, width = (size, size) if isinstance(size, int) else size
    source = np.float32(rng.uniform(-1, 1, [2, height, width, 3]))
    peaked = np.zeros_like(FLAT_HISTOGRAM)
    peaked[..., 4] = 1
    first, second = model([source, FLAT_HISTOGRAM]).numpy(), model([source, peaked]).numpy()
    assert first.shape == (2, height, width, 3) and np.abs(first).max() <= 1
    assert not np.allclose(first, second)


def test_the_embedding_looks_up_the_count_of_each_bin():
    model = unet_generator(64, bins=4)
    layer = model.get_layer("reference_embedding")
    counts = np.array([[[0, 4096, 0, 0], [1, 2, 3, 4090], [1024, 1024, 1024, 1024]]])
    tables = [table.numpy() for table in layer.weights]
    assert [table.shape for table in tables] == [(4097,)] * 3
    expected = np.concatenate([tables[channel][counts[0, channel]] for channel in range(3)])
    np.testing.assert_array_equal(layer(np.float32(counts / 4096))[0], expected)


def test_without_an_encoder_the_source_is_the_only_input():
    model = unet_generator(64, channels=1, encoder=None)
    assert [tensor.name for tensor in model.inputs] == ["source"]
    assert model(np.zeros([1, 64, 64, 1], np.float32)).shape == (1, 64, 64, 3)


def test_an_unknown_encoder_is_an_error():
    with pytest.raises(ValueError, match="fourier"):
        unet_generator(64, encoder="fourier")


def test_weights_are_in_the_order_of_construction():
    # Checkpoints are lists of arrays, so both TensorFlow stacks must have the weights in the same order.
    model = unet_generator(64, bins=16, filters=8)
    layer_names = {id(weight): layer.name for layer in model.layers for weight in layer.weights}
    order = list(dict.fromkeys(layer_names[id(weight)] for weight in model.weights))
    downs = [f"down_{k}_{part}" for k in range(6) for part in ("conv", "norm") if (k, part) != (0, "norm")]
    ups = [f"up_{k}_{part}" for k in reversed(range(5)) for part in ("conv", "norm")]
    assert [name for name in order if not name.startswith("reference")] == [*downs, *ups, "image"]


@pytest.mark.long
def test_a_reloaded_generator_has_the_same_output(tmp_path, rng):
    model = unet_generator(64, bins=16, filters=8)
    model.save(tmp_path / "generator.keras")
    source = np.float32(rng.uniform(-1, 1, [2, 64, 64, 3]))
    reloaded = keras.models.load_model(tmp_path / "generator.keras")
    np.testing.assert_allclose(reloaded([source, FLAT_HISTOGRAM]), model([source, FLAT_HISTOGRAM]), atol=1e-6)
