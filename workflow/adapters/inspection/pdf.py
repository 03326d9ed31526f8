"""What a PDF can do by itself: every object of it is looked at, those in object streams and older revisions too.

Not taken for active: links to addresses, jumps inside the file, forms without scripts, signatures of any kind.
ISO 32000-1, 12.6 (actions), 7.11.4 (embedded files), 12.7.8 (XFA), 13 (multimedia).
"""

from __future__ import annotations

import io
import re
from typing import Any, Final

import pikepdf

from workflow.adapters.inspection.findings import Findings
from workflow.adapters.pages import MAX_PAGES
from workflow.domain.file_warnings import FileKind, FileWarning

ACTIONS: Final = {
    "/JavaScript": "javascript", "/Launch": "launch", "/SubmitForm": "submit_form", "/ImportData": "import_data",
    "/GoToE": "goto_embedded", "/GoToR": "goto_file", "/Rendition": "media", "/Movie": "media", "/Sound": "media",
    "/RichMediaExecute": "rich_media", "/GoTo3DView": "rich_media",
}  # fmt: skip
ANNOTATIONS: Final = {
    "/RichMedia": "rich_media", "/3D": "rich_media", "/Movie": "media", "/Sound": "media", "/Screen": "media",
    "/FileAttachment": "embedded_file",
}  # fmt: skip
HARMLESS: Final = frozenset({"/GoTo", "/Named"})
"""What may happen by itself when the file or a page is opened: a jump inside the file."""

_SUSPECT: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|GoToE|GoToR|Rendition|Movie|Sound|RichMedia|RichMediaExecute"
    rb"|GoTo3DView|3D|Screen|FileAttachment|EmbeddedFile|EF|XFA|AA|OpenAction)(?![A-Za-z0-9])"
)
_RAW: Final = re.compile(
    rb"/S\s*/(JavaScript|Launch|SubmitForm|ImportData|GoToE|Rendition|RichMediaExecute)(?![A-Za-z0-9])"
    rb"|/(JS)\s*(?:[(<]|\d+\s+\d+\s+R)|/(XFA)\s*(?:\[|\d+\s+\d+\s+R)"
)
_RAW_NAMES: Final = {b"JS": "javascript", b"XFA": "xfa"}
_HIDDEN_LETTER: Final = re.compile(rb"#([2-7][0-9A-Fa-f])")
_DEPTH: Final = 60
_CHAIN: Final = 50


def read(data: bytes, found: Findings) -> None:
    """A file that begins with, or soon has, `%PDF-`."""
    found.known(FileKind.PDF, "application/pdf")
    raw_bytes(data, found)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                found.warn(FileWarning.RESTRICTED)
            found.pages = len(pdf.pages)
            _everything(pdf, found)
    except pikepdf.PasswordError:
        found.warn(FileWarning.ENCRYPTED)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, RuntimeError):
        found.warn(FileWarning.UNREADABLE)
    if found.pages is not None and found.pages > MAX_PAGES:
        found.warn(FileWarning.TOO_MANY_PAGES)
    if found.pages == 0:
        found.warn(FileWarning.UNREADABLE)


def raw_bytes(data: bytes, found: Findings) -> None:
    """A second net, over bytes: objects that a later revision replaced or that no table names.

    "View the signed version" and programs that repair a file see those.
    """
    if _HIDDEN_LETTER.search(data):
        data = _HIDDEN_LETTER.sub(lambda hit: bytes([int(hit[1], 16)]), data)
    for hit in _RAW.finditer(data):
        if hit[1]:
            found.acts(ACTIONS["/" + hit[1].decode()])
        else:
            found.acts(_RAW_NAMES[hit[2] or hit[3]])


def _everything(pdf: Any, found: Findings) -> None:
    for item in pdf.objects:
        holder: Any
        if isinstance(item, pikepdf.Stream):
            holder = item.stream_dict
            _stream(item, holder, found)
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Array):
            holder = item
        else:
            continue
        if _SUSPECT.search(holder.unparse(resolved=True)):
            _walk(holder, found, 0)


def _stream(item: Any, holder: Any, found: Findings) -> None:
    kind = holder.get("/Type")
    if kind == "/ObjStm":  # objects of an older revision that the newest no longer names
        raw_bytes(item.read_bytes(), found)
    elif kind == "/EmbeddedFile":
        found.acts("embedded_file")
    if "/F" in holder:
        found.acts("external_stream")


def _walk(item: Any, found: Findings, depth: int) -> None:
    """One object and what stands directly in it; what it refers to comes by itself."""
    if depth > _DEPTH:
        found.warn(FileWarning.UNREADABLE)
        return
    if isinstance(item, pikepdf.Dictionary):
        _dictionary(item, found)
        inside = [value for _key, value in item.items()]
    else:
        inside = list(item)
    for value in inside:
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            _walk(value, found, depth + 1)


def _dictionary(item: Any, found: Findings) -> None:
    for table, key in ((ACTIONS, "/S"), (ANNOTATIONS, "/Subtype")):
        value = item.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in table:
            found.acts(table[str(value)])
    if isinstance(item.get("/JS"), pikepdf.String | pikepdf.Stream):
        found.acts("javascript")
    if item.get("/Type") == "/EmbeddedFile" or isinstance(item.get("/EF"), pikepdf.Dictionary):
        found.acts("embedded_file")
    if isinstance(item.get("/XFA"), pikepdf.Array | pikepdf.Stream):
        found.acts("xfa")
    _starts_itself(item.get("/OpenAction"), found)
    triggers = item.get("/AA")
    if isinstance(triggers, pikepdf.Dictionary):
        for _key, action in triggers.items():
            _starts_itself(action, found)


def _starts_itself(action: Any, found: Findings) -> None:
    """An action that nobody has to click: anything but a jump is active, also a link to an address."""
    for _turn in range(_CHAIN):
        if not isinstance(action, pikepdf.Dictionary):
            return
        if (name := action.get("/S")) is not None and str(name) not in HARMLESS:
            found.acts(ACTIONS.get(str(name), "starts_itself"))
        if "/Next" not in action:
            return
        following = action["/Next"]
        if isinstance(following, pikepdf.Array):
            for one in list(following)[:_CHAIN]:
                if isinstance(one, pikepdf.Dictionary) and str(one.get("/S")) not in HARMLESS:
                    found.acts(ACTIONS.get(str(one.get("/S")), "starts_itself"))
            return
        action = following
