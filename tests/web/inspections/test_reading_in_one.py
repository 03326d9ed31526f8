"""Reading in an inspection: who gets in, what it opens and what not, until when, and that looks are on record."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFError
from sqlalchemy import Engine, func, select

from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import COOKIE, Browser, Clock
from tests.support.inspecting import FORM, LAST, Teams
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.errors import NotPermitted
from workflow.services.inspections import founding
from workflow.services.journal import verify_subject
from workflow.store.models import InspectionLook, InspectionMember, Journal, Outgoing, PostRow
from workflow.store.session import unit_of_work
from workflow.web.inspection_mode import LOOKS, OWN, TAKEN


@pytest.fixture
def teams(office: Office) -> Teams:
    """The neighbour lies below the top agency."""
    made = Teams(office)
    made.below()
    return made


def looks(engine: Engine) -> list[tuple[str, str, str]]:
    """(kind, subject, page) in the order in which they were noted."""
    with unit_of_work(engine) as uow:
        rows = uow.session.scalars(select(InspectionLook).order_by(InspectionLook.id))
        return [(row.kind, row.subject, row.page) for row in rows]


def test_founded_entered_read_and_left(client: Browser, office: Office, teams: Teams, engine: Engine) -> None:
    """From the form to a document of the inspected agency, a banner on every page, and back to one's own desk."""
    (theirs,) = add_issued(office, issued_row(office, unit="far_office"))
    (ours,) = add_issued(office, issued_row(office))
    form = {**FORM, "units": [str(office.units["far"])], "head_post_id": str(office.posts["specialist"].id)}
    client.login("admin")
    assert "Ủy ban nhân dân xã Yên Viễn" in client.get("/inspections/new").text
    assert client.post("/inspections/new", data={**form, "decision_symbol": "x"}).status_code == 422
    own = {**form, "head_post_id": str(office.posts["far_clerk"].id)}
    assert "Không ai kiểm tra đơn vị của mình" in client.post("/inspections/new", data=own).text
    made = client.post("/inspections/new", data=form)
    address = made.headers["Location"].partition("?")[0]
    assert "88/QĐ-UBND" in client.get(address).text
    client.login("specialist")
    assert "/inspections" in client.get("/desk").text
    assert client.get(f"/outgoing/{theirs}").status_code == 404
    assert client.post(f"{address}/enter").status_code == 303
    for page in ("/", address, "/outgoing", f"/outgoing/{theirs}", "/inspections"):
        got = client.get(page, follow_redirects=True)
        assert (got.status_code, "88/QĐ-UBND" in got.text, "Rời cuộc kiểm tra" in got.text) == (200, True, True), (
            page
        )
    shown = client.get("/outgoing").text
    assert [one for one in ("/desk", "/account", "/absence", "/admin") if f'href="{one}"' in shown] == [], "refused"
    for closed in (f"/outgoing/{ours}", f"/outgoing/{ours}/versions", f"/outgoing/{ours}/attachments"):
        assert client.get(closed).status_code == 404, closed
    kinds = [(kind, subject) for kind, subject, _page in looks(engine)]
    assert kinds == [("list", ""), ("document", f"outgoing:{theirs}"), ("list", "")]
    assert client.post("/inspections/leave").status_code == 303
    assert client.get(f"/outgoing/{theirs}").status_code == 404
    assert client.get(f"/outgoing/{ours}").status_code == 200
    assert len(looks(engine)) == 3, "one's own post leaves no look here"


