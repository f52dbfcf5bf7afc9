"""HistogramMatching against numpy, scikit-image and finite differences in float64; in Keras, tf.data and XLA."""

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from scipy.optimize import approx_fprime
from skimage.exposure import equalize_hist
from skimage.exposure import match_histograms as skimage_match
from tensorflow import keras

from histogram_layers import HistogramMatching, dense, soft_histogram


def target_in_numpy(increments):
    """The quantiles ``[C, M]`` of the weight in the range [-1, 1], in float64."""
    sums = np.cumsum(np.log1p(np.exp(np.float64(increments))), axis=-1)
    return -1 + 2 * sums[:, :-1] / sums[:, -1:]


def sort_in_numpy(images, target):
    """The exact matching of images ``[B, H, W, C]`` whose planes have as many pixels as the target has values."""
    matched = np.empty(images.shape)
    for image, channel in np.ndindex(images.shape[0], images.shape[3]):
        values = np.empty(target.shape[1])
        values[np.argsort(images[image, ..., channel].ravel(), kind="stable")] = target[channel]
        matched[image, ..., channel] = values.reshape(images.shape[1:3])
    return matched


def cdf_in_numpy(images, target):
    """``Q(F(x))`` with F of the soft histogram's dense formula, in float64."""
    size = target.shape[1]
    histograms = dense.soft_histogram(images, bins=size).numpy()
    matched = np.empty(images.shape)
    for image, channel in np.ndindex(images.shape[0], images.shape[3]):
        cdf = np.append(0, np.cumsum(histograms[image, channel]) / histograms[image, channel].sum())
        shares = np.interp(images[image, ..., channel], np.linspace(-1, 1, size + 1), cdf)
        matched[image, ..., channel] = np.interp(shares * size - 0.5, np.arange(size), target[channel])
    return matched


IN_NUMPY = {"sort": sort_in_numpy, "cdf": cdf_in_numpy}


def layer_of(images, method, rng, size):
    layer = HistogramMatching(method=method, size=size)
    layer.build(images.shape)
    layer.increments.assign(rng.normal(size=[images.shape[-1], size + 1]))
    return layer


@pytest.mark.parametrize("jit_compile", (False, True))
@pytest.mark.parametrize("method", ("sort", "cdf"))
def test_the_output_is_that_of_numpy(method, jit_compile, rng):
    images = rng.uniform(-1, 1, [2, 4, 5, 3])
    layer = layer_of(images, method, rng, size=20)
    matched = tf.function(layer, jit_compile=jit_compile)(tf.constant(images, tf.float32))
    np.testing.assert_allclose(matched, IN_NUMPY[method](images, target_in_numpy(layer.increments)), atol=2e-5)


