"""What goes with a document is looked at again with it: seals, files, and the list that was signed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from signing.testing import Revoked
from tests.support import trust
from tests.support.attached import annex, held, sheet
from tests.support.office import NOON
from tests.support.papers import Papers
from tests.support.statements import statements
from workflow.services import trust_changes
from workflow.services.journal import facts_of, verify_subject
from workflow.services.verification import rechecking, rechecking_attached
from workflow.services.verification.rechecking_attached import NOTHING, Attached
from workflow.store import attachments as store
from workflow.store import documents
from workflow.store.models import Attachment, AttachmentVerdict, TrustFlip
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
THREE = (("I.pdf", annex("Phụ lục I")), ("b.xlsx", sheet()), ("II.pdf", annex("Phụ lục II")))


def at_night(papers: Papers, document_id: int, *, at: dt.datetime) -> Attached:
    """The job's look at one document's attachments."""
    with unit_of_work(papers.office.engine) as uow:
        found = rechecking_attached.recheck_for_job(uow, document_id=document_id, blobs=papers.blobs, now=at)
        uow.commit()
        return found


def revoke_seal(papers: Papers, *, at: dt.datetime) -> None:
    """A list that comes three days later says that the agency's key was revoked before it sealed."""
    serial = papers.keys.held["commune"].certificate.serial_number
    papers.keys.publish(at=at, revoked=(Revoked(serial=serial, at=NOON - HOUR),))


def answers(papers: Papers) -> list[tuple[str, str]]:
    """(conclusion, cause) of every later answer, oldest first."""
    with unit_of_work(papers.office.engine) as uow:
        rows = uow.session.scalars(select(AttachmentVerdict).order_by(AttachmentVerdict.id))
        return [(row.conclusion, row.cause) for row in rows]


def test_a_revocation_dated_back_reaches_the_seals_on_attachments(papers: Papers) -> None:
    """Each sealed one has its new answer once, with its cause, in the journal by name and place; what was found
    when it was sealed stays, and the document may still be issued as its own seal may."""
    document = papers.sealed(attach=THREE)
    revoke_seal(papers, at=NOON + 3 * DAY)
    assert at_night(papers, document, at=NOON + 4 * DAY) == Attached(changed=(1, 3))
    assert at_night(papers, document, at=NOON + 5 * DAY) == NOTHING
    assert answers(papers) == [("failed", "evidence")] * 2
    first, table, third = held(papers, document)
    assert table.verdict is None
    for one in (first, third):
        assert one.seal is not None
        assert one.verdict is not None
        assert (one.seal.conclusion, one.verdict.conclusion) == ("passed", "failed")
        assert one.seal.checked_at == NOON + 5 * DAY
        assert one.judged_at == NOON + 4 * DAY
    with unit_of_work(papers.office.engine) as uow:
        tag = "document:attachment:rechecked"
        told = facts_of(uow, papers.office.scope("clerk"), document, tag=tag)
        assert [(one["name"], one["place"], one["before"], one["after"]) for one in told] == [
            ("I", 1, "passed", "failed"),
            ("II", 3, "passed", "failed"),
        ]
        assert verify_subject(uow, f"outgoing:{document}").holds
        assert store.unsealed(uow.session, document) == []


def test_a_list_that_once_proved_stays_proof(papers: Papers) -> None:
    """A newer list settles what was within the grace; an older one that comes late changes nothing."""
    document = papers.sealed(attach=THREE[:1])
    papers.keys.publish(at=NOON + HOUR)
    assert at_night(papers, document, at=NOON + 2 * HOUR).changed == (1,)
    assert answers(papers) == [("passed", "evidence")]
    papers.keys.publish(at=NOON + HOUR / 2)
    assert at_night(papers, document, at=NOON + DAY) == NOTHING


def test_a_lost_file_is_named_and_judges_nothing(papers: Papers) -> None:
    """The sealed file, the one that was read, a spreadsheet: each by its place, and no seal turns bad by it."""
    document = papers.sealed(attach=THREE)
    sealed, table, read = held(papers, document)
    for sha256 in (sealed.sha256, table.row.sha256, read.row.sha256):
        papers.blobs.delete_orphan(sha256)
    assert at_night(papers, document, at=NOON + HOUR) == Attached(lost=(1, 2, 3))
    assert answers(papers) == []


