"""Office files: looked at strictly, then printed to PDF by LibreOffice inside the jail.

    pdf = office.to_pdf(docx, accept=office.DRAFTS, draft=True)

LibreOffice may be missing: that is an ordinary state (`available()`), drafts are then saved as PDF by whoever wrote
them. Nothing here opens an office file outside the jail; `strict` says what is refused before LibreOffice sees it.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from signing import jail
from signing.jail import Limits, ResourceLimit, TaskRefused
from signing.jail.confine import landlock_version
from workflow.domain.errors import BadInput

TASK: Final = "workflow.adapters.office.converting:convert"
LOOK: Final = "workflow.adapters.office.filling:look"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT: Final = "application/vnd.oasis.opendocument.text"
DOC: Final = "application/msword"
DRAFTS: Final = (DOCX,)
"""What may become a draft."""
SHOWN: Final = (DOCX, ODT, DOC)
"""What is shown as page images where nothing speaks against it. No RTF: its reader has the worst record."""

LINKED: Final = ("/etc/libreoffice", "/var/lib/libreoffice", "/var/spool/libreoffice", "/var/cache/fontconfig")
"""Where Debian's and Ubuntu's packages point to from /usr/lib/libreoffice."""

_LIBRARIES: Final = ("libsofficeapp.so", "libmergedlo.so")
AT_ONCE: Final = max(1, (os.cpu_count() or 1) // 2)
"""A conversion keeps a processor for two to three seconds; pages of other people come first."""
PATIENCE_S: Final = 20.0
CUTS_TCP: Final = 4
"""The version of Landlock from which on it closes the network too."""
_turns = threading.BoundedSemaphore(AT_ONCE)


def library() -> Path | None:
    """LibreOffice's own library, found by its program `soffice`; None where there is none."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    return _library(os.path.realpath(program)) if program else None


@cache
def _library(program: str) -> Path | None:
    folder = Path(program).parent
    return next((folder / name for name in _LIBRARIES if (folder / name).is_file()), None)


def is_office_file(data: bytes) -> bool:
    """By its first bytes: what Word has made since 1997, OpenDocument, RTF; also any other ZIP file."""
    return data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rt"))


def installed() -> bool:
    """LibreOffice with its word processor is here."""
    found = library()
    return found is not None and (found.parent / "libswlo.so").is_file()


@cache
def walled() -> bool:
    """The kernel closes the jail in: no files of the service, no network. Without that, a program of this size does
    not read what strangers wrote."""
    walls = jail.walls()
    return walls.files_cut and (walls.network_cut or landlock_version() >= CUTS_TCP)


def available() -> bool:
    """LibreOffice is here and may be used."""
    return installed() and walled()


def limits(library: Path | None) -> Limits:
    """Time and memory of one conversion; `readable` is where this LibreOffice lies."""
    lies = (str(library.parent.parent),) if library else ()
    return Limits(
        cpu=40.0, cpu_per_megabyte=1.0, memory=3 * 1024 * 1024 * 1024, wall=60.0, processes=1,
        readable=(*lies, *LINKED),
    )  # fmt: skip


def to_pdf(
    data: bytes, *, accept: tuple[str, ...], draft: bool = False, within: Limits | None = None,
    patience: float = PATIENCE_S, values: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """The pages of an office file as PDF. `accept`: media types. `draft`: it shall be signed one day, so unsettled
    changes are refused too. `values`: words for its placeholders (`filling`). Raises `BadInput`: what `strict`
    found, else `office_placeholder`, `office_missing`, `office_heavy`, `office_failed`, `office_busy` (those before
    took too long).
    """
    found = library() if available() else None
    arguments = {"accept": list(accept), "draft": draft, "library": str(found or ""), "values": dict(values or {})}
    if not _turns.acquire(timeout=patience):
        raise BadInput("office_busy")
    try:
        made = jail.run(TASK, data, arguments=arguments, limits=within or limits(found))
    except TaskRefused as refused:
        raise BadInput(refused.code, **refused.details) from refused
    except ResourceLimit as error:
        raise BadInput("office_heavy") from error
    except jail.JailError as error:
        raise BadInput("office_failed") from error
    finally:
        _turns.release()
    return made.blobs[0]


def placeholders(data: bytes) -> tuple[str, ...]:
    """Names of the placeholders of a Word file, `{{Họ và tên}}`. Raises `BadInput`: what `strict` found, and
    `office_placeholder` where one is begun and not ended.
    """
    try:
        told = jail.run(LOOK, data, arguments={"accept": list(DRAFTS)}).json
    except TaskRefused as refused:
        raise BadInput(refused.code, **refused.details) from refused
    except jail.JailError as error:
        raise BadInput("office_failed") from error
    return tuple(told["names"])
