"""The judge of color transfer: cases, looks, classical methods and measures with known values."""

import numpy as np
import pytest
import skimage.data

from benchmarks.looks.cases import halves, like_photographs, make_cases
from benchmarks.looks.looks import cubes, maps_colors, random_looks
from benchmarks.looks.measures import COLUMNS, measure
from benchmarks.looks.oracle import oracle
from benchmarks.looks.sliced import sliced_transport, unbalanced_sliced_transport
from benchmarks.pairs.classical import METHODS, guided_filter, monge_kantorovich
from utils.colors import identity_lut, write_cube

PHOTOGRAPH = skimage.data.coffee()[::6, :600:6]
FLOAT = PHOTOGRAPH / 255


@pytest.fixture
def case():
    return make_cases(halves({"coffee": PHOTOGRAPH}), random_looks(1))[0]


def test_a_case_has_the_look_on_the_other_half_and_the_answer_on_the_source(case):
    look = random_looks(1)["look 0"]
    first, second = np.split(PHOTOGRAPH, 2, axis=1)
    assert np.array_equal(case.source, first)
    assert np.abs(case.reference - 255 * look(second / 255)).max() < 0.51
    assert np.abs(case.target - 255 * look(first / 255)).max() < 0.51


def test_like_photographs_are_paired_with_the_next():
    pairs = like_photographs({"a": 1, "b": 2, "c": 3})
    assert pairs == {"a": (1, 2), "b": (2, 3), "c": (3, 1)}


def test_looks_repeat_differ_and_map_colors():
    looks, again = random_looks(3), random_looks(3)
    outputs = [look(FLOAT) for look in looks.values()]
    assert all(np.array_equal(output, look(FLOAT)) for output, look in zip(outputs, again.values(), strict=True))
    assert np.abs(outputs[0] - outputs[1]).mean() > 0.01 and all(map(maps_colors, looks.values()))
    assert not maps_colors(lambda rgb: rgb * np.linspace(0.5, 1, rgb.shape[1])[:, None])  # a vignette


def test_the_answer_itself_has_perfect_measures_and_the_source_has_not(case):
    perfect, unchanged = (dict(zip(COLUMNS, measure(case, x), strict=True)) for x in (case.target, case.source))
    assert perfect["dE00"] == perfect["dE00 95"] == 0 and perfect["PSNR"] == 100 and perfect["gradient"] == 1
    assert unchanged["dE00"] > 3 and unchanged["consistency"] == unchanged["tint"] == unchanged["shadows"] == 0


def test_monge_kantorovich_gives_the_references_mean_and_covariance():
    # Small, so that nothing is clipped.
    source = 0.4 + 0.2 * FLOAT
    reference = 0.5 + 0.1 * FLOAT @ np.array([[1, 0.3, 0], [0, 0.8, 0.2], [0.1, 0, 0.6]])
    moved, wanted = (x.reshape(-1, 3) for x in (monge_kantorovich(source, reference), reference))
    np.testing.assert_allclose(moved.mean(0), wanted.mean(0), atol=1e-6)
    np.testing.assert_allclose(np.cov(moved.T), np.cov(wanted.T), atol=1e-5)


def test_every_method_keeps_an_image_that_is_its_own_reference():
    for name, method in METHODS.items():
        assert np.abs(method(FLOAT, FLOAT) - FLOAT).mean() < 0.01, name


def test_sliced_transport_gives_the_references_colors_and_keeps_its_own(rng):
    source, reference = rng.uniform(0, 1, (2, 24, 24, 3)) * [[[[0.4, 0.5, 0.6]]], [[[0.9, 0.3, 0.7]]]]
    moved, wanted = (np.sort(x.reshape(-1, 3), axis=0) for x in (sliced_transport(source, reference), reference))
    assert np.abs(moved - wanted).mean() < 0.1 * np.abs(np.sort(source.reshape(-1, 3), axis=0) - wanted).mean()
    np.testing.assert_allclose(sliced_transport(source, source), source, atol=1e-9)


def test_unbalanced_transport_leaves_out_what_the_source_has_not():
    pytest.importorskip("torch")
    dark, bright = np.full((8, 8, 3), 0.2), np.full((8, 8, 3), 0.9)
    reference = np.concatenate([dark + 0.05, bright[:4]])
    balanced, unbalanced = (method(dark, reference) for method in (sliced_transport, unbalanced_sliced_transport))
    assert np.abs(unbalanced - 0.25).mean() < 0.5 * np.abs(balanced - 0.25).mean()


def test_a_cube_file_is_a_look(tmp_path):
    write_cube(tmp_path / "inverse.cube", 1 - identity_lut(2), title="inverse")
    np.testing.assert_allclose(cubes([tmp_path / "inverse.cube"])["inverse.cube"](FLOAT), 1 - FLOAT, atol=1e-5)


def test_a_guided_filter_keeps_the_guide_and_flattens_noise(rng):
    assert np.abs(guided_filter(FLOAT, FLOAT) - FLOAT).mean() < 0.03
    noise = rng.normal(0, 0.1, FLOAT.shape)
    assert guided_filter(np.full_like(FLOAT, 0.5), noise).std() < 0.2 * noise.std()


def test_the_oracle_is_all_but_the_answer(case):
    assert measure(case, oracle(case))[0] < 0.15 * measure(case, case.source)[0]
