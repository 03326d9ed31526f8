"""The job `digest`: what waits for each person, in one message, each line leading to its item."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.arrivals import LETTER, Arrivals
from tests.support.inspecting import Teams
from tests.support.office import NOON, Office
from tests.support.papers import Papers, letter, papers_of
from tests.support.registers import Papers as Numbers
from tests.support.statements import statements
from workflow.adapters.blobs import open_blobs
from workflow.domain.absences import Acts
from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.jobs import plan
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.outgoing import Action, Urgency
from workflow.domain.people import Post
from workflow.domain.permissions import scope_of
from workflow.domain.schedules import due
from workflow.services import absences
from workflow.services.calendar import working_calendar
from workflow.services.digest import LINES
from workflow.services.documents import files
from workflow.services.incoming import explaining, extending
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.inspections import finding
from workflow.services.opinions import answering, asking
from workflow.services.opinions.asking import To
from workflow.services.registers.holding import Hold, hold
from workflow.store import documents, incoming_desk, opinions
from workflow.store.models import AccessReview, Account, JobRun, Outbox, Person, PostRow
from workflow.store.session import unit_of_work

JOB = job("digest")
DAY = "2026-11-24"
MORNING = dt.datetime(2026, 11, 24, 7, 30, tzinfo=OFFICE_ZONE).astimezone(dt.UTC)
SECRET = "Kế hoạch phòng thủ khu vực"


@pytest.fixture
def papers(office: Office, tools: Tools) -> Papers:
    """Drafts of the day before."""
    return papers_of(office, open_blobs(tools.settings.blob_url))


def _run(tools: Tools, clock: Hand, *, day: str = DAY, at: dt.datetime = MORNING) -> dict[int, Outbox]:
    """The morning's messages by person."""
    clock.now = at
    assert run_period(tools, JOB, day) is Outcome.DONE
    with unit_of_work(tools.engine) as uow:
        rows = uow.session.scalars(select(Outbox).where(Outbox.once_key.startswith(f"digest:{day}:")))
        return {row.person_id or 0: row for row in rows}


def _links(message: Outbox) -> list[str]:
    return [line["link"] for line in (message.params or {})["lines"]]


def _of_all_kinds(office: Office, papers: Papers) -> dict[str, int]:
    """One of much: drafts on every desk, what arrived at each step, a request, a held number."""
    arrivals, made = Arrivals(office), {}
    made["to_sign"] = papers.awaiting(subject="V/v thường")
    made["flash"] = papers.awaiting(subject="V/v bão số 9", urgency=Urgency.FLASH)
    made["to_review"] = papers.in_review(subject="V/v duyệt")
    made["secret"] = papers.draft(subject=SECRET, secret=True, file=False)
    papers.act("drafter", made["secret"], Action.SUBMIT)
    made["format"] = papers.format_check(subject="V/v thể thức")
    made["returned"] = papers.in_review(subject="V/v trả lại")
    papers.act("head", made["returned"], Action.RETURN, "Sửa căn cứ")
    made["own_draft"] = papers.draft(subject="V/v còn viết")
    made["arrived"] = arrivals.paper(facts=replace(LETTER, symbol="1/A")).id
    made["registered"] = arrivals.registered(facts=replace(LETTER, symbol="2/A")).id
    made["submitted"] = arrivals.submitted(facts=replace(LETTER, symbol="3/A")).id
    made["directed"] = arrivals.directed(facts=replace(LETTER, symbol="4/A")).id
    made["handled"] = arrivals.in_progress(facts=replace(LETTER, symbol="5/A", urgency=Urgency.URGENT)).id
    to = [To(kind=Kind.INITIALS, unit_id=office.units["culture"])]
    (request,) = papers.do(asking.ask, "drafter", document_id=made["own_draft"], to=to, question="", due_on=None)
    made["request"] = request.id
    numbers = Numbers(office)
    wish = Hold(reason="Nghị quyết", person_id=office.posts["drafter"].person_id, until=dt.date(2026, 11, 24))
    numbers.do(hold, register_id=numbers.register(), wish=wish)
    return made


