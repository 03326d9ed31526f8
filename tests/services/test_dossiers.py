"""Dossiers through the services, on both databases: opened by the plan, filled, closed, handed to the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.support import engines
from tests.support.arrivals import LETTER, Arrivals
from tests.support.dossiers import Dossiers
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office, build
from workflow.domain.dossiers import Action, Kind, PlanAction, State
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted, WrongState
from workflow.domain.permissions import scope_of
from workflow.domain.retention import PERMANENT, HandOverTerm
from workflow.services import file_plans, retention
from workflow.services.dossiers import closing, filing, opening, transferring
from workflow.services.file_plans import EntryFacts
from workflow.services.journal import verify_subject
from workflow.store import dossier_list, dossiers
from workflow.store import file_plans as plan_store
from workflow.store import office as office_store
from workflow.store.dossier_list import Filter
from workflow.store.models import Dossier, DossierHistory, FilePlan, Incoming, Outgoing, PlanEntry
from workflow.store.session import unit_of_work

OUT, IN = Kind.OUTGOING, Kind.INCOMING


@pytest.fixture
def made(office: Office) -> Dossiers:
    """Acts by short names."""
    return Dossiers(office)


def entry_of(made: Dossiers, notation: str) -> int:
    """The key of a line of the plan."""
    with unit_of_work(made.office.engine) as uow:
        return uow.session.scalars(select(PlanEntry.id).where(PlanEntry.notation == notation)).one()


def shown(made: Dossiers, who: str, dossier: Dossier) -> list[tuple[Kind, int]]:
    """The documents that somebody sees in it, in order."""
    with unit_of_work(made.office.engine) as uow:
        found = dossiers.documents_of(made.office.scope(who), uow.session, dossier.id)
        return [(one.kind, one.id) for one in found]


def test_the_plan_is_made_from_last_years_and_approved_by_the_head(made: Dossiers) -> None:
    """Submitted, returned with a reason, submitted again, approved; the next year begins with its lines."""
    plan = made.plan(approved=False)
    with pytest.raises(Missing, match="plan_not_approved"):
        made.do("specialist", opening.open_from_plan, entry_id=entry_of(made, "01.KT"))
    made.do("clerk", file_plans.act, plan_id=plan.id, action=PlanAction.SUBMIT, version=None)
    facts = EntryFacts(notation="09.KT", title="x", years=5, unit_id=made.office.units["economy"])
    with pytest.raises(WrongState):
        made.do("clerk", file_plans.put_entry, plan_id=plan.id, facts=facts)
    with pytest.raises(NotPermitted):
        made.do("deputy", file_plans.act, plan_id=plan.id, action=PlanAction.APPROVE, version=None)
    with pytest.raises(BadInput, match="reason_needed"):
        made.do("leader", file_plans.act, plan_id=plan.id, action=PlanAction.RETURN, version=None)
    back = made.do(
        "leader", file_plans.act, plan_id=plan.id, action=PlanAction.RETURN, version=None, remark="Thiếu"
    )
    assert (back.state, back.remark) == ("draft", "Thiếu")
    with pytest.raises(Conflict):
        made.do("clerk", file_plans.act, plan_id=plan.id, action=PlanAction.SUBMIT, version=back.version - 1)
    made.do("clerk", file_plans.act, plan_id=plan.id, action=PlanAction.SUBMIT, version=back.version)
    done = made.do("leader", file_plans.act, plan_id=plan.id, action=PlanAction.APPROVE, version=None)
    assert (done.state, done.approved_by_id) == ("approved", made.office.posts["leader"].person_id)
    with pytest.raises(NotFound):
        made.do("far_clerk", file_plans.act, plan_id=plan.id, action=PlanAction.REVISE, version=None, remark="x")
    following = made.do("clerk", file_plans.make, scoped=False, year=2027)
    with unit_of_work(made.office.engine) as uow:
        assert sorted(plan_store.notations(uow.session, following.id)) == ["01.KT", "01.VHXH", "01.VP", "02.KT"]
        assert verify_subject(uow, f"file_plan:{plan.id}").holds
    for year, code in ((2026, "plan_exists"), (2028, "plan_year")):
        with pytest.raises(BadInput, match=code):
            made.do("clerk", file_plans.make, scoped=False, year=year)


def test_a_line_with_a_dossier_keeps_its_number(made: Dossiers) -> None:
    """One entry, one dossier; revised, the line may change its words but not its number, and is not dropped."""
    plan = made.plan()
    entry = entry_of(made, "01.KT")
    dossier = made.do("specialist", opening.open_from_plan, entry_id=entry)
    assert (dossier.notation, dossier.year, dossier.years, dossier.term) == ("01.KT", 2026, 20, "digital")
    assert dossier.maker_id == made.office.posts["specialist"].person_id
    with pytest.raises(BadInput, match="plan_entry_taken"):
        made.do("drafter", opening.open_from_plan, entry_id=entry)
    with pytest.raises(NotFound):
        made.do("specialist", opening.open_from_plan, entry_id=entry_of(made, "01.VHXH"))
    made.do("clerk", file_plans.act, plan_id=plan.id, action=PlanAction.REVISE, version=None, remark="Bổ sung")
    facts = EntryFacts(notation="01.KT", title="Tên mới", years=20, unit_id=made.office.units["economy"])
    made.do("clerk", file_plans.put_entry, plan_id=plan.id, facts=facts, entry_id=entry)
    for change in (
        replace(facts, notation="07.KT"),
        replace(facts, notation="02.KT"),
        replace(facts, notation="7KT"),
    ):
        with pytest.raises(BadInput, match="plan_"):
            made.do("clerk", file_plans.put_entry, plan_id=plan.id, facts=change, entry_id=entry)
    with pytest.raises(BadInput, match="plan_entry_used"):
        made.do("clerk", file_plans.drop_entry, plan_id=plan.id, entry_id=entry)
    made.do("clerk", file_plans.drop_entry, plan_id=plan.id, entry_id=entry_of(made, "02.KT"))


def test_outside_the_plan_needs_a_reason_and_takes_the_next_number(made: Dossiers) -> None:
    """Above the plan's own numbers; sent twice it opens one; a cancelled number is not given again."""
    made.plan()
    facts = opening.Facts(title="Đột xuất", years=5)
    with pytest.raises(BadInput, match="reason_needed"):
        made.do("specialist", opening.open_outside, facts=facts, reason=" ")
    first = made.do("specialist", opening.open_outside, facts=facts, reason="Mưa lũ", once_key="a")
    again = made.do("specialist", opening.open_outside, facts=facts, reason="Mưa lũ", once_key="a")
    assert (first.notation, again.id) == ("03.KT", first.id)
    with pytest.raises(NotPermitted):
        made.do("specialist", closing.cancel, dossier_id=first.id, version=None, reason="Mở nhầm")
    made.do("clerk", closing.cancel, dossier_id=first.id, version=None, reason="Mở nhầm")
    assert made.outside().notation == "04.KT"
    with pytest.raises(NotPermitted):
        made.do("inspector", opening.open_outside, facts=facts, reason="x")


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


