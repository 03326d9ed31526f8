"""A bundle of a document, a figure or a month: gathered in a read, written to a file, then journalled."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import IO, Any

from workflow.adapters.blobs import Blobs
from workflow.domain.boards import Tree
from workflow.domain.bundles import Contents, Withheld
from workflow.domain.errors import NotFound, NotPermitted, Refused
from workflow.domain.freezing import content_of, facts_from_lists
from workflow.domain.indicators import (
    COUNTS,
    INDICATORS,
    Facts,
    Key,
    Place,
    Population,
    counted,
    definition,
    figures,
    tally,
)
from workflow.domain.journal import canonical_json
from workflow.domain.outgoing import State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services import journal
from workflow.services.figures import counting, recounting
from workflow.services.figures.closing import subject as figures_subject
from workflow.services.figures.month_lists import PAPERLESS, Asked
from workflow.services.proving import gathering
from workflow.services.rates import narrowed
from workflow.store import anchors as anchor_store
from workflow.store import boards, documents, frozen_months, month_facts
from workflow.store import bundles as store
from workflow.store import rates as names
from workflow.store.session import UnitOfWork

STAMP = (1980, 1, 1, 0, 0, 0)
_OUT = frozenset({State.ISSUED, State.FILED})
WITH_FILES: tuple[str, ...] = (
    Population.TIMED, Population.SEAL_KIND, Population.LEADER_KIND, Population.SIGNED_AS, Population.ISSUED,
    "report",
)  # fmt: skip
"""Whose documents are carried with their files. One that is counted by several has them once, with the last."""


SMALL = 16 << 20
"""Bytes of a bundle that is made while its page waits, and held whole until it is given away."""
SMALL_LIST, SMALL_JOURNAL = 300, 20_000
"""Things that such a bundle lists, and chains of the whole journal: beyond either its gathering takes seconds."""


def of_document(uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, now: dt.datetime) -> Contents:
    """What an issued document stands on. Raises `NotFound`, `Refused` with `bundle_not_issued`, `bundle_no_anchor`,
    `bundle_too_large`."""
    demand(actor, Permission.READ_DOCUMENT)
    return document_for_shell(uow, scope, document_id=document_id, now=now)


def document_for_shell(uow: UnitOfWork, scope: Scope, *, document_id: int, now: dt.datetime) -> Contents:
    """The same for whoever holds the machine, and with it the database."""
    document = documents.find(scope, uow.session, document_id)
    if document.state not in _OUT:
        raise Refused("bundle_not_issued")
    subject, agency = f"outgoing:{document_id}", document.agency_id
    rows = store.issued(scope, uow.session, {document_id})
    row = rows[document_id]
    item: dict[str, Any] = {
        "subject": subject, "population": "issued", "key": document_id, "standing": standing_of(row),
        "withheld": "",
    }  # fmt: skip
    manifest: dict[str, Any] = {"kind": "document", "agency": agency_named(uow, agency), "items": [item]}
    under = gathering.begin(
        uow, manifest, subject=subject, length=row.chain_length, before=None, now=now, alone=True
    )  # fmt: skip
    gathering.carry_chains(uow, under, () if row.secret else (subject,))
    gathering.prove(uow, under, (subject,))
    gathering.carry_documents(uow, under, {document_id: item}, rows)
    return under.contents


def standing_of(row: Any) -> str:
    """How an issued document is signed: `passed.missing`, or `ink`."""
    return f"{row.leader_verdict}.{row.seal_verdict}" if row.medium == "digital" else "ink"


def agency_named(uow: UnitOfWork, agency_id: int) -> dict[str, Any]:
    """As the manifest has it."""
    units = names.units_of(Scope(agency_ids=(agency_id,)), uow.session)
    return {"id": agency_id, "name": next((row.name for row in units if row.id == agency_id), "")}


def of_figure(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, asked: Asked, reader: Scope, now: dt.datetime
) -> Contents:
    """The same of a figure of a closed month, with its adjustments; of the whole month where no count is named.

    Raises besides `Refused("bundle_month_open")`, `Refused("bundle_too_many")`, and `NotPermitted("bundle_names")`:
    the frozen list says who was asked to explain lateness, which only who may open the agency's documents may know.
    """
    demand(actor, Permission.SEE_RATES)
    return figure_for_shell(uow, scope, asked=asked, reader=reader, now=now)


def figure_for_shell(uow: UnitOfWork, scope: Scope, *, asked: Asked, reader: Scope, now: dt.datetime) -> Contents:
    """The same for whoever holds the machine, and with it the database."""
    chosen = narrowed(scope, asked.agency_id)
    if asked.count and (asked.count not in COUNTS or asked.frozen):
        raise NotFound("figure_not_found")
    frozen = frozen_months.closed_of(chosen, uow.session, asked.key)
    if frozen is None:
        raise Refused("bundle_month_open")
    frozen_id = frozen.id
    body = uow.compute(zlib.decompress, frozen.body)
    content = content_of(body)
    adjustments = frozen_months.adjustments_of(uow.session, frozen_id)
    facts = adjusted_facts(facts_from_lists(content["facts"]), adjustments)
    if reader.no_secrets and names_secrets(uow, chosen, (*facts_from_lists(content["facts"]), *facts)):
        raise NotPermitted("bundle_secrets")
    if asked.agency_id not in reader.agency_ids and names_somebody(facts):
        raise NotPermitted("bundle_names")
    main = figures_subject(asked.agency_id)
    told = list(store.chains(uow.session, (main,)))
    length = _last_word(told[0][1] if told else [], asked.key)
    earlier = anchor_store.latest(uow.session, at=dt.datetime.fromisoformat(content["start"]))
    units = _units(uow, chosen, asked)
    items = _items(facts, asked, units)
    manifest: dict[str, Any] = {
        "kind": "figure" if asked.count else "month",
        "agency": agency_named(uow, asked.agency_id),
        "items": list(items.values()),
    }
    under = gathering.begin(
        uow, manifest, subject=main, length=length, before=earlier.number if earlier else None, now=now
    )
    manifest["figure"] = _figure(
        under.contents, body, adjustments, facts, asked, units, version=content["definition"]
    )
    carry_papers(uow, under, list(items.values()), main, reader=reader, agency=asked.agency_id)
    return under.contents


def figure_ready(uow: UnitOfWork, scope: Scope, asked: Asked) -> int:
    """How many things the closed month has. Raises as `of_figure` does where there is no such figure, or its month
    is open."""
    chosen = narrowed(scope, asked.agency_id)
    if asked.count and asked.count not in COUNTS:
        raise NotFound("figure_not_found")
    frozen = frozen_months.closed_of(chosen, uow.session, asked.key)
    if frozen is None:
        raise Refused("bundle_month_open")
    return frozen.things


def holds_secrets(uow: UnitOfWork, scope: Scope, asked: Asked) -> bool:
    """Whether the list that a closed month's bundle carries names a secret paper."""
    chosen = narrowed(scope, asked.agency_id)
    frozen = frozen_months.closed_of(chosen, uow.session, asked.key)
    if frozen is None:
        return False
    adjustments = frozen_months.adjustments_of(uow.session, frozen.id)
    facts = recounting.frozen_facts(frozen)
    return names_secrets(uow, chosen, (*facts, *adjusted_facts(facts, adjustments)))


