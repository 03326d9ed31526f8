"""What dossiers are opened from, on both databases: the year's plan, its lines and numbers, the retention table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.support import engines
from tests.support.dossiers import Dossiers, entry_of
from tests.support.office import NOON, build
from workflow.domain.dossiers import PlanAction
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted, WrongState
from workflow.services import file_plans, retention
from workflow.services.dossiers import closing, opening
from workflow.services.file_plans import EntryFacts
from workflow.services.journal import verify_subject
from workflow.store import dossiers
from workflow.store import file_plans as plan_store
from workflow.store import office as office_store
from workflow.store.models import FilePlan
from workflow.store.session import unit_of_work


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
