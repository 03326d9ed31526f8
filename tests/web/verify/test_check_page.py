"""The page that checks a file: who may, what it says of real files, and that nothing stays."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from tests.support import held_files as held
from tests.support.attached import annex
from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.web.verify.conftest import Open
from workflow.config import MEGABYTE
from workflow.domain.outgoing import Action
from workflow.store import attachments
from workflow.store.base import Base
from workflow.store.models import Asking
from workflow.store.session import unit_of_work
from workflow.web.check_gate import STRANGERS, turns
from workflow.web.check_words import MOST_CARDS

ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}
JSON = {"Accept-Language": "en", "Accept": "application/json"}


def send(
    client: Browser, data: bytes, name: str = "cv.pdf", *, content: bytes | None = None,
    headers: dict[str, str] | None = None, **options: object,
) -> TestResponse:  # fmt: skip
    """The page's form."""
    form: dict[str, object] = {"file": (io.BytesIO(data), name)}
    if content is not None:
        form["content"] = (io.BytesIO(content), "noi-dung.xlsx")
    return client.post("/verify", data=form, headers=dict(headers or ENGLISH), **options)


def send_large(client: Browser, data: bytes) -> TestResponse:
    """The same, put together in memory: the test client's own temporary files are left open."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    return client.post("/verify", data=head + data + b"\r\n--x--\r\n", headers=ENGLISH,
                       content_type="multipart/form-data; boundary=x")  # fmt: skip


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with unit_of_work(engine) as uow:
        tables = {name: table for name, table in Base.metadata.tables.items() if name != Asking.__tablename__}
        return {
            name: uow.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()
        }


def test_strangers_check_files_only_where_the_office_allows_it(
    client: Browser, papers: Papers, opened: Open
) -> None:
    """Shut at first: the code can be looked up, a file is not even read. Open: it is judged."""
    page = client.get("/verify", headers=ENGLISH).text
    assert "Look-up code" in page
    assert "only for people who are logged in" in page
    assert 'type="file"' not in page
    assert send(client, held.foreign()).status_code == 403
    assert client.post("/verify", data={}, headers=JSON).get_json()["code"] == "public_verification_off"
    opened()
    assert 'type="file"' in client.get("/verify", headers=ENGLISH).text
    assert send(client, held.foreign()).status_code == 200
    client.login("drafter")
    assert "people who are logged in" not in client.get("/verify", headers=ENGLISH).text


def test_an_issued_file_is_known_and_judged_by_what_is_known(client: Browser, papers: Papers, opened: Open) -> None:
    """The paper issued here, under its number, with three good signatures and each saved state."""
    opened()
    row, data = held.issued(papers)
    page = send(client, data, "../công văn <b>.pdf").text
    assert "All 3 signatures of this file are valid." in page
    assert "This is the paper that was issued here under this number." in page
    assert row.symbol in page
    assert f'href="/v/{row.code}"' in page
    assert "công văn &lt;b&gt;.pdf" in page
    assert page.count("from our own journal") >= 3
    assert page.count('data-slice="') == 3 + page.count('<th scope="row"')
    assert f'data-slice="{len(data)}"' in page


def test_a_sealed_attachment_is_known_too(client: Browser, papers: Papers, opened: Open) -> None:
    """It goes with the paper issued here; before the issue, and one whose seal was withdrawn, is not to rely on."""
    opened()
    document_id = papers.sealed(attach=[("Phụ lục I.pdf", annex())])
    with unit_of_work(papers.office.engine) as uow:
        (one,) = attachments.with_seals(uow.session, document_id)
    data = papers.blobs.get(one.sha256)
    assert "is not issued" in send(client, data).text
    papers.act("clerk", document_id, Action.ISSUE)
    page = send(client, data).text
    assert "This file goes with the paper that was issued here under this number." in page
    assert papers.row(document_id).symbol in page
    assert "The signature of this file is valid." in page
    forged = data.replace(b"Sig", b"Sjg", 1)
    assert "This file goes with" not in send(client, forged).text


def test_an_earlier_state_says_that_it_is_one(client: Browser, papers: Papers, opened: Open) -> None:
    """The leader signed it and the number is not on it yet: good, and not what counts."""
    opened()
    row, _data = held.issued(papers)
    page = send(client, held.earlier(papers, row.id, "signed")).text
    assert "This is an earlier state of the paper" in page
    assert row.symbol in page


def test_what_is_not_issued_is_not_named(client: Browser, papers: Papers, opened: Open) -> None:
    """Signed, then the signature was withdrawn: whoever holds the file is warned, and learns no number."""
    opened()
    document_id = papers.signed()
    data = held.earlier(papers, document_id, "signed")
    papers.act("leader", document_id, Action.WITHDRAW_SIGNATURE, "Ký nhầm")
    page = send(client, data).text
    assert "The signature of this file was withdrawn by its signer" in page
    assert page.index("Withdrawn") < page.index("Valid")
    assert 'check-result bad"' in page
    assert "Number and date, signed by the agency" in page.partition("Fields that nobody signed yet:")[2][:200]
    assert "/v/" not in page.replace('action="/v"', "")
    strip = client.login("leader").get(f"/outgoing/{document_id}").text.partition('<nav class="strip"')[2]
    assert "Đã ký, đã rút lúc" in strip.partition("</nav>")[0]


def test_a_foreign_file_is_open_and_says_why(client: Browser, papers: Papers, opened: Open) -> None:
    """Whole, by somebody whose root is not listed: undecided, with cause and next step; numbers are masked."""
    opened()
    page = send(client, held.foreign()).text
    assert "It cannot be decided yet" in page
    assert "leads to no listed root" in page
    assert "Next step" in page
    assert "001085012345" not in page
    assert "by the signer&#39;s own clock, not proven" in page


def test_a_changed_file_fails(client: Browser, papers: Papers, opened: Open) -> None:
    """In both languages."""
    opened()
    data = held.tampered(held.issued(papers)[1])
    assert "Do not rely on this file." in send(client, data).text
    assert "Không nên dựa vào tệp này." in send(client, data, headers={"Accept-Language": "vi"}).text


def test_hundreds_of_signatures_make_a_short_page(client: Browser, papers: Papers, opened: Open) -> None:
    """Fifty are shown, in bounded time, with what is missing; the reports stand on the whole."""
    opened()
    page = send(client, held.crowded(200)).text
    assert page.count("<article") == MOST_CARDS
    assert "150 further signatures are not shown here" in page
    assert 'name="result"' in page


@pytest.mark.parametrize("swapped", [False, True])
def test_a_signature_beside_its_file(client: Browser, papers: Papers, opened: Open, swapped: bool) -> None:
    """The .p7s is the one that is judged, whichever field it was put in; alone it lacks its content."""
    opened()
    message = held.beside(papers)
    first, second = (held.CONTENT, message) if swapped else (message, held.CONTENT)
    assert "unchanged since it was signed" in send(client, first, "a.p7s", content=second).text
    if swapped:
        return
    assert "Give the signed file together with its signature." in send(client, message, "a.p7s").text
    assert "Do not rely on this file." in send(client, message, "a.p7s", content=b"khac").text


def test_json_is_the_contract_of_the_command_line(client: Browser, papers: Papers, opened: Open) -> None:
    """The same names, and nobody's number."""
    opened()
    found = send(client, held.foreign(), headers=JSON).get_json()
    assert (found["file"], found["verdict"]) == ("cv.pdf", "indeterminate")
    assert {"field", "kind", "verdict", "integrity", "coverage", "path", "signing_time", "signer"} <= set(
        found["signatures"][0]
    )
    assert "001085012345" not in json.dumps(found)
    assert found["paper"] is None


