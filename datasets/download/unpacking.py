"""Unpack an untrusted archive: only files and folders, and only inside the target folder."""

import lzma
import stat
import tarfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import NamedTuple

from datasets.download.fetching import check_space
from utils import UserError, user_error_on_oserror


class _Member(NamedTuple):
    name: str
    size: int
    is_plain: bool  # whether it is a file or a folder; not a link, device or pipe


def unpack(path, folder):
    """Unpack a .zip or .tar.gz file into an empty folder.

    Raises:
        UserError: if the file is damaged or has another format. Also, before anything is unpacked, if a member lies
            outside the folder, if a member is a link or a device, or if there is too little disk space.
    """
    try:
        with user_error_on_oserror(path, "give another --dataroot", verb=f"unpacked to {folder}"):
            _extract(path, folder)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
        message = str(error).splitlines()[0]
        raise UserError(f"{path} is damaged, or is not a .zip or .tar.gz file ({message}); download it again") from None


def _extract(path, folder):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            _check([_zip_member(info) for info in archive.infolist()], path, folder)
            archive.extractall(folder)
    else:
        with tarfile.open(path, "r:*") as archive:
            members = archive.getmembers()
            _check([_Member(m.name, m.size, m.isfile() or m.isdir()) for m in members], path, folder)
            archive.extractall(folder, members, filter="data")


def _zip_member(info):
    kind = stat.S_IFMT(info.external_attr >> 16)
    return _Member(info.filename, info.file_size, kind in (0, stat.S_IFREG, stat.S_IFDIR))


def _check(members, path, folder):
    for member in members:
        name = PurePosixPath(member.name.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in member.name.split("/")[0]:
            raise UserError(f"{path} is not unpacked: its member {member.name!r} lies outside its folder")
        if not member.is_plain:
            raise UserError(f"{path} is not unpacked: its member {member.name!r} is a link or a device")
    check_space(folder, sum(member.size for member in members), f"unpacking {path.name}")
