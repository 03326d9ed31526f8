"""Every export: in the reader's words, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import pytest
from flask import Flask
from sqlalchemy import update

from tests.support import months, trust
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.copied import asked
from tests.support.dossiers import Dossiers
from tests.support.exchange import Between
from tests.support.inspecting import inspected
from tests.support.office import Office
from tests.support.papers import Papers
from tests.sweep.entered import entered_in
from workflow.adapters.sheets import read_sheet
from workflow.domain.absences import Acts
from workflow.domain.bulk import Act
from workflow.domain.copies import Medium
from workflow.domain.errors import NotFound
from workflow.domain.outside_offices import Office as Outside
from workflow.domain.people import Actor
from workflow.domain.periods import parse
from workflow.domain.permissions import figures_scope
from workflow.services import jobs, reports, sunsets
from workflow.services.absences import set_own
from workflow.services.access import personal
from workflow.services.bulk import running
from workflow.services.bulk.running import Order
from workflow.services.documents import templates
from workflow.services.exchange import grouping, offices
from workflow.services.incoming import registering
from workflow.services.incoming.arriving import Facts
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.opinions import asking
from workflow.services.opinions.asking import To
from workflow.services.trust_changes import propose_retirement
from workflow.store import unit_copies
from workflow.store.models import Incoming, Outgoing, Person, PostRow, Report, StandingLook, Unit
from workflow.store.session import unit_of_work

EXPORTS = {
    "/outgoing/export.csv": "clerk", "/register/export.csv": "clerk", "/reports/rates.csv": "clerk",
    "/reports/documents.csv?figure=issued": "clerk", "/admin/people.csv": "admin", "/admin/units.csv": "admin",
    "/admin/mandates.csv": "admin", "/admin/absences.csv": "admin",
    "/admin/certificates.csv": "admin",
    "/admin/trust/changes/<int:change_id>/flips.csv": "admin",
    "/admin/trust/sunsets/<int:sunset_id>.csv": "admin", "/incoming/export.csv": "clerk",
    "/incoming/register.csv": "clerk", "/incoming/register/follow-up.csv": "clerk",
    "/outgoing/deliveries.csv": "clerk", "/bulk.csv": "clerk", "/bulk/<int:run_id>/results.csv": "clerk",
    "/opinions/export.csv": "clerk", "/admin/templates/export.csv": "clerk",
    "/unit-copies/export.csv": "culture_head", "/outgoing/groups.csv": "clerk",
    "/admin/offices/export.csv": "clerk", "/admin/offices/candidates.csv": "clerk",
    "/dossiers/export.csv": "clerk", "/incoming/overdue.csv": "clerk", "/incoming/arrivals/export.csv": "clerk",
    "/admin/jobs/<name>/ledger.csv": "admin", "/reports/unsigned/<int:unit_id>/<period>/report.csv": "leader",
    "/admin/journal/acts/<int:act_id>.csv": "admin",
    "/reports/unsigned/reasons.csv": "clerk", "/copies/export.csv": "clerk",
    "/inspections/standing.csv": "admin",
    "/inspections.csv": "admin", "/reports/entered.csv": "admin", "/reports/indicators/targets.csv": "admin",
    "/inspections/<int:inspection_id>/looks.csv": "admin",
    "/inspections/<int:inspection_id>/findings.csv": "admin",
    "/inspections/<int:inspection_id>/commitments.csv": "admin",
    "/inspections/<int:inspection_id>/samples/<int:sample_id>.csv": "admin",
    "/inspections/<int:inspection_id>/samples/<int:sample_id>/population.csv": "admin",
    "/reports/months/<period>/figures.csv": "clerk", "/reports/months/<period>/documents.csv?count=issued": "clerk",
    "/reports/months/<period>/report.csv": "clerk",
    "/reports/board/figures.csv": "clerk", "/reports/board/units/<int:unit_id>/figures.csv": "clerk",
    "/reports/board/people/<int:person_id>/figures.csv": "clerk", "/reports/board/compare/figures.csv": "clerk",
    "/reports/board/documents.csv?period=2026-Q4&count=issued": "clerk",
    "/reports/signs/offices.csv": "leader", "/reports/signs/<sign>/papers.csv": "leader",
    "/admin/access.csv": "admin", "/admin/access/document.csv?document=%401/UBND": "admin",
    "/admin/personal-data/looks.csv": "admin",
}  # fmt: skip
WORKBOOKS = {
    "/outgoing/export.csv", "/incoming/export.csv", "/outgoing/deliveries.csv", "/bulk.csv",
    "/bulk/<int:run_id>/results.csv", "/opinions/export.csv", "/admin/templates/export.csv",
    "/unit-copies/export.csv", "/outgoing/groups.csv", "/admin/offices/export.csv", "/admin/offices/candidates.csv",
    "/dossiers/export.csv", "/incoming/overdue.csv", "/incoming/arrivals/export.csv", "/reports/rates.csv",
    "/reports/documents.csv?figure=issued", "/admin/people.csv", "/admin/units.csv", "/admin/mandates.csv",
    "/admin/absences.csv", "/admin/certificates.csv", "/admin/trust/changes/<int:change_id>/flips.csv",
    "/admin/trust/sunsets/<int:sunset_id>.csv",
    "/admin/jobs/<name>/ledger.csv", "/reports/months/<period>/figures.csv", "/reports/unsigned/reasons.csv",
    "/reports/months/<period>/documents.csv?count=issued", "/reports/board/figures.csv",
    "/reports/board/units/<int:unit_id>/figures.csv", "/reports/board/people/<int:person_id>/figures.csv",
    "/reports/board/compare/figures.csv", "/reports/board/documents.csv?period=2026-Q4&count=issued",
    "/reports/signs/offices.csv", "/reports/signs/<sign>/papers.csv",
    "/admin/access.csv", "/admin/access/document.csv?document=%401/UBND", "/admin/personal-data/looks.csv",
    "/copies/export.csv",
    "/inspections/standing.csv",
    "/inspections.csv", "/reports/entered.csv", "/reports/indicators/targets.csv",
    "/inspections/<int:inspection_id>/looks.csv", "/inspections/<int:inspection_id>/findings.csv",
    "/inspections/<int:inspection_id>/commitments.csv",
    "/inspections/<int:inspection_id>/samples/<int:sample_id>.csv",
    "/inspections/<int:inspection_id>/samples/<int:sample_id>/population.csv",
}  # fmt: skip
"""Exports that come as a workbook too, at the same address with `.xlsx`."""
PARTS_OF_BOOKS = {"/register/export.xlsx", "/incoming/register.xlsx", "/incoming/register/follow-up.xlsx"}
"""Registers in parts (`test_register_prints`)."""
BOOKS_OF_TABLES = {"/reports/unsigned/<int:unit_id>/<period>/report.xlsx", "/reports/months/<period>/report.xlsx"}
"""A table on each sheet (`test_morning_reports`, `test_monthly_reports`)."""
_IMPORTS = ("/register/import", "/admin/import", "/admin/offices/import")
SHEETS_TO_FILL_IN = {
    "/admin/import/units.xlsx", "/admin/import/people.xlsx", *(f"{one}/empty/<kind>.xlsx" for one in _IMPORTS),
    *(f"{one}/<int:import_id>/faults.xlsx" for one in _IMPORTS),
}  # fmt: skip
"""Of imports, with the headings that they read."""
NOTHING_TYPED = {"/bulk.csv", "/admin/journal/acts/<int:act_id>.csv", "/reports/board/compare/figures.csv"}
"""Lists that hold no words of people."""
READ_AGAIN = {"/admin/offices/export.csv", "/admin/offices/candidates.csv"}
"""Sheets that come back filled in: an import knows them by their headings, Vietnamese in both languages."""
FORMULA = '=HYPERLINK("http://evil.example";"x")'
STARTS = ("=", "+", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff20")


def issue_inside_and_out(office: Office) -> None:
    """A paper that goes to a unit inside, and to an office that the catalogue does not know."""
    post = Between(office)
    document = post.ready(recipients=FORMULA)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        unit_copies.put(uow.session, document, [office.units["culture"]])
        uow.commit()
    post.issue(document)


def register_late(papers: Papers) -> None:
    """A sign of irregularity."""
    lying = Arrivals(papers.office)
    lying.now = papers.now - dt.timedelta(days=13)
    found = lying.paper(facts=Facts(issuer=FORMULA, symbol="@1/SNV", subject=FORMULA))
    lying.now += dt.timedelta(days=7)
    lying.do("clerk", registering.register, incoming_id=found.id, version=None)


def fill(papers: Papers, path: str) -> None:
    """Something for the table to show."""
    if path.startswith("/reports/months/<period>/report"):
        months.close(papers.office.engine, papers.office.units["commune"], parse("2026-10"), now=papers.now)
        return
    if path.startswith("/incoming/"):
        arrivals = Arrivals(papers.office)
        arrivals.now = papers.now - dt.timedelta(days=13)
        facts = Facts(issuer=FORMULA, symbol="@1/SNV", subject=FORMULA)
        arrivals.paper(facts=facts)
        arrivals.in_progress(facts=facts, due=DueChoice(day=(papers.now - dt.timedelta(days=7)).date()))
        return
    if path.startswith("/bulk"):
        keys = tuple((key, 1) for key in (papers.draft(), papers.draft()))
        order = Order(act=Act.ISSUE, picked=keys, form="f")
        run = papers.do(running.order, "clerk", given=order)
        papers.do(running.note_refused, "clerk", scoped=False, run_id=run, place=1, error=NotFound("x"))
        return
    if path.startswith("/opinions"):
        to = [To(post_id=papers.office.posts["clerk"].id)]
        papers.do(asking.ask, "drafter", document_id=papers.draft(), to=to, question=FORMULA, due_on=None)
        return
    if path.startswith("/admin/templates"):
        papers.do(templates.add, "clerk", scoped=False, type_code="notice", name=FORMULA, basis="", body=FORMULA)
        return
    if path.startswith("/admin/offices/export"):
        papers.do(offices.keep, "clerk", scoped=False, office_id=None, wish=Outside(name=FORMULA, note=FORMULA))
        return
    if path == "/outgoing/groups.csv":
        wish = grouping.Wish(name=FORMULA, others="Sở Nội vụ")
        papers.do(grouping.keep, "clerk", scoped=False, group_id=None, wish=wish)
        return
    if path.startswith(("/admin/offices", "/unit-copies")):
        issue_inside_and_out(papers.office)
        return
    if path.startswith("/admin/jobs"):
        admin = Actor.of(papers.office.posts["admin"], address="127.0.0.1", at_top=True)
        with unit_of_work(papers.office.engine) as uow:
            jobs.ask_run(uow, admin, job="recheck", now=papers.now)
            uow.commit()
        return
    if path.startswith("/dossiers/"):
        Dossiers(papers.office).outside(title=FORMULA)
        return
    if path.startswith("/admin/absences"):
        days = {"first_day": papers.now.date(), "last_day": papers.now.date()}
        deputy = papers.office.posts["deputy"].id
        papers.do(set_own, "leader", scoped=False, deputy_post_id=deputy, acts=Acts.READING, reason=FORMULA, **days)
        return
    if path.startswith(ROOM):
        fill_room(papers, path)
        return
    papers.issued()
    Arrivals(papers.office).directed()
    propose(papers, path)


ROOM = ("/copies", "/inspections", "/reports/signs", "/reports/unsigned", "/reports/entered", "/reports/indicators",
        "/admin/personal-data", "/admin/access/document")  # fmt: skip


def fill_room(papers: Papers, path: str) -> None:
    """The same for copies and for what auditors look at."""
    if path.startswith("/admin/personal-data"):
        scope = figures_scope(papers.office.posts["admin"], agencies_below=())
        papers.do(personal.export_for, "admin", scoped=False, scope=scope,
                  person_id=papers.office.posts["clerk"].person_id, purpose=FORMULA)  # fmt: skip
    elif path.startswith("/admin/access/document"):
        papers.draft()
    elif path.startswith("/copies"):
        asked(papers, outgoing_id=papers.issued(subject=FORMULA), medium=Medium.PAPER, recipients=FORMULA)
    elif path == "/inspections/standing.csv":
        looked_standing(papers)
    elif path.startswith("/inspections"):
        inspected(papers.office, words=FORMULA)
    elif path.startswith(("/reports/entered", "/reports/indicators")):
        entered_in(papers.office, long=FORMULA, now=papers.now)
    elif path.startswith("/reports/signs"):
        register_late(papers)
    else:
        papers.awaiting()
        cut_off = papers.now + dt.timedelta(days=9)
        with unit_of_work(papers.office.engine) as uow:
            reports.make_unsigned(uow, period="2026-12-02", cut_off=cut_off, now=cut_off)
            uow.commit()


def looked_standing(papers: Papers) -> None:
    """An inspector's look; the page that was opened begins like a formula in words of an address."""
    post = papers.office.posts["inspector"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.add(StandingLook(
            person_id=post.person_id, post_id=post.id, of_id=papers.office.units["commune"],
            agency_id=papers.office.units["commune"], at=papers.now, kind="list", page=FORMULA,
        ))  # fmt: skip
        uow.commit()


def propose(papers: Papers, path: str) -> None:
    """A change of trust, or the end of an algorithm, with what it would concern."""
    if "<int:sunset_id>" in path:
        until = papers.now + dt.timedelta(days=90)
        wish = {"algorithm": "secp256r1", "until": until, "source": "QĐ", "reason": "x"}
        trust.do(papers.office, sunsets.propose, now=papers.now, **wish)
    if "<int:change_id>" in path:
        change = trust.do(papers.office, propose_retirement, root_id=1, reason=trust.REASON, now=papers.now)
        trust.count(papers.office, papers.blobs, change.id, now=papers.now)


def fill_with_formulas(papers: Papers, path: str) -> None:
    """Something to show; names, titles, subjects and symbols begin like a formula wherever people write."""
    fill(papers, path)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Person).values(full_name=FORMULA, email="@SUM(A1)"))
        uow.session.execute(update(PostRow).values(title="+cmd|' /C calc'!A0"))
        uow.session.execute(update(Unit).values(name=FORMULA))
        uow.session.execute(update(Outgoing).values(subject=FORMULA, recipients="\uff1d1+1", symbol="@1/UBND"))
        uow.session.execute(update(Report).values(words={}))  # named anew, as that of an older version
        uow.session.execute(update(Incoming).values(subject=FORMULA, issuer="@SUM(A1)", symbol="+1", note="=1"))
        uow.commit()


