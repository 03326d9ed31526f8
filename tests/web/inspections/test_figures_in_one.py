"""Figures in an inspection: months, boards, signs, bundles, targets; nothing secret, each look on record first."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import Engine, select

from tests.support import months
from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser
from tests.support.inspecting import Teams
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from tests.sweep.entered import entered_in
from workflow.domain.periods import parse
from workflow.services.inspections import founding, reading
from workflow.store.models import InspectionLook
from workflow.store.session import unit_of_work

OCTOBER = NOON - dt.timedelta(days=40)
MONTH = "/reports/months/2026-10"


@pytest.fixture
def town(office: Office, engine: Engine) -> tuple[Teams, dict[str, str]]:
    """October and September of the neighbour below, closed: a secret paper in October, none in September."""
    teams = Teams(office)
    teams.below()
    dark = issued_row(office, unit="far_office", issued_at=OCTOBER, secret=True)
    plain = issued_row(office, unit="far_office", issued_at=OCTOBER, subject="V/v đê điều")
    before = issued_row(office, unit="far_office", issued_at=OCTOBER - dt.timedelta(days=30))
    ours = issued_row(office, issued_at=OCTOBER)
    add_issued(office, dark, plain, before, ours)
    for month in ("2026-09", "2026-10"):
        months.close(engine, office.units["far"], parse(month), now=NOON - dt.timedelta(days=10))
    return teams, {"dark": dark["symbol"], "code": dark["code"], "plain": plain["symbol"]}


def test_closed_lists_leave_secret_papers_out_and_say_so(
    client: Browser, office: Office, town: tuple[Teams, dict[str, str]]
) -> None:
    """The number as closed, the lines without secret papers, how many are missing; a bundle of such a month is not
    made, one of another is."""
    teams, named = town
    teams.enter(client, "specialist", teams.found("far"))
    for path, ending in ((f"{MONTH}/documents?", f"{MONTH}/documents.csv?"), (
        "/reports/board/documents?period=2026-10&", "/reports/board/documents.csv?period=2026-10&",
    )):  # fmt: skip
        shown = client.get(f"{path}count=issued").text
        assert (": 2</h1>" in shown, "1 dòng về văn bản mật không hiển thị" in shown) == (True, True), path
        assert (named["plain"] in shown, named["dark"] in shown, named["code"] in shown) == (True, False, False)
        sheet = client.get(f"{ending}count=issued").text
        assert (named["plain"] in sheet, named["dark"] in sheet, named["code"] in sheet) == (True, False, False)
        assert "1 dòng về văn bản mật" in sheet
    alone = client.get(f"{MONTH}/documents?count=secret").text
    assert (": 1</h1>" in alone, named["code"] in alone, "1 dòng về văn bản mật" in alone) == (True, False, True)
    assert "không mở văn bản mật" in client.get(f"{MONTH}/bundle").text
    assert client.post(f"{MONTH}/bundle").status_code == 403
    assert '<form method="post" action="?' in client.get("/reports/months/2026-09/bundle").text


def test_a_foreign_unit_is_not_there(client: Browser, office: Office, town: tuple[Teams, dict[str, str]]) -> None:
    """Neither the team's own agency nor anybody's board or signs; where only a part is inspected no figures are."""
    teams, _named = town
    teams.enter(client, "specialist", teams.found("far"))
    own = office.units["commune"]
    for path in (
        f"/reports/months?agency={own}", f"{MONTH}?agency={own}", f"{MONTH}/documents?count=issued&agency={own}",
        f"/reports/board?agency={own}", f"/reports/board/units/{office.units['economy']}",
        f"/reports/signs/too_fast?agency={own}", f"{MONTH}/bundle?agency={own}", "/outgoing/4/bundle",
    ):  # fmt: skip
        assert client.get(path).status_code == 404, path
    teams.enter(client, "chief", teams.found("economy", head="chief"))
    for path in ("/reports/months", "/reports/board", "/reports/signs/too_fast"):
        assert client.get(path).status_code == 404, path
    assert 'href="/reports/months"' not in client.get("/reports").text


def test_no_link_among_the_figures_is_a_dead_end(
    client: Browser, office: Office, town: tuple[Teams, dict[str, str]]
) -> None:
    """Every link leads on, and no form writes but that of a bundle."""
    teams, _named = town
    letter = Arrivals(office)
    letter.registered(clerk="far_clerk", facts=LETTER)
    teams.enter(client, "specialist", teams.found("far"))
    dead: set[tuple[str, str]] = set()
    tried: set[str] = set()
    for page in ("/reports/months", MONTH, "/reports/board", "/reports/board/compare", "/reports/signs",
                 "/reports/signs/registered_late", "/reports/indicators", "/reports/entered",
                 f"{MONTH}/documents?count=issued", "/outgoing/2/bundle"):  # fmt: skip
        main = client.get(page).text.partition("<main")[2]
        for address in set(re.findall(r'href="(/[^"#]*)', main)) - tried:
            tried.add(address)
            if client.get(address.replace("&amp;", "&")).status_code != 200:
                dead.add((page, address))
        acts = set(re.findall(r'<form method="post" action="([^"]*)"', main))
        dead |= {(page, address) for address in acts if address != "?"}
    assert dead == set()
    assert len(tried) > 20


def test_a_look_at_figures_is_on_record_before_the_answer(
    client: Browser, office: Office, town: tuple[Teams, dict[str, str]], engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Each page and sheet is a look; where it cannot be written nothing is shown."""
    teams, named = town
    teams.enter(client, "specialist", teams.found("far"))
    opened = ("/reports/months", MONTH, f"{MONTH}/figures.csv", f"{MONTH}/documents?count=issued",
              "/reports/board", "/reports/board/figures.xlsx", "/reports/board/compare", "/reports/signs",
              "/reports/signs/offices.csv", "/reports/indicators", "/reports/entered")  # fmt: skip
    for path in opened:
        assert client.get(path).status_code == 200, path
    with unit_of_work(engine) as uow:
        noted = uow.session.execute(select(InspectionLook.kind, InspectionLook.page).order_by(InspectionLook.id))
        found = [tuple(row) for row in noted]
    assert [page for _kind, page in found] == list(opened)
    assert {kind for kind, page in found if "." in page} == {"export"}

    def broken(*_given: object, **_named: object) -> bool:
        raise OSError("no room")

    monkeypatch.setattr(reading, "note_look", broken)
    try:
        answer = client.get(f"{MONTH}/documents?count=issued")
    except OSError:
        return
    assert (answer.status_code, named["plain"] in answer.text) == (500, False)


