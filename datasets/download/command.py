"""The command that downloads a data set.

The archive is checked and unpacked to a hidden folder. When that is complete, it is renamed to the data set's name.
"""

import os
import shutil
from pathlib import Path

from datasets.download.archives import ARCHIVES, find_archives
from datasets.download.fetching import check_digest, check_space, fetch
from datasets.download.unpacking import unpack
from datasets.sources import image_files
from utils import Parser, UserError, exit_on_user_error, user_error_on_oserror


@exit_on_user_error()
def main(arguments=None, *, family=None, prog="python -m datasets.download"):
    """Run the command line. Look up a name without a family in ``family`` ("pix2pix" or "cyclegan") first."""
    args = _parser(prog).parse_args(arguments)
    archive = _find(args.name, family)
    existed = (Path(args.dataroot) / archive.folder).exists()
    folder = download(archive, Path(args.dataroot), urls=args.url, local=args.archive, insecure=args.insecure)
    print(f"{archive.name}: {len(image_files(folder))} images in {folder}{', which was there already' * existed}")


def _parser(prog):
    parser = Parser(prog=prog, description="Download a data set and unpack it.")
    parser.add_argument(
        "name", metavar="NAME", help=f"{', '.join(ARCHIVES)}; the last part of the name is enough if it is unique"
    )
    parser.add_argument(
        "--dataroot", default="data", metavar="FOLDER", help="the data set goes to FOLDER/NAME (default: data)"
    )
    parser.add_argument("--url", action="append", default=[], help="address of a mirror; give it once for each archive")
    parser.add_argument(
        "--archive",
        action="append",
        default=[],
        metavar="FILE",
        help="archive on your disk; give it once for each archive",
    )
    parser.add_argument(
        "--insecure",
        action="store_true",
        help="download from a server whose certificate cannot be verified: others may see what you download, but a "
        "file with a wrong SHA-256 is still refused; only for files whose SHA-256 is known",
    )
    return parser


def download(archive, dataroot, *, urls=(), local=(), insecure=False):
    """Download a data set to the folder ``dataroot / archive.folder``, unless this folder exists.

    Args:
        archive: `archives.Archive`.
        dataroot: the parent folder, created if it is missing.
        urls: mirrors, one for each archive file.
        local: paths of files that the user has already, one for each archive file. They are checked too.
        insecure: whether to skip the check of the servers' certificates. Only for files with a known SHA-256.

    Returns:
        The data set's folder.

    Raises:
        UserError: as `fetching.fetch` and `unpacking.unpack`, if the folder exists but has no images, and if the
            arguments do not fit the archive.
    """
    folder = dataroot / archive.folder
    if folder.exists():
        if not image_files(folder):
            raise UserError(f"{folder} is there already but has no images; remove it, or give another --dataroot")
        return folder
    if urls and local:
        raise UserError("--url and --archive exclude each other; give one of them, a mirror or a file on your disk")
    for option, values in (("--url", urls), ("--archive", local)):
        if values and len(values) != len(archive.files):
            names = " and ".join(file.name for file in archive.files)
            raise UserError(
                f"{option} is given {len(values)} times; give it once for each archive of {archive.name}: {names}"
            )
    if insecure:
        _allow_insecure(archive)
    paths = _local(archive, local) or _fetched(archive, dataroot / ".downloads", urls=urls, verify=not insecure)
    try:
        _unpack_atomically(archive, paths, folder)
    finally:  # an archive that could not be unpacked must not be used again
        for path in [] if local else paths:
            path.unlink()
    return folder


def _find(name, family):
    found = [ARCHIVES[f"{family}/{name}"]] if f"{family}/{name}" in ARCHIVES else find_archives(name)
    if len(found) != 1:
        names = " or ".join(archive.name for archive in found) or f"one of {', '.join(ARCHIVES)}"
        raise UserError(f"{name!r} names {'two data sets' if found else 'no known data set'}; give {names}")
    return found[0]


def _allow_insecure(archive):
    unknown = [file.name for file in archive.files if not file.sha256]
    if unknown:
        raise UserError(
            f"--insecure takes files whose SHA-256 is known, but it is not known for {', '.join(unknown)}; "
            "download with a browser and give --archive"
        )
    print("warning: certificates are not verified; only the SHA-256 shows whether a file is the right one")


def _local(archive, local):
    paths = [Path(path) for path in local]
    for path, file in zip(paths, archive.files, strict=bool(paths)):
        if not path.is_file():
            raise UserError(f"--archive {path} does not exist; give the path of {file.name}")
        check_digest(path, file)
    return paths


def _fetched(archive, folder, *, urls, verify):
    _make(folder)
    total = sum(file.size or 0 for file in archive.files)
    present = sum(path.stat().st_size for file in archive.files for path in folder.glob(f"{file.name}*"))
    check_space(folder, 2 * total - present, f"{archive.name}, packed and unpacked,")
    mirrors = urls or [file.url for file in archive.files]
    return [fetch(file, folder, url=url, verify=verify) for file, url in zip(archive.files, mirrors, strict=True)]


def _make(folder):
    with user_error_on_oserror(folder, "give another --dataroot"):
        folder.mkdir(parents=True, exist_ok=True)


def _unpack_atomically(archive, paths, folder):
    """Unpack to a hidden folder beside ``folder``, and rename it when it is complete."""
    temporary = folder.with_name(f".{folder.name}.unpacking")
    shutil.rmtree(temporary, ignore_errors=True)
    _make(temporary)
    try:
        for path in paths:
            unpack(path, temporary)
        for old, new in archive.renamed.items():
            os.replace(temporary / old, temporary / new)
        inner = temporary / archive.name.split("/")[-1]
        complete = inner if [*temporary.iterdir()] == [inner] else temporary
        if not image_files(complete):
            raise UserError(f"{' and '.join(map(str, paths))} has no images; give another archive")
        os.replace(complete, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