def test_a_list_that_is_not_the_signed_one_is_found(papers: Papers) -> None:
    """Whatever a script does to a row after the signature: another name, another file, one row more or less."""
    document, plain = papers.signed(attach=THREE), papers.signed()
    assert at_night(papers, document, at=NOON + HOUR) == NOTHING
    assert at_night(papers, plain, at=NOON + HOUR) == NOTHING
    key = held(papers, document)[0].row.id
    for values in ({"name": "Phụ lục khác"}, {"document_id": plain}):
        with unit_of_work(papers.office.engine) as uow:
            uow.begin_write()
            uow.session.execute(update(Attachment).where(Attachment.id == key).values(**values))
            uow.commit()
        assert at_night(papers, document, at=NOON + HOUR) == Attached(differs=True)
    assert at_night(papers, plain, at=NOON + HOUR) == Attached(differs=True)


def test_the_button_asks_for_all_of_it(papers: Papers) -> None:
    """By hand the document's file and what goes with it are one act; pressed twice it is one look."""
    document = papers.sealed(attach=THREE[:1])
    revoke_seal(papers, at=NOON + 3 * DAY)
    papers.now = NOON + 4 * DAY
    found = papers.do(rechecking.recheck, "clerk", document_id=document, blobs=papers.blobs)
    assert (found.changed > 0, found.attached) == (True, Attached(changed=(1,)))
    again = papers.do(rechecking.recheck, "clerk", document_id=document, blobs=papers.blobs)
    assert (again.changed, again.attached) == (0, NOTHING)


def test_a_seal_given_up_meanwhile_is_left_alone(papers: Papers) -> None:
    """Between look and write the number went: nothing is said of a seal that stands no more."""
    document = papers.sealed(attach=THREE[:1])
    revoke_seal(papers, at=NOON + 3 * DAY)
    with unit_of_work(papers.office.engine) as uow:
        row = documents.one(uow.session, document, reason="a test")
        looks = rechecking_attached.look(uow, row, blobs=papers.blobs, now=NOON + 4 * DAY)
        uow.begin_write()
        seal = store.seal_of(uow.session, looks[0].held.row.id)
        assert seal is not None
        seal.withdrawn_at = NOON + 4 * DAY
        uow.flush()
        actor = papers.office.actor("clerk")
        assert rechecking_attached.keep(uow, actor, row, looks, now=NOON + 4 * DAY) == NOTHING
        uow.commit()
    assert answers(papers) == []


def test_as_many_statements_for_six_as_for_one(papers: Papers) -> None:
    """Roots, lists and owners are asked for once a document."""

    def sent(document_id: int) -> int:
        with unit_of_work(papers.office.engine) as uow, statements(papers.office.engine) as counted:
            row = documents.one(uow.session, document_id, reason="a test")
            rechecking_attached.look(uow, row, blobs=papers.blobs, now=NOON + HOUR)
        return len(counted)

    few = papers.sealed(attach=[("1.pdf", annex("1"))])
    many = papers.sealed(attach=[(f"{n}.pdf", annex(str(n))) for n in range(6)])
    assert sent(few) == sent(many) > 0


def test_a_change_of_trust_counts_the_seals_on_attachments(papers: Papers) -> None:
    """A retired root flips the document's three signatures and both seals; the report knows each by its place, goes
    on in steps, and a spreadsheet, which bears no seal, is not among them."""
    office = papers.office
    trust.second_admin(office)
    document = papers.sealed(attach=THREE)
    for limit in (50, 2):
        change = trust.do(office, trust_changes.propose_retirement, root_id=1, reason=trust.REASON)
        assert trust.count(office, papers.blobs, change.id, limit=limit) == 5
        row = trust.row_of(office, change.id)
        assert (row.state, row.checked, row.total, row.unread, row.flips) == ("waiting", 5, 5, 0, 5)
        with unit_of_work(office.engine) as uow:
            flips = uow.session.scalars(select(TrustFlip).where(TrustFlip.change_id == change.id)).all()
            seals = [one.seal.id for one in store.with_seals(uow.session, document) if one.seal is not None]
        assert [flip.attachment_seal_id for flip in flips if flip.signature_id is None] == seals
        assert {flip.document_id for flip in flips} == {document}
        trust.do(office, trust_changes.withdraw, change_id=change.id)
