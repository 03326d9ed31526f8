"""The board: who counts where, the worst first, and that every figure is its list."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest

from tests.support.issued import HOUR, add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.errors import NotFound, NotPermitted
from workflow.domain.periods import month, parse
from workflow.domain.permissions import NOTHING, Scope, figures_scope
from workflow.domain.rates import Basis, SignRate
from workflow.services import rates
from workflow.services.rates import Asked, Board, Figure
from workflow.store.session import unit_of_work

NOVEMBER = month(NOON.date())


def _fill(office: Office) -> None:
    approver = office.posts["leader"].person_id
    add_issued(
        office,
        *(issued_row(office) for _document in range(3)),
        issued_row(office, signer="deputy", medium="ink", leader_verdict=""),
        issued_row(office, signer="deputy", medium="ink", leader_verdict=""),
        issued_row(office, unit="culture", leader_verdict="indeterminate"),
        issued_row(office, unit="culture", seal_verdict="failed"),
        issued_row(office, unit="culture", seal_verdict=""),
        issued_row(office, unit="office"),
        issued_row(office, unit="office", secret=True),
        issued_row(office, unit="office", exempt_by_id=approver, exempt_reason="Bản giấy theo yêu cầu của tòa"),
        issued_row(office, issued_at=NOON - dt.timedelta(days=30), medium="ink", leader_verdict=""),
        issued_row(office, unit="far_office", medium="ink", leader_verdict=""),
    )


def _board(office: Office, who: str = "leader", scope: Scope | None = None, **more: object) -> Board:
    with unit_of_work(office.engine) as uow:
        scope = scope or figures_scope(office.posts[who], agencies_below=())
        return rates.board(uow, office.actor(who), scope, period=NOVEMBER, now=NOON, **more)  # type: ignore[arg-type]


def test_units_stand_the_worst_first_with_everything_that_is_left_out(office: Office) -> None:
    """Secret and exempt leave the denominator and are still shown; ink stays in it."""
    _fill(office)
    made = _board(office)
    assert [(line.name, line.rate) for line in made.units] == [
        ("Phòng Văn hóa – Xã hội", SignRate(indeterminate=1, failed=1, incomplete=1)),
        ("Phòng Kinh tế", SignRate(signed=3, ink=2)),
        ("Văn phòng HĐND và UBND", SignRate(signed=1, secret=1, exempt=1)),
    ]
    assert (made.total.rate.numerator, made.total.rate.denominator, made.total.rate.issued) == (4, 9, 11)
    assert made.total.rate.percent() == Decimal("44.44")
    assert made.agency_name == "Ủy ban nhân dân xã Đồng Tâm"


def test_a_deputys_documents_are_the_deputys(office: Office) -> None:
    """KT. counts for whom signed; a person is judged by the leader's signature, not by the clerk's seal."""
    _fill(office)
    people = {line.name: line.rate for line in _board(office).people}
    assert people == {
        "Đặng Quốc Việt": SignRate(ink=2),
        "Nguyễn Thị Lan": SignRate(signed=6, indeterminate=1, secret=1, exempt=1),
    }
    assert next(iter(people)) == "Đặng Quốc Việt"


def test_the_month_before_and_the_trend(office: Office) -> None:
    """October's ink stands beside November's rate and in the trend of six months."""
    _fill(office)
    made = _board(office)
    economy = next(line for line in made.units if line.name == "Phòng Kinh tế")
    assert economy.before == SignRate(ink=1)
    assert [m.key for m in made.months] == ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    assert economy.trend == (*[SignRate()] * 4, SignRate(ink=1), SignRate(signed=3, ink=2))


def test_several_agencies_are_rows_until_one_is_chosen(office: Office) -> None:
    """An inspector above sees agencies, then the units of one; a foreign one is as good as none."""
    _fill(office)
    above = Scope(agency_ids=(office.units["commune"], office.units["far"]))
    made = _board(office, "inspector", above)
    assert made.by_agency
    assert [(line.name, line.rate.percent()) for line in made.units] == [
        ("Ủy ban nhân dân xã Yên Viễn", Decimal("0.00")),
        ("Ủy ban nhân dân xã Đồng Tâm", Decimal("44.44")),
    ]
    one = _board(office, "inspector", above, agency_id=office.units["far"])
    assert [line.name for line in one.units] == ["Văn phòng HĐND và UBND"]
    with pytest.raises(NotFound):
        _board(office, "leader", agency_id=office.units["far"])


@pytest.mark.parametrize("basis", Basis)
def test_every_figure_is_the_length_of_its_list(office: Office, basis: Basis) -> None:
    """A number is a link to the list it counts: per unit and in total."""
    _fill(office)
    made = _board(office, basis=basis)
    scope = figures_scope(office.posts["leader"], agencies_below=())
    with unit_of_work(office.engine) as uow:
        for line, figure in itertools.product((*made.units, made.total), Figure):
            asked = Asked(period=NOVEMBER, figure=figure, basis=basis, unit_id=line.id or None)
            found = rates.documents(uow, office.actor("leader"), scope, asked=asked, reader=scope, limit=None)
            assert len(found) == line.figure(figure), (line.name, figure)


def test_the_list_of_a_person_is_what_the_persons_line_counts(office: Office) -> None:
    """By the leader's signature alone."""
    _fill(office)
    made = _board(office)
    scope = figures_scope(office.posts["leader"], agencies_below=())
    with unit_of_work(office.engine) as uow:
        for line in made.people:
            for figure in Figure:
                asked = Asked(period=NOVEMBER, figure=figure, basis=Basis.LEADER, signer_id=line.id)
                found = rates.documents(uow, office.actor("leader"), scope, asked=asked, reader=scope, limit=None)
                assert len(found) == line.figure(figure)


