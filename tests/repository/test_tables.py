"""The tables: every row names existing functions and settings, and the options follow from the rows."""

import re
from pkgutil import resolve_name

import numpy as np
import pytest
from tensorflow import keras

import config
from datasets import PAIRINGS, TASKS
from engine import build_model
from losses import TERMS, loss_functions
from metrics import CRITERIA
from models import ENCODERS, GENERATORS
from utils import UserError
from utils.colors import COLOR_SPACES, boundaries, channel_names, channel_texts, lightness_channel, to_network, to_rgb

TENSORS = {"source", "reference", "content", "real", "image", "histogram", "joint"}
TENSORS |= {"reference_soft_histogram", "fake_logits", "grid"}


@pytest.mark.parametrize(
    "task,pairing", [(task, pairing) for task, row in TASKS.items() for pairing in ("own", *row.pairings)]
)
def test_a_tasks_row_names_its_functions_and_has_its_settings(task, pairing):
    row = TASKS[task].paired_by(pairing)
    assert row.name == task and all(
        callable(resolve_name(name)) for name in (row.make_split, row.sample_data, row.to_source)
    )
    options = config.load(task, pairing=pairing)
    assert options.task_row == row and pairing in PAIRINGS
    assert options.losses.content in row.contents and row.real in ("target", "source")
    assert row.criterion in CRITERIA
    assert ("target" in row.contents) == row.paired == (row.real == "target")


@pytest.mark.parametrize("name", TERMS)
def test_a_terms_row_names_its_function_tensors_settings_and_option(name):
    row = TERMS[name]
    assert callable(resolve_name(row.function)) and set(row.needs) <= TENSORS
    options = config.load("colorization")
    assert set(row.settings.values()) <= options.loss_settings.keys()
    assert name in options.losses.weights
    assert re.search(rf"--{name}\b", config.training_parser().format_help())
    assert config.load("colorization", generator="hdrnet", **{name: 3}).losses.weights[name] == 3


def test_a_term_of_weight_zero_has_no_function():
    assert list(loss_functions({"pixel": 2.0, "color": 0.0}, {})) == ["pixel"]


def test_settings_reach_the_terms_function():
    histograms = np.float32(np.eye(4)[[[0]]]), np.float32(np.eye(4)[[[3]]])  # [1,1,4]
    straight = loss_functions({"color": 1.0}, {"color_order": 1, "boundary": "reflect"})["color"](*histograms)
    around = loss_functions({"color": 1.0}, {"color_order": 1, "boundary": "cyclic"})["color"](*histograms)
    np.testing.assert_allclose([straight, around], [[[3 / 4]], [[1 / 4]]])


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generators_row_makes_a_network_with_the_contract(name):
    row = GENERATORS[name]
    options = config.load("colorization", generator=name)
    assert set(row.encoders) <= set(ENCODERS) and (options.encoder or "none") == row.encoders[0]
    known = type(options.model).model_fields.keys() | options.augment_arguments.keys()
    assert set(row.options) <= known and set(row.weights) <= set(TERMS)
    assert {term: options.losses.weights[term] for term in row.weights} == row.weights
    sizes = {name: 2 for name in ("filters", "blocks") if name in row.options}
    sizes |= {"encoder": "dense"} if "encoder" in row.options else {}
    sizes |= {"histogram_space": "directions"} if "histogram_space" in row.options else {}
    network = resolve_name(row.function)(image_size=32, bins=16, histogram_channels=13, **sizes)
    assert all(network.get_layer(layer) for layer in row.inner)
    assert {tensor.name: tuple(tensor.shape) for tensor in network.inputs}["reference_histogram"] == (None, 13, 16)
    sides = (None, None) if row.any_size else (32, 32)
    assert tuple(network.output_shape) == (None, *sides, 3)


OTHER_VALUES = {"filters": 3, "blocks": 2, "guide": "network", "batch_norm": True, "matched": True}
OTHER_VALUES |= {"source_histogram": True, "condition": "reference", "identity": True}
SMALL = {"img_h": 32, "img_w": 32, "bin_num": 8, "blocks": 1, "filters": 2, "encoder": "dense"}


@pytest.mark.long
@pytest.mark.parametrize("adversarial", (0, 1))
@pytest.mark.parametrize("name", GENERATORS)
def test_each_option_of_the_networks_changes_them_or_is_refused(name, adversarial):
    fields = config.load("color_transfer").model.model_dump().keys()
    assert OTHER_VALUES.keys() == fields - {"generator", "encoder"}
    row = GENERATORS[name]
    taken = {"encoder", *row.options} | ({"filters"} if adversarial else set())
    settings = {option: value for option, value in SMALL.items() if option in taken or option not in fields}
    settings |= {"generator": name, "adversarial": adversarial}
    settings["encoder"] = "dense" if "dense" in row.encoders else "none"

    def first_weights(**changed):
        keras.utils.set_random_seed(0)
        model = build_model(config.load("color_transfer", **settings | changed))
        weights = {of: network.get_weights() for of, network in model.networks.items()}
        return {of: [(weight.shape, weight.tobytes()) for weight in found] for of, found in weights.items()}

    def follows_the_reference(encoder):
        generator = build_model(config.load("color_transfer", **settings | {"encoder": encoder})).generator
        inputs = [
            np.full([1, *(side or 32 for side in tensor.shape[1:])], 0.5, np.float32) for tensor in generator.inputs
        ]
        inputs[1] = np.tile(np.eye(8, dtype=np.float32)[2], [1, 3, 1])
        first = np.array(generator(inputs)["image"])
        inputs[1] = inputs[1][..., ::-1]
        return not np.array_equal(np.array(generator(inputs)["image"]), first)

    base = first_weights()
    assert first_weights() == base
    # Without the discriminator, the generator's own options are the same.
    for option in OTHER_VALUES if adversarial else ("filters", "condition"):
        value = OTHER_VALUES[option]
        try:
            changed = first_weights(**{option: value})
        except UserError as error:
            assert f"model.{option}" in str(error)
        else:
            assert changed != base, option
    without = [encoder for encoder in row.encoders if encoder != settings["encoder"]]
    assert all(first_weights(encoder=encoder) != base or not follows_the_reference(encoder) for encoder in without)
    assert without == [] or follows_the_reference(settings["encoder"])
    for encoder in set(ENCODERS) - set(row.encoders):
        with pytest.raises(UserError, match=r"model\.encoder cannot be"):
            first_weights(encoder=encoder)


@pytest.mark.parametrize("name", COLOR_SPACES)
def test_a_color_spaces_row_goes_there_and_back(name, rng):
    rgb = np.float32(rng.uniform(0.05, 0.95, [5, 7, 3]))
    np.testing.assert_allclose(to_rgb(to_network(rgb, name), name), rgb, atol=2e-3)
    row = COLOR_SPACES[name]
    assert len(row.channels) == len(row.scale) == len(row.shift) and set(row.cyclic) <= set(row.channels)
    assert len(row.channels) == 3 or row.extends in COLOR_SPACES
    assert len({text.name for text in channel_texts(name)}) == (0 if row.extends else 3)
    assert [text.name for text in channel_texts(name, 1)] == ["Lightness"]
    assert channel_names(name) == row.channels and channel_names(name, 1) == ("y",)
    assert lightness_channel(name) == row.lightness and lightness_channel(name, 1) == 0
    rules = boundaries(name, "reflect")
    assert rules == (
        "reflect" if not row.cyclic else tuple("cyclic" if c in row.cyclic else "reflect" for c in row.channels)
    )
