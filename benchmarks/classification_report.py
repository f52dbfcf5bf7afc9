"""The page of benchmarks/classification.py: a table, a curve, a sheet, and why a table cannot be trained."""

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from benchmarks.corruptions import CORRUPTIONS, SEVERITIES
from histogram_layers import HistogramMatching, match_histograms_lut

PAGE = """# Histogram matching before a classifier

`HistogramMatching` gives every image that enters a model the same histogram, a channel at a time. The target is a
weight: the model learns which histogram it sees best (Otsuka et al. 2025, arXiv 2506.01346).

## Why conventional matching cannot be trained

Conventional matching counts values into bins, sums the counts, and looks up, for each value, the target's value whose
sum is nearest. Both steps have a gradient of zero. A value that moves within its bin changes no count, and a count that
changes a little leaves the nearest entry where it is. When one does jump, the output jumps. So the derivative is zero
or does not exist, and `tests/histogram_layers/test_matching_layer.py` shows that TensorFlow returns none.

![what a table and a soft matching make of one pixel whose value moves](matching-gradient.png)

*One pixel of a photograph moves from dark to bright; the others stay. The table's output is a staircase. Through soft
histograms, `method="cdf"`, it is a curve.*

Two ways lead around it. `method="sort"` sorts the pixels and gives them the target's values: nothing is counted, and
the gradient goes to those values. `method="cdf"` counts softly, and reads the target's quantile function at the share
of pixels below: the gradient goes to the image too.

On two CPU cores the layer adds a third to the training step of a MobileNetV2 of 32 images of 224 px (`python -m
benchmarks.step --groups classifier --size 224 --batch_size 32`): 34 % with `sort`, of which nearly all is sorting, and
39 % with `cdf`.

## Does it help in bad weather and light?

Written by `python -m benchmarks.classification`:

{what}

Networks are trained on clean images, from random weights unless the command says otherwise, and tested clean and under
corruptions (`benchmarks/corruptions.py`) in five severities. Accuracy in % of five-fold cross-validation; ± is the
standard error over the folds. `mean, by a table` is conventional matching to the mean of the training images; learned
targets start there. `augmentation` matches half of the training images to another one, but not the test images. The
claim to test is that a learned target raises accuracy under corruption and costs none on clean images.

{table}

Against no function before the network, fold by fold, accuracy changes by:

{differences}

{verdict}

![accuracy by severity](matching-severity.png)

![images under the worst of each corruption, before and after matching](matching-images.jpg)

*Images, clean and under the worst of each corruption, as they are and matched.*

With CODaN (github.com/Attila94/CODaN: ten classes, day and night; its ResNet-18 has 80.4 % by day and 48.3 % by night)
or CIFAR-10 on a GPU box:

    python -m benchmarks.classification --dataset data/codan/train --test data/codan/test_day data/codan/test_night \\
        --size 224 --network ResNet50 --epochs 100     # prints its table
    python -m benchmarks.classification --dataset tfds:cifar10 --size 32 --network MobileNetV2 --epochs 100
"""


def write_report(docs_dir, results, *, what, shown):
    """Write matching.md and its three figures.

    Args:
        docs_dir: their folder.
        results: a dict of row to a list, over folds, of dicts of case (``clean``, ``fog 3``) to accuracy.
        what: what was trained, in words.
        shown: a dict of name to uint8 images ``[N, H, W, 3]``, for the sheet.
    """
    words = {"what": what, "table": accuracy_table(results), "differences": _differences(results)}
    words["verdict"] = _verdict(results)
    (docs_dir / "matching.md").write_text(PAGE.format(**words))
    draw_gradient().savefig(docs_dir / "matching-gradient.png", dpi=100)
    draw_severities(results).savefig(docs_dir / "matching-severity.png", dpi=100)
    draw_sheet(shown).savefig(docs_dir / "matching-images.jpg", dpi=80)


def _accuracies(folds, cases):
    """The mean accuracy in cases, in %, by fold."""
    return np.array([100 * np.mean([fold[case] for case in cases]) for fold in folds])


def _with_error(values):
    return f"{values.mean():.1f} ± {_error(values):.1f}"


def _error(values):
    """The standard error of a mean."""
    return values.std(ddof=1) / len(values) ** 0.5


