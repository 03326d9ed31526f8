"""What a form or an address can carry and a column cannot, on both databases.

SQLite stores any number in an integer, any length in a text and NUL too; PostgreSQL answers each of them with an
error. No such value may become an accident (500) on either.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.support import engines
from tests.support.browser import Browser
from tests.support.former import workbook
from tests.support.papers import Papers, letter
from tests.web.arrivals.desk import FACTS
from workflow.config import Settings
from workflow.store.models import BulkRun, DraftComment, ImportRun, Incoming, Register
from workflow.store.session import unit_of_work

HUGE = (2**31 - 1, 2**31, 99_999_999_999, 2**40, 2**53, 2**63, 10**30)
"""The last one that four bytes hold, and larger ones."""
KOREAN = "각" * 300
"""Three letters each where marks stand apart, so 900 without accents."""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Unlike other pages these are asked for on PostgreSQL too."""
    with engines.lent(database_url) as made:
        yield made


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The same database."""
    return Settings(database_url=database_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40)


@pytest.fixture(autouse=True)
def english(client: Browser) -> None:
    """Tests read the texts as the code has them."""
    client.set_cookie("trinhky_language", "en")


def count(papers: Papers, kind: type[Any]) -> int:
    """How many rows of a table there are."""
    with unit_of_work(papers.office.engine) as uow:
        return uow.session.scalars(select(func.count()).select_from(kind)).one()


def test_numbers_of_an_address(client: Browser, papers: Papers) -> None:
    """Lists begin anew or are empty, pages and years that cannot be are not there; nothing is an accident."""
    key = papers.inked()
    with unit_of_work(papers.office.engine) as uow:
        register = uow.session.scalars(select(Register.id).where(Register.direction == "out")).first()
    client.login("clerk")
    for huge in HUGE:
        for address in (
            f"/register?after={huge}", f"/register?register={huge}", f"/register?year={huge}",
            f"/register.pdf?volume={huge}", f"/register.xlsx?part={huge}",
            f"/incoming/register?after={huge}", f"/incoming/register/follow-up?after={huge}",
            f"/register/{register}/years/{huge}/close", f"/register/{huge}/years/2026/close",
            f"/outgoing/{key}/files/{huge}/content", f"/outgoing/{key}/files/1/pages/{huge}.webp",
            f"/outgoing/{huge}", f"/outgoing?unit={huge}&signer={huge}", f"/outgoing?q={huge}",
            f"/bulk?after={huge}", f"/bulk?sort=refused&after={huge}_{huge}",
            f"/opinions?after={huge}", f"/notices?after={huge}", f"/dossiers?year={huge}",
        ):  # fmt: skip
            status = client.get(address).status_code
            assert status in {200, 302, 303, 404, 422}, (address, status)


def test_places_where_a_list_goes_on(client: Browser, papers: Papers) -> None:
    """A number as the place of a list by number, and a moment that no other zone can say, begin the list anew."""
    papers.inked()
    client.login("clerk")
    for huge in HUGE:
        place = cursor([huge, 1])
        assert client.get(f"/outgoing?sort=number&after={place}").status_code == 200, huge
        assert client.get(f"/incoming?sort=number&after={place}").status_code == 200, huge
    for moment in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "2026-01-01", "x"):
        for kind in ("unit", "delivery", "dispatch"):
            for key in (1, 2**53, 10**30):
                address = f"/outgoing/deliveries?after={moment}~{kind}~{key}"
                assert client.get(address).status_code == 200, address


def cursor(value: Any) -> str:
    """As the lists write it."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_ticked_document_of_an_impossible_version(client: Browser, papers: Papers) -> None:
    """Nothing is ordered; one of a version that merely is none is ordered and found stale by its line."""
    key = papers.inked()
    client.login("clerk")
    for version in HUGE[1:]:
        assert client.post("/bulk", data={"act": "number", "documents": f"{key}:{version}"}).status_code == 422
    assert count(papers, BulkRun) == 0
    made = client.post("/bulk", data={"act": "number", "documents": f"{key}:{HUGE[0]}"})
    assert made.status_code == 303
    assert client.post("/bulk/new", data={"act": "number", "documents": f"{key}:{2**31}"}).status_code == 422


