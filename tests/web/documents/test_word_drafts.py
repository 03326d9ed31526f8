"""A Word file as a draft: printed in the jail, looked at by its drafter, kept as it came."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.support.word_files import altered, decision, with_body
from workflow.adapters import office
from workflow.store import documents as store
from workflow.store.models import Blob
from workflow.store.session import unit_of_work


def form(papers: Papers, data: bytes, name: str = "quyet-dinh.docx", **more: Any) -> dict[str, Any]:
    """A decision to be signed by the chairman, with its file."""
    return {
        "type_code": "decision", "subject": "Hỗ trợ các hộ bị thiệt hại do mưa lũ", "recipients": "Như Điều 8",
        "urgency": "normal", "signer": f"{papers.office.posts['leader'].id}:head", "submit": "1",
        "file": (io.BytesIO(data), name), **more,
    }  # fmt: skip


@pytest.mark.tools("soffice")
def test_a_word_file_becomes_pages_that_the_drafter_sees_first(client: Browser, papers: Papers) -> None:
    """Pages and boxes before submitting; typed head and name are found as in any PDF; the original stays."""
    client.set_cookie("trinhky_language", "en")
    signer = papers.office.names["leader"]
    word = decision(name=signer)
    answer = client.login("drafter").post("/outgoing/new", data=form(papers, word))
    assert answer.headers["Location"].endswith("/plan?new=1")
    made = int(re.findall(r"/outgoing/(\d+)", answer.headers["Location"])[0])

    shown = client.get(answer.headers["Location"]).text
    assert "The Word file became a PDF of 2 pages." in shown
    assert f"/outgoing/{made}/files/2/pages/2.webp" in shown
    assert client.get(f"/outgoing/{made}/files/2/pages/2.webp").mimetype == "image/webp"
    boxes = _boxes(client, papers, made)
    assert boxes["number"].page == 1
    assert boxes["leader"].page == 2
    assert {str(box.drawn) for name, box in boxes.items() if name in {"number", "leader"}} == {"missing"}

    with unit_of_work(client.engine) as uow:
        original, draft = store.files_of(uow.session, made)
        assert (original.kind, original.note, original.sha256) == (
            "original",
            "docx",
            hashlib.sha256(word).hexdigest(),
        )
        assert (draft.kind, draft.note) == ("draft", draft.note)
        kept = uow.session.get_one(Blob, original.sha256)
        assert kept.media_type == office.DOCX
    _kept_as_it_came(client, made, word)


def _boxes(client: Browser, papers: Papers, made: int) -> dict[str, Any]:
    with unit_of_work(client.engine) as uow:
        return {box.name: box for box in store.boxes_of(uow.session, made)}


def _kept_as_it_came(client: Browser, made: int, word: bytes) -> None:
    """The Word file itself is only given away: no viewer, no page images, nothing inline."""
    answer = client.get(f"/outgoing/{made}/files/1/content")
    assert (answer.data, answer.mimetype) == (word, office.DOCX)
    assert re.fullmatch(r'attachment; filename="[\w-]+-original\.docx"', answer.headers["Content-Disposition"])
    assert client.get(f"/outgoing/{made}/files/1/view").status_code == 303
    assert client.get(f"/outgoing/{made}/files/1/pages/1.webp").status_code in {404, 422}
    page = client.get(f"/outgoing/{made}?file=1").text
    assert "This is the Word file as it was uploaded." in page
    assert f"/outgoing/{made}/files/1/view" not in page


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (altered(**{"word/vbaProject.bin": b"x"}), "The Word file holds macros."),
        (with_body('<w:p><w:del w:id="1"><w:r><w:delText>bỏ</w:delText></w:r></w:del></w:p>'), "tracked changes"),
    ],
    ids=["macros", "open changes"],
)
def test_a_word_file_that_is_refused_says_why_and_keeps_the_rest(
    client: Browser, papers: Papers, data: bytes, reason: str
) -> None:
    """What happened, what was kept, what to do; the draft is saved, and what was typed stands in the form."""
    client.set_cookie("trinhky_language", "en")
    answer = client.login("drafter").post("/outgoing/new", data=form(papers, data))
    assert answer.status_code == 422
    assert reason in answer.text
    assert "The draft itself was saved." in answer.text
    assert "or save it as PDF" in answer.text or "Accept or reject" in answer.text
    assert "Hỗ trợ các hộ bị thiệt hại do mưa lũ</textarea>" in answer.text


def test_without_libreoffice_the_form_asks_for_pdf(
    client: Browser, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ordinary state, said before anybody chooses a file, and again to whoever did."""
    monkeypatch.setenv("PATH", "")
    client.login("drafter")
    page = client.get("/outgoing/new").text
    assert "Máy này không có LibreOffice" in page or "máy này không có LibreOffice" in page
    assert ".docx" not in page
    answer = client.post("/outgoing/new", data=form(papers, decision()))
    assert answer.status_code == 422
    assert "Máy này không có LibreOffice dùng được nên không chuyển được tệp Word thành PDF." in answer.text
    assert "Xin lưu thành PDF" in answer.text
