"""Drafts from real programs go through unharmed; everything dangerous is refused with its own code."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from signing.jail import JailError
from signing.pdf import XrefKind, read
from signing.prepare import BadDraft, normalise_in_jail
from signing.testing import drafts
from signing.testing.drawings import letter
from tests.support import programs

PAGE = """<html lang="vi"><body style="background:linear-gradient(#eef,#fff)"><h1>Thành phố Đà Nẵng</h1>
<p>Kính gửi <a href="https://example.org">Sở Nội vụ</a></p><p style="opacity:.5">mờ</p></body></html>"""


def pixels(data: bytes, page: int = 0) -> bytes:
    with pypdfium2.PdfDocument(data) as document:
        return bytes(document[page].render(scale=0.7).buffer)


def text(data: bytes, page: int = 0) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return str(document[page].get_textpage().get_text_bounded())


def saved(data: bytes, **options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, **options)
    return out.getvalue()


def turned(data: bytes, angle: int, *, unit: float = 1) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = angle
            page.obj.CropBox = pikepdf.Array([50, 400, 500, 800])
            if unit != 1:
                page.obj.UserUnit = unit
        pdf.save(out)
    return out.getvalue()


def assert_plain(data: bytes) -> None:
    """One revision, plain table, every object readable by the strict reader, pages at the origin."""
    file = read(data)
    assert [revision.xref_kind for revision in file.revisions] == [XrefKind.TABLE]
    assert data.startswith(b"%PDF-1.7\n")
    assert file.acroform is None
    for page in file.pages():
        assert page.node["MediaBox"][:2] == [0, 0]
        assert not {"Rotate", "CropBox", "Annots", "AA", "UserUnit"} & set(page.node)


@pytest.mark.parametrize(
    "make",
    [
        letter,
        drafts.libreoffice,
        drafts.hybrid,
        lambda: saved(letter(), linearize=True),
        lambda: saved(letter(), object_stream_mode=pikepdf.ObjectStreamMode.generate),
    ],
    ids=["typst", "LibreOffice", "hybrid", "linearized", "object streams"],
)
def test_drafts_of_many_programs_look_the_same_afterwards(make: object) -> None:
    """Pixels and text are those of the original."""
    original = make()  # type: ignore[operator]
    result = normalise_in_jail(original)
    assert_plain(result.data)
    assert pixels(result.data) == pixels(original)
    assert text(result.data).split() == text(original).split()


@pytest.mark.browser
def test_a_draft_printed_by_chromium_looks_the_same_afterwards(tmp_path: Path) -> None:
    """Gradients, transparency and links included; the links are named as removed."""
    (tmp_path / "page.html").write_text(PAGE)
    program = programs.chromium()
    assert program is not None
    arguments = ["--headless", f"--print-to-pdf={tmp_path / 'out.pdf'}", f"--user-data-dir={tmp_path / 'u'}"]
    subprocess.run(
        [program, *programs.CHROMIUM_FLAGS, *arguments, str(tmp_path / "page.html")],
        check=True,
        capture_output=True,
        timeout=60,
    )
    original = (tmp_path / "out.pdf").read_bytes()
    result = normalise_in_jail(original)
    assert_plain(result.data)
    assert pixels(result.data) == pixels(original)
    assert "Đà Nẵng" in text(result.data)
    assert "links" in result.removed


@pytest.mark.parametrize(("angle", "unit"), [(0, 1), (90, 1), (180, 1.5), (270, 1)])
def test_rotated_and_cropped_pages_are_turned_upright(angle: int, unit: float) -> None:
    """The new page shows what a viewer showed, with its origin at the visible corner."""
    original = turned(letter(), angle, unit=unit)
    result = normalise_in_jail(original)
    assert_plain(result.data)
    sides = (450 * unit, 400 * unit) if angle % 180 == 0 else (400, 450)
    assert (result.pages[0].width, result.pages[0].height) == sides
    if unit == 1:  # pdfium ignores UserUnit
        assert pixels(result.data) == pixels(original)


def test_the_same_draft_gives_the_same_bytes() -> None:
    """The hash of a normalised file can be compared across uploads and machines."""
    original = letter()
    first, second = normalise_in_jail(original), normalise_in_jail(original)
    assert first.data == second.data
    assert first.sha256 == second.sha256


def test_normalising_twice_changes_no_pixel() -> None:
    """A normalised file is itself a good draft."""
    once = normalise_in_jail(letter(pages=2))
    twice = normalise_in_jail(once.data)
    assert pixels(twice.data, 1) == pixels(once.data, 1)
    assert twice.removed == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (drafts.libreoffice(), ("links", "outline", "structure")),
        (drafts.form_field(b"100 100 200 120"), ("form_fields",)),
        (drafts.annotated(b"/Subtype/FreeText/Contents(a)/AP<</N 4 0 R>>"), ("annotations",)),
        (drafts.annotated(b"/Subtype/FileAttachment/FS<</Type/Filespec/F(a)>>"), ("annotations", "attachments")),
        (drafts.plain(catalog=b"/OCProperties<</OCGs[]/D<<>>>>"), ("layers",)),
        (drafts.plain(catalog=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"), ()),
        (drafts.plain(catalog=b"/OpenAction<</S/URI/URI(http://x)>>"), ("actions",)),
    ],
)
def test_what_is_left_out_is_named(data: bytes, words: tuple[str, ...]) -> None:
    """The drafter can read what the signed file will not hold; nothing of it is in the new file."""
    result = normalise_in_jail(data)
    assert result.removed == words
    assert_plain(result.data)
    assert not any(mark in result.data for mark in (b"/URI", b"/Annot", b"/OCProperties", b"/Filespec"))


def test_keys_that_lead_out_of_the_page_are_gone() -> None:
    """Optional content, alternates and private data of images and forms are dropped with their targets."""
    form = drafts.stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/OC 7 0 R/PieceInfo<</a<<>>>>/OPI<<>>")
    data = drafts.plain(more={6: form, 7: b"<</Type/OCG/Name(a)>>"}).replace(
        b"/Resources<</Font", b"/Resources<</XObject<</X 6 0 R>>/Properties<</P 7 0 R>>/Font"
    )
    with pytest.raises(BadDraft, match="broken"):
        normalise_in_jail(data)  # the table no longer fits: built again below
    result = normalise_in_jail(saved_loose(data))
    assert not any(mark in result.data for mark in (b"/OC ", b"/OCG", b"/PieceInfo", b"/OPI"))


def saved_loose(data: bytes) -> bytes:
    """Offsets repaired by another program first."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", list(drafts.HOSTILE))
