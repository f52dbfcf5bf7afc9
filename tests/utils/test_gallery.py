"""The page of pictures: every file that it names is there, whatever its name."""

from html.parser import HTMLParser
from urllib.parse import unquote

from utils.gallery import write_gallery


def test_odd_names_are_written_as_text_and_found_as_files(tmp_path):
    name = "a#1 50%25 <b>&.png"
    rows = [{"name": name, "pictures": {"output": f"pictures/{name}"}, "metrics": {"ssim": 0.5}}]
    write_gallery(tmp_path / "index.html", "<title>", "a & b", {"ssim": {"mean": 0.5, "std": 0.25}}, rows)
    texts, sources = [], []

    class Page(HTMLParser):
        def handle_data(self, data):
            texts.append(data)

        def handle_starttag(self, tag, attributes):
            sources.extend(value for key, value in attributes if key == "src")

    Page().feed((tmp_path / "index.html").read_text())
    assert [unquote(source) for source in sources] == [f"pictures/{name}"]
    assert name in texts and "<title>" in texts and "0.2500" in texts
