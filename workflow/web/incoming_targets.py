"""To whom a clerk submits: the chief of office or a leader, the one chosen last time in this browser first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput
from workflow.services.incoming.moves import office_heads
from workflow.store import incoming_choices as store
from workflow.store.models import Person
from workflow.web.context import Current, installation
from workflow.web.i18n import _

OFFICE = "office"
COOKIE = "trinhky_submit_to"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Target:
    """One choice. `value`: `office`, or the key of a post. `name`: who that is."""

    value: str
    name: str
    words: str
    usual: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        """For a group of radio buttons."""
        return self.value, self.words


def targets(here: Current, *, without: int | None = None) -> list[Target]:
    """Whom a document can be submitted to today; exactly one of them is the usual one."""
    session, agency = here.uow.session, here.post.agency_id
    found = [
        Target(str(post), name, f"{title} {name}")
        for post, person, name, title, _role in store.leaders(session, agency, on=here.today)
        if person != without
    ]
    if heads := office_heads(here.uow, agency, now=here.now):
        chief = session.get_one(Person, heads[0]).full_name
        found.insert(0, Target(OFFICE, chief, _("Chief of office %(name)s", name=chief)))
    wished = request.cookies.get(COOKIE, "")
    usual = next((one.value for one in found if one.value == wished), found[0].value if found else "")
    return [replace(one, usual=one.value == usual) for one in found]


def leader_targets(here: Current, *, without: int | None = None) -> list[Target]:
    """Leaders and deputies only: to whom a proposal goes, or to whom a leader passes a document."""
    rows = store.leaders(here.uow.session, here.post.agency_id, on=here.today)
    return [
        Target(str(post), name, f"{title} {name}") for post, person, name, title, _role in rows if person != without
    ]


def chosen_post(text: str) -> int | None:
    """The post of a target's value; None for the chief of office."""
    if text == OFFICE:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise BadInput("not_a_leader")
    return int(text)


def remember(answer: Response, value: Any) -> Response:
    """Keep the choice in this browser for the next time."""
    answer.set_cookie(
        COOKIE, str(value)[:20], max_age=YEAR, path="/", httponly=True, samesite="Lax",
        secure=installation().settings.secure_cookies,
    )  # fmt: skip
    return answer
