"""The page of benchmarks/enhancement.py: a table, and the study's figures 3 to 6."""

import json
import textwrap

import numpy as np
from matplotlib.figure import Figure
from skimage.io import imread

import config
from engine.factory import load_translator

SHOWN = 4  # images side by side
METRICS = {"PSNR": "psnr", "SSIM": "ssim", "CIEDE2000": "delta_e"}
CHANNELS = {"red": 0, "green": 1, "blue": 2}
INTRODUCTION = """# Enhancement: which loss?

Written by `python -m benchmarks.enhancement`. HDRNet, which sees no reference, learns from pairs of an input and a
target, with L2, L2 + VGG and L2 + HistMatch, as in Mustafa, You and Mantiuk, *A Comparative Study on the Loss Functions
for Image Enhancement Networks*. {setting} Figures are of {images} photographs that are held out, after {steps} steps:
the mean over the seeds ({seeds}) and, after ±, its standard deviation. The 5th percentile is of the images' PSNR. The
claim to test is that HistMatch raises both. {vgg}
"""
WITHOUT_VGG = "L2 + VGG is left out: VGG-16's weights could not be had (`--vgg_weights` names their file)."
WITH_VGG = "The weight of VGG is that at which it pulls as hard as L2 (`python -m benchmarks.perceptual_weight`)."
SWEEP = """
## The weight of HistMatch, and its kernel

One seed each. lambda is the study's weight (`losses.color` is 256 lambda), the ratio that of bin to bandwidth
(`histogram.kernel_width_ratio`). HistMatch is a sum over 256 bins: at an error of 0.1 its slope is some 1,300 times
that of L2, so that with lambda 1 the histogram is nearly all that is learned. Through a kernel as sharp as 1000, about
one pixel in a hundred has a gradient; through 2.5, all have.
"""
FIGURES = {
    "violins": "PSNR of the held-out images, all seeds. x: the 5th percentile, below which the worst images lie.",
    "images": "Held-out images, one a row, by the networks of the first seed.",
    "tones": "What the networks of the first seed make of ramps from black to white, red, green and blue.",
    "histograms": "Histograms of all held-out images, by the networks of the first seed.",
}


def write_report(page, results, setting):
    """Write the page and its figures beside it.

    Args:
        page: the path of the page.
        results: of `enhancement.train_and_test`, with their ``folder``.
        setting: what was trained on, in words.
    """
    of_the_study = _by_name(result for result in results if result["name"].startswith("L2"))
    sweep = _by_name(result for result in results if not result["name"].startswith("L2"))
    first = results[0]
    words = {
        "images": len(first["metrics"]["psnr"]),
        "steps": f"{json.loads((first['folder'] / 'test' / 'metrics.json').read_text())['step']:,}",
        "seeds": len(of_the_study["L2"]),
        "setting": setting,
        "vgg": WITH_VGG if "L2 + VGG" in of_the_study else WITHOUT_VGG,
    }
    source = {name: first["metrics"][f"{name}_source"] for name in METRICS.values()}
    head, text = INTRODUCTION.format(**words).split("\n\n", 1)
    lines = [head, "", textwrap.fill(text, 120), "", _table(of_the_study, source), *_differences(of_the_study)]
    drawn = {"violins": draw_violins, "images": draw_images, "tones": draw_tones, "histograms": draw_histograms}
    for name, draw in drawn.items():
        figure = draw(of_the_study)
        figure.savefig(page.with_name(f"{page.stem}-{name}.png"), dpi=100)
        lines.append(f"![{name}]({page.stem}-{name}.png)\n\n*{FIGURES[name]}*\n")
    lines += [SWEEP, _table({"L2": of_the_study["L2"][:1]} | sweep)]
    page.write_text("\n".join(lines))


def _by_name(results):
    names = {}
    for result in results:
        names.setdefault(result["name"], []).append(result)
    return names


def _table(losses, source=None):
    columns = [*METRICS, "PSNR, 5th percentile"]
    lines = [f"| loss | {' | '.join(columns)} | minutes |", "|---|" + "---|" * (len(columns) + 1)]
    if source:
        values = [*(np.mean(values) for values in source.values()), np.percentile(source["psnr"], 5)]
        lines.append(f"| the input itself | {' | '.join(f'{value:.3f}' for value in values)} | |")
    for name, runs in losses.items():
        columns = [[np.mean(run["metrics"][metric]) for run in runs] for metric in METRICS.values()]
        columns.append([np.percentile(run["metrics"]["psnr"], 5) for run in runs])
        minutes = np.mean([run["minutes"] for run in runs])
        lines.append(f"| {name} | {' | '.join(map(_with_spread, columns))} | {minutes:.1f} |")
    return "\n".join(lines) + "\n"


