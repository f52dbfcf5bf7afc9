"""The data sets that can be downloaded, with the addresses, sizes and digests of their archives.

If an archive holds a single folder with the data set's name, that folder is the data set. Otherwise the data set
is everything in the archive.
"""

from typing import NamedTuple

_CYCLEGAN = "https://efrosgans.eecs.berkeley.edu/cyclegan/datasets/"
_PIX2PIX = "https://efrosgans.eecs.berkeley.edu/pix2pix/datasets/"
_FLOWERS = "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/"
_CARS = "https://ai.stanford.edu/~jkrause/car196/"


class File(NamedTuple):
    """An archive file. A wrong SHA-256 is an error. A wrong MD5 gives a warning: the MD5s' source is unreliable."""

    url: str
    size: int | None = None
    sha256: str | None = None
    md5: str | None = None

    @property
    def name(self):
        return self.url.rsplit("/", 1)[1]


class Archive(NamedTuple):
    """A data set that can be downloaded.

    Attributes:
        name: the full name, with the family, such as ``"pix2pix/facades"``.
        folder: the name of its folder.
        files: its archive files.
        renamed: a dict from the names of folders in the archives to their new names.
    """

    name: str
    folder: str
    files: tuple
    renamed: dict = {}  # noqa: RUF012


def _cyclegan(name, size, sha256, *, folder=None):
    return Archive(f"cyclegan/{name}", folder or name, (File(f"{_CYCLEGAN}{name}.zip", size, sha256),))


def _pix2pix(name, md5):
    return Archive(f"pix2pix/{name}", name, (File(f"{_PIX2PIX}{name}.tar.gz", md5=md5),))


_ALL = (
    _pix2pix("edges2shoes", "71da478b54fedde126e234a2a050bc15"),
    _pix2pix("edges2handbags", "815592f22fa7f7534a286a25bb73bf03"),
    _pix2pix("facades", "e2e25dd517e9d15828416ab329da2854"),
    _pix2pix("maps", "e5f65d26eb288457f5ac056deb94d154"),
    _cyclegan("summer2winter_yosemite", 132640856, "167fe1726807a9d22bd106b4a6c0bd7953b688af924ac1bf967439c4961e49f9"),
    _cyclegan("horse2zebra", 116867962, "a74d9d392eecca9966b51287a76ca126af473d9de4f3e8fc0e9cda08fa1730a1"),
    _cyclegan("apple2orange", 78456409, "845a191e9af8926408ea597001cd03a452e3300a1f44a79fe329b3d59f6e3eb8"),
    _cyclegan("monet2photo", 305231073, "88f91b00fc228f97c9411fbf1880ec1d119c98f1722e4cfcfaa2fb35fac05b04"),
    _cyclegan("cezanne2photo", 279885071, "3a6c10ca21f9485862f1cbd707744b9dc258954a04631271d23a3605eeb63cff"),
    _cyclegan("ukiyoe2photo", 292946532, "02a2a2fb5ecf425ca1bf86aca7304377da64a2a1d3b86df54eb65e4068bf3b08"),
    _cyclegan("vangogh2photo", 306590349, "362c3473e70be0944bda08d49d660eafdc2854df55d697835b8186d1d79caaff"),
    _cyclegan("iphone2dslr_flower", 339964458, "8fcb5e374d631b107e1d961b8c4cd0a186aa2a4ff3e279923f4c426128de7113"),
    _cyclegan(
        "maps", 1476754427, "639534f69dbf9f36bef8d6292a7698006361221f83f0285d7c9ca78afe6e8a9e", folder="maps_cyclegan"
    ),
    _cyclegan(
        "facades",
        35135868,
        "9a31ebf3a31b9b5cd195dd5bf62e9308e00cb94604d1019e3889ac84248695c0",
        folder="facades_cyclegan",
    ),
    Archive(
        "102flowers",
        "102flowers",
        (
            File(
                f"{_FLOWERS}102flowers.tgz",
                344862509,
                "2d01ecc807db462958cfe3d92f57a8c252b4abd240eb955770201e45f783b246",
            ),
        ),
    ),
    Archive(
        "cars196",
        "cars196",
        (
            File(
                f"{_CARS}cars_train.tgz", 979269282, "512b227b30e2f0a8aab9e09485786ab4479582073a144998da74d64b801fd288"
            ),
            File(
                f"{_CARS}cars_test.tgz", 977350468, "bffea656d6f425cba3c91c6d83336e4c5f86c6cffd8975b0f375d3a10da8e243"
            ),
        ),
        renamed={"cars_train": "train", "cars_test": "test"},
    ),
)

ARCHIVES = {archive.name: archive for archive in _ALL}


def find_archives(name):
    """Find the archive with this full name or, if there is none, the archives of this name in all families."""
    return [ARCHIVES[name]] if name in ARCHIVES else [a for full, a in ARCHIVES.items() if full.split("/")[-1] == name]
