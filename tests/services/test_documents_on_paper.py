"""From draft to issued on paper, and back again, on both databases."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.support.office import NOON, Office
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted, WrongState
from workflow.domain.journal import GENESIS
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Capacity
from workflow.services.documents.acts import act
from workflow.services.documents.drafting import DraftFacts, create, revise
from workflow.services.documents.files import confirm_format
from workflow.services.documents.ink import InkSignature, record_ink
from workflow.services.documents.numbers import number
from workflow.store import documents as store
from workflow.store.models import FileVersion, Outgoing
from workflow.store.session import unit_of_work

Do = Callable[..., Outgoing]


def _facts(office: Office, **changes: object) -> DraftFacts:
    given = {
        "type_code": "letter",
        "subject": "V/v phòng chống bão số 9",
        "signer_post_id": office.posts["deputy"].id,
        "capacity": Capacity.KT,
        "secret": True,  # metadata only: this road needs no file
        **changes,
    }
    return DraftFacts(**given)  # type: ignore[arg-type]


def _create(office: Office, who: str = "drafter", **changes: object) -> int:
    with unit_of_work(office.engine) as uow:
        document = create(uow, office.actor(who), facts=_facts(office, **changes), now=NOON)
        uow.commit()
        return document.id


def _act(
    office: Office,
    who: str,
    document_id: int,
    action: Action,
    *,
    remark: str = "",
    minutes: int = 10,
    version: int | None = None,
) -> Outgoing:
    with unit_of_work(office.engine) as uow:
        document = act(
            uow, office.actor(who), office.scope(who), document_id=document_id, action=action, version=version,
            now=NOON + dt.timedelta(minutes=minutes), remark=remark,
        )  # fmt: skip
        uow.commit()
        return document


def _confirm_format(office: Office, document_id: int, blobs: Blobs) -> None:
    """The clerk's step for a metadata-only document (no file to prepare)."""
    with unit_of_work(office.engine) as uow:
        confirm_format(uow, office.actor("clerk"), office.scope("clerk"), document_id=document_id, version=None,
                       now=NOON, blobs=blobs, base_url="http://127.0.0.1")  # fmt: skip
        uow.commit()


def test_withdraw_before_anybody_acts(office: Office) -> None:
    """What was submitted can be taken back by its drafter until the head acts, with a written reason."""
    made = _create(office)
    assert _act(office, "drafter", made, Action.SUBMIT).state == State.IN_REVIEW
    with pytest.raises(BadInput) as caught:
        _act(office, "drafter", made, Action.WITHDRAW)
    assert caught.value.code == "reason_needed"
    assert _act(office, "drafter", made, Action.WITHDRAW, remark="Sai số liệu").state == State.DRAFT


def test_review_is_skipped_where_the_unit_has_no_head(office: Office) -> None:
    """The culture unit has no head: the machine passes the draft on and says so in the history."""
    made = _create(office, "lone_drafter")
    assert _act(office, "lone_drafter", made, Action.SUBMIT).state == State.FORMAT_CHECK
    with unit_of_work(office.engine) as uow:
        lines = [(line.action, line.person_id is None) for line, _name in store.history_of(uow.session, made)]
    assert lines == [("create", False), ("submit", False), ("skip_review", True)]


def test_a_return_needs_a_reason_and_reaches_the_drafter(office: Office) -> None:
    """Returned drafts lie on their drafter's desk with the reason."""
    made = _create(office)
    _act(office, "drafter", made, Action.SUBMIT)
    with pytest.raises(BadInput, match="reason_needed"):
        _act(office, "head", made, Action.RETURN, remark="  ")
    returned = _act(office, "head", made, Action.RETURN, remark="Thiếu căn cứ")
    assert returned.state == State.RETURNED
    assert returned.holder_id == office.posts["drafter"].person_id
    assert _act(office, "drafter", made, Action.CANCEL, remark="Không cần nữa").closed_at is not None


@pytest.mark.parametrize(
    ("who", "action", "error"),
    [
        ("far_clerk", Action.APPROVE, NotFound),
        ("far_drafter", Action.SUBMIT, NotFound),
        ("clerk", Action.APPROVE, NotPermitted),
        ("admin", Action.APPROVE, NotPermitted),
        ("inspector", Action.APPROVE, NotPermitted),
        ("leader", Action.ISSUE, WrongState),
        ("head", Action.CREATE, WrongState),
    ],
)
def test_who_may_not(office: Office, who: str, action: Action, error: type[Exception]) -> None:
    """Deny by default: another agency, another role, another state."""
    made = _create(office)
    _act(office, "drafter", made, Action.SUBMIT)
    with pytest.raises(error):
        _act(office, who, made, action, remark="x")


def test_a_stale_form_is_refused(office: Office) -> None:
    """The version moved since the page was opened: nothing changes, the answer says where it stands."""
    made = _create(office)
    _act(office, "drafter", made, Action.SUBMIT, version=1)
    with pytest.raises(Conflict) as caught:
        _act(office, "drafter", made, Action.WITHDRAW, remark="Sai số liệu", version=1)
    assert caught.value.details == {"state": "in_review", "version": 2}


