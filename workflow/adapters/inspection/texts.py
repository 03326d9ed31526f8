"""Files made of letters: RTF, mail, XML, SVG, HTML, plain text and scripts."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from workflow.adapters import mime
from workflow.adapters.inspection import archives, odf
from workflow.adapters.inspection.findings import MEGABYTE, Findings
from workflow.adapters.inspection.markup import Declared, events
from workflow.domain.file_warnings import FileKind, FileWarning

MAX_XML: Final = 48 * MEGABYTE
_HEAD: Final = 4096

_RTF: Final = (
    (re.compile(rb"\\obj(?:ect|data|emb|autlink|update|link|sub|pub|icemb|html)(?![a-z])"), "ole_object"),
    (re.compile(rb"\\objocx(?![a-z])"), "activex"),
    (re.compile(rb"\\\*\s*\\template(?![a-z])"), "external_template"),
    (re.compile(rb"DDE(?:AUTO)?(?![A-Za-z])"), "dde"),
)
_HTML: Final = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|meta|title|table)[\s>/]", re.IGNORECASE
)
_SCRIPTED: Final = re.compile(
    rb"<\s*(?:script|iframe|object|embed|applet|foreignObject|base|form)[\s>/]|[\s\"'/]on[a-z]{3,}\s*="
    rb"|(?:java|vb)script\s*:|http-equiv\s*=\s*[\"']?\s*refresh|data:text/html",
    re.IGNORECASE,
)
_FIELD: Final = re.compile(
    rb"^(?:from|to|cc|date|subject|received|return-path|delivered-to|message-id|mime-version|content-type|reply-to"
    rb"|content-transfer-encoding|x-[a-z0-9-]+|dkim-signature|sender)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_ENTITY: Final = re.compile(rb"(?:content-type|mime-version)[ \t]*:", re.IGNORECASE)
"""How the part of a mail begins that a signature covers."""
_SHEBANG: Final = re.compile(rb"#!\s*/")
_CONTROLS: Final = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"


def rtf(data: bytes, found: Findings) -> None:
    """Rich Text Format 1.9.1."""
    found.known(FileKind.OFFICE, "application/rtf")
    found.warn(FileWarning.OFFICE_FILE)
    for pattern, what in _RTF:
        if pattern.search(data):
            found.acts(what)


def read(data: bytes, found: Findings) -> None:
    """Anything made of letters; leaves `kind` open where it is not."""
    text = _as_utf8(data)
    if text is None:
        return
    head = text[:_HEAD].lstrip()
    if _SHEBANG.match(head):
        found.known(FileKind.EXECUTABLE, "text/x-script")
        found.warn(FileWarning.EXECUTABLE)
    elif head.startswith(b"%FDF-"):  # data and scripts for a form elsewhere
        return
    elif len(_FIELD.findall(header := _header(text))) >= 2 or _ENTITY.match(header):
        _mail(data, found)
    elif head.startswith(b"<") and _xml(text, found):
        return
    elif _HTML.search(head) or (head.startswith(b"<") and _SCRIPTED.search(text)):
        html(text, found)
    else:
        found.known(FileKind.TEXT, "text/plain")


def html(text: bytes, found: Findings) -> None:
    """A web page, with scripts or without."""
    found.known(FileKind.HTML, "text/html")
    found.warn(FileWarning.WEB_PAGE)
    if _SCRIPTED.search(text):
        found.acts("script")


def looks_like_html(head: bytes) -> bool:
    """Whether a browser that guesses would show these first bytes as a page."""
    return _HTML.search(head) is not None


def _as_utf8(data: bytes) -> bytes | None:
    """Text in any of the usual encodings; None where it is no text. Old Vietnamese letters need not be UTF-8."""
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            try:
                return data[2:].decode(name).encode()
            except UnicodeError:
                return None
    text = data.removeprefix(b"\xef\xbb\xbf")
    sample = text[:65_536] + text[-4096:]
    return None if len(sample.translate(None, _CONTROLS)) < len(sample) or b"\0" in text else text


def _header(text: bytes) -> bytes:
    start = text[:65_536].replace(b"\r\n", b"\n")
    return start.partition(b"\n\n")[0] if re.match(rb"(?:From [^\n]*\n)?[!-9;-~]+[ \t]*:", start) else b""


def _mail(data: bytes, found: Findings) -> None:
    found.known(FileKind.EMAIL, "message/rfc822")
    found.warn(FileWarning.ARCHIVE)
    try:
        _letter, files = mime.take_apart(data)
    except (ValueError, RecursionError):
        found.warn(FileWarning.UNREADABLE)
        return
    found.entries = len(files)
    for held in files:
        archives.entry(held.name, found)


def _xml(text: bytes, found: Findings) -> bool:
    """False where it is no XML: then it may be a page."""
    seen: list[str] = []
    flat: list[str] = []

    def begin(element: str, attributes: dict[str, str]) -> None:
        seen.append(element) if len(seen) < 2 else None
        if len(seen) == 1 and "opendocument" in attributes.get("mimetype", ""):
            flat.append(attributes["mimetype"])

    if text[:_HEAD].lstrip()[:5] != b"<?xml" and _HTML.match(text[:_HEAD].lstrip()) and not _is_svg(text):
        return False
    try:
        events(_without_encoding(text[:MAX_XML]), begin)
    except Declared:
        found.known(FileKind.XML, "application/xml")
        found.acts("entities")
        return True
    except expat.ExpatError:
        if text[:_HEAD].lstrip()[:5] != b"<?xml" or looks_like_html(text[:_HEAD]):
            return False
        found.known(FileKind.XML, "application/xml")
        found.warn(FileWarning.UNREADABLE)
        return True
    _named(text, seen[0] if seen else "", flat, found)
    return True


def _is_svg(text: bytes) -> bool:
    return re.match(rb"<\s*svg[\s>]", text[:_HEAD].lstrip(), re.IGNORECASE) is not None


def _without_encoding(text: bytes) -> bytes:
    """It is UTF-8 by now, or letters of one byte each: the declaration would send the parser elsewhere."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return re.sub(rb"^\s*<\?xml[^>]*\?>", b"", text).decode("latin-1").encode()
    return re.sub(rb"^\s*<\?xml[^>]*\?>", b"", text)


def _named(text: bytes, root: str, flat: list[str], found: Findings) -> None:
    if root == "html":
        html(text, found)
    elif root == "svg":
        found.known(FileKind.IMAGE, "image/svg+xml")
        found.warn(FileWarning.WEB_PAGE)
        if _SCRIPTED.search(text):
            found.acts("script")
    elif flat:
        found.known(FileKind.OFFICE, flat[0])
        found.warn(FileWarning.OFFICE_FILE)
        odf.look(_without_encoding(text), found)
    elif root in {"wordDocument", "Workbook", "package"} and (
        b"mso-application" in text[:_HEAD] or root != "Workbook"
    ):
        found.known(FileKind.OFFICE, "application/xml")
        found.warn(FileWarning.OFFICE_FILE)
        if re.search(rb"macrosPresent\s*=\s*[\"']yes|binData|vbaProject", text):
            found.acts("macros")
    else:
        found.known(FileKind.XML, "application/xml")
        if root == "xdp":
            found.acts("xfa")
        if b"<?xml-stylesheet" in text[:_HEAD]:
            found.acts("stylesheet")
