"""What the command line names: files to judge, roots, certificates, revocation lists and answers."""

from __future__ import annotations

import mmap
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signing.errors import BrokenInput
from signing.path.answers import load_crl
from signing.path.trust import split_certificates

_ENDINGS = frozenset({".pem", ".crt", ".cer", ".der"})
_PEM_CRL = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class NotReadable(Exception):
    """A path without a file's bytes behind it; the text says why."""


@contextmanager
def mapped(path: str) -> Iterator[mmap.mmap | bytes]:
    """A regular file, mapped and not read; `NotReadable` for folders, pipes, devices and what may not be opened.

    Opening does not wait: a pipe without a writer would block for ever.
    """
    try:
        descriptor = os.open(path, _OPEN)
    except (OSError, ValueError) as error:
        raise NotReadable(getattr(error, "strerror", None) or "not a path") from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NotReadable("a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file")
        if not found.st_size:
            yield b""
            return
        try:
            view = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise NotReadable("cannot be mapped") from error
        yield view
    finally:
        os.close(descriptor)


def roots(given: str) -> Iterable[bytes]:
    """The certificates of a file, or of every certificate file in a folder; what else lies there is passed over."""
    path = Path(given)
    if not path.is_dir():
        return _in(path, split_certificates)
    files = [item for item in sorted(path.iterdir()) if item.suffix.lower() in _ENDINGS and item.is_file()]
    found = [der for item in files for der in _certificates_or_nothing(item)]
    if not found:
        raise ValueError(f"{given}: no certificate in this folder")
    return found


def _certificates_or_nothing(path: Path) -> Iterable[bytes]:
    try:
        return _in(path, split_certificates)
    except ValueError:
        return ()  # a key or a list beside the roots; a root that cannot be read is not trusted


def certificates(given: str) -> Iterable[bytes]:
    return _in(Path(given), split_certificates)


def crls(given: str) -> Iterable[bytes]:
    return _in(Path(given), _split_crls)


def answers(given: str) -> Iterable[bytes]:
    return _in(Path(given), _ocsp)


def _in(path: Path, reader: Callable[[bytes], Iterable[bytes]]) -> list[bytes]:
    try:
        return list(reader(path.read_bytes()))
    except (BrokenInput, ValueError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from error


def _split_crls(data: bytes) -> list[bytes]:
    found = [data]
    if b"-----BEGIN" in data:
        found = [x509.load_pem_x509_crl(text).public_bytes(Encoding.DER) for text in _PEM_CRL.findall(data)]
    if not found:
        raise BrokenInput("crl")
    for der in found:
        load_crl(der)
    return found


def _ocsp(data: bytes) -> list[bytes]:
    ocsp.load_der_ocsp_response(data)
    return [data]
