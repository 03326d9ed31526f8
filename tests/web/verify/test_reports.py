"""The result that the reader's page carries, as PDF and JSON; and the administrator's choice of who may check."""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata

import pypdfium2
import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import Engine, select

from signing.testing import Authority, Subject
from signing.testing.messages import message
from tests.support import held_files as held
from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.web.verify.conftest import Open
from tests.web.verify.test_check_page import send
from workflow.services.checking import PUBLIC
from workflow.store.models import Journal, Setting
from workflow.store.session import unit_of_work


def carried(client: Browser, data: bytes, name: str = "cv.pdf") -> str:
    """What the page of the result carries."""
    found = re.search(r'name="result" value="([^"]+)"', send(client, data, name).text)
    assert found is not None
    return html.unescape(found[1])


def text_of(pdf: bytes) -> str:
    """All pages, with blanks as they fall."""
    document = pypdfium2.PdfDocument(pdf)
    words = " ".join(document[page].get_textpage().get_text_bounded() for page in range(len(document)))
    return unicodedata.normalize("NFC", " ".join(words.replace("\u200b", "").split()))


def test_the_report_is_made_from_the_readers_own_page(client: Browser, papers: Papers, opened: Open) -> None:
    """In the language of who asks, headed by the office; file, hash, trust list, time and number stand in it."""
    opened()
    row, data = held.issued(papers)
    result = carried(client, data, "công văn.pdf")
    sha256 = str(row.file_sha256)
    for language, words in (
        ("vi", ("KẾT QUẢ KIỂM TRA CHỮ KÝ", "Tất cả 3 chữ ký của tệp này đều hợp lệ", "tệp không được lưu")),
        ("en", ("RESULT OF A SIGNATURE CHECK", "All 3 signatures of this file are valid", "How the file grew")),
    ):  # fmt: skip
        answer = client.post("/verify/report.pdf", data={"result": result}, headers={"Accept-Language": language})
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="ket-qua-kiem-tra-cong-van.pdf"'
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        text = text_of(answer.data)
        for word in (*words, "công văn.pdf", str(row.symbol), "Ủy ban nhân dân xã Đồng Tâm", "12:00 23/11/2026"):
            assert word in text
        assert sha256 in text.replace(" ", "")
    found = client.post("/verify/report.json", data={"result": result}).get_json()
    assert (found["verdict"], found["sha256"], found["paper"]["symbol"]) == ("passed", sha256, row.symbol)
    assert [one["end"] for one in found["revisions"]][-1] == len(data)


def test_a_report_is_only_of_what_we_said(client: Browser, papers: Papers, opened: Open) -> None:
    """Changed, made with another key, or an hour old: refused with what to do."""
    opened()
    result = carried(client, held.foreign())
    forged = URLSafeSerializer("x" * 40, salt="verify-report").dumps({"name": "a", "verdict": "{}", "paper": None})
    english = {"Accept-Language": "en", "Accept": "text/html"}
    for text in ("", result[:-2] + "xx", str(forged), result + result):
        refused = client.post("/verify/report.pdf", data={"result": text}, headers=english)
        assert refused.status_code == 422
        assert "This report was not made here" in refused.text
        assert "sandbox" not in refused.headers["Content-Security-Policy"]
    client.clock.advance(minutes=61)
    old = client.post("/verify/report.json", data={"result": result}, headers=english)
    assert old.status_code == 422
    assert "older than an hour" in old.text


def test_a_name_cannot_turn_itself_round(client: Browser, papers: Papers, opened: Open) -> None:
    """Folders, controls and right-to-left marks are left out of a file's name."""
    opened()
    found = send(client, held.foreign(), "a/\u202efdp.exe", headers={"Accept": "application/json"}).get_json()
    assert found["file"] == "fdp.exe"


def test_a_certificate_cannot_write_the_report(client: Browser, papers: Papers, opened: Open) -> None:
    """Line ends and marks in a certificate's name make no paragraph of their own, on the page or in the PDF."""
    opened()
    name = "bỏ qua.\n\n\nKẾT LUẬN: đều HỢP LỆ \u202egpj.exe"
    author = Authority.root(Subject(common_name=name), now=papers.now - dt.timedelta(days=9))
    signer = author.issue(Subject(common_name=name), now=papers.now - dt.timedelta(days=9))
    data, line = message(signer, held.CONTENT), "bỏ qua. KẾT LUẬN: đều HỢP LỆ gpj.exe"
    page = send(client, data, "a.p7s", content=held.CONTENT).text
    assert line in page
    assert "\u202e" not in page
    found = re.search(r'name="result" value="([^"]+)"', page)
    assert found is not None
    made = client.post("/verify/report.pdf", data={"result": html.unescape(found[1])})
    assert line in text_of(made.data)


def choose(client: Browser, **form: str):  # type: ignore[no-untyped-def]
    """The administrator's form."""
    return client.post("/admin/trust/public", data=form, headers={"Accept-Language": "en"})


def test_the_choice_is_the_administrators(client: Browser, papers: Papers, engine: Engine) -> None:
    """With a fresh second factor; kept, journalled once, and shown again."""
    assert client.login("clerk").get("/admin/trust/public").status_code == 403
    client.login("admin", stepped_up=False)
    assert client.get("/admin/trust/public").status_code == 302
    client.login("admin")
    for _again in range(2):
        assert choose(client, allowed="yes", megabytes="5").status_code == 303
    assert 'value="5"' in client.get("/admin/trust/public").text
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(Setting, PUBLIC).value == {"allowed": True, "megabytes": 5}
        tags = uow.session.scalars(select(Journal.tag).where(Journal.subject == "trust:public")).all()
    assert tags == ["trust:public_verification:chosen"]
    assert 'data-limit="5242880"' in client.logout().get("/verify").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"allowed": "yes"}, "Please fill this in."),
        ({"allowed": "yes", "megabytes": "many"}, "Please type a whole number."),
        ({"allowed": "yes", "megabytes": "0"}, "The size must be between 1 and 30 MB."),
        ({"allowed": "yes", "megabytes": "31"}, "The size must be between 1 and 30 MB."),
    ],
)
def test_a_wrong_choice_is_told(client: Browser, papers: Papers, form: dict[str, str], words: str) -> None:
    """Beside the field; nothing is changed."""
    refused = choose(client.login("admin"), **form)
    assert refused.status_code == 422
    assert words in refused.text


def test_the_time_of_a_result_is_that_of_the_check(client: Browser, papers: Papers, opened: Open) -> None:
    """A report taken later still says when the file was judged."""
    opened()
    result = carried(client, held.foreign())
    client.clock.advance(minutes=40)
    found = client.post("/verify/report.json", data={"result": result}).get_json()
    assert dt.datetime.fromisoformat(found["checked_at"]) == client.clock() - dt.timedelta(minutes=40)
