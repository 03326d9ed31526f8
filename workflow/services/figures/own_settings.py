"""What an agency says for itself about its figures: one door to change it, with a reason, one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import office
from workflow.store.models import Setting
from workflow.store.session import UnitOfWork

WORDS = 500
"""Characters of a reason that are kept."""
T = TypeVar("T")
Stored = Mapping[str, Any]


def subject(agency_id: int) -> str:
    """The chain that closed months, adjustments, drift and these settings are written to."""
    return f"figures:{agency_id}"


def own_agency(actor: Actor, scope: Scope) -> int:
    """Whose figures somebody may set: those of their own agency, within their scope."""
    if actor.agency_id is None or actor.agency_id not in scope.agency_ids:
        raise NotPermitted("no_post")
    return actor.agency_id


def reasoned(reason: str, *, action: str) -> str:
    """The reason as it is kept; `BadInput("reason_needed")` without one."""
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action=action)
    return words[:WORDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSetting(Generic[T]):
    """Something that each agency has said, or has not: where it is kept, and how it is told."""

    name: str
    """The setting's name, before `:AGENCY`."""
    tag: str
    """What its change is called in the journal."""
    action: str
    """What a missing reason is for, as the sentence of `reason_needed` has it."""
    read: Callable[[Stored], T]
    """From what is stored; `{}` where the agency has said nothing."""
    write: Callable[[T], dict[str, Any]]
    tell: Callable[[T], Any]
    """As the journal has it, before and after."""
    mark: Callable[[T], Any]
    """What a page remembers of it: somebody else was faster where it differs."""

    def of(self, uow: UnitOfWork, agency_id: int) -> T:
        """What holds now."""
        return self.read(office.setting(uow.session, self._key(agency_id)) or {})

    def of_many(self, uow: UnitOfWork, agencies: Collection[int]) -> dict[int, T]:
        """The same for many. One query."""
        said = office.settings_named(uow.session, [self._key(one) for one in agencies])
        return {one: self.read(said.get(self._key(one), {})) for one in agencies}

    def change(
        self, uow: UnitOfWork, actor: Actor, *, wanted: T, seen: Any, reason: str, now: dt.datetime,
        check: Callable[[], None], outrun: Conflict, same: Refused,
    ) -> T:  # fmt: skip
        """From now on the actor's own agency says something else; what held before.

        `check` raises where it may not say that; `outrun` is raised where what stood on the page (`seen`) does not
        hold any more, `same` where nothing would change.
        """
        demand(actor, Permission.MANAGE_SETTINGS)
        if actor.agency_id is None:
            raise NotPermitted("no_post")
        words = reasoned(reason, action=self.action)
        check()
        uow.begin_write()
        office.lock_agency(uow.session, actor.agency_id)
        before = self.of(uow, actor.agency_id)
        if self.mark(before) != seen:
            raise outrun
        if before == wanted:
            raise same
        kept = self.write(wanted)
        self._put(uow, actor.agency_id, kept)
        facts = {"before": self.tell(before), "after": self.tell(self.read(kept)), "reason": words}
        journal.record(uow, subject=subject(actor.agency_id), tag=self.tag, facts=facts, actor=actor, now=now)
        return before

    def _put(self, uow: UnitOfWork, agency_id: int, value: dict[str, Any]) -> None:
        row = uow.session.get(Setting, self._key(agency_id))
        if row is None:
            uow.add(Setting(name=self._key(agency_id), value=value))
        else:
            row.value = value

    def _key(self, agency_id: int) -> str:
        return f"{self.name}:{agency_id}"


def number(*, name: str, key: str, tag: str, usual: int, action: str = "month") -> OwnSetting[int]:
    """A number of each agency, `usual` where it has said none."""
    return OwnSetting(
        name=name, tag=tag, action=action, read=lambda stored: int(stored.get(key, usual)),
        write=lambda value: {key: value}, tell=int, mark=int,
    )  # fmt: skip
