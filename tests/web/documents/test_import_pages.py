"""Bringing in sheets on the page: dry run, faults to mend, taking in, and an export that comes back whole."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, delete, select, text, update
from werkzeug.test import TestResponse

from tests.support.browser import Browser, Clock
from tests.support.former import FAULTS, HEAD, good_line, thousand, workbook
from tests.support.office import Office
from tests.support.years import mixed_year, register_of
from workflow.config import Settings
from workflow.domain.imports.problems import Fault
from workflow.domain.people import Role
from workflow.store.models import Account, ImportedEntry, MandateRow, Outgoing, Person, PostRow, Unit
from workflow.store.session import make_engine, unit_of_work
from workflow.web.app import create_app
from workflow.web.import_words import FAULTS as SENTENCES


def send(client: Browser, path: str, data: bytes, *, name: str = "so.xlsx", **form: Any) -> TestResponse:
    """Upload a sheet."""
    return client.post(path, data={**form, "file": (io.BytesIO(data), name)})


def bring_in(client: Browser, path: str, data: bytes, **form: Any) -> str:
    """Upload, take everything in; the address of the result."""
    answer = send(client, path, data, **form)
    assert answer.status_code == 303, answer.text
    address = answer.headers["Location"]
    for _slice in range(30):
        assert client.post(f"{address}/take").status_code == 303
        if "/take" not in client.get(address).text:
            break
    return address


def cells(data: bytes) -> list[list[object]]:
    """Of the first sheet."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_without_a_file_the_page_names_the_kinds_it_takes(client: Browser, office: Office) -> None:
    """A sheet is asked for, not a PDF."""
    form = {"kind": "outgoing", "register_id": register_of(office, "qd"), "year": 2025}
    answer = client.login("clerk").post("/register/import", data=form)
    assert answer.status_code == 422
    assert "Xin chọn tệp XLSX hoặc CSV." in answer.text
    assert "PDF" not in answer.text.split("e-file")[1][:300]


def test_the_clerk_brings_in_a_thousand_lines(client: Browser, office: Office) -> None:
    """Thirty faults, each with its own sentence; the faulty rows come back as they were, with their reasons; the
    register shows what was taken in; the next number follows."""
    register = register_of(office, "qd")
    client.login("clerk")
    answer = send(client, "/register/import", thousand(), kind="outgoing", register_id=register, year=2025)
    address = answer.headers["Location"]
    page = client.get(address).text
    assert "Đã đọc 1000 dòng" in page
    assert "Nhập 970 dòng không lỗi" in page
    assert page.count('<th scope="row">') == 30
    assert client.get(f"{address}?show=all").text.count('<th scope="row">') == 50
    assert len({re.sub(r"\d+", "", words) for words in re.findall(r"</strong>: ([^<]+)", page)}) >= 12
    head, *rows = cells(client.get(f"{address}/faults.xlsx").data)
    assert head == [*HEAD, "Dòng", "Lỗi"]
    assert [int(float(str(row[-2]))) - 4 for row in rows] == list(FAULTS)
    assert all(row[-1] for row in rows)
    client.post(f"{address}/take")
    page = client.get(address).text
    assert "Đã nhập 970 dòng" in page
    assert "data-go-on" not in page
    book = client.get(f"/register?register={register}&year=2025").text
    assert "Về việc phê duyệt lần thứ 1<" in book
    assert "01/QĐ-UBND" in book
    assert "so.xlsx" in client.get("/register/import").text
    client.login("far_clerk")
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/faults.xlsx").status_code == 404
    assert client.post(f"{address}/take").status_code == 404
    assert "so.xlsx" not in client.get("/register/import").text


@pytest.fixture
def second(app: Any, settings: Settings, engine: Engine, office: Office, clock: Clock, tmp_path: Any) -> Any:
    """Another installation: the same office, nothing in its registers."""
    path = tmp_path / "second.db"
    with unit_of_work(engine) as uow:
        uow.session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(tmp_path / "trinhky.db", path)
    url = f"sqlite:///{path}"
    other = make_engine(url)
    made = create_app(
        Settings(database_url=url, blob_url=str(tmp_path / "b"), secret_key="k" * 40), engine=other, clock=clock
    )
    made.testing, made.test_client_class = True, Browser
    browser = made.test_client()
    browser.engine, browser.clock, browser.office = (
        other,
        clock,
        Office(other, office.posts, office.names, office.units),
    )
    yield browser
    other.dispose()


