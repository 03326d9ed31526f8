"""Back with a reason and up again, filed at the end; who held a paper for how long. On both databases."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.office import Office
from tests.support.papers import Papers, letter, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import BadInput, Missing, NotPermitted, WrongState
from workflow.domain.outgoing import Action, State
from workflow.services.documents import files
from workflow.store import documents as store
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work


@pytest.fixture
def papers(office: Office, tmp_path: Path) -> Papers:
    """The office with keys."""
    return papers_of(office, open_blobs(str(tmp_path / "blobs")))


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of November 2026 at the office (UTC+7)."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def test_every_hand_over_is_timed_by_who_held_it(papers: Papers) -> None:
    """Working minutes only: not the lunch hour, night or day off; the journal says the same under its hash."""
    road = (
        ("drafter", Action.SUBMIT, at(23, 9, 30), 90),
        ("head", Action.RETURN, at(23, 13, 30), 150),  # until half past eleven, and from one o'clock
        (
            "drafter",
            Action.SUBMIT,
            at(25, 8, 0),
            240,
        ),  # until five, and from half past seven; the 24th is a day off
        ("head", Action.APPROVE, at(25, 8, 1), 1),
    )
    papers.now = at(23, 8, 0)
    document_id = papers.draft()
    for who, action, now, _held in road:
        papers.now = now
        papers.act(who, document_id, action, "Thiếu căn cứ")
    with unit_of_work(papers.office.engine) as uow:
        lines = [line for line, _name in store.history_of(uow.session, document_id)]
        moved = [line for line in lines if line.from_state != line.to_state and line.action != Action.CREATE]
        told = [
            json.loads(entry.body)["facts"] for entry in store.entries_of(uow.session, f"outgoing:{document_id}")
        ]
    assert [(line.action, line.held_minutes) for line in moved] == [(action, held) for _, action, _, held in road]
    assert [line.person_id for line in moved] == [papers.office.posts[who].person_id for who, *_rest in road]
    assert [facts["held_minutes"] for facts in told if "held_minutes" in facts][-4:] == [90, 150, 240, 1]


@pytest.mark.parametrize("action", [Action.RETURN, Action.REJECT])
def test_the_signer_sends_a_paper_back_with_a_reason(papers: Papers, action: Action) -> None:
    """Without words nothing moves; with them it lies with its drafter, and the words stand in the history."""
    document_id = papers.awaiting()
    with pytest.raises(BadInput, match="reason_needed"):
        papers.act("leader", document_id, action, " ")
    missing = "signer_or_away" if action is Action.RETURN else "designated_signer"
    with pytest.raises(Missing, match=missing):
        papers.act("deputy", document_id, action, "Không đồng ý")
    document = papers.act("leader", document_id, action, "Không đồng ý chủ trương")
    assert (document.state, document.holder_id) == (State.RETURNED, papers.office.posts["drafter"].person_id)
    with unit_of_work(papers.office.engine) as uow:
        last = store.last_history(uow.session, document_id)
    assert last is not None
    assert (last.action, last.remark) == (action, "Không đồng ý chủ trương")


def test_an_approved_draft_that_changes_is_read_and_signed_anew(papers: Papers) -> None:
    """Another file can only come by the whole road again: head, clerk, signer. The old file is kept."""
    document_id = papers.awaiting()
    before = papers.row(document_id).file_sha256
    with pytest.raises(WrongState):
        upload(papers, document_id)
    papers.act("leader", document_id, Action.RETURN, "Sửa số liệu")
    upload(papers, document_id)
    papers.act("drafter", document_id, Action.SUBMIT)
    with pytest.raises(WrongState):
        papers.sign("leader", "leader", papers.keys.held["leader"], document_id)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    document = papers.row(document_id)
    assert (document.state, document.holder_id) == (
        State.AWAITING_SIGNATURE, papers.office.posts["leader"].person_id,
    )  # fmt: skip
    assert document.file_sha256 != before
    with unit_of_work(papers.office.engine) as uow:
        assert before in {file.sha256 for file in store.files_of(uow.session, document_id)}


def upload(papers: Papers, document_id: int) -> None:
    """Another file of the drafter's."""
    papers.do(
        files.upload_draft, "drafter", document_id=document_id, version=papers.row(document_id).version,
        data=letter("V/v số liệu đã sửa"), filename="moi.pdf", blobs=papers.blobs,
    )  # fmt: skip


