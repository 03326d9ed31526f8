"""A mail taken apart: who, when, about what, and its files."""

from __future__ import annotations

import random
from email.message import EmailMessage

import pytest

from signing.jail import run
from workflow.adapters import mime
from workflow.adapters.mime import take_apart

PDF = b"%PDF-1.7 " + bytes(range(256)) * 300


def mail(subject: str = "V/v báo cáo quý III") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Văn thư xã Yên Viễn <vanthu@yenvien.example>"
    made["To"] = "vanthu@dongtam.example"
    made["Subject"] = subject
    made["Date"] = "Mon, 23 Nov 2026 08:15:00 +0700"
    made["Message-ID"] = "<a1@yenvien.example>"
    made.set_content("Kính gửi quý cơ quan,\nXin gửi báo cáo.\n")
    return made


def test_who_when_what_and_the_files_inside_the_jail() -> None:
    """Names in Vietnamese, by RFC 2231 as the standard wants them, bytes as they were sent."""
    made = mail()
    made.add_attachment(PDF, maintype="application", subtype="pdf", filename="Báo cáo số 12.pdf")
    made.add_attachment(b"0\x03", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    found = run("workflow.adapters.mime:read", made.as_bytes(), limits=mime.LIMITS)
    assert found.json == {
        "sender": "Văn thư xã Yên Viễn <vanthu@yenvien.example>", "subject": "V/v báo cáo quý III",
        "date": "2026-11-23T08:15:00+07:00", "message_id": "a1@yenvien.example",
        "text": "Kính gửi quý cơ quan,\nXin gửi báo cáo.\n", "left_out": [],
        "files": [
            {"name": "Báo cáo số 12.pdf", "media_type": "application/pdf"},
            {"name": "smime.p7s", "media_type": "application/pkcs7-signature"},
        ],
    }  # fmt: skip
    assert found.blobs == (PDF, b"0\x03")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename==?utf-8?B?QsOhbyBjw6FvLnBkZg==?=", "Báo cáo.pdf"),
        ('attachment; filename="=?utf-8?B?QsOhbyA=?=\r\n =?utf-8?B?Y8Ohby5wZGY=?="', "Báo cáo.pdf"),
        ("attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o.pdf", "Báo cáo.pdf"),
        ("attachment; filename*0*=utf-8''B%C3%A1o; filename*1*=%20c%C3%A1o.pdf", "Báo cáo.pdf"),
        ('attachment; filename="..\\\\..\\\\x/../cv.pdf"', "cv.pdf"),
        ('attachment; filename="a\x07b.pdf"', "a b.pdf"),
        ('attachment; filename="=?wrong?Q?cv.pdf?="', "=?wrong?Q?cv.pdf?="),
        ('attachment; filename="Báo cáo.pdf"', "Báo cáo.pdf"),
        ("attachment", "dinh-kem-1.pdf"),
        ("inline", "dinh-kem-1.pdf"),
        ('attachment; filename="..."', "dinh-kem-1.pdf"),
    ],
)
def test_names_as_mail_programs_write_them(header: str, name: str) -> None:
    """Standard, common and wrong ways; folders and controls are taken off."""
    raw = f"Subject: x\r\nContent-Type: application/pdf\r\nContent-Disposition: {header}\r\n\r\n%PDF".encode()
    assert [held.name for held in take_apart(raw)[1]] == [name]


def test_a_forwarded_mail_is_opened_and_logos_are_left_out() -> None:
    """What somebody forwards counts; a small picture in the text does not, a large one does."""
    inner = mail("Giấy mời")
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="moi.pdf")
    outer = mail("Fwd: Giấy mời")
    outer.add_attachment(b"x" * 900, maintype="image", subtype="png", disposition="inline", filename="logo.png")
    outer.add_attachment(b"x" * 90_000, maintype="image", subtype="jpeg", disposition="inline", filename="scan.jpg")
    outer.add_attachment(inner)
    letter, files = take_apart(outer.as_bytes())
    assert [held.name for held in files] == ["scan.jpg", "moi.pdf"]
    assert letter.left_out == [{"name": "logo.png", "why": "inline_image"}]
    assert letter.subject == "Fwd: Giấy mời"


def test_a_page_becomes_text() -> None:
    """Where there is no plain text, what the page says is kept, without scripts and styles."""
    made = EmailMessage()
    made["Subject"] = "x"
    made.set_content(
        "<head><title>t</title></head><p>Kính gửi</p><script>a()</script><br>Trân trọng", subtype="html"
    )
    letter, files = take_apart(made.as_bytes())
    assert (letter.text, files) == ("Kính gửi\nTrân trọng", [])


def test_limits_are_told() -> None:
    """More files, parts or levels than are taken are named, not forgotten silently."""
    many = mail()
    for number in range(mime.MAX_FILES + 2):
        many.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    letter, files = take_apart(many.as_bytes())
    assert (len(files), letter.left_out[-1]) == (mime.MAX_FILES, {"name": "51.pdf", "why": "too_many_files"})
    deep = mail()
    for _level in range(mime.MAX_DEPTH + 2):
        outer = mail()
        outer.add_attachment(deep)
        deep = outer
    assert [one["why"] for one in take_apart(deep.as_bytes())[0].left_out] == ["too_deep"]


def test_broken_mails_have_an_answer() -> None:
    """Bytes changed at random, cut anywhere: something is always read."""
    made = mail()
    made.add_attachment(PDF[:600], maintype="application", subtype="pdf", filename="Báo cáo.pdf")
    seed = made.as_bytes()
    chance = random.Random(7)
    for _turn in range(150):
        data = bytearray(seed)
        for _byte in range(chance.randrange(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        letter, files = take_apart(bytes(data[: chance.randrange(20, len(data))]))
        assert letter.subject.isprintable()
        assert all(held.name.isprintable() and "/" not in held.name for held in files)
