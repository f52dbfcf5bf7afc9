"""The guide of curves against its formula, one knot after another, in float64."""

import numpy as np
import pytest

from models.networks import bilateral
from models.networks.guides import KNOTS, GuideCurves


@pytest.mark.parametrize("training", (False, True))
def test_the_guide_is_the_mean_of_curves(rng, monkeypatch, training):
    monkeypatch.setattr(bilateral, "STRIP", 50)  # several strips, the last not full
    image = rng.uniform(0, 1, [2, 9, 13, 3])
    guide = GuideCurves()
    guide.build(image.shape)
    for weight in guide.weights:
        weight.assign(rng.normal(0.1, 0.3, weight.shape))  # knots in any order
    matrix, offset, knots, slopes, mix, mix_offset = (np.asarray(weight, np.float64) for weight in guide.get_weights())
    colors = image @ matrix + offset
    curves = sum(slopes[k] * np.maximum(colors - knots[k], 0) for k in range(KNOTS))
    expected = np.clip(curves @ mix + mix_offset, 0, 1)
    assert 0.1 < np.mean((expected > 0) & (expected < 1)) < 0.9  # some are clipped, others not
    np.testing.assert_allclose(guide(np.float32(image), training=training), expected, atol=1e-6)
