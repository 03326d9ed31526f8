"""Several people sign one document: turns, boxes, the named signer last, and the way back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

import signing as library
from tests.services.test_spread_tables import look, make, table
from tests.services.test_standing_in import leave
from tests.support.papers import Papers, letter
from workflow.domain.backlog import Open
from workflow.domain.cosigning import Part, Wanted
from workflow.domain.errors import BadInput, Conflict, Missing, WorkflowError
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Capacity
from workflow.domain.permissions import figures_scope
from workflow.domain.unsigned_reasons import Reason
from workflow.services import handover, signing
from workflow.services.documents import acts, cosigning, deputising, drafting, files, ink
from workflow.services.documents.drafting import DraftFacts
from workflow.services.documents.moves import possible_actions
from workflow.services.documents.numbers import number as papers_number
from workflow.services.report_reasons import reasons
from workflow.services.signing.question import own_question
from workflow.store import cosigning as store
from workflow.store import documents
from workflow.store.models import Journal, Outbox, Spread
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
    assert [_desk(papers, who) for who in ("head", "deputy", "clerk", "leader")] == [
        {document_id},
        set(),
        set(),
        set(),
    ]
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


def _standing(papers: Papers, document_id: int) -> list[str]:
    with unit_of_work(papers.office.engine) as uow:
        return sorted(one.field for one in store.standing(uow.session, document_id))


def test_who_declines_sends_it_back_and_all_signatures_before_go_too(papers: Papers) -> None:
    """With a reason; signed anew from the first turn on when it comes again."""
    document_id = _awaiting(papers, ("head", 1), ("deputy", 2))
    _sign(papers, "head", document_id)
    with pytest.raises(WorkflowError, match="cosigners_turn"):
        papers.act("head", document_id, Action.DECLINE, "Đã ký rồi")
    with pytest.raises(BadInput, match="reason_needed"):
        papers.act("deputy", document_id, Action.DECLINE)
    papers.act("deputy", document_id, Action.DECLINE, "Số liệu chưa đúng")
    row = papers.row(document_id)
    assert (row.state, row.holder_id) == (State.RETURNED, papers.office.posts["drafter"].person_id)
    assert _standing(papers, document_id) == []
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    for who in ("head", "deputy"):
        _sign(papers, who, document_id)
    _sign(papers, "leader", document_id, "leader")
    assert _standing(papers, document_id) == ["cosigner-1", "initials-1"]
    found = {one.field: str(one.verdict) for one in _verdict(papers, document_id).signatures}
    assert found == dict.fromkeys(("initials-1", "cosigner-1", "leader"), "passed")


def test_only_the_newest_signature_is_withdrawn_and_the_signers_alone_goes_back(papers: Papers) -> None:
    """A signature under another one stays; a withdrawn leader's leaves those before it."""
    document_id = _awaiting(papers, ("head", 1), ("deputy", 2))
    _sign(papers, "head", document_id)
    after_head = papers.row(document_id).file_sha256
    _sign(papers, "deputy", document_id)
    with pytest.raises(WorkflowError, match="last_cosigned"):
        papers.act("head", document_id, Action.WITHDRAW_CO_SIGN, "Nhầm")
    papers.act("deputy", document_id, Action.WITHDRAW_CO_SIGN, "Nhầm")
    row = papers.row(document_id)
    assert (row.file_sha256, row.holder_id) == (after_head, papers.office.posts["deputy"].person_id)
    _sign(papers, "deputy", document_id)
    after_both = papers.row(document_id).file_sha256
    _sign(papers, "leader", document_id, "leader")
    papers.act("leader", document_id, Action.WITHDRAW_SIGNATURE, "Xem lại")
    row = papers.row(document_id)
    assert (row.state, row.file_sha256) == (State.AWAITING_SIGNATURE, after_both)
    assert _standing(papers, document_id) == ["cosigner-1", "initials-1"]
    _sign(papers, "leader", document_id, "leader")
    assert papers.row(document_id).state == State.SIGNED


def test_two_of_one_turn_at_once(papers: Papers) -> None:
    """The second one prepared an older file: it is told so and prepares again; nothing is signed over."""
    document_id = _awaiting(papers, ("deputy", 1), ("clerk", 1))
    opened = {
        who: papers.do(signing.open_session, who, scoped=False, purpose="cosign", login_session_id=None,
                       certificate=papers.keys.held[who].der)
        for who in ("deputy", "clerk")
    }  # fmt: skip
    version = papers.row(document_id).version
    made = {
        who: papers.do(signing.prepare, who, session=opened[who], login_session_id=None, document_id=document_id,
                       version=version, blobs=papers.blobs)
        for who in opened
    }  # fmt: skip

    def finish(who: str) -> None:
        papers.do(
            signing.finish, who, session=opened[who], login_session_id=None, document_id=document_id,
            signature=papers.keys.held[who].sign(made[who].to_be_signed, raw=True), blobs=papers.blobs,
        )  # fmt: skip

    finish("deputy")
    with pytest.raises(Conflict, match="stale"):
        finish("clerk")
    assert len(_standing(papers, document_id)) == 1
    _sign(papers, "clerk", document_id)
    assert _standing(papers, document_id) == ["cosigner-1", "cosigner-2"]


