"""Mandates as they are granted, used, revoked and looked at afterwards, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Capacity
from workflow.domain.permissions import figures_scope
from workflow.services import authority, mandates, signing
from workflow.services.authority import Entitled, Looked
from workflow.services.mandates import Grant
from workflow.store import documents as store
from workflow.store.models import Journal, MandateEnd, PostRow, Signature
from workflow.store.session import unit_of_work

TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def manage(papers: Papers, service: Callable[..., Any], who: str = "admin", **named: Any) -> Any:
    """A service about people, as an administrator."""
    with unit_of_work(papers.office.engine) as uow:
        scope = figures_scope(papers.office.posts[who], agencies_below=())
        result = service(uow, papers.office.actor(who), scope, now=papers.now, **named)
        uow.commit()
        return result


def grant(papers: Papers, post: str, capacity: Capacity, who: str = "admin", **changed: Any) -> int:
    """One that Article 13 knows, with changes."""
    source = papers.office.posts["leader"].id if capacity in {Capacity.KT, Capacity.TL, Capacity.TUQ} else None
    whole: dict[str, Any] = {
        "post_id": papers.office.posts[post].id, "capacity": capacity, "valid_from": TODAY,
        "valid_to": TODAY + 30 * DAY, "source_post_id": source, "types": ("letter",),
        "legal_symbol": "15/GUQ-UBND", "legal_day": TODAY, "legal_title": "Giấy ủy quyền", "reason": "Phân công",
    }  # fmt: skip
    made: int = manage(papers, mandates.grant, who, given=Grant(**(whole | changed)))
    return made


def revoke(papers: Papers, mandate_id: int) -> None:
    manage(papers, mandates.revoke, mandate_id=mandate_id, reason="Hết nhiệm vụ")


def looked(papers: Papers, document_id: int) -> Looked:
    """The facet of the leader's signature."""
    with unit_of_work(papers.office.engine) as uow:
        document = store.find(papers.office.scope("clerk"), uow.session, document_id)
        signature = uow.session.scalars(select(Signature).where(Signature.document_id == document_id)).first()
        assert signature is not None
        return authority.looked_up(uow, document, signature)


@pytest.mark.parametrize(
    ("post", "capacity", "changed", "code"),
    [
        ("chief", Capacity.KT, {}, "capacity_not_allowed"),
        ("clerk", Capacity.TL, {}, "capacity_not_allowed"),
        ("chief", Capacity.TUQ, {"valid_to": None}, "authority_not_limited"),
        ("chief", Capacity.TUQ, {"types": ()}, "authority_not_limited"),
        ("chief", Capacity.TL, {"types": ()}, "authority_not_limited"),
        ("chief", Capacity.TL, {"source_post_id": None}, "authority_wrong_source"),
        ("chief", Capacity.TUQ, {"legal_day": TODAY + DAY}, "mandate_basis_in_future"),
        ("chief", Capacity.TUQ, {"valid_to": TODAY - DAY}, "ends_before_it_begins"),
        ("chief", Capacity.TUQ, {"reason": " "}, "reason_needed"),
        ("chief", Capacity.TUQ, {"legal_symbol": " "}, "authority_no_legal_basis"),
        ("chief", Capacity.TM, {"organs": ("HĐND",)}, "mandate_organ_unknown"),
        ("chief", Capacity.TUQ, {"parent_id": 1}, "authority_wrong_source"),
    ],
)
def test_what_the_law_does_not_know_is_not_put_on_record(
    papers: Papers, post: str, capacity: Capacity, changed: dict[str, Any], code: str
) -> None:
    """Each fault has its own words, and nothing is kept."""
    with pytest.raises(BadInput) as refused:
        grant(papers, post, capacity, **changed)
    assert refused.value.code == code
    with unit_of_work(papers.office.engine) as uow:
        assert not uow.session.scalars(select(Journal).where(Journal.subject.like("mandate:%"))).all()


