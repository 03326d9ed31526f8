"""The last weeks in the office of the tour: whoever comes in finds something real on the newer pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import select

from tests.demo.conftest import DAY
from workflow.demo.at_once import HAMLETS
from workflow.domain.bulk import Act, ItemState, RunState
from workflow.domain.corrections import Kind
from workflow.domain.dispatch import DispatchState
from workflow.domain.exchange import Status
from workflow.domain.opinions import Kind as Asked
from workflow.domain.opinions import State as Answer
from workflow.domain.outgoing import State
from workflow.domain.permissions import Scope
from workflow.domain.unsigned_reasons import Reason
from workflow.services.journal import OFFICE_ZONE
from workflow.services.reports import stock
from workflow.store import bulk, opinions
from workflow.store.models import (
    Account,
    BulkItem,
    BulkRun,
    CertifiedCopy,
    Correction,
    Delivery,
    Dispatch,
    DraftComment,
    DraftTemplate,
    DraftText,
    GroupMember,
    Outgoing,
    PostRow,
    RecipientGroup,
    Unit,
)
from workflow.store.session import UnitOfWork

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.fixture
def agency(uow: UnitOfWork) -> int:
    """Xã Đồng Tâm."""
    return uow.session.scalars(select(Unit.agency_id).where(Unit.name == "Ủy ban nhân dân xã Đồng Tâm")).one() or 0


def _asked(uow: UnitOfWork, document_id: int) -> list[tuple[str, Answer]]:
    """(kind, state) of every request about a document."""
    file = opinions.draft_file(uow.session, document_id)
    present = file.sha256 if file else None
    return [(one.row.kind, one.state(present)) for one in opinions.of_document(uow.session, document_id)]


def test_a_draft_of_two_versions_waits_for_initials(uow: UnitOfWork) -> None:
    """From a template of the program: both versions, a remark settled, one open, an opinion given, one late."""
    texts = uow.session.scalars(select(DraftText).where(DraftText.template == "built:plan")).all()
    assert len(texts) == 2
    assert len({one.body for one in texts}) == 2
    (document_id,) = {one.document_id for one in texts}
    document = uow.session.get_one(Outgoing, document_id)
    assert document.state == State.IN_REVIEW
    remarks = uow.session.scalars(select(DraftComment).where(DraftComment.document_id == document_id)).all()
    threads = [one for one in remarks if one.parent_id is None]
    assert Counter(one.settled_at is not None for one in threads) == {True: 1, False: 1}
    assert len(remarks) == len(threads) + 1
    asked = Counter(_asked(uow, document_id))
    assert asked == {
        (Asked.OPINION, Answer.ANSWERED): 1, (Asked.OPINION, Answer.OPEN): 1, (Asked.INITIALS, Answer.OPEN): 1,
    }  # fmt: skip
    late = [one.row.due_on for one in opinions.of_document(uow.session, document_id) if not one.said]
    assert min(day for day in late if day) < DAY


def test_everybody_of_the_tour_is_asked_about_something(uow: UnitOfWork, agency: int) -> None:
    """Leaders, clerk, specialists and both heads of units find a draft at their desk; the own template was used."""
    template = uow.session.scalars(select(DraftTemplate)).one()
    used = uow.session.scalars(select(DraftText).where(DraftText.template == f"own:{template.id}")).one()
    assert uow.session.get_one(Outgoing, used.document_id).state == State.DRAFT
    query = select(Account.username, PostRow).join(PostRow, PostRow.person_id == Account.person_id)
    rows = uow.session.execute(query.where(PostRow.agency_id == agency, Account.username.startswith("dongtam.")))
    posts = {name.partition(".")[2]: post for name, post in rows}
    scope = Scope(agency_ids=(agency,))
    for key in ("chair", "deputy1", "clerk", "drafter", "specialist", "head", "head2"):
        post = posts[key]
        head_of = post.unit_id if post.role == "unit_head" else None
        assert opinions.at_desk(scope, uow.session, person_id=post.person_id, head_of=head_of), key


def test_a_group_a_letter_to_it_and_copies_of_every_kind(uow: UnitOfWork, agency: int) -> None:
    """Agencies here have it by the exchange, copies for others wait; older ones were received or came back."""
    group = uow.session.scalars(select(RecipientGroup)).one()
    members = uow.session.scalars(select(GroupMember).where(GroupMember.group_id == group.id)).all()
    here = {one.agency_id for one in members if one.agency_id is not None}
    outside = {one.name for one in members if one.agency_id is None}
    copies = uow.session.scalars(
        select(Dispatch).join(Outgoing, Outgoing.id == Dispatch.outgoing_id).where(Outgoing.agency_id == agency)
    ).all()
    assert {one.state for one in copies} >= {
        DispatchState.TO_SEND, DispatchState.RECEIVED, DispatchState.RETURNED,
    }  # fmt: skip
    letter = next(one.outgoing_id for one in copies if one.name in outside)
    assert {one.name for one in copies if one.outgoing_id == letter} == outside
    sent = select(Delivery.agency_id).where(Delivery.outgoing_id == letter)
    assert set(uow.session.scalars(sent)) == here
    assert all(one.receipt for one in copies if one.state == DispatchState.RECEIVED)
    assert all(one.note for one in copies if one.state == DispatchState.RETURNED)
    asked = _asked(uow, letter)
    assert asked == [(Asked.INITIALS, Answer.ANSWERED)]


def test_a_certified_copy_to_approve_and_one_to_seal(uow: UnitOfWork, agency: int) -> None:
    """The head's and the clerk's, both electronic."""
    query = select(CertifiedCopy).where(CertifiedCopy.agency_id == agency).order_by(CertifiedCopy.id)
    found = [(one.state, one.medium, one.symbol) for one in uow.session.scalars(query)]
    assert found == [("asked", "digital", ""), ("numbered", "digital", "01/TrS-UBND")]


def test_one_is_corrected_one_replaced_one_recalled_from_some(uow: UnitOfWork, agency: int) -> None:
    """The office of the tour corrects its own; a department replaces one and takes another back."""
    found = {one.kind: one for one in uow.session.scalars(select(Correction))}
    assert set(found) == {Kind.CORRECT, Kind.REPLACE}
    said = found[Kind.CORRECT]
    later, earlier = (uow.session.get_one(Outgoing, key) for key in (said.outgoing_id, said.earlier_id))
    assert later.agency_id == earlier.agency_id == agency
    assert (later.state, later.type_code) == ("issued", "letter")
    assert later.issued_at is not None
    assert earlier.issued_at is not None
    assert later.issued_at > earlier.issued_at
    codes = set(uow.session.scalars(select(Delivery.status)))
    assert {Status.RECALL_ASKED, Status.RECALL_AGREED} <= codes


def test_a_run_with_one_refused_and_one_draft_made_three(uow: UnitOfWork) -> None:
    """The head's run says which draft lacked initials; each hamlet has its own invitation before the clerk."""
    runs = {Act(one.act): one for one in uow.session.scalars(select(BulkRun))}
    assert set(runs) == {Act.APPROVE, Act.SPREAD}
    assert {one.state for one in runs.values()} == {RunState.DONE}
    lines = {act: bulk.items(uow.session, run.id) for act, run in runs.items()}
    assert Counter((one.state, one.code) for one in lines[Act.APPROVE]) == {
        (ItemState.DONE, ""): 2, (ItemState.REFUSED, "all_initialled"): 1,
    }  # fmt: skip
    made = uow.session.scalars(
        select(Outgoing).join(BulkItem, BulkItem.outgoing_id == Outgoing.id)
        .where(BulkItem.bulk_id == runs[Act.SPREAD].id)
    ).all()  # fmt: skip
    assert {one.recipients for one in made} == set(HAMLETS)
    assert {one.state for one in made} == {State.FORMAT_CHECK}
    assert len({one.file_sha256 for one in made}) == len(HAMLETS)


def test_the_morning_report_gives_several_reasons(uow: UnitOfWork, agency: int) -> None:
    """Some opened, some not, one signing that was begun and left; in the office of the tour too."""
    found = stock(uow, dt.datetime.combine(DAY, dt.time(8, 30), tzinfo=OFFICE_ZONE)).items
    told = Counter(one.reason for one in found if one.reason is not None)
    here = Counter(one.reason for one in found if one.reason is not None and one.agency == agency)
    assert {Reason.OPENED, Reason.NOT_OPENED, Reason.ATTEMPT_DROPPED} <= here.keys()
    assert told[Reason.ATTEMPT_DROPPED] == 2
    assert min(told[Reason.OPENED], told[Reason.NOT_OPENED]) >= 3