def test_nothing_is_written_and_nothing_else_is_opened(client: Browser, app: Flask, teams: Teams) -> None:
    """Every address of the service, before its view is reached: only the mode's own pages pass, and to be read."""
    teams.enter(client, "specialist", teams.found("far"))
    found = client.get_cookie(COOKIE)
    assert found is not None
    passed = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("inspections.") or rule.endpoint in OWN or rule.rule.startswith("/api"):
            continue
        given = {name: _value(converter) for name, converter in rule._converters.items()}
        address = app.url_map.bind("").build(rule.endpoint, {**given, **(rule.defaults or {})})
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            with app.test_request_context(address, method=method, headers={"Cookie": f"{COOKIE}={found.value}"}):
                try:
                    app.preprocess_request()
                except NotPermitted:
                    continue
                except CSRFError:
                    pass  # the mode let it through to the next gate
                passed.add((method, rule.endpoint))
    read = {("GET", endpoint) for endpoint in LOOKS if not endpoint.startswith("inspections.")}
    assert passed == read | {("POST", endpoint) for endpoint in TAKEN}
    refused = client.post("/saved/outgoing", data={"name": "x"})
    assert (refused.status_code, "không thay đổi gì" in client.get("/desk").text) == (403, True)


def _value(converter: object) -> object:
    kinds = getattr(converter, "items", None)
    return sorted(kinds)[0] if kinds else 1 if converter.__class__.__name__ == "RowKey" else "x"


def test_it_ends_with_its_day_its_member_and_its_post(
    client: Browser, office: Office, teams: Teams, clock: Clock, engine: Engine
) -> None:
    """After the last day, after a revocation, after the post, after an early end: the document is not there."""
    (theirs,) = add_issued(office, issued_row(office, unit="far_office"))
    row = teams.found("far")
    member = teams.do("admin", founding.grant, inspection_id=row.id, post_id=office.posts["culture_head"].id,
                      first_day=dt.date(2026, 11, 24), last_day=dt.date(2026, 11, 25))  # fmt: skip
    late = teams.do("admin", founding.grant, inspection_id=row.id, post_id=office.posts["lone_drafter"].id,
                    first_day=dt.date(2026, 11, 23), last_day=LAST)  # fmt: skip
    assert client.login("culture_head").post(f"/inspections/{row.id}/enter").status_code == 404, "not begun"
    address = f"/outgoing/{theirs}"
    for stop in ("revoked", "post", "member's last day"):
        clock.now = NOON.replace(day=25)
        name = {"revoked": "lone_drafter", "post": "specialist"}.get(stop, "culture_head")
        teams.enter(client, name, row)
        assert client.get(address).status_code == 200, stop
        if stop == "revoked":
            teams.do("admin", founding.revoke, inspection_id=row.id, member_id=late.id, reason="Đổi người")
        elif stop == "post":
            _end_post(engine, office.posts["specialist"].id, dt.date(2026, 11, 24))
        else:
            clock.now = clock.now + dt.timedelta(hours=13)  # the next day at the office
            client.login("culture_head")
            assert client.post(f"/inspections/{row.id}/enter").status_code == 404
        assert client.get(address).status_code in {404, 403}, stop
        assert client.post(f"/inspections/{row.id}/enter").status_code in {404, 403}, stop
    _end_post(engine, office.posts["specialist"].id, None)
    clock.now = NOON.replace(day=26)
    teams.enter(client, "specialist", row)
    teams.do("admin", founding.end, inspection_id=row.id, reason="Hoãn", now=clock.now)
    assert client.get(address).status_code == 404
    assert client.post(f"/inspections/{row.id}/enter").status_code == 404
    second = teams.found("far")
    teams.enter(client, "specialist", second)
    assert client.get(address).status_code == 200
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(InspectionMember, member.id).last_day == dt.date(2026, 11, 25)
    clock.now = dt.datetime(2026, 12, 4, 17, 1, tzinfo=dt.UTC)  # 00:01 of the day after
    client.login("specialist")
    assert client.get(address).status_code == 404
    assert client.post(f"/inspections/{second.id}/enter").status_code == 404
    assert client.get(f"/inspections/{second.id}").status_code == 200, "its own papers stay"


def _end_post(engine: Engine, post_id: int, day: dt.date | None) -> None:
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(PostRow, post_id).valid_to = day
        uow.commit()