def test_pages_follow_one_another_without_gap_or_double(office: Office) -> None:
    """Keyset by moment of issue, also where many share one."""
    keys = add_issued(office, *(issued_row(office, issued_at=NOON - (n // 4) * HOUR) for n in range(23)))
    scope = figures_scope(office.posts["leader"], agencies_below=())
    asked = Asked(period=NOVEMBER, figure=Figure.DENOMINATOR)
    seen: list[int] = []
    after = None
    with unit_of_work(office.engine) as uow:
        while True:
            page = rates.documents(
                uow, office.actor("leader"), scope, asked=asked, reader=scope, after=after, limit=5
            )
            seen += [row.id for row in page[:5]]
            if len(page) <= 5:
                break
            after = (page[4].issued_at, page[4].id)
    assert sorted(seen) == keys
    assert len(set(seen)) == len(seen) == 23


def test_who_counts_but_may_not_read_sees_no_subject(office: Office) -> None:
    """An administrator sees figures and numbers of documents, not what they are about."""
    _fill(office)
    scope = figures_scope(office.posts["admin"], agencies_below=())
    asked = Asked(period=NOVEMBER, figure=Figure.EXEMPT)
    with unit_of_work(office.engine) as uow:
        actor = office.actor("admin")
        (blind,) = rates.documents(uow, actor, scope, asked=asked, reader=NOTHING)
        (seen,) = rates.documents(uow, office.actor("leader"), scope, asked=asked, reader=office.scope("leader"))
    assert (blind.readable, blind.subject, blind.exempt_reason) == (0, "", "")
    assert (seen.readable, seen.exempt_reason) == (1, "Bản giấy theo yêu cầu của tòa")


def test_who_may_not_see_rates(office: Office) -> None:
    """A drafter has no board, and a foreign unit is not found."""
    with pytest.raises(NotPermitted):
        _board(office, "drafter", Scope(agency_ids=(office.units["commune"],)))
    scope = figures_scope(office.posts["leader"], agencies_below=())
    asked = Asked(period=NOVEMBER, figure=Figure.ISSUED, unit_id=office.units["far_office"])
    with unit_of_work(office.engine) as uow, pytest.raises(NotFound):
        rates.documents(uow, office.actor("leader"), scope, asked=asked, reader=scope)


def test_a_board_of_an_empty_period(office: Office) -> None:
    """Nothing issued: no percentage, no division by nothing."""
    with unit_of_work(office.engine) as uow:
        scope = figures_scope(office.posts["leader"], agencies_below=())
        made = rates.board(uow, office.actor("leader"), scope, period=parse("2025-Q3"), now=NOON)
    assert (made.units, made.people, made.total.rate.percent()) == ((), (), None)
