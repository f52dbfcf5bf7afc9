"""Metrics of photographs, against scikit-image, scipy, POT and scikit-learn, and for perfect and wrong outputs."""

import functools

import numpy as np
import ot
import pytest
import scipy.linalg
import skimage.data
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance
from skimage.color import deltaE_ciede2000, rgb2gray, rgb2lab
from skimage.metrics import normalized_mutual_information, peak_signal_noise_ratio, structural_similarity
from sklearn.metrics import mutual_info_score

from metrics import EvaluationSample, distribution, explain, joint_color, measure, measure_set, summarize
from utils.colors import gray, to_network
from utils.images import to_float, to_uint8

HARD_BINS = {"bins": 256, "value_range": (-1.0, 1.0), "kernel_width_ratio": 1000.0, "boundary": "reflect"}


def make_sample(output, paired=True, exemplar=False):
    target = np.float32(skimage.data.coffee()[::4, ::4] / 255)
    rgb = {"source": gray(target), "reference": target, "output": output, "target": target}
    if not paired:
        del rgb["target"]
    rgb = {name: to_uint8(image) for name, image in rgb.items()}
    network = {name: to_network(to_float(image), "yuv").numpy() for name, image in rgb.items()}
    return EvaluationSample(
        rgb, network, content="reference", channels=("y", "u", "v"), histogram_options=HARD_BINS, exemplar=exemplar
    )


@pytest.fixture
def photograph():
    return np.float32(skimage.data.coffee()[::4, ::4] / 255)


def bin_numbers(sample, image, channel):
    """The bin number of each pixel."""
    return np.clip(np.floor((sample.colors[image][..., channel] + 1) * 128), 0, 255).astype(int)


def test_a_perfect_output_has_perfect_scores_and_a_shuffled_one_only_matches_in_color(photograph, rng):
    perfect = measure(make_sample(photograph))
    assert perfect["emd_output"] == 0 and perfect["delta_e"] < 1e-9 and perfect["ssim"] == 1 and perfect["psnr"] == 100
    assert perfect["intersection"] == pytest.approx(1) and perfect["hellinger"] < 1e-3
    assert perfect["nmi"] == pytest.approx(1, abs=0.01) and perfect["ssim_content"] == 1
    shuffled = measure(make_sample(rng.permutation(photograph.reshape(-1, 3)).reshape(photograph.shape)))
    assert shuffled["emd_output"] < 1e-6 and shuffled["intersection"] > 0.999  # the colors are the same
    assert shuffled["ssim"] < 0.5 and shuffled["mi"] < 0.5 * perfect["mi"]  # but in the wrong places
    assert shuffled["nmi"] < 0.5 and shuffled["delta_e"] > 10 and shuffled["psnr"] < 20


def test_rgb_w1_is_the_exact_transport_of_the_drawn_pixels(photograph):
    sample = make_sample(np.clip(photograph * [0.5, 1, 1.2], 0, 1))
    metrics = measure(sample)
    reference = joint_color._draw(sample.rgb["reference"], 0)
    for image, name in (("output", "rgb_w1"), ("source", "rgb_w1_source")):
        drawn = joint_color._draw(sample.rgb[image], 1)
        expected = ot.emd2([], [], ot.dist(drawn, reference, "euclidean"))
        assert metrics[name] == pytest.approx(expected, rel=1e-6)
    assert metrics["rgb_w1_source"] > 0.1


def test_rgb_w1_sees_colors_that_no_channels_histogram_sees(photograph, rng):
    same = measure(make_sample(rng.permutation(photograph.reshape(-1, 3)).reshape(photograph.shape)))
    by_channel = np.stack([rng.permutation(channel.ravel()) for channel in np.moveaxis(photograph, -1, 0)], axis=-1)
    mixed = measure(make_sample(np.float32(by_channel.reshape(photograph.shape))))
    assert same["rgb_w1"] < 0.06 < 2 * same["rgb_w1"] < mixed["rgb_w1"]


def test_an_output_of_other_colors_has_almost_no_overlap_with_the_reference(photograph):
    # A luminance that the photograph does not have.
    dark = measure(make_sample(np.zeros_like(photograph) + np.float32([0.02, 0.02, 0.02])))
    assert dark["intersection_y"] < 0.05 and dark["hellinger_y"] > 0.9 and abs(dark["mi_y"]) < 1e-6


def test_ssim_content_depends_less_on_color_than_ssim(photograph):
    recolored = measure(make_sample(photograph @ np.float32([[0.8, 0, 0.2], [0.1, 0.9, 0], [0.1, 0.1, 0.8]])))
    gray_output = measure(make_sample(np.float32(gray(photograph))))
    assert gray_output["ssim_content"] == pytest.approx(1, abs=0.01) and gray_output["ssim"] < 0.95
    assert recolored["ssim_content"] > recolored["ssim"]


