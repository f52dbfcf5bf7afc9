"""Training steps whose losses or gradients are not finite, in a real `fit`."""

import numpy as np
import pytest
from skimage.io import imread

from engine.training.callbacks import Epochs, MetricsLog
from engine.training.nonfinite import MOST_IN_A_ROW, NonFinite
from utils import UserError, read_lines


def make_callbacks(model, batches, folder, skip, last=12, every=100):
    saved = []

    def next_batch():
        indices = slice(*(2 * (model.step_counter.value() % 8 + k) for k in (0, 1)))
        names = [f"image {index}" for index in batches["index"][indices]]
        return names, np.zeros([4, 6, 3], np.uint8), {"source": batches["source"][indices]}

    epochs = Epochs(4, last)
    nonfinite = NonFinite(
        folder,
        epochs,
        every=every,
        skip=skip,
        next_batch=next_batch,
        save=lambda: saved.append(model.step_counter.value()),
    )
    return [epochs, nonfinite], saved


@pytest.mark.long
@pytest.mark.parametrize("every", (1, 7, 100))
def test_training_stops_before_a_nonfinite_step_and_saves_its_batch(make_model, batches, fit, tmp_path, every):
    batches["source"][10, 0, 0, 0] = np.nan  # in the batch of step 6
    model, healthy = make_model(), make_model()
    callbacks, saved = make_callbacks(model, batches, tmp_path, skip=False, every=every)
    message = r"step 6: adversarial_loss, .* not finite, with the images image 10, image 11 \(.*step-00000006.png\)"
    with pytest.raises(UserError, match=message):
        fit(model, callbacks)
    assert saved == [5] and callbacks[0].step == {1: 6, 7: 7, 100: 8}[every]
    fit(healthy, make_callbacks(healthy, batches, tmp_path, skip=False, last=5)[0])
    for weights, expected in zip(model.generator.weights, healthy.generator.weights, strict=True):
        np.testing.assert_array_equal(weights, expected)
    assert imread(tmp_path / "step-00000006.png").shape == (4, 6, 3)
    np.testing.assert_array_equal(np.load(tmp_path / "step-00000006.npz")["source"], batches["source"][10:12])


def test_nonfinite_steps_are_skipped_and_counted(make_model, batches, fit, tmp_path, capsys):
    batches["source"][[2, 10], 0, 0, 0] = np.inf
    model = make_model()
    fit(model, make_callbacks(model, batches, tmp_path, skip=True, last=8)[0])
    assert model.step_counter.value() == 8 and int(model.skipped) == 2 and int(model.optimizer.iterations) == 6
    assert [path.name for path in sorted(tmp_path.glob("*.png"))] == ["step-00000002.png", "step-00000006.png"]
    assert "skipped, 2 in all" in capsys.readouterr().err
    assert all(np.isfinite(weights).all() for weights in model.generator.get_weights())


def test_training_stops_after_too_many_skipped_steps_in_a_row(make_model, batches, fit, tmp_path):
    batches["source"][:] = np.nan
    model = make_model()
    callbacks, saved = make_callbacks(model, batches, tmp_path, skip=True, last=99)
    with pytest.raises(UserError, match=r"step 11: .*, after 10 skipped batches; resume with a lower"):
        fit(model, callbacks, epochs=9)
    assert model.step_counter.value() == MOST_IN_A_ROW == saved[0]


def test_skipped_steps_that_are_not_in_a_row_do_not_stop_training(make_model, batches, fit, tmp_path):
    batches["source"][2:] = np.nan  # in seven of every eight batches
    model = make_model()
    fit(model, make_callbacks(model, batches, tmp_path, skip=True, last=32)[0], epochs=9)
    assert model.step_counter.value() == 32 and int(model.skipped) == 28


def test_skipped_steps_are_logged_and_an_epoch_of_them_has_no_losses(make_model, batches, fit, tmp_path):
    batches["source"][[2, *range(8, 16)], 0, 0, 0] = np.nan  # step 2 and, in epoch 2, all steps
    model = make_model()
    fit(model, [*make_callbacks(model, batches, tmp_path, skip=True)[0], MetricsLog(tmp_path)])
    first, second, third = read_lines(tmp_path / "metrics.jsonl")
    assert first["skipped_steps"] == third["skipped_steps"] == 1
    assert second == {"epoch": 2, "step": 8, "skipped_steps": 4}
    assert np.isfinite([first["pixel_loss"], third["pixel_loss"]]).all()
