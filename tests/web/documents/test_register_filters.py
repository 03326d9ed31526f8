"""The register of outgoing documents narrowed: page, print and exports hold the same lines and say so."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.office import Office
from tests.support.statements import statements
from tests.support.years import mixed_year
from tests.web.documents.test_register_prints import rows_of
from workflow.store.models import ImportedEntry, ImportRun
from workflow.store.session import unit_of_work


@pytest.fixture
def query(office: Office) -> str:
    """The address of a year with every kind of line."""
    return f"register={mixed_year(office)}&year=2026"


def numbers(page: str) -> list[str]:
    """The first column, in order."""
    table = page.partition('<table class="list cards register">')[2]
    return [unescape(found) for found in re.findall(r'<th scope="row" class="symbol">(?:<a[^>]*>)?([^<]+)', table)]


@pytest.mark.parametrize(
    ("narrowed", "found", "chips"),
    [
        ("q=05/UBND-KT", ["05/UBND-KT"], ["“05/UBND-KT”"]),
        ("q=7", ["07/UBND-KT"], ["“7”"]),
        ("state=held", ["08"], ["số đang giữ"]),
        ("signer=Lê+Văn+Cũ", ["01/UBND-VP", "02/UBND-VP"], ["người ký Lê Văn Cũ"]),
        ("from=05/01/2026&to=2026-01-05&q=viec+cu", ["01/UBND-VP"],
         ["ngày văn bản từ 05/01/2026", "ngày văn bản đến 05/01/2026", "“viec cu”"]),
        ("state=issued&type=decision", [], ["đã phát hành", "Quyết định"]),
        ("state=lost&type=x&from=31/02/2026", None, []),
    ],
)  # fmt: skip
def test_page_and_exports_hold_the_same_lines(
    client: Browser, query: str, narrowed: str, found: list[str] | None, chips: list[str]
) -> None:
    """Filters stand in the address and as chips; what makes no sense narrows nothing and is said."""
    address = f"{query}&{narrowed}"
    page = client.login("clerk").get(f"/register?{address}").text
    shown = numbers(page)
    assert [unescape(chip).strip() for chip in re.findall(r'class="chip"[^>]*>([^<]+)', page)] == chips
    assert shown == (found if found is not None else numbers(client.get(f"/register?{query}").text))
    assert ("dd/mm/yyyy" in page or "ngày/tháng/năm" in page) == (bool(chips) or "from" in narrowed)
    assert numbers(client.get(f"/register?{address}&all=1").text) == shown
    table = client.get(f"/register/export.csv?{address}").text.splitlines()
    assert [line.split(";")[0].strip('"') for line in table[1:] if re.match(r'"?\d', line)] == shown
    rows = rows_of(client.get(f"/register/export.xlsx?{address}").data)
    assert [str(row[0]) for row in rows[1:]] == shown
    assert ("volume.pdf" in page) == (not chips)
    assert ("-extract" in client.get(f"/register/export.xlsx?{address}").headers["Content-Disposition"]) == bool(
        chips
    )


def test_pages_keep_the_filters(client: Browser, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By twos: nothing twice, nothing lost; an extract has no last page to jump to; a saved list keeps it all."""
    monkeypatch.setattr("workflow.web.views.register_book.PAGE", 2)
    client.login("clerk")
    address, seen = f"/register?{query}&state=issued", []
    while address:
        page = client.get(address).text
        assert "F8" not in page
        seen += numbers(page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(following.group(1)) if following else ""
    assert [number[:2] for number in seen] == ["01", "02", "04", "05", "06", "07"]
    answer = client.post("/saved/register", data={"name": "Đã phát hành", "query": f"{query}&state=issued&after=3"})
    assert answer.headers["Location"] == f"/register?{query}&state=issued"
    assert f'href="/register?{query.replace("&", "&amp;")}&amp;state=issued"' in client.get("/register").text


def test_an_extract_says_that_it_is_one(client: Browser, query: str) -> None:
    """Its second sheet holds the filters, not what the year adds up to. An inspector reads no secret line."""
    client.login("inspector")
    whole, extract = (
        client.get(f"/register/export.xlsx?{query}{more}", headers={"Accept-Language": "en"}).data
        for more in ("", "&state=held")
    )
    assert (len(rows_of(whole)), len(rows_of(extract))) == (9, 2)
    assert rows_of(extract, 1) == [["Chỉ gồm các dòng"], ["số đang giữ"]]
    assert len(rows_of(whole, 1)) > 2


def test_a_longer_year_asks_no_more(client: Browser, office: Office, query: str) -> None:
    """As many statements with sixty lines more, whatever is looked for."""
    client.login("clerk").get(f"/register?{query}")
    counted: list[list[int]] = []
    for longer in (False, True):
        if longer:
            _lengthen(office, query)
        client.get(f"/register?{query}&filters=1")
        counted.append([])
        for more in ("", "&filters=1", "&state=issued", "&q=viec", "&q=viec&signer=Lê+Văn+Cũ&from=01/01/2026"):
            with statements(client.engine) as sent:
                assert client.get(f"/register?{query}{more}").status_code == 200
            counted[-1].append(len(sent))
    assert counted[0] == counted[1]


def _lengthen(office: Office, query: str) -> None:
    """Lines of a former system from number 100 on."""
    register = int(re.findall(r"register=(\d+)", query)[0])
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        run = uow.session.scalars(select(ImportRun)).one()
        for number in range(100, 160):
            uow.add(
                ImportedEntry(
                    register_id=register, year=2026, number=number, subject=f"Việc {number}", signer="Lê Văn Cũ",
                    document_date=dt.date(2026, 2, 3), import_id=run.id, row_no=number,
                )
            )  # fmt: skip
        uow.commit()