def test_on_paper_all_sign_again(papers: Papers) -> None:
    """An ink signature leaves no digital one of the same paper standing."""
    document_id = _awaiting(papers, ("deputy", 1))
    _sign(papers, "deputy", document_id)
    read = ink.InkSignature(
        signer_post_id=papers.office.posts["leader"].id, capacity=Capacity.HEAD, signed_on=papers.now.date(),
        reason="Ký giấy",
    )  # fmt: skip
    papers.do(ink.record_ink, "clerk", document_id=document_id, version=None, ink=read)
    assert _standing(papers, document_id) == []
    with unit_of_work(papers.office.engine) as uow:
        ready = documents.latest_file(uow.session, document_id, "ready")
    assert ready is not None
    assert papers.row(document_id).file_sha256 == ready.sha256


def test_who_may_be_chosen_by_whom_and_when(papers: Papers) -> None:
    """The drafter, while drafting, people of the agency with a key of their own, each once, not the signer."""
    document_id = papers.draft()
    for turns, code in (
        ((("deputy", 1), ("deputy", 2)), "cosigner_twice"), ((("deputy", 9),), "cosigner_turn"),
        ((("leader", 1),), "cosigner_is_signer"), ((("drafter", 1),), "not_a_cosigner"),
    ):  # fmt: skip
        WHO.setdefault(turns[0][0], Part.COSIGNER)
        with pytest.raises(BadInput, match=code):
            _choose(papers, document_id, *turns)
    wanted = (Wanted(post_id=papers.office.posts["deputy"].id, part=Part.COSIGNER, turn=1),)
    version = papers.row(document_id).version
    for who in ("clerk", "head"):
        with pytest.raises(WorkflowError):
            papers.do(cosigning.choose, who, document_id=document_id, version=version, wanted=wanted,
                      blobs=papers.blobs)  # fmt: skip
    _choose(papers, document_id, ("deputy", 1), ("clerk", 1))
    _choose(papers, document_id, ("clerk", 1))
    with unit_of_work(papers.office.engine) as uow:
        assert [one.field for one in store.places(uow.session, document_id)] == ["cosigner-1"]
        assert {row.name for row in documents.boxes_of(uow.session, document_id)} == {
            "leader", "number", "seal", "footer", "cosigner-1",
        }  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    with pytest.raises(WorkflowError):
        _choose(papers, document_id, ("deputy", 1))


def test_a_post_that_ends_is_named_no_more(papers: Papers) -> None:
    """What it was to sign goes back to its drafter, and what others signed for that file is withdrawn."""
    document_id = _awaiting(papers, ("head", 1), ("deputy", 2), ("clerk", 2))
    _sign(papers, "head", document_id)
    office = papers.office
    with unit_of_work(office.engine) as uow:
        scope = figures_scope(office.posts["admin"], agencies_below=())
        handover.hand_over(
            uow,
            office.actor("admin"),
            scope,
            post_id=office.posts["deputy"].id,
            to={},
            reason="QĐ 12",
            now=papers.now,
        )
        uow.commit()
        left = {one.post_id for one in store.places(uow.session, document_id)}
        fields = {one.field for one in store.places(uow.session, document_id)}
        draft = documents.latest_file(uow.session, document_id, "draft")
        boxes = {row.name for row in documents.boxes_of(uow.session, document_id)}
        entry = uow.session.scalars(
            select(Journal).where(Journal.tag == "document:outgoing:lose_signer").order_by(Journal.id.desc())
        ).first()
    assert draft is not None
    assert entry is not None
    row = papers.row(document_id)
    assert row.file_sha256 == draft.sha256
    assert boxes == {"leader", "number", "seal", "footer", *fields}, "no box that nobody fills"
    assert '"withdrawn":["initials-1"]' in entry.body
    assert (row.state, row.signer_post_id) == (State.RETURNED, office.posts["leader"].id)
    assert left == {office.posts["head"].id, office.posts["clerk"].id}
    assert _standing(papers, document_id) == []


def test_nobody_is_signer_and_signs_before_the_signer(papers: Papers) -> None:
    """Neither by an edit of the draft nor because the head hands it to a deputy who is named already."""
    document_id = papers.draft()
    _choose(papers, document_id, ("deputy", 1))
    row = papers.row(document_id)
    facts = DraftFacts(type_code=row.type_code, subject=row.subject, capacity=Capacity.KT,
                       signer_post_id=papers.office.posts["deputy"].id)  # fmt: skip
    with pytest.raises(BadInput, match="cosigner_is_signer"):
        papers.do(drafting.revise, "drafter", document_id=document_id, version=row.version, facts=facts)
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    _sign(papers, "deputy", document_id)
    row = papers.row(document_id)
    with unit_of_work(papers.office.engine) as uow:
        assert deputising.deputies(uow, row, now=papers.now) == []
    with pytest.raises(BadInput, match="cosigner_is_signer"):
        papers.do(deputising.hand_to_deputy, "leader", document_id=document_id, version=row.version, words="",
                  post_id=papers.office.posts["deputy"].id)  # fmt: skip


