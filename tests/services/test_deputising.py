"""The head leaves one document to a deputy: who may, what is on record, what is typed, and the deputy signs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, WorkflowError
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Capacity
from workflow.domain.permissions import figures_scope
from workflow.services import mandates
from workflow.services.documents import deputising, files
from workflow.services.mandates import Grant
from workflow.store import documents as store
from workflow.store.models import Outbox, SubmissionSlip
from workflow.store.session import unit_of_work

DRAFTS = Path(__file__).parents[1] / "assets" / "drafts"


def hand(papers: Papers, document_id: int, who: str = "leader", to: str = "deputy", **changed: object) -> None:
    """From the head to the deputy."""
    version, post_id = papers.row(document_id).version, papers.office.posts[to].id
    given = {"version": version, "post_id": post_id, "words": ""} | changed
    papers.do(deputising.hand_to_deputy, who, document_id=document_id, **given)


def test_it_lies_before_the_deputy_who_signs(papers: Papers) -> None:
    """No other name is typed: at once on the deputy's desk, KT., with a slip that says so, told and on record."""
    document_id = papers.awaiting()
    hand(papers, document_id, words="Anh Việt phụ trách mảng này")
    row = papers.row(document_id)
    deputy = papers.office.posts["deputy"]
    assert (row.state, row.capacity) == (State.AWAITING_SIGNATURE, Capacity.KT)
    assert row.signer_id == row.holder_id == deputy.person_id
    with unit_of_work(papers.office.engine) as uow:
        line, name = store.history_of(uow.session, document_id)[-1]
        assert (line.action, line.remark, name) == (
            Action.HAND_TO_DEPUTY, "Anh Việt phụ trách mảng này", papers.office.names["leader"],
        )  # fmt: skip
        slip = uow.session.scalars(select(SubmissionSlip).order_by(SubmissionSlip.id.desc())).first()
        assert slip is not None
        assert slip.body["signer"] == papers.office.names["deputy"]
        told = uow.session.scalars(select(Outbox).where(Outbox.code == "handed_to_sign")).one()
        assert (told.person_id, told.link) == (deputy.person_id, f"/outgoing/{document_id}")
    with pytest.raises(WorkflowError):
        hand(papers, document_id)  # no longer the head's
    papers.sign("deputy", "leader", papers.keys.held["deputy"], document_id)
    assert papers.row(document_id).state == State.SIGNED


@pytest.mark.parametrize(("name", "again"), [("official-letter", False), ("notice", True)])
def test_a_typed_block_has_to_fit(papers: Papers, name: str, again: bool) -> None:
    """Where the draft names somebody else it goes back to its drafter, the deputy named and the reason worded."""
    document_id = papers.draft(file=False)
    papers.do(files.upload_draft, "drafter", document_id=document_id, version=1,
              data=(DRAFTS / f"{name}.pdf").read_bytes(), filename="a.pdf", blobs=papers.blobs)  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id, accepted=True)
    with unit_of_work(papers.office.engine) as uow:
        row = store.find(papers.office.scope("leader"), uow.session, document_id)
        assert [one.again for one in deputising.deputies(uow, row, now=NOON)] == [again]
    hand(papers, document_id)
    row = papers.row(document_id)
    assert row.state == (State.RETURNED if again else State.AWAITING_SIGNATURE)
    assert row.holder_id == papers.office.posts["drafter" if again else "deputy"].person_id
    assert (row.signer_post_id, row.capacity) == (papers.office.posts["deputy"].id, Capacity.KT)
    if again:
        with unit_of_work(papers.office.engine) as uow:
            line, _name = store.history_of(uow.session, document_id)[-1]
            assert line.remark.startswith(f"Giao {papers.office.names['deputy']}, Phó Chủ tịch, ký thay (KT.).")


def test_only_the_named_head_and_only_to_a_deputy_who_may(papers: Papers) -> None:
    """Nobody else hands it on, to nobody but a deputy, and not outside of the deputy's assignment."""
    document_id = papers.awaiting()
    for who, error in (("far_leader", NotFound), ("deputy", NotPermitted), ("head", NotPermitted)):
        with pytest.raises(error):
            hand(papers, document_id, who)
    for to in ("head", "clerk", "far_leader"):
        with pytest.raises(BadInput, match="not_a_deputy"):
            hand(papers, document_id, to=to)
    with pytest.raises(Conflict):
        hand(papers, document_id, version=1)
    with unit_of_work(papers.office.engine) as uow:
        admin = papers.office.actor("admin")
        scope = figures_scope(papers.office.posts["admin"], agencies_below=())
        mandates.grant(uow, admin, scope, now=NOON, given=Grant(
            post_id=papers.office.posts["deputy"].id, capacity=Capacity.KT, valid_from=NOON.date(),
            valid_to=NOON.date() + dt.timedelta(days=30), source_post_id=papers.office.posts["leader"].id,
            types=("plan",), legal_symbol="15/QĐ-UBND", legal_day=NOON.date(), legal_title="Phân công",
            reason="Phân công",
        ))  # fmt: skip
        uow.commit()
    papers.now += dt.timedelta(minutes=1)
    with pytest.raises(BadInput, match="authority_type_outside"):
        hand(papers, document_id)
    with unit_of_work(papers.office.engine) as uow:
        row = store.find(papers.office.scope("leader"), uow.session, document_id)
        assert deputising.deputies(uow, row, now=papers.now) == []
    assert papers.row(document_id).state == State.AWAITING_SIGNATURE