def test_nobody_sees_or_counts_documents_that_are_not_theirs(made: Dossiers) -> None:
    """The unit's dossier holds a document of another unit: list, count, checks and history leave it out."""
    dossier = made.outside()
    own, foreign = add_issued(made.office, issued_row(made.office), issued_row(made.office, unit="culture"))
    draft = made.draft("culture_head")
    for key in (foreign, own, draft):
        made.put("clerk", dossier, OUT, key)
    with unit_of_work(made.office.engine) as uow:
        session = uow.session
        for who, keys in (
            ("clerk", [foreign, own, draft]),
            ("specialist", [own]),
            ("inspector", [foreign, own, draft]),
        ):
            scope = made.office.scope(who)
            assert [one.id for one in dossiers.documents_of(scope, session, dossier.id)] == keys
            assert dossiers.counts(scope, session, [dossier.id]) == {dossier.id: len(keys)}
            assert [one.id for one in dossiers.inside(scope, session, dossier.id)] == keys
            lines = [line.outgoing_id for line, _who in dossiers.history_of(scope, session, dossier.id)]
            assert lines == [None, *keys]
        for who in ("culture_head", "lone_drafter", "far_clerk", "far_leader", "admin"):
            with pytest.raises(NotFound):
                dossiers.find(made.office.scope(who), session, dossier.id)
            assert dossier_list.count(made.office.scope(who), session, wanted=Filter(), cap=9) == 0
        hidden = next(one for one in dossiers.documents_of(made.office.scope("clerk"), session, dossier.id))
    with pytest.raises(NotFound):
        made.do("specialist", filing.remove, dossier_id=dossier.id, link_id=hidden.link_id, version=None)
    closed = made.close("specialist", dossier)
    with pytest.raises(Missing, match="transfer_holds_drafts"):
        made.do("clerk", transferring.transfer, chosen={closed.id: None}, receiver="A")