def test_each_is_told_once_what_waits_urgent_first(
    tools: Tools, office: Office, papers: Papers, clock: Hand
) -> None:
    """By the desks of their posts; a secret paper is named only as one, in what is kept and in what is mailed."""
    made = _of_all_kinds(office, papers)
    told = _run(tools, clock)
    by_name = {name: told.get(post.person_id) for name, post in office.posts.items()}
    leader = by_name["leader"]
    assert leader is not None
    assert (leader.channel, leader.address, leader.code) == ("mail", "leader@example.gov.vn", "digest")
    assert _links(leader) == [
        f"/outgoing/{made['flash']}", f"/outgoing/{made['to_sign']}", f"/incoming/{made['submitted']}",
    ]  # fmt: skip
    assert leader.subject == "Việc chờ ông/bà ngày 24/11/2026: 3"
    assert leader.body.startswith("- Hỏa tốc · chờ ký số: V/v bão số 9 · còn ")
    assert f"\n  {tools.settings.base_url}/outgoing/{made['flash']}\n" in leader.body
    head = by_name["head"]
    assert head is not None
    assert set(_links(head)) == {
        f"/outgoing/{made['to_review']}", f"/outgoing/{made['secret']}", f"/incoming/{made['directed']}",
    }  # fmt: skip
    assert SECRET not in str(head.params) + head.subject + head.body
    assert "Chờ duyệt nội dung: văn bản mật" in head.body
    asked = by_name["culture_head"]
    assert asked is not None
    assert [one for one in _links(asked) if one.startswith("/opinions/")] == [f"/opinions/{made['request']}"]
    assert by_name["far_leader"] is by_name["admin"] is by_name["inspector"] is None
    assert _run(tools, clock, day="2026-11-25", at=MORNING + dt.timedelta(days=1)).keys() == told.keys()
    assert run_period(tools, JOB, DAY) is Outcome.TAKEN
    _as_the_desks_show(tools, office, told)


def _as_the_desks_show(tools: Tools, office: Office, told: dict[int, Outbox]) -> None:
    """Nothing of a desk is missing and nothing is told that the person's own scope does not reach."""
    with unit_of_work(tools.engine) as uow:
        for post in office.posts.values():
            scope = scope_of(post, units_below=())
            given = {"role": post.role, "person_id": post.person_id}
            rows = documents.waiting_for(scope, uow.session, **given)  # type: ignore[arg-type]
            shown = {f"/outgoing/{row.id}" for row in rows if row.state != "draft"}
            given["agency_id"] = post.agency_id
            arrived = incoming_desk.waiting_for(scope, uow.session, **given)  # type: ignore[arg-type]
            shown |= {f"/incoming/{row.id}" for row in arrived}
            parts = incoming_desk.parts_for(scope, uow.session, **given)  # type: ignore[arg-type]
            shown |= {f"/incoming/{row.id}/contribute" for row in parts if row.part == "coordinate"}
            links = set(_links(told[post.person_id])) if post.person_id in told else set()
            besides = {one for one in links if one.startswith(("/opinions/", "/register?")) or one == "/desk"}
            if post is office.posts["clerk"]:  # what lies in the list of arrivals and not on the desk yet
                besides |= {one for one in links if one.startswith("/incoming/")} - shown
                assert len(besides) == 2, besides
            assert links - besides == shown


def test_an_answered_request_waits_no_more_until_another_text_comes(
    tools: Tools, office: Office, papers: Papers, clock: Hand
) -> None:
    """Initials hold for the text that they were put to; on another file they are asked for anew."""
    document = papers.draft()
    to = [To(kind=Kind.INITIALS, unit_id=office.units["culture"])]
    (request,) = papers.do(asking.ask, "drafter", document_id=document, to=to, question="", due_on=None)
    head, link = office.posts["culture_head"].person_id, f"/opinions/{request.id}"
    assert _links(_run(tools, clock)[head]) == [link]
    with unit_of_work(office.engine) as uow:
        seen = opinions.present_text(uow.session, document)
    given = {"request_id": request.id, "verdict": Verdict.AGREE, "words": "", "seen": seen}
    papers.do(answering.answer, "culture_head", **given)
    assert head not in _run(tools, clock, day="2026-11-25", at=MORNING + dt.timedelta(days=1))
    papers.do(
        files.upload_draft, "drafter", document_id=document, version=papers.row(document, "drafter").version,
        data=letter("V/v bản hai"), filename="cv.pdf", blobs=papers.blobs,
    )  # fmt: skip
    again = _run(tools, clock, day="2026-11-26", at=MORNING + dt.timedelta(days=2))
    assert _links(again[head]) == [link]


