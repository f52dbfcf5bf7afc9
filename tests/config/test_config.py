"""Options: their sources, which source overrides which, and the errors for wrong options."""

from pathlib import Path

import oyaml as yaml
import pytest

import config
from config.flags import FLAGS
from config.options import Options
from datasets import TASKS
from engine.devices import distribution_strategy
from utils import UserError


@pytest.mark.parametrize(
    "task,dataset,epochs,every,jitter,color,condition,content",
    [
        ("colorization", "summer2winter_yosemite", 200, 20, True, 20, "source", "target"),
        ("color_transfer", "102flowers", 100, 10, True, 100, "none", "source"),
        ("edges2photos", "edges2shoes", 15, 5, False, 100, "source", "target"),
    ],
)
def test_each_task_has_the_settings_of_the_paper(task, dataset, epochs, every, jitter, color, condition, content):
    options = config.load(task)
    assert (options.data.dataset, options.run.epochs, options.run.checkpoint_every) == (dataset, epochs, every)
    assert (options.data.jitter, options.losses.color, options.model.condition) == (jitter, color, condition)
    assert (options.losses.content, options.losses.adversarial, options.losses.structure) == (content, 1, 1)
    assert (options.image_size, options.data.batch_size, options.data.color_space) == ((256, 256), 4, "yuv")
    assert (options.optimizer.generator_learning_rate, options.optimizer.discriminator_beta_1) == (2e-4, 0.5)
    assert (options.histogram.bins, options.histogram.kernel_width_ratio) == (256, 2.5)


def test_each_flag_sets_its_option():
    values = {
        "color_space": ("rgb", "rgb"),
        "jitter": ("false", False),
        "a2b": ("true", True),
        "img_c": ("1", 1),
        "channels": ("1", 1),
        "out_channels": ("1", 1),
        "min_value": ("-3", -3.0),
        "img_out_c": ("1", 1),
        "min_val": ("-3", -3.0),
        "structure_loss": ("mutual_information", "mutual_information"),
        "content": ("source", "source"),
        "condition": ("reference", "reference"),
        "boundary": ("none", "none"),
        "histogram_color_space": ("lab", "lab"),
        "structure_channels": ("lightness", "lightness"),
        "color_order": ("1", 1),
        "overwrite": ("true", True),
        "training_mode_samples": ("true", True),
        "generator": ("resnet", "resnet"),
        "encoder": ("dense", "dense"),
        "guide": ("network", "network"),
        "batch_norm": ("true", True),
        "adversarial_loss": ("hinge", "hinge"),
        "ema_decay": ("0.5", 0.5),
        "strategy": ("mirrored", "mirrored"),
        "mixed_precision": ("true", True),
        "dataroot": ("here", "here"),
        "dataset": ("102", "102"),
        "tfds_data_dir": ("there", "there"),
        "layout": ("aligned", "aligned"),
        "skip_bad": ("true", True),
        "preprocess": ("pad", "pad"),
        "interpolation": ("area", "area"),
        "cache": ("disk", "disk"),
        "output_dir": ("there", "there"),
        "output_pre_dir": ("before", "before"),
        "on_nonfinite": ("skip", "skip"),
        "matched": ("true", True),
        "source_histogram": ("true", True),
    }
    of_the_hdrnet = ("guide", "batch_norm", "matched", "source_histogram", "smoothness")
    needed = {"blocks": {"generator": "resnet"}, **{name: {"generator": "hdrnet"} for name in of_the_hdrnet}}
    for flag, option in FLAGS.items():
        text, expected = values.get(flag, ("7", 7) if not flag.endswith("beta_1") else ("0.9", 0.9))
        section, name = option.split(".")
        task = "color_transfer" if flag == "matched" else "colorization"
        options = config.load(task, **needed.get(flag, {}) | {flag: text})
        assert getattr(getattr(options, section), name) == expected, flag


def test_a_boolean_flag_without_a_value_is_true():
    parse = config.training_parser().parse_args
    assert config.load_arguments(parse(["--task", "edges2photos", "--skip_bad", "--a2b", "--seed", "3"])).data.skip_bad
    assert not config.load_arguments(parse(["--task", "edges2photos", "--skip_bad", "false"])).data.skip_bad
    with pytest.raises(UserError, match="seed"):
        parse(["--task", "edges2photos", "--seed"])


