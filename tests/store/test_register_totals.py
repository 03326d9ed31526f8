"""What a register's year adds up to, and its lines in order, on both databases."""

from __future__ import annotations

from sqlalchemy import Engine, text

from tests.support.office import build
from tests.support.years import YEAR, mixed_year
from workflow.domain.permissions import Scope
from workflow.store import imported, register_book
from workflow.store.session import unit_of_work

COUNT = """
SELECT status, count(*) FROM (
  SELECT status FROM register_number WHERE register_id = :register AND year = 2026
  UNION ALL SELECT status FROM imported_entry WHERE register_id = :register AND year = 2026
) AS told GROUP BY status
"""


def test_totals_are_what_the_database_holds(engine: Engine) -> None:
    """Counted by a plain statement; held and cancelled numbers with their reason; nobody counts another's."""
    office = build(engine)
    register = mixed_year(office)
    with unit_of_work(engine) as uow:
        scope, span = office.scope("clerk"), {"register_id": register, "year": YEAR}
        found = imported.totals(scope, uow.session, **span)
        counted = {row[0]: row[1] for row in uow.session.execute(text(COUNT), {"register": register})}
        assert {"used": found.used, "held": found.held, "cancelled": found.cancelled} == counted
        assert (found.last, found.lines, found.imported, found.missing) == (10, 9, 2, 1)
        assert [line[:2] for line in found.reasons] == [("08", "held"), ("09", "cancelled"), ("10", "cancelled")]
        assert all(why for _number, _status, why in found.reasons)
        lines = register_book.lines(scope, uow.session, **span)
        assert [row.number for row in lines] == [1, 2, 4, 5, 6, 7, 8, 9, 10]
        assert [
            row.number for row in register_book.lines(scope, uow.session, **span, after=1, until=5, limit=2)
        ] == [2, 4]
        for other in (office.scope("far_clerk"), Scope()):
            assert imported.totals(other, uow.session, **span) == imported.Totals(
                first=1, last=0, used=0, held=0, cancelled=0, imported=0, missing=0, reasons=()
            )
            assert register_book.lines(other, uow.session, **span) == []