def test_explanations_owed_and_to_decide_are_told(tools: Tools, office: Office, clock: Hand) -> None:
    """First to who owes it, then to the leaders, and to nobody once it is decided."""
    arrivals = Arrivals(office)
    found = arrivals.in_progress(due=DueChoice(day=NOON.date()))
    with unit_of_work(tools.engine) as uow:
        owed = explaining.demand_for_job(uow, incoming_id=found.id, now=MORNING - dt.timedelta(hours=1))
        uow.commit()
    assert owed is not None
    specialist, leader = (office.posts[name].person_id for name in ("specialist", "leader"))
    told = _run(tools, clock)
    assert f"/incoming/{found.id}/explain" in _links(told[specialist])
    assert leader not in told
    arrivals.now = MORNING
    given = arrivals.do(
        "specialist", explaining.explain, incoming_id=found.id, version=None, explanation_id=owed.id,
        cause=explaining.Cause.OBJECTIVE, words="Chờ ý kiến của Sở",
    )  # fmt: skip
    assert given.state == "given"
    told = _run(tools, clock, day="2026-11-25", at=MORNING + dt.timedelta(days=1))
    assert _links(told[leader]) == ["/incoming/explanations"]
    assert f"/incoming/{found.id}/explain" not in _links(told[specialist])


def test_extensions_wait_for_whoever_directed(tools: Tools, office: Office, clock: Hand) -> None:
    """On their desk and in their morning, and nobody else's; gone once it is decided."""
    arrivals = Arrivals(office)
    found = arrivals.in_progress(due=DueChoice(day=dt.date(2026, 11, 25)))
    given = {"incoming_id": found.id, "version": found.version, "until": dt.date(2026, 12, 4)}
    found = arrivals.do("specialist", extending.ask, **given, remark="Chờ số liệu")
    leader, deputy = (office.posts[name] for name in ("leader", "deputy"))
    told = _run(tools, clock)
    assert [line["task"] for line in (told[leader.person_id].params or {})["lines"]] == ["extension"]
    assert _links(told[leader.person_id]) == [f"/incoming/{found.id}"]
    assert deputy.person_id not in told
    assert _asked_of(tools, leader) == [(found.id, "Chờ số liệu")]
    assert _asked_of(tools, deputy) == _asked_of(tools, office.posts["far_leader"]) == []
    arrivals.do("leader", extending.grant, incoming_id=found.id, version=found.version)
    assert _asked_of(tools, leader) == []
    assert leader.person_id not in _run(tools, clock, day="2026-11-25", at=MORNING + dt.timedelta(days=1))


def _asked_of(tools: Tools, post: Post) -> list[tuple[int, str]]:
    with unit_of_work(tools.engine) as uow:
        rows = incoming_desk.extensions_for(
            scope_of(post, units_below=()), uow.session, role=post.role, person_id=post.person_id,
            agency_id=post.agency_id, on=MORNING.date(),
        )  # fmt: skip
        return [(row.id, row.why) for row in rows]


