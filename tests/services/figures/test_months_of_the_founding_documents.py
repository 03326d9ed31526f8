"""The numbers of the founding documents, counted from rows of documents through the queries of the pages.

AT-01, 02, 08, 09, 10 and 11: what a newspaper printed comes out of documents, closed and with its list.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import select

from tests.support import months
from tests.support.arrivals import Arrivals
from tests.support.issued import add_issued, issued_row
from tests.support.months import DAY, add_received, columns_of, month_of, received_row
from tests.support.office import NOON, Office
from tests.support.statements import statements
from workflow.domain.indicators import COUNTS, Population, counted, definition_digest, figures, indicator, tally
from workflow.domain.outgoing import STEPS, Action, State
from workflow.domain.periods import month, parse
from workflow.domain.permissions import figures_scope
from workflow.services.figures import month_lists
from workflow.services.figures import months as pages
from workflow.services.figures.month_lists import Asked
from workflow.services.incoming import explaining, overdue
from workflow.services.incoming.deadlines import DueChoice
from workflow.store.models import Certificate, Explanation
from workflow.store.session import unit_of_work

OCTOBER = "2026-10"
FIRST = dt.datetime(2026, 10, 5, 2, tzinfo=dt.UTC)
DEFINITION = "04ae2598548fdca1"


def _settled(office: Office, *, before: int, on: int, late: int, open_ones: int) -> None:
    """Documents received on 5 October: finished days early, on their day, a day late, or not yet and not due."""
    done, morning = FIRST + 7 * DAY, FIRST + 7 * DAY + dt.timedelta(hours=3)
    rows = [received_row(office, FIRST, done_at=done, due_at=morning + 3 * DAY) for _n in range(before)]
    rows += [received_row(office, FIRST, done_at=done, due_at=morning) for _n in range(on)]
    rows += [received_row(office, FIRST, done_at=done, due_at=done - DAY) for _n in range(late)]
    rows += [received_row(office, FIRST, due_at=FIRST + 60 * DAY) for _n in range(open_ones)]
    add_received(office, *rows)


def _rate(name: str, found: dict[str, int]) -> Decimal | None:
    return indicator(name).percent({**dict.fromkeys(COUNTS, 0), **found})


def test_at_01_a_year_of_538_with_one_late(office: Office) -> None:
    """Of the finished ones, half up: 96.77 + 3.04 + 0.19 = 100; what is not finished stays outside of the rate."""
    _settled(office, before=509, on=16, late=1, open_ones=12)
    facts = month_of(office, OCTOBER)
    found = columns_of(facts)
    assert (found["received"], found["finished"], found["open"]) == (538, 526, 12)
    assert (found["before"], found["on"], found["late"], found["open_in_due"]) == (509, 16, 1, 12)
    shares = [_rate(name, found) for name in ("before_due", "on_due", "late_docs")]
    assert shares == [Decimal("96.77"), Decimal("3.04"), Decimal("0.19")]
    assert sum(share for share in shares if share is not None) == 100
    assert _rate("on_time_docs", found) == Decimal("99.81")
    assert len(counted(facts, COUNTS["late"])) == 1
    assert columns_of(month_of(office, "2026-11"))["carried"] == 12


def test_at_02_seven_months_without_anything_late(office: Office) -> None:
    """93.61 and 6.39 %; to one place 93.6 and 6.4, as the article printed."""
    _settled(office, before=366, on=25, late=0, open_ones=8)
    found = columns_of(month_of(office, OCTOBER))
    assert (found["finished"], found.get("late", 0)) == (391, 0)
    assert (_rate("before_due", found), _rate("on_due", found)) == (Decimal("93.61"), Decimal("6.39"))


def test_at_08_nine_overdue_documents_owe_nine_explanations(office: Office) -> None:
    """Each is open until it was given and accepted; figures of the month lead to the documents."""
    road = Arrivals(office)
    late = [road.in_progress(due=DueChoice(day=dt.date(2026, 11, 24))) for _n in range(9)]
    road.now = dt.datetime(2026, 11, 26, 2, tzinfo=dt.UTC)
    for incoming_id, part_id in _unexplained(office, road.now):
        with unit_of_work(office.engine) as uow:
            explaining.demand_for_job(uow, incoming_id=incoming_id, part_id=part_id, now=road.now)
            uow.commit()
    with unit_of_work(office.engine) as uow:
        owed = list(uow.session.scalars(select(Explanation).order_by(Explanation.id)))
    for row in owed[:3]:
        given = {"incoming_id": row.incoming_id, "version": None, "explanation_id": row.id}
        road.do("specialist", explaining.explain, cause=explaining.Cause.SUBJECTIVE, words="Chậm", **given)
        if row is owed[0]:
            road.do("leader", explaining.accept, **given)
    found = columns_of(month_of(office, "2026-11", now=road.now + DAY))
    assert (found["open_overdue"], found["demanded"]) == (9, 9)
    assert (found["given"], found["accepted"], found["unexplained"]) == (3, 1, 8)
    assert _rate("explained", found) == Decimal("11.11")
    for row in owed[1:3]:
        road.now = dt.datetime(2026, 12, 2, 2, tzinfo=dt.UTC)
        road.do("leader", explaining.accept, incoming_id=row.incoming_id, version=None, explanation_id=row.id)
    later = columns_of(month_of(office, "2026-12", now=road.now + DAY))
    assert (later["accepted"], later.get("demanded"), later.get("explained")) == (2, None, None), (
        "no part of nothing"
    )
    assert columns_of(month_of(office, "2026-11", now=road.now + DAY))["explained"] == 1
    road.now -= 6 * DAY
    with unit_of_work(office.engine) as uow:
        asked = Asked(key="2026-11", agency_id=office.units["commune"], count="unexplained")
        scope = figures_scope(office.posts["leader"], agencies_below=())
        behind = month_lists.behind(uow, office.actor("leader"), scope, asked=asked, reader=office.scope("leader"),
                              now=road.now + DAY, limit=100)  # fmt: skip
    assert {item.paper.id for item in behind.items} == {one.id for one in late} - {owed[0].incoming_id}


def _unexplained(office: Office, now: dt.datetime) -> list[tuple[int, int | None]]:
    with unit_of_work(office.engine) as uow:
        return overdue.unexplained(uow, now=now, limit=50)


def test_at_09_secret_and_exempt_stand_beside_a_full_rate(office: Office) -> None:
    """100 % where every other document is fully signed; one seal less and it is not."""
    approver = office.posts["leader"].person_id
    add_issued(
        office, *(issued_row(office) for _n in range(7)), issued_row(office, secret=True),
        issued_row(office, exempt_by_id=approver, exempt_reason="Tòa yêu cầu bản giấy"),
    )  # fmt: skip
    found = columns_of(month_of(office, "2026-11"))
    assert (_rate("sign_rate_docs", found), found["sign_counted"]) == (Decimal("100.00"), 7)
    assert (found["issued"], found["secret"], found["exempt"]) == (9, 1, 1)
    exempting = {Action.REQUEST_EXEMPTION, Action.APPROVE_EXEMPTION}
    then = {one.source for one in STEPS if one.action in exempting}
    assert then.isdisjoint({State.ISSUED, State.FILED}), "asked as of an earlier day, no exemption is younger"
    add_issued(
        office, issued_row(office, seal_verdict=""), issued_row(office, leader_verdict=""),
        issued_row(office, medium="ink", leader_verdict=""), issued_row(office, seal_verdict="failed"),
        issued_row(office, leader_verdict="indeterminate"), issued_row(office, leader_verdict="", seal_verdict=""),
    )  # fmt: skip
    found = columns_of(month_of(office, "2026-11"))
    parts = ("fully_signed", "leader_only", "seal_only", "ink", "failed", "indeterminate", "without")
    assert [found[name] for name in parts] == [7, 1, 1, 1, 1, 1, 1]
    assert sum(found[name] for name in parts) == found["sign_counted"]


def test_at_10_coverage_drops_when_a_certificate_ends(office: Office) -> None:
    """Both leaders hold one; the deputy's ends on 30 October: October's end sees one, September's two."""
    for who, until in (("leader", NOON + 400 * DAY), ("deputy", dt.datetime(2026, 10, 30, tzinfo=dt.UTC))):
        with unit_of_work(office.engine) as uow:
            uow.begin_write()
            uow.add(
                Certificate(
                    person_id=office.posts[who].person_id, sha256=who[0] * 64, der=b"", subject_name=who,
                    serial="1", issuer_name="CA", not_before=NOON - 300 * DAY, not_after=until, key_kind="rsa",
                    status="confirmed", enrolled_by_id=office.posts[who].person_id, enrolled_at=NOON - 200 * DAY,
                    confirmed_at=NOON - 199 * DAY, confirmed_by_id=office.posts["admin"].person_id,
                )
            )  # fmt: skip
            uow.commit()
    rates = {key: _rate("cert_coverage", columns_of(month_of(office, key))) for key in ("2026-09", OCTOBER)}
    assert rates == {"2026-09": Decimal("100.00"), OCTOBER: Decimal("50.00")}


