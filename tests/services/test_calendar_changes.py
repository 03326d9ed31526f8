"""Changes of the working calendar: who may, what they need, which deadlines move, and reports of before."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.support.office import NOON, Office
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.people import Capacity
from workflow.services import calendar, reports
from workflow.services.calendar import DayRule
from workflow.services.documents.drafting import DraftFacts, create
from workflow.store import calendar as store
from workflow.store.models import Journal, Outgoing, Unit
from workflow.store.session import unit_of_work

WEDNESDAY = NOON.date() + dt.timedelta(days=2)
"""The Tuesday between is Culture Day, which nobody works."""
OFF = DayRule(working=False, name_vi="Nghỉ phòng chống bão", name_en="Storm", decree="Công điện 01/CĐ-UBND")


def draft(office: Office) -> int:
    """A draft of Monday noon: eight working hours later is Wednesday, past a holiday."""
    facts = DraftFacts(
        type_code="letter", subject="V/v ứng phó bão", capacity=Capacity.KT,
        signer_post_id=office.posts["deputy"].id,
    )  # fmt: skip
    with unit_of_work(office.engine) as uow:
        made = create(uow, office.actor("drafter"), facts=facts, now=NOON)
        uow.commit()
        return made.id


def change(
    office: Office,
    rule: DayRule | None = OFF,
    *,
    day: dt.date = WEDNESDAY,
    reason: str = "Bão số 9",
    seen: str = "",
    who: str = "admin",
) -> int:
    """An administrator's change, committed."""
    with unit_of_work(office.engine) as uow:
        moved = calendar.change_day(
            uow, office.actor(who), day, rule=rule, reason=reason, seen=seen, now=NOON + dt.timedelta(hours=1)
        )
        uow.commit()
        return moved


def due(office: Office, key: int) -> dt.datetime:
    """When the step of a document is due."""
    with unit_of_work(office.engine) as uow:
        found = uow.session.get_one(Outgoing, key).step_due_at
        assert found is not None
        return found


def test_the_preview_says_what_saving_does(office: Office) -> None:
    """A storm day moves the draft's deadline by one working day; nothing is written before it is saved."""
    key = draft(office)
    before = due(office, key)
    with unit_of_work(office.engine) as uow:
        flips = calendar.preview(uow, office.actor("admin"), WEDNESDAY, rule=OFF, now=NOON)
    assert [(flip.document, flip.before, flip.after - flip.before) for flip in flips] == [
        (key, before, dt.timedelta(days=1))
    ]
    assert due(office, key) == before
    assert change(office) == 1
    assert due(office, key) == flips[0].after


def test_the_change_is_journalled_with_its_reason_and_can_be_taken_back(office: Office) -> None:
    """Before, after, why and how many; the ordinary week again restores the deadline."""
    key = draft(office)
    before = due(office, key)
    change(office)
    with unit_of_work(office.engine) as uow:
        seen = calendar.mark_of(store.day(uow.session, WEDNESDAY))
        (entry,) = uow.session.scalars(select(Journal).where(Journal.subject == store.SUBJECT))
    assert entry.tag == "calendar:day:changed"
    assert '"reason":"Bão số 9"' in entry.body
    assert '"moved":1' in entry.body
    assert change(office, None, seen=seen, reason="Bão tan") == 1
    assert due(office, key) == before


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"reason": "  "}, BadInput("reason_needed")),
        ({"rule": DayRule(working=False, name_vi="Nghỉ")}, BadInput("calendar_decree_needed")),
        ({"day": NOON.date() - dt.timedelta(days=1)}, BadInput("calendar_day_past")),
        ({"day": dt.date(2090, 1, 4)}, BadInput("calendar_day_far")),
        ({"seen": "something else"}, Conflict("calendar_day_changed")),
        ({"rule": None}, Refused("calendar_day_same")),
        ({"who": "leader"}, NotPermitted("no_permission")),
    ],
)
def test_what_is_refused(office: Office, changes: dict[str, object], error: Exception) -> None:
    """No reason, no decree, a day that has passed or lies too far, a stale page, no change, no administrator."""
    with pytest.raises(type(error), match=str(error)):
        change(office, **changes)  # type: ignore[arg-type]


def test_only_the_agency_at_the_top_keeps_it(office: Office) -> None:
    """It holds for everybody, so an office below somebody only reads it."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, office.units["commune"]).parent_id = office.units["far"]
        uow.commit()
    with pytest.raises(NotPermitted, match="calendar_of_the_top"):
        change(office)


def test_a_report_made_again_counts_with_the_calendar_of_its_cut_off(office: Office) -> None:
    """A day off that is written down later changes no report of before."""
    draft(office)
    cut_off = NOON + dt.timedelta(minutes=30)
    with unit_of_work(office.engine) as uow:
        before = reports.stock(uow, cut_off)
    change(office)
    with unit_of_work(office.engine) as uow:
        assert reports.stock(uow, cut_off) == before
        later = reports.stock(uow, NOON + dt.timedelta(hours=2))
    assert [one.due for one in later.items] != [one.due for one in before.items]
