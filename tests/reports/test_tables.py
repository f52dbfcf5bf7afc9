"""The table of metrics: the best of several runs has a mark, by each metric's own direction."""

import re

from metrics import explain
from reports.tables import metric_table


def test_the_best_run_has_the_mark_unless_all_are_equal_or_it_is_the_sources():
    names = ("emd_output", "emd_source", "ssim", "mi")
    means = {"a": (0.1, 0.3, 0.5, 2.0), "b": (0.2, 0.4, 0.9, 2.0)}
    reports = {
        label: {
            "metrics": {name: {"mean": mean, "std": 0.0} for name, mean in zip(names, own, strict=True)},
            "set": {"fid": 50.0} if label == "a" else {"fid": 40.0},
        }
        for label, own in means.items()
    }
    table = metric_table(reports, explain([*names, "fid"]))
    marked = {
        name: [cell.startswith(' class="good"') for cell in re.findall("<td(.*?)</td>", cells)[:2]]
        for name, cells in re.findall('<tr><th scope="row"><b>(.*?)</b></th>(.*?)</tr>', table)
    }
    assert marked == {
        "emd_output": [True, False],
        "emd_source": [False, False],
        "ssim": [False, True],
        "mi": [False, False],
        "fid": [False, True],
    }


def test_a_metric_that_a_run_lacks_is_a_dash():
    reports = {"a": {"metrics": {"ssim": {"mean": 0.5, "std": 0.1}}, "set": {}}, "b": {"metrics": {}, "set": {}}}
    assert "<td>0.5000 ± 0.1000</td><td>-</td>" in metric_table(reports, explain(["ssim"]))