def test_the_disk_cache_is_beside_the_data_set():
    options = config.load("colorization", dataset="tfds:cycle_gan/maps", dataroot="there", cache="disk")
    assert options.cache == "there/tfds_cycle_gan/maps.cache"
    assert config.load("colorization").cache == "none"


def test_the_disk_cache_of_a_data_set_that_is_a_path_is_beside_it(tmp_path):
    (tmp_path / "photos").mkdir()
    for dataset in (tmp_path / "photos", f"{tmp_path}/photos/"):
        assert config.load("colorization", dataset=str(dataset), cache="disk").cache == f"{tmp_path}/photos.cache"


@pytest.mark.parametrize(
    "option,value",
    [
        ("run.max_steps", 200),
        ("run.output_pre_dir", "before"),
        ("optimizer.decay_from_epoch", 3),
        ("optimizer.clip_norm", 1.0),
        ("data.tfds_data_dir", "there"),
        ("histogram.color_space", "lab"),
    ],
)
def test_none_unsets_an_option(tmp_path, option, value):
    section, name = option.split(".")
    config.save(config.load("colorization", set=[f"{option}={value}"]), tmp_path / "settings.yml")
    before = config.load(config=tmp_path / "settings.yml")
    after = config.load(config=tmp_path / "settings.yml", set=[f"{option}=none"])
    assert [getattr(getattr(options, section), name) for options in (before, after)] == [value, None]
    assert after == config.load("colorization")


def test_none_unsets_the_last_step_of_a_resumed_run_and_is_an_encoder(tmp_path):
    config.save(config.load("colorization", max_steps=200), tmp_path / "settings.yml")
    parse = config.training_parser().parse_args
    assert config.load_arguments(parse(["--resume", str(tmp_path), "--max_steps", "none"])).run.max_steps is None
    assert config.load("colorization", encoder="none").model.encoder == "none"
    with pytest.raises(UserError, match=r"run.max_steps \(--max_steps\): got 'never'"):
        config.load("colorization", max_steps="never")


def test_later_sources_override_earlier_ones(tmp_path):
    file = tmp_path / "mine.yml"
    file.write_text("task: colorization\ndata: {batch_size: 7, height: 64}\nlosses: {color: 3}\nrun: {epochs: 9}\n")
    options = config.load(config=file, batch_size="8", epochs=10, set=["data.batch_size=9"])
    assert (options.data.height, options.losses.color) == (64, 3)  # the file overrides the task
    assert options.run.epochs == 10  # a flag overrides the file
    assert options.data.batch_size == 9  # --set overrides a flag
    assert options.losses.structure == 1  # nothing overrides the task


@pytest.mark.parametrize(
    "task,content", [("colorization", "source"), ("edges2photos", "source"), ("color_transfer", "reference")]
)
def test_the_released_variant_is_as_the_released_code_and_the_file_overrides_it(tmp_path, task, content):
    released = config.load(task, variant="released")
    assert (released.losses.content, released.losses.structure_loss) == (content, "conditional_entropy")
    assert released.run.training_mode_samples and not config.load(task).run.training_mode_samples
    assert (released.data.interpolation, config.load(task).data.interpolation) == ("nearest", "bicubic")
    (tmp_path / "mine.yml").write_text("run: {training_mode_samples: false}\n")
    mine = config.load(task, variant="released", config=tmp_path / "mine.yml")
    assert mine.losses.content == content and not mine.run.training_mode_samples


@pytest.mark.parametrize("task", TASKS)
def test_baselines_use_no_histograms(task):
    pix2pix = config.load(task, config="config/experiments/pix2pix.yaml")
    assert pix2pix.task == task and pix2pix.model.encoder == "none"
    assert {term: weight for term, weight in pix2pix.losses.weights.items() if weight} == {"adversarial": 1, "l1": 100}
    adversarial = config.load(task, config="config/experiments/adversarial.yaml")
    assert {term: weight for term, weight in adversarial.losses.weights.items() if weight} == {"adversarial": 1}
    with pytest.raises(UserError, match="task: got None"):
        config.load(config="config/experiments/pix2pix.yaml")


def test_directions_are_for_the_color_loss_and_the_generator_alone():
    options = config.load("color_transfer", set=["histogram.color_space=directions"], color_space="hsv")
    assert (options.histogram_channels, options.structure_space, options.structure_channel) == (13, "hsv", None)
    assert options.augmentation["boundary"] == options.histogram_arguments["boundary"] == "reflect"
    assert options.augmentation["joint_boundary"] == ("cyclic", "reflect", "reflect")
    assert options.sample_arguments["color_space"] == "hsv"


