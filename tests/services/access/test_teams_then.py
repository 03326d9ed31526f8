"""Members of an inspection in a review: by their posts and accounts as both stood on that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tests.support.inspecting import FIRST, Teams
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.permissions import figures_scope
from workflow.services import people
from workflow.services.access import reaching
from workflow.store import documents
from workflow.store.session import UnitOfWork, unit_of_work

DAY = dt.timedelta(days=1)
LATER = NOON + 8 * DAY
Change = Callable[[UnitOfWork, Office], None]


def _seen(office: Office, code: str, day: dt.date) -> list[tuple[str, bool]]:
    """(by which decision, whether they could come in) of the team's head on a day."""
    scope, admin = figures_scope(office.posts["admin"], agencies_below=()), office.actor("admin")
    with unit_of_work(office.engine) as uow:
        asked = reaching.find(uow, admin, scope, words=code, agency_id=office.units["commune"])
        found = reaching.reachers(uow, admin, scope, asked, day=day, now=LATER + DAY)
        post = office.posts["chief"].id
        return [(one.of, one.open) for one in found if one.way == "team" and one.post.id == post]


def _closed(uow: UnitOfWork, office: Office) -> None:
    scope = figures_scope(office.posts["admin"], agencies_below=())
    person = office.posts["chief"].person_id
    people.deactivate(uow, office.actor("admin"), scope, person_id=person, reason="thử", now=LATER)


def _ended(uow: UnitOfWork, office: Office) -> None:
    """Told too late: the post stood all those days, as far as anybody knew."""
    scope, post = figures_scope(office.posts["admin"], agencies_below=()), office.posts["chief"].id
    people.end_post(uow, office.actor("admin"), scope, post_id=post, last_day=FIRST + DAY, decree="2/QĐ", now=LATER)


AFTERWARDS: dict[str, tuple[Change, list[tuple[str, bool]]]] = {
    "closed": (_closed, [("88/QĐ-UBND", False)]), "ended": (_ended, []),
}  # fmt: skip


@pytest.mark.parametrize("what", AFTERWARDS)
def test_a_member_counts_as_the_post_and_the_account_stood(office: Office, what: str) -> None:
    """Before the change a way in, though its end was put on record for an earlier day; afterwards none."""
    change, afterwards = AFTERWARDS[what]
    [paper] = add_issued(office, issued_row(office, subject="V/v thử"))
    Teams(office).found("economy", head="chief")
    with unit_of_work(office.engine) as uow:
        code = documents.one(uow.session, paper, reason="a test").code
        change(uow, office)
        uow.commit()
    assert _seen(office, code, FIRST + 5 * DAY) == [("88/QĐ-UBND", True)]
    assert _seen(office, code, LATER.date() + DAY) == afterwards
    assert _seen(office, code, FIRST - DAY) == []


def test_a_secret_papers_symbol_is_not_said(office: Office) -> None:
    """A review names it by its look-up code; another one by its number and symbol."""
    rows = [issued_row(office, subject=words, secret=words == "mật") for words in ("mật", "thường")]
    papers = add_issued(office, *rows)
    scope, admin = figures_scope(office.posts["admin"], agencies_below=()), office.actor("admin")
    with unit_of_work(office.engine) as uow:
        for paper, secret in zip(papers, (True, False), strict=True):
            row = documents.one(uow.session, paper, reason="a test")
            asked = reaching.find(uow, admin, scope, words=row.code, agency_id=office.units["commune"])
            assert row.symbol
            assert asked.label == (row.code if secret else row.symbol)
