"""What config/tasks and config/experiments hold."""

from pathlib import Path

import oyaml as yaml
import pytest

import config
from datasets import TASKS
from models import GENERATORS
from tests.commands import ROOT
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


@pytest.mark.parametrize("task", TASKS)
def test_the_file_of_each_task_has_the_main_settings(task):
    settings = yaml.safe_load(Path(f"config/tasks/{task}.yaml").read_text())
    assert {"height", "width", "batch_size", "color_space"} <= settings["data"].keys()
    assert {"generator_learning_rate", "discriminator_learning_rate"} <= settings["optimizer"].keys()


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
    of_the_generator = GENERATORS[pix2pix.model.generator].weights
    for name, own in {"pix2pix": {"adversarial": 1, "pixel": 100}, "adversarial": {"adversarial": 1}}.items():
        weights = config.load(task, config=f"config/experiments/{name}.yaml").losses.weights
        assert {term: weight for term, weight in weights.items() if weight} == own | of_the_generator
    with pytest.raises(UserError, match="task: got None"):
        config.load(config="config/experiments/pix2pix.yaml")


def test_an_experiment_is_found_by_its_name_unless_a_file_has_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quick").mkdir()
    assert config.load(config="quick") == config.load(config=ROOT / "config/experiments/quick.yaml")
    (tmp_path / "hdrnet").write_text("task: colorization\n")
    assert config.load(config="hdrnet") == config.load("colorization")


@pytest.mark.parametrize("path", sorted((ROOT / "config/experiments").rglob("*.yaml")), ids=lambda path: path.stem)
def test_an_experiment_opens_with_the_command_that_runs_it(path):
    first = path.read_text().splitlines()[0].removeprefix("# huenet train ").split()
    by_command = config.parse_training(first)["options"]
    task = {"task": path.stem} if path.parent.name == "released" else {"task": "colorization"}
    named = {} if "task" in yaml.safe_load(path.read_text()) else task
    assert by_command == config.load(**named, config=path)


def test_hue_is_cyclic_in_all_hsv_histograms():
    hsv = config.load(config="config/experiments/color_transfer_hsv.yaml")
    assert (hsv.data.color_space, hsv.histogram_space, hsv.structure_channel) == ("rgb", "hsv", 2)
    assert hsv.histogram_arguments["boundary"] == ("cyclic", "reflect", "reflect")
    assert (hsv.model.condition, hsv.losses.content) == ("reference", "source")
    network = config.load("colorization", color_space="hsv")
    assert network.histogram_arguments["boundary"] == ("cyclic", "reflect", "reflect")
    assert network.structure_channel is None
    yuv = config.load("colorization", assignments=["histogram.boundary=none"])
    assert (yuv.histogram_space, yuv.histogram_arguments["boundary"]) == ("yuv", "none")
    luminance = config.load("colorization", color_space="hsv", img_c=1, img_out_c=1)
    assert luminance.histogram_arguments["boundary"] == "reflect"


def test_make_run_trains_and_tests_the_same_run():
    options = config.load(config="config/experiments/quick.yaml")
    makefile = Path("Makefile").read_text()
    assert f"QUICK = {options.run_folder}\n" in makefile and options.run.overwrite


def test_the_pixel_loss_of_earlier_settings_is_read_by_its_former_name(tmp_path):
    config.save(config.load("colorization", pixel=7), tmp_path / "settings.yml")
    settings = tmp_path / "settings.yml"
    settings.write_text(settings.read_text().replace("  pixel: 7", "  l1: 7"))
    assert "l1: 7" in settings.read_text() and "  pixel:" not in settings.read_text()
    for options in (config.load(config=settings), config.load_run(tmp_path)):
        assert options.losses.pixel == 7
    with pytest.raises(UserError, match=f"and {settings} is of the task colorization; give one of them"):
        parsed = config.training_parser().parse_args(["--resume", str(tmp_path), "--task", "edges2photos"])
        config.load_arguments(parsed)
