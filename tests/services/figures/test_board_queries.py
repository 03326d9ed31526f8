"""A board asks at most twelve times: of whomever, however many months are open, however many units there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from tests.support import boards, months
from tests.support.issued import add_issued, issued_row
from tests.support.months import add_received, received_row
from tests.support.office import NOON, Office
from tests.support.statements import statements
from workflow.domain.indicators import INDICATORS, Key, Place
from workflow.domain.journal import utc_text
from workflow.domain.people import SYSTEM_ACTOR
from workflow.domain.periods import Period, month, months_until, parse
from workflow.domain.permissions import Scope, figures_scope
from workflow.services import journal
from workflow.services.figures import backlog, counting, targets
from workflow.services.figures import boards as services
from workflow.services.figures.board_months import asked
from workflow.services.figures.board_targets import targets_of
from workflow.services.figures.boards import Board
from workflow.services.figures.slices import EVERYTHING, Slice
from workflow.store.models import Explanation, History, Outgoing
from workflow.store.session import UnitOfWork, unit_of_work

MOST = 12
MIDDLES = tuple(dt.datetime(2026, n, 12, 3, tzinfo=dt.UTC) for n in range(7, 12))
"""Of July to November; it is November."""
OPEN = tuple(month(at.date()) for at in MIDDLES)
DAY = dt.timedelta(days=1)
PERIODS = ("2026-11", "2026-10", "2026-Q4", "2026-H2", "2026")


def _fill(office: Office, unit: str = "economy") -> None:
    """In each month: issued and judged again, signed, waiting too long, finished, open with a moved deadline."""
    post, leader = office.posts["specialist"], office.posts["leader"]
    waiting = {"state": "awaiting_signature", "numbered_at": None, "sealed_at": None, "issued_at": None,
               "closed_at": None, "signed_at": None, "number": None, "year": None, "symbol": "",
               "leader_verdict": "", "seal_verdict": ""}  # fmt: skip
    issued = add_issued(office, *(issued_row(office, unit=unit, issued_at=at) for at in MIDDLES))
    add_issued(office, *(issued_row(office, unit=unit, issued_at=at) | waiting for at in MIDDLES))
    units = {"lead_unit_id": office.units[unit]}
    add_received(office, *(received_row(office, at, done_at=at + DAY, **units) for at in MIDDLES))
    opened = add_received(office, *(received_row(office, at, **units) for at in MIDDLES))
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for key, at in zip(issued, MIDDLES, strict=True):
            line = History(
                document_id=key, ordinal=1, at=at - DAY, action="sign", to_state="signed",
                from_state="awaiting_signature", person_id=leader.person_id, post_id=leader.id,
                held_minutes=at.month * 60,
            )  # fmt: skip
            uow.add(line)
        for key, at in zip(opened, MIDDLES, strict=True):
            owed = Explanation(
                incoming_id=key, lateness="x", missed_at=at, person_id=post.person_id, unit_id=office.units[unit],
                held_by="handler", state="owed", demanded_at=at, due_at=at + DAY, words="", cause="",
            )  # fmt: skip
            uow.add(owed)
            due = {"before": utc_text(at + 3 * DAY), "after": utc_text(NOON + 30 * DAY)}
            for act, when in (("direct", at), ("grant_extension", NOON - DAY)):
                given = {"subject": f"incoming:{key}", "tag": f"document:incoming:{act}", "facts": {"due": due}}
                journal.record(uow, **given, actor=SYSTEM_ACTOR, now=when)
        uow.commit()


@pytest.fixture
def filled(office: Office, engine: Engine) -> Office:
    """Five months with everything that a board may have to look up: targets, other hours, a renamed unit."""
    _fill(office)
    scope = figures_scope(office.posts["admin"], agencies_below=())
    with unit_of_work(engine) as uow:
        wanted = targets.Wanted(
            unit_id=office.units["commune"], indicator="sign_rate_docs", goal="70", first_month="2020-01",
            reason="Kế hoạch", seen=0,
        )  # fmt: skip
        targets.set_target(uow, office.actor("admin"), scope, wanted=wanted, now=NOON)
        backlog.change(
            uow, office.actor("admin"), scope, wanted=16, seen=backlog.USUAL, reason="Quy chế", now=NOON - 60 * DAY
        )
        uow.commit()
    return office


def _closed(office: Office, *periods: Period) -> None:
    for one in periods:
        for agency in ("commune", "far"):
            months.close(office.engine, office.units[agency], one, now=max(one.end, NOON - 20 * DAY))


def _boards(office: Office, uow: UnitOfWork, period: str) -> Iterator[tuple[str, Board]]:
    """Every board, with what its page says of targets."""
    what, one, scope = asked(period, "", now=NOON), INDICATORS[0], figures_scope(
        office.posts["inspector"], agencies_below=(office.units["far"],)
    )  # fmt: skip
    given = {"asked": what, "indicator": one}
    actor, mine = office.actor("inspector"), {"agency_id": office.units["commune"]}
    person = office.posts["specialist"].person_id
    yield "agencies", services.of_agencies(uow, actor, scope, **given)
    yield "agencies compared", services.of_agencies(uow, actor, scope, **given, every=True)
    yield "agency", services.of_agency(uow, actor, scope, **given, **mine)
    yield "unit", services.of_agency(uow, actor, scope, **given, **mine, unit_id=office.units["economy"])
    yield "person", services.of_person(uow, actor, scope, **given, **mine, person_id=person)


def _asked(office: Office, period: str) -> dict[str, int]:
    """How often each board of a period asks."""
    found: dict[str, int] = {}
    with unit_of_work(office.engine) as uow:
        made = _boards(office, uow, period)
        while True:
            with statements(office.engine) as sent:
                name, board = next(made, ("", None))
                if board is None:
                    return found
                if name != "person":
                    targets_of(uow, board)
            uow.session.expunge_all()
            found[name] = len(sent)


def test_no_board_asks_oftener_than_twelve_times(filled: Office) -> None:
    """One open month, then five; then eight more units with all of it: the same numbers."""
    five = {period: _asked(filled, period) for period in PERIODS}
    for name, unit in ((f"Tổ {n}", "economy") for n in range(8)):
        boards.add_unit(filled, name, unit)
        _fill(filled, name)
    grown = {period: _asked(filled, period) for period in PERIODS}
    _closed(filled, *OPEN[:-1])
    one = {period: _asked(filled, period) for period in PERIODS}
    assert grown == five
    most = {name: max(found[name] for some in (five, one) for found in some.values()) for name in five["2026"]}
    assert max(most.values()) <= MOST, (most, five, one)
    assert len(most) == 5


def test_five_months_together_are_five_months_alone(filled: Office, engine: Engine) -> None:
    """The same facts, of two agencies, in as many questions as one month takes."""
    agencies = (filled.units["commune"], filled.units["far"])
    with unit_of_work(engine) as uow, statements(engine) as sent:
        together = counting.facts_of(uow, [Slice(one, agencies) for one in OPEN], now=NOON)
    with unit_of_work(engine) as uow, statements(engine) as once:
        alone: list[dict[int, dict[Key, Place]]] = [
            counting.facts(uow, Scope(agency_ids=agencies), OPEN[0], now=NOON)
        ]
    with unit_of_work(engine) as uow:
        alone += [counting.facts(uow, Scope(agency_ids=agencies), one, now=NOON) for one in OPEN[1:]]
    assert together == alone
    assert len(sent) == len(once) <= MOST
    met = {population for found in together for facts in found.values() for population, _key in facts}
    assert met >= EVERYTHING - {"entered", "ended", "given", "accepted", "explained", "apologies", "unapologised"}


def test_months_of_different_agencies_do_not_mix(filled: Office, engine: Engine) -> None:
    """One agency closed October, its neighbour did not: each month has whom it was asked for, and what."""
    commune, far = filled.units["commune"], filled.units["far"]
    add_issued(filled, issued_row(filled, unit="far_office", issued_at=MIDDLES[-2]))
    only = frozenset({counting.Population.ISSUED, counting.Population.OPEN})
    with unit_of_work(engine) as uow:
        october, november = counting.facts_of(
            uow, [Slice(OPEN[-2], (far,), only), Slice(OPEN[-1], (commune, far))], now=NOON
        )
    assert (october.keys(), len(october[far])) == ({far}, 1 + 3)
    assert november[commune] == months.month_of(filled, "2026-11")
    assert months.month_of(filled, "2026-10", agency="far").items() >= october[far].items()


def test_live_months_of_a_board_are_the_newest_two(filled: Office, engine: Engine) -> None:
    """With five open ones the three older ones are named, not counted."""
    _closed(filled, *months_until(dt.date(2026, 6, 1), count=1))
    made = boards.board(filled, "2026-H2")
    assert [one.key for one in made.missing] == ["2026-07", "2026-08", "2026-09"]
    assert made.total.figures["issued"] == 2
    with unit_of_work(engine) as uow:
        keys = set(uow.session.scalars(select(Outgoing.id).where(Outgoing.state == "issued")))
    assert len(keys) == len(MIDDLES)
    assert parse("2026-H2").first == OPEN[0].first