def test_only_its_units_and_nothing_secret(client: Browser, office: Office, teams: Teams) -> None:
    """A part is read with its papers and no others'; another team's inspection and secret papers are not there."""
    arrivals = Arrivals(office)
    secret = replace(LETTER, secret=True, symbol="01/M-SNV", subject="Nội dung mật")
    plain, hidden = arrivals.registered(clerk="far_clerk"), arrivals.registered(clerk="far_clerk", facts=secret)
    ours = arrivals.registered()
    rows = [issued_row(office, unit="far_office"), issued_row(office, unit="far_office", secret=True)]
    theirs, dark = add_issued(office, *rows)
    (economy,) = add_issued(office, issued_row(office))
    (culture,) = add_issued(office, issued_row(office, unit="culture"))
    first, second = teams.found("far"), teams.found("economy", head="chief")
    teams.enter(client, "specialist", first)
    for address, status in (
        (f"/outgoing/{theirs}", 200), (f"/outgoing/{dark}", 404), (f"/outgoing/{economy}", 404),
        (f"/incoming/{plain.id}", 200), (f"/incoming/{hidden.id}", 404), (f"/incoming/{ours.id}", 404),
        (f"/inspections/{second.id}", 404), (f"/inspections/{second.id}/looks", 404), ("/incoming/register", 200),
        ("/register", 200), ("/reports", 200), ("/dossiers", 200), ("/search?q=viec", 200), ("/admin/journal", 403),
        ("/outgoing/export.csv", 200), ("/incoming/export.csv", 200), ("/desk", 403), ("/reports/months", 200),
    ):  # fmt: skip
        assert client.get(address).status_code == status, address
    for page in ("/outgoing", "/outgoing/export.csv", "/reports/documents?figure=denominator"):
        text = client.get(page).text
        assert (rows[0]["symbol"] in text, rows[1]["symbol"] in text) == (True, False), page
    for page in ("/incoming", "/incoming/export.csv", "/incoming/register", "/incoming/register.csv"):
        text = client.get(page).text
        assert ("0412/SNV-TCBC" in text, "01/M-SNV" in text, "Nội dung mật" in text) == (True, False, False), page
    with unit_of_work(office.engine) as uow:
        code = uow.session.get_one(Outgoing, dark).symbol
    assert code not in client.get("/search?q=" + code).text.partition("<main")[2].partition("value=")[0]
    teams.enter(client, "chief", second)
    assert client.get(f"/outgoing/{economy}").status_code == 200
    for address in (
        f"/outgoing/{culture}",
        f"/outgoing/{theirs}",
        f"/incoming/{ours.id}",
        f"/inspections/{first.id}",
    ):
        assert client.get(address).status_code == 404, address
    for stranger in ("drafter", "far_drafter", "clerk"):
        assert client.login(stranger).get(f"/inspections/{first.id}").status_code == 404, stranger
        assert client.post(f"/inspections/{first.id}/enter").status_code == 404, stranger
    grant = {"post_id": office.posts["drafter"].id, "first_day": "23/11/2026", "last_day": "24/11/2026"}
    for who, status in (("specialist", 403), ("far_leader", 403), ("far_admin", 404), ("leader", 404)):
        got = client.login(who).post(f"/inspections/{first.id}/members", data=grant)
        assert got.status_code == status, who


def test_every_look_is_on_record_and_the_head_of_the_unit_sees_it(
    client: Browser, office: Office, teams: Teams, engine: Engine
) -> None:
    """Document, list, register, export, figures: in the table and in the chain, each under its unit."""
    (theirs,) = add_issued(office, issued_row(office, unit="far_office"))
    (economy,) = add_issued(office, issued_row(office))
    row = teams.found("far", "economy", head="chief")
    teams.enter(client, "chief", row)
    opened = [f"/outgoing/{theirs}", f"/outgoing/{economy}", "/outgoing", "/register", "/register/export.csv",
              "/incoming/register", "/reports", "/reports/rates.csv",
              f"/outgoing/{theirs}/attachments"]  # fmt: skip
    for address in opened:
        assert client.get(address).status_code == 200, address
    assert client.get("/outgoing/99").status_code == 404
    assert [page for _kind, _subject, page in looks(engine)] == opened
    assert [kind for kind, _subject, _page in looks(engine)] == [
        "document", "document", "list", "register", "export", "register", "report", "export", "document",
    ]  # fmt: skip
    with unit_of_work(engine) as uow:
        noted = uow.session.scalars(select(Journal).where(Journal.tag == "inspection:look:noted")).all()
        told = [json.loads(one.body)["facts"] for one in noted]
        assert [one["page"] for one in told] == opened
        assert {(one["inspection"], one["role"]) for one in told} == {(row.id, "inspector")}
        assert verify_subject(uow, f"inspection:{row.id}").holds
    page = client.login("far_leader").get(f"/inspections/{row.id}/looks").text
    assert (f"/outgoing/{theirs}" in page, f"/outgoing/{economy}<" in page, "/register" in page) == (
        True,
        False,
        True,
    )
    page = client.login("head").get(f"/inspections/{row.id}/looks.csv").text
    assert (f"/outgoing/{theirs}" in page, f"/outgoing/{economy}" in page) == (False, True)
    with unit_of_work(engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(InspectionLook)) == len(opened)


