"""The fit of a bilateral grid to one pair."""

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from skimage.color import rgb2gray
from skimage.metrics import structural_similarity

from metrics import color_transport
from models.transfer import grid_fitter
from models.transfer.grid import apply_grid
from models.transfer.grid_fitter import GridFitter
from utils.images import to_uint8

SOURCE = np.float32(skimage.data.chelsea()[20:276:4, 100:356:4] / 255)  # 64 x 64
REFERENCE = np.float32(skimage.data.coffee()[:256:4, 100:356:4] / 255)


def fit_grid(sources, reference, **options):
    losses = []
    images = [to_uint8(image) for image in sources]
    fitter = GridFitter(**options)
    return fitter.fit(images, to_uint8(reference), on_step=lambda _, loss: losses.append(loss)), losses


@pytest.fixture(scope="module")
def fitted():
    return fit_grid(SOURCE[None], REFERENCE, steps=30)


def rgb_w1(image, reference):
    return color_transport(*(np.uint8(np.clip(255 * x, 0, 255)) for x in (image, reference)))


@pytest.mark.long
def test_the_output_has_the_references_colors_and_the_sources_structure(fitted):
    grid, losses = fitted
    output = apply_grid(grid, SOURCE[None])[0].numpy()
    assert len(losses) == 30 and losses[-1] < 0.25 * losses[0]
    assert rgb_w1(output, REFERENCE) < 0.4 * rgb_w1(SOURCE, REFERENCE)
    gray = [image.mean(-1).ravel() for image in (SOURCE, output)]
    assert np.corrcoef(*gray)[0, 1] > 0.7


def test_a_grid_applies_to_images_of_any_size(fitted):
    grid, _ = fitted
    small = apply_grid(grid, SOURCE[None])[0]
    large = apply_grid(grid, np.repeat(np.repeat(SOURCE, 4, axis=0), 4, axis=1)[None])[0]
    reduced = tf.reshape(large, [64, 4, 64, 4, 3])[:, 1, :, 1]
    assert np.abs(reduced - small).mean() < 0.01


@pytest.mark.long
def test_a_fit_repeats_by_its_seed_and_starts_anew_for_each_pair(monkeypatch):
    monkeypatch.setattr(grid_fitter, "PIXELS", 256)  # so that rows and columns of this small image are drawn
    fitter, images = GridFitter(steps=3, seed=1), ([to_uint8(SOURCE)], to_uint8(REFERENCE))
    first, again = (fitter.fit(*images) for _ in range(2))
    other = GridFitter(steps=3, seed=2).fit(*images)
    np.testing.assert_allclose(first, again, rtol=1e-5)
    assert not np.allclose(first, other, rtol=1e-5)


@pytest.mark.long
def test_a_reference_of_one_color_makes_an_image_of_that_color():
    color = np.float32([0.8, 0.3, 0.1])
    grid, _ = fit_grid(SOURCE[None], np.broadcast_to(color, REFERENCE.shape), steps=25)
    output = apply_grid(grid, SOURCE[None]).numpy()
    assert np.abs(output - color).mean() < 0.1


@pytest.mark.long
def test_frames_share_a_grid_that_is_fitted_to_all_of_them():
    frames = np.stack([SOURCE, 0.5 * SOURCE])
    grid, _ = fit_grid(frames, REFERENCE, steps=20)
    both = np.concatenate(apply_grid(grid, frames).numpy())
    assert grid.shape[0] == 1 and rgb_w1(both, REFERENCE) < 0.5 * rgb_w1(np.concatenate(frames), REFERENCE)


@pytest.mark.long
def test_the_fit_keeps_the_structure_of_luminance(monkeypatch):
    similarities = []
    for weight in (grid_fitter.SSIM, 0.0):
        monkeypatch.setattr(grid_fitter, "SSIM", weight)
        grid, _ = fit_grid(SOURCE[None], REFERENCE, steps=60)
        grays = [rgb2gray(np.clip(image, 0, 1)) for image in (SOURCE, apply_grid(grid, SOURCE[None])[0])]
        similarities.append(structural_similarity(*grays, data_range=1))
    assert similarities[0] > similarities[1] + 0.003


@pytest.mark.long
def test_a_strip_narrower_than_the_window_of_ssim_is_fitted():
    strip = SOURCE[:8]
    grid, _ = fit_grid(strip[None], REFERENCE, steps=20)
    assert rgb_w1(apply_grid(grid, strip[None])[0], REFERENCE) < 0.5 * rgb_w1(strip, REFERENCE)


@pytest.mark.long
def test_a_source_that_is_mostly_flat_stays_so(monkeypatch):
    sky = np.full([64, 64, 3], [0.2, 0.3, 0.5], np.float32)
    sky[56:] = SOURCE[56:]
    cup = np.float32(skimage.data.coffee()[:256:4, :256:4] / 255)
    fits = []
    for flattest in (grid_fitter.FLATTEST, 0.5):  # 0.5: as of a source that is flat nowhere
        monkeypatch.setattr(grid_fitter, "FLATTEST", flattest)
        grid, _ = fit_grid(sky[None], cup, steps=40)
        fits.append(apply_grid(grid, sky[None])[0, :48].numpy().std(axis=(0, 1)).mean())
    assert fits[0] < 0.8 * fits[1]


@pytest.mark.long
def test_far_parts_of_a_flat_area_stay_alike():
    # Without the longest of the fit's distances, the two halves of this sky are 0.117 apart.
    sky = np.full([128, 128, 3], [0.45, 0.55, 0.7], np.float32)
    sky[96:] = skimage.data.coffee()[200:328:4, 100:356:2] / 255
    grid, _ = fit_grid(sky[None], np.float32(skimage.data.chelsea()[20:276:2, 100:356:2] / 255), steps=40)
    output = apply_grid(grid, sky[None])[0, :90].numpy()
    assert np.abs(output[:, 64:] - output[:, :64]).mean() < 0.035
