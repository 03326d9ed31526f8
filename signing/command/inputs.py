"""What the command line names: files to judge, revocation lists and answers."""

from __future__ import annotations

import mmap
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signing.errors import BrokenInput
from signing.path.answers import load_crl
from signing.path.given import read

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


def crls(given: str) -> list[bytes]:
    """The lists in a PEM or DER file, each readable."""
    try:
        return _split_crls(read(given))
    except (BrokenInput, ValueError, TypeError) as error:
        raise ValueError(f"{given}: not a revocation list, PEM or DER ({error})") from error


def answers(given: str) -> list[bytes]:
    data = read(given)
    try:
        ocsp.load_der_ocsp_response(data)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{given}: not an OCSP response, DER ({error})") from error
    return [data]


def _split_crls(data: bytes) -> list[bytes]:
    found = [data]
    if b"-----BEGIN" in data:
        found = [x509.load_pem_x509_crl(text).public_bytes(Encoding.DER) for text in _PEM_CRL.findall(data)]
    if not found:
        raise BrokenInput("crl")
    for der in found:
        load_crl(der)
    return found
