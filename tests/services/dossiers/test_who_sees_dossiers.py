"""Who sees dossiers and what lies in them, on both databases: by scope, after one left, in the list."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.support.dossiers import Dossiers, entry_of
from tests.support.issued import add_issued, issued_row
from workflow.domain.dossiers import Kind, State
from workflow.domain.errors import Missing, NotFound
from workflow.domain.permissions import scope_of
from workflow.services.dossiers import filing, opening, transferring
from workflow.store import dossier_list, dossiers
from workflow.store import file_plans as plan_store
from workflow.store.dossier_list import Filter
from workflow.store.models import Dossier, PlanEntry
from workflow.store.session import unit_of_work

OUT, IN = Kind.OUTGOING, Kind.INCOMING


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
