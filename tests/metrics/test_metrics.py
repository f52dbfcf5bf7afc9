"""Metrics against scikit-image, scipy and scikit-learn, and on outputs that are perfect or wrong."""

import numpy as np
import pytest
import skimage.data
from scipy.stats import wasserstein_distance
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from sklearn.metrics import mutual_info_score

from metrics import Example, measure, summarize
from utils.color_spaces import grey, to_network
from utils.images import to_uint8

SHARP = {"bins": 256, "value_range": (-1.0, 1.0), "kernel_width_ratio": 1000.0, "boundary": "reflect"}


def example(output, paired=True):
    target = np.float32(skimage.data.coffee()[::4, ::4] / 255)
    rgb = {"source": np.float32(grey(target)), "reference": target, "output": output, "target": target}
    if not paired:
        del rgb["target"]
    network = {name: to_network(picture, "yuv").numpy() for name, picture in rgb.items()}
    bytes_of = {name: to_uint8(picture) for name, picture in rgb.items()}
    return Example(network, bytes_of, "reference", ("y", "u", "v"), SHARP)


@pytest.fixture
def photograph():
    return np.float32(skimage.data.coffee()[::4, ::4] / 255)


def test_a_perfect_output_scores_perfectly_and_a_shuffled_one_does_not(photograph, rng):
    perfect = measure(example(photograph))
    assert perfect["emd_output"] == 0 and perfect["ssim"] == 1 and perfect["psnr"] == 100
    shuffled = rng.permutation(photograph.reshape(-1, 3)).reshape(photograph.shape)
    wrong = measure(example(shuffled))
    assert wrong["emd_output"] < 1e-6  # the same colours ...
    assert wrong["ssim"] < 0.5 and wrong["mi_y"] < 0.5 * perfect["mi_y"]  # ... in the wrong places


def test_a_pictures_structure_is_kept_whatever_its_colours(photograph):
    recoloured = measure(example(photograph @ np.float32([[0.8, 0, 0.2], [0.1, 0.9, 0], [0.1, 0.1, 0.8]])))
    grey_target = measure(example(np.float32(grey(photograph))))
    assert grey_target["ssim_content"] == pytest.approx(1, abs=0.01) and grey_target["ssim"] < 0.95
    assert recoloured["ssim_content"] > recoloured["ssim"]


def test_emd_is_scipys_distance_of_the_pixels_in_units_of_the_range(photograph):
    measured = measure(example(photograph**2))
    given = example(photograph**2).colors
    for channel, name in enumerate("yuv"):
        pixels = [given[picture][..., channel].ravel() for picture in ("output", "reference", "source")]
        assert measured[f"emd_output_{name}"] == pytest.approx(wasserstein_distance(*pixels[:2]) / 2, abs=1e-3)
        assert measured[f"emd_source_{name}"] == pytest.approx(wasserstein_distance(*pixels[1:]) / 2, abs=1e-3)
    assert measured["emd_output"] == pytest.approx(np.mean([measured[f"emd_output_{name}"] for name in "yuv"]))


def test_mi_is_scikit_learns_of_the_bins(photograph):
    given = example(photograph[:, ::-1])
    measured = measure(given)
    for channel, name in enumerate("yuv"):
        binned = [
            np.clip(np.floor((given.colors[picture][..., channel] + 1) * 128), 0, 255).astype(int).ravel()
            for picture in ("reference", "output")
        ]
        assert measured[f"mi_{name}"] == pytest.approx(mutual_info_score(*binned), rel=0.03)


def test_psnr_and_ssim_are_scikit_images_on_the_pictures_bytes(photograph):
    given = example(np.sqrt(photograph))
    target, output = given.rgb["target"], given.rgb["output"]
    measured = measure(given)
    assert measured["psnr"] == peak_signal_noise_ratio(target, output, data_range=255)
    assert measured["ssim"] == structural_similarity(target, output, channel_axis=-1, data_range=255)


def test_without_a_target_there_is_no_likeness(photograph):
    assert not {"psnr", "ssim"} & set(measure(example(photograph, paired=False)))


def test_the_summary_is_mean_and_standard_deviation():
    assert summarize([{"a": 1.0}, {"a": 3.0}]) == {"a": {"mean": 2.0, "std": 1.0}}
