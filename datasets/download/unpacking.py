"""Unpack an archive that is not trusted: files and folders only, and none outside the target folder."""

import lzma
import stat
import tarfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import NamedTuple

from datasets.download.fetching import check_space
from utils import UserError


class _Member(NamedTuple):
    name: str
    size: int
    plain: bool  # a file or folder; not a link, device or pipe


def unpack(path, folder):
    """Unpack a .zip or .tar.gz file into an empty folder.

    Raises:
        UserError: for a file that is neither or is damaged; for members outside of the folder, links and devices; and
            where there is no space for what it holds. Nothing has been unpacked in the latter two cases.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                _check([_zip_member(info) for info in archive.infolist()], path, folder)
                archive.extractall(folder)
        else:
            with tarfile.open(path, "r:*") as archive:
                members = archive.getmembers()
                _check([_Member(m.name, m.size, m.isfile() or m.isdir()) for m in members], path, folder)
                archive.extractall(folder, members, filter="data")
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path} is not a .zip or .tar.gz file that can be read, or damaged: {reason}") from None
    except OSError as error:
        raise UserError(f"{path} cannot be unpacked to {folder}: {error.strerror or error}") from None


def _zip_member(info):
    kind = stat.S_IFMT(info.external_attr >> 16)
    return _Member(info.filename, info.file_size, kind in (0, stat.S_IFREG, stat.S_IFDIR))


def _check(members, path, folder):
    for member in members:
        name = PurePosixPath(member.name.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in member.name.split("/")[0]:
            raise UserError(f"{path} is not unpacked: its member {member.name!r} lies outside of its folder")
        if not member.plain:
            raise UserError(f"{path} is not unpacked: its member {member.name!r} is a link or a device")
    check_space(folder, sum(member.size for member in members), f"unpacking {path.name}")
