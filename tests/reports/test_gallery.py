"""The page of a test: its texts, links and figures are correct for all file names and all sets of metrics."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest

from metrics import explain
from reports.gallery import write_gallery


def write(folder, rows, title="title", set_metrics=None, **facts):
    """Write a page, and return its texts by their element, and its data."""
    names = rows[0]["metrics"]
    means = {name: {"mean": np.mean([row["metrics"][name] for row in rows]), "std": 0.25} for name in names}
    report = {"metrics": means, "set": set_metrics or {}, "images": len(rows)}
    explained = explain([*names, *report["set"]])
    write_gallery(folder / "index.html", title=title, facts=facts, rows=rows, report=report, explained=explained)
    texts = []

    class Page(HTMLParser):
        tag = None

        def handle_starttag(self, tag, attributes):
            self.tag = tag

        def handle_data(self, data):
            texts.append((self.tag, data.strip()))

    Page().feed((folder / "index.html").read_text())
    scripts = [text for tag, text in texts if tag == "script" and text]
    assert len(scripts) == 2
    return texts, json.loads(scripts[0])


def row(name="a", **metrics):
    files = {kind: {"output": f"{kind}/{name}"} for kind in ("images", "charts", "joints")}
    return {"name": name, **files, "metrics": metrics}


@pytest.mark.parametrize("name", ['a#1 50%25 <b>&".png', "</script><script>alert(1)</script>", "<!--<script>", "ü/'\n"])
def test_special_characters_are_escaped_in_texts_data_and_links(name, tmp_path):
    texts, data = write(tmp_path, [row(name, ssim=0.5)], title=name, reference=name)
    assert [item["name"] for item in data["items"]] == [name]
    (item,) = data["items"]
    assert [unquote(item[kind]["output"]) for kind in ("images", "charts", "joints")] == [
        f"{folder}/{name}" for folder in ("images", "charts", "joints")
    ]
    assert not re.search("[<\"#'&\n ]", item["images"]["output"])
    assert {("title", name.strip()), ("h1", name.strip()), ("dd", name.strip())} <= set(texts)


def test_the_page_is_written_even_if_a_file_name_is_not_valid_text(tmp_path):
    _, data = write(tmp_path, [row("\udcff.png", ssim=0.5)])
    assert data["items"][0]["name"] == "?.png"
    assert data["items"][0]["images"] == {"output": "images/%FF.png"}  # the byte that the file's name has


def test_the_data_has_the_metrics_in_six_digits_and_none_for_those_that_are_not_finite(tmp_path):
    _, data = write(tmp_path, [row("a", ssim=0.123456789, mi=float("nan")), row("b", ssim=1e-9, mi=2.0)])
    assert data["values"] == [{"ssim": [0.123457, 1e-9], "mi": [None, 2.0]}]
    assert data["lead"] == "ssim"
    assert data["reports"] == [{"ssim": {"mean": 0.0617284, "std": 0.25}, "mi": {"mean": None, "std": 0.25}}]


def test_it_opens_with_what_was_measured_and_the_sources_figures_beside_it(tmp_path):
    rgb, source = [0.1, 0.2, 0.3, 0.2], [0.2, 0.1, 0.5, 0.2]
    rows = [
        row(str(number), emd_output=first, emd_source=second, ssim_content=0.5, mi=1.0, psnr=20.0)
        for number, (first, second) in enumerate(zip(rgb, source, strict=True))
    ]
    texts, data = write(tmp_path, rows, set_metrics={"fid": 123.4})
    page = (tmp_path / "index.html").read_text()
    sections = re.findall('<section class="card family".*?</section>', page)
    assert [re.search("<h2>(.*?) <", section)[1] for section in sections] == ["Color", "Structure", "Distribution"]
    color, structure, distribution = sections
    assert "<strong>0.200</strong>" in color and "source: 0.250; the output is better in 2 of 4 images" in color
    assert color.count('class="mean"') == 1 == color.count('path class="base"')
    assert "<strong>0.500</strong>" in structure and "source" not in structure and 'path class="base"' not in structure
    assert "<strong>123</strong>" in distribution and "<svg" not in distribution
    assert "one value for all 4 images" in distribution
    assert any(explain(["fid"])["fid"]["text"] in found for _, found in texts)
    # The table's data have all of them, sorted by family.
    assert list(data["metrics"]) == ["emd_output", "emd_source", "ssim_content", "mi", "psnr", "fid"]
    assert data["metrics"]["psnr"] == explain(["psnr"])["psnr"]
    (report,) = data["reports"]
    assert report["emd_output"] == {"mean": 0.2, "std": 0.25} and report["fid"] == {"mean": 123.4, "images": 4}


def test_with_exemplars_there_is_no_likeness_and_without_a_sources_figure_none(tmp_path):
    write(tmp_path, [row("a", emd_output=0.1, ssim_content=0.5), row("b", emd_output=0.3, ssim_content=0.5)])
    sections = re.findall('<section class="card family".*?</section>', (tmp_path / "index.html").read_text())
    assert [re.search("<h2>(.*?) <", section)[1] for section in sections] == ["Color", "Structure"]
    assert "better in" not in sections[0] and 'class="base"' not in sections[0]