def test_dossiers_stay_in_the_agency_that_one_left(made: Dossiers) -> None:
    """Who moved to another agency finds neither the dossiers they made there nor the lines that name them."""
    dossier, plan, old = made.outside("specialist"), made.plan(), made.office.posts["specialist"]
    units = made.office.units
    moved = replace(old, id=old.id + 500, unit_id=units["far_office"], agency_id=units["far"])
    with unit_of_work(made.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(PlanEntry, entry_of(made, "01.VP")).maker_id = old.person_id
        uow.commit()
        scope, there = scope_of(old, units_below=()), scope_of(moved, units_below=())
        assert dossiers.find(scope, uow.session, dossier.id).id == dossier.id
        with pytest.raises(NotFound, match="dossier_not_found"):
            dossiers.find(there, uow.session, dossier.id)
        assert [row[0].id for row in dossier_list.page(scope, uow.session, wanted=Filter(), limit=9)] == [
            dossier.id
        ]
        assert not dossier_list.page(there, uow.session, wanted=Filter(), limit=9)
        mine = plan_store.to_open(scope, uow.session, agency_id=plan.agency_id)
        assert [entry.notation for entry, _plan in mine] == ["01.KT", "01.VP", "02.KT"]
        assert not plan_store.to_open(there, uow.session, agency_id=plan.agency_id)


@pytest.mark.parametrize("lock", [dossiers.lock_numbers, office_store.lock_agency])
def test_who_gives_out_a_number_keeps_nobody_else_waiting(postgresql_url: str, lock: Callable[..., None]) -> None:
    """Rows that name the agency are written while its numbers, or its terms, are held; a second holder waits."""
    with engines.lent(postgresql_url) as engine:
        agency = build(engine).units["commune"]
        with unit_of_work(engine) as uow, unit_of_work(engine) as other:
            uow.begin_write()
            lock(uow.session, agency)
            other.begin_write()
            other.session.execute(text("SET LOCAL lock_timeout = '500ms'"))
            other.add(FilePlan(agency_id=agency, year=2030, made_at=NOON))
            other.flush()
            with pytest.raises(OperationalError):
                lock(other.session, agency)


def test_the_list_narrows_orders_and_goes_on(made: Dossiers) -> None:
    """Every filter, every order in pages of two; what is due is found for the clock too."""
    made.plan()
    rows = [made.do("specialist", opening.open_from_plan, entry_id=entry_of(made, n)) for n in ("01.KT", "02.KT")]
    rows += [made.outside(title="Bão số 9"), made.outside("culture_head", title="Lễ hội")]
    closed = made.close("specialist", rows[0])
    scope = made.office.scope("clerk")
    specialist = made.office.posts["specialist"].person_id
    wanted = (
        (Filter(), 4), (Filter(year=2026), 4), (Filter(year=2025), 0), (Filter(states=(State.OPEN,)), 3),
        (Filter(years=2), 1), (Filter(maker_id=specialist), 3), (Filter(unit_id=made.office.units["culture"]), 1),
        (Filter(words="bao"), 1), (Filter(notation="02.KT"), 1), (Filter(due_by=closed.due_on), 1),
        (Filter(due_by=dt.date(2027, 1, 21)), 0),
    )  # fmt: skip
    with unit_of_work(made.office.engine) as uow:
        for narrowed, count in wanted:
            assert len(dossier_list.page(scope, uow.session, wanted=narrowed)) == count
            assert dossier_list.count(scope, uow.session, wanted=narrowed, cap=50) == count
        for sort, (name, falling) in dossier_list.SORTS.items():
            found: list[Dossier] = []
            after = None
            while rows := dossier_list.page(scope, uow.session, wanted=Filter(), sort=sort, after=after, limit=2)[
                :2
            ]:
                found += [row[0] for row in rows]
                after = (getattr(found[-1], name), found[-1].id)
            keys = [(getattr(one, name), one.id) for one in found]
            assert keys == sorted(set(keys), reverse=falling)
            assert len(found) == (1 if name in {"due_on", "ended_on"} else 4)
        due = dossiers.due_for_transfer(uow.session, on=dt.date(2027, 1, 22), reason="test")
        assert [row[0] for row in due] == [closed.id]


def test_the_database_holds_a_state_to_its_dates(made: Dossiers) -> None:
    """CHECKs: no script closes without an end, shortens below its own term, or invents a hand-over."""
    dossier = made.outside()
    for change in ("state = 'closed'", "years = 1", "years = 71", "state = 'transferred'", "outside_reason = ''",
                   "kept_until = '2027-01-01'", "term = 'never'"):  # fmt: skip
        with pytest.raises(IntegrityError), made.office.engine.begin() as connection:
            connection.execute(text(f"UPDATE dossier SET {change} WHERE id = {dossier.id}"))


def test_the_retention_table_is_the_top_agencys(made: Dossiers) -> None:
    """Rows, not code; what was fixed by a line stays when the line ends."""
    with unit_of_work(made.office.engine) as uow:
        uow.begin_write()
        retention.seed_examples(uow)
        retention.seed_examples(uow)
        uow.commit()
        rules = plan_store.retention_rules(uow.session)
        assert len(rules) == len(retention.EXAMPLES)
        assert all(rule.example for rule in rules)
    top = replace(made.office.actor("admin"), at_top=True)
    with unit_of_work(made.office.engine) as uow:
        with pytest.raises(NotPermitted):
            retention.add_rule(uow, made.office.actor("admin"), title="A", years=5, basis="TT", now=made.now)
        row = retention.add_rule(uow, top, title="A", years=5, basis="TT 10", now=made.now)
        retention.end_rule(uow, top, rule_id=row.id, now=made.now)
        again = retention.add_rule(uow, top, title="A", years=7, basis="TT 11", now=made.now)
        assert (again.id, again.years, again.active) == (row.id, 7, True)
        with pytest.raises(BadInput, match="retention_title_taken"):
            retention.add_rule(uow, top, title="A", years=7, basis="TT 11", now=made.now)


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