def test_who_looks_after_a_desk_is_told_how_much_waits_there(tools: Tools, office: Office, clock: Hand) -> None:
    """One line with a number that leads to their own desk; nothing about drafts, which stay with the absent; the
    absent have their own list all the same. Who holds a second post is not counted."""
    arrivals = Arrivals(office)
    found = arrivals.directed()
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    papers.in_review()
    head, specialist = (office.posts[name] for name in ("head", "specialist"))
    absence = papers.do(
        absences.set_own, "head", scoped=False, deputy_post_id=specialist.id, first_day=dt.date(2026, 11, 23),
        last_day=dt.date(2026, 11, 24), acts=Acts.PROCESSING, reason="Nghỉ phép",
    )  # fmt: skip
    told = _run(tools, clock)
    assert f"/incoming/{found.id}" in _links(told[head.person_id])
    (line,) = (told[specialist.person_id].params or {})["lines"]
    assert (line["task"], line["count"], line["link"]) == ("looked_after", 1, f"/desk#desk-{absence}")
    assert "Xử lý thay người vắng mặt: " in told[specialist.person_id].body
    assert ", đang chờ: 1" in told[specialist.person_id].body
    assert specialist.person_id not in _run(tools, clock, day="2026-11-25", at=MORNING + dt.timedelta(days=1))
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.session.execute(delete(Outbox).where(Outbox.once_key.startswith(f"digest:{DAY}:")))
        uow.session.execute(delete(JobRun).where(JobRun.period == DAY))
        first = uow.session.get_one(PostRow, head.id)
        uow.add(
            PostRow(
                person_id=head.person_id, unit_id=first.unit_id, agency_id=first.agency_id, role="drafter",
                title="Chuyên viên", valid_from=first.valid_from,
            )
        )  # fmt: skip
        uow.commit()
    assert specialist.person_id not in _run(tools, clock)


def test_who_left_is_told_nothing(tools: Tools, office: Office, papers: Papers, clock: Hand) -> None:
    """A post that ended, an account that was closed: each alone is enough. Who muted it has it in the program."""
    document = papers.awaiting()
    papers.in_review()
    papers.format_check()
    leader, head, clerk = (office.posts[name] for name in ("leader", "head", "clerk"))
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.session.get_one(PostRow, leader.id).valid_to = dt.date(2026, 11, 23)
        uow.session.get_one(Person, head.person_id).muted_digest = True
        account = uow.session.scalars(select(Account).where(Account.person_id == clerk.person_id)).one()
        account.active = False
        uow.commit()
    told = _run(tools, clock)
    assert not {leader.person_id, clerk.person_id} & told.keys()
    assert head.person_id in told
    assert all(f"/outgoing/{document}" not in _links(message) for message in told.values())


def test_after_noon_and_on_free_days_nobody_is_told(
    tools: Tools, office: Office, papers: Papers, clock: Hand
) -> None:
    """A day that was missed is over; the next morning says what waits then."""
    papers.awaiting()
    with unit_of_work(tools.engine) as uow:
        calendar = working_calendar(uow)
    saturday = dt.datetime(2026, 11, 28, 3, tzinfo=dt.UTC)
    assert due(JOB.schedule, saturday, calendar) == ("2026-11-27",)
    assert due(JOB.schedule, MORNING + dt.timedelta(hours=30), calendar) == ("2026-11-25",)
    for moment, runs in ((saturday, ()), (MORNING + dt.timedelta(hours=30), ())):
        assert plan(JOB.rule, moment, calendar, latest="2026-11-20", lines={}).run == runs, "too late to be sent"
    assert _run(tools, clock, at=MORNING + dt.timedelta(hours=4, minutes=30)) == {}
    late = _run(tools, clock, day="2026-11-25", at=MORNING + dt.timedelta(days=1, hours=4, minutes=29))
    assert office.posts["leader"].person_id in late


def test_the_queries_are_of_everybody_at_once(tools: Tools, office: Office, papers: Papers, clock: Hand) -> None:
    """As many questions for one person and one paper as for all of them; only what is written grows."""
    papers.awaiting()
    with statements(tools.engine) as sent:
        few = _run(tools, clock)
    asked = _questions(sent)
    _of_all_kinds(office, papers)
    for number in range(LINES + 4):
        document = papers.draft(subject=f"V/v {number}", secret=True, file=False)
        papers.act("drafter", document, Action.SUBMIT)
    with statements(tools.engine) as sent:
        many = _run(tools, clock, day="2026-11-25", at=MORNING + dt.timedelta(days=1))
    assert (len(few), len(many)) == (1, 6)
    assert _questions(sent) == asked <= 29
    params = many[office.posts["head"].person_id].params or {}
    assert (len(params["lines"]), params["count"], params["more"]) == (LINES, LINES + 7, 7)
    assert many[office.posts["head"].person_id].body.endswith(f"… và 7 việc khác\n  {tools.settings.base_url}/desk")


def _questions(sent: list[str]) -> int:
    return sum(not one.startswith("INSERT INTO outbox") for one in sent)