def adjusted_facts(facts: Facts, adjustments: Any) -> dict[Key, Place]:
    """A frozen list with what was adjusted since."""
    made = dict(facts)
    for one in map(recounting.difference_of, adjustments):
        made.pop((one.population, one.key), None)
        if one.after is not None:
            made[one.population, one.key] = one.after
    return made


def names_somebody(facts: Facts) -> bool:
    """Whether a list says who was asked to explain lateness."""
    return any(population in counting.EXPLANATIONS for population, _key in facts)


def names_secrets(uow: UnitOfWork, scope: Scope, keys: Iterable[Key]) -> bool:
    """Whether a month's list names a secret paper: an inspection opens none, and a proof cannot leave it out."""
    outgoing, incoming = frozen_months.secret_papers(scope, uow.session)
    listed = [(population, key) for population, key in keys if population not in PAPERLESS]
    explained = [key for population, key in listed if population in counting.EXPLANATIONS]
    if incoming & set(month_facts.papers_of_explanations(uow.session, explained).values()):
        return True
    return any(
        key in (outgoing if population in counting.OUTGOING else incoming)
        for population, key in listed
        if population not in counting.EXPLANATIONS
    )


def _last_word(entries: list[str], month: str) -> int:
    """Up to which entry the chain of the figures tells of a month."""
    named = f'"month":"{month}"'
    return max((place for place, body in enumerate(entries, 1) if named in body), default=1)