def test_an_order_is_passed_on_inside_its_unit_and_ends_with_it(papers: Papers) -> None:
    """A second head of the same unit signs by the order of the first, until that one is revoked."""
    posts = papers.office.posts
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(PostRow, posts["specialist"].id)
        row.role, row.title = "unit_head", "Phó Trưởng phòng"
        uow.commit()
    passed = grant(papers, "specialist", Capacity.TL, source_post_id=None, parent_id=1)
    with pytest.raises(BadInput, match="authority_wrong_source"):
        grant(papers, "culture_head", Capacity.TL, source_post_id=None, parent_id=1)
    document_id = papers.draft(file=False, signer="specialist", capacity=Capacity.TL)
    revoke(papers, 1)
    with unit_of_work(papers.office.engine) as uow:
        document = store.find(papers.office.scope("clerk"), uow.session, document_id)
        with pytest.raises(NotPermitted, match="authority_revoked"):
            authority.demand_signer(uow, document, now=papers.now)
        assert passed in {one.id for one in mandates.open_mandates_of(uow, document.signer_post_id or 0, now=NOON)}


def test_only_ones_own_agency_and_never_oneself(papers: Papers) -> None:
    """The neighbour's administrator finds neither post nor mandate; nobody grants to their own post."""
    with pytest.raises(NotFound):
        grant(papers, "chief", Capacity.TUQ, who="far_admin")
    with pytest.raises(NotFound):
        manage(papers, mandates.revoke, "far_admin", mandate_id=1, reason="x")
    with pytest.raises(NotPermitted, match="no_permission"):
        manage(papers, mandates.revoke, "leader", mandate_id=1, reason="x")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        row = PostRow(
            person_id=papers.office.posts["admin"].person_id, unit_id=papers.office.units["culture"],
            agency_id=papers.office.units["commune"], role="unit_head", title="Trưởng phòng", valid_from=TODAY,
        )  # fmt: skip
        uow.add(row)
        uow.flush()
        own = row.id
        uow.commit()
    with pytest.raises(NotPermitted, match="own_record"):
        grant(papers, "chief", Capacity.TUQ, post_id=own)


def test_a_choice_outside_the_mandate_is_refused_with_its_reason(papers: Papers) -> None:
    """The head of the economy unit signs letters by order, no decisions; the chief of office nothing."""
    papers.draft(file=False, signer="head", capacity=Capacity.TL)
    for facts, code in (
        ({"signer": "head", "capacity": Capacity.TL, "type_code": "decision"}, "authority_type_outside"),
        ({"signer": "head", "capacity": Capacity.TUQ}, "authority_no_mandate"),
        ({"signer": "chief", "capacity": Capacity.TL}, "authority_no_mandate"),
        ({"signer": "leader", "capacity": Capacity.Q}, "authority_no_mandate"),
    ):
        with pytest.raises(BadInput) as refused:
            papers.draft(file=False, **facts)
        assert refused.value.code == code


def test_submitting_asks_again(papers: Papers) -> None:
    """Revoked between drafting and submitting."""
    mandate = grant(papers, "chief", Capacity.TUQ)
    document_id = papers.draft(signer="chief", capacity=Capacity.TUQ)
    papers.now += dt.timedelta(minutes=1)
    revoke(papers, mandate)
    with pytest.raises(NotPermitted, match="authority_revoked"):
        papers.act("drafter", document_id, Action.SUBMIT)


def test_revoked_between_the_key_and_the_answer(papers: Papers) -> None:
    """Prepared by right, refused when the signature comes back, and then at preparing too; nothing moved."""
    papers.keys.issue("head")
    papers.keys.enrol("head")
    document_id = papers.awaiting(signer="head", capacity=Capacity.TL)
    key = papers.keys.held["head"]
    token = papers.do(signing.open_session, "head", scoped=False, purpose="leader", login_session_id=None,
                      certificate=key.der)  # fmt: skip
    asked = {"session": token, "login_session_id": None, "document_id": document_id, "blobs": papers.blobs}
    item = papers.do(signing.prepare, "head", version=papers.row(document_id).version, **asked)
    papers.now += dt.timedelta(minutes=1)
    revoke(papers, 1)
    papers.now += dt.timedelta(minutes=1)
    answer = key.sign(item.to_be_signed, raw=True)
    with pytest.raises(NotPermitted, match="authority_revoked"):
        papers.do(signing.finish, "head", signature=answer, **asked)
    with pytest.raises(NotPermitted, match="authority_revoked"):
        papers.do(signing.prepare, "head", version=papers.row(document_id).version, **asked)
    assert papers.row(document_id).state == State.AWAITING_SIGNATURE


