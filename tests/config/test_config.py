"""Options: their sources, and which source overrides which."""

import re

import oyaml as yaml
import pytest

import config
from config.flags import FLAGS
from config.options import Options
from losses import TERMS
from models import GENERATORS
from utils import VERSION, UserError


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
        "pixel_loss": ("l2", "l2"),
        "vgg_weights": ("vgg.h5", "vgg.h5"),
        "decay": ("exponential", "exponential"),
        "decay_rate": ("0.5", 0.5),
        "overwrite": ("true", True),
        "training_mode_samples": ("true", True),
        "generator": ("resnet", "resnet"),
        "encoder": ("dense", "dense"),
        "guide": ("network", "network"),
        "identity": ("true", True),
        "batch_norm": ("true", True),
        "adversarial_loss": ("hinge", "hinge"),
        "ema_decay": ("0.5", 0.5),
        "strategy": ("mirrored", "mirrored"),
        "mixed_precision": ("true", True),
        "xla": ("true", True),
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
        "validation": ("0.5", 0.5),
        "source_histogram": ("true", True),
        "pairing": ("looks", "looks"),
    }
    needed = {
        option: {"generator": name}
        for name, row in reversed(GENERATORS.items())
        for option in (*row.options, *(term for term, of in TERMS.items() if set(of.needs) & set(row.inner)))
        if option not in GENERATORS["unet"].options
    }
    for flag, option in FLAGS.items():
        text, expected = values.get(flag, ("7", 7) if not flag.endswith("beta_1") else ("0.9", 0.9))
        section, name = option.split(".")
        task = "color_transfer" if flag in ("matched", "pairing") else "colorization"
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
    config.save(config.load("colorization", assignments=[f"{option}={value}"]), tmp_path / "settings.yml")
    before = config.load(config=tmp_path / "settings.yml")
    after = config.load(config=tmp_path / "settings.yml", assignments=[f"{option}=none"])
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
    options = config.load(config=file, batch_size="8", epochs=10, assignments=["data.batch_size=9"])
    assert (options.data.height, options.losses.color) == (64, 3)  # the file overrides the task
    assert options.run.epochs == 10  # a flag overrides the file
    assert options.data.batch_size == 9  # --set overrides a flag
    assert options.losses.structure == 1  # nothing overrides the task


def test_directions_are_for_the_color_loss_and_the_generator_alone():
    options = config.load("color_transfer", assignments=["histogram.color_space=directions"], color_space="hsv")
    assert (options.histogram_channels, options.structure_space, options.structure_channel) == (13, "hsv", None)
    assert options.augment_arguments["boundary"] == options.histogram_arguments["boundary"] == "reflect"
    assert options.augment_arguments["joint_boundary"] == ("cyclic", "reflect", "reflect")
    assert options.sample_arguments["color_space"] == "hsv"


def test_a_generators_row_sets_the_weights_that_it_needs_unless_they_are_given():
    assert config.load("colorization").losses.weights["range"] == 0
    assert config.load("colorization", generator="hdrnet").losses.weights["range"] == 1
    assert config.load("colorization", generator="hdrnet", range=0.5).losses.weights["range"] == 0.5


def test_saved_options_are_restored_except_overwrite(tmp_path):
    options = config.load("edges2photos", dataset="sample", gen_lr="1e-4", max_steps=5)
    config.save(options, tmp_path / "settings.yml")
    assert config.load(config=tmp_path / "settings.yml") == options
    overwriting = config.load("edges2photos", assignments=["run.overwrite=true"])
    config.save(overwriting, tmp_path / "overwriting.yml")
    assert not config.load(config=tmp_path / "overwriting.yml").run.overwrite
    settings = yaml.safe_load((tmp_path / "settings.yml").read_text())
    assert list(settings) == ["version", "task", "data", "model", "histogram", "losses", "optimizer", "run"]
    assert settings["version"] == VERSION and "version" not in options.model_dump()


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


def test_help_shows_every_flag_in_its_section_with_what_it_takes():
    text = config.training_parser().format_help()
    _, *parts = re.split(r"^(\w+):\n  \1\.NAME in", text, flags=re.MULTILINE)
    groups = dict(zip(parts[::2], parts[1::2], strict=True))
    for flag, option in FLAGS.items():
        assert re.search(rf"--{flag}\b", groups[option.split(".")[0]])
    assert list(groups) == ["data", "model", "histogram", "losses", "optimizer", "run"]
    for section in groups:
        for name in Options.model_fields[section].annotation.model_fields:
            assert f"{section}.{name}" in FLAGS.values()
    for shown in (
        f"--generator {{{','.join(GENERATORS)}}}",
        "--epochs N ",
        "--generator_learning_rate FLOAT, --gen_lr FLOAT",
        "--jitter [{true,false}]",
        "--img_c {1,3}",
        "--max_steps {N,none}",
        "--encoder {embedding,dense,none}",
        "--dataroot PATH",
    ):
        assert shown in text
    assert "images per step (default: 4)" in text and "VALUE" not in text.replace("NAME=VALUE", "")


def test_help_takes_no_value_for_wrong():
    """Values are checked by `load`, which names the option, the value and what it takes."""
    assert config.training_parser().parse_args(["--epochs", "many", "--generator", "vae"]).epochs == "many"


def test_what_is_not_trained_has_no_discriminator_unless_asked_for():
    assert config.load("color_transfer", generator="matching").losses.adversarial == 0
    assert config.load("color_transfer", generator="matching", adversarial=1).losses.adversarial == 1


def test_a_run_from_before_there_was_validation_keeps_its_split(tmp_path):
    config.save(config.load("colorization", seed=3), tmp_path / "settings.yml")
    settings = yaml.safe_load((tmp_path / "settings.yml").read_text())
    assert config.load_run(tmp_path).data.validation == 0.05 and config.load_run(tmp_path).data.split_seed == 0
    del settings["data"]["validation"], settings["data"]["split_seed"]
    (tmp_path / "settings.yml").write_text(yaml.safe_dump(settings))
    assert config.load_run(tmp_path).data.validation == 0 and config.load_run(tmp_path).data.split_seed == 3