def test_at_11_each_leader_by_what_they_signed(office: Office) -> None:
    """The deputy's are the deputy's, the lowest rate first; on the page of a closed month too."""
    add_issued(
        office, *(issued_row(office, issued_at=FIRST) for _n in range(3)),
        issued_row(office, issued_at=FIRST, seal_verdict="failed"),
        issued_row(office, issued_at=FIRST, signer="deputy", medium="ink", leader_verdict=""),
        issued_row(office, issued_at=FIRST, signer="deputy"),
    )  # fmt: skip
    months.close(office.engine, office.units["commune"], parse(OCTOBER), now=NOON)
    with unit_of_work(office.engine) as uow:
        scope = figures_scope(office.posts["leader"], agencies_below=())
        found = pages.of_month(uow, office.actor("leader"), scope, key=OCTOBER, agency_id=office.units["commune"],
                               now=NOON)  # fmt: skip
    told = [(one.name, indicator("sign_rate_leader").percent(one.now)) for one in found.people]
    assert told == [("Đặng Quốc Việt", Decimal("50.00")), ("Nguyễn Thị Lan", Decimal("100.00"))]


def test_a_month_ends_at_midnight_in_the_office(office: Office) -> None:
    """23:59 on 31 October in Vietnam is October, though UTC says so too at 17:00; a minute later is November."""
    end = dt.datetime(2026, 10, 31, 17, tzinfo=dt.UTC)
    add_issued(office, issued_row(office, issued_at=end - months.DAY / 1440), issued_row(office, issued_at=end))
    add_received(office, received_row(office, end - DAY, done_at=end), received_row(office, end))
    october, november = (columns_of(month_of(office, key)) for key in (OCTOBER, "2026-11"))
    assert (october["issued"], october["received"], october["open"]) == (1, 1, 1)
    assert (november["issued"], november["received"], november["carried"], november["finished"]) == (1, 1, 1, 1)


