"""Uploads made to harm: each ends as a sentence beside the form, in bounded time, and the service goes on."""

from __future__ import annotations

import io
import time
import zlib

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers, letter

SECONDS = 20.0


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Objects 1, 2, 3 … with a table of places and a trailer that names the first as the catalogue."""
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    last = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return made + head + table + last


def one_page(content: bytes = b"<< /Length 0 >>\nstream\n\nendstream", *, box: bytes = b"[0 0 595 842]") -> bytes:
    """The smallest document."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << >> >>" % box, content,
    )  # fmt: skip


def bomb() -> bytes:
    """64 MB of blanks, deflated twice."""
    packed = zlib.compress(zlib.compress(b" " * (64 << 20), 9), 9)
    return b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed)


def many_pages(count: int = 80_000) -> bytes:
    """One page named eighty thousand times."""
    kids = b"3 0 R " * count
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )  # fmt: skip


FILES = {
    "bomb": one_page(bomb()),
    "huge page": one_page(box=b"[0 0 99999999 99999999]"),
    "pages": many_pages(),
    "loop": pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "nesting": one_page(box=b"[" * 50_000 + b"]" * 50_000),
    "html": b"<!doctype html><script>alert(1)</script>" + letter(),
    "nothing": b"%PDF-1.7\n%%EOF",
    "zip": b"PK\x03\x04" + bytes(2000),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_hostile_upload_ends_quickly_and_kindly(client: Browser, papers: Papers, name: str) -> None:
    """Taken after being rewritten, or refused with words; never an accident, never a worker lost."""
    client.login("drafter")
    form = {"type_code": "letter", "subject": "Tệp lạ", "file": (io.BytesIO(FILES[name]), '../"><img src=x>.pdf')}
    begun = time.monotonic()
    answer = client.post("/outgoing/new", data=form)
    assert time.monotonic() - begun < SECONDS
    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        page = client.get(answer.headers["Location"])
        assert page.status_code == 200
        image = client.get("/outgoing/1/files/2/pages/1.webp")
        assert image.status_code in {200, 404, 422}
    assert client.get("/desk").status_code == 200


SCRIPT = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
LAUNCH = b"/OpenAction << /S /Launch /F (cmd) >>"
ATTACHED = b"/Names << /EmbeddedFiles << /Names [(a.exe) << /Type /Filespec /F (a.exe) /EF << /F 4 0 R >> >>] >> >>"


def with_catalogue(entries: bytes) -> bytes:
    """One page, and something more in the catalogue."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % entries, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>", b"<< /Length 2 >>\nstream\nMZ\nendstream",
    )  # fmt: skip


@pytest.mark.parametrize("entries", [SCRIPT, LAUNCH])
def test_what_runs_is_refused(client: Browser, papers: Papers, entries: bytes) -> None:
    """Scripts and launches: the draft is kept, its file is not taken. Without them it is."""
    client.login("drafter")
    for data, status in ((with_catalogue(entries), 422), (with_catalogue(b""), 303)):
        form = {"type_code": "letter", "subject": f"Tệp lạ {status}", "file": (io.BytesIO(data), "a.pdf")}
        assert client.post("/outgoing/new", data=form).status_code == status


def test_what_hides_is_taken_out(client: Browser, papers: Papers) -> None:
    """An attachment does not survive the rewriting; the original is kept as it came."""
    form = {"type_code": "letter", "subject": "Tệp lạ", "file": (io.BytesIO(with_catalogue(ATTACHED)), "a.pdf")}
    address = client.login("drafter").post("/outgoing/new", data=form).headers["Location"].partition("?")[0]
    original, draft = (client.get(f"{address}/files/{number}/content").data for number in (1, 2))
    assert b"a.exe" in original
    assert b"a.exe" not in draft
    assert b"EmbeddedFile" not in draft
