"""What a command line names: files with certificates, a folder of roots, a point in time.

Whatever is wrong with them is a `ValueError` (or `OSError`) that names the file or the option.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from signing.errors import BrokenInput
from signing.path.files import CERTIFICATES, ders
from signing.path.model import read_certificate
from signing.path.trust import split_certificates

MAX_BYTES = 1 << 27
"""Of one file; the largest revocation lists in use have some tens of megabytes."""
MAX_ROOT_FILE = 1 << 22
"""Larger files in a folder of roots are passed over."""


def read(given: str) -> bytes:
    """The bytes of a file or a pipe; a device that never ends is stopped at `MAX_BYTES`."""
    with Path(given).open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{given}: more than {MAX_BYTES >> 20} MB")
    return data


def certificates(given: str) -> list[bytes]:
    """The certificates in a PEM or DER file, each readable."""
    try:
        return list(split_certificates(read(given)))
    except BrokenInput as error:
        raise ValueError(f"{given}: not a certificate, PEM or DER ({error})") from error


def roots(given: str) -> list[bytes]:
    """The certificates of a file, or all certificates in the files of a folder, whatever they are called.

    What else lies in the folder is passed over: keys, lists, texts, folders, pipes, hidden files. Certificates
    there that cannot be read are not trusted; in a file that was named itself they are an error.
    """
    folder = Path(given)
    if not folder.is_dir():
        return certificates(given)
    found = list(dict.fromkeys(der for item in sorted(folder.iterdir()) for der in _readable(item)))
    if not found:
        raise ValueError(f"{given}: no certificate in this folder")
    return found


def _readable(path: Path) -> Iterator[bytes]:
    for data in _blocks(path):
        try:
            yield read_certificate(data).der
        except BrokenInput:
            continue


def _blocks(path: Path) -> Iterable[bytes]:
    try:
        if path.name.startswith(".") or not path.is_file() or path.stat().st_size > MAX_ROOT_FILE:
            return ()
        return ders(path.read_bytes(), CERTIFICATES)
    except (OSError, BrokenInput):
        return ()  # not for us to read, a loop of links, a key


def moment(text: str) -> datetime:
    """ISO 8601, also a date alone; UTC where no zone is said."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"--at: not a time in ISO 8601: {text!r}") from error
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
