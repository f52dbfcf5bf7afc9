"""train.py and test.py as a user runs them: each task learns, and what goes wrong is one sentence."""

import json
from html.parser import HTMLParser

import numpy as np
import oyaml as yaml
import pytest
from skimage.io import imread

import config
from engine.checkpoint_files import checkpoints, load_checkpoint, newest_checkpoint
from tests.commands import ROOT, SIDE, SMALL, lines_of, run, run_here

LEARNS = [*SMALL, "--img_h", "64", "--img_w", "64", "--filters", "16", "--gen_lr", "1e-3"]


def train_and_test(task, output, *options):
    done = run("train.py", "--task", task, *options, "--epochs", "3", "--cp_freq", "2", "--output_dir", output)
    folder = output / f"{task}-sample"
    run_here("test.py", "--run", folder)
    return task, folder, done


@pytest.fixture(scope="module", params=["colorization", "color_transfer"])
def trained(request, tmp_path_factory):
    return train_and_test(request.param, tmp_path_factory.mktemp(request.param), *LEARNS)


def test_the_color_loss_falls(trained):
    color = [line["color_loss"] for line in lines_of(trained[1])]
    assert len(color) == 3 and min(color) < 0.75 * color[0]


def test_a_run_leaves_settings_checkpoints_samples_and_logs(trained):
    task, folder, done = trained
    steps = [line["step"] for line in lines_of(folder)]
    assert [path.name for path in checkpoints(folder)] == [
        f"step-{steps[1]:08d}.npz",
        f"step-{steps[2]:08d}.npz",
    ]
    assert yaml.safe_load((folder / "settings.yml").read_text())["histogram"]["bins"] == 32
    columns = 3 if task == "color_transfer" else 4  # source, reference, output and, in paired tasks, target
    assert imread(folder / "samples" / "epoch-0003.png").shape == (4 * 64, columns * 64, 3)
    assert list((folder / "logs" / "train").glob("events*")) and list((folder / "logs" / "samples").glob("events*"))
    assert "epoch" in done.stderr and "color_loss" in done.stderr  # tqdm


def test_testing_leaves_metrics_and_a_page_with_its_images(trained):
    task, folder, _ = trained
    report = json.loads((folder / "test" / "metrics.json").read_text())
    names = {"emd_output", "emd_source", "intersection", "hellinger", "mi", "nmi"}
    names |= {f"{name}_{channel}" for name in names for channel in "yuv"} | {"ssim_content"}
    names |= {"psnr", "ssim", "delta_e"} if task != "color_transfer" else set()
    assert set(report["metrics"]) == names and report["task"] == task
    rows = [json.loads(line) for line in (folder / "test" / "metrics.jsonl").read_text().splitlines()]
    assert len(rows) == report["images"]
    for name in names:
        values = [row["metrics"][name] for row in rows]
        assert report["metrics"][name] == pytest.approx({"mean": np.mean(values), "std": np.std(values)})

    sources = []

    class Images(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag == "img":
                sources.append(dict(attributes)["src"])

    Images().feed((folder / "test" / "index.html").read_text())
    assert len(sources) == report["images"] * (5 if task == "color_transfer" else 6)
    for source in sources:
        if source.startswith("images"):
            assert imread(folder / "test" / source).shape == (64, 64, 3)
        assert (folder / "test" / source).stat().st_size > 100


@pytest.mark.full_size
@pytest.mark.parametrize("task", ("colorization", "color_transfer"))
def test_images_of_moving_statistics_are_as_good_as_those_of_batch_statistics(task, tmp_path):
    whole_networks = [*SMALL, "--img_h", "64", "--img_w", "64", "--filters", "64"]
    _, folder, _ = train_and_test(task, tmp_path, *whole_networks)
    first = (folder / "test" / "metrics.json").read_text()
    run_here("test.py", "--run", folder, "--set", "run.training_mode_samples=true")
    batch = (folder / "test" / "metrics.json").read_text()
    moving_emd, batch_emd = (json.loads(text)["metrics"]["emd_output"]["mean"] for text in (first, batch))
    # Forty unpaired steps are too few for more than a rough likeness.
    assert moving_emd != batch_emd and moving_emd < (1.25 if task == "color_transfer" else 1.05) * batch_emd


def test_testing_again_gives_the_same_figures(trained):
    _, folder, _ = trained
    first = (folder / "test" / "metrics.json").read_text()
    run_here("test.py", "--run", folder)
    assert (folder / "test" / "metrics.json").read_text() == first


def test_max_steps_ends_a_run_within_an_epoch(short):
    assert [line["step"] for line in lines_of(short[0])] == [3]
    assert load_checkpoint(newest_checkpoint(short[0]))[1]["step"] == 3


def test_a_run_starts_from_anothers_weights_though_it_is_killed_before_it_saves(short, tmp_path):
    given = {"gen_lr": 1e-12, "max_steps": 1, "output_pre_dir": str(short[0]), "output_dir": str(tmp_path)}
    config.save(config.load(config=short[0] / "settings.yml", **given), tmp_path / "settings.yml")
    run("train.py", "--resume", tmp_path)
    first, again = (load_checkpoint(newest_checkpoint(run))[0] for run in (short[0], tmp_path))
    np.testing.assert_allclose(again["generator"][0], first["generator"][0], atol=1e-8)


def test_a_run_is_not_overwritten_unless_asked(short):
    folder, arguments = short
    before = (folder / "settings.yml").stat().st_mtime_ns
    done = run_here("train.py", *arguments, "--output_dir", folder.parent, status=2)
    assert f"holds a run: --resume {folder} goes on" in done.stderr
    assert (folder / "settings.yml").stat().st_mtime_ns == before


def test_another_checkpoint_and_another_option_can_be_tested(short):
    folder, _ = short
    named = folder / "checkpoints" / "step-00000003.npz"
    done = run_here("test.py", "--run", folder, "--checkpoint", named)
    assert "step 3" in done.stdout
    done = run_here("test.py", "--run", folder, "--set", "histogram.bins=16", status=2)
    assert "other settings" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--task", "nonsense"], "takes colorization, color_transfer or edges2photos"),
        (["--task", "colorization", "--batch_size", "-1"], "--batch_size"),
        (["--task", "colorization", "--dataroot", "nowhere"], "--dataset sample"),
        (["--task", "colorization", "--set", "losses.typo=1"], "losses.typo"),
        (["--task", "colorization", "--dataroot", ".", "--dataset", "empty"], "no training images"),
        (["--task", "colorization", "--learning_rate", "1"], "--learning_rate"),
        (["--task", "colorization", *SMALL, "--img_h", "70"], f"70x{SIDE}"),
        (["--task", "colorization", *SMALL, "--output_pre_dir", "nowhere"], "no checkpoint"),
        (["--task", "colorization", *SMALL, "--output_dir", "/dev/null"], "/dev/null"),
    ],
)
def test_a_users_mistake_is_one_sentence_and_leaves_nothing(tmp_path, arguments, message):
    (tmp_path / "empty").mkdir()
    builds_a_model = {"sample", "."} & set(arguments)  # in this process it would make all that follows deterministic
    done = (run if builds_a_model else run_here)("train.py", *arguments, cwd=tmp_path, status=2)
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ") and message in line
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