@pytest.mark.parametrize(
    ("data", "name", "status", "words"),
    [
        (b"", "a.pdf", 422, "The file is empty (0 bytes)."),
        (b"x", "", 422, "No file was chosen."),
        (b"PK\x03\x04 a document of Word", "a.docx", 422, "neither a PDF nor a signature file"),
        (b"%PDF-1.7\nhalf", "a.pdf", 200, "This file cannot be checked."),
    ],
)
def test_what_is_no_signed_file_gets_a_sentence(
    client: Browser, papers: Papers, opened: Open, data: bytes, name: str, status: int, words: str
) -> None:
    """What happened, what was kept (nothing), what to do."""
    opened()
    answer = send(client, data, name)
    assert (answer.status_code, words in answer.text) == (status, True)
    assert status == 200 or "Nothing was kept of what you sent." in answer.text


def test_two_files_of_which_none_is_a_signature(client: Browser, papers: Papers, opened: Open) -> None:
    """Nobody is left guessing which of them was judged."""
    opened()
    assert "neither is a signature file" in send(client, held.foreign(), content=held.foreign()).text


def test_sizes_differ_for_strangers_and_people(client: Browser, papers: Papers, opened: Open) -> None:
    """A stranger's megabyte more is refused before it is read; somebody logged in may send it."""
    opened(megabytes=1)
    large = b"%PDF-1.7\n" + bytes(MEGABYTE)
    much = b"%PDF-1.7\n" + bytes(3 * MEGABYTE)
    for data in (large, much):
        refused = send_large(client, data)
        assert refused.status_code == 413
        assert "at most 1 MB" in refused.text
        assert "Do not make it smaller" in refused.text
    client.login("clerk")
    assert send_large(client, large).status_code == 200