def test_emd_matches_scipy_and_pot_on_pixels_in_units_of_the_range(photograph):
    sample = make_sample(photograph**2)
    measured = measure(sample)
    for channel, name in enumerate("yuv"):
        output, reference, source = (
            sample.colors[image][..., channel].ravel().astype(float) for image in ("output", "reference", "source")
        )
        assert measured[f"emd_output_{name}"] == pytest.approx(wasserstein_distance(output, reference) / 2, abs=1e-3)
        assert measured[f"emd_output_{name}"] == pytest.approx(ot.wasserstein_1d(output, reference) / 2, abs=1e-3)
        assert measured[f"emd_source_{name}"] == pytest.approx(wasserstein_distance(source, reference) / 2, abs=1e-3)
    assert measured["emd_output"] == pytest.approx(np.mean([measured[f"emd_output_{name}"] for name in "yuv"]))


def test_intersection_and_hellinger_match_numpy_histograms(photograph):
    sample = make_sample(photograph**1.3)
    measured = measure(sample)
    for channel, name in enumerate("yuv"):
        first, second = (
            np.bincount(bin_numbers(sample, image, channel).ravel(), minlength=256) / photograph[..., 0].size
            for image in ("output", "reference")
        )
        assert measured[f"intersection_{name}"] == pytest.approx(np.minimum(first, second).sum(), abs=2e-3)
        hellinger = np.linalg.norm(np.sqrt(first) - np.sqrt(second)) / np.sqrt(2)
        assert measured[f"hellinger_{name}"] == pytest.approx(hellinger, abs=2e-3)
        # scipy has neither metric, but the Hellinger distance bounds scipy's Jensen-Shannon divergence.
        divergence = jensenshannon(first, second, base=np.e) ** 2
        assert hellinger**2 * np.log(2) - 1e-9 <= divergence <= hellinger**2 + 1e-9


def test_mutual_information_matches_scikit_learn_and_scikit_image(photograph):
    sample = make_sample(photograph[:, ::-1])
    measured = measure(sample)
    for channel, name in enumerate("yuv"):
        numbers = [bin_numbers(sample, image, channel) for image in ("reference", "output")]
        mutual = mutual_info_score(*(array.ravel() for array in numbers))
        assert measured[f"mi_{name}"] == pytest.approx(mutual, rel=0.03)
        assert measured[f"nmi_{name}"] == pytest.approx(normalized_mutual_information(*numbers, bins=256) - 1, rel=0.03)


def test_psnr_ssim_and_delta_e_match_scikit_image_on_8_bit_images(photograph):
    sample = make_sample(np.sqrt(photograph))
    target, output = sample.rgb["target"], sample.rgb["output"]
    measured = measure(sample)
    # The order of sums, and so the rounding, depends on the processor.
    close = functools.partial(pytest.approx, rel=1e-12)
    assert measured["psnr"] == close(peak_signal_noise_ratio(target, output, data_range=255))
    assert measured["ssim"] == close(structural_similarity(target, output, channel_axis=-1, data_range=255))
    luminance = [rgb2gray(image) for image in (sample.rgb["reference"], output)]
    assert measured["ssim_content"] == close(structural_similarity(*luminance, data_range=1.0))
    assert measured["delta_e"] == close(np.mean(deltaE_ciede2000(rgb2lab(target / 255), rgb2lab(output / 255))))


def test_without_a_target_there_is_no_psnr_ssim_or_delta_e(photograph):
    assert not {"psnr", "ssim", "delta_e"} & set(measure(make_sample(photograph, paired=False)))


def test_with_an_exemplar_the_output_is_not_compared_with_the_target(photograph):
    exemplar, own = (measure(make_sample(photograph, exemplar=known)) for known in (True, False))
    assert set(own) - set(exemplar) == {"psnr", "ssim", "delta_e"} and exemplar.items() <= own.items()


def test_frechet_distance_matches_its_formula_with_scipy(rng):
    mix = rng.normal(size=(5, 5))
    first, second = rng.normal(size=(40, 5)) @ mix + 1, rng.normal(size=(30, 5))
    covariances = [np.cov(features, rowvar=False) for features in (first, second)]
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    expected = np.sum((first.mean(0) - second.mean(0)) ** 2) + np.trace(covariances[0] + covariances[1] - 2 * root)
    assert distribution.frechet_distance(first, second) == pytest.approx(expected, rel=1e-9)
    assert distribution.frechet_distance(first, first) == pytest.approx(0, abs=1e-9)