@pytest.mark.parametrize("method", ("sort", "cdf"))
def test_the_gradients_are_those_of_finite_differences(method, rng):
    images = rng.uniform(-0.9, 0.9, [1, 4, 5, 2])
    layer = layer_of(images, method, rng, size=20)
    upstream = rng.normal(size=images.shape)
    x = tf.constant(images, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(layer(x) * upstream)
    by_image, by_target = tape.gradient(loss, [x, layer.trainable_variables[0]])

    def of_weight(flat):
        return (IN_NUMPY[method](images, target_in_numpy(flat.reshape(2, 21))) * upstream).sum()

    start = np.float64(layer.increments).ravel()
    np.testing.assert_allclose(np.ravel(by_target), approx_fprime(start, of_weight, 1e-6), rtol=2e-3, atol=2e-4)
    if method == "sort":
        assert by_image is None
        return
    target = target_in_numpy(layer.increments)

    def of_image(flat):
        return (cdf_in_numpy(flat.reshape(images.shape), target) * upstream).sum()

    numeric = approx_fprime(images.ravel(), of_image, 1e-7)
    np.testing.assert_allclose(np.ravel(by_image), numeric, rtol=5e-3, atol=5e-3 * np.abs(numeric).max())


def test_conventional_matching_has_no_gradient_where_the_soft_one_has(rng):
    images = tf.constant(rng.uniform(-0.9, 0.9, [1, 8, 8, 1]), tf.float32)
    target = tf.Variable(np.linspace(-0.9, 0.9, 64)[None], dtype=tf.float32)

    def cdf(values):
        return tf.cumsum(tf.histogram_fixed_width(values, (-1.0, 1.0), 64) / tf.size(values))

    with tf.GradientTape(persistent=True) as tape:
        tape.watch(images)
        # Both reasons: counting is constant between the edges of bins, and argmin is constant between its jumps.
        table = tf.argmin(tf.abs(cdf(target)[None] - cdf(images)[:, None]), axis=1)
        bins = tf.cast((images + 1) * 32, tf.int32)
        conventional = tf.cast(tf.gather(table, bins), tf.float32) / 32 - 1
        soft = HistogramMatching(method="cdf", size=64)(images)
    assert tape.gradient(conventional, [images, target]) == [None, None]
    assert float(tf.reduce_max(tf.abs(tape.gradient(soft, images)))) > 0.1
    moved = tf.cast(tf.gather(table, tf.cast((images + 1 + 1e-6) * 32, tf.int32)), tf.float32) / 32 - 1
    np.testing.assert_array_equal(moved, conventional)


def test_a_target_stays_ascending_and_in_the_range_and_is_learned(photographs):
    source, wanted = np.float32(photographs)[:, None]
    layer = HistogramMatching(size=64)
    model = keras.Sequential([keras.Input((48, 48, 3)), layer])
    model.compile(keras.optimizers.Adam(0.3), "mse")
    goal = HistogramMatching(wanted[0], size=64)(source)
    history = model.fit(source, goal, epochs=60, verbose=0)
    assert history.history["loss"][-1] < 1e-2 * history.history["loss"][0]
    target = layer.target.numpy()
    assert (np.diff(target) > 0).all() and target.min() > -1 and target.max() < 1
    layer.increments.assign(np.random.default_rng(0).normal(0, 50, layer.increments.shape))
    target = layer.target.numpy()
    assert (np.diff(target) >= 0).all() and target.min() >= -1 and target.max() <= 1


def test_a_target_from_an_image_matches_as_scikit_image_does():
    source, wanted = skimage.data.coffee()[100:260, 200:360], skimage.data.chelsea()[:160, 100:260]
    layer = HistogramMatching(wanted / 255, size=1024, value_range=(0.0, 1.0))
    matched = layer(np.float32(source[None] / 255))[0]
    assert np.abs(matched - skimage_match(source / 255, wanted / 255, channel_axis=-1)).mean() < 0.006
    histogram = soft_histogram(wanted[None] / 255, 256, (0.0, 1.0), 50.0)[0]
    again = HistogramMatching(histogram, size=1024, value_range=(0.0, 1.0))(np.float32(source[None] / 255))[0]
    assert np.abs(matched - again).mean() < 0.004


def test_without_a_target_it_equalizes():
    gray = np.float32(skimage.data.camera()[:200, :300, None] / 255)
    noise = np.random.default_rng(0).uniform(0, 1 / 255, gray.shape).astype(np.float32)  # so that no pixels are equal
    equalized = HistogramMatching(value_range=(0.0, 1.0))((gray + noise)[None] * 255 / 256)[0]
    assert np.abs(equalized - equalize_hist(gray + noise, nbins=4096)).max() < 0.01


def test_a_data_set_gives_the_mean_of_its_images_quantiles(photographs):
    wanted = np.mean([np.sort(image.reshape(-1, 3), axis=0) for image in photographs], axis=0).T
    batches = tf.data.Dataset.from_tensor_slices(np.float32(photographs)).batch(1)
    for data in (photographs, batches):
        layer = HistogramMatching(size=48 * 48)
        layer.adapt(data)
        np.testing.assert_allclose(layer.target, wanted, atol=4e-3)


def test_the_gradient_may_pass_straight_through_and_the_strength_blends(rng):
    images = tf.constant(rng.uniform(-1, 1, [1, 6, 6, 3]), tf.float32)
    whole = HistogramMatching()(images)
    for options, slope in (({"image_gradient": "straight_through"}, 1.0), ({"strength": 0.25}, 0.75)):
        with tf.GradientTape() as tape:
            tape.watch(images)
            matched = HistogramMatching(**options)(images)
        np.testing.assert_allclose(tape.gradient(matched, images), slope, rtol=1e-6)
        share = options.get("strength", 1.0)
        np.testing.assert_allclose(matched, images + share * (whole - images), atol=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("method", ("sort", "cdf"))
def test_it_works_in_front_of_a_model_in_tf_data_and_after_loading(method, photographs, tmp_path):
    images = np.float32(photographs)
    layer = HistogramMatching(images[0], method, 32)
    model = keras.Sequential([keras.Input((None, None, 3)), layer, keras.layers.GlobalAveragePooling2D()])
    model.compile("adam", "mse")
    before = layer.target.numpy()
    model.fit(images, np.zeros([2, 3]), epochs=1, verbose=0)
    assert np.abs(layer.target - before).max() > 0
    (mapped,) = tf.data.Dataset.from_tensors(images).map(lambda batch: layer(batch))
    np.testing.assert_allclose(mapped, layer(images), atol=1e-6)
    model.save(tmp_path / "model.keras")
    reloaded = keras.models.load_model(tmp_path / "model.keras")
    for size in (48, 20):
        np.testing.assert_allclose(reloaded(images[:, :size, :size]), model(images[:, :size, :size]), atol=1e-6)
    cloned = keras.models.clone_model(model)
    np.testing.assert_allclose(cloned.layers[0].target, before, atol=1e-6)


def test_a_target_with_a_great_gap_is_kept():
    black_and_white = np.repeat([-1.0, 1.0], 512).reshape(1, 32, 32, 1)
    target = HistogramMatching(black_and_white, size=1024)
    target.build((None, 32, 32, 1))
    np.testing.assert_allclose(np.sort(np.ravel(target.target)), np.sort(np.ravel(black_and_white)), atol=2e-3)


def test_it_stays_in_float32_under_mixed_precision(photographs):
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    try:
        matched = HistogramMatching(method="cdf")(np.float32(photographs))
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert matched.dtype == tf.float32
    np.testing.assert_array_equal(matched, HistogramMatching(method="cdf")(np.float32(photographs)))


@pytest.mark.parametrize(
    "options,message",
    [
        ({"method": "table"}, "method must be one of 'sort', 'cdf'; received 'table'"),
        ({"method": "cdf", "image_gradient": "straight_through"}, "image_gradient must be None"),
        ({"image_gradient": "yes"}, "image_gradient must be one of None, 'straight_through'; received 'yes'"),
        ({"strength": 1.5}, "strength must be from 0 to 1; received 1.5"),
        ({"size": 1}, "size must be at least 2; received 1"),
        ({"value_range": (1.0, -1.0)}, "value_range"),
        ({"target": np.zeros([3])}, r"target must be .*; received the shape \(3,\)"),
        ({"target": np.full([4, 4, 3], 2.0)}, r"target must lie in \(-1.0, 1.0\); received 2 to 2"),
        ({"target": np.full([3, 8], 0.5)}, "sum to 1 in each channel"),
    ],
)
def test_options_and_targets_that_do_not_fit_are_errors(options, message):
    with pytest.raises(ValueError, match=message):
        HistogramMatching(**options)


def test_images_that_do_not_fit_are_errors():
    with pytest.raises(ValueError, match=r"images must be \[B, H, W, C\]; received the shape \(4, 4, 3\)"):
        HistogramMatching()(np.zeros([4, 4, 3], np.float32))
    with pytest.raises(ValueError, match="images must have 3 channels, as the target; received 1"):
        HistogramMatching(np.zeros([4, 4, 3]))(np.zeros([1, 4, 4, 1], np.float32))
    with pytest.raises(ValueError, match=r"data must be \[B, H, W, C\] .*; received the shape \(4, 4, 3\)"):
        HistogramMatching().adapt(np.zeros([4, 4, 3]))
    with pytest.raises(ValueError, match="data must hold at least one image"):
        HistogramMatching().adapt([])