@pytest.mark.parametrize("made", (False, True))
def test_testing_what_is_no_run_is_one_sentence(tmp_path, made):
    if made:
        (tmp_path / "settings.yml").write_text("task: colorization\ndata: {dataset: sample}\n")
    done = run_here("test.py", "--run", tmp_path, status=2)
    assert ("no checkpoint" if made else "not a run") in done.stderr.splitlines()[-1]


def test_the_resnet_learns_edges2photos(tmp_path):
    options = ["--epochs", "2", "--gen_lr", "2e-3", "--output_dir", tmp_path]
    run("train.py", "--task", "edges2photos", *SMALL, *options, "--generator", "resnet", "--blocks", "2")
    first, last = (line["color_loss"] for line in lines_of(tmp_path / "edges2photos-sample"))
    assert last < 0.95 * first


def test_mixed_precision_and_several_devices_train_from_the_command_line(tmp_path):
    options = ["--mixed_precision", "--strategy", "mirrored", "--image_pool", "8", "--max_steps", "2"]
    run("train.py", "--task", "color_transfer", *SMALL, *options, "--output_dir", tmp_path)
    lines = lines_of(tmp_path / "color_transfer-sample")
    assert np.isfinite([value for line in lines for value in line.values()]).all()


def test_hue_nets_configuration_trains_and_is_tested_with_exemplars(tmp_path):
    options = ["--max_steps", "3", "--output_dir", tmp_path]
    run("train.py", "--config", ROOT / "config" / "experiments" / "color_transfer_hsv.yaml", *SMALL, *options)
    folder = tmp_path / "color_transfer-sample"
    assert np.isfinite([value for line in lines_of(folder) for value in line.values()]).all()
    run_here("test.py", "--run", folder, "--exemplar", "shuffle")
    report = json.loads((folder / "test" / "metrics.json").read_text())
    assert report["reference"] == "shuffle" and {"emd_source_h", "mi_v"} <= set(report["metrics"])
    done = run_here("test.py", "--run", folder, "--exemplar", "nowhere", status=2)
    assert "nowhere is not there" in done.stderr.splitlines()[-1]


def test_own_photographs_and_luminance_alone(tmp_path, save, rng):
    for number in range(24):
        shape = rng.integers(30, 90, 2)
        save(tmp_path / "mine" / f"{number}.png", rng.integers(0, 256, [*shape, 3], np.uint8))
    (tmp_path / "mine" / "bad.jpg").write_bytes(b"no image")
    own = ["--task", "colorization", "--dataroot", tmp_path, "--dataset", "mine", "--img_h", "32", "--img_w", "32"]
    own += ["--img_c", "1", "--img_out_c", "1", "--max_steps", "2", "--output_dir", tmp_path / "runs"]
    done = run("train.py", *own, status=2)
    assert "1 image cannot be used" in done.stderr and "bad.jpg (cannot identify" in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not (tmp_path / "runs").exists()
    done = run("train.py", *own, "--skip_bad", "--preprocess", "pad", "--cache", "disk")
    assert "(flat layout; 1 bad file left out): 22 training and 2 test images" in done.stdout
    assert len(list((tmp_path / "mine.cache").glob("*.npy"))) > 4
    folder = tmp_path / "runs" / "colorization-mine"
    assert np.isfinite(lines_of(folder)[-1]["structure_loss"])
    run_here("test.py", "--run", folder)
    metrics = json.loads((folder / "test" / "metrics.json").read_text())["metrics"]
    assert {"emd_output_y", "mi_y"} <= set(metrics) and "emd_output_u" not in metrics
