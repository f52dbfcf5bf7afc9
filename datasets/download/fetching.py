"""Download one file over HTTP: resumed where it broke off, and checked before it gets its name."""

import hashlib
import os
import shutil
import warnings

import requests
from tqdm import tqdm

from utils import UserError, in_one_line

_CHUNK = 1 << 14  # of a connection that breaks, so much at most is lost
_TIMEOUT = 30  # seconds without an answer
_ATTEMPTS = 5


def fetch(file, folder, *, url=None, verify=True):
    """Download a file of the table to ``folder``, from its own address or a mirror.

    While it is incomplete it is called ``NAME.part``, and the next call continues it if the server can. A file with its
    full name is whole, and has the size and SHA-256 of the table.

    Args:
        file: `archives.File`.
        folder: where it goes to.
        url: in the place of the table's.
        verify: whether to verify the server's certificate.

    Returns:
        The file's path.

    Raises:
        UserError: for a server that does not answer or has no such file, a connection that broke off, a full disk, and
            a file that differs from the table, which is removed.
    """
    path, url = folder / file.name, url or file.url
    if path.exists():
        return path
    part = folder / f"{file.name}.part"
    if not any(_receive(url, part, size=file.size, verify=verify) for _ in range(_ATTEMPTS)):
        raise UserError(
            f"{url} broke off {_ATTEMPTS} times; what came is kept, and the same command goes on from there"
        )
    try:
        check_digest(part, file)
    except UserError:
        part.unlink()
        raise
    os.replace(part, path)
    return path


def check_digest(path, file):
    """Raise a UserError unless the file has the table's size and SHA-256; warn where the MD5 alone differs."""
    size = path.stat().st_size
    if file.size not in (None, size):
        raise UserError(f"{path} has {size} bytes and not the {file.size} of {file.name}: it is another file")
    for kind in ("sha256", "md5"):
        wanted = getattr(file, kind)
        if wanted is None:
            continue
        with open(path, "rb") as opened:
            found = hashlib.file_digest(opened, kind).hexdigest()
        if found != wanted and kind == "sha256":
            raise UserError(f"{path} is not {file.name}: its SHA-256 is {found}, not {wanted}")
        if found != wanted:
            print(f"warning: the MD5 of {file.name} is {found}, not {wanted}; that one comes from a weak source")


def check_space(folder, needed, what):
    """Raise a UserError unless the disk of ``folder`` has ``needed`` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError(
            f"{what} needs {needed / 1e9:.1f} GB and {folder.resolve()} has {free / 1e9:.1f} GB free: make room, or "
            "give another --dataroot"
        )


def _receive(url, part, *, size, verify):
    """Append what is missing to ``part``. Returns whether it is whole now."""
    have = part.stat().st_size if part.exists() else 0
    if size is not None and have == size:
        return True
    try:
        with _open(url, have, verify) as answer:
            if answer.status_code == requests.codes.range_not_satisfiable:  # nothing is missing, or it is another file
                return _whole_or_removed(part, answer, have)
            answer.raise_for_status()
            if answer.status_code != requests.codes.partial_content:
                have = 0
            length = answer.headers.get("Content-Length")
            total = None if length is None else have + int(length)
            check_space(part.parent, (total or size or 0) - have, url)
            came = _write(answer, part, have=have, total=total)
    except requests.exceptions.SSLError as error:
        raise UserError(
            f"{url}: its certificate cannot be verified ({in_one_line(error)}); load the file with a browser and give "
            "it with --archive, or see --insecure in --help"
        ) from None
    except requests.RequestException as error:
        raise UserError(f"{url} cannot be loaded: {in_one_line(error)}; --url names a mirror") from None
    except OSError as error:
        raise UserError(f"{part} cannot be written: {error.strerror}") from None
    return total is None or came >= total


def _open(url, have, verify):
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with warnings.catch_warnings(action="ignore"):  # urllib3's, about what --insecure has already said
        return requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT, verify=verify)


def _write(answer, part, *, have, total):
    """Write the answer's bytes after the first ``have`` bytes of ``part``. Returns its new size."""
    with (
        open(part, "r+b" if have else "wb") as file,
        tqdm(total=total, initial=have, desc=part.stem, unit="B", unit_scale=True) as bar,
    ):
        file.seek(have)
        try:
            for chunk in answer.iter_content(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            if total is None:
                raise
        return file.tell()


def _whole_or_removed(part, answer, have):
    """After "range not satisfiable": the part is whole if it has the size that the server names."""
    if answer.headers.get("Content-Range") == f"bytes */{have}":
        return True
    part.unlink()
    return False
