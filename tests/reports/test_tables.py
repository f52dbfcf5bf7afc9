"""The table of metrics for a terminal: what each cell holds, and how the columns are aligned."""

from reports.tables import text_table


def test_metrics_are_rows_tests_are_columns_and_a_missing_one_is_a_dash():
    reports = {
        "a": {"metrics": {"ssim": {"mean": 0.5, "std": 0.1}, "psnr": {"mean": 20.0, "std": 1.0}}, "set": {}},
        "longer": {"metrics": {"ssim": {"mean": 0.25, "std": 0.0}}, "set": {"fid": 123.4}, "images": 30},
    }
    assert text_table(reports) == [
        "                     a                longer",
        "ssim   0.5000 ± 0.1000       0.2500 ± 0.0000",
        "psnr  20.0000 ± 1.0000                     -",
        "fid                  -  123.4000 (30 images)",
    ]
