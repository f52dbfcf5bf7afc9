"""test.py --compare: the tested results of runs side by side."""

import json
import shutil

import pytest

from reports.comparison import write_comparison
from tests.commands import last_line, page_data, run_here


def test_runs_are_compared_side_by_side(tested, tmp_path):
    other = shutil.copytree(tested, tmp_path / "other")
    lines = (other / "test" / "own" / "metrics.jsonl").read_text().splitlines(keepends=True)
    (other / "test" / "own" / "metrics.jsonl").write_text("".join(lines[:5]))
    report = json.loads((other / "test" / "own" / "metrics.json").read_text())
    report["metrics"]["ssim"] = {"mean": 0.1234, "std": 0.5}
    (other / "test" / "own" / "metrics.json").write_text(json.dumps(report))
    done = run_here("test.py", "--compare", tested, other, "--out", tmp_path / "page")
    (line,) = (line for line in done.stdout.splitlines() if line.split()[0] == "ssim")
    assert line.endswith("0.1234 ± 0.5000") and line.split()[1] != "0.1234"
    assert "differ" not in done.stdout
    data = page_data(tmp_path / "page" / "index.html")
    assert data["columns"] == ["colorization-sample", "other"] and len(data["items"]) == 5
    images = {"source", "reference", "target", "colorization-sample: output", "other: output"}  # what is equal, once
    assert all(set(item["images"]) == images for item in data["items"])
    for item in data["items"]:
        for kind in ("images", "charts", "joints"):
            assert all((tmp_path / "page" / file).stat().st_size > 100 for file in item[kind].values())
    page = (tmp_path / "page" / "index.html").read_text()
    assert page.count("<circle") == 2 and "is not shown" not in page


def test_results_of_an_earlier_version_have_no_number_of_images(tmp_path):
    facts = dict.fromkeys(("task", "dataset", "size", "reference"), "any")
    text = {"family": "distribution", "better": "lower", "text": "", "baseline": None}
    row = {"digest": "", "reference": "", "metrics": {}, "images": {}, "charts": {}, "joints": {}}
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        report = facts | {"metrics": {}, "set": {"fid": 1.5}, "explained": {"fid": text}}
        (tmp_path / name / "metrics.json").write_text(json.dumps(report))
        lines = [json.dumps(row | {"name": str(number)}) + "\n" for number in range(3)]
        (tmp_path / name / "metrics.jsonl").write_text("".join(lines))
    printed = write_comparison([tmp_path / "first", tmp_path / "second"], tmp_path / "page")
    assert "\n".join(printed).count("1.5000 (3 images)") == 2


def test_runs_of_one_name_have_their_paths_from_the_folder_that_holds_both(tested, tmp_path):
    runs = [shutil.copytree(tested / "test" / "own", tmp_path / name / "run") for name in ("long", "short")]
    done = run_here("test.py", "--compare", *runs, "--out", tmp_path / "page")
    assert done.stdout.splitlines()[0].split() == ["long/run", "short/run"]
    assert page_data(tmp_path / "page" / "index.html")["columns"] == ["long/run", "short/run"]
    within = shutil.copytree(runs[0], runs[0] / "run")  # one in the other
    done = run_here("test.py", "--compare", runs[0], within, "--out", tmp_path / "page")
    assert done.stdout.splitlines()[0].split() == ["run", "run/run"]