def test_a_leader_founds_by_the_decision_they_signed(client: Browser, office: Office, teams: Teams) -> None:
    """One that was issued here under another's name, or nowhere, founds nothing; an administrator below neither."""
    kept = {"symbol": "88/QĐ-UBND", "year": 2026}
    day = NOON.replace(day=20)
    letter = issued_row(office, **kept, signer="leader", issued_at=day)
    (of_deputy,) = add_issued(office, issued_row(office, **kept, signer="deputy", type_code="decision"))
    add_issued(office, letter)
    form = {**FORM, "units": [str(office.units["far"])], "head_post_id": str(office.posts["specialist"].id)}
    refused = client.login("leader").post("/inspections/new", data=form)
    assert (refused.status_code, "do ông/bà ký ban hành" in refused.text) == (403, True)
    assert client.login("far_admin").post("/inspections/new", data=form).status_code == 403
    assert client.login("clerk").get("/inspections/new").status_code == 403
    assert client.login("deputy").post("/inspections/new", data=form).status_code == 403, "of another day"
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Outgoing, of_deputy).issued_at = day
        uow.commit()
    made = client.login("deputy").post("/inspections/new", data=form)
    assert made.status_code == 303
    page = client.get(made.headers["Location"]).text
    assert re.search(r'<a href="/outgoing/\d+">88/QĐ-UBND</a>', page)
    assert client.login("leader").get(made.headers["Location"]).status_code == 404
    assert client.login("admin").get(made.headers["Location"]).status_code == 200
    assert client.login("deputy", stepped_up=False).post("/inspections/new", data=form).status_code == 403


def test_no_link_of_its_pages_is_a_dead_end(client: Browser, office: Office, teams: Teams) -> None:
    """Reports, an issued document, an arrival: whatever their pages link to, the mode opens; nothing offers to act.
    The figures' list of secret papers is empty, on the page and as a sheet."""
    (theirs, _dark) = add_issued(
        office, issued_row(office, unit="far_office"), issued_row(office, unit="far_office", secret=True)
    )
    arrived = Arrivals(office).registered(clerk="far_clerk")
    teams.enter(client, "specialist", teams.found("far"))
    dead = set()
    pages = ("/reports", "/reports/documents?figure=issued", "/outgoing", "/incoming", "/register", "/dossiers",
             f"/outgoing/{theirs}", f"/incoming/{arrived.id}")  # fmt: skip
    for page in pages:
        main = client.get(page).text.partition("<main")[2]
        for address in set(re.findall(r'href="(/[^"#]*)', main)):
            if client.get(address.replace("&amp;", "&")).status_code != 200:
                dead.add((page, address))
        acts = set(re.findall(r'<form method="post" action="(/[^"]*)"', main))
        dead |= {(page, address) for address in acts if not address.startswith("/inspections")}
    assert dead == set()
    for figure, number in (("secret", 0), ("issued", 1)):
        sheet = client.get(f"/reports/documents.csv?figure={figure}").text.splitlines()
        assert len(sheet) == 1 + number, figure
