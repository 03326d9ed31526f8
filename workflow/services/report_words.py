"""What the keys of a report were called when it was made: unit, people, documents. Kept beside the body, outside of
its digest, so that its PDF and XLSX come out the same whatever is renamed later.

Of secret documents no subject is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.services.report_bodies import Stock, version_of
from workflow.store import report_names as store
from workflow.store.models import Unit
from workflow.store.session import UnitOfWork

LISTED = 10_000
"""Lines of one list that are named; a unit with more has another trouble than their names."""


@dataclass(frozen=True, slots=True)
class Named:
    """Names of everything in a stock."""

    units: Mapping[int, Unit]
    people: Mapping[int, str]
    outgoing: Mapping[int, Mapping[str, str]]
    incoming: Mapping[int, Mapping[str, str]]

    @classmethod
    def read(cls, uow: UnitOfWork, stock: Stock, units: Sequence[Unit]) -> Named:
        """Four queries for a few thousand documents, some more for many."""
        session, arrivals = uow.session, stock.arrivals
        people = {key for one in stock.items for key in (one.signer, one.holder)}
        people |= {one.holder for one in arrivals.documents} | {one.holder for one in arrivals.parts}
        people |= {one.person for one in arrivals.owed}
        outgoing = [one.document for one in stock.items]
        incoming = [one.document for kind in (arrivals.documents, arrivals.parts, arrivals.owed) for one in kind]
        return cls(
            units={unit.id: unit for unit in units},
            people=store.people(session, {key for key in people if key is not None}),
            outgoing=store.outgoing(session, outgoing, reason="a report names what it lists"),
            incoming=store.incoming(session, incoming, reason="a report names what it lists"),
        )  # fmt: skip


def words_of(content: Mapping[str, Any], named: Named) -> dict[str, Any]:
    """What one report's keys are called."""
    unit = named.units.get(content["unit"])
    agency = named.units.get(unit.agency_id or unit.id) if unit else None
    return {
        "unit": unit.name if unit else "",
        "agency": agency.name if agency else "",
        "superior": agency.superior if agency else "",
        "place": agency.place if agency else "",
        "units": {str(key): named.units[key].name for key in _units(content) if key in named.units},
        "people": {str(key): named.people[key] for key in people_of(content) if key in named.people},
        "out": _papers(named.outgoing, outgoing_of(content)),
        "in": _papers(named.incoming, incoming_of(content)),
    }


def kept_root(root: Mapping[str, Any]) -> dict[str, Any]:
    """The journal's newest root at the cut-off (`anchoring.told`), kept with the words: what lies printed
    in offices and in mailboxes cannot be made anew with the journal. Nothing before the first anchor."""
    if not root:
        return {}
    return {"root": {"anchor": root["anchor"], "at": root["rooted"].isoformat(), "root": root["root"]}}


def _papers(named: Mapping[int, Mapping[str, str]], keys: Iterable[int]) -> dict[str, dict[str, str]]:
    return {str(key): dict(named[key]) for key in keys if key in named}


def outgoing_of(content: Mapping[str, Any]) -> list[int]:
    """Outgoing documents that a report lists."""
    return [line["document"] for line in content["items"][:LISTED]]


def incoming_of(content: Mapping[str, Any]) -> list[int]:
    """Incoming documents that it lists, parts and explanations included."""
    if version_of(content) == 1:
        return []
    lists = (content["arrivals"], content["parts"]["items"], content["explanations"]["items"])
    return sorted({line["document"] for lines in lists for line in lines[:LISTED]})


def people_of(content: Mapping[str, Any]) -> list[int]:
    """Everybody it names."""
    found = {line[role] for line in content["items"] for role in ("signer", "holder")}
    found |= {line["signer"] for line in content["unsigned"]["by_signer"]}
    if version_of(content) > 1:
        found |= {line["holder"] for line in content["arrivals"]}
        found |= {line["holder"] for line in content["parts"]["items"]}
        found |= {line["person"] for line in content["explanations"]["items"]}
    return sorted(key for key in found if key is not None)


def _units(content: Mapping[str, Any]) -> list[int]:
    if version_of(content) == 1:
        return []
    found = {line["unit"] for line in content["arrivals"]} | {line["unit"] for line in content["parts"]["items"]}
    found |= {line["unit"] for line in content["explanations"]["items"]}
    return sorted(key for key in found if key is not None)


def read_again(uow: UnitOfWork, unit_id: int, content: Mapping[str, Any]) -> dict[str, Any]:
    """The words of a report that an older version stored without any: as things are called now."""
    session = uow.session
    keys = {unit_id, *_units(content)}
    units = store.units_with_agencies(session, keys)
    named = Named(
        units=units, people=store.people(session, people_of(content)),
        outgoing=store.outgoing(session, outgoing_of(content), reason="a report names what it lists"),
        incoming=store.incoming(session, incoming_of(content), reason="a report names what it lists"),
    )  # fmt: skip
    return words_of({**content, "unit": unit_id}, named)