def test_a_return_after_a_digital_signature_takes_it_back(papers: Papers) -> None:
    """The clerk finds a mistake before the number: signature withdrawn, verdict gone from the count, file kept."""
    document_id = papers.signed()
    signed_file = papers.row(document_id).file_sha256
    document = papers.act("clerk", document_id, Action.RETURN, "Sai thể thức")
    assert (document.state, document.signed_at, document.leader_verdict) == (State.RETURNED, None, "")
    with unit_of_work(papers.office.engine) as uow:
        assert store.live_signature(uow.session, document_id, "leader") is None
        assert signed_file in {file.sha256 for file in store.files_of(uow.session, document_id)}
        kinds = {file.sha256: file.kind for file in store.files_of(uow.session, document_id)}
    assert kinds[str(document.file_sha256)] == "draft"
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    assert papers.sign("leader", "leader", papers.keys.held["leader"], document_id).conclusion == "passed"


@pytest.mark.parametrize("who", ["drafter", "clerk"])
def test_an_issued_paper_is_filed(papers: Papers, who: str) -> None:
    """By its drafter or the clerk; it stays closed and counted, and nothing leads on from there."""
    document_id = papers.issued()
    closed = papers.row(document_id).closed_at
    document = papers.act(who, document_id, Action.FILE)
    assert (document.state, document.closed_at, document.leader_verdict) == (State.FILED, closed, "passed")
    with pytest.raises(WrongState):
        papers.act(who, document_id, Action.FILE)


def test_an_exemption_counts_only_once_the_leader_approved(papers: Papers) -> None:
    """Asked for by the clerk with a reason; nobody but the leader takes the paper out of the denominator."""
    document_id = papers.signed()
    with pytest.raises(BadInput, match="reason_needed"):
        papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "")
    papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Bản giấy theo yêu cầu của tòa án")
    assert papers.row(document_id).exempt_by_id is None
    papers.act("leader", document_id, Action.APPROVE_EXEMPTION)
    assert papers.row(document_id).exempt_by_id == papers.office.posts["leader"].person_id
    assert notices(papers, "clerk")[-1] == ("Đã chấp thuận miễn ký số", "V/v phòng chống bão số 9")


def test_an_exemption_is_refused_with_words_that_the_asker_reads(papers: Papers) -> None:
    """The head who is there hears of the request at once, nobody else; refused, it leaves no exemption behind, the
    paper goes on as it stood and may be asked for again. Of a secret paper the notice bears no words."""
    document_id = papers.signed()
    before = papers.row(document_id).state
    papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Bản giấy theo yêu cầu của tòa án")
    assert notices(papers, "leader")[-1] == (
        "Đề nghị miễn ký số chờ ông/bà quyết định", "V/v phòng chống bão số 9"
    )  # fmt: skip
    assert not [one for who in ("deputy", "clerk", "drafter", "far_leader") for one in notices(papers, who)
                if "miễn ký số" in one[0]]  # fmt: skip
    with pytest.raises(BadInput, match="reason_needed"):
        papers.act("leader", document_id, Action.REFUSE_EXEMPTION, "")
    for who in ("deputy", "clerk"):
        with pytest.raises((Missing, NotPermitted)):
            papers.act(who, document_id, Action.REFUSE_EXEMPTION, "Không")
    row = papers.act("leader", document_id, Action.REFUSE_EXEMPTION, "Tòa án đã nhận bản điện tử")
    assert (row.state, row.exempt_reason, row.exempt_by_id) == (before, "", None)
    assert notices(papers, "clerk")[-1] == (
        "Không chấp thuận miễn ký số", "V/v phòng chống bão số 9\nLý do: Tòa án đã nhận bản điện tử"
    )  # fmt: skip
    with pytest.raises(Missing, match="exemption_asked"):
        papers.act("leader", document_id, Action.REFUSE_EXEMPTION, "Lần nữa")
    papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Có công văn của tòa án")
    papers.act("leader", document_id, Action.APPROVE_EXEMPTION)
    assert papers.row(document_id).exempt_by_id == papers.office.posts["leader"].person_id


def notices(papers: Papers, who: str) -> list[tuple[str, str]]:
    """(subject, body) of what somebody was told in the app, in order."""
    with unit_of_work(papers.office.engine) as uow:
        query = select(Outbox.subject, Outbox.body).where(Outbox.person_id == papers.office.posts[who].person_id)
        return [(subject, body) for subject, body in uow.session.execute(query.order_by(Outbox.id))]