def test_lists_are_narrowed_ordered_and_taken_away(
    client: Browser, office: Office, town: tuple[Teams, dict[str, str]]
) -> None:
    """Inspections by how they stand, entered figures and targets by unit; the sheet is the same list."""
    teams, _named = town
    teams.found("far", purpose="Đợt một")
    second = teams.found("far", purpose="Đợt hai")
    teams.do("admin", founding.end, inspection_id=second.id, reason="Hoãn")
    entered_in(office, long="Báo cáo <b>số 12</b>", now=NOON)
    client.login("admin")
    for query, found in (("", ["Đợt hai", "Đợt một"]), ("sort=oldest", ["Đợt một", "Đợt hai"]),
                         ("state=over", ["Đợt hai"]), ("state=running", ["Đợt một"]),
                         ("state=coming", [])):  # fmt: skip
        for path in ("/inspections", "/inspections.csv"):
            text = client.get(f"{path}?{query}").text
            seen = sorted((one for one in ("Đợt một", "Đợt hai") if one in text), key=text.index)
            assert seen == found, (path, query)
    own = office.units["commune"]
    for path, words in (("/reports/entered", "3350/3351"), ("/reports/indicators/targets.csv", "99,98"),
                        ("/reports/entered.csv", "3350/3351"), ("/reports/indicators", "99,98")):  # fmt: skip
        assert words in client.get(f"{path}?unit={own}&sort=oldest").text, path
        assert words in client.get(f"{path}?unit={office.units['far']}").text, "no such unit in the list: no filter"
    assert "3350/3351" not in client.get("/reports/entered?before=1").text
    assert "3350/3351" in client.get("/reports/entered?before=0&sort=oldest").text
