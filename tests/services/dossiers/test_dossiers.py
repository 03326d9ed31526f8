"""Dossiers through the services, on both databases: filled, closed, kept, handed to the archive."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from tests.support.arrivals import LETTER, Arrivals
from tests.support.dossiers import Dossiers, shown
from tests.support.issued import add_issued, issued_row
from workflow.domain.dossiers import Action, Kind, State
from workflow.domain.errors import BadInput, Missing, NotFound, NotPermitted, WrongState
from workflow.domain.retention import PERMANENT, HandOverTerm
from workflow.services.dossiers import closing, filing, opening, transferring
from workflow.services.journal import verify_subject
from workflow.store import dossiers
from workflow.store.models import Dossier, DossierHistory, Incoming, Outgoing
from workflow.store.session import unit_of_work

OUT, IN = Kind.OUTGOING, Kind.INCOMING


def test_documents_stand_in_order_and_in_several_dossiers(made: Dossiers) -> None:
    """Put in once, moved, taken out; of another unit one puts in nothing that one does not see."""
    one, two = made.outside(), made.outside(title="Hồ sơ khác")
    out = add_issued(made.office, issued_row(made.office), issued_row(made.office))
    came = made.done_arrival().id
    for kind, key in ((OUT, out[0]), (IN, came), (OUT, out[1]), (OUT, out[0])):
        made.put("specialist", one, kind, key)
    made.put("drafter", two, OUT, out[0])
    assert shown(made, "specialist", one) == [(OUT, out[0]), (IN, came), (OUT, out[1])]
    with unit_of_work(made.office.engine) as uow:
        held = dossiers.of_document(made.office.scope("head"), uow.session, kind=OUT, document_id=out[0])
        assert [row.id for row in held] == [one.id, two.id]
        links = [row.link_id for row in dossiers.documents_of(made.office.scope("clerk"), uow.session, one.id)]
    given: dict[str, Any] = {"dossier_id": one.id, "version": None}
    made.do("specialist", filing.move_by_one, link_id=links[2], up=True, **given)
    made.do("specialist", filing.move_by_one, link_id=links[0], up=True, **given)
    assert shown(made, "specialist", one) == [(OUT, out[0]), (OUT, out[1]), (IN, came)]
    with pytest.raises(Missing, match="dossier_in_charge"):
        made.do("drafter", filing.remove, link_id=links[0], **given)
    made.do("head", filing.remove, link_id=links[0], **given)
    assert shown(made, "clerk", one) == [(OUT, out[1]), (IN, came)]
    foreign = add_issued(made.office, issued_row(made.office, unit="culture"))[0]
    far = add_issued(made.office, issued_row(made.office, unit="far_office"))[0]
    for key in (foreign, far, 987_654):
        with pytest.raises(NotFound):
            made.put("specialist", one, OUT, key)
    for who in ("culture_head", "far_clerk", "far_drafter"):
        with pytest.raises(NotFound):
            made.put(who, one, OUT, out[0])


def test_closing_settles_drafts_open_work_and_duplicates(made: Dossiers) -> None:
    """Each is refused by its own name; kept duplicates are said to be; then days and retention are worked out."""
    dossier = made.outside(years=10)
    arrivals = Arrivals(made.office)
    arrivals.now = made.now
    busy = arrivals.in_progress()
    made.now = arrivals.now
    out = [*add_issued(made.office, issued_row(made.office)), made.draft()]
    for kind, key in ((OUT, out[0]), (OUT, out[1]), (IN, busy.id)):
        made.put("specialist", dossier, kind, key)
    for code in ("dossier_without_drafts", "dossier_without_open_work"):
        with pytest.raises(Missing, match=code):
            made.close("specialist", dossier)
        with unit_of_work(made.office.engine) as uow:
            found = dossiers.documents_of(made.office.scope("clerk"), uow.session, dossier.id)
        drop = next(
            one for one in found if (one.kind, one.id) == ((OUT, out[1]) if "drafts" in code else (IN, busy.id))
        )
        made.do("specialist", filing.remove, dossier_id=dossier.id, link_id=drop.link_id, version=None)
    for day in (made.now.date() + dt.timedelta(days=1), dossier.started_on - dt.timedelta(days=1)):
        with pytest.raises(BadInput, match="dossier_days"):
            made.close("specialist", dossier, ended_on=day)
    closed = made.close("specialist", dossier, years=20)
    assert (closed.state, closed.years, closed.due_on) == ("closed", 20, dt.date(2027, 1, 22))
    with pytest.raises(WrongState):
        made.put("specialist", dossier, OUT, out[0])
    opened = made.do("head", closing.reopen, dossier_id=dossier.id, version=closed.version, reason="Bổ sung")
    assert (opened.state, opened.ended_on, opened.due_on) == ("open", None, None)


def test_keeping_longer_needs_consent_and_ends_after_two_years(made: Dossiers) -> None:
    """Art. 31.3d; what stays in the unit anyway needs none."""
    dossier = made.close("specialist", made.outside())
    given: dict[str, Any] = {"dossier_id": dossier.id, "version": None}
    for until in (dossier.due_on, dt.date(2029, 1, 23)):
        with pytest.raises(BadInput, match="dossier_kept_too_long"):
            made.do("specialist", closing.keep_longer, until=until, consent="QĐ 5", **given)
    with pytest.raises(BadInput, match="reason_needed"):
        made.do("specialist", closing.keep_longer, until=dt.date(2029, 1, 22), consent="", **given)
    kept = made.do("specialist", closing.keep_longer, until=dt.date(2029, 1, 22), consent="CV 15/UBND-VP", **given)
    assert (kept.due_on, kept.consent) == (dt.date(2029, 1, 22), "CV 15/UBND-VP")
    short = made.close("specialist", made.outside(years=3))
    assert short.due_on is None
    with pytest.raises(Missing, match="dossier_for_archive"):
        made.do("specialist", closing.keep_longer, dossier_id=short.id, version=None, until=dt.date(2027, 5, 1),
                consent="x")  # fmt: skip


def test_the_archive_takes_what_is_ready_and_its_list_never_changes(made: Dossiers) -> None:
    """All or none; numbered by year; what was written down stays though the document changes."""
    first, second = made.outside(), made.outside(title="Hồ sơ thứ hai", years=PERMANENT)
    out = add_issued(made.office, issued_row(made.office, subject="V/v lễ hội"))[0]
    secret = add_issued(made.office, issued_row(made.office, secret=True, subject="Chuyện mật"))[0]
    came = made.done_arrival()
    for dossier, kind, key in ((first, OUT, out), (first, IN, came.id), (second, OUT, secret)):
        made.put("clerk", dossier, kind, key)
    short = made.close("specialist", made.outside(years=2))
    made.close("specialist", first)
    give: dict[str, Any] = {"receiver": "Lưu Văn Trữ"}
    with pytest.raises(WrongState):
        made.do("clerk", transferring.transfer, chosen={first.id: None, second.id: None}, **give)
    made.close("specialist", second)
    with pytest.raises(Missing, match="transfer_stays_in_unit"):
        made.do("clerk", transferring.transfer, chosen={first.id: None, short.id: None}, **give)
    with pytest.raises(NotPermitted):
        made.do("specialist", transferring.transfer, chosen={first.id: None}, **give)
    with pytest.raises(NotFound):
        made.do("far_clerk", transferring.transfer, chosen={first.id: None}, **give)
    for chosen, receiver, code in (({}, "A", "transfer_nothing"), ({first.id: None}, " ", "transfer_receiver")):
        with pytest.raises(BadInput, match=code):
            made.do("clerk", transferring.transfer, chosen=chosen, receiver=receiver)
    done = made.do("clerk", transferring.transfer, chosen={first.id: None, second.id: None}, **give)
    assert (done.number, done.year) == (1, 2026)
    lines = {one["id"]: one for one in done.body["dossiers"]}
    assert [one["subject"] for one in lines[first.id]["documents"]] == ["V/v lễ hội", LETTER.subject]
    assert lines[second.id]["documents"][0]["subject"] == ""
    assert "Chuyện mật" not in str(done.body)
    with pytest.raises(WrongState):
        made.do("clerk", closing.reopen, dossier_id=first.id, version=None, reason="x")
    with pytest.raises(WrongState):
        made.do("clerk", transferring.transfer, chosen={first.id: None}, **give)
    with pytest.raises(Exception, match="append-only"), made.office.engine.begin() as connection:
        connection.execute(text("UPDATE archive_transfer SET receiver = 'x'"))


def test_history_and_state_agree_and_the_chain_holds(made: Dossiers) -> None:
    """The stored state is the last line's, whatever was done."""
    dossier = made.close("specialist", made.outside())
    made.do("clerk", closing.reopen, dossier_id=dossier.id, version=None, reason="x")
    made.close("clerk", dossier)
    made.do("clerk", transferring.transfer, chosen={dossier.id: None}, receiver="A")
    with unit_of_work(made.office.engine) as uow:
        rows = uow.session.scalars(select(DossierHistory).order_by(DossierHistory.ordinal)).all()
        assert [row.action for row in rows] == ["open", "close", "reopen", "close", "transfer"]
        assert rows[-1].to_state == uow.session.get_one(Dossier, dossier.id).state == State.TRANSFERRED
        report = verify_subject(uow, f"dossier:{dossier.id}")
        assert (report.holds, report.length) == (True, 5)


