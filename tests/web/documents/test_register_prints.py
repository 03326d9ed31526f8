"""The register of a year on paper (PDF/A-2b) and as a spreadsheet, in Vietnamese, for those who may see it."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from tests.support.browser import Browser
from tests.support.office import Office
from tests.support.years import begun_at, mixed_year
from workflow.web.i18n import CATALOGUES
from workflow.web.register_lines import BOOKS
from workflow.web.register_paper import pieces

PATHS = (
    "/register/volume.pdf", "/register/export.xlsx", "/incoming/register/volume.pdf", "/incoming/register.xlsx",
    "/incoming/register/follow-up/volume.pdf", "/incoming/register/follow-up.xlsx",
)  # fmt: skip


def printed(data: bytes) -> str:
    """The words of a PDF on one line."""
    document = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def rows_of(data: bytes, sheet: int = 0) -> list[list[object]]:
    """The cells of a sheet."""
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    )


@pytest.fixture
def register(office: Office) -> int:
    """The mixed year of the general register."""
    return mixed_year(office)


def test_the_printed_register_holds_every_line_and_adds_up(client: Browser, register: int) -> None:
    """Legal columns, held and cancelled numbers in their place with their reason, totals, the clerk's place; in
    Vietnamese though the reader works in English; of secret papers not what they are about."""
    client.set_cookie("trinhky_language", "en")
    answer = client.login("clerk").get(f"/register/volume.pdf?register={register}&year=2026")
    assert answer.mimetype == "application/pdf"
    words = printed(answer.data)
    for column in BOOKS["outgoing"].columns:
        told = CATALOGUES["vi"].texts["", column]
        assert told.split()[-1] in words
    for told in (
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI", "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM", "Quyển số: 1/1", "01/UBND-VP", "10/UBND-KT",
        "số đang giữ: chờ tờ trình", "số đã hủy: viết nhầm", "08: đang giữ – chờ tờ trình của Phòng Kinh tế",
        "10: đã hủy – phát hành nhầm", "VĂN THƯ CƠ QUAN", "Trang 1", "Công văn: mật",
    ):  # fmt: skip
        assert told in words, told
    assert "Việc thứ 6" not in words
    assert "10 6 1 2 2 1" in words.split("Số không có dòng đăng ký")[1]


def test_the_file_says_that_it_is_archival(client: Browser, register: int) -> None:
    """XMP says PDF/A-2b, the colour profile is inside, every font is embedded; no validator was asked."""
    data = client.login("leader").get(f"/register/volume.pdf?register={register}&year=2026").data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        xmp = pdf.open_metadata()
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert len(intent.DestOutputProfile.read_bytes()) > 200
        fonts = [font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()]
        assert fonts
        for font in fonts:
            descriptor = (
                font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor
            )
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_the_spreadsheet_holds_the_same(client: Browser, register: int) -> None:
    """Every legal column, days as days, status and reason beside; totals on the second sheet."""
    data = client.login("leader").get(f"/register/export.xlsx?register={register}&year=2026").data
    head, *lines = rows_of(data)
    assert head[:10] == [CATALOGUES["vi"].texts["", column] for column in BOOKS["outgoing"].columns]
    assert [str(line[0])[:2] for line in lines] == ["01", "02", "04", "05", "06", "07", "08", "09", "10"]
    assert str(lines[0][1]) == "2026-01-05"
    assert [line[10] for line in lines].count("đã hủy") == 2
    assert lines[6][10:] == ["đang giữ", "chờ tờ trình của Phòng Kinh tế"]
    told = {str(line[0]): line[1] for line in rows_of(data, 1)}
    assert (told["Số cuối đã cấp"], told["Số đã dùng"], told["Số đã hủy"]) == (10, 6, 2)


@pytest.mark.parametrize("path", PATHS)
def test_only_who_may_see_the_register_takes_it_away(client: Browser, register: int, path: str) -> None:
    """A foreign register and a volume that is not there are missing; drafters and administrators have none."""
    assert client.login("clerk").get(path).status_code == 200
    assert client.get(f"{path}?volume=2&part=2").status_code == 404
    assert client.login("far_clerk").get(f"{path}?register={register}").status_code == 404
    for name in ("drafter", "admin"):
        assert client.login(name).get(path).status_code == 403


def test_a_year_begun_in_another_book_says_so(client: Browser, office: Office) -> None:
    """Numbers 1 to 1033 were drawn elsewhere: the cover of volume 2 and the page tell from which number on the
    register is kept here; volume 1 is not offered, and its paper says where its numbers are."""
    register = begun_at(office, 1034)
    query = f"register={register}&year=2026"
    cover = printed(client.login("clerk").get(f"/register/volume.pdf?{query}&volume=2").data)
    assert "Từ số: 1034 đến 1035" in cover
    assert "Các số từ 01 đến 1033 đã đăng ký ở sổ trước, do văn thư cơ quan lưu giữ" in cover
    assert "1035 2 0 0 0 0" in cover.split("Số không có dòng đăng ký")[1]
    empty = printed(client.get(f"/register/volume.pdf?{query}&volume=1").data)
    assert "chưa cấp số nào" not in empty
    assert "hệ thống này giữ sổ từ số 1034" in empty
    page = client.get(f"/register?{query}").text
    assert "hệ thống này giữ sổ từ số 1034" in page
    assert "volume=1&" not in page
    assert 'volume=1"' not in page
    assert "tại đây từ số 1.034" in client.login("admin").get("/admin/registers").text


def test_a_book_taken_over_without_a_line_yet(client: Browser, office: Office) -> None:
    """Begun elsewhere, nothing drawn here: the next number is the first of ours, and nobody says that none was
    drawn in the year."""
    register = begun_at(office, 41, lines=0)
    words = printed(client.login("clerk").get(f"/register/volume.pdf?register={register}&year=2026").data)
    assert "hệ thống này giữ sổ từ số 41" in words
    assert "chưa cấp số nào" not in words
    page = client.get(f"/register?register={register}&year=2026").text
    assert "Năm 2026 chưa cấp số nào tại đây." in page


def test_a_year_begun_here_says_nothing_of_another_book(client: Browser, register: int) -> None:
    """Its first number is 1, were it a line of the former system."""
    query = f"register={register}&year=2026"
    assert "sổ trước" not in printed(client.login("clerk").get(f"/register/volume.pdf?{query}").data)
    assert "sổ trước" not in client.get(f"/register?{query}").text


def test_a_line_names_whom_a_paper_went_to(client: Browser, office: Office) -> None:
    """`Như trên` and the file copy are no names: they stand in the register only where there is nothing else."""
    register = begun_at(office, 1, recipients=("Như trên\nSở Tài chính\nLưu: VT", "Như trên"))
    page = client.login("clerk").get(f"/register?register={register}&year=2026").text
    assert ">Sở Tài chính</td>" in page
    assert ">Như trên</td>" in page


def test_a_big_year_is_cut_into_volumes() -> None:
    """Twenty thousand numbers: twenty volumes; an empty year: one."""
    assert [(one.first, one.last) for one in pieces(2500, 1000)] == [(1, 1000), (1001, 2000), (2001, 2500)]
    assert len(pieces(20_000, 1000)) == 20
    assert [(one.first, one.last) for one in pieces(0, 1000)] == [(1, 1)]
