"""Checkpoints: there and back, and one sentence for those that do not fit."""

import numpy as np
import pytest
from tensorflow import keras

from utils.checkpoints import load_checkpoint, newest_checkpoint, save_checkpoint
from utils.errors import UserError


def network(units=3):
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(units), keras.layers.BatchNormalization()])


def test_weights_and_step_come_back_and_nothing_half_is_left(tmp_path):
    first, second = network(), network()
    path = save_checkpoint(tmp_path / "checkpoints", 7, {"a": first, "b": second})
    others = {"a": network(), "b": network()}
    assert load_checkpoint(path, others) == 7
    for saved, loaded in ((first, others["a"]), (second, others["b"])):
        for one, other in zip(saved.get_weights(), loaded.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)
    assert [file.name for file in path.parent.iterdir()] == ["step-00000007.npz"]


def test_the_newest_is_that_of_the_last_step(tmp_path):
    for step in (9, 100, 20):
        save_checkpoint(tmp_path / "checkpoints", step, {"a": network()})
    assert newest_checkpoint(tmp_path).name == "step-00000100.npz"


def test_what_cannot_be_loaded_is_one_sentence(tmp_path):
    path = save_checkpoint(tmp_path, 1, {"a": network()})
    with pytest.raises(UserError, match="other settings"):
        load_checkpoint(path, {"a": network(units=4)})
    with pytest.raises(UserError, match="other settings"):
        load_checkpoint(path, {"b": network()})
    path.write_bytes(path.read_bytes()[:100])
    np.save(tmp_path / "array.npy", np.zeros(3))
    np.savez(tmp_path / "arrays.npz", a=np.zeros(3))
    for broken in (path, *(tmp_path / name for name in ("none.npz", "array.npy", "arrays.npz"))):
        with pytest.raises(UserError, match="is not a checkpoint"):
            load_checkpoint(broken, {"a": network()})
    with pytest.raises(UserError, match="no checkpoint"):
        newest_checkpoint(tmp_path / "run")
