"""Spreadsheets that reach beyond themselves, made from a real one."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from tests.support.attached import sheet
from tests.support.odd_files import odf


def calculating(formula: str) -> bytes:
    """An XLSX with one formula."""
    return other_part(SHEET, (CELL % escape(formula)).encode())


def naming(formula: str) -> bytes:
    """An XLSX whose formula stands behind a name."""
    return other_part("xl/workbook.xml", (NAMES % escape(formula)).encode())


def with_part(name: str, data: bytes) -> bytes:
    """An XLSX with one part more."""
    stream = io.BytesIO()
    stream.write(sheet())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def other_part(name: str, data: bytes) -> bytes:
    """An XLSX in which one part is another."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sheet())) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for one in given.namelist():
            made.writestr(one, data if one == name else given.read(one))
    return stream.getvalue()


def open_sheet(inside: str = "", formula: str = "of:=SUM([.B1:.B9])") -> bytes:
    """An ODS with one formula, and something at the beginning of its table."""
    return odf("spreadsheet", **{"content.xml": (CONTENT % (inside, formula)).encode()})


CONTENT = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:xlink="x" xmlns:draw="d" xmlns:text="e">'
    '<office:body><office:spreadsheet><table:table table:name="A">%s<table:table-row>'
    '<table:table-cell table:formula="%s"/></table:table-row></table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
SHEET = "xl/worksheets/sheet1.xml"
CELL = '<worksheet xmlns="m"><sheetData><row><c><f>%s</f></c></row></sheetData></worksheet>'
NAMES = '<workbook xmlns="m"><definedNames><definedName name="moi">%s</definedName></definedNames></workbook>'
CONNECTION = b'<connections xmlns="m"><connection id="1" refreshOnLoad="1"><dbPr/></connection></connections>'
MASHUP = '<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="d">AAAA</DataMashup>'.encode("utf-16")
