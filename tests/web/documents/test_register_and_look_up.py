"""The legal register, the public look-up, files and planned fields."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.papers import Papers
from workflow.config import Settings
from workflow.store import documents as store
from workflow.store.models import Asking
from workflow.store.session import make_engine, unit_of_work
from workflow.web.app import create_app
from workflow.web.views.look_up import ALLOWED, normal
from workflow.web.views.register_book import COLUMNS


def test_the_register_has_the_ten_legal_columns(client: Browser, papers: Papers) -> None:
    """Decree 30/2020, Annex IV: ten columns; a numbered document is a line, a draft is none."""
    papers.numbered(subject="Vào sổ")
    papers.draft(subject="Chưa vào sổ", file=False)
    page = client.login("clerk").get("/register").text
    assert len(COLUMNS) == 10
    assert page.count('<th scope="col">') == 20
    assert "Vào sổ" in page
    assert "Chưa vào sổ" not in page


def test_the_register_exports_the_whole_year(client: Browser, papers: Papers) -> None:
    """CSV with the same columns."""
    papers.numbered(subject="Vào sổ")
    answer = client.login("leader").get("/register/export.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.count(";") >= 9
    assert "01/UBND-KT" in answer.text


def test_registers_of_others_are_missing(client: Browser, papers: Papers) -> None:
    """A foreign register answers like one that is not there; drafters have none."""
    papers.numbered(subject="Chỉ của Đồng Tâm")
    page = client.login("clerk").get("/register").text
    ours = re.findall(r'<option value="(\d+)"', page)[0]
    client.login("far_clerk")
    for path in ("/register", "/register/export.csv"):
        assert client.get(f"{path}?register={ours}").status_code == 404
        assert client.get(f"{path}?register=999999").status_code == 404
    assert "Chỉ của Đồng Tâm" not in client.get("/register").text
    assert client.login("drafter").get("/register").status_code == 403


def test_the_code_on_the_paper_leads_to_the_verdict(client: Browser, papers: Papers) -> None:
    """Anybody who holds the code reads number, date, agency, signer and verdict; never the subject or the file."""
    document_id = papers.issued(subject="Nội dung riêng của xã")
    code = papers.row(document_id).code
    client.set_cookie("trinhky_language", "en")
    answer = client.get(f"/v?code={code.lower().replace('-', ' ')}", follow_redirects=True)
    assert answer.status_code == 200
    for words in ("Ủy ban nhân dân xã Đồng Tâm", papers.row(document_id).symbol, "Nguyễn Thị Lan", ">Valid<"):
        assert words in answer.text
    assert "Nội dung riêng" not in answer.text
    assert f"/outgoing/{document_id}" not in answer.text


def test_codes_that_lead_nowhere_look_alike(client: Browser, papers: Papers) -> None:
    """A draft's code, an unknown and a malformed one: the same kind 404."""
    draft = papers.row(papers.awaiting()).code
    pages = []
    for code in (draft, "ZZZZ-ZZZZ-ZZZ", "x", "../../etc"):
        answer = client.get(f"/v/{code}")
        assert answer.status_code == 404
        pages.append(
            re.sub(r'value="[^"]*"|\s+|name="csrf[^>]+>', " ", answer.text.split("<main")[-1].split("</main>")[0])
        )
    assert len(set(pages[:3])) == 1
    assert client.get("/v").status_code == 200


def test_askers_are_slowed(client: Browser, papers: Papers) -> None:
    """Thirty questions a minute from one address, then 429; a minute later again."""
    here, there = ({"REMOTE_ADDR": address} for address in ("10.9.8.7", "10.9.8.8"))
    statuses = [client.get("/v/ZZZZ-ZZZZ-ZZZ", environ_base=here).status_code for _ in range(ALLOWED + 2)]
    assert statuses == [404] * ALLOWED + [429, 429]
    assert client.get("/v/ZZZZ-ZZZZ-ZZZ", environ_base=there).status_code == 404
    client.clock.advance(seconds=61)
    assert client.get("/v/ZZZZ-ZZZZ-ZZZ", environ_base=here).status_code == 404


