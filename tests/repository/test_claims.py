"""The figures that README and docs cite are those of the tables that the benchmarks write."""

import re

import pytest

from tests.commands import ROOT

UNBALANCED = "sliced transport, unbalanced (POT)"


def words(page):
    """The text of a page, on one line."""
    return " ".join((ROOT / page).read_text().split())


def part(page, name):
    """The rows of the first table of a marked part of a page in docs: a list of dicts, by column."""
    text = (ROOT / "docs" / f"{page}.md").read_text()
    text = re.search(rf"<!-- {name}: written by [^\n]*-->\n(.*?)<!-- end of {name} -->", text, re.DOTALL)[1]
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    head, _, *rows = [[cell.strip() for cell in line] for line in lines]
    return [dict(zip(head, row, strict=False)) for row in rows]


def cell(page, name, row, column, *, steps=None):
    """A cell of a table, as text without its ±. ``steps`` chooses among rows of one network."""
    first = next(iter(part(page, name)[0]))
    found = [each for each in part(page, name) if each[first] == row and steps in (None, each.get("steps"))]
    return found[0][column].split(" ±")[0]


def colorization(row, column, steps="300"):
    return cell("ablation", "colorization", row, column, steps=None if row.startswith("the source") else steps)


def ratio(kind, to="classical"):
    """How far our fit is from the right answer, relative to a method, or to the nearest of the classical ones."""
    rows = {each["method"]: float(each["dE00"]) for each in part("transfer", kind)}
    others = ("our fit", "looks, one pass", "oracle", "source", UNBALANCED)
    rows["classical"] = min(value for name, value in rows.items() if not name.startswith(others))
    return f"{rows['our fit'] / rows[to]:.2f}"


def emd_with_exemplars(task, row):
    """The mean EMD of Y, U and V to exemplars."""
    y, uv = (float(cell("ablation", task, row, f"EMD exemplar, {name}", steps="300")) for name in ("Y", "U V"))
    return f"{(y + 2 * uv) / 3:.3f}"


def trade_off(name):
    """The figures of a method in the table of classical methods and networks: rgb_w1 and SSIM."""
    return cell("ablation", "classical", name, "rgb_w1"), cell("ablation", "classical", name, "SSIM")


def rounded(name, row, column):
    return f"{float(cell('matching', name, row, column)):.0f}"


def test_the_color_of_the_readme():
    uv, e2p = "EMD exemplar, U V", ("ablation", "edges2photos")
    figures = [colorization(name, uv, "2000") for name in ("HueNet", "the source itself", "pix2pix", "HDRNet")]
    figures += [cell("ablation", "color_transfer", name, uv) for name in ("HueNet", "the source itself")]
    figures += [cell(*e2p, name, uv) for name in ("HueNet", "the source itself", "HueNet, dense encoder")]
    claimed = "2,000 steps: EMD in U and V of {}; gray source: {}; pix2pix, which sees no exemplar: {}; HDRNet with "
    claimed += (
        "averaged weights: {}), hardly in color_transfer (300 steps: {}; source: {}), and not in edges2photos ({}; "
    )
    claimed += "source: {}; dense encoder: {})"
    assert claimed.format(*figures) in words("README.md")


def test_the_structure_of_the_readme():
    names, ssim = ("HueNet", "without structure loss"), "SSIM exemplar"
    figures = [colorization(name, ssim) for name in names]
    figures += [cell("ablation", task, name, ssim) for task in ("color_transfer", "edges2photos") for name in names]
    claimed = (
        "falls from {} to {} (colorization) and from {} to {} (color_transfer), but not in edges2photos ({} and {})"
    )
    assert claimed.format(*figures) in words("README.md")


def test_the_fit_to_a_pair_against_the_best_classical_method():
    claimed = (
        f"is {ratio('looks')} and {ratio('filters')} times as far from it (CIEDE2000) as the best classical method, "
        f"and for looks {ratio('looks', UNBALANCED)} times as far as unbalanced transport"
    )
    assert claimed in words("README.md")


def test_the_classical_method_that_is_beyond_the_network():
    network, classical = trade_off("HDRNet, matched"), trade_off("IDT, guided filter")
    assert float(classical[0]) < float(network[0]) and float(classical[1]) > float(network[1])
    assert "with a guided filter is nearer and keeps more structure than HDRNet" in words("README.md").replace("*", "")
    claimed = (
        "HDRNet (rgb_w1 {}, SSIM {}) is beyond matching and Monge-Kantorovich, but iterative distribution transfer "
    )
    claimed += "with a guided filter ({}, {}) is beyond HDRNet"
    assert claimed.format(*network, *classical) in words("docs/transfer.md")


def test_matching_before_a_classifier():
    total = [rounded("accuracy", row, "all corruptions") for row in ("none", "learned, sort", "uniform")]
    clean = [cell("matching", "accuracy", row, "clean") for row in ("none", "learned, sort")]
    claimed = (
        "raises the accuracy under seven corruptions from {} to {} % (equalization: {} %) at no cost on clean images "
    )
    claimed += "({} and {} %, each ± 2)"
    assert claimed.format(*total, *clean) in words("README.md")


def test_the_default_of_enhancement_is_below_the_input():
    names = ("the input itself", "L2", "L2 + HistMatch")
    source, l2, histmatch = (float(cell("enhancement", "losses", name, "PSNR")) for name in names)
    assert histmatch < source < l2 and "that loss ends below the untouched input" in words("docs/enhancement.md")


def test_histmatch_in_the_claims_fairest_reading_gains_nothing():
    figures, change = [row for row in part("enhancement", "sweep") if row["loss"] == "lambda 0.00391, ratio 2.5"]
    # The second table of the part has the changes of PSNR and of its 5th percentile in the columns of the first.
    psnr, percentile = change["PSNR"], change["SSIM"]
    assert "±" in figures["PSNR"] and all(float(mean) < float(sd) for mean, sd in map(spread, (psnr, percentile)))
    claimed = f"no gain: the PSNR changes by {psnr} dB, and its 5th percentile by {percentile} dB"
    assert claimed in words("docs/enhancement.md")


def spread(text):
    """The mean and the standard deviation of a cell."""
    return text.split(" ± ")


def test_the_encoders_of_the_options():
    claimed = "{} against {} in edges2photos and {} against {} in color_transfer, but {} against {} in colorization"
    encoders, tasks = ("HueNet, dense encoder", "HueNet"), ("edges2photos", "color_transfer", "colorization")
    figures = [emd_with_exemplars(task, encoder) for task in tasks for encoder in encoders]
    assert claimed.format(*figures) in words("docs/options.md")


# The folders of docs/images, and what writes them.
WRITERS = {"ablation": "ablation", "enhancement": "enhancement", "matching": "classification", "transfer": "looks"}
WRITERS |= {"translate": "translate.py"}


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_images_of_results_are_those_that_a_command_writes(page):
    for folder, name in re.findall(r"images/(\w+)/([\w.-]+)", words(page)):
        writer = ROOT / "benchmarks" / WRITERS[folder]
        code = "".join(path.read_text() for path in (writer.glob("*.py") if writer.is_dir() else [writer]))
        kind = re.match(r"\w+", name)[0]  # looks-chart.png: written as f"{kind}-chart.png"
        patterns = [f'f"{{{each}}}{name.removeprefix(kind)}"' for each in ("name", "kind")]
        by_kind = f'"{kind}"' in code and any(pattern in code for pattern in patterns)
        assert f'"{name}"' in code or by_kind, f"{page} shows {folder}/{name}"
