"""Where the data sets that the tasks name can be had."""

_CYCLEGAN = "https://efrosgans.eecs.berkeley.edu/cyclegan/datasets"
_PIX2PIX = "https://efrosgans.eecs.berkeley.edu/pix2pix/datasets"

ADDRESSES = {
    "summer2winter_yosemite": f"{_CYCLEGAN}/summer2winter_yosemite.zip",
    "horse2zebra": f"{_CYCLEGAN}/horse2zebra.zip",
    "edges2shoes": f"{_PIX2PIX}/edges2shoes.tar.gz",
    "edges2handbags": f"{_PIX2PIX}/edges2handbags.tar.gz",
    "facades": f"{_PIX2PIX}/facades.tar.gz",
    "102flowers": "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/102flowers.tgz",
}
