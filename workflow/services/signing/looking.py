"""What the second person looks at before they decide on an enrolment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import signing
from workflow.domain.certificates import names
from workflow.domain.errors import Refused
from workflow.domain.key_holders import KeyHolder
from workflow.domain.known_keys import Earlier, demand_usable, is_notable, other_places
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.journal import local_day
from workflow.services.signing import known_keys
from workflow.services.signing.certificates import facts_of, unit_names
from workflow.store import certificate_list
from workflow.store import certificates as store
from workflow.store.models import Certificate
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Compared:
    """A word of ours beside that of the certificate."""

    here: tuple[str, ...]
    said: tuple[str, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier enrolment of the same key. `owner`: empty where it is not for this administrator to know."""

    of: Earlier
    owner: str
    same_owner: bool
    notable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`refused`: by which code the key may not be confirmed. `places`: where else it lay. `must_read`: whether the
    second person has to say that they read its past."""

    name: Compared
    unit: Compared
    past: tuple[Past, ...]
    places: tuple[str, ...]
    refused: str
    must_read: bool


def look(uow: UnitOfWork, actor: Actor, scope: Scope, row: Certificate, *, owner: str, now: dt.datetime) -> Look:
    """Of a certificate in the actor's queue; `owner`: whose account, or which agency, it was enrolled to."""
    certificate_id, der, on = row.id, row.der, local_day(now)
    facts = facts_of(uow, der)
    earlier = known_keys.known(uow, facts.public_key, agency_id=actor.agency_id, now=now, but=certificate_id)
    of = (row.person_id, row.agency_id)
    allowed = certificate_list.owners(scope, uow.session, [one.id for one in earlier], on=on)
    past = tuple(
        Past(one, allowed.get(one.id, ""), one.owner == of, is_notable(one, of, row.holder)) for one in earlier
    )
    agencies = sorted(store.agencies_of(uow.session, row, on=on))
    units = tuple(dict.fromkeys(name for agency in agencies for name in unit_names(uow, agency)))
    name, unit = _compared(facts, owner, units, for_agency=row.agency_id is not None)
    return Look(
        name=name, unit=unit, past=past, places=other_places(earlier, KeyHolder(row.holder)),
        refused=_refused(earlier, of), must_read=any(one.notable for one in past),
    )  # fmt: skip


def _refused(earlier: tuple[Earlier, ...], owner: tuple[int | None, int | None]) -> str:
    try:
        demand_usable(earlier, owner)
    except Refused as refused:
        return refused.code
    return ""


def _compared(
    facts: signing.CertificateFacts, owner: str, units: tuple[str, ...], *, for_agency: bool
) -> tuple[Compared, Compared]:
    parts = tuple(one for one in (facts.organisation, *facts.organisational_units) if one)
    everything = (facts.common_name, *parts)
    named_unit = any(names(everything, one) for one in units)
    said = " · ".join(one for one in (facts.common_name, facts.title) if one)
    named = named_unit if for_agency else names((facts.common_name,), owner)
    return Compared((owner,), (said,), named), Compared(units, parts, named_unit)
