"""What a file's name says, held against what the file is."""

from __future__ import annotations

import re
from typing import Final

from workflow.adapters.inspection.findings import Findings
from workflow.domain.file_warnings import FileKind, FileWarning

RUNS: Final = frozenset({
    "apk", "app", "appref-ms", "bat", "chm", "cmd", "com", "cpl", "desktop", "dll", "exe", "gadget", "hta",
    "inf", "jar", "js", "jse", "lnk", "msc", "msi", "msp", "mst", "pif", "ps1", "psm1", "py", "reg", "scf",
    "scr", "sct", "settingcontent-ms", "sh", "sys", "url", "vb", "vbe", "vbs", "ws", "wsc", "wsf", "wsh", "xll",
})  # fmt: skip
"""Endings that Windows, or another desktop, runs when they are clicked."""

ARCHIVES: Final = frozenset({
    "7z", "ace", "arj", "bz2", "cab", "gz", "img", "iso", "lha", "lzh", "rar", "tar", "tgz", "txz", "vhd",
    "vhdx", "xz", "zip", "zst",
})  # fmt: skip

OFFICE: Final = frozenset({
    "doc", "docm", "docx", "dot", "dotm", "dotx", "fodp", "fods", "fodt", "odg", "odp", "ods", "odt", "one",
    "ott", "pot", "potm", "potx", "pps", "ppsm", "ppsx", "ppt", "pptm", "pptx", "rtf", "xla", "xlam", "xls",
    "xlsb", "xlsm", "xlsx", "xlt", "xltm", "xltx",
})  # fmt: skip

_KINDS: Final[dict[FileKind, frozenset[str]]] = {
    FileKind.PDF: frozenset({"pdf"}),
    FileKind.OFFICE: OFFICE | {"xml"},
    FileKind.ARCHIVE: ARCHIVES | {"edxml", "zipx"},
    FileKind.SIGNATURE: frozenset({"p7s", "p7m", "p7b", "p7c", "sig", "cms", "eml", "pem", "der"}),
    FileKind.EMAIL: frozenset({"eml", "msg", "mht", "mhtml"}),
    FileKind.TEXT: frozenset({"txt", "csv", "log", "md", "ini", "json", "tsv", "ics", "vcf", "pem", "crt", "cer"}),
    FileKind.XML: frozenset({"xml", "edxml", "xsd", "xsl", "xslt", "svg", "fodt", "fods", "fodp", "doc", "xls"}),
    FileKind.HTML: frozenset({"html", "htm", "xhtml", "mht", "svg"}),
}
_MEDIA: Final[dict[str, frozenset[str]]] = {
    "image/png": frozenset({"png"}),
    "image/jpeg": frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    "image/tiff": frozenset({"tif", "tiff"}),
    "image/webp": frozenset({"webp"}),
    "image/gif": frozenset({"gif"}),
    "image/bmp": frozenset({"bmp", "dib"}),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": frozenset({"docx", "dotx"}),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": frozenset({"xlsx", "xltx"}),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": frozenset(
        {"pptx", "ppsx", "potx"}
    ),
    "application/vnd.oasis.opendocument.text": frozenset({"odt", "ott", "fodt"}),
    "application/vnd.oasis.opendocument.spreadsheet": frozenset({"ods", "fods"}),
    "application/vnd.oasis.opendocument.presentation": frozenset({"odp", "fodp"}),
    "application/msword": frozenset({"doc", "dot"}),
    "application/vnd.ms-excel": frozenset({"xls", "xlt", "xla"}),
    "application/vnd.ms-powerpoint": frozenset({"ppt", "pps", "pot"}),
    "application/rtf": frozenset({"rtf", "doc"}),
    "application/zip": frozenset({"zip"}),
    "application/gzip": frozenset({"gz", "tgz"}),
    "application/x-tar": frozenset({"tar"}),
    "application/vnd.rar": frozenset({"rar"}),
    "application/x-7z-compressed": frozenset({"7z"}),
}
"""Where a media type says more than its kind."""

_DOCUMENTS: Final = OFFICE | frozenset().union(
    *(_KINDS[kind] for kind in (FileKind.PDF, FileKind.TEXT, FileKind.XML, FileKind.HTML)),
    *(endings for media, endings in _MEDIA.items() if media.startswith("image/")),
)
_TURNED: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PADDED: Final = re.compile(r"\s{3,}\.\w+\s*$|\.\s*\w{2,5}\s{2,}\.\w+\s*$")


def endings(filename: str) -> list[str]:
    """`("pdf", "exe")` of `a.pdf.exe`, lower case, the last one last; at most two."""
    plain = _TURNED.sub("", filename).rstrip(" .\u3000")
    parts = [part.strip().lower() for part in plain.split(".")]
    return [part for part in parts[1:][-2:] if 0 < len(part) <= 16]


def ending(filename: str) -> str:
    """The last one, or nothing."""
    found = endings(filename)
    return found[-1] if found else ""


def runs(filename: str) -> bool:
    """Whether a click on it runs something."""
    return ending(filename) in RUNS


def compare(filename: str, found: Findings) -> None:
    """Hold the name against the kind that was found."""
    last = endings(filename)
    if _TURNED.search(filename) or _PADDED.search(filename) or _hides(last):
        found.warn(FileWarning.DOUBLE_EXTENSION)
    if not last:
        return
    if last[-1] in RUNS:
        found.warn(FileWarning.EXECUTABLE)
    allowed = _MEDIA.get(found.media_type) or _KINDS.get(found.kind or FileKind.UNKNOWN, frozenset())
    everything = _DOCUMENTS | ARCHIVES | RUNS | frozenset().union(*_KINDS.values())
    if (
        last[-1] in everything
        and last[-1] not in allowed
        and not (found.kind is FileKind.EXECUTABLE and last[-1] in RUNS)
    ):
        found.warn(FileWarning.MISMATCHED_NAME)


def _hides(last: list[str]) -> bool:
    """`.pdf.exe`, `.docx.zip`; not `.pdf.p7s`, `.signed.pdf` or `.docx.pdf`, which people make."""
    return len(last) == 2 and last[0] in _DOCUMENTS and last[1] in RUNS
