"""The command that downloads a data set.

A data set appears under its name only when it is whole: its archive is checked, unpacked to a hidden folder, and that
folder is renamed.
"""

import os
import shutil
from pathlib import Path

from datasets.download.archives import ARCHIVES, named
from datasets.download.fetching import check_digest, check_space, fetch
from datasets.download.unpacking import unpack
from datasets.sources import image_files
from utils import Parser, UserError, exit_on_user_error


def main(arguments=None, family=None):
    """The command line; ``family`` ("pix2pix" or "cyclegan") is where a bare name is looked for first."""
    parser = Parser(prog="python -m datasets.download", description="Download a data set and unpack it.")
    parser.add_argument("name", metavar="NAME", help=f"{', '.join(ARCHIVES)}; or a last part that is unique")
    parser.add_argument("--dataroot", default="data", metavar="FOLDER", help="where it goes to, FOLDER/NAME (data)")
    parser.add_argument("--url", action="append", default=[], help="a mirror of the archive; of two archives, twice")
    parser.add_argument(
        "--archive", action="append", default=[], metavar="FILE", help="the archive itself, already here; of two, twice"
    )
    parser.add_argument(
        "--insecure",
        action="store_true",
        help="load from a server whose certificate cannot be verified: whoever is on the way can read along, but a "
        "file with another SHA-256 is refused all the same; so only for files whose SHA-256 is known",
    )
    with exit_on_user_error():
        args = parser.parse_args(arguments)
        archive = _find(args.name, family)
        there = (Path(args.dataroot) / archive.folder).exists()
        folder = download(archive, Path(args.dataroot), urls=args.url, local=args.archive, insecure=args.insecure)
        print(f"{archive.name}: {len(image_files(folder))} images in {folder}{' were there already' * there}")


def download(archive, dataroot, *, urls=(), local=(), insecure=False):
    """Download a data set to ``dataroot/FOLDER`` unless it is there, and return that folder.

    Args:
        archive: `archives.Archive`.
        dataroot: made where it is missing.
        urls: mirrors of its files, as many as they are.
        local: its files, where the user has them already, as many as they are; they are checked too.
        insecure: do not verify the servers' certificates. Only for files whose SHA-256 is known.

    Raises:
        UserError: as `fetching.fetch` and `unpacking.unpack`; for a folder of that name without images.
    """
    folder = dataroot / archive.folder
    if folder.exists():
        if not image_files(folder):
            raise UserError(f"{folder} is there already but has no images: remove it, or give another --dataroot")
        return folder
    if urls and local:
        raise UserError("--url and --archive: give one of them, a server or a file at hand")
    for option, values in (("--url", urls), ("--archive", local)):
        if values and len(values) != len(archive.files):
            names = " and ".join(file.name for file in archive.files)
            raise UserError(f"{option}: got {len(values)}, takes as many as {archive.name} has archives: {names}")
    if insecure:
        _allow_insecure(archive)
    paths = _local(archive, local) or _fetched(archive, dataroot / ".downloads", urls=urls, verify=not insecure)
    try:
        _unpack_aside(archive, paths, folder)
    finally:  # what could not be unpacked must not be taken again
        for path in [] if local else paths:
            path.unlink()
    return folder


def _find(name, family):
    found = [ARCHIVES[f"{family}/{name}"]] if f"{family}/{name}" in ARCHIVES else named(name)
    if len(found) != 1:
        names = " or ".join(archive.name for archive in found) or f"one of {', '.join(ARCHIVES)}"
        raise UserError(f"{name!r} is {'no data set' if not found else 'two data sets'} here; give {names}")
    return found[0]


def _allow_insecure(archive):
    unknown = [file.name for file in archive.files if not file.sha256]
    if unknown:
        raise UserError(f"--insecure takes files whose SHA-256 is known, and that of {', '.join(unknown)} is not")
    print("warning: certificates are not verified; only the SHA-256 tells now whether the file is the right one")


def _local(archive, local):
    paths = [Path(path) for path in local]
    for path, file in zip(paths, archive.files, strict=bool(paths)):
        if not path.is_file():
            raise UserError(f"--archive {path} is not there")
        check_digest(path, file)
    return paths


def _fetched(archive, folder, *, urls, verify):
    _make(folder)
    known = sum(file.size or 0 for file in archive.files)
    here = sum(path.stat().st_size for file in archive.files for path in folder.glob(f"{file.name}*"))
    check_space(folder, 2 * known - here, f"{archive.name}, packed and unpacked,")
    mirrors = urls or [file.url for file in archive.files]
    return [fetch(file, folder, url=url, verify=verify) for file, url in zip(archive.files, mirrors, strict=True)]


def _make(folder):
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be made: {error.strerror}; give another --dataroot") from None


def _unpack_aside(archive, paths, folder):
    """Unpack to a hidden folder beside, and give it its name when it is whole."""
    aside = folder.with_name(f".{folder.name}.unpacking")
    shutil.rmtree(aside, ignore_errors=True)
    _make(aside)
    try:
        for path in paths:
            unpack(path, aside)
        for old, new in archive.renamed.items():
            os.replace(aside / old, aside / new)
        own = aside / archive.name.split("/")[-1]
        whole = own if [*aside.iterdir()] == [own] else aside
        if not image_files(whole):
            raise UserError(f"{' and '.join(map(str, paths))}: there are no images in it")
        os.replace(whole, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
