"""A small strict PDF reader that knows bytes and revisions, and nothing of verdicts."""

from signing.pdf.file import Page, PdfFile, SignatureField, View, read, rectangle
from signing.pdf.objects import (
    HexString,
    IndirectObject,
    LiteralString,
    Name,
    PdfArray,
    PdfDict,
    PdfString,
    Ref,
    Stream,
)
from signing.pdf.xref import Entry, EntryKind, Revision, XrefKind

__all__ = [
    "Entry",
    "EntryKind",
    "HexString",
    "IndirectObject",
    "LiteralString",
    "Name",
    "Page",
    "PdfArray",
    "PdfDict",
    "PdfFile",
    "PdfString",
    "Ref",
    "Revision",
    "SignatureField",
    "Stream",
    "View",
    "XrefKind",
    "read",
    "rectangle",
]