def test_a_run_without_palette_has_no_point_and_the_page_says_so(tested, tmp_path):
    other = shutil.copytree(tested / "test" / "own", tmp_path / "other")
    rows = [json.loads(line) for line in (other / "metrics.jsonl").read_text().splitlines()]
    for row in rows:
        del row["metrics"]["palette"]
    (other / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run_here("test.py", "--compare", tested, other, "--out", tmp_path / "page")
    page = (tmp_path / "page" / "index.html").read_text()
    assert page.count("<circle") == 1 and "other is not shown: it has no palette or no ssim" in page
    assert page_data(tmp_path / "page" / "index.html")["values"][1]["palette"] == [None] * len(rows)


def test_the_chart_is_of_the_means_over_the_shared_images(tested, tmp_path):
    shuffled = tested / "test" / "exemplar-shuffle"
    run_here("test.py", "--compare", tested, shuffled, "--out", tmp_path / "page")
    page = (tmp_path / "page" / "index.html").read_text()
    for label, folder in (("colorization-sample", tested / "test" / "own"), ("exemplar-shuffle", shuffled)):
        rows = [json.loads(line)["metrics"] for line in (folder / "metrics.jsonl").read_text().splitlines()]
        x, y = (sum(row[name] for row in rows) / len(rows) for name in ("palette", "ssim_content"))
        # With exemplars there is no SSIM to the target: all have that to the content.
        assert f"{label}: palette {x:.4f}, ssim_content {y:.4f}" in page


def test_a_comparison_says_what_differs_and_shows_it(tested, tmp_path):
    shuffled = tested / "test" / "exemplar-shuffle"
    done = run_here("test.py", "--compare", tested, shuffled, "--out", tmp_path / "page")
    count = len((shuffled / "metrics.jsonl").read_text().splitlines())
    remarks = ["reference differs: own (colorization-sample), shuffle (exemplar-shuffle)"]
    remarks += [f"{count} of the {count} images have different references"]
    page = (tmp_path / "page" / "index.html").read_text()
    for remark in remarks:
        assert remark in done.stdout.splitlines() and remark in page
    for item in page_data(tmp_path / "page" / "index.html")["items"]:
        assert {"source", "exemplar-shuffle: reference"} < set(item["images"]) and "reference" not in item["images"]


def test_images_are_paired_by_their_whole_names_and_their_content(tested, tmp_path):
    def tested_on(name, names, digest="same"):
        """Results of the short run, as if its images had other names."""
        folder = shutil.copytree(tested / "test" / "own", tmp_path / name)
        lines = (folder / "metrics.jsonl").read_text().splitlines()[: len(names)]
        rows = [json.loads(line) | {"name": own, "digest": digest} for line, own in zip(lines, names, strict=True)]
        (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return folder

    both = tested_on("both", ["cats/001.jpg", "dogs/001.jpg"])
    turned = tested_on("turned", ["dogs/001.jpg", "cats/001.jpg", "cats/002.jpg"])
    run_here("test.py", "--compare", both, turned, "--out", tmp_path / "page")
    data = page_data(tmp_path / "page" / "index.html")
    assert [item["name"] for item in data["items"]] == ["cats/001.jpg", "dogs/001.jpg"]
    rows = [json.loads(line) for line in (turned / "metrics.jsonl").read_text().splitlines()]
    expected = [rows[1]["metrics"]["mi"], rows[0]["metrics"]["mi"]]
    assert data["values"][1]["mi"] == pytest.approx(expected, rel=1e-5)
    other = tested_on("other", ["cats/001.jpg"], digest="another")
    done = run_here("test.py", "--compare", both, other, "--out", tmp_path / "none", status=2)
    assert "no test image in common (data sets: both sample, other sample)" in last_line(done)
    earlier = json.loads((both / "metrics.json").read_text())
    del earlier["explained"]
    for file, text, message in (
        (
            "metrics.json",
            json.dumps(earlier),
            "has results of an earlier version, without explanations of the metrics",
        ),
        ("metrics.json", "[]", "has no results that can be compared"),
        ("metrics.jsonl", '{"name": "cats/001.jpg"}\n', "has no results that can be compared"),
    ):
        kept = (other / file).read_text()
        (other / file).write_text(text)
        done = run_here("test.py", "--compare", both, other, "--out", tmp_path / "none", status=2)
        assert f"{message}: test it (python test.py --run RUN)" in last_line(done) and not (tmp_path / "none").exists()
        (other / file).write_text(kept)


def test_a_comparison_replaces_an_earlier_one_and_nothing_else(tested, tmp_path):
    shutil.copytree(tested, tmp_path / "other")
    page, thesis = tmp_path / "page", tmp_path / "page" / "thesis.tex"

    def compare(folder, **options):
        return run_here("test.py", "--compare", tested, tmp_path / "other", "--out", folder, **options)

    compare(page)
    compare(page)
    thesis.write_text("years of work")
    for folder, held in ((page, "thesis.tex"), (tmp_path / "other", ".lock"), (tmp_path / "other" / "test", "")):
        before = sorted(tmp_path.rglob("*"))
        done = compare(folder, status=2)
        assert f"--out: {folder} exists and is not an empty folder" in last_line(done)
        assert f"it holds {held}" in last_line(done) and sorted(tmp_path.rglob("*")) == before
    assert thesis.read_text() == "years of work"
