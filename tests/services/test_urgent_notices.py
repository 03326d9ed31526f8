"""Urgent documents are told at once to whom they wait for, with the act that brought them there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from tests.support.arrivals import LETTER, Arrivals
from tests.support.office import NOON, Office, build
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import Action, Urgency
from workflow.services.documents.acts import act
from workflow.services.incoming import explaining, extending, urging
from workflow.services.incoming.deadlines import DueChoice
from workflow.store.models import Outbox, Person
from workflow.store.session import unit_of_work

SECRET = "Phương án bảo vệ mục tiêu"


@pytest.fixture
def office(engine: Engine) -> Office:
    """Everybody in post, on SQLite and on PostgreSQL."""
    return build(engine)


def told(office: Office) -> list[tuple[str, str]]:
    """(who, task) of every urgent notice, in order."""
    names = {post.person_id: name for name, post in office.posts.items()}
    return [(names[row.person_id or 0], (row.params or {})["task"]) for row in rows(office)]


def rows(office: Office) -> list[Outbox]:
    """The notices themselves."""
    with unit_of_work(office.engine) as uow:
        query = select(Outbox).where(Outbox.code.in_(("urgent_outgoing", "urgent_incoming")))
        return list(uow.session.scalars(query.order_by(Outbox.id)))


@pytest.fixture
def papers(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """With keys."""
    return papers_of(office, open_blobs(str(tmp_path_factory.mktemp("blobs"))))


def test_an_urgent_draft_is_told_on_each_desk_it_comes_to(papers: Papers, office: Office) -> None:
    """The head, the clerk, the signer, the drafter when it comes back; muted digests do not silence it."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Person, office.posts["leader"].person_id).muted_digest = True
        uow.commit()
    papers.awaiting()
    assert told(office) == []
    document = papers.awaiting(urgency=Urgency.FLASH)
    assert told(office) == [("head", "review"), ("clerk", "check_format"), ("leader", "sign")]
    papers.act("leader", document, Action.RETURN, "Sửa căn cứ")
    assert told(office)[3:] == [("drafter", "returned")]
    note = rows(office)[2]
    assert (note.subject, note.link) == ("Hỏa tốc: chờ ký số", f"/outgoing/{document}")
    assert note.body.startswith("V/v phòng chống bão số 9\nHạn: ")
    assert (note.channel, note.address) == ("mail", "leader@example.gov.vn")


def test_it_is_told_with_the_act_or_not_at_all(papers: Papers, office: Office) -> None:
    """Of an act that was not committed nobody hears; of a secret paper nobody reads the subject."""
    document = papers.draft(subject=SECRET, secret=True, file=False, urgency=Urgency.VERY_URGENT)
    given = {"document_id": document, "action": Action.SUBMIT, "version": None, "now": papers.now}
    with unit_of_work(office.engine) as uow:
        act(uow, office.actor("drafter"), office.scope("drafter"), **given)  # type: ignore[arg-type]
    assert rows(office) == []
    papers.act("drafter", document, Action.SUBMIT)
    (note,) = rows(office)
    assert (note.subject, note.body.partition("\n")[0]) == ("Thượng khẩn: chờ duyệt nội dung", "Văn bản mật.")
    assert SECRET not in f"{note.params}{note.subject}{note.body}"


def test_what_arrives_urgent_is_told_on_its_way(office: Office) -> None:
    """Leader, head of the leading unit, handler; whoever did the step themselves is not told of it."""
    arrivals = Arrivals(office)
    arrivals.in_progress()
    assert told(office) == []
    found = arrivals.in_progress(facts=replace(LETTER, symbol="9/CĐ", urgency=Urgency.URGENT))
    assert told(office) == [
        ("leader", "direct"), ("head", "assign"), ("culture_head", "coordinate"), ("specialist", "handle"),
    ]  # fmt: skip
    note = rows(office)[0]
    assert (note.subject, note.link) == ("Khẩn: chờ cho ý kiến chỉ đạo", f"/incoming/{found.id}")
    assert "số 9/CĐ ngày 20/11/2026 của Sở Nội vụ tỉnh Lam Giang, Về việc rà soát biên chế năm 2027" in note.body


def test_no_notice_of_a_secret_paper_says_what_it_is_about(office: Office) -> None:
    """Neither its subject nor what people write about it: urged, asked for more time, late, explained, decided."""
    arrivals = Arrivals(office)
    facts = replace(LETTER, subject=SECRET, secret=True, urgency=Urgency.FLASH)
    found = arrivals.in_progress(facts=facts, due=DueChoice(day=NOON.date() + dt.timedelta(days=2)))
    given = {"incoming_id": found.id, "version": None}
    arrivals.do("leader", urging.urge, **given, remark=f"Khẩn trương {SECRET}")
    until = NOON.date() + dt.timedelta(days=4)
    arrivals.do("specialist", extending.ask, **given, until=until, remark=f"Chờ {SECRET}")
    arrivals.do("leader", extending.refuse, **given, remark=f"Không, vì {SECRET}")
    arrivals.now = NOON + dt.timedelta(days=3)
    with unit_of_work(office.engine) as uow:
        owed = explaining.demand_for_job(uow, incoming_id=found.id, now=arrivals.now)
        uow.commit()
    assert owed is not None
    given["explanation_id"] = owed.id
    cause = explaining.Cause.OBJECTIVE
    arrivals.do("specialist", explaining.explain, **given, cause=cause, words=f"Do {SECRET}")
    arrivals.do("leader", explaining.send_back, **given, remark=f"Nói rõ {SECRET}")
    with unit_of_work(office.engine) as uow:
        notes = list(uow.session.scalars(select(Outbox)))
    kinds = {"urged", "extension_refused", "explanation_demanded", "explanation_given", "explanation_sent_back"}
    assert kinds <= {note.code for note in notes}
    assert [note.code for note in notes if SECRET in f"{note.params}{note.subject}{note.body}"] == []
    assert {note.subject for note in notes if note.code == "urged"} == {"Đôn đốc: văn bản mật"}
