"""Where the data sets that the papers and the older projects name can be had."""

_CYCLEGAN = "https://efrosgans.eecs.berkeley.edu/cyclegan/datasets"
_CYCLEGAN_NAMES = (
    "apple2orange",
    "cezanne2photo",
    "horse2zebra",
    "iphone2dslr_flower",
    "monet2photo",
    "summer2winter_yosemite",
    "ukiyoe2photo",
    "vangogh2photo",
)
_PIX2PIX = "https://efrosgans.eecs.berkeley.edu/pix2pix/datasets"
_PIX2PIX_NAMES = ("edges2handbags", "edges2shoes", "facades", "maps")

ADDRESSES = {
    **{name: f"{_CYCLEGAN}/{name}.zip" for name in _CYCLEGAN_NAMES},
    **{name: f"{_PIX2PIX}/{name}.tar.gz" for name in _PIX2PIX_NAMES},
    "facades_cyclegan": f"{_CYCLEGAN}/facades.zip",
    "maps_cyclegan": f"{_CYCLEGAN}/maps.zip",
    "102flowers": "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/102flowers.tgz",
    "cars196": "https://ai.stanford.edu/~jkrause/car196/cars_train.tgz",
}
