"""The documentation as a site: it builds without a warning, has every public name, and needs nothing from elsewhere."""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.commands import ROOT

pytestmark = pytest.mark.skipif(not importlib.util.find_spec("mkdocs"), reason="needs requirements-docs.txt")

FOLDERS = (
    "histogram_layers",
    "losses",
    "metrics",
    "models",
    "datasets",
    "config",
    "engine",
    "app",
    "reports",
    "utils",
    "huenet",
)
WHOLE = ("dense", "colors", "download", "films", "images")  # modules and rooms that are public as a whole


def build(root, site):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", site]
    return subprocess.run(
        command, cwd=root, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_public_name_has_its_place_in_the_reference(site, folder):
    page = (site / "reference" / f"{folder}.html").read_text()
    package = importlib.import_module(folder)
    for name in package.__all__:
        place = f'<h2 id="{name}' if name in WHOLE else rf'<h3 id="{folder}\.[\w.]*\b{name}"'
        home = getattr(getattr(package, name), "__module__", folder)
        if home.split(".")[0] in set(FOLDERS) - {folder}:  # a name of another folder, which this one passes on
            place = rf'href="{home.split(".")[0]}\.html#{home}\.{name}"'
        assert re.search(place, page), name


def test_what_a_docstring_says_is_on_the_page(site):
    page = (site / "reference" / "losses.html").read_text()
    assert "It is smaller if they share more structure." in page and "<td>Hue-Net, arXiv 1912.06044</td>" in page


def links(page):
    return set(re.findall(r'<(?:a|img|link|script)\b[^>]*(?:href|src)="([^":]+)"', page.read_text()))


def test_the_first_page_is_the_readme(site):
    assert "HueNet in TensorFlow 2" in re.search("<h1.*?</h1>", (site / "index.html").read_text())[0]
    files = {"docs/data.html", "docs/images/pair.jpg", "notebooks/huenet.ipynb", "LICENSE.txt"}
    assert files <= links(site / "index.html")


def test_every_link_leads_to_a_place_on_the_site(site):
    pages = [page for page in site.rglob("*.html") if page.name != "404.html"]  # whose links are the server's
    assert len(pages) > 15
    for page in pages:
        for link in links(page):
            file, _, place = link.partition("#")
            target = page.parent / file if file else page
            assert target.exists(), f"{page}: {link}"
            assert not place or f'id="{place}"' in target.read_text(), f"{page}: {link}"


def test_a_public_name_in_a_docstring_is_a_link(site):
    link = "histogram_layers.html#histogram_layers.functional.soft_histogram"
    assert link in links(site / "reference" / "models.html")
    assert 'id="losses.terms.Term"' in (site / "reference" / "losses.html").read_text()  # the fields of the table


def test_nothing_is_fetched_from_elsewhere(site):
    for page in site.rglob("*.html"):
        assert not re.search(r'<(?:script|link|img|iframe)\b[^>]*(?:href|src)="?(?:https?:)?//', page.read_text())
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", style.read_text()), style


def test_a_broken_link_an_unknown_heading_and_a_page_without_a_place_are_errors(tmp_path):
    root = tmp_path / "huenet"
    for name in (*FOLDERS, "docs"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "CONTRIBUTING.md", "mkdocs.yml", "LICENSE"):
        shutil.copy(ROOT / name, root)
    (root / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "huenet.ipynb", root / "notebooks")
    with open(root / "README.md", "a") as readme:
        readme.write("\n[gone](docs/gone.md) [nowhere](docs/data.md#nowhere)\n")
    (root / "docs" / "lonely.md").write_text("# Nobody links here\n")
    done = build(root, tmp_path / "site")
    assert done.returncode != 0
    for what in ("docs/gone.md", "docs/data.md#nowhere", "docs/lonely.md"):
        assert re.search(f"WARNING.*(\n.*)?{what}", done.stderr), what
