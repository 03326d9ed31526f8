"""What is drawn in a signature box: exactly the box, nothing hidden, Vietnamese text that can be read out."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from signing.errors import BrokenInput
from signing.pdf import Stream, read
from signing.prepare import FieldKind, prepare_signature
from signing.testing.drawings import appearance, compile_pdf, letter
from tests.signing.prepare.conftest import Office


def forms(data: bytes) -> dict[str, Stream]:
    view = read(data).last
    return {
        field.name: view.get(view.dictionary(field.node["AP"])["N"])  # type: ignore[index]
        for field in view.signature_fields()
        if "AP" in field.node
    }


def words(data: bytes, page: int) -> str:
    """Text as pdfium shows it, annotations included."""
    with pypdfium2.PdfDocument(data) as document:
        document.init_forms()
        sheet = document[page]
        sheet.flatten()
        return " ".join(str(document[page].get_textpage().get_text_bounded()).split())


def test_the_form_is_the_box_and_nothing_else(office: Office, issued: bytes) -> None:
    """/BBox from the origin with the size of /Rect; no matrix, group, optional content or pattern."""
    found = forms(issued)
    assert set(found) == {"Leader", "Number", "Seal"}
    for name, form in found.items():
        assert tuple(form.dict["BBox"]) == (0, 0, *office.field(name).size)
        assert set(form.dict) == {"Type", "Subtype", "BBox", "Resources", "Filter", "Length"}
        assert "Pattern" not in form.dict["Resources"]


def test_vietnamese_text_can_be_read_out(office: Office, issued: bytes) -> None:
    """Fonts are embedded with their mapping to Unicode; the footer too is text."""
    first, last = words(issued, 0), words(issued, 1)
    assert "Số: 15/UBND-VP" in first
    assert "Đà Nẵng, ngày 22 tháng 11 năm 2026" in first
    assert "Mã tra cứu: K7QF-2M9X" in first
    assert "Nguyễn Văn Hiền" in last
    assert "UBND XÃ BẰNG ÁI" in last


def test_a_drawing_of_another_size_is_refused(office: Office) -> None:
    """Nothing is scaled: a stretched seal would no longer have its real size."""
    width, height = office.field("Leader").size
    with pytest.raises(BrokenInput, match="appearance_size"):
        prepare(office, appearance("x", (width + 10, height)))


def test_a_drawing_of_two_pages_is_refused(office: Office) -> None:
    """A text too long for its box must not lose its end silently."""
    with pytest.raises(BrokenInput, match="appearance_pages"):
        prepare(office, letter(pages=2))


def test_a_drawing_with_patterns_is_refused(office: Office) -> None:
    """Tiling patterns can hold what verification does not see."""
    width, height = office.field("Leader").size
    source = (
        f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n#rect(fill: tiling(size: (5pt, 5pt))[a])"
    )
    with pytest.raises(BrokenInput, match="appearance_pattern"):
        prepare(office, compile_pdf(source))


def test_a_signature_without_drawing_leaves_its_box_empty(office: Office) -> None:
    """An empty form, so that a viewer draws nothing of its own."""
    item = prepare(office, None)
    assert forms(item)["Leader"].dict["Resources"] == {}


def test_pictures_come_along_with_their_transparency(office: Office) -> None:
    """A seal is a PNG with alpha: image and soft mask are copied."""
    width, height = office.field("Leader").size
    png = io.BytesIO()
    Image.new("RGBA", (4, 4), (200, 0, 0, 90)).save(png, "PNG")
    numbers = ",".join(str(byte) for byte in png.getvalue())
    picture = f"#image(bytes(({numbers})), width: 9pt)"
    source = f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n{picture}"
    signed = prepare(office, compile_pdf(source))
    view = read(signed).last
    images = view.dictionary(forms(signed)["Leader"].dict["Resources"]["XObject"])
    assert images is not None
    kinds = [view.get(ref).dict for ref in images.values()]
    assert any("SMask" in one for one in kinds)


def prepare(office: Office, drawing: bytes | None) -> bytes:
    return prepare_signature(
        office.document,
        field="Leader",
        certificate=office.leader.der,
        at=office.now,
        appearance_pdf=drawing,
    ).document


def test_the_footer_is_page_content(office: Office) -> None:
    """It is signed with the page and is no annotation."""
    page = read(office.document).pages()[0]
    footer = next(field for field in office.plan if field.kind is FieldKind.FOOTER)
    assert "TkFooter" in page.node["Resources"]["XObject"]
    assert footer.name not in {field.name for field in read(office.document).signature_fields()}