def test_the_name_of_a_form(client: Browser, papers: Papers) -> None:
    """NUL in the name by which a form is known twice: it counts as left out, and the same form is one run still."""
    key = papers.inked()
    client.login("clerk")
    data = {"act": "number", "documents": f"{key}:{papers.row(key).version}", "once": "a\0b", "words": "x"}
    first, second = (client.post("/bulk", data=data) for _time in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    assert client.post("/bulk", data=data | {"words": "a\0", "once": "c"}).status_code == 422
    source = papers.format_check(subject="Giấy mời họp")
    table = workbook([["Nơi nhận", "Trích yếu", "Tệp"], ["Thôn Một", "Giấy mời", "1.pdf"]])
    files = {"table": (io.BytesIO(table), "b\0.xlsx"), "files": [(io.BytesIO(letter("1")), "1.pdf")]}
    answer = client.post(f"/outgoing/{source}/spread", data=files | {"once": "\0"})
    assert answer.status_code in {303, 422}, answer.status_code


def test_names_of_files(client: Browser, papers: Papers) -> None:
    """A control character in a file's name is left out: of a sheet, of an attachment, and of what a page says."""
    client.login("clerk")
    sheet = workbook([["Tên cơ quan, tổ chức"], ["Sở Y tế"]])
    data = {"kind": "outside", "file": (io.BytesIO(sheet), "so\0\x01cơ quan.xlsx")}
    assert client.post("/admin/offices/import", data=data).status_code == 303
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalars(select(ImportRun.filename)).one() == "so cơ quan.xlsx"
    key = papers.draft()
    client.login("drafter")
    for content, status in ((letter("phụ lục"), 303), (b"no pdf", 422)):
        given = {"file": (io.BytesIO(content), "phụ\0lục.pdf"), "version": str(papers.row(key, "drafter").version)}
        answer = client.post(f"/outgoing/{key}/attachments", data=given)
        assert answer.status_code == status
        assert "\0" not in answer.text
    client.login("clerk")
    taken = client.post("/admin/offices/candidates", data={"name": "Sở\0Y tế"})
    assert (taken.status_code, "\0" in taken.text) == (422, False)


def test_a_remark_on_no_version(client: Browser, papers: Papers) -> None:
    """A place in the order of versions, or a page, that four bytes do not hold."""
    key = papers.in_review()
    client.login("head")
    for huge in HUGE:
        for data in ({"ordinal": huge}, {"ordinal": 2, "page": huge}):
            answer = client.post(f"/outgoing/{key}/comments", data={"words": "Sửa", **data})
            assert answer.status_code in {303, 404, 409, 422}, (data, answer.status_code)
    for data in ({"ordinal": 2**31}, {"ordinal": 2, "page": 2**31}):
        assert client.post(f"/outgoing/{key}/comments", data={"words": "Sửa", **data}).status_code in {404, 422}
    assert client.post(f"/outgoing/{key}/comments", data={"words": "Sửa", "ordinal": 2}).status_code == 303
    assert count(papers, DraftComment) >= 1


def test_a_long_reason_for_an_exemption(client: Browser, papers: Papers) -> None:
    """500 letters are kept whole; more are refused, with what was typed."""
    key = papers.format_check()
    path, version = f"/outgoing/{key}/actions/request_exemption", papers.row(key).version
    page = client.login("clerk").get(f"/outgoing/{key}").text
    assert 'id="remark-request_exemption" name="remark" rows="3" maxlength="500"' in page
    answer = client.post(path, data={"version": version, "remark": "ộ" * 501})
    assert (answer.status_code, "501 characters, at most 500" in answer.text) == (422, True)
    assert "ộ" * 501 in answer.text
    assert client.post(path, data={"version": version, "remark": "ộ" * 500}).status_code == 303
    assert papers.row(key).exempt_reason == "ộ" * 500


def test_a_subject_in_another_script(client: Browser, papers: Papers) -> None:
    """Korean syllables come apart without accents: what is searched is cut to its column, the subject is not."""
    key = papers.draft(subject=KOREAN)
    client.login("drafter")
    assert papers.row(key, "drafter").subject == KOREAN
    assert len(papers.row(key, "drafter").subject_folded) == 500
    assert f'/outgoing/{key}"' in client.get("/outgoing", query_string={"q": "각각"}).text
    paper = FACTS | {"issuer": "각" * 200, "subject": KOREAN, "symbol": "각" * 60, "once": "k", "copies": "2"}
    assert client.login("clerk").post("/incoming/new", data=paper).status_code == 303
    assert client.post("/incoming/new", data=paper | {"once": "l"}).status_code == 422, "it is there already"
    with unit_of_work(papers.office.engine) as uow:
        (found,) = uow.session.scalars(select(Incoming))
        assert (found.issuer, len(found.issuer_folded), len(found.subject_folded)) == ("각" * 200, 200, 500)