def test_without_file_or_signer_nothing_is_submitted(office: Office) -> None:
    """A draft needs its file and the name of who shall sign."""
    no_file = _create(office, secret=False)
    with pytest.raises(Missing, match="has_file"):
        _act(office, "drafter", no_file, Action.SUBMIT)
    no_signer = _create(office, signer_post_id=None)
    with pytest.raises(Missing, match="has_signer"):
        _act(office, "drafter", no_signer, Action.SUBMIT)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject": " "}, "subject_needed"),
        ({"subject": "x" * 501}, "subject_too_long"),
        ({"subject": "a\x00b"}, "control_character"),
        ({"capacity": Capacity.TUQ}, "capacity_not_allowed"),
        ({"signer_post_id": "far_leader"}, "not_a_signer"),
        ({"signer_post_id": "clerk"}, "not_a_signer"),
    ],
)
def test_facts_that_cannot_be_used(office: Office, changes: dict[str, object], code: str) -> None:
    """Wrong facts are named and nothing is created."""
    if isinstance(changes.get("signer_post_id"), str):
        changes = {**changes, "signer_post_id": office.posts[str(changes["signer_post_id"])].id}
    with pytest.raises(BadInput, match=code):
        _create(office, **changes)


def test_revising_keeps_the_drafters_right(office: Office) -> None:
    """Only the drafter changes a draft, and only before it is submitted."""
    made = _create(office)
    with unit_of_work(office.engine) as uow:
        document = revise(
            uow, office.actor("drafter"), office.scope("drafter"), document_id=made, version=1,
            facts=_facts(office, subject="V/v phòng chống bão số 10"), now=NOON,
        )  # fmt: skip
        uow.commit()
    assert document.subject_folded == "v/v phong chong bao so 10"
    with unit_of_work(office.engine) as uow, pytest.raises(Missing, match="own_draft"):
        revise(
            uow, office.actor("head"), office.scope("head"), document_id=made, version=2,
            facts=_facts(office), now=NOON,
        )  # fmt: skip


def test_history_and_journal_only_grow(office: Office) -> None:
    """The database itself refuses to change a line of history, journal or register."""
    made = _create(office)
    for statement in (
        "UPDATE history SET remark = 'x'",
        "DELETE FROM history",
        "UPDATE journal SET body = '{}'",
        "DELETE FROM journal",
    ):
        with office.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
    with unit_of_work(office.engine) as uow:
        entries = store.entries_of(uow.session, f"outgoing:{made}")
    assert [entry.previous for entry in entries] == [GENESIS]


def _signed_on_paper(office: Office, **changes: object) -> int:
    made = _create(office, **changes)
    _act(office, "drafter", made, Action.SUBMIT)
    _act(office, "head", made, Action.APPROVE)
    with tempfile.TemporaryDirectory() as folder:
        _confirm_format(office, made, open_blobs(folder))
    ink = InkSignature(
        signer_post_id=office.posts["leader"].id, capacity=Capacity.HEAD, signed_on=NOON.date(),
        reason="Lãnh đạo đi công tác, không mang chứng thư",
    )  # fmt: skip
    with unit_of_work(office.engine) as uow:
        record_ink(uow, office.actor("clerk"), office.scope("clerk"), document_id=made, version=None, ink=ink,
                   now=NOON)  # fmt: skip
        uow.commit()
    return made


def _number(office: Office, document_id: int, *, now: dt.datetime = NOON) -> Outgoing:
    with unit_of_work(office.engine) as uow:
        document = number(uow, office.actor("clerk"), office.scope("clerk"), document_id=document_id, version=None,
                          now=now)  # fmt: skip
        uow.commit()
        return document


def test_numbers_run_without_a_gap_and_open_anew_each_year(office: Office) -> None:
    """01 on 1 January in the office's time zone, one series per register, secret papers apart."""
    symbols = [_number(office, _signed_on_paper(office)).symbol for _ in range(3)]
    assert symbols == ["01/UBND-KT", "02/UBND-KT", "03/UBND-KT"]
    new_year = dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC)  # 00:00 on 1 January in the office
    assert _number(office, _signed_on_paper(office), now=new_year).symbol == "01/UBND-KT"
    assert _number(office, _signed_on_paper(office)).symbol == "04/UBND-KT"


def test_a_return_after_ink_clears_the_signature(office: Office) -> None:
    """The clerk may send back what was signed but not numbered; it must be signed again."""
    made = _signed_on_paper(office)
    returned = _act(office, "clerk", made, Action.RETURN, remark="Sai thể thức")
    assert (returned.state, returned.signed_at, returned.medium) == (State.RETURNED, None, "digital")


def test_the_stored_state_is_the_last_line_of_history(office: Office) -> None:
    """Whatever was done, state and history agree."""
    made = _signed_on_paper(office)
    _number(office, made)
    with unit_of_work(office.engine) as uow:
        last = store.last_history(uow.session, made)
        document = store.find(office.scope("clerk"), uow.session, made)
        assert last is not None
        assert last.to_state == document.state == State.NUMBERED
        assert uow.session.query(FileVersion).count() == 0


def test_a_number_is_not_deleted(office: Office) -> None:
    """What was drawn stays in the register."""
    _number(office, _signed_on_paper(office))
    with office.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("DELETE FROM register_number"))


def test_secret_papers_are_issued_by_metadata_only(office: Office) -> None:
    """Their content never enters: numbered in their own series, stamped outside, issued."""
    made = _signed_on_paper(office)
    numbered = _number(office, made)
    issued = _act(office, "clerk", made, Action.ISSUE)
    assert (numbered.symbol, issued.state) == ("01/UBND-KT", State.ISSUED)
