"""The chart of color transfer: how near the colors are to the reference's, and how much structure is kept."""

from matplotlib.figure import Figure


def save_chart(path, figures):
    """Draw rgb_w1 against SSIM.

    Args:
        path: of the PNG.
        figures: a dict of a method's name to its rgb_w1 and SSIM. The source itself is left out: it is far away.
    """
    names = {}  # by their place: methods that end at the same one share a label
    for name, (distance, similarity) in figures.items():
        if name != "source":
            names.setdefault((round(50 * distance), round(50 * similarity)), []).append(name)
    figure = Figure(figsize=(8, 8), layout="constrained")
    panel = figure.subplots()
    places = [figures[few[0]] for few in names.values()]
    for number, (few, place) in enumerate(zip(names.values(), places, strict=True)):
        panel.scatter(*place, color=f"C{number % 10}", s=50)
        panel.annotate("\n".join(few), place, textcoords="offset points", fontsize=8, **_side(place, places))
    panel.margins(0.3, 0.15)
    panel.grid(color="0.9")
    panel.set_axisbelow(True)
    panel.set(xlabel="distance to the reference's colors (rgb_w1, less is better)")
    panel.set(ylabel="SSIM with the source (more is better)")
    figure.savefig(path, dpi=120)


def _side(place, places):
    """Where a point's words stand: on its right, unless another point is there; else on its left, above or below it."""
    for sign, side in ((1, "left"), (-1, "right")):
        if not any(0 < sign * (x - place[0]) < 0.06 and abs(y - place[1]) < 0.03 for x, y in places):
            return {"ha": side, "va": "center", "xytext": (7 * sign, 0)}
    if any(abs(x - place[0]) < 0.06 and 0 < y - place[1] < 0.06 for x, y in places):
        return {"ha": "center", "va": "top", "xytext": (0, -7)}
    return {"ha": "center", "va": "bottom", "xytext": (0, 7)}