def _columns(results):
    """A dict of a column's name to its cases."""
    cases = [case for case in next(iter(results.values()))[0] if case != "target"]
    corrupted = [case for case in cases if case.split()[0] in CORRUPTIONS]
    columns = {case: [case] for case in cases if case not in corrupted}
    columns |= {"all corruptions": corrupted} if corrupted else {}
    names = dict.fromkeys(case.split()[0] for case in corrupted)
    return columns | {name.replace("_", " "): [c for c in corrupted if c.split()[0] == name] for name in names}


def accuracy_table(results):
    """The mean accuracy of each row in each case, as Markdown."""
    columns = _columns(results)
    lines = [f"| before the network | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    for row, folds in results.items():
        cells = [_with_error(_accuracies(folds, cases)) for cases in columns.values()]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _differences(results):
    """What each row changes against no function before the network, fold by fold, in words."""
    columns = [*_columns(results).items()][:2]
    lines = []
    for row, folds in results.items():
        if row != "none":
            changes = [_accuracies(folds, cases) - _accuracies(results["none"], cases) for _, cases in columns]
            words = (f"{name} {_with_error(change)}" for (name, _), change in zip(columns, changes, strict=True))
            lines.append(f"- {row}: {', '.join(words)}")
    return "\n".join(lines)


def _verdict(results):
    """What the learned targets bring against the best row that is not learned, in words."""
    cases = _columns(results)["all corruptions"]
    accuracies = {row: _accuracies(folds, cases) for row, folds in results.items()}
    others = [row for row in results if not row.startswith("learned")]
    best = max(others, key=lambda row: accuracies[row].mean())
    learned = [
        f"`{row}` by {_with_error(accuracies[row] - accuracies[best])}" for row in results if row.startswith("learned")
    ]
    return (
        f"Under corruption, `{best}` is the best of what is not learned. Learned targets differ from it there: "
        f"{', '.join(learned)}."
    )


def draw_severities(results):
    """The accuracy over all corruptions by severity, a curve a row."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    panel = figure.subplots()
    cases = [["clean"], *([f"{name} {severity}" for name in CORRUPTIONS] for severity in SEVERITIES)]
    for row, folds in results.items():
        values = [_accuracies(folds, case) for case in cases if {*case} <= folds[0].keys()]
        errors = [_error(value) for value in values]
        panel.errorbar(range(len(values)), [value.mean() for value in values], errors, marker="o", capsize=2, label=row)
    panel.set(xlabel="severity (0: clean)", ylabel="accuracy (%), mean over corruptions")
    panel.grid(color="0.9")
    panel.legend()
    return figure


def draw_sheet(shown):
    """Images, a column each, before and after matching, a row each."""
    columns = len(next(iter(shown.values())))
    figure = Figure(figsize=(1.1 * columns, 1.25 * len(shown)), layout="constrained")
    panels = figure.subplots(len(shown), 1)
    for panel, (name, images) in zip(panels, shown.items(), strict=True):
        panel.imshow(np.concatenate([*images], axis=1))
        panel.set_ylabel(name, rotation=0, ha="right", va="center")
        panel.set(xticks=[], yticks=[])
    return figure


def draw_gradient():
    """What a table of 16 bins and a soft matching of as many make of a pixel whose value moves."""
    import skimage.data

    image = skimage.data.chelsea()[::8, ::8, :1]
    target = np.linspace(40, 250, 16).astype(np.uint8)
    layer = HistogramMatching(target[None, :, None] / 255, "cdf", 16, value_range=(0.0, 1.0))
    values = np.arange(30, 226)
    tables, soft = [], []
    for value in values:
        moved = image.copy()
        moved[10, 10] = value
        coarse = (moved // 16 * 16).astype(np.uint8)
        tables.append(match_histograms_lut(coarse, target[None, :, None])[10, 10, 0])
        soft.append(255 * float(layer(tf.constant(moved[None] / 255, tf.float32))[0, 10, 10, 0]))
    figure = Figure(figsize=(6, 4), layout="constrained")
    panel = figure.subplots()
    panel.plot(values, tables, label="by a table of 16 bins")
    panel.plot(values, soft, label="through soft histograms of 16 bins")
    panel.set(xlabel="value of the pixel", ylabel="its matched value")
    panel.grid(color="0.9")
    panel.legend()
    return figure
