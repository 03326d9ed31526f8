"""A paper read from the file to the proposals, and every way in which a file can be bad."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import create_engine

from tests.support.scans import scanned
from workflow.adapters import ocr
from workflow.domain.reading import Confidence, Field
from workflow.services import reading
from workflow.services.reading import Reading, read_letter
from workflow.store.session import UnitOfWork, unit_of_work

DRAFTS = Path(__file__).parents[1] / "assets" / "drafts"


@pytest.fixture(scope="module")
def uow() -> Iterator[UnitOfWork]:
    """Nothing is stored by reading."""
    engine = create_engine("sqlite://")
    with unit_of_work(engine) as work:
        yield work
    engine.dispose()


def draft(name: str) -> bytes:
    return (DRAFTS / f"{name}.pdf").read_bytes()


def value(found: Reading, field: Field) -> str | None:
    best = found.best(field)
    return best.value if best else None


@pytest.mark.parametrize(
    ("name", "kind", "signer", "subject"),
    [
        ("decision", "decision", "Nguyễn Thị Lan", "Về việc thành lập Tổ công nghệ số cộng đồng xã Đồng Tâm"),
        ("notice", "notice", "Nguyễn Thị Lan", "Về việc tiếp công dân định kỳ tháng 12 năm 2026"),
        ("official-letter", "letter", "Đặng Quốc Việt", "triển khai các biện pháp phòng, chống bão số 9 năm 2026"),
        (
            "invitation",
            "invitation",
            "Phạm Thị Hương Giang",
            "Họp triển khai số hóa hồ sơ, kết quả giải quyết thủ tục hành chính",
        ),
    ],
)
def test_drafts_of_three_producers(uow: UnitOfWork, name: str, kind: str, signer: str, subject: str) -> None:
    """Issuer, kind, signer and subject; no number and no day, for they are blank."""
    found = read_letter(uow, draft(name))
    assert (found.trouble, found.pages, found.scanned) == ("", 1, ())
    assert value(found, Field.ISSUER) == "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM"
    assert (value(found, Field.TYPE_CODE), value(found, Field.SIGNER)) == (kind, signer)
    assert value(found, Field.SUBJECT) == subject
    assert (value(found, Field.NUMBER), value(found, Field.DATE)) == (None, None)


def test_a_scan(uow: UnitOfWork) -> None:
    """Read by OCR, with places on the page as it lies and no certain subject."""
    askew = scanned(draft("decision"), skew=1.8, dpi=160)
    found = read_letter(uow, askew)
    assert (found.trouble, found.scanned) == ("", (1,))
    assert value(found, Field.ISSUER) == "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM"
    assert value(found, Field.TYPE_CODE) == "decision"
    assert value(found, Field.SIGNER) == "Nguyễn Thị Lan"
    subject, plain = found.best(Field.SUBJECT), read_letter(uow, draft("decision")).best(Field.SUBJECT)
    assert subject is not None
    assert plain is not None
    assert subject.confidence is not Confidence.CERTAIN
    assert abs(subject.box.y0 - plain.box.y0) < 25
    assert subject.box.y1 - subject.box.y0 > plain.box.y1 - plain.box.y0  # the box of a line that lies askew


def test_without_ocr_a_scan_is_typed_by_hand(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and text is still read."""
    monkeypatch.setattr(ocr, "ocr_data_folder", lambda: Path("/nowhere"))
    found = read_letter(uow, scanned(draft("notice"), dpi=60))
    assert found == Reading((), trouble="ocr_missing", pages=1)
    assert value(read_letter(uow, draft("notice")), Field.TYPE_CODE) == "notice"


def locked() -> bytes:
    stream = io.BytesIO()
    pikepdf.open(DRAFTS / "notice.pdf").save(stream, encryption=pikepdf.Encryption(owner="a", user="b"))
    return stream.getvalue()


def blank() -> bytes:
    stream = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "trouble"),
    [
        (lambda: b"", "pdf_unreadable"),
        (lambda: b"%PDF-1.7 and nothing", "pdf_unreadable"),
        (lambda: draft("notice")[:900], "pdf_unreadable"),
        (locked, "pdf_encrypted"),
        (blank, "nothing_found"),
    ],
)
def test_bad_files_give_a_code(uow: UnitOfWork, make: Callable[[], bytes], trouble: str) -> None:
    """Never an exception."""
    assert read_letter(uow, make()).trouble == trouble


def test_a_box_goes_back_to_where_the_page_lies() -> None:
    """Turning and straightening undone: a corner of a page that lay on its side, and one on its head."""
    box = reading.Box(0, 0, 10, 20)
    on_its_head = reading._Tilt(180, 0.0, 595, 842)
    on_its_side = reading._Tilt(90, 0.0, 842, 595)
    assert reading._undone(box, on_its_head) == reading.Box(585, 822, 595, 842)
    assert reading._undone(box, on_its_side) == reading.Box(575, 0, 595, 10)


def test_pages_of_a_long_scan_are_read_from_both_ends() -> None:
    """The first, the last, then inwards."""
    order: Any = reading._order([1, 2, 3, 8, 9, 10])
    assert order == [1, 10, 2, 9, 3, 8]
