"""The page of images: its texts and links are correct for all file names."""

import json
from html.parser import HTMLParser
from urllib.parse import unquote

from reports.gallery import write_gallery


def test_special_characters_in_names_are_escaped_in_texts_and_links(tmp_path):
    name = 'a#1 50%25 <b>&".png'
    row = {
        "name": name,
        "images": {"output": f"images/{name}"},
        "charts": {"histograms": f"charts/{name}"},
        "joints": {"joint": f"joints/{name}"},
        "metrics": {"ssim": 0.5, 'a"b': 2.0},
    }
    columns = {"run <1>": {"ssim": "0.5 ± 0.1"}, "run 2": {}}
    write_gallery(tmp_path / "index.html", title="<title>", summary="a & b", columns=columns, rows=[row])
    texts, sources, values = [], [], []

    class Page(HTMLParser):
        def handle_data(self, data):
            texts.append(data.strip())

        def handle_starttag(self, tag, attributes):
            sources.extend(value for key, value in attributes if key == "src")
            values.extend(json.loads(value) for key, value in attributes if key == "data-metrics")

    Page().feed((tmp_path / "index.html").read_text())
    assert [unquote(source) for source in sources] == [f"{folder}/{name}" for folder in ("images", "charts", "joints")]
    assert {name, "<title>", "a & b", "run <1>", "0.5 ± 0.1", "-", "ssim 0.5000"} <= set(texts)
    assert values == [row["metrics"]]


def test_the_page_is_written_even_if_a_file_name_is_not_valid_text(tmp_path):
    row = {"name": "\udcff", "images": {}, "charts": {}, "joints": {}, "metrics": {}}
    write_gallery(tmp_path / "index.html", title="", summary="", columns={}, rows=[row])
    assert "<h2>?" in (tmp_path / "index.html").read_text()
