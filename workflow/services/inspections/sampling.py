"""Reproducible random samples: the population by its definition, the seed, the list's hash, what was drawn."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from workflow.domain.errors import BadInput, NotPermitted
from workflow.domain.inspections import Act, Drawn, Listed, draw, list_hash
from workflow.domain.people import Actor
from workflow.domain.periods import midnight
from workflow.domain.permissions import Scope
from workflow.domain.text import clean
from workflow.services.inspections.ground import begin, tell
from workflow.store import inspection_work as store
from workflow.store.models import InspectionSample, InspectionSampleItem
from workflow.store.session import UnitOfWork

MOST = 500
"""Documents of one sample, of all its units together."""
KINDS = ("outgoing", "incoming")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A population and how many of it. An empty seed: the program draws one."""

    kind: str
    unit_ids: tuple[int, ...]
    first: dt.date
    last: dt.date
    size: int
    per_unit: bool
    seed: str = ""


def take(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, inspection_id: int, wanted: Wanted, now: dt.datetime
) -> InspectionSample:
    """Draw a sample as of now and keep it with its seed and the hash of its list. Only while reading in it."""
    if actor.inspection_id != inspection_id:
        raise NotPermitted("inspection_enter_first")
    _check(wanted)
    chosen = store.covered(uow.session, inspection_id, wanted.unit_ids)
    listed = _listed(uow, scope, chosen, wanted, cut_off=now)
    if not listed:
        raise BadInput("inspection_sample_empty")
    seed, digest = clean(wanted.seed) or secrets.token_hex(8), list_hash(listed)
    drawn = draw(listed, seed=seed, size=wanted.size, per_unit=wanted.per_unit)
    if len(drawn) > MOST:
        raise BadInput("inspection_sample_large", most=MOST)
    row, _standings = begin(uow, actor, inspection_id, Act.SAMPLE, now=now)
    sample = InspectionSample(
        inspection_id=row.id, kind=wanted.kind, unit_ids=sorted({*chosen.agencies, *chosen.parts.values()}),
        first=wanted.first, last=wanted.last, cut_off=now, seed=seed, seed_drawn=not clean(wanted.seed),
        size=wanted.size, per_unit=wanted.per_unit, population=len(listed), list_hash=digest,
        drawn_by_id=actor.person_id or 0, drawn_at=now,
    )  # fmt: skip
    uow.add(sample)
    uow.flush()
    uow.add(*(_item(sample.id, one) for one in drawn))
    uow.flush()
    told = {
        "sample": sample.id, "kind": sample.kind, "units": sample.unit_ids, "seed": seed, "size": sample.size,
        "per_unit": sample.per_unit, "population": sample.population, "list": digest,
        "codes": [one.one.code for one in drawn],
    }  # fmt: skip
    tell(uow, actor, row.id, "inspection:sample:drawn", told, now=now)
    return sample


def _check(wanted: Wanted) -> None:
    if wanted.kind not in KINDS or not wanted.unit_ids:
        raise BadInput("inspection_sample_of")
    if wanted.last < wanted.first:
        raise BadInput("inspection_period")
    if wanted.size > MOST:
        raise BadInput("inspection_sample_large", most=MOST)


def _item(sample_id: int, one: Drawn) -> InspectionSampleItem:
    return InspectionSampleItem(
        sample_id=sample_id, place=one.place, unit_id=one.one.unit_id, document_id=one.one.document_id,
        code=one.one.code, sort_key=one.key,
    )  # fmt: skip


def _listed(
    uow: UnitOfWork, scope: Scope, of: store.Covered, wanted: Wanted, *, cut_off: dt.datetime
) -> list[Listed]:
    return store.population(
        scope, uow.session, kind=wanted.kind, of=of, start=midnight(wanted.first),
        end=midnight(wanted.last + dt.timedelta(days=1)), cut_off=cut_off,
    )  # fmt: skip


def population_of(uow: UnitOfWork, scope: Scope, sample: InspectionSample) -> list[Listed]:
    """The population of a sample by its definition, as it reads today; by code."""
    wanted = Wanted(
        kind=sample.kind, unit_ids=tuple(sample.unit_ids), first=sample.first, last=sample.last, size=sample.size,
        per_unit=sample.per_unit,
    )  # fmt: skip
    of = store.covered(uow.session, sample.inspection_id, wanted.unit_ids)
    return sorted(_listed(uow, scope, of, wanted, cut_off=sample.cut_off), key=lambda one: one.code.encode())
