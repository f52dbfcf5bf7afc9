"""The errors for wrong options."""

import pytest

import config
from datasets import TASKS
from engine.distributed.devices import distribution_strategy
from utils import UserError

*_OTHERS, _LAST = TASKS
_ALL_TASKS = f"{', '.join(_OTHERS)} or {_LAST}"


@pytest.mark.parametrize(
    "overrides,parts",
    [
        ({"task": "nonsense"}, ["task", "'nonsense'", _ALL_TASKS]),
        ({}, ["task", "None"]),
        ({"batch_size": -1}, ["data.batch_size (--batch_size)", "-1", "greater than 0"]),
        ({"batch_size": "2.5"}, ["--batch_size", "'2.5'", "integer"]),
        ({"batch_size": True}, ["--batch_size", "number"]),
        ({"gen_lr": "fast"}, ["--gen_lr", "'fast'", "number"]),
        ({"gen_lr": "nan"}, ["--gen_lr", "finite"]),
        ({"jitter": "maybe"}, ["--jitter", "'maybe'", "boolean"]),
        ({"yuv": "maybe"}, ["--yuv", "'maybe'", "true or false"]),
        ({"task": "enhancement", "variant": "released"}, ["--variant", "no code of enhancement was released"]),
        ({"variant": "other"}, ["variant", "'other'", "paper or released"]),
        ({"img_c": 1, "content": "source"}, ["losses.content cannot be source"]),
        ({"task": "color_transfer", "img_c": 1, "content": "reference"}, ["data.channels must be data.out_channels"]),
        ({"epochs": 5, "decay_from_epoch": 6}, ["decay_from_epoch must be at most 5"]),
        ({"yuv": "false", "structure_channels": "lightness"}, ["structure_channels", "rgb has no such"]),
        ({"ema_decay": 1}, ["--ema_decay", "less than 1"]),
        ({"image_pool": -1}, ["--image_pool", "-1"]),
        ({"generator": "vae"}, ["--generator", "'vae'", "it must be 'unet'"]),
        ({"pairing": "looks"}, ["data.pairing cannot be looks: only color_transfer has this pairing"]),
        ({"generator": "lut", "channels": 1}, ["data.channels and data.out_channels must be 3", "the lut"]),
        ({"generator": "hdrnet", "encoder": "embedding"}, ["model.encoder cannot be embedding", "dense or none"]),
        ({"assignments": ["histogram.color_space=directions"], "img_c": 1, "img_out_c": 1}, ["cannot be directions"]),
        ({"color_space": "directions"}, ["--color_space", "'directions'", "'yuv'"]),
        ({"img_c": "2"}, ["--img_c", "1 or 3"]),
        ({"structure_loss": "mi"}, ["--structure_loss", "'mi'", "conditional_entropy"]),
        ({"min_val": 1, "max_val": -1}, ["min_value", "max_value"]),
        ({"kernel_width_ratio": 2e4}, ["--kernel_width_ratio", "20000", "less than or equal to 5000"]),
        ({"kernel_width_ratio": 0.01}, ["--kernel_width_ratio", "0.01", "greater than or equal to 0.1"]),
        ({"learning_rate": 3}, ["'learning_rate'", "gen_lr"]),
        ({"assignments": ["losses.typo=1"]}, ["losses.typo", "no such option", "color"]),
        ({"assignments": ["typo.x=1"]}, ["typo", "no such option", "losses"]),
        ({"assignments": ["losses.color"]}, ["--set", "'losses.color'", "NAME=VALUE"]),
        ({"assignments": ["losses=1"]}, ["--set", "'losses=1'", "NAME=VALUE"]),
        ({"assignments": ["task=edges2photos"]}, ["--set", "NAME=VALUE"]),
        ({"buffer_size": "many"}, ["--buffer_size", "'many'"]),
        ({"gan_loss_weight": 0, "mi_loss_weight": 0, "hist_loss_weight": 0}, ["losses.pixel", "cannot all be 0"]),
        ({"config": "/nowhere.yml"}, ["--config", "/nowhere.yml", "hdrnet, looks, pix2pix or quick"]),
        ({"task": "color_transfer", "content": "target"}, ["losses.content", "color_transfer has none"]),
    ],
)
def test_the_error_for_a_wrong_option_is_one_line_that_names_it(overrides, parts):
    overrides = {"task": "colorization", **overrides} if overrides else {}
    with pytest.raises(UserError) as error:
        config.load(**overrides)
    message = str(error.value)
    assert "\n" not in message
    for part in parts:
        assert part in message


@pytest.mark.parametrize("text", ("just words", "a: [", "- list\n"))
def test_the_error_for_a_file_without_options_names_the_file(tmp_path, text):
    (tmp_path / "odd.yml").write_text(text)
    with pytest.raises(UserError, match=r"odd\.yml"):
        config.load("colorization", config=tmp_path / "odd.yml")


def test_settings_of_another_task_are_an_error(tmp_path):
    config.save(config.load("colorization"), tmp_path / "settings.yml")
    with pytest.raises(UserError, match=r"--task: got edges2photos, and .*settings.yml is of the task colorization"):
        config.load("edges2photos", config=tmp_path / "settings.yml")


def test_settings_of_version_1_are_an_error(tmp_path):
    (tmp_path / "settings.yml").write_text("task: colorization\nvariant: paper\n")
    with pytest.raises(UserError, match="settings of version 1"):
        config.load_run(tmp_path)


def test_on_nonfinite_skip_needs_a_single_device():
    options = config.load("colorization", on_nonfinite="skip", strategy="mirrored")
    with pytest.raises(UserError, match="--on_nonfinite skip is for one device"):
        distribution_strategy(options)


def test_xla_needs_a_single_machine():
    options = config.load("colorization", xla=True, strategy="multi_worker")
    with pytest.raises(UserError, match="--xla is for one machine"):
        distribution_strategy(options)


def test_an_image_pool_needs_a_discriminator():
    with pytest.raises(UserError, match="image_pool must be 0"):
        config.load("colorization", gan_loss_weight=0, image_pool=5)


@pytest.mark.parametrize(
    "options,message",
    [
        ({"generator": "hdrnet", "adversarial": 0, "filters": 7}, "model.filters must be 64: the hdrnet does not"),
        ({"generator": "matching", "filters": 7}, "model.filters must be 64: the matching does not take it"),
        ({"adversarial": 0, "condition": "reference"}, "model.condition cannot be reference if losses.adversarial"),
        ({"generator": "unet", "matched": True}, "model.matched must be false: the unet does not take it"),
        ({"generator": "hdrnet", "matched": True, "encoder": "none"}, "model.matched must be false"),
        ({"generator": "hdrnet", "matched": True, "histogram_color_space": "hsv"}, "hue of hsv is a circle"),
        ({"generator": "matching", "histogram_color_space": "hsv"}, "model.generator cannot be matching"),
        ({"generator": "matching", "boundary": "cyclic"}, "histogram.boundary is cyclic"),
        ({"generator": "hdrnet", "source_histogram": True, "channels": 1}, "data.channels"),
        ({"generator": "matching", "out_channels": 1, "content": "reference"}, "data.channels"),
        ({"smoothness": 1}, "losses.smoothness must be 0: the unet has no grid"),
    ],
)
def test_what_a_generator_does_not_take_is_refused(options, message):
    with pytest.raises(UserError, match=message):
        config.load("color_transfer", **options)
    with pytest.raises(UserError, match="sources of colorization have no colors to match"):
        config.load("colorization", generator="hdrnet", matched=True)
