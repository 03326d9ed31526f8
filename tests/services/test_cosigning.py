"""Several people sign one document: turns, boxes, the named signer last, and the way back."""

from __future__ import annotations

import datetime as dt

import pytest
import signing as library
from tests.support.papers import Papers, letter
from workflow.domain.cosigning import Part, Wanted
from workflow.domain.errors import BadInput, Missing, NotPermitted, WorkflowError
from workflow.domain.outgoing import Action, State
from workflow.services.documents import cosigning, files
from workflow.services.documents.numbers import number as papers_number
from workflow.services.signing.question import own_question
from workflow.store import cosigning as store
from workflow.store import documents
from workflow.store.session import unit_of_work

WHO = {"head": Part.INITIALS, "deputy": Part.COSIGNER, "clerk": Part.COSIGNER}


@pytest.fixture
def papers(papers: Papers) -> Papers:
    """An office whose head of unit and clerk have keys of their own, too."""
    for who in ("head", "clerk"):
        papers.keys.issue(who)
        papers.keys.enrol(who)
    papers.keys.publish(at=papers.now - dt.timedelta(hours=6))
    return papers


def _choose(papers: Papers, document_id: int, *turns: tuple[str, int]) -> None:
    wanted = tuple(Wanted(post_id=papers.office.posts[who].id, part=WHO[who], turn=turn) for who, turn in turns)
    papers.do(
        cosigning.choose, "drafter", document_id=document_id, wanted=wanted, blobs=papers.blobs,
        version=papers.row(document_id, "drafter").version,
    )  # fmt: skip


def _awaiting(papers: Papers, *turns: tuple[str, int], first: bool = False) -> int:
    """On the desks of who signs; `first`: they were named before there was a file."""
    document_id = papers.draft(file=not first)
    _choose(papers, document_id, *turns)
    if first:
        papers.do(files.upload_draft, "drafter", document_id=document_id, version=papers.row(document_id).version,
                  data=letter(), filename="cv.pdf", blobs=papers.blobs)  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    return document_id


def _sign(papers: Papers, who: str, document_id: int, purpose: str = "cosign") -> None:
    papers.sign(who, purpose, papers.keys.held[who], document_id)


def _verdict(papers: Papers, document_id: int) -> library.DocumentVerdict:
    with unit_of_work(papers.office.engine) as uow:
        asked = own_question(uow, document_id, at=papers.now)
        sha256 = documents.one(uow.session, document_id, reason="test").file_sha256
        assert sha256 is not None
        return library.verify(
            papers.blobs.get(sha256), trust=asked.trust, at=papers.now, evidence=asked.evidence,
            policy=asked.policy, plan=asked.plan, owners=asked.owners, texts=asked.texts, both=True,
        )  # fmt: skip


def _desk(papers: Papers, who: str) -> set[int]:
    post = papers.office.posts[who]
    with unit_of_work(papers.office.engine) as uow:
        return {
            row.id
            for row in documents.waiting_for(
                papers.office.scope(who), uow.session, role=post.role, person_id=post.person_id
            )
            if row.state == State.AWAITING_SIGNATURE
        }


@pytest.mark.parametrize("first", [False, True])
def test_turns_are_kept_and_all_signatures_hold(papers: Papers, first: bool) -> None:
    """The head's initials, then deputy and clerk in any order, then the signer; number and seal on top."""
    document_id = _awaiting(papers, ("head", 1), ("deputy", 2), ("clerk", 2), first=first)
    posts = papers.office.posts
    assert papers.row(document_id).holder_id == posts["head"].person_id
    assert [_desk(papers, who) for who in ("head", "deputy", "clerk", "leader")] == [{document_id}, set(), set(), set()]
    for early, code in (("deputy", "cosigners_turn"), ("clerk", "cosigners_turn")):
        with pytest.raises(WorkflowError, match=code):
            _sign(papers, early, document_id)
    with pytest.raises(Missing, match="all_cosigned"):
        _sign(papers, "leader", document_id, "leader")
    _sign(papers, "head", document_id)
    assert _desk(papers, "clerk") == _desk(papers, "deputy") == {document_id}
    _sign(papers, "clerk", document_id)
    _sign(papers, "deputy", document_id)
    assert papers.row(document_id).holder_id == posts["leader"].person_id
    assert _desk(papers, "leader") == {document_id}
    _sign(papers, "leader", document_id, "leader")
    with unit_of_work(papers.office.engine) as uow:
        assert store.places(uow.session, document_id)[0].signed
    papers.do(papers_number, "clerk", document_id=document_id, version=None)
    papers.sign("clerk", "number", papers.keys.held["commune"], document_id)
    papers.seal(document_id)
    papers.act("clerk", document_id, Action.ISSUE)
    verdict = _verdict(papers, document_id)
    found = {one.field: str(one.verdict) for one in verdict.signatures}
    assert found == dict.fromkeys(
        ("initials-1", "cosigner-1", "cosigner-2", "leader", "number", "seal"), "passed"
    ), [(one.field, one.reason) for one in verdict.signatures]
