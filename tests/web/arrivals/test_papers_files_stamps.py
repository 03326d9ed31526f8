"""Papers by form, files as downloads only, the ĐẾN stamp, and the figures by sender."""

from __future__ import annotations

import io
import re

import pypdfium2
from PIL import Image

from tests.support import held_files
from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser
from tests.support.papers import letter
from tests.web.arrivals.desk import FACTS, number_in, register, row, sent
from workflow.store.models import Incoming
from workflow.store.session import unit_of_work

EXE = b"MZ\x90 mot chuong trinh"


def paper(client: Browser, once: str = "form-1", **changes: str) -> int:
    """Register a paper; the answer's `done`."""
    answer = client.post("/incoming/new", data={**FACTS, "once": once, "copies": "2", **changes})
    assert answer.status_code == 303
    return int(re.findall(r"done=(\d+)", answer.location)[0])


def add(client: Browser, incoming_id: int, data: bytes, name: str, **fields: str) -> int:
    """Add a file; the status."""
    given = {"kind": "scan", "version": str(row(client, incoming_id).version), **fields}
    return client.post(
        f"/incoming/{incoming_id}/files", data={**given, "file": (io.BytesIO(data), name)}
    ).status_code


def test_a_paper_is_registered_once_and_scanned_later(client: Browser, arrivals: Arrivals) -> None:
    """Number first; the same form again is the same paper; the scan is shown as pages, the file is not changed."""
    client.login("clerk")
    made = paper(client, envelope_on="19/11/2026", due_kind="none")
    assert paper(client, envelope_on="19/11/2026") == made
    found = row(client, made)
    assert (found.number, found.medium, found.copies, str(found.envelope_on)) == (1, "paper", 2, "2026-11-19")
    assert [add(client, made, letter(), "quet.pdf") for _time in range(2)] == [303, 303]
    assert client.get(f"/incoming/{made}/files/1").data == letter()
    assert client.get(f"/incoming/{made}/files/1/pages/1").mimetype == "image/webp"
    assert client.get(f"/incoming/{made}/files/1/pages/9").status_code == 404
    assert client.get(f"/incoming/{made}/files/2").status_code == 404
    assert add(client, made, letter("khác"), "bi.pdf", kind="envelope") == 303
    assert add(client, made, letter("nữa"), "x.pdf", kind="main") == 422


def test_nobody_reads_what_its_sender_took_back(client: Browser, arrivals: Arrivals) -> None:
    """Recalled: the page stays as the trace; the file and its page images are gone (Art. 18.4b)."""
    client.login("clerk")
    made = paper(client)
    assert add(client, made, letter(), "quet.pdf") == 303
    before = client.get(f"/incoming/{made}").text
    assert f"/incoming/{made}/files/1" in before
    with unit_of_work(arrivals.office.engine) as uow:
        uow.begin_write()
        found = uow.session.get_one(Incoming, made)
        found.state, found.closed_at = "recalled", client.clock()
        uow.commit()
    assert client.get(f"/incoming/{made}/files/1").status_code == 404
    assert client.get(f"/incoming/{made}/files/1/pages/1").status_code == 404
    after = client.get(f"/incoming/{made}")
    assert after.status_code == 200
    assert f"/incoming/{made}/files/1" not in after.text


def test_a_second_paper_like_it_is_warned_about(client: Browser, arrivals: Arrivals) -> None:
    """Another form with the same sender, number and date."""
    client.login("clerk")
    first = paper(client)
    again = client.post("/incoming/new", data={**FACTS, "once": "form-2"})
    assert again.status_code == 422
    assert f'href="/incoming/{first}' in again.text
    assert paper(client, "form-2", seen=str(first)) != first
    assert client.post("/incoming/new", data={"once": "form-3", "note": "Gõ dở"}).status_code == 422


def test_only_on_the_queue_or_secret(client: Browser, arrivals: Arrivals) -> None:
    """Put on the queue it has no number; a secret paper goes to the secret register and takes no file."""
    client.login("clerk")
    assert row(client, paper(client, do="save")).number is None
    secret = paper(client, "form-2", symbol="7/M", secret="true")
    assert row(client, secret).number == 1
    assert add(client, secret, letter(), "quet.pdf") == 422
    assert b"%PDF" in client.get(f"/incoming/{secret}/stamp.pdf").data


