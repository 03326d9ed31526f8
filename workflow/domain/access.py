"""Who could see or sign what on a day: what a role's permissions come to in plain words, and when one looks again.

The rules themselves are those of `permissions`, `absences`, `mandates`; here stands only what they are called and
how the past is read from what was told later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.domain.people import Role
from workflow.domain.permissions import Permission, allowed


class Ability(StrEnum):
    """A group of permissions under one word."""

    SEE = "see"
    DRAFT = "draft"
    HANDLE = "handle"
    SIGN = "sign"
    SEAL = "seal"
    NUMBER = "number"
    FIGURES = "figures"
    KEEP = "keep"
    ADMINISTER = "administer"
    INSPECT = "inspect"
    API = "api"


_P = Permission
ABILITIES: Mapping[Ability, frozenset[Permission]] = {
    Ability.SEE: frozenset({_P.READ_DOCUMENT, _P.READ_INCOMING, _P.READ_DOSSIER, _P.SEE_REGISTER, _P.SEE_COPIES}),
    Ability.DRAFT: frozenset({_P.DRAFT_DOCUMENT}),
    Ability.HANDLE: frozenset(
        {_P.ACT_ON_DOCUMENT, _P.GIVE_OPINION, _P.ACT_ON_INCOMING, _P.RECEIVE_DOCUMENT, _P.KEEP_DOSSIER}
    ),
    Ability.SIGN: frozenset({_P.SIGN, _P.CO_SIGN, _P.SIGN_COPIES, _P.ENROL_CERTIFICATE}),
    Ability.SEAL: frozenset({_P.SEAL, _P.MAKE_COPIES}),
    Ability.NUMBER: frozenset({_P.KEEP_REGISTER, _P.IMPORT_REGISTER, _P.REOPEN_YEAR}),
    Ability.FIGURES: frozenset({_P.SEE_RATES, _P.SEE_REPORTS, _P.SEE_CERTIFICATES}),
    Ability.KEEP: frozenset(
        {
            _P.KEEP_TEMPLATES, _P.SEE_GROUPS, _P.KEEP_GROUPS, _P.KEEP_OFFICES, _P.PLAN_FILES, _P.APPROVE_FILE_PLAN,
            _P.TRANSFER_DOSSIER,
        }
    ),
    Ability.ADMINISTER: frozenset(
        {
            _P.MANAGE_PEOPLE, _P.MANAGE_SETTINGS, _P.MANAGE_TRUST, _P.MANAGE_RETENTION, _P.MANAGE_SIGNS,
            _P.RUN_JOBS, _P.CONFIRM_CERTIFICATE, _P.ALLOW_SERVER_SEAL, _P.NAME_COPY_SIGNERS, _P.REVIEW_ACCESS,
        }
    ),
    Ability.INSPECT: frozenset({_P.SEE_JOURNAL, _P.SEE_ACCESS, _P.FOUND_INSPECTION}),
    Ability.API: frozenset({_P.USE_API}),
}  # fmt: skip
"""Each permission under exactly one word."""


def abilities(role: Role, *, at_top: bool) -> tuple[Ability, ...]:
    """What a role comes to, in the order above: some permission of the group is enough."""
    return tuple(
        word for word, group in ABILITIES.items() if any(allowed(role, one, at_top=at_top) for one in group)
    )


REVIEW_EVERY = dt.timedelta(days=183)
"""An agency's accesses are gone through twice a year. A habit of good offices; no law names a number."""


def next_review(day: dt.date) -> dt.date:
    """When the next one is due after one of a day."""
    return day + REVIEW_EVERY


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the journal that changed something: when, by which tag, with which facts, by whom."""

    at: dt.datetime
    tag: str
    facts: Mapping[str, Any]
    by: int | None = None


def as_it_was(
    now: bool, told: Iterable[Told], *, on: Collection[str], off: Collection[str], at: dt.datetime
) -> bool:
    """Whether something was switched on at a moment: the last entry until then says so, else the first one after
    it says what was before, else it is as it is now."""
    ordered = sorted((one for one in told if one.tag in {*on, *off}), key=lambda one: one.at)
    before = [one for one in ordered if one.at <= at]
    if before:
        return before[-1].tag in on
    return ordered[0].tag in off if ordered else now


def field_as_it_was(now: Any, name: str, told: Iterable[Told], *, at: dt.datetime) -> Any:
    """A field at a moment: the first change of it after that says what stood before."""
    later = sorted((one for one in told if one.at > at), key=lambda one: one.at)
    return next((one.facts["before"][name] for one in later if name in one.facts.get("before", {})), now)


@dataclass(frozen=True, slots=True)
class Held:
    """A post as its row says today."""

    id: int
    unit_id: int
    title: str
    first: dt.date
    last: dt.date | None

    def named_by(self, told: Told) -> bool:
        """Whether an entry is about it. Older entries do not name the post: their other words do."""
        facts = told.facts
        if "of_post" in facts:
            return bool(facts["of_post"] == self.id)
        if told.tag == "person:post:ended":
            return bool(self.last is not None and facts.get("last_day") == self.last.isoformat())
        same = (facts.get("unit"), facts.get("from"), facts.get("title"))
        return bool(same == (self.unit_id, self.first.isoformat(), self.title))

    def stood(self, told: Iterable[Told], *, day: dt.date, at: dt.datetime) -> bool:
        """Whether somebody could act in it at a moment of a day: by its dates as they were on record then.

        One that was put on record only afterwards opened nothing, whatever its dates; one that was ended afterwards
        with an earlier last day was still open.
        """
        later = {one.tag for one in told if one.at > at and self.named_by(one)}
        if "person:post:given" in later or self.first > day:
            return False
        return "person:post:ended" in later or self.last is None or day <= self.last
