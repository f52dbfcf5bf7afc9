"""Checkpoint files: they restore all values exactly, and damage is detected."""

import numpy as np
import pytest
import tensorflow as tf

from engine.checkpoints.files import assign_variables, is_whole, load_checkpoint, newest_checkpoint, save_checkpoint
from utils import UserError


@pytest.fixture
def values(rng):
    numbers = rng.normal(size=[7, 5]).astype(np.float32)
    special = np.float32([np.nan, np.inf, -0.0, 1e-45])
    return {"a": [numbers, special, np.int64(3)], "deep/er": [np.arange(k) for k in range(12)]}


def test_arrays_and_metadata_are_restored_exactly_and_no_temporary_file_remains(tmp_path, values):
    path = save_checkpoint(tmp_path / "checkpoints", 7, arrays=values, metadata={"emd": 0.5, "by": "test"})
    loaded, metadata = load_checkpoint(path)
    assert metadata == {"step": 7, "emd": 0.5, "by": "test"} and loaded.keys() == values.keys()
    for name, arrays in values.items():
        assert [array.tobytes() for array in loaded[name]] == [np.asarray(array).tobytes() for array in arrays]
    assert [file.name for file in path.parent.iterdir()] == ["step-00000007.npz"]
    with np.load(path) as arrays:  # numpy alone can read it
        np.testing.assert_array_equal(arrays["a/000"], values["a"][0])


def test_damage_to_any_byte_and_missing_bytes_are_detected(tmp_path, values, rng):
    path = save_checkpoint(tmp_path, 1, arrays=values)
    original = path.read_bytes()
    for position in rng.choice(len(original), 300, replace=False):
        path.write_bytes(
            original[:position] + bytes([original[position] ^ 1 << rng.integers(8)]) + original[position + 1 :]
        )
        assert not is_whole(path)
    for length in (0, 10, 64, 100, len(original) - 1):
        path.write_bytes(original[:length])
        assert not is_whole(path)
    path.write_bytes(original)
    assert is_whole(path)


def test_the_newest_undamaged_checkpoint_is_used_and_damaged_ones_are_named(tmp_path, values, capsys):
    paths = {step: save_checkpoint(tmp_path / "checkpoints", step, arrays=values) for step in (9, 100, 20)}
    assert newest_checkpoint(tmp_path) == paths[100] and not capsys.readouterr().err
    paths[100].write_bytes(paths[100].read_bytes()[:-1000])
    assert newest_checkpoint(tmp_path) == paths[20]
    assert f"{paths[100]} is damaged" in capsys.readouterr().err
    for path in paths.values():
        path.write_bytes(b"")
    assert newest_checkpoint(tmp_path) is None and newest_checkpoint(tmp_path / "nowhere") is None


def test_a_file_that_is_not_a_checkpoint_is_an_error(tmp_path, values):
    path = save_checkpoint(tmp_path, 1, arrays=values)
    path.write_bytes(path.read_bytes()[:100])
    np.save(tmp_path / "array.npy", np.zeros(3))
    np.savez(tmp_path / "arrays.npz", a=np.zeros(3))
    for broken in (path, *(tmp_path / name for name in ("none.npz", "array.npy", "arrays.npz"))):
        with pytest.raises(UserError, match="is not a checkpoint"):
            load_checkpoint(broken)


def test_either_all_variables_are_assigned_or_none():
    first, second = tf.Variable([0.0, 0.0]), tf.Variable(0)
    values = {"a": [np.float32([1, 2])], "b": [np.int32(5)], "c": []}
    assign_variables("here", values, {"a": [first], "b": [second], "d": []})
    assert first.numpy().tolist() == [1, 2] and second.numpy() == 5
    for wrong in ({"a": [np.float32([3, 4])], "b": [np.int32([5])]}, {"a": [np.float32([3, 4])]}):
        with pytest.raises(UserError, match="here does not fit: its b"):
            assign_variables("here", wrong, {"a": [first], "b": [second]})
    assert first.numpy().tolist() == [1, 2]
