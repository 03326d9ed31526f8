"""A bundle of a report upward: its file, every number that the journal kept of it, and all that they count.

The entry that took the report down (`figures.upward.told_of`) has its numbers; they are counted again from the
closed months as they stood then, with the corrections that were known.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.boards import NATURES, Nature
from workflow.domain.bundles import Contents
from workflow.domain.earlier_definitions import EARLIER
from workflow.domain.errors import NotFound, NotPermitted, Refused
from workflow.domain.freezing import content_of, facts_from_lists
from workflow.domain.indicators import VERSION, Facts, Key, definition, definition_digest
from workflow.domain.journal import canonical_json
from workflow.domain.outgoing import State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.rates import percent
from workflow.services.figures.closing import subject as figures_subject
from workflow.services.figures.recounting import ADJUSTED
from workflow.services.figures.upward import TAG
from workflow.services.proving import gathering, making
from workflow.services.rates import narrowed
from workflow.store import anchors as anchor_store
from workflow.store import bundles as store
from workflow.store import documents, frozen_months
from workflow.store.session import UnitOfWork

OUT = frozenset({State.ISSUED, State.FILED})


@dataclass(frozen=True, slots=True)
class Reported:
    """What the journal keeps of a report. `place`: of its entry in the chain of the agency's figures; `before`: the
    entries until then."""

    document: int
    place: int
    facts: Mapping[str, Any]
    before: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Month:
    """A closed month as the report counted it."""

    key: str
    body: bytes
    start: str
    changes: Sequence[Any]
    facts: Facts


def entry_of(uow: UnitOfWork, agency_id: int, document_id: int) -> Reported:
    """The entry that took down the report in a document. Raises `NotFound("report_not_found")`, and
    `Refused("bundle_report_old")` where it was drafted before numbers were kept."""
    found = dict(store.chains(uow.session, (figures_subject(agency_id),)))
    entries = [json.loads(body) for body in found.get(figures_subject(agency_id), ())]
    for place, entry in enumerate(entries, 1):
        if entry["tag"] == TAG and entry["facts"]["document"] == document_id:
            if "counts" not in entry["facts"]:
                raise Refused("bundle_report_old")
            return Reported(document_id, place, entry["facts"], entries[:place])
    raise NotFound("report_not_found")


def of_report(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, agency_id: int, document_id: int, reader: Scope,
    now: dt.datetime,
) -> Contents:  # fmt: skip
    """What an issued report upward stands on. Raises as `making.of_figure` does, and as `entry_of`."""
    demand(actor, Permission.SEE_RATES)
    return report_for_shell(
        uow, scope, agency_id=agency_id, document_id=document_id, reader=reader, now=now
    )  # fmt: skip


def report_for_shell(
    uow: UnitOfWork, scope: Scope, *, agency_id: int, document_id: int, reader: Scope, now: dt.datetime
) -> Contents:
    """The same for whoever holds the machine, and with it the database."""
    chosen, document = narrowed(scope, agency_id), documents.find(reader, uow.session, document_id)
    told = entry_of(uow, agency_id, document_id)
    if document.state not in OUT:
        raise Refused("bundle_not_issued")
    length, subject = document.chain_length, f"outgoing:{document_id}"
    months = [_month(uow, chosen, key, told) for key in sorted(told.facts["lists"])]
    _demand_open(uow, chosen, months, reader=reader, agency_id=agency_id)
    items = _items(months)
    report = {
        "subject": subject, "population": "report", "key": document_id, "withheld": "",
        "standing": making.standing_of(store.issued(reader, uow.session, {document_id})[document_id]),
    }  # fmt: skip
    manifest: dict[str, Any] = {
        "kind": "report", "agency": making.agency_named(uow, agency_id), "items": [*items, report],
    }  # fmt: skip
    earlier = anchor_store.latest(uow.session, at=dt.datetime.fromisoformat(months[0].start))
    main = figures_subject(agency_id)
    under = gathering.begin(
        uow, manifest, subject=main, length=told.place, before=earlier.number if earlier else None, now=now,
        also={subject: length},
    )  # fmt: skip
    manifest["figure"] = _figure(under.contents, agency_id, told, months)
    making.carry_papers(uow, under, [*items, report], main, reader=reader, agency=agency_id)
    return under.contents


def _month(uow: UnitOfWork, scope: Scope, key: str, told: Reported) -> _Month:
    """Its list, and the corrections that the journal had told of when the report was taken down."""
    frozen = frozen_months.closed_of(scope, uow.session, key)
    if frozen is None:
        raise NotFound("report_not_found")
    frozen_id = frozen.id
    body: bytes = uow.compute(zlib.decompress, frozen.body)
    content = content_of(body)
    known = [
        int(one["facts"]["adjustments"])
        for one in told.before
        if one["tag"] == ADJUSTED and one["facts"]["month"] == key
    ]
    changes = frozen_months.adjustments_of(uow.session, frozen_id)[: known[-1] if known else 0]
    facts = making.adjusted_facts(facts_from_lists(content["facts"]), changes)
    return _Month(key, body, content["start"], changes, facts)


def _demand_open(
    uow: UnitOfWork, scope: Scope, months: Sequence[_Month], *, reader: Scope, agency_id: int
) -> None:  # fmt: skip
    """As for a figure: the lists name secret papers, and who was asked to explain lateness."""
    for one in months:
        listed = (*facts_from_lists(content_of(one.body)["facts"]), *one.facts)
        if reader.no_secrets and making.names_secrets(uow, scope, listed):
            raise NotPermitted("bundle_secrets")
        if agency_id not in reader.agency_ids and making.names_somebody(one.facts):
            raise NotPermitted("bundle_names")


def _items(months: Sequence[_Month]) -> list[dict[str, Any]]:
    """Everything that the report counts, by month: what stood at the beginning is the first month's, at the end the
    last one's."""
    edges = {Nature.START: months[0].key, Nature.END: months[-1].key}
    chosen: list[tuple[str, Key, str]] = [
        (one.key, key, place.value)
        for one in months
        for key, place in sorted(one.facts.items())
        if edges.get(NATURES[key[0]], one.key) == one.key
    ]
    return [
        {
            "month": month, "population": str(population), "key": key, "standing": value, "withheld": "",
            "subject": making.subject_of(population, key),
        }
        for month, (population, key), value in chosen
    ]  # fmt: skip


def _figure(contents: Contents, agency_id: int, told: Reported, months: Sequence[_Month]) -> dict[str, Any]:
    meant = next(
        definition(one)
        for one in (VERSION, *EARLIER)
        if definition_digest(one) == told.facts["definition_digest"]
    )  # fmt: skip
    counts = told.facts["counts"]
    rates = {}
    for name, part, whole, _excluded, _better, decimals in meant["indicators"]:
        if part in counts and whole in counts:
            rate = percent(counts[part], counts[whole], decimals=decimals)
            rates[name] = [counts[part], counts[whole], None if rate is None else str(rate)]
    return {
        "agency": agency_id, "month": told.facts["month"], "count": "", "unit": None, "person": None,
        "entry": told.place, "definition": contents.hold(canonical_json(meant)), "counts": counts, "rates": rates,
        "months": [
            {"month": one.key, "frozen": contents.hold(one.body), "adjustments": making.held(contents, one.changes)}
            for one in months
        ],
    }  # fmt: skip
