"""An office file becomes a PDF: a task for the jail.

LibreOffice is called as a library (LibreOfficeKit, the C interface that its own header describes), not as a
program: no second process, no socket in /tmp that the jail would have to allow, and the jail's limits hold for all
it does. Its profile is empty, lies in the task's folder and is gone with it.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from signing.jail import JailResult
from workflow.adapters.office.filling import filled
from workflow.adapters.office.profile import write_fonts, write_settings
from workflow.adapters.office.strict import checked
from workflow.domain.errors import BadInput

_Pointer = ctypes.c_void_p
_LOAD, _SAVE_AS = 2, 2
"""Places in the tables LibreOfficeKitClass and LibreOfficeKitDocumentClass; the first word is the table's size."""


def convert(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`arguments`: `accept` (media types), `draft`, `library` (LibreOffice's, empty without one), perhaps `values`
    for its placeholders. The PDF is the only blob. Refuses with the reasons of `strict`, with `office_placeholder`,
    `office_missing`, and with `office_failed` where LibreOffice cannot read the file after all.
    """
    data, ending = checked(payload, accept=frozenset(arguments["accept"]), draft=bool(arguments["draft"]))
    if values := arguments.get("values"):
        data = filled(data, values)
    if not arguments["library"]:
        raise BadInput("office_missing")
    work = Path.cwd()
    source, target = work / f"paper.{ending}", work / "paper.pdf"
    source.write_bytes(data)
    os.environ["FONTCONFIG_FILE"] = str(write_fonts(work))
    os.environ["SAL_USE_VCLPLUGIN"] = "svp"
    profile = write_settings(work)
    _print(Path(arguments["library"]), profile=profile, source=source, target=target)
    if not target.is_file():
        raise BadInput("office_failed")
    return JailResult({}, (target.read_bytes(),))


def _print(library: Path, *, profile: Path, source: Path, target: Path) -> None:
    """Load, save as PDF. Nothing is given back: the process ends with the task."""
    loaded = ctypes.CDLL(str(library), mode=os.RTLD_LAZY)
    hook = loaded.libreofficekit_hook_2
    hook.restype, hook.argtypes = _Pointer, [ctypes.c_char_p, ctypes.c_char_p]
    office = hook(os.fsencode(library.parent), _address(profile))
    if not office:
        raise BadInput("office_failed")
    load = ctypes.CFUNCTYPE(_Pointer, _Pointer, ctypes.c_char_p)(_entry(office, _LOAD))
    document = load(office, _address(source))
    if not document:
        raise BadInput("office_failed")
    save = ctypes.CFUNCTYPE(ctypes.c_int, _Pointer, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p)(
        _entry(document, _SAVE_AS)
    )
    if not save(document, _address(target), b"pdf", b""):
        raise BadInput("office_failed")


def _entry(thing: int, place: int) -> int:
    """A function of an object whose first word points to its table."""
    table = ctypes.cast(thing, ctypes.POINTER(_Pointer))[0]
    found = ctypes.cast(table or 0, ctypes.POINTER(_Pointer))[place]
    if not found:
        raise BadInput("office_failed")
    return int(found)


def _address(path: Path) -> bytes:
    return path.as_uri().encode()