_PERIODS = {"/reports/months/<period>/report.csv": "2026-Q4"}
"""A quarter with one closed month."""


def address_of(path: str) -> str:
    """A rule with its keys filled in."""
    keys = {"<int:change_id>": "1", "<int:run_id>": "1", "<int:sunset_id>": "1", "<name>": "recheck",
            "<int:act_id>": "1", "<int:unit_id>": "1", "<int:person_id>": "8", "<sign>": "registered_late",
            "<int:inspection_id>": "1", "<int:sample_id>": "1",
            "<period>": _PERIODS.get(path, "2026-11" if "/months/" in path else "2026-12-02")}  # fmt: skip
    for name, key in keys.items():
        path = path.replace(name, key)
    return path


def read(client: Browser, path: str, language: str) -> list[list[str]]:
    """The table as a spreadsheet takes it apart."""
    answer = client.get(address_of(path), headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_the_list_of_exports_is_whole(app: Flask) -> None:
    """A new export needs a line above."""
    found = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith((".csv", ".xlsx"))}
    books = (
        {path.partition("?")[0].replace(".csv", ".xlsx") for path in WORKBOOKS}
        | PARTS_OF_BOOKS
        | SHEETS_TO_FILL_IN
        | BOOKS_OF_TABLES
    )
    assert found == {path.partition("?")[0] for path in EXPORTS} | books


