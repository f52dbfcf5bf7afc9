"""Download one file over HTTP. An interrupted download is resumed, and the complete file is checked."""

import hashlib
import os
import shutil
import warnings

import requests
from tqdm import tqdm

from utils import UserError, in_one_line

_CHUNK = 1 << 14  # bytes; at most this many are lost when a connection breaks
_TIMEOUT = 30  # seconds to wait for a response
_ATTEMPTS = 5


def fetch(file, folder, *, url=None, verify=True):
    """Download a file of the table `archives.ARCHIVES`, from its own address or a mirror.

    An incomplete file is called ``NAME.part``. The next call resumes its download if the server supports ranges. When
    the file is complete, its size and SHA-256 are compared with the table, and it is renamed to ``NAME``.

    Args:
        file: `archives.File`.
        folder: the folder to put the file in.
        url: the address of a mirror, or None for the file's own address.
        verify: whether to verify the server's certificate.

    Returns:
        The file's path.

    Raises:
        UserError: if the server does not respond or does not have the file, if the connection breaks again and again,
            if the disk is full, or if the file differs from the table. A file that differs is removed.
    """
    path, url = folder / file.name, url or file.url
    if path.exists():
        return path
    part = folder / f"{file.name}.part"
    if not any(_receive(url, part, size=file.size, verify=verify) for _ in range(_ATTEMPTS)):
        raise UserError(f"the download of {url} broke off {_ATTEMPTS} times; run the same command again to resume it")
    try:
        check_digest(part, file)
    except UserError:
        part.unlink()
        raise
    os.replace(part, path)
    return path


def check_digest(path, file):
    """Raise a UserError unless a file has the table's size and SHA-256. Warn if only the MD5 differs."""
    size = path.stat().st_size
    if file.size not in (None, size):
        raise UserError(f"{path} is not {file.name}: it has {size} bytes, not {file.size}; download it again")
    for algorithm in ("sha256", "md5"):
        expected = getattr(file, algorithm)
        if expected is None:
            continue
        with open(path, "rb") as opened:
            digest = hashlib.file_digest(opened, algorithm).hexdigest()
        if digest != expected and algorithm == "sha256":
            raise UserError(f"{path} is not {file.name}: its SHA-256 is {digest}, not {expected}; download it again")
        if digest != expected:
            print(f"warning: the MD5 of {file.name} is {digest}, not {expected}, which may itself be wrong")


def check_space(folder, needed, what):
    """Raise a UserError unless the disk of ``folder`` has ``needed`` bytes free. The message begins with ``what``."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError(
            f"{what} needs {needed / 1e9:.1f} GB but {folder.resolve()} has {free / 1e9:.1f} GB free; make room, or "
            "give another --dataroot"
        )


def _receive(url, part, *, size, verify):
    """Append the missing bytes to ``part``. Return whether it is complete."""
    have = part.stat().st_size if part.exists() else 0
    if size is not None and have == size:
        return True
    try:
        with _open(url, have, verify) as response:
            if response.status_code == requests.codes.range_not_satisfiable:  # complete, or a different file
                return _complete_or_removed(part, response, have)
            response.raise_for_status()
            if response.status_code != requests.codes.partial_content:
                have = 0
            length = response.headers.get("Content-Length")
            total = None if length is None else have + int(length)
            check_space(part.parent, (total or size or 0) - have, url)
            written = _write(response, part, have=have, total=total)
    except requests.exceptions.SSLError as error:
        raise UserError(
            f"{url}: the server's certificate cannot be verified ({in_one_line(error)}); download the file with a "
            "browser and give it with --archive, or see --insecure in --help"
        ) from None
    except requests.RequestException as error:
        raise UserError(f"{url} cannot be downloaded ({in_one_line(error)}); give a mirror with --url") from None
    except OSError as error:
        raise UserError(f"{part} cannot be written ({error.strerror}); give another --dataroot") from None
    return total is None or written >= total


def _open(url, have, verify):
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with warnings.catch_warnings(action="ignore"):  # --insecure already prints a warning
        return requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT, verify=verify)


def _write(response, part, *, have, total):
    """Write the response after the first ``have`` bytes of ``part``. Return the new size of ``part``."""
    with (
        open(part, "r+b" if have else "wb") as file,
        tqdm(total=total, initial=have, desc=part.stem, unit="B", unit_scale=True) as bar,
    ):
        file.seek(have)
        try:
            for chunk in response.iter_content(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            if total is None:
                raise
        return file.tell()


def _complete_or_removed(part, response, have):
    """Handle "range not satisfiable": return whether ``part`` has the size that the server gives, or remove it."""
    if response.headers.get("Content-Range") == f"bytes */{have}":
        return True
    part.unlink()
    return False