def test_queries_do_not_grow_with_documents(office: Office) -> None:
    """The live month, the list behind a figure, and a recount that finds nothing."""
    counted_at = {}
    for times in (1, 2):
        add_issued(office, *(issued_row(office, issued_at=FIRST) for _n in range(40 * times)))
        _settled(office, before=30 * times, on=2, late=9 * times, open_ones=20 * times)
        with statements(office.engine) as sent:
            month_of(office, OCTOBER)
            with unit_of_work(office.engine) as uow:
                asked = Asked(key=OCTOBER, agency_id=office.units["commune"], count="late")
                scope = figures_scope(office.posts["leader"], agencies_below=())
                month_lists.behind(uow, office.actor("leader"), scope, asked=asked, reader=office.scope("leader"),
                             now=NOON, limit=100)  # fmt: skip
        counted_at[times] = len(sent)
    assert counted_at[1] == counted_at[2]
    assert counted_at[1] <= 32
    months.close(office.engine, office.units["commune"], month(FIRST.date()), now=NOON)
    with statements(office.engine) as sent:
        months.recount(office.engine, now=NOON)
    assert len(sent) <= 30


def test_a_definition_does_not_change_under_its_name() -> None:
    """Whoever changes what is counted names a new version, and this digest with it."""
    assert definition_digest().startswith(DEFINITION), definition_digest()


def test_every_column_is_a_part_of_its_population() -> None:
    """And every population is counted."""
    assert {one.population for one in COUNTS.values()} == set(Population)
    assert figures(tally({})) == dict.fromkeys(COUNTS, 0)
