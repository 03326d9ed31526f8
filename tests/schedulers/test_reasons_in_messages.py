"""Why a document is not signed, in the messages of the morning and of lateness: in words, to whom it helps."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.office import Office
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.cosigning import Part, Wanted
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services.documents import cosigning
from workflow.services.signing.obstacles import note
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work


def _at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=OFFICE_ZONE).astimezone(dt.UTC)


def _messages(tools: Tools, code: str) -> dict[int, tuple[list[str], str]]:
    with unit_of_work(tools.engine) as uow:
        rows = uow.session.scalars(select(Outbox).where(Outbox.code == code).order_by(Outbox.id)).all()
        return {
            row.person_id or 0: ([line.get("why", "") for line in row.params["lines"]], row.body) for row in rows
        }


def test_the_signer_and_who_urges_read_the_reason(tools: Tools, office: Office, clock: Hand) -> None:
    """The signer reads what they met, not that they have not opened it; the levels above read either."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    tried = papers.awaiting(subject="V/v đã thử ký", signer="deputy", capacity=Capacity.KT)
    papers.awaiting(subject="V/v chưa mở", signer="deputy", capacity=Capacity.KT)
    papers.do(note, "deputy", document_ids=[tried], kind=Obstacle.PIN_FAILED)
    leader, deputy = (office.posts[name].person_id for name in ("leader", "deputy"))
    clock.now = _at(24, 7, 30)
    assert run_period(tools, job("digest"), "2026-11-24") is Outcome.DONE
    why, body = _messages(tools, "digest")[deputy]
    assert sorted(why) == ["", "pin_failed"]
    assert "V/v đã thử ký" in body
    assert "lý do chưa ký: sai mã PIN hoặc mật khẩu" in body
    assert body.count("lý do chưa ký") == 1
    for day in (24, 25, 26, 27, 30):
        for hour in (8, 14):
            clock.now = _at(day, hour)
            assert run_period(tools, job("escalation"), f"2026-11-{day}T{hour:02}:00") is Outcome.DONE
    escalated = {person: sorted(lines) for person, (lines, _body) in _messages(tools, "escalated").items()}
    assert escalated[leader] == ["not_opened", "pin_failed"]
    assert escalated[deputy] == ["", "pin_failed"]


def test_who_signs_before_the_signer_hears_it_first(tools: Tools, office: Office, clock: Hand) -> None:
    """The head, whose initials come first, is told in the morning and of lateness, without the leader's reason; the
    leader hears as the one above, and that it waits for somebody who signs before."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    document = papers.draft(subject="V/v chờ ký nháy")
    first = Wanted(post_id=office.posts["head"].id, part=Part.INITIALS, turn=1)
    papers.do(cosigning.choose, "drafter", document_id=document, wanted=(first,), blobs=papers.blobs, version=2)
    papers.act("drafter", document, Action.SUBMIT)
    papers.act("head", document, Action.APPROVE)
    papers.confirm_format(document)
    head, leader = (office.posts[name].person_id for name in ("head", "leader"))
    clock.now = _at(24, 7, 30)
    assert run_period(tools, job("digest"), "2026-11-24") is Outcome.DONE
    told = _messages(tools, "digest")
    assert (told[head][0], leader in told) == ([""], False)
    assert "Chờ ký số: V/v chờ ký nháy" in told[head][1]
    heard: dict[int, int] = {}
    for day in (24, 25, 26, 27, 30):
        for hour in (8, 14):
            clock.now = _at(day, hour)
            assert run_period(tools, job("escalation"), f"2026-11-{day}T{hour:02}:00") is Outcome.DONE
            heard = dict.fromkeys(_messages(tools, "escalated"), day) | heard
    assert heard[head] < heard[leader]
    assert heard.keys() == {head, leader}
    assert {person: lines for person, (lines, _body) in _messages(tools, "escalated").items()} == {
        head: [""], leader: ["beside"],
    }  # fmt: skip