def test_what_becomes_secret_is_signed_by_its_signer_alone(papers: Papers) -> None:
    """It is signed on paper: whoever was named before has no part in it."""
    document_id = papers.draft(file=False)
    _choose(papers, document_id, ("deputy", 1))
    row = papers.row(document_id)
    facts = DraftFacts(type_code=row.type_code, subject=row.subject, secret=True,
                       signer_post_id=row.signer_post_id)  # fmt: skip
    papers.do(drafting.revise, "drafter", document_id=document_id, version=row.version, facts=facts)
    with unit_of_work(papers.office.engine) as uow:
        assert store.places(uow.session, document_id) == ()


def test_what_is_made_of_a_draft_names_whom_the_draft_names(papers: Papers) -> None:
    """Each document of a table has the fields, and who signs in them before its signer."""
    source = papers.draft()
    _choose(papers, source, ("head", 1), ("deputy", 2))
    papers.act("drafter", source, Action.SUBMIT)
    papers.act("head", source, Action.APPROVE)
    make(papers, look(papers, source, table("first")))
    with unit_of_work(papers.office.engine) as uow:
        made = uow.session.scalars(select(Spread.outgoing_id).where(Spread.source_id == source)).one()
        assert store.places(uow.session, made) == store.places(uow.session, source) != ()
    papers.confirm_format(made)
    assert (_desk(papers, "head"), _desk(papers, "leader")) == ({made}, set())
    for who in ("head", "deputy"):
        _sign(papers, who, made)
    _sign(papers, "leader", made, "leader")
    assert papers.row(made).state == State.SIGNED


def _told(papers: Papers) -> set[tuple[int | None, str]]:
    with unit_of_work(papers.office.engine) as uow:
        found = select(Outbox.person_id, Outbox.subject).where(Outbox.once_key.startswith("cosigner_away:"))
        return {(person, subject) for person, subject in uow.session.execute(found)}


def test_drafter_and_signer_hear_of_one_who_is_away(papers: Papers) -> None:
    """Once it is their turn, and nobody while the one before them has not signed."""
    leave(papers, "deputy", "leader")
    document_id = _awaiting(papers, ("head", 1), ("deputy", 2))
    assert _told(papers) == set()
    _sign(papers, "head", document_id)
    away = papers.office.names["deputy"]
    subject = f"{away} vắng mặt, văn bản chờ ký trước: người ký có thể trả lại để chọn người khác"
    assert _told(papers) == {(papers.office.posts[who].person_id, subject) for who in ("drafter", "leader")}


def test_only_in_the_post_that_is_named(papers: Papers) -> None:
    """Who holds another post too declines and withdraws in the one in which they were asked to sign."""
    document_id = _awaiting(papers, ("head", 1), ("deputy", 2))
    _sign(papers, "head", document_id)
    version, other = papers.row(document_id).version, papers.office.posts["clerk"].id
    for who, action in (("head", Action.WITHDRAW_CO_SIGN), ("deputy", Action.DECLINE)):
        with unit_of_work(papers.office.engine) as uow, pytest.raises(WorkflowError, match="cosigner_post"):
            acts.act(uow, replace(papers.office.actor(who), post_id=other), papers.office.scope(who), action=action,
                     document_id=document_id, version=version, now=papers.now, remark="Nhầm")  # fmt: skip
        offered = {post: action in _offered(papers, who, post, document_id) for post in (other, _post(papers, who))}
        assert offered == {other: False, _post(papers, who): True}


def _post(papers: Papers, who: str) -> int:
    return papers.office.posts[who].id


def _offered(papers: Papers, who: str, post: int, document_id: int) -> set[Action]:
    with unit_of_work(papers.office.engine) as uow:
        actor = replace(papers.office.actor(who), post_id=post)
        steps = possible_actions(uow, actor, papers.row(document_id), now=papers.now)
    return {step.action for step, missing in steps if not missing}


def test_a_report_says_whom_it_waits_for(papers: Papers) -> None:
    """Until the last of those beside the signer has signed, that is the reason; then the signer's own."""
    document_id = _awaiting(papers, ("deputy", 1))

    def why() -> Reason:
        row = papers.row(document_id)
        one = Open(
            document=row.id, agency=row.agency_id, unit=row.unit_id, state=State.AWAITING_SIGNATURE,
            drafter=row.drafter_id, signer=row.signer_id, since=row.state_since, due=None,
        )  # fmt: skip
        with unit_of_work(papers.office.engine) as uow:
            return reasons(uow, [one], cut_off=papers.now)[document_id]

    assert why() is Reason.BESIDE
    _sign(papers, "deputy", document_id)
    assert why() is Reason.NOT_OPENED