def test_hostile_drafts_are_refused_with_their_code(name: str) -> None:
    """An answer with a reason, never a traceback."""
    code, make = drafts.HOSTILE[name]
    with pytest.raises(BadDraft) as caught:
        normalise_in_jail(make())
    assert caught.value.code == code


@pytest.mark.parametrize("user", ["", "secret"])
def test_encrypted_drafts_are_refused(user: str) -> None:
    """Also those that open without a password."""
    locked = saved(letter(), encryption=pikepdf.Encryption(owner="owner", user=user))
    with pytest.raises(BadDraft, match="encrypted"):
        normalise_in_jail(locked)


def test_a_signed_document_is_not_a_draft(issued: bytes) -> None:
    """Rewriting would destroy the signatures."""
    with pytest.raises(BadDraft, match="signed_already"):
        normalise_in_jail(issued)


def test_size_and_page_limits_hold() -> None:
    """Both limits come from the caller and stand in the details."""
    data = letter(pages=3)
    with pytest.raises(BadDraft, match="too_large") as large:
        normalise_in_jail(data, max_bytes=1000)
    assert large.value.details == {"bytes": len(data), "limit": 1000}
    with pytest.raises(BadDraft, match="too_many_pages") as long:
        normalise_in_jail(data, max_pages=2)
    assert long.value.details == {"pages": 3, "limit": 2}


@pytest.mark.parametrize("make", [drafts.nested, drafts.prev_loop])
def test_loops_and_deep_nesting_end_with_an_answer(make: object) -> None:
    """Refused, whatever the parser makes of them."""
    with pytest.raises(BadDraft):
        normalise_in_jail(make())  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(24))
def test_damaged_files_get_an_answer(seed: int) -> None:
    """Bytes changed at random places: a normalised file, a refusal or a limit, and nothing else."""
    data = bytearray(drafts.libreoffice())
    for step in range(6):
        data[(seed * 7919 + step * 104_729) % len(data)] = (seed * 31 + step * 17) % 256
    try:
        result = normalise_in_jail(bytes(data))
    except (BadDraft, JailError) as refusal:
        assert refusal.code  # noqa: PT017  either outcome is right, silence is not
    else:
        assert_plain(result.data)