def test_downloads_are_never_opened_in_our_pages(client: Browser, arrivals: Arrivals) -> None:
    """Attachment, sandboxed, plain names; what is quarantined only after a word, and never as what it is."""
    client.login("clerk")
    plain, strange = sent(client, ("Quyết định số 15.pdf", letter()), ("trang.html\u202efdp.exe", EXE))
    address = f"/incoming/{number_in(plain['address'])}/files/1"
    answer = client.get(address)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="quyet-dinh-so-15.pdf"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    address = f"/incoming/{number_in(strange['address'])}/files/1"
    asked = client.get(address)
    assert asked.mimetype == "text/html"
    assert EXE not in asked.data
    sure = client.get(f"{address}?sure=1")
    assert (sure.data, sure.mimetype) == (EXE, "application/octet-stream")
    assert sure.headers["Content-Disposition"].startswith("attachment;")
    assert client.get(f"{address}/pages/1").status_code in {404, 422}


def test_a_photograph_of_a_paper_is_shown_as_a_page(client: Browser, arrivals: Arrivals) -> None:
    """Drawn anew in the jail, never given to the page as it came."""
    picture = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(picture, "JPEG")
    (made,) = sent(client.login("clerk"), ("anh.jpg", picture.getvalue()))
    incoming_id = number_in(made["address"])
    assert 'class="sheet-of-paper"' in client.get(made["address"]).text
    drawn = client.get(f"/incoming/{incoming_id}/files/1/pages/1")
    assert (drawn.mimetype, drawn.data[:4]) == ("image/webp", b"RIFF")


def test_stamps(client: Browser, arrivals: Arrivals) -> None:
    """One on a page of 50 × 35 mm, many on sheets of 21; what has no number has no stamp."""
    client.login("clerk")
    made = [arrivals.registered().id for _one in range(3)]
    waiting = arrivals.paper().id
    one = pypdfium2.PdfDocument(client.get(f"/incoming/{made[0]}/stamp.pdf").data)
    width, height = one[0].get_size()
    assert [round(edge / 72 * 25.4) for edge in (width, height)] == [50, 35]
    told = one[0].get_textpage().get_text_range()
    for words in ("ĐẾN", "Số:", "01", "Ngày:", "23/11/2026", "Chuyển:", "Số và ký hiệu hồ sơ:", "XÃ ĐỒNG TÂM"):
        assert words in told
    query = "&".join(f"documents={key}" for key in (*made, waiting))
    sheet = pypdfium2.PdfDocument(client.get(f"/incoming/stamps.pdf?{query}&skip=19").data)
    assert [len(re.findall("ĐẾN", page.get_textpage().get_text_range())) for page in sheet] == [2, 1]
    assert client.get(f"/incoming/{waiting}/stamp.pdf").status_code == 404
    assert client.get("/incoming/stamps.pdf").status_code == 404
    page = client.get("/incoming/stamps").text
    assert page.count('name="documents"') == page.count(" checked") == 3
    assert 'name="documents"' not in client.get("/incoming/stamps?day=20/11/2026").text
    assert client.get("/incoming/stamps?day=99/99/9999").status_code == 200


def test_figures_by_sender_lead_to_their_documents(client: Browser, arrivals: Arrivals) -> None:
    """Those with most bad signatures first; every figure is a link with issuer, verdict and days."""
    arrivals.registered(facts=LETTER)
    (made,) = sent(client.login("clerk"), ("cv.pdf", held_files.foreign()))
    register(client, number_in(made["address"]), issuer="Công ty Lạ", verdict_reason="Đã đối chiếu")
    page = client.get("/incoming/senders").text
    assert page.index("Công ty Lạ") < page.index(LETTER.issuer)
    span = "from=2026-11-01&amp;to=2026-11-30"
    assert (
        f"/incoming?issuer=C%C3%B4ng+ty+L%E1%BA%A1&amp;verdict=indeterminate&amp;{span}&amp;state=registered&amp;"
        in page
    )
    assert client.login("leader").get("/incoming/senders?period=2026-10").status_code == 200
    assert LETTER.issuer not in client.login("far_clerk").get("/incoming/senders").text
    assert client.login("drafter").get("/incoming/senders").status_code == 403