def test_an_exported_register_comes_back_the_same(client: Browser, office: Office, second: Browser) -> None:
    """Row by row, in every legal column, held and cancelled numbers with their reason; the totals too."""
    register = mixed_year(office)
    address = f"?register={register}&year=2026"
    sheet = client.login("clerk").get(f"/register/export.xlsx{address}").data
    second.login("clerk")
    bring_in(second, "/register/import", sheet, kind="outgoing", register_id=register, year=2026)
    ours, theirs = (one.get(f"/register/export.csv{address}").text for one in (client, second))
    assert len(ours.splitlines()) == 10
    assert theirs == ours
    again = second.get(f"/register/export.xlsx{address}").data
    assert cells(again) == cells(sheet)
    with unit_of_work(second.engine) as uow:
        assert uow.session.scalars(select(Outgoing.id)).all() == []
        assert len(uow.session.scalars(select(ImportedEntry.id)).all()) == 9


def test_units_and_people_come_back_the_same(client: Browser, office: Office, second: Browser) -> None:
    """Into an office that has only its administrator: every unit in its place, every post of every person."""
    with unit_of_work(office.engine) as uow:  # an inspector's post has a last day, within 366 days
        uow.begin_write()
        inspects = PostRow.role == Role.INSPECTOR
        uow.session.execute(update(PostRow).where(inspects).values(valid_to=dt.date(2026, 7, 2)))
        uow.commit()
    client.login("admin")
    units, people = (client.get(f"/admin/import/{name}.xlsx").data for name in ("units", "people"))
    assert "Hoàng Thị Mai" in {row[0] for row in cells(people)}
    keep = (office.posts["admin"].person_id, office.posts["far_admin"].person_id)
    with unit_of_work(second.engine) as uow:
        uow.begin_write()
        names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'mandate'")
        for name in uow.session.scalars(names).all():  # an office that never gave a right to sign
            uow.session.execute(text(f"DROP TRIGGER {name}"))
        uow.session.execute(delete(MandateRow))
        for table, column in ((Account, Account.person_id), (PostRow, PostRow.person_id), (Person, Person.id)):
            uow.session.execute(delete(table).where(column.not_in(keep)))
        mine = (Unit.agency_id == office.units["commune"], Unit.kind == "part")
        uow.session.execute(delete(Unit).where(*mine))
        uow.commit()
    second.login("admin")
    assert len(cells(second.get("/admin/import/units.xlsx").data)) == 2
    bring_in(second, "/admin/import", units, kind="units", basis="Quyết định 12/QĐ-UBND")
    result = bring_in(second, "/admin/import", people, kind="people")
    assert "có lỗi" not in second.get(result).text
    found = cells(second.get("/admin/import/units.xlsx").data)
    assert [row[:12] for row in found] == [row[:12] for row in cells(units)]
    assert sorted(map(str, cells(second.get("/admin/import/people.xlsx").data))) == sorted(map(str, cells(people)))
    twice = bring_in(second, "/admin/import", people, kind="people")
    assert "dòng đã có sẵn" in second.get(twice).text
    assert len(cells(second.get("/admin/import/people.xlsx").data)) == len(cells(people))


def test_a_sheet_that_is_none_is_refused_with_words(client: Browser, office: Office) -> None:
    """The form comes back with what was chosen and one sentence beside the file."""
    register = register_of(office, "qd")
    client.login("clerk")
    cases = (
        (b"%PDF-1.7", "không phải là XLSX hay CSV"), ("Sổ\nNgày".encode("utf-16"), "thiếu các cột"),
        ("Số;Trích yếu".encode("cp1258", "replace") + b"\xff", "Không đọc được chữ"),
        (workbook([HEAD]), "không có dòng nào"), (b"PK\x03\x04broken", "hỏng"),
    )  # fmt: skip
    for data, words in cases:
        answer = send(client, "/register/import", data, kind="outgoing", register_id=register, year=2025)
        assert answer.status_code == 422
        assert words in answer.text, words
    answer = send(
        client, "/register/import", workbook([HEAD, good_line(1)]), kind="outgoing", year=2025, register_id=1
    )
    assert answer.status_code in {303, 422}
    assert send(client, "/register/import", b"x", kind="people", year=2025).status_code == 404


def test_each_page_is_for_its_own_people(client: Browser, office: Office) -> None:
    """Registers for the clerk, units and people for the administrator."""
    for who, path, status in (
        ("clerk", "/register/import", 200), ("admin", "/register/import", 403), ("leader", "/register/import", 403),
        ("admin", "/admin/import", 200), ("clerk", "/admin/import", 403),
        ("clerk", "/admin/import/people.xlsx", 403), ("clerk", "/register/import/empty/outgoing.xlsx", 200),
        ("clerk", "/register/import/empty/people.xlsx", 404), ("far_admin", "/admin/import/people.xlsx", 200),
    ):  # fmt: skip
        assert client.login(who).get(path).status_code == status, (who, path)
    assert "Hoàng Thị Mai" not in {row[0] for row in cells(client.get("/admin/import/people.xlsx").data)}


def test_every_fault_has_a_sentence() -> None:
    """What was found must be said."""
    assert SENTENCES.keys() == set(Fault) - {Fault.REFUSED}