def _units(uow: UnitOfWork, scope: Scope, asked: Asked) -> Collection[int] | None:
    """The units that a figure is narrowed to."""
    if asked.unit_id is None:
        return None
    tree = Tree(boards.nodes(scope, uow.session, agencies_only=False)) if asked.below else None
    return sorted(tree.whole(asked.unit_id)) if tree and asked.unit_id in tree.nodes else (asked.unit_id,)


def _part(facts: Facts, asked: Asked, units: Collection[int] | None) -> dict[Key, Place]:
    return {
        key: place
        for key, place in facts.items()
        if (units is None or place.unit in units) and asked.person_id in (None, place.person)
    }


def _items(facts: Facts, asked: Asked, units: Collection[int] | None) -> dict[Key, dict[str, Any]]:
    """What is listed: the things that a figure counted, or all of the month."""
    if asked.count:
        count = COUNTS[asked.count]
        keys = counted(_part(facts, asked, units), count)
        chosen: list[Key] = [(count.population, key) for key in keys]
    else:
        chosen = sorted(facts)
    return {
        (population, key): {
            "population": str(population), "key": key, "standing": facts[population, key].value, "withheld": "",
            "subject": subject_of(population, key),
        }
        for population, key in chosen
    }  # fmt: skip


def subject_of(population: Population, key: int) -> str:
    """The chain of the journal that a counted thing rests on; empty where there is none of its own."""
    if population in counting.OUTGOING:
        return f"outgoing:{key}"
    if population in counting.EXPLANATIONS or population is Population.LEADERS:
        return ""
    if population is Population.ENTERED:
        return f"entered:{key}"
    return f"incoming:{key}"


def _figure(
    contents: Contents, body: bytes, adjustments: Any, facts: Facts, asked: Asked, units: Collection[int] | None, *,
    version: str,
) -> dict[str, Any]:  # fmt: skip
    """`version`: the definition that the month was closed by, which need not be today's."""
    columns, meant = figures(tally(_part(facts, asked, units))), definition(version)
    known = ({row[0] for row in meant["counts"]}, {row[0] for row in meant["indicators"]})
    told = [
        one for one in INDICATORS if asked.count in ("", one.numerator, one.denominator) and one.name in known[1]
    ]
    used = {name for one in told for name in (one.numerator, one.denominator)}
    wanted = ({asked.count} | used if asked.count else set(columns)) & known[0]
    return {
        "agency": asked.agency_id, "month": asked.key, "count": asked.count,
        "unit": list(units) if units and asked.below else asked.unit_id,
        "person": asked.person_id, "frozen": contents.hold(body),
        "adjustments": held(contents, adjustments),
        "definition": contents.hold(canonical_json(meant)),
        "counts": {name: columns[name] for name in sorted(wanted)},
        "rates": {
            one.name: [columns[one.numerator], columns[one.denominator], _text(one.percent(columns))]
            for one in told
        },
    }  # fmt: skip


def held(contents: Contents, adjustments: Any) -> str:
    """Adjustments in the bytes that the journal has the digest of; empty where there are none."""
    rows = [
        [row.ordinal, row.population, row.item, _place(one.before), _place(one.after), row.cause, row.journal_id]
        for row in adjustments
        for one in (recounting.difference_of(row),)
    ]
    return contents.hold(canonical_json(rows)) if rows else ""


def _text(rate: Any) -> str | None:
    return None if rate is None else str(rate)


def _place(place: Place | None) -> list[Any] | None:
    return None if place is None else [place.unit, place.person or 0, place.value]