@pytest.mark.parametrize("path", EXPORTS)
def test_heads_are_in_the_readers_language(client: Browser, papers: Papers, path: str) -> None:
    """Each head says something else in the two languages."""
    fill(papers, path)
    client.login(EXPORTS[path])
    vietnamese, english = (read(client, path, language)[0] for language in ("vi", "en"))
    if path in READ_AGAIN:
        assert vietnamese == english
        return
    assert len(vietnamese) == len(english) >= 3
    same = {head for head, other in zip(vietnamese, english, strict=True) if head == other}
    assert {head for head in same if head.isascii() and len(head) > 2} == set()


@pytest.mark.parametrize("path", EXPORTS)
def test_no_cell_is_a_formula(client: Browser, papers: Papers, path: str) -> None:
    """Words that begin like one, in every place that people can write."""
    fill_with_formulas(papers, path)
    rows = read(client.login(EXPORTS[path]), path, "vi")
    assert any("HYPERLINK" in cell for row in rows for cell in row) == (path not in NOTHING_TYPED)
    assert [cell for row in rows for cell in row if cell.strip(" \"'").startswith(STARTS) and cell[:1] != "'"] == []


@pytest.mark.parametrize("path", sorted(WORKBOOKS))
def test_a_workbook_holds_the_same_table_as_words(client: Browser, papers: Papers, path: str) -> None:
    """Heads and rows are those of the CSV; no cell is a formula or a link, whatever its words begin with."""
    fill_with_formulas(papers, path)
    table = read(client.login(EXPORTS[path]), path, "vi")
    data = client.get(address_of(path).replace(".csv", ".xlsx"), headers={"Accept-Language": "vi"}).data
    book = read_sheet(data)
    assert list(book.rows[0]) == table[0]
    assert len(book.rows) == len(table) > 1
    words = [cell for row in book.rows for cell in row if isinstance(cell, str)]
    assert any(cell == FORMULA for cell in words) == (path not in NOTHING_TYPED)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        assert [name for name in parts.namelist() if "externalLink" in name or (name.endswith(".rels")
                and b"hyperlink" in parts.read(name))] == []  # fmt: skip
    assert "<f" not in page
    assert "<hyperlink" not in page