def test_the_right_is_kept_with_the_signature_and_explains_it_later(papers: Papers) -> None:
    """Signed by order; revoked afterwards: still entitled on that day, told by what was kept, with its basis."""
    papers.keys.issue("head")
    papers.keys.enrol("head")
    document_id = papers.signed(signer="head", capacity=Capacity.TL)
    papers.now += 200 * DAY
    revoke(papers, 1)
    found = looked(papers, document_id)
    assert (found.answer, found.kept, found.day, found.capacity) == (Entitled.YES, True, TODAY, "tl")
    assert found.told["mandate"] == 1
    assert found.told["legal"]["symbol"] == "02/QĐ-UBND"
    assert papers.row(document_id).authority == found.told
    with pytest.raises(BadInput, match="authority_revoked"):
        papers.draft(file=False, signer="head", capacity=Capacity.TL)


def test_a_revocation_comes_after_every_signature_by_the_mandate(papers: Papers) -> None:
    """One that was begun earlier but had to wait does not reach back before a signature that was accepted."""
    papers.keys.issue("head")
    papers.keys.enrol("head")
    begun = papers.now
    papers.now += dt.timedelta(seconds=5)
    document_id = papers.signed(signer="head", capacity=Capacity.TL)
    papers.now = begun
    revoke(papers, 1)
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.get_one(MandateEnd, 1).at > begun + dt.timedelta(seconds=4)
    assert looked(papers, document_id).answer is Entitled.YES


def test_what_an_appointment_gives_is_kept_too_and_older_signatures_are_worked_out(papers: Papers) -> None:
    """The head's own; and one from before rights were kept is answered from posts of that day, or not at all."""
    document_id = papers.signed()
    found = looked(papers, document_id)
    assert (found.answer, found.told["basis"], found.told["mandate"]) == (Entitled.YES, "appointment", None)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        signature = uow.session.scalars(select(Signature)).one()
        signature.authority = None
        uow.commit()
    assert (looked(papers, document_id).answer, looked(papers, document_id).kept) == (Entitled.YES, False)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.scalars(select(Signature)).one().capacity = "q"
        uow.commit()
    assert looked(papers, document_id).answer is Entitled.NOT_ON_RECORD


def test_ink_is_judged_by_the_day_on_the_paper(papers: Papers) -> None:
    """The clerk records it with the right of that day."""
    document_id = papers.inked()
    told = papers.row(document_id).authority
    assert told is not None
    assert (told["basis"], told["day"]) == ("appointment", TODAY.isoformat())


def test_the_same_mandate_stands_once(papers: Papers) -> None:
    """A form sent twice leaves no double that would live on when the first is revoked; another text is another."""
    first = grant(papers, "head", Capacity.TUQ)
    with pytest.raises(Refused, match="mandate_on_record"):
        grant(papers, "head", Capacity.TUQ)
    assert grant(papers, "head", Capacity.TUQ, types=("plan",)) != first
    revoke(papers, first)
    assert grant(papers, "head", Capacity.TUQ) != first


def test_a_handover_ends_what_the_post_may_sign(papers: Papers) -> None:
    """Open mandates of a post are listed and revoked in the act of whoever hands it over."""
    mandate, post = grant(papers, "head", Capacity.TUQ), papers.office.posts["head"].id
    with unit_of_work(papers.office.engine) as uow:
        assert [row.id for row in mandates.open_mandates_of(uow, post, now=papers.now)] == [1, mandate]
        uow.begin_write()
        actor = papers.office.actor("admin")
        ended = mandates.end_all_for_post(uow, actor, post_id=post, reason="Bàn giao", now=papers.now)
        assert ended == [1, mandate]
        uow.commit()
    with unit_of_work(papers.office.engine) as uow:
        assert list(mandates.open_mandates_of(uow, post, now=papers.now)) == []
    with pytest.raises(Refused, match="mandate_revoked_already"):
        revoke(papers, mandate)
