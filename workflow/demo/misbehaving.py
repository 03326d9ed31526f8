"""What three offices do that somebody should look at again: the signs of irregularity find exactly them.

Xã Yên Viễn: the chairman's key signs forty papers in two minutes, in the clerk's browser.
Xã Quang Trung: papers are closed unanswered an hour before they are due, and terms that have run out are
lengthened (`desks.DEADLINES`).
Xã Vạn Phú: what comes lies for days, much is exempt, and papers are sealed that the head is said to have signed in
ink on days on which the head was away (`desks.CARELESS`, `schedule.AWAY`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from workflow.demo.schedule import AWAY
from workflow.domain.absences import Acts
from workflow.services import absences, logins
from workflow.services.journal import OFFICE_ZONE
from workflow.services.logins import Visitor
from workflow.store import accounts

if TYPE_CHECKING:
    from workflow.demo.life import Life

CLERKS_DAYS = 5
"""Mornings on which the clerk of the first office logged in before the chairman did there."""
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"


def in_the_clerks_browser(life: Life, day: dt.date) -> int:
    """The clerk's mornings there, then the chairman's login in it; its key."""
    for ago in range(CLERKS_DAYS, -1, -1):
        morning = life.calendar.add_working_days(day, -ago)
        session_id = _logged_in(life, "clerk", dt.datetime.combine(morning, dt.time(7, 40), tzinfo=OFFICE_ZONE))
        with life.work() as uow:
            leaving = dt.datetime.combine(morning, dt.time(16, 20), tzinfo=OFFICE_ZONE)
            logins.log_out(uow, life.cast.actors["clerk"], session_id, now=leaving)
            uow.commit()
    return _logged_in(life, "chair", dt.datetime.combine(day, dt.time(16, 25), tzinfo=OFFICE_ZONE))


def _logged_in(life: Life, who: str, at: dt.datetime) -> int:
    actor = life.cast.actors[who]
    visitor = Visitor(life.cast.actors["clerk"].address, BROWSER, f"demo {life.agency.key} clerk")
    with life.work() as uow:
        uow.begin_write()
        account = accounts.account_of(uow.session, actor.person_id or 0)
        assert account is not None, "everybody in the demo has an account"
        opened = logins.open_session(uow, visitor, account, facts={}, now=at, post_id=actor.post_id)
        uow.commit()
        return opened.session_id


def away(life: Life) -> None:
    """The head of the third office leaves the desk to a deputy for some days."""
    first, last = (life.calendar.add_working_days(life.today, ago) for ago in (AWAY[0], AWAY[2]))
    deputy = life.cast.actors[life.deputy()].post_id or 0
    before = dt.datetime.combine(first, dt.time(7, 30), tzinfo=OFFICE_ZONE)
    with life.work() as uow:
        absences.set_own(
            uow, life.cast.actors["chair"], deputy_post_id=deputy, first_day=first, last_day=last,
            acts=Acts.READING, reason="Đi công tác", now=before,
        )  # fmt: skip
        uow.commit()