def test_frechet_distance_of_many_images_makes_no_matrix_of_their_number(rng):
    first, second = rng.normal(size=(40_000, 8)), 2 * rng.normal(size=(30_000, 8))
    # Standard deviations 1 and 2 in eight dimensions. A matrix of 40,000 x 30,000 would take 9.6 GB.
    assert distribution.frechet_distance(first, second) == pytest.approx(8 * (2 - 1) ** 2, rel=0.03)


def test_frechet_distance_of_few_images_is_too_high(rng):
    """Two sets of one distribution, in 64 dimensions: the distance falls as the number of images grows."""
    distances = [distribution.frechet_distance(*rng.normal(size=(2, count, 64))) for count in (8, 64, 1024)]
    assert distances[0] > 64 and distances == sorted(distances, reverse=True) and distances[-1] < 5


def test_a_set_of_at_least_as_many_images_as_features_has_no_warning(take_inception, monkeypatch, capsys, rng):
    values = rng.normal(size=(2, 2048, 8))
    monkeypatch.setattr(distribution, "features", lambda network, images: images)
    take_inception(lambda: "a network")
    assert measure_set({"output": values[0], "target": values[1]})[0]["fid"] < 0.1
    assert capsys.readouterr().err == ""


@pytest.fixture
def take_inception(monkeypatch):
    """A function by which metrics get InceptionV3 from another function."""

    def take_from(function):
        monkeypatch.setattr(distribution, "inception", function)
        distribution._inception_or_reason.cache_clear()

    yield take_from
    distribution._inception_or_reason.cache_clear()


@pytest.mark.long
def test_fid_is_zero_for_the_targets_and_large_for_noise(photograph, rng, take_inception, capsys):
    network = distribution.inception(weights=None)  # features of random weights also distinguish images
    take_inception(lambda: network)
    targets = [to_uint8(photograph[:48, x : x + 48]) for x in (0, 60)]
    same, left_out = measure_set({"output": targets[::-1], "target": targets})
    assert same["fid"] == pytest.approx(0, abs=1e-6) and left_out == []
    assert "warning: fid is computed from 2 images; with fewer than 2,048 it is far too high" in capsys.readouterr().err
    noise = [rng.integers(0, 256, [48, 48, 3], np.uint8) for _ in targets]
    assert measure_set({"output": noise, "target": targets})[0]["fid"] > 100 * abs(same["fid"])
    assert measure_set({"output": noise, "reference": noise})[0]["fid"] == pytest.approx(0, abs=1e-6)
    assert measure_set({"output": noise}) == ({}, ["fid is left out: it does not apply to exemplars"])


def test_fid_is_left_out_with_a_reason_and_other_errors_are_raised(take_inception, photograph):
    images = {"output": [to_uint8(photograph)], "target": [to_uint8(photograph)]}
    assert measure_set(images) == ({}, ["fid is left out: it needs at least two images"])

    def measure_with_error(message):
        def inception():
            raise Exception(message)

        take_inception(inception)
        return measure_set({name: group * 2 for name, group in images.items()})

    values, (message,) = measure_with_error("URL fetch failure on https://...")  # the message of Keras
    assert values == {} and "fid is left out: the weights" in message
    with pytest.raises(Exception, match="another"):
        measure_with_error("another")


def test_each_metric_says_what_it_is_and_which_direction_is_better(photograph):
    sample = make_sample(photograph)
    sample.in_color = True
    explained = explain([*measure(sample), "fid"])
    assert {"psnr_source", "emd_output_u", "fid"} <= set(explained)
    for name, row in explained.items():
        assert row["family"] in ("color", "structure", "likeness", "distribution") and row["better"] in (
            "lower",
            "higher",
        )
        assert row["text"].endswith(".") and row["text"][0].isupper() and len(row["text"]) > 30
        assert row["baseline"] in ("", *explained), name
    assert explained["emd_output_u"] == explained["emd_output"] | {"channel": "u", "baseline": "emd_source_u"}
    assert explained["rgb_w1"]["baseline"] == "rgb_w1_source" and explained["rgb_w1_source"]["channel"] == ""
    with pytest.raises(KeyError, match="brightness has no MetricText"):
        explain(["brightness"])


def test_better_is_the_direction_in_which_a_good_output_lies(photograph, rng):
    """Of the target itself and of noise."""
    good, bad = (measure(make_sample(image)) for image in (photograph, rng.random(photograph.shape, np.float32)))
    for name, row in explain(good).items():
        if "source" not in name:
            assert good[name] > bad[name] if row["better"] == "higher" else good[name] < bad[name], name


def test_the_summary_has_the_mean_and_the_standard_deviation():
    assert summarize([{"a": 1.0}, {"a": 3.0}]) == {"a": {"mean": 2.0, "std": 1.0}}