def test_mail_speaks_the_language_that_a_person_chose(
    tools: Tools, office: Office, papers: Papers, clock: Hand
) -> None:
    """Who chose none is written to in Vietnamese."""
    papers.awaiting()
    papers.in_review()
    leader, head = (office.posts[name].person_id for name in ("leader", "head"))
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.session.scalars(select(Account).where(Account.person_id == leader)).one().language = "en"
        uow.commit()
    told = _run(tools, clock)
    assert told[leader].subject == "Waiting for you on 24/11/2026: 1"
    assert told[leader].body.startswith("- To sign: V/v phòng chống bão số 9 · ")
    assert told[head].subject == "Việc chờ ông/bà ngày 24/11/2026: 1"


def test_corrections_that_inspections_demand(office: Office, tools: Tools, clock: Hand) -> None:
    """The unit's head is told of what is due within a week or late; not of what is due later or answered."""
    teams = Teams(office)
    row = teams.found("economy", head="chief")
    facts = finding.Facts(
        unit_id=office.units["economy"], documents="", wrong="Thiếu chữ ký số", basis="Nghị định 30/2020/NĐ-CP",
        demand="Ký số lại", due_on=dt.date(2026, 11, 27),
    )  # fmt: skip
    made = [
        teams.do("chief", finding.note, scope=office.scope("chief"), inspection_id=row.id,
                 facts=replace(facts, due_on=facts.due_on + days * dt.timedelta(days=1)))
        for days in (0, 1, 30)
    ]  # fmt: skip
    given = finding.Answer(version=1, answer="Đã ký số lại")
    teams.do("head", finding.answer, inspection_id=row.id, finding_id=made[1].id, given=given)
    told = _run(tools, clock)
    mine = told[office.posts["head"].person_id].body
    assert "1 (88/QĐ-UBND)" in mine
    assert "2 (88" not in mine
    assert "3 (88" not in mine
    assert all("88/QĐ-UBND" not in one.body for who, one in told.items() if who != office.posts["head"].person_id)


def test_administrators_are_told_of_an_overdue_review(office: Office, tools: Tools, clock: Hand) -> None:
    """Of their own agency, once its day is over; nobody else, and nobody where the next one is still to come."""

    def reviewed(agency: int, next_due: dt.date) -> AccessReview:
        return AccessReview(
            agency_id=agency, day=next_due - dt.timedelta(days=183), at=NOON, by_id=office.posts["admin"].person_id,
            posts=1, digest="a" * 64, next_due=next_due,
        )  # fmt: skip

    yesterday, today = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
    own, far = office.posts["admin"].agency_id, office.posts["far_admin"].agency_id
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.add(reviewed(own, yesterday - dt.timedelta(days=400)), reviewed(own, yesterday), reviewed(far, today))
        uow.commit()
    told = _run(tools, clock)
    assert told.keys() == {office.posts["admin"].person_id}
    mine = told[office.posts["admin"].person_id]
    assert _links(mine) == [f"/admin/access?agency={own}"]
    assert mine.body.startswith("- Rà soát quyền truy cập: Ủy ban nhân dân xã Đồng Tâm · ")
    assert "quá hạn" in mine.body


def test_an_inspectors_post_that_ends_soon(office: Office, tools: Tools, clock: Hand) -> None:
    """The administrators hear of it from thirty days before, and of another's only in the agency's own morning."""
    for days, told in ((31, False), (30, True)):
        with unit_of_work(tools.engine) as uow:
            uow.begin_write()
            post = uow.session.get_one(PostRow, office.posts["inspector"].id)
            post.valid_to = dt.date.fromisoformat(DAY) + dt.timedelta(days=30)
            uow.commit()
        day = dt.date.fromisoformat(DAY) + dt.timedelta(days=30 - days)
        mail = _run(tools, clock, day=day.isoformat(), at=MORNING + dt.timedelta(days=30 - days))
        admin = mail.get(office.posts["admin"].person_id)
        assert (admin is not None) is told
        assert office.posts["far_admin"].person_id not in mail
    assert admin is not None
    assert _links(admin) == [f"/admin/posts/{office.posts['inspector'].id}/renew"]
    assert "chức vụ người kiểm tra sắp hết hạn" in admin.body.lower()
