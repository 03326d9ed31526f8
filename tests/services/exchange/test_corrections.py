"""Correcting and amending: what may be said, what it does once issued, on both sides and on either database."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text

from tests.support.exchange import Between
from workflow.domain.corrections import Kind, Standing
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, WrongState
from workflow.domain.outgoing import Action
from workflow.services.documents import acts, drafting
from workflow.services.documents.drafting import DraftFacts
from workflow.services.exchange import correcting, recalling
from workflow.services.journal import record_document, verify_subject
from workflow.services.opinions import slips
from workflow.store import corrections as store
from workflow.store import documents, unit_copies
from workflow.store.models import Journal, Outbox, Outgoing, Recipient
from workflow.store.opinions import slips_of
from workflow.store.session import unit_of_work

WHY = "Số điện thoại liên hệ in sai"


def said(post: Between, later: int, earlier: int, *, by: str = "drafter", kind: str = "correct",
         reason: str = WHY) -> None:  # fmt: skip
    """One says that it corrects another."""
    post.says(later, by=by, kind=Kind(kind), earlier_id=earlier, reason=reason)


def stands(post: Between, document: int) -> Standing:
    """How it stands."""
    with unit_of_work(post.office.engine) as uow:
        return correcting.standing(uow, documents.one(uow.session, document, reason="test"))


@pytest.mark.parametrize(("kind", "word"), [("correct", "đính chính"), ("amend", "sửa đổi, bổ sung")])
def test_issued_it_is_told_to_everybody_who_has_the_earlier_one(post: Between, kind: str, word: str) -> None:
    """Clerk and handler of the receiver hear of it, also where the later one does not go; nothing travels back; the
    chains of both have the trace and hold."""
    post.agencies(1)
    old = post.sent("far", "x0")
    row = post.started(old)
    new = post.ready("x0")
    said(post, new, old, kind=kind)
    with unit_of_work(post.office.engine) as uow:
        assert not store.told_of(post.scope("far_clerk"), uow.session, row.id), "a draft is nobody's affair"
    post.issue(new)
    for name in ("far_clerk", "far_drafter"):
        assert post.notices(name)[-1].startswith(f"Đã được {word}: ")
    assert (post.arrived(old).state, post.codes(old)[-1]) == ("in_progress", "05")
    with unit_of_work(post.office.engine) as uow:
        ((relation, by, ours),) = store.told_of(post.scope("far_drafter"), uow.session, row.id)
        assert (relation.kind, relation.reason, by.id, ours) == (kind, WHY, new, None)
        arrived = post.arrived(new, "x0")
        assert store.said_by(post.scope("far_clerk"), uow.session, arrived.id) is None
        for key, tag in ((new, "corrects"), (old, "corrected")):
            tags = uow.session.scalars(select(Journal.tag).where(Journal.subject == f"outgoing:{key}")).all()
            assert f"document:outgoing:{tag}" in tags
            assert verify_subject(uow, f"outgoing:{key}").holds


def test_what_was_wrong_with_a_secret_document_is_told_to_nobody(post: Between) -> None:
    """A notice lies in the app, in mails and in backups: it names the documents, not what they say."""
    post.agencies(1)
    old = post.sent("far", "x0")
    post.started(old)
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Outgoing, old)
        row.secret, row.file_sha256 = True, None
        uow.commit()
    new = post.ready("x0")
    said(post, new, old, kind="correct")
    post.issue(new)
    with unit_of_work(post.office.engine) as uow:
        told = uow.session.scalars(select(Outbox.body).where(Outbox.once_key.like("correction:%"))).all()
    assert told
    assert not [body for body in told if WHY in body]


def test_what_is_refused(post: Between) -> None:
    """No reason, another form, another agency's, an unissued one, somebody else's draft, an ended one."""
    old, new, far = post.sent(), post.ready("far"), post.sent("commune", sender="far")
    decision = post.sent(type_code="decision")
    for by, kind, earlier, reason, error, code in (
        ("drafter", "correct", old, " ", BadInput, "reason_needed"),
        ("drafter", "correct", old, "x" * 1001, BadInput, "exchange_reason_too_long"),
        ("drafter", "amend", decision, WHY, BadInput, "correction_same_form"),
        ("drafter", "correct", far, WHY, NotFound, "document_not_found"),
        ("drafter", "correct", new, WHY, WrongState, "correction_unissued"),
        ("drafter", "replace", post.ready(), WHY, WrongState, "correction_unissued"),
        ("head", "correct", old, WHY, NotPermitted, "own_draft"),
        ("leader", "correct", old, WHY, NotPermitted, "role_may_not"),
        ("far_clerk", "correct", old, WHY, NotFound, "document_not_found"),
    ):
        with pytest.raises(error) as refused:
            said(post, new, earlier, by=by, kind=kind, reason=reason)
        assert refused.value.code == code or isinstance(refused.value, NotPermitted), code
    letter = post.ready(type_code="decision")
    with pytest.raises(BadInput, match="correction_by_letter"):
        said(post, letter, decision)
    said(post, letter, decision, kind="amend")
    post.issue(letter)
    with pytest.raises(WrongState, match="links_fixed"):
        post.do("drafter", correcting.name_none, document_id=letter)


def test_how_an_earlier_document_stands(post: Between) -> None:
    """In force until it was replaced, or until every agency gave it back; then some things cannot be begun."""
    old, gone = post.sent(), post.sent()
    assert (stands(post, old), stands(post, post.ready())) == (Standing.IN_FORCE, Standing.UNISSUED)
    new, late, third = post.ready(), post.ready(), post.ready()
    said(post, new, old, kind="replace")
    said(post, late, old, kind="correct")
    assert stands(post, old) is Standing.IN_FORCE
    post.issue(new)
    assert stands(post, old) is Standing.REPLACED
    with pytest.raises(WrongState, match="correction_replaced"):
        said(post, third, old)
    post.do("clerk", recalling.ask_recall, document_id=gone, reason=WHY)
    assert stands(post, gone) is Standing.RECALLED
    with pytest.raises(WrongState, match="correction_recalled"):
        said(post, third, gone, kind="amend")
    said(post, third, gone, kind="replace")


def test_what_only_own_units_had_is_recalled_with_them(post: Between) -> None:
    """Nobody outside had it: taken back from the units it is not to be used any more, so nothing corrects it."""
    inside, later = post.ready(secret=False, state="sealed", sealed_at=post.now), post.ready()
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(delete(Recipient).where(Recipient.outgoing_id == inside))
        unit_copies.put(uow.session, inside, [post.office.units["culture"]])
        uow.commit()
    post.issue(inside)
    assert stands(post, inside) is Standing.IN_FORCE
    post.do("clerk", recalling.ask_recall, document_id=inside, reason=WHY)
    assert stands(post, inside) is Standing.RECALLED
    with pytest.raises(WrongState, match="correction_recalled"):
        said(post, later, inside)


def test_a_draft_that_came_too_late_is_not_submitted(post: Between) -> None:
    """The earlier one was replaced meanwhile: submitting is refused until the draft says something else."""
    old, new = post.sent(), post.ready()
    facts = DraftFacts(
        type_code="letter", subject="V/v đính chính", secret=True, signer_post_id=post.office.posts["leader"].id
    )
    with unit_of_work(post.office.engine) as uow:
        draft = drafting.create(uow, post.office.actor("drafter"), facts=facts, now=post.now).id
        uow.commit()
    post.do("drafter", correcting.name_corrected, document_id=draft, kind=Kind.CORRECT, earlier_id=old, reason=WHY)
    said(post, new, old, kind="replace")
    post.issue(new)
    submit = {"document_id": draft, "action": Action.SUBMIT, "version": None}
    with pytest.raises(WrongState, match="correction_replaced"):
        post.do("drafter", acts.act, **submit)
    post.do("drafter", correcting.name_none, document_id=draft)
    with unit_of_work(post.office.engine) as uow:
        assert store.of(uow.session, draft) is None
    post.do("drafter", acts.act, **submit)
    with unit_of_work(post.office.engine) as uow:
        assert uow.session.get_one(Outgoing, draft).state != "draft"


def test_nobody_says_it_behind_the_leaders_back(post: Between) -> None:
    """Signed, numbered or sealed, the drafter neither ties a paper to an earlier one nor cuts it loose, nor words
    the reason anew; in drafts it moves the version, and an older page is refused."""
    first, second = post.sent(), post.sent()
    new = post.ready()
    what = {"document_id": new, "kind": Kind.REPLACE, "earlier_id": first, "reason": WHY}
    said(post, new, first, kind="replace")
    for by in ("drafter", "clerk"):
        for service, given in (
            (correcting.name_corrected, what | {"earlier_id": second}),
            (correcting.name_corrected, what | {"reason": "Lý do khác"}),
            (correcting.name_none, {"document_id": new}),
        ):
            with pytest.raises(WrongState, match="links_fixed"):
                post.do(by, service, **given)
    with post.drafting(new):
        version = post.row(new).version
        post.do("drafter", correcting.name_corrected, **what, version=version)
        assert post.row(new).version == version + 1
        with pytest.raises(Conflict):
            post.do("drafter", correcting.name_corrected, **what, version=version)
        with pytest.raises(NotPermitted, match="own_draft"):
            post.do("clerk", correcting.name_none, document_id=new)
    post.issue(new)
    assert (stands(post, first), stands(post, second)) == (Standing.REPLACED, Standing.IN_FORCE)


@pytest.mark.parametrize("change", ["UPDATE correction SET reason = 'x'", "DELETE FROM correction"])
def test_what_takes_effect_is_what_was_signed(post: Between, change: str) -> None:
    """Changed in the database after the signature, it is not issued, and the earlier document stands."""
    old, new = post.sent(), post.ready()
    said(post, new, old, kind="replace")
    with post.office.engine.begin() as connection:
        connection.execute(text(change))
    with pytest.raises(WrongState, match="correction_unsigned"):
        post.issue(new)
    assert stands(post, old) is Standing.IN_FORCE


def test_a_signature_of_before_counts_where_nothing_was_said_after_it(post: Between) -> None:
    """Signatures once told nothing of it: then the order in the journal decides."""
    old, new, late = post.sent(), post.ready(), post.ready()
    for key, later in ((new, False), (late, True)):
        said(post, key, old)
        with unit_of_work(post.office.engine) as uow:
            uow.begin_write()
            row, clerk = uow.session.get_one(Outgoing, key), post.office.actor("clerk")
            tags = ("document:outgoing:sign", *(["document:outgoing:corrects"] if later else []))
            for tag in tags:
                record_document(uow, row, tag=tag, facts={}, actor=clerk, now=post.now)
            uow.commit()
    post.issue(new)
    with pytest.raises(WrongState, match="correction_unsigned"):
        post.issue(late)


def test_the_slip_says_it_and_keeps_its_digest(post: Between) -> None:
    """Kind, number, day and reason, in the slip that is laid; of a secret one not why; where there is nothing to
    say the slip is worded as ever."""
    old, secret, new = post.sent(secret=False, state="sealed", sealed_at=post.now), post.sent(), post.ready()
    with unit_of_work(post.office.engine) as uow:
        plain = slips.body_of(uow, uow.session.get_one(Outgoing, new), now=post.now)
    assert "corrects" not in plain
    told = []
    for earlier in (old, secret):
        said(post, new, earlier)
        with unit_of_work(post.office.engine) as uow:
            uow.begin_write()
            document = uow.session.get_one(Outgoing, new)
            slips.freeze(uow, post.office.actor("drafter"), document, now=post.now)
            uow.commit()
            row = slips_of(uow.session, new)[-1]
            told.append(row.body["corrects"])
            assert slips.digest_of(row.body) == row.digest
    symbols = [post.row(key).symbol for key in (old, secret)]
    assert [(one["kind"], one["type"], one["symbol"], one["day"], one["reason"]) for one in told] == [
        ("correct", "letter", symbols[0], "2026-11-23", WHY), ("correct", "letter", symbols[1], "2026-11-23", ""),
    ]  # fmt: skip