def _differences(losses):
    """What each other loss changes, seed by seed, in words."""
    lines = []
    for name in [*losses][1:]:
        words = []
        for label, of in {
            "the mean PSNR": np.mean,
            "its 5th percentile": lambda values: np.percentile(values, 5),
        }.items():
            pairs = zip(losses[name], losses["L2"], strict=True)
            changes = [of(run["metrics"]["psnr"]) - of(alone["metrics"]["psnr"]) for run, alone in pairs]
            words.append(f"{label} changes by {_with_spread(changes)} dB")
        lines.append(f"From L2 to {name}, seed by seed, {' and '.join(words)}.\n")
    return lines


def _with_spread(values):
    spread = f" ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else ""
    return f"{np.mean(values):.3f}{spread}"


def draw_violins(losses):
    """The study's figure 6: the images' PSNR by loss."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    panel = figure.subplots()
    values = {"input": next(iter(losses.values()))[0]["metrics"]["psnr_source"]}
    values |= {name: np.concatenate([run["metrics"]["psnr"] for run in runs]) for name, runs in losses.items()}
    panel.violinplot([*values.values()], showextrema=False)
    places = range(1, len(values) + 1)
    panel.plot(places, [np.mean(each) for each in values.values()], "k+", markersize=12, label="mean")
    panel.plot(places, [np.percentile(each, 5) for each in values.values()], "kx", label="5th percentile")
    panel.set_xticks(places, values)
    panel.set_ylabel("PSNR (dB)")
    panel.grid(axis="y", color="0.9")
    panel.legend()
    return figure


def draw_images(losses):
    """The study's figure 4: inputs, outputs and targets side by side."""
    first = next(iter(losses.values()))[0]
    columns = {"input": _files(first, "source")} | {name: _files(runs[0], "output") for name, runs in losses.items()}
    columns["target"] = _files(first, "target")
    chosen = np.linspace(0, len(columns["input"]) - 1, SHOWN).round().astype(int)
    figure = Figure(figsize=(2.4 * len(columns), 2.5 * SHOWN), layout="constrained")
    panels = figure.subplots(SHOWN, len(columns))
    for column, (name, files) in enumerate(columns.items()):
        panels[0, column].set_title(name)
        for row, index in enumerate(chosen):
            panels[row, column].imshow(imread(files[index]))
            panels[row, column].axis("off")
    return figure


def draw_tones(losses):
    """The study's figure 5: the networks' tone curves, on an image of ramps."""
    ramp = np.round(np.linspace(0, 255, 256)).astype(np.uint8)
    bands = {"gray": (1, 1, 1), "red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
    image = np.concatenate([np.tile(np.outer(ramp, color).astype(np.uint8), (64, 1, 1)) for color in bands.values()])
    figure = Figure(figsize=(12, 3.4), layout="constrained")
    panels = figure.subplots(1, len(bands), sharey=True)
    for name, (run, *_) in losses.items():
        _, translator, _, _ = load_translator(config.load_run(run["run"]), run["run"])
        output = translator(image[None], image[None]).numpy()[0] / 255
        for number, (panel, color) in enumerate(zip(panels, bands.values(), strict=True)):
            band = output[64 * number + 16 : 64 * number + 48].mean(0)
            panel.plot(ramp / 255, band[:, np.flatnonzero(color)].mean(-1), label=name)
    for panel, name in zip(panels, bands, strict=True):
        panel.plot([0, 1], [0, 1], color="0.7", linestyle=":")
        panel.set(title=f"{name} ramp", xlabel="input", aspect="equal")
    panels[0].set_ylabel("output")
    panels[0].legend()
    return figure


def draw_histograms(losses):
    """The study's figure 3: histograms of targets and outputs, a panel a channel."""
    first = next(iter(losses.values()))[0]
    series = {"input": _files(first, "source"), "target": _files(first, "target")}
    series |= {name: _files(runs[0], "output") for name, runs in losses.items()}
    figure = Figure(figsize=(12, 3.4), layout="constrained")
    panels = figure.subplots(1, len(CHANNELS), sharey=True)
    for name, files in series.items():
        counts = sum(_counts(imread(file)) for file in files)
        style = {"input": {"color": "0.8"}, "target": {"color": "black", "linewidth": 2}}.get(name, {})
        for panel, channel in zip(panels, CHANNELS.values(), strict=True):
            panel.plot(np.arange(4, 256, 8), counts[channel] / counts[channel].sum(), label=name, **style)
    for panel, name in zip(panels, CHANNELS, strict=True):
        panel.set(title=name, xlabel="value")
    panels[0].set_ylabel("part of the pixels")
    panels[0].legend()
    return figure


def _counts(image):
    return np.stack([np.histogram(image[..., channel], 32, (0, 256))[0] for channel in CHANNELS.values()])


def _files(result, label):
    return [result["folder"] / "test" / images[label] for images in result["images"]]