def carry_papers(
    uow: UnitOfWork, under: gathering.Anchored, items: Sequence[dict[str, Any]], main: str, *, reader: Scope,
    agency: int,
) -> None:  # fmt: skip
    """Chains of what the reader may open: of the items, and of other outgoing documents of the agency that grew in
    the period, whose journal shows that they were not issued in it. Every item whose chain stays out says so. Those
    of other agencies stay out: issued in the period and not listed, they would be taken for left out."""
    outgoing = [item for item in items if item["subject"].startswith("outgoing:")]
    incoming = [item for item in items if item["subject"].startswith("incoming:")]
    grown = store.issued(reader, uow.session, {item["key"] for item in outgoing} | under.grown("outgoing"))
    rows = {key: row for key, row in grown.items() if row.agency_id == agency}
    for item in outgoing:
        item["withheld"] = gathering.withheld(rows.get(item["key"]))
    read = store.registered(reader, uow.session, {item["key"] for item in incoming})
    for item in incoming:
        key = item["key"]
        item["withheld"] = str(Withheld.SECRET if read.get(key) else "" if key in read else Withheld.SCOPE)
    wanted = {f"outgoing:{key}" for key, row in rows.items() if not row.secret}
    wanted |= {f"incoming:{key}" for key, secret in read.items() if not secret}
    wanted |= {item["subject"] for item in items if item["subject"].startswith("entered:")}
    gathering.carry_chains(uow, under, {main, *wanted})
    gathering.prove(uow, under, {main, *(item["subject"] for item in items if item["subject"])})
    chosen = {item["key"]: item for one in WITH_FILES for item in items if item["population"] == one}
    gathering.carry_documents(uow, under, chosen, rows)


def packed(
    contents: Contents, blobs: Blobs, into: IO[bytes], tell: Callable[[int, int], None] | None = None
) -> tuple[str, int]:
    """The zip, one file at a time; its SHA-256 and size. The same contents give the same bytes. `tell`: how many of
    how many are in, before each and after the last."""
    names = sorted(contents.held.keys() | contents.files.keys())
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        _put(archive, "manifest.json", contents.sealed())
        for done, name in enumerate(names):
            if tell is not None:
                tell(done, len(names))
            data = contents.held[name] if name in contents.held else blobs.get(name)
            _put(archive, f"objects/{name}", data)
        if tell is not None:
            tell(len(names), len(names))
    into.seek(0)
    digest = hashlib.file_digest(into, "sha256").hexdigest()  # type: ignore[arg-type]
    size = into.tell()
    into.seek(0)
    return digest, size


def make(uow: UnitOfWork, contents: Contents, blobs: Blobs, into: IO[bytes]) -> tuple[str, int]:
    """`packed`, with no transaction open."""
    return uow.compute(packed, contents, blobs, into)


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, STAMP)
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    archive.writestr(entry, data)


def told(contents: Contents, written: tuple[str, int]) -> dict[str, Any]:
    """What is kept and journalled of a bundle: whose, of which kind, its SHA-256 and size, what is in it."""
    manifest = contents.manifest
    issued = [one for one in manifest["items"] if one["population"] in {"issued", "report"}]
    return {
        "agency": manifest["agency"]["id"], "kind": manifest["kind"], "sha256": written[0], "size": written[1],
        "anchor": manifest["anchor"], "documents": sum("files" in one for one in issued),
        "withheld": sum(bool(one["withheld"]) for one in issued),
    }  # fmt: skip


def take(
    uow: UnitOfWork, actor: Actor, *, contents: Contents, written: tuple[str, int], what: Mapping[str, Any],
    now: dt.datetime,
) -> dict[str, Any]:  # fmt: skip
    """Journal who took which bundle; what there is to say of it."""
    made = told(contents, written)
    uow.begin_write()
    note_taken(uow, actor, made=made, what=what, now=now)
    return made


def note_taken(
    uow: UnitOfWork, actor: Actor, *, made: Mapping[str, Any], what: Mapping[str, Any], now: dt.datetime
) -> None:
    """In a chain of the agency's own: a document's chain does not grow by it."""
    named = {name: value for name, value in made.items() if name not in {"agency", "kind"}}
    journal.record(
        uow, subject=f"bundle:{made['agency']}", tag=f"bundle:{made['kind']}:taken", facts={**what, **named},
        actor=actor, now=now,
    )  # fmt: skip