def test_filing_takes_the_documents_own_step_along(made: Dossiers) -> None:
    """*Lưu hồ sơ* with a dossier: both or neither."""
    dossier = made.outside("drafter")
    sealed = issued_row(made.office) | {"state": "sealed", "issued_at": None, "closed_at": None}
    out = add_issued(made.office, issued_row(made.office), sealed)
    came = made.done_arrival()
    made.do("drafter", filing.file, dossier_id=dossier.id, kind=OUT, document_id=out[0], and_file=True)
    made.do("clerk", filing.file, dossier_id=dossier.id, kind=IN, document_id=came.id, and_file=True)
    with pytest.raises((WrongState, NotPermitted)):
        made.do("drafter", filing.file, dossier_id=dossier.id, kind=OUT, document_id=out[1], and_file=True)
    with unit_of_work(made.office.engine) as uow:
        assert uow.session.get_one(Outgoing, out[0]).state == "filed"
        assert uow.session.get_one(Incoming, came.id).state == "filed"
    assert shown(made, "clerk", dossier) == [(OUT, out[0]), (IN, came.id)]


def test_the_database_holds_a_state_to_its_dates(made: Dossiers) -> None:
    """CHECKs: no script closes without an end, shortens below its own term, or invents a hand-over."""
    dossier = made.outside()
    for change in ("state = 'closed'", "years = 1", "years = 71", "state = 'transferred'", "outside_reason = ''",
                   "kept_until = '2027-01-01'", "term = 'never'"):  # fmt: skip
        with pytest.raises(IntegrityError), made.office.engine.begin() as connection:
            connection.execute(text(f"UPDATE dossier SET {change} WHERE id = {dossier.id}"))


TERMS = st.one_of(st.none(), st.integers(1, 70), st.just(PERMANENT))


@given(own=st.integers(1, 70), terms=st.lists(TERMS, max_size=3))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_adding_never_shortens_a_dossier(made: Dossiers, own: int, terms: list[int | None]) -> None:
    """As stored: the longest of its own and its documents', after every act."""
    dossier = made.outside(years=own)
    least = own
    for years in terms:
        key = add_issued(made.office, issued_row(made.office))[0]
        grown = made.put("specialist", dossier, OUT, key, years=years)
        least = max(least, years or 0)
        assert grown.years == least
    with unit_of_work(made.office.engine) as uow:
        count = select(func.count()).select_from(DossierHistory).where(DossierHistory.dossier_id == dossier.id)
        assert uow.session.scalar(count) == 1 + len(terms)
    facts = opening.Facts(title="Tên", years=1, term=HandOverTerm.GENERAL)
    changed = made.do("specialist", opening.change, dossier_id=dossier.id, version=None, facts=facts)
    assert changed.years == max([1, *(years for years in terms if years)])
    assert Action.CHANGE == "change"