def test_processes_count_together(client: Browser, settings: Settings, papers: Papers) -> None:
    """Two applications on one database share the count; whoever is over the limit writes nothing any more."""
    other = create_app(settings, engine=make_engine(settings.database_url), clock=client.clock)
    other.testing, second = True, other.test_client()
    statuses = [
        asked.get("/v/ZZZZ-ZZZZ-ZZZ", environ_base={"REMOTE_ADDR": "10.9.8.7"}).status_code
        for _ in range(ALLOWED // 2 + 1)
        for asked in (client, second)
    ]
    assert statuses == [404] * ALLOWED + [429, 429]
    with unit_of_work(client.engine) as uow:
        assert uow.session.scalars(select(Asking.times)).all() == [ALLOWED]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7kq4m2xd9rt", "7KQ4-M2XD-9RT"), (" 7KQ4-M2XD-9RT ", "7KQ4-M2XD-9RT"), ("7KQ4", ""),
        ("7KQ4-M2XD-9RTX", ""), ("0000-0000-000", ""),
    ],
)  # fmt: skip
def test_codes_are_read_however_they_are_typed(typed: str, code: str) -> None:
    """Blanks, dashes and small letters do not matter."""
    assert normal(typed) == code


def test_files_are_downloads_that_run_nothing(client: Browser, papers: Papers) -> None:
    """Attachment, nosniff, sandbox; a second ask with the tag costs nothing."""
    document_id = papers.issued()
    client.login("leader")
    with unit_of_work(client.engine) as uow:
        files = [(file.ordinal, file.kind) for file in store.files_of(uow.session, document_id)]
    assert [kind for _ordinal, kind in files] == ["original", "draft", "ready", "signed", "numbered", "sealed"]
    for ordinal, kind in files:
        answer = client.get(f"/outgoing/{document_id}/files/{ordinal}/content")
        assert answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="01-UBND-KT-{kind}.pdf"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].endswith("sandbox")
        again = client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_pages_are_images(client: Browser, papers: Papers) -> None:
    """WebP of page 1; page 2 of a one-page letter is missing; an unchanged page is not drawn again."""
    document_id = papers.draft()
    client.login("drafter")
    first = client.get(f"/outgoing/{document_id}/files/2/pages/1.webp")
    assert first.data[:4] == b"RIFF"
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/outgoing/{document_id}/files/2/pages/1.webp", headers=tag).status_code == 304
    assert client.get(f"/outgoing/{document_id}/files/2/pages/2.webp").status_code == 404


def test_boxes_are_moved_in_millimetres(client: Browser, papers: Papers) -> None:
    """The form alone moves a box; one outside the page is refused and what was typed stays."""
    document_id = papers.draft()
    client.set_cookie("trinhky_language", "en")
    page = client.login("drafter").get(f"/outgoing/{document_id}/plan").text
    fields = dict(re.findall(r'name="(\w+-\w+)" type="number"[^>]* value="([^"]+)"', page))
    assert fields["leader-page"] == "1"
    moved = fields | {"leader-left": "100", "leader-bottom": "40,5", "version": version_of(page)}
    assert client.post(f"/outgoing/{document_id}/plan", data=moved).status_code == 303
    after = dict(
        re.findall(
            r'name="(\w+-\w+)" type="number"[^>]* value="([^"]+)"', client.get(f"/outgoing/{document_id}/plan").text
        )
    )
    assert (after["leader-left"], after["leader-bottom"]) == ("100.0", "40.5")
    version = version_of(client.get(f"/outgoing/{document_id}/plan").text)
    outside = client.post(f"/outgoing/{document_id}/plan", data=moved | {"version": version, "leader-left": "500"})
    assert outside.status_code == 422
    assert "lies outside its page" in outside.text
    assert 'value="500"' in outside.text
    for wrong in ("", "abc", "nan", "-1", "1e9"):
        assert client.post(f"/outgoing/{document_id}/plan", data=moved | {"leader-left": wrong}).status_code == 422


def test_only_who_holds_the_draft_moves_boxes(client: Browser, papers: Papers) -> None:
    """The clerk cannot, while the drafter still writes."""
    document_id = papers.draft()
    page = client.login("clerk").get(f"/outgoing/{document_id}/plan").text
    fields = dict(re.findall(r'name="(\w+-\w+)" type="number"[^>]* value="([^"]+)"', page))
    answer = client.post(f"/outgoing/{document_id}/plan", data=fields | {"version": version_of(page)})
    assert answer.status_code in {403, 422}
