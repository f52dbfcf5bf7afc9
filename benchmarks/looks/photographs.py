"""Make a training set of free photographs for `--config looks` from packages of Debian 12 (226 MB).

    apt-get download gcompris-qt-data kphotoalbum lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 mate-backgrounds \\
        palapeli-data plasma-workspace-wallpapers
    for package in *.deb; do dpkg -x $package unpacked; done
    python -m benchmarks.looks.photographs unpacked photographs      # a minute

Their licenses are in unpacked/usr/share/doc/*/copyright. Of the drawings in these packages, three are left. Each
photograph becomes eight square crops. About one in ten goes into the folder test, with all its crops.
"""

import argparse
import io
import re
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

CROPS, SIDE = 8, 256
FOLDERS = (
    "kphotoalbum/demo/*.jpg",
    "backgrounds/*_by_*.jpg",
    "backgrounds/mate/nature/*.jpg",
    "palapeli/collection/*.jpg",
    "wallpapers/*/contents/images/2560x1600.jpg",
)
DRAWN = ("analogpattern", "umang", "Autumn", "Elarun")
# Files of gcompris-qt that hold photographs, and the numbers of the images in them that are drawings or come twice.
GCOMPRIS = {
    "categorization": (56, 102, 104, 105, 107),
    "clickgame": (),
    "details": (2, 4, 7, 8, 10, 12, 15, 19),
    "erase": (),
    "explore_farm_animals": (),
    "explore_monuments": (),
    "explore_world_animals": (),
    "explore_world_music": (),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("unpacked", type=Path, help="folder of the unpacked packages")
    parser.add_argument("out", type=Path, help="new folder of the crops")
    args = parser.parse_args()
    for folder in ("train", "test"):
        (args.out / folder).mkdir(parents=True)
    names = [save_crops(image, args.out, name) for name, image in find(args.unpacked / "usr/share")]
    print(f"{len(names)} photographs, {CROPS} crops of each: {args.out}")


def save_crops(image, out, name):
    """Save the crops of a photograph in ``out / "train"`` or ``out / "test"``. Return its name."""
    draw = np.random.default_rng(zlib.crc32(name.encode()))  # the same crops, whatever other photographs there are
    folder = out / ("test" if draw.uniform() < 0.1 else "train")
    for number, crop in enumerate(crops(image, draw)):
        crop.save(folder / f"{name}-{number}.png")
    return name


def find(share):
    """Yield ``(name, image)`` for each photograph."""
    for path in (path for pattern in FOLDERS for path in share.glob(pattern)):
        name = path.parents[2].name if path.stem == "2560x1600" else path.stem
        if not name.startswith(DRAWN):
            yield name, Image.open(path).convert("RGB")
    for name, drawn in GCOMPRIS.items():
        for number, image in enumerate(embedded((share / f"gcompris-qt/rcc/{name}.rcc").read_bytes())):
            if number not in drawn:
                yield f"{name}-{number:03}", image


def embedded(data):
    """Yield the WebP images that are embedded in bytes, but not small ones, which are icons: RGB."""
    for start in re.finditer(rb"RIFF....WEBP", data, re.DOTALL):
        size = int.from_bytes(data[start.start() + 4 : start.start() + 8], "little")
        image = Image.open(io.BytesIO(data[start.start() : start.start() + 8 + size]))
        if min(image.size) >= 200:
            yield image.convert("RGB")


def crops(image, draw):
    """Yield square crops at random places, with 0.6 to 1 of the photograph's shorter side."""
    for _ in range(CROPS):
        side = draw.uniform(0.6, 1) * min(image.size)
        left, top = (draw.uniform(0, length - side) for length in image.size)
        box = (left, top, left + side, top + side)
        yield image.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box, reducing_gap=2)


if __name__ == "__main__":
    main()