def test_a_generators_row_sets_the_weights_that_it_needs_unless_they_are_given():
    assert config.load("colorization").losses.weights["range"] == 0
    assert config.load("colorization", generator="hdrnet").losses.weights["range"] == 1
    assert config.load("colorization", generator="hdrnet", range=0.5).losses.weights["range"] == 0.5


def test_hue_is_cyclic_in_all_hsv_histograms():
    hsv = config.load(config="config/experiments/color_transfer_hsv.yaml")
    assert (hsv.data.color_space, hsv.histogram_space, hsv.structure_channel) == ("rgb", "hsv", 2)
    assert hsv.histogram_arguments["boundary"] == ("cyclic", "reflect", "reflect")
    assert (hsv.model.condition, hsv.losses.content) == ("reference", "source")
    network = config.load("colorization", color_space="hsv")
    assert network.histogram_arguments["boundary"] == ("cyclic", "reflect", "reflect")
    assert network.structure_channel is None
    yuv = config.load("colorization", set=["histogram.boundary=none"])
    assert (yuv.histogram_space, yuv.histogram_arguments["boundary"]) == ("yuv", "none")
    luminance = config.load("colorization", color_space="hsv", img_c=1, img_out_c=1)
    assert luminance.histogram_arguments["boundary"] == "reflect"


def test_saved_options_are_restored_except_overwrite(tmp_path):
    options = config.load("edges2photos", dataset="sample", gen_lr="1e-4", max_steps=5)
    config.save(options, tmp_path / "settings.yml")
    assert config.load(config=tmp_path / "settings.yml") == options
    overwriting = config.load("edges2photos", set=["run.overwrite=true"])
    config.save(overwriting, tmp_path / "overwriting.yml")
    assert not config.load(config=tmp_path / "overwriting.yml").run.overwrite
    assert set(yaml.safe_load((tmp_path / "settings.yml").read_text())) == {
        *("task", "data", "model", "histogram", "losses", "optimizer", "run")
    }


def test_1e_4_in_a_yaml_file_is_a_number(tmp_path):
    (tmp_path / "rates.yml").write_text("optimizer: {generator_learning_rate: 1e-4}\n")
    assert config.load("colorization", config=tmp_path / "rates.yml").optimizer.generator_learning_rate == 1e-4


def test_the_sample_data_set_is_128_pixels_wide_and_high_by_default():
    assert config.load("colorization", dataset="sample").image_size == (128, 128)
    assert config.load("colorization", dataset="sample", img_h=256).image_size == (256, 128)


def test_buffer_size_has_no_effect_and_prints_a_message(capsys):
    assert config.load("colorization", buffer_size=400) == config.load("colorization")
    assert capsys.readouterr().out == "--buffer_size has no effect: the whole set is always shuffled\n"


@pytest.mark.parametrize(
    "text,folder",
    [
        ("a/b c:d", "colorization-a_b_c_d"),
        ("tfds:x", "colorization-tfds_x"),
        ("/there/my photos/", "colorization-my_photos"),
        ("../photos", "colorization-photos"),
    ],
)
def test_the_name_of_the_run_folder_has_no_special_characters(text, folder):
    assert config.load("colorization", dataset=text, output_dir="out").run_folder.as_posix() == f"out/{folder}"


