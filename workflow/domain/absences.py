"""Absence deputies (ủy quyền xử lý): for some days somebody else looks after a post's desk. Never signing.

Signing for an absent head is KT. or TUQ., which need an authority of their own (Decree 30/2020/NĐ-CP, Article 13;
`mandates`). What may be left to a deputy is the work on what arrives: Articles 23 and 24 leave it to the agency's
working regulation who settles it, and a direction is signed by nobody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.errors import BadInput
from workflow.domain.people import Post, Role

LONGEST = dt.timedelta(days=183)
"""Half a year. Who is away for longer hands over."""

HAVE_DESKS = frozenset({Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD, Role.CLERK, Role.DRAFTER})
"""Posts that something can wait for."""


class Acts(StrEnum):
    """What the deputy may do at the desk."""

    READING = "reading"
    PROCESSING = "processing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """From one day to another, both included, `deputy_post_id` looks after the desk of `post_id`."""

    post_id: int
    deputy_post_id: int
    first_day: dt.date
    last_day: dt.date
    acts: Acts
    made_at: dt.datetime
    ended_at: dt.datetime | None = None

    def holds(self, day: dt.date, at: dt.datetime) -> bool:
        """Whether it runs at a moment of a day: it ends with its dates by itself, or when somebody comes back."""
        over = self.ended_at is not None and self.ended_at <= at
        return self.first_day <= day <= self.last_day and self.made_at <= at and not over


def check(absent: Post, deputy: Post, *, first_day: dt.date, last_day: dt.date, today: dt.date) -> None:
    """Raise `BadInput` where a post cannot leave its desk to another one on these days.

    `absence_dates`, `absence_long`, `absence_oneself`, `absence_agency`, `absence_no_desk`, `deputy_not_in_post`.
    The deputy of a leader is a leader's deputy or a head of a unit: a desk is not left to somebody who could not
    be answered to.
    """
    if last_day < first_day or last_day < today:
        raise BadInput("absence_dates")
    if last_day - first_day > LONGEST:
        raise BadInput("absence_long", days=LONGEST.days)
    if absent.person_id == deputy.person_id:
        raise BadInput("absence_oneself")
    if absent.agency_id != deputy.agency_id:
        raise BadInput("absence_agency")
    if absent.role not in HAVE_DESKS or deputy.role not in MAY_DEPUTISE[absent.role]:
        raise BadInput("absence_no_desk")
    if not (deputy.held_on(first_day) and deputy.held_on(last_day)):
        raise BadInput("deputy_not_in_post")


_LED = frozenset({Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD})
MAY_DEPUTISE: dict[Role, frozenset[Role]] = {
    Role.LEADER: _LED,
    Role.DEPUTY: _LED,
    Role.UNIT_HEAD: _LED | {Role.DRAFTER},
    Role.CLERK: frozenset({Role.CLERK}),
    Role.DRAFTER: frozenset({Role.DRAFTER, Role.UNIT_HEAD}),
}
"""Whose desk may be left to whom: a clerk's only to a clerk, since registers and seal are theirs alone."""
