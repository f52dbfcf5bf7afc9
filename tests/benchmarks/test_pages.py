"""What benchmarks write into pages: the marked parts, and nothing that was written by hand."""

import re
from pathlib import Path

import pytest

from benchmarks.ablation import report as ablation
from benchmarks.classification import report as classification
from benchmarks.enhancement import report as enhancement
from benchmarks.pages import Page
from benchmarks.translate import table as cost_table
from utils import UserError

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    "ablation.md": ("colorization", "edges2photos", "color_transfer", "classical"),
    "enhancement.md": enhancement.PARTS,
    "matching.md": classification.PARTS,
    "translate.md": ("cost",),
}
BY_HAND = "A paragraph by hand: `\\1`, 3 | 4.\n"


def accuracy(clean, fog):
    return {"target": None, "clean": clean, "fog 1": fog}


def write_ablation(page, psnr):
    means = {"emd_output_u": 0.2, "emd_output_v": 0.4, "emd_source_u": 0.6, "emd_source_v": 0.8, "psnr": psnr}
    result = {"network": "HueNet", "steps": 3, "minutes": 1.6, "metrics": {"own": means, "exemplar": means}}
    page.write("colorization", ablation.table([result]))


def write_enhancement(page, psnr):
    images = {"psnr": [psnr, psnr + 2], "ssim": [0.5, 0.7], "delta_e": [3.0, 4.0]}
    source = {f"{name}_source": [1.0, 3.0] for name in images}
    result = {"step": 1500, "minutes": 2.0, "metrics": images | source}
    names = ("L2", "L2", "L2 + HistMatch", "L2 + HistMatch", "lambda 1, ratio 2.5")
    enhancement.write_tables(page, [result | {"name": name, "seed": k % 2} for k, name in enumerate(names)])


def write_matching(page, clean):
    none, uniform = [accuracy(0.5, 0.2), accuracy(0.5, 0.4)], [accuracy(clean, 0.5), accuracy(clean, 0.7)]
    learned = [accuracy(0.5, 0.6), accuracy(0.5, 0.8)]
    results = {"none": none, "uniform": uniform, "learned, sort": learned}
    classification.write_tables(page, results, "flowers: 4 images")


def write_translate(page, seconds):
    page.write("cost", cost_table({"HDRNet": {"256": {"seconds": seconds, "gigabytes": 0.5}}}, 7.0))


WRITERS = {
    "ablation.md": (write_ablation, "| HueNet | 3 | 2 |  | 0.300 |  | 0.300 |  |  |  | {:.3f} |  |"),
    "enhancement.md": (write_enhancement, "| L2 | {:.3f} ± 0.000 | "),
    "matching.md": (write_matching, "| uniform | {:.1f} ± 0.0 | 60.0 ± 10.0 | 60.0 ± 10.0 |"),
    "translate.md": (write_translate, "| 256x256 | {:.2f} | 0.5 |"),
}


@pytest.mark.parametrize("name", PAGES)
def test_what_is_written_by_hand_stays_and_the_tables_change(name, tmp_path):
    path = tmp_path / name
    path.write_text(BY_HAND + (DOCS / name).read_text() + BY_HAND)
    page = Page(path, PAGES[name], "python -m benchmarks")  # the page of the docs has all markers
    before = by_hand(path)
    write, line = WRITERS[name]
    for value in (21.0, 22.0):
        write(page, value)
    shown = {"enhancement.md": 23.0, "matching.md": 2200.0}.get(name, 22.0)  # a mean of 22 and 24; in %
    assert line.format(shown) in path.read_text() and "21." not in written(path, PAGES[name])
    assert by_hand(path) == before and before.count(BY_HAND) == 2


def by_hand(path):
    """A page's text without what is between markers."""
    return re.sub(r"(<!-- [^\n]*: written by [^\n]*-->\n).*?(<!-- end of )", r"\1\2", path.read_text(), flags=re.DOTALL)


def written(path, parts):
    """The first part of a page."""
    return path.read_text().split(f"<!-- {parts[0]}: ")[1].split("<!-- end of ")[0]


def test_changes_are_paired_by_fold_and_compared_with_the_best_row_that_is_not_learned(tmp_path):
    page = Page(tmp_path / "matching.md", classification.PARTS, "a command")
    write_matching(page, 0.6)
    text = (tmp_path / "matching.md").read_text()
    assert "all corruptions, against uniform |" in text
    assert "| uniform | 10.0 ± 0.0 | 30.0 ± 0.0 |  |" in text
    assert "| learned, sort | 0.0 ± 0.0 | 40.0 ± 0.0 | 10.0 ± 0.0 |" in text


def test_with_one_seed_no_table_is_empty(tmp_path):
    page = Page(tmp_path / "enhancement.md", enhancement.PARTS, "a command")
    write_enhancement(page, 21.0)  # the sweep has one seed
    tables = re.findall(r"(?:^\|.*\n)+", (tmp_path / "enhancement.md").read_text(), re.MULTILINE)
    assert [table.count("\n") - 2 for table in tables] == [3, 1, 2]


def test_a_new_page_has_the_parts_and_can_be_written_again(tmp_path):
    path = tmp_path / "docs" / "new.md"
    Page(path, ["first", "second"], "a command").write("second", "a table")
    Page(path, ["first", "second"], "a command").write("second", "another table")
    assert path.read_text() == (
        "# new\n\n<!-- first: written by a command -->\n\n<!-- end of first -->\n\n"
        "<!-- second: written by a command -->\n\nanother table\n\n<!-- end of second -->\n"
    )


@pytest.mark.parametrize("broken", ["<!-- end of part -->", "<!-- part: written by a command -->"])
def test_a_missing_marker_is_an_error_that_shows_it_and_changes_nothing(broken, tmp_path):
    path = tmp_path / "page.md"
    Page(path, ["part"], "a command").write("part", "a table")
    text = path.read_text().replace(broken, "")
    path.write_text(text)
    with pytest.raises(UserError, match=r"page\.md has 0 parts named part; .*<!-- part: written by a command -->"):
        Page(path, ["part"], "a command")
    assert path.read_text() == text