@pytest.mark.parametrize(
    "overrides,parts",
    [
        ({"task": "nonsense"}, ["task", "'nonsense'", "colorization, color_transfer or edges2photos"]),
        ({}, ["task", "None"]),
        ({"batch_size": -1}, ["data.batch_size (--batch_size)", "-1", "greater than 0"]),
        ({"batch_size": "2.5"}, ["--batch_size", "'2.5'", "integer"]),
        ({"batch_size": True}, ["--batch_size", "number"]),
        ({"gen_lr": "fast"}, ["--gen_lr", "'fast'", "number"]),
        ({"gen_lr": "nan"}, ["--gen_lr", "finite"]),
        ({"jitter": "maybe"}, ["--jitter", "'maybe'", "boolean"]),
        ({"yuv": "maybe"}, ["--yuv", "'maybe'", "true or false"]),
        ({"variant": "other"}, ["variant", "'other'", "paper or released"]),
        ({"img_c": 1, "content": "source"}, ["losses.content cannot be source"]),
        ({"task": "color_transfer", "img_c": 1, "content": "reference"}, ["data.channels must be data.out_channels"]),
        ({"epochs": 5, "decay_from_epoch": 6}, ["decay_from_epoch must be one of the 5"]),
        ({"yuv": "false", "set": ["losses.structure_channels=lightness"]}, ["structure_channels", "rgb has no such"]),
        ({"ema_decay": 1}, ["--ema_decay", "less than 1"]),
        ({"image_pool": -1}, ["--image_pool", "-1"]),
        ({"generator": "vae"}, ["--generator", "'vae'", "it must be 'unet'"]),
        ({"generator": "hdrnet", "encoder": "embedding"}, ["model.encoder cannot be embedding", "dense or none"]),
        ({"set": ["histogram.color_space=directions"], "img_c": 1, "img_out_c": 1}, ["cannot be directions"]),
        ({"color_space": "directions"}, ["--color_space", "'directions'", "'yuv'"]),
        ({"img_c": "2"}, ["--img_c", "1 or 3"]),
        ({"structure_loss": "mi"}, ["--structure_loss", "'mi'", "conditional_entropy"]),
        ({"min_val": 1, "max_val": -1}, ["min_value", "max_value"]),
        ({"learning_rate": 3}, ["'learning_rate'", "gen_lr"]),
        ({"set": ["losses.typo=1"]}, ["losses.typo", "no such option", "color"]),
        ({"set": ["typo.x=1"]}, ["typo", "no such option", "losses"]),
        ({"set": ["losses.color"]}, ["--set", "'losses.color'", "NAME=VALUE"]),
        ({"set": ["losses=1"]}, ["--set", "'losses=1'", "NAME=VALUE"]),
        ({"set": ["task=edges2photos"]}, ["--set", "NAME=VALUE"]),
        ({"buffer_size": "many"}, ["--buffer_size", "'many'"]),
        ({"gan_loss_weight": 0, "mi_loss_weight": 0, "hist_loss_weight": 0}, ["losses.l1", "cannot all be 0"]),
        ({"config": "/nowhere.yml"}, ["/nowhere.yml", "No such file"]),
        ({"task": "color_transfer", "set": ["losses.content=target"]}, ["losses.content", "color_transfer has none"]),
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


def test_help_names_every_flag_and_its_option():
    text = config.training_parser().format_help()
    for flag, option in FLAGS.items():
        assert f"--{flag}" in text and option in text
    for section in ("data", "model", "histogram", "losses", "optimizer", "run"):
        for name in Options.model_fields[section].annotation.model_fields:
            assert f"{section}.{name}" in FLAGS.values()


def test_settings_of_another_task_are_an_error(tmp_path):
    config.save(config.load("colorization"), tmp_path / "settings.yml")
    with pytest.raises(UserError, match=r"--task: got edges2photos, and .*settings.yml is of the task colorization"):
        config.load("edges2photos", config=tmp_path / "settings.yml")


def test_settings_of_the_first_release_are_an_error(tmp_path):
    (tmp_path / "settings.yml").write_text("task: colorization\nvariant: paper\n")
    with pytest.raises(UserError, match="of release 1"):
        config.load_run(tmp_path)


def test_make_run_trains_and_tests_the_same_run():
    options = config.load(config="config/experiments/quick.yaml")
    makefile = Path("Makefile").read_text()
    assert f"QUICK = {options.run_folder}\n" in makefile and options.run.overwrite


def test_on_nonfinite_skip_needs_a_single_device():
    options = config.load("colorization", on_nonfinite="skip", strategy="mirrored")
    with pytest.raises(UserError, match="--on_nonfinite skip is for one device"):
        distribution_strategy(options)


def test_an_image_pool_needs_a_discriminator():
    with pytest.raises(UserError, match="image_pool must be 0"):
        config.load("colorization", gan_loss_weight=0, image_pool=5)


@pytest.mark.parametrize("task", TASKS)
def test_the_file_of_each_task_has_the_main_settings(task):
    settings = yaml.safe_load(Path(f"config/tasks/{task}.yaml").read_text())
    assert {"height", "width", "batch_size", "color_space"} <= settings["data"].keys()
    assert {"generator_learning_rate", "discriminator_learning_rate"} <= settings["optimizer"].keys()


@pytest.mark.parametrize(
    "options,message",
    [
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


def test_what_is_not_trained_has_no_discriminator_unless_asked_for():
    assert config.load("color_transfer", generator="matching").losses.adversarial == 0
    assert config.load("color_transfer", generator="matching", adversarial=1).losses.adversarial == 1