def test_nothing_stays(
    client: Browser,
    papers: Papers,
    engine: Engine,
    opened: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """No row but one count, no name in a log, no file even for a moment (a large one would be spooled to disk)."""
    opened()
    monkeypatch.delattr("werkzeug.formparser.SpooledTemporaryFile")
    data = held.issued(papers)[1]
    before, files = rows(engine), sorted((tmp_path / "blobs").rglob("*"))
    assert send_large(client, b"%PDF-1.7\n" + bytes(MEGABYTE)).status_code == 200
    send(client, data, "toi-giu-rieng.pdf")
    send(client, held.beside(papers), "a.p7s", content=held.CONTENT)
    assert rows(engine) == before
    assert "toi-giu-rieng" not in "".join(capfd.readouterr())
    assert sorted((tmp_path / "blobs").rglob("*")) == files
    with unit_of_work(engine) as uow:
        (counted,) = uow.session.scalars(select(Asking))
        assert (counted.subject, counted.times) == ("verify:127.0.0.1", 3)


def test_strangers_are_throttled_by_address(client: Browser, papers: Papers, engine: Engine, opened: Open) -> None:
    """The next address goes on, a household's IPv6 network counts as one, and so does somebody logged in apart."""
    opened()
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for subject in ("verify:127.0.0.1", "verify:2001:db8:1:2::/64"):
            uow.add(Asking(subject=subject, since=client.clock(), times=STRANGERS))
        uow.commit()
    refused = send(client, held.foreign())
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
    assert send(client, held.foreign(), environ_overrides={"REMOTE_ADDR": "2001:db8:1:2:3::4"}).status_code == 429
    assert send(client, held.foreign(), environ_overrides={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200
    assert send(client.login("clerk"), held.foreign()).status_code == 200


def test_another_site_uses_up_nobodys_checks(client: Browser, papers: Papers, engine: Engine, opened: Open) -> None:
    """A form of another site is refused before it is counted."""
    opened()
    answer = send(client, held.foreign(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code in {400, 403}
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Asking)).all() == []


def test_a_full_queue_asks_to_come_back(client: Browser, papers: Papers, opened: Open) -> None:
    """503 with Retry-After and how many are before; people logged in are served all the same."""
    opened()
    with client.application.app_context():
        queue = turns()
    queue.patience = 0.05
    with queue.turn("verify:192.0.2.1", member=False):
        busy = send(client, held.foreign())
        assert (busy.status_code, busy.headers["Retry-After"], busy.headers["X-Ahead"]) == (503, "3", "1")
        assert "Nothing was kept" in busy.text
        assert client.post("/verify", headers=JSON).get_json()["code"] == "check_busy"
        assert send(client.login("clerk"), held.foreign()).status_code == 200
        client.logout()
    assert send(client, held.foreign()).status_code == 200
    assert queue.taken == 0
