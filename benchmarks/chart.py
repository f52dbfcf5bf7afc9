"""The chart of color transfer: how near the colors are to the reference's, and how much structure is kept."""

from matplotlib.figure import Figure


def save_chart(path, figures):
    """Draw rgb_w1 against SSIM.

    Args:
        path: of the PNG.
        figures: a dict of a method's name to its rgb_w1 and SSIM. The source itself is left out: it is far away.
    """
    shown = {name: values for name, values in figures.items() if name != "source"}
    figure = Figure(figsize=(8, 5), layout="constrained")
    panel = figure.subplots()
    for number, (name, (distance, similarity)) in enumerate(sorted(shown.items(), key=lambda item: item[1][0])):
        panel.scatter(distance, similarity, color=f"C{number % 10}", marker="o^s"[number // 10 % 3], s=50)
        above = number % 2 == 0
        offset = (0, 7) if above else (0, -14)
        panel.annotate(name, (distance, similarity), offset, textcoords="offset points", ha="center", fontsize=8)
    panel.margins(0.15)
    panel.grid(color="0.9")
    panel.set_axisbelow(True)
    panel.set(xlabel="distance to the reference's colors (rgb_w1, less is better)")
    panel.set(ylabel="SSIM with the source (more is better)")
    figure.savefig(path, dpi=120)
