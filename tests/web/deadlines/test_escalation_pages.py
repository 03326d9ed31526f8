"""Who is told of lateness: the hours an agency sets, and what pages and files show of what was told, to whom."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, select

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser, Clock
from tests.support.office import NOON, Office
from workflow.domain.escalation import USUAL, mark
from workflow.services.documents import drafting
from workflow.services.escalation import telling
from workflow.services.escalation.hours import hours_of
from workflow.services.incoming import explaining
from workflow.services.incoming.deadlines import DueChoice
from workflow.store.models import Incoming, IncomingPart, Journal, Outgoing
from workflow.store.session import unit_of_work

ADDRESS = "/admin/deadline-rules/escalation"
FRIDAY = DueChoice(day=dt.date(2026, 11, 27))
WANTED = {
    "normal_holder": "3", "normal_head": "", "normal_leader": "20", "urgent_holder": "1", "urgent_head": "2",
    "urgent_leader": "4", "explanation_head": "5", "explanation_leader": "6", "reason": "Quy chế 12/QĐ-UBND",
    "seen": mark(USUAL),
}  # fmt: skip


@pytest.fixture
def arrivals(office: Office, clock: Clock) -> Arrivals:
    """Documents of Monday noon, and pages opened an hour later."""
    clock.now = NOON + dt.timedelta(hours=1)
    return Arrivals(office)


def tick(engine: Engine, clock: Clock, *when: dt.datetime) -> None:
    """The job at these moments, and pages opened after the last."""
    for moment in when:
        with unit_of_work(engine) as uow:
            telling.make(uow, period=moment.isoformat(), now=moment, base_url="")
            uow.commit()
        clock.now = moment


AFTERNOON, MORNING, THIRD = (
    dt.datetime(2026, 11, 30, 7, tzinfo=dt.UTC), dt.datetime(2026, 12, 1, 1, tzinfo=dt.UTC),
    dt.datetime(2026, 12, 2, 1, tzinfo=dt.UTC),
)  # fmt: skip


def test_an_agencys_hours_are_changed_with_a_reason(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """An empty field switches a level off; page and journal say so; the neighbour keeps the usual ones."""
    client.login("admin")
    assert 'name="normal_leader" type="text" value="16"' in client.get(ADDRESS).text
    done = client.post(ADDRESS, data=WANTED)
    assert (done.status_code, done.location) == (303, "/admin/deadline-rules?done=escalation")
    shown = client.get(done.location).text
    assert "người đang giữ sau 3 giờ; lãnh đạo cơ quan sau 20 giờ" in shown
    assert "Đã lưu số giờ." in shown
    with unit_of_work(engine) as uow:
        entry = uow.session.scalars(select(Journal).where(Journal.tag == "unit:escalation:changed")).one()
        assert '"head":null' in entry.body
        assert "Quy chế 12/QĐ-UBND" in entry.body
        units = arrivals.office.units
        assert hours_of(uow, units["commune"]).normal.head is None
        assert hours_of(uow, units["far"]) == USUAL


def test_mistakes_stand_beside_their_field(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """Order, range, an explanation switched off, no reason, a page of before, nobody but the administrator."""
    client.login("admin")
    for wrong, field in (
        ({"normal_leader": "3"}, "normal_leader"), ({"urgent_head": "0"}, "urgent_head"),
        ({"urgent_leader": "99"}, "urgent_leader"), ({"explanation_head": ""}, "explanation_head"),
        ({"normal_holder": "x"}, "normal_holder"), ({"reason": " "}, "reason"),
    ):  # fmt: skip
        answer = client.post(ADDRESS, data=WANTED | wrong)
        assert (answer.status_code, f'id="e-{field}"' in answer.text) == (422, True), wrong
    same = {"normal_holder": "4", "normal_head": "8", "normal_leader": "16", "explanation_head": "8",
            "explanation_leader": "16"}  # fmt: skip
    assert client.post(ADDRESS, data=WANTED | same).status_code in {409, 422}
    stale = client.post(ADDRESS, data=WANTED | {"seen": "1,2"})
    assert stale.status_code == 409
    assert f'name="seen" value="{mark(USUAL)}"' in stale.text
    with unit_of_work(engine) as uow:
        assert hours_of(uow, arrivals.office.units["commune"]) == USUAL
    for name in ("clerk", "leader", "head"):
        assert client.login(name).post(ADDRESS, data=WANTED).status_code == 403


def test_what_was_told_stands_on_the_document_and_in_the_list(
    client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine
) -> None:
    """To whoever may read the document; the list and its file say how far it went, of parts too. A neighbour sees
    nothing of it."""
    found = arrivals.in_progress(due=FRIDAY)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        part = uow.session.scalars(select(IncomingPart).where(IncomingPart.part == "coordinate")).one()
        part.due_at = found.due_at
        uow.commit()
    page = client.login("leader").get(f"/incoming/{found.id}").text
    assert "Đã báo quá hạn" not in page
    tick(engine, clock, AFTERNOON, MORNING)
    for who in ("leader", "specialist", "culture_head"):
        page = client.login(who).get(f"/incoming/{found.id}").text
        assert "đã báo Ngô Thị Bích (người đang giữ) lúc 14:00 30/11/2026" in page
        assert "đã báo Phạm Thị Hương Giang (trưởng đơn vị) lúc 08:00 01/12/2026" in page
        assert "Phần phối hợp: đã báo Đỗ Văn Phúc (người đang giữ)" in page
    listed = client.login("leader").get("/incoming/overdue").text
    assert "trưởng đơn vị" in listed
    line = client.get("/incoming/overdue.csv").text.split("\r\n")[1]
    assert "trưởng đơn vị" in line
    assert client.login("far_leader").get(f"/incoming/{found.id}").status_code == 404
    assert "Ngô Thị Bích" not in client.get("/incoming/overdue").text


def test_who_owes_an_explanation_is_not_shown_to_everybody(
    client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine
) -> None:
    """To whoever was told and to the leaders; a coordinating unit sees the document, not that."""
    found = arrivals.in_progress(due=FRIDAY)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(Incoming, found.id).paused_since = None
        explaining.demand_for_job(uow, incoming_id=found.id, now=dt.datetime(2026, 11, 27, 11, tzinfo=dt.UTC))
        uow.commit()
    tick(engine, clock, dt.datetime(2026, 12, 2, 2, tzinfo=dt.UTC))
    words = "Giải trình phải gửi: đã báo Ngô Thị Bích"
    for who, sees in (("specialist", True), ("leader", True), ("culture_head", False), ("clerk", False)):
        assert (words in client.login(who).get(f"/incoming/{found.id}").text) == sees, who


def test_an_outgoing_document_says_it_too(client: Browser, office: Office, clock: Clock, engine: Engine) -> None:
    """In review since Friday: its head, then the leader."""
    with unit_of_work(engine) as uow:
        facts = drafting.DraftFacts(type_code="letter", subject="V/v chống bão", recipients="Các thôn")
        made = drafting.create(uow, office.actor("drafter"), facts=facts, now=NOON)
        uow.flush()
        row = uow.session.get_one(Outgoing, made.id)
        row.state, row.step_due_at = "in_review", dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC)
        uow.commit()
    tick(engine, clock, AFTERNOON, MORNING, THIRD)
    page = client.login("drafter").get(f"/outgoing/{made.id}").text
    assert "đã báo Phạm Thị Hương Giang (người đang giữ) lúc 14:00 30/11/2026" in page
    assert "đã báo Nguyễn Thị Lan (lãnh đạo cơ quan) lúc 08:00 02/12/2026" in page
    assert client.login("far_drafter").get(f"/outgoing/{made.id}").status_code == 404
    notes = client.login("leader").get("/notices").text
    assert "Văn bản quá hạn chưa xử lý: 1" in notes
    assert "người giữ: Phạm Thị Hương Giang" in notes
